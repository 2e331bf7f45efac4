"""Which inputs are read under which rules only: patterns of paths, when nothing reads them, and what would.

To add one, add an entry; a path may stand in several, each with a reason of its own.
"""

from __future__ import annotations

from typing import Any

from gpnde.scenario.network import Site
from gpnde.scenario.unread.cells import OF_CELLS
from gpnde.scenario.unread.contracts import OF_CONTRACTS
from gpnde.scenario.unread.costs import OF_COSTS
from gpnde.scenario.unread.entry import (
    GIVE_KNOWLEDGE,
    NAME_A_POLICY,
    NO_KNOWLEDGE,
    NO_POLICY,
    Condition,
    Entry,
    has_no_policy,
    learns_not,
    learns_not_from,
    without,
)
from gpnde.scenario.unread.facts import Facts
from gpnde.scenario.unread.hubs import OF_HUBS
from gpnde.scenario.unread.ordering import OF_ORDERS
from gpnde.scenario.unread.public import OF_THE_STATE
from gpnde.scenario.unread.selection import OF_PROFILES, OF_SELECTION


def _effort_is_fixed(facts: Facts, name: str, row: Any) -> bool:
    return facts.scenario.learns and not facts.chooses_effort


def _needs_nothing(facts: Facts, site: Site) -> bool:
    """Return whether a site ships from nothing, and not even pays for labour and plant."""
    return site.unlimited and not facts.scenario.products[site.product].takes_labour


def _law_is_not(law: str, name: str) -> Condition:
    """Return a condition on a component: the law that it gives under *name* is another one than *law*."""
    return lambda facts, row, use: use.enabled and use.parameters.get(name) != law


_TIES = (
    "diffusion.spec-transfer",
    "diffusion.design-debate",
    "diffusion.early-involvement",
    "diffusion.joint-creation",
)
_GENERATIONS = "diffusion.spec-transfer", "diffusion.early-involvement", "diffusion.learning-by-doing"

OF_THE_SCHEMA = (
    Entry(
        "products.*.process",
        without("cells"),
        "cells of specialisation are alike",
        "give a block cells, which may be empty",
    ),
)

