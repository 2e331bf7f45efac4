"""What decides whether an input of a scenario is read: its rules, and the components that it names."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from gpnde.scenario.network import Site
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE, Function

OWN = frozenset(
    {
        "diffusion.cluster-pool",
        "diffusion.design-debate",
        "diffusion.digital-convergence",
        "diffusion.early-involvement",
        "diffusion.fdi-affiliate",
        "diffusion.imitation",
        "diffusion.joint-creation",
        "diffusion.labour-mobility",
        "diffusion.learning-by-doing",
        "diffusion.licensing",
        "diffusion.market-information",
        "diffusion.peer-network",
        "diffusion.progressive-transfer",
        "diffusion.released-workers",
        "diffusion.spec-transfer",
        "disruption.calendar",
        "disruption.cluster-outage",
        "disruption.currency-crisis",
        "disruption.dated-events",
        "disruption.dated-outages",
        "disruption.demand-slump",
        "disruption.export-control",
        "disruption.flagship-insolvency",
        "disruption.link-outage",
        "disruption.price-war",
        "disruption.site-outage",
        "disruption.technology-discontinuity",
        "policy.certification-support",
        "policy.commitment-guarantee",
        "policy.diaspora-network",
        "policy.effort-subsidy",
        "policy.fdi-attraction",
        "policy.linkage-broker",
        "policy.linkage-mix",
        "policy.local-content",
        "policy.logistics",
        "policy.macro-stabilisation",
        "policy.patient-capital",
        "policy.public-research-lab",
        "policy.skills-centre",
        "policy.supplier-development",
        "policy.targeting",
        "policy.trade-tariff",
    }
)
"""Components of which it is known what they read; any other one may read whatever components can see."""

_MOVE_PRICES = (
    "disruption.price-war",
    "disruption.dated-events",
    "disruption.currency-crisis",
    "policy.trade-tariff",
    "policy.local-content",
)


class Facts:
    """Answers of a scenario to what its inputs depend on, each worked out once.

    >>> from gpnde.scenario import load_scenario
    >>> Facts(load_scenario("beer-game")).prices_move
    False
    """

    def __init__(self, scenario: Scenario) -> None:
        """Take a checked scenario."""
        self.scenario = scenario
        self.components = frozenset(use.use for use in scenario.components if use.enabled)

    def names_any(self, *components: str) -> bool:
        """Return whether one of *components* is in force, or one of which nobody knows here what it reads."""
        return bool(self.components & set(components)) or not self.knows_components

    @property
    def knows_components(self) -> bool:
        """Whether it is known of all components in force what they read."""
        return self.components <= OWN

    @cached_property
    def chooses_effort(self) -> bool:
        """Whether firms weigh how much to learn."""
        rules = self.scenario.knowledge
        return rules is not None and rules.enabled and rules.effort.fixed is None

    @cached_property
    def looks_ahead(self) -> bool:
        """Whether firms reckon what further functions, or capacity that costs something, are worth."""
        return self.scenario.learns or self.scenario.location is not None and self.scenario.takes_labour

    @cached_property
    def bargains(self) -> bool:
        """Whether buyers and suppliers agree on prices."""
        return self.scenario.pricing.rule == "bargaining"

    @cached_property
    def buyers_award(self) -> bool:
        """Whether buyers hand over tasks where they gain by it."""
        rules = self.scenario.knowledge
        return rules is not None and rules.enabled and rules.upgrading.awarded_by == "buyers"

    @cached_property
    def has_fixed_cost(self) -> bool:
        """Whether units cost more than what is not paid where nothing is made."""
        rules = self.scenario.finance
        return self.scenario.takes_labour or rules is not None and rules.fixed_cost_share > 0

    @cached_property
    def compares_freight(self) -> bool:
        """Whether buyers who bargain ask what freight from others would cost."""
        return self.bargains and any(link.freight > 0 for link in self.scenario.links)

    @cached_property
    def agrees_on_all_prices(self) -> bool:
        """Whether no price follows cost: those of links are agreed upon from day 0 on, those of markets are set."""
        scenario = self.scenario
        inside = [link for link in scenario.links if link.supplier != OUTSIDE]
        agreed = all(link.price is None and link.contract != "intra-firm" for link in inside)
        agreed &= all(site.price is None for site in scenario.sites)
        against = [market.rivalry is not None and market.rivalry.pricing == "bertrand" for market in scenario.markets]
        return self.bargains and agreed and all(against)

    @cached_property
    def functions_of(self) -> dict[str, set[Function]]:
        """Functions that the sites of each product perform."""
        found: dict[str, set[Function]] = {name: set() for name in self.scenario.products}
        for site in self.scenario.sites:
            found[site.product].add(site.function)
        return found

    @cached_property
    def prices_move(self) -> bool:
        """Whether prices can become others than on day 0, erosion aside."""
        scenario = self.scenario
        return scenario.learns or scenario.takes_labour or self.bargains or self.names_any(*_MOVE_PRICES)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles that firms have."""
        return frozenset(firm.role for firm in self.scenario.firms)

    @cached_property
    def buyers(self) -> frozenset[str]:
        """Firms that buy from other firms, or may come to do so."""
        if not self.knows_components:
            return frozenset(firm.name for firm in self.scenario.firms)
        firm = {site.name: site.firm for site in self.scenario.sites}
        pairs = {(firm[link.buyer], firm.get(link.supplier)) for link in self.scenario.links}
        return frozenset(buyer for buyer, supplier in pairs if supplier not in (None, buyer))

    @cached_property
    def cited_profiles(self) -> frozenset[str]:
        """Governance profiles by which some firm buys."""
        return frozenset(firm.profile for firm in self.scenario.firms if firm.profile and firm.name in self.buyers)

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Sites by name."""
        return {site.name: site for site in self.scenario.sites}

    @cached_property
    def bought_outside(self) -> frozenset[str]:
        """Products that sites buy from beyond the model."""
        links = self.scenario.links
        supplied = {link.buyer for link in links}
        named = {link.product for link in links if link.supplier == OUTSIDE}
        raw = {
            site.product
            for site in self.scenario.sites
            if site.name not in supplied and not site.unlimited and not self.scenario.products[site.product].made_of
        }
        return frozenset({name for name in named if name is not None} | raw)

    @cached_property
    def made_without_price(self) -> frozenset[str]:
        """Products of which some site goes by cost and margin."""
        return frozenset(site.product for site in self.scenario.sites if site.price is None)

    @cached_property
    def has_inputs_of_both_kinds(self) -> bool:
        """Whether a site gets an input from a sister plant and from others."""
        kinds: dict[tuple[str, str | None], set[bool]] = {}
        for link in self.scenario.links:
            product = link.product or self.sites[link.supplier].product
            kinds.setdefault((link.buyer, product), set()).add(link.contract == "intra-firm")
        return any(len(found) == 2 for found in kinds.values())

    @cached_property
    def grows_somewhere(self) -> bool:
        """Whether some firm has a plant of limited capacity."""
        return any(site.capacity_per_day is not None for site in self.scenario.sites)

    @cached_property
    def weighs_places(self) -> bool:
        """Whether some firm has two plants of limited capacity for one product, or may come to have them."""
        rules = self.scenario.location
        if not self.knows_components or (rules is not None and rules.opens_sites):
            return True
        limited = [site for site in self.scenario.sites if site.capacity_per_day is not None]
        return max(Counter((site.firm, site.product) for site in limited).values(), default=0) > 1