OF_PRICING = (
    Entry("pricing.tender_share", without("selection"), "nobody looks for suppliers", "give a block selection"),
    Entry("pricing.capability_value", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry(
        "pricing.own_load_weight|idle_load|load_range|most_fixed",
        lambda facts, name, rules: not facts.has_fixed_cost,
        "no part of the cost of a unit is fixed",
        "give products labour_days, or a block finance",
    ),
)

OF_MONEY = (
    Entry(
        "finance.fixed_cost_share",
        lambda facts, name, rules: all(
            facts.scenario.products[site.product].takes_labour for site in facts.scenario.sites
        ),
        "every product that is made takes labour, and its fixed cost is that of plant and staff",
        "leave it out",
    ),
    Entry(
        "finance.kept_months",
        lambda facts, name, rules: rules.payout_per_year == 0,
        "firms pay nothing out of cash that they do not need",
        "give payout_per_year above 0",
    ),
    Entry(
        "finance.recovery",
        lambda facts, name, rules: not rules.insolvency and not facts.names_any("disruption.flagship-insolvency"),
        "no firm fails: insolvency is false",
        "set insolvency: true",
    ),
    Entry(
        "firms.*.cash_months",
        lambda facts, name, firm: firm.cash is not None,
        "the firm is given cash",
        "leave one of the two out",
    ),
    Entry("labour.overtime_premium", without("finance"), "nobody is paid", "give a block finance"),
    Entry("countries.*.currency.foreign_debt_share", without("finance"), "firms have no debt", "give a block finance"),
    Entry(
        "countries.*.credit",
        lambda facts, name, row: (
            facts.scenario.finance is None or not (facts.scenario.learns or facts.scenario.takes_labour)
        ),
        "no firm borrows to invest",
        "give blocks finance and knowledge, or products plant",
    ),
    Entry(
        "products.*.outside_cost",
        lambda facts, name, row: name not in facts.bought_outside,
        "no site buys the product from outside",
        "link a site to the supplier outside",
    ),
    Entry(
        "products.*.margin",
        lambda facts, name, row: name not in facts.made_without_price,
        "all sites that make the product are given a price",
        "leave out the price of one",
    ),
    Entry(
        "products.*.learning_rate",
        lambda facts, name, product: not product.takes_labour and facts.scenario.finance is None,
        "experience saves labour and paid cost, and there is neither",
        "give the product labour_days, or a block finance",
    ),
    Entry(
        "products.*.by_function",
        lambda facts, name, product: (
            not product.by_function.keys() & facts.functions_of[name] and facts.knows_components
        ),
        "no site of the product performs one of these functions",
        "give a site one of them",
    ),
    Entry("products.*.plant.building_days", without("location"), "no firm adds capacity", "give a block location"),
    Entry(
        "products.*.life_cycle_days",
        lambda facts, name, product: (
            not product.takes_labour
            and product.price_erosion_per_week == 0
            and learns_not_from(*_GENERATIONS)(facts, name, product)
        ),
        "neither price, plant nor learning follows the generations of the product",
        "give it price_erosion_per_week, or plant",
    ),
    Entry(
        "products.*.uncertainty",
        lambda facts, name, product: product.generations is None and facts.knows_components,
        "only the quality of generations that firms launch deviates by it",
        "give the product generations",
    ),
    Entry(
        "products.*.complexity",
        lambda facts, name, product: (
            not facts.scenario.learns
            and facts.scenario.location is None
            and facts.scenario.outsourcing is None
            and not facts.scenario.clusters
        ),
        "nothing that firms do depends on how complex the product is",
        "give a block knowledge, location or outsourcing",
    ),
    Entry(
        "products.*.generations.clearance_recovery",
        lambda facts, name, rules: rules.clearance_share == 0,
        "clearance_share is 0",
        "give one above 0",
    ),
    Entry(
        "markets.*.elasticity",
        lambda facts, name, market: (
            not facts.prices_move and facts.scenario.products[market.product].price_erosion_per_week == 0
        ),
        "the price of the product cannot move",
        "give the product price_erosion_per_week, or let costs change",
    ),
)

OF_BRANDS = (
    Entry("markets.*.own_brands", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry(
        "markets.*.own_brands.cut|cut_days",
        lambda facts, name, brands: brands.retaliation == 0,
        "no customer retaliates",
        "give retaliation above 0",
    ),
)

OF_PLACES = (
    Entry(
        "clusters.*.wage_per_day",
        lambda facts, name, row: not facts.scenario.takes_labour,
        "no product takes labour",
        "give products labour_days",
    ),
    Entry(
        "clusters.*.latitude|longitude",
        lambda facts, name, row: (
            not facts.scenario.learns
            and facts.scenario.location is None
            and facts.scenario.selection is None
            and not facts.compares_freight
            and facts.knows_components
        ),
        "nothing depends on distances",
        "give a block knowledge, location or selection",
    ),
    Entry("services.support", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry("services.response", without("selection"), "no buyer asks for quotations", "give a block selection"),
    Entry(
        "services.ramp_up",
        lambda facts, name, rules: all(
            product.life_cycle_days is None and product.generations is None
            for product in facts.scenario.products.values()
        ),
        "no product has generations",
        "give a product life_cycle_days",
    ),
    Entry(
        "location",
        lambda facts, name, rules: not facts.grows_somewhere,
        "no site has a limited capacity that could grow",
        "give sites capacity_per_day",
    ),
    Entry(
        "location.spread",
        lambda facts, name, rules: facts.grows_somewhere and not facts.weighs_places,
        "no firm has two plants of limited capacity for one product to choose between, and none opens sites",
        "give a firm another one, or opens_sites: true",
    ),
    Entry(
        "location.agglomeration",
        lambda facts, name, rules: not facts.scenario.takes_labour,
        "no product takes labour, which is more productive in company",
        "give products labour_days",
    ),
    Entry(
        "location.coordination|market_distance",
        lambda facts, name, rules: not facts.scenario.takes_labour,
        "what distance costs is a share of labour and plant, which no product takes",
        "give products labour_days",
    ),
    Entry(
        "location.market_distance",
        lambda facts, name, rules: all(market.region is None for market in facts.scenario.markets),
        "no market has a region",
        "give markets a region",
    ),
    Entry(
        "location.entry_share|carried_experience|severance_days",
        lambda facts, name, rules: not rules.opens_sites,
        "firms grow where they are",
        "set opens_sites: true",
    ),
    Entry(
        "location.carried_experience",
        learns_not,
        NO_KNOWLEDGE,
        GIVE_KNOWLEDGE,
    ),
    Entry(
        "outsourcing",
        lambda facts, name, rules: not facts.has_inputs_of_both_kinds,
        "no site gets an input from a sister plant, under an intra-firm contract, and from other firms as well",
        "give a site both",
    ),
    Entry(
        "ordering",
        lambda facts, name, rules: (
            all(site.ordering is not None for site in facts.scenario.sites) and facts.knows_components
        ),
        "every site has an ordering of its own",
        "leave it out at the sites that should follow this one",
    ),
    Entry(
        "sites.*.capacity_per_day|servers|yield_loss|rationing",
        lambda facts, name, site: _needs_nothing(facts, site) and facts.scenario.location is None,
        "the site is unlimited: it ships whatever is ordered, from nothing",
        "leave unlimited out",
    ),
    Entry(
        "sites.*.processing|yield_rate",
        lambda facts, name, site: _needs_nothing(facts, site) and facts.scenario.selection is None,
        "the site is unlimited: it ships whatever is ordered, from nothing",
        "leave unlimited out",
    ),
)

OF_KNOWLEDGE = (
    Entry(
        "countries.*.frontier|institutions",
        learns_not,
        NO_KNOWLEDGE,
        GIVE_KNOWLEDGE,
    ),
    Entry("clusters.*.support", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry("countries.*.public_expertise", has_no_policy, NO_POLICY, NAME_A_POLICY),
    Entry(
        "links.*.trust",
        learns_not_from(*_TIES),
        "no component in force carries knowledge along links by trust",
        "name one, such as diffusion.spec-transfer, in a scenario in which firms learn",
    ),
    Entry(
        "links.*.distance_km",
        lambda facts, name, row: (
            facts.scenario.selection is None
            and not facts.compares_freight
            and learns_not_from(*_TIES)(facts, name, row)
        ),
        "no component in force carries knowledge over distances, and no supplier is looked for",
        "give a block selection, or name a component such as diffusion.spec-transfer",
    ),
    Entry(
        "links.*.information_sharing",
        learns_not_from("diffusion.market-information"),
        "no component in force reads it",
        "name diffusion.market-information in a scenario in which firms learn",
    ),
    Entry(
        "peers.*.strength",
        learns_not_from("diffusion.peer-network"),
        "no component in force lets peers learn from each other",
        "name diffusion.peer-network in a scenario in which firms learn",
    ),
    Entry(
        "firms.*.knowledge",
        lambda facts, name, row: (
            not facts.scenario.learns
            and all(product.generations is None for product in facts.scenario.products.values())
        ),
        NO_KNOWLEDGE,
        GIVE_KNOWLEDGE,
    ),
    Entry("firms.*.functions", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry(
        "knowledge.*",
        lambda facts, name, rules: not rules.enabled and not facts.scenario.takes_labour,
        "enabled is false",
        "set enabled: true",
    ),
    Entry(
        "knowledge.effort.score_spread",
        without("selection"),
        "nobody is scored",
        "give a block selection",
    ),
    Entry(
        "knowledge.effects.cost_passed_on",
        lambda facts, name, rules: facts.agrees_on_all_prices,
        "every price is agreed upon, or set against rivals",
        "leave pricing out",
    ),
    Entry(
        "knowledge.upgrading.cost_months",
        lambda facts, name, rules: facts.scenario.learns and facts.scenario.finance is None,
        "firms have no money to pay with",
        "give a block finance",
    ),
    Entry(
        "knowledge.absorption.tolerance|tolerance_slope",
        lambda facts, name, rules: facts.scenario.learns and rules.gap_response == "logistic",
        "gap_response is logistic, which has no tolerance",
        "choose exponential",
    ),
    Entry(
        "knowledge.absorption.internalised_per_month|stale_per_month|gap_response|tolerance|tolerance_slope",
        lambda facts, name, rules: facts.scenario.learns and not facts.components,
        "no component in force passes knowledge on",
        "name one, such as diffusion.spec-transfer",
    ),
    Entry(
        "knowledge.trust_growth_per_year|lower_tier_access",
        lambda facts, name, rules: facts.scenario.learns and not facts.components,
        "no component in force passes knowledge on",
        "name one, such as diffusion.spec-transfer",
    ),
    Entry(
        "knowledge.effects.response",
        lambda facts, name, rules: facts.scenario.learns and facts.scenario.selection is None,
        "nobody asks for quotations",
        "give a block selection",
    ),
    Entry(
        "knowledge.effects.reference_capability",
        lambda facts, name, rules: facts.scenario.learns and not facts.scenario.takes_labour,
        "no product takes labour",
        "give one labour_days",
    ),
)

OF_COMPONENTS = (
    Entry("components.*.up_shape", _law_is_not("weibull", "up_law"), "up_law is not weibull", "choose it"),
    Entry("components.*.down_cv", _law_is_not("lognormal", "down_law"), "down_law is not lognormal", "choose it"),
)

TABLE: tuple[Entry, ...] = (
    *OF_THE_SCHEMA,
    *OF_SELECTION,
    *OF_PROFILES,
    *OF_CONTRACTS,
    *OF_BRANDS,
    *OF_CELLS,
    *OF_PRICING,
    *OF_MONEY,
    *OF_ORDERS,
    *OF_COSTS,
    *OF_HUBS,
    *OF_THE_STATE,
    *OF_PLACES,
    *OF_KNOWLEDGE,
    *OF_COMPONENTS,
)
"""All entries, in the order in which they are told."""
