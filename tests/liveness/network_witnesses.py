"""Witnesses for the fields of things and places: products, regions, clusters, countries, firms, sites, links, peers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .runs import Settings, Witness

TEACHING: list[Settings] = [
    {"use": f"diffusion.{name}"} for name in ("spec-transfer", "licensing", "design-debate", "progressive-transfer")
]
"""Ways in which buyers teach suppliers."""


def with_(*names: str, **parameters: Any) -> Settings:
    """Return settings that put components of these names in force; *parameters* are those of all of them."""
    return {"components": [{"use": name, **parameters} for name in names]}


_CLOSED_STRAIT: Settings = {
    "components": [
        {
            "use": "disruption.dated-events",
            "events": [{"what": "close", "target": "hub", "name": "strait", "start": 28, "days": 28}],
        }
    ]
}
"""A hub that is closed for some weeks."""


def swapped(table: str, one: str, other: str) -> Settings:
    """Return settings that swap the names of two rows, so that all who refer to one of them now mean the other."""
    return {f"{table}.{one}.name": other, f"{table}.{other}.name": one}


_LONG: Settings = {"clock.days": 560, "products.device.life_cycle_days": 455}
"""Long enough for more output than that of a year, which experience is counted from."""

_TASK = "products.part.by_function.component_mfg"
_OF_MAKERS: Settings = {
    "products.part.by_function": {
        "component_mfg": {
            "labour_days": 0.1,
            "plant": {"cost": 50_000, "reference_per_day": 200, "life_days": 1820},
        }
    }
}
"""What it takes to make a part stands in the task of its makers."""

PRODUCTS: Mapping[str, Witness] = {
    "Product.made_of": Witness("tiny", {"products.set.made_of.case": 0.5}),
    "Product.complexity": Witness("tiny", {"products.board.complexity": 0.9}),
    "Product.uncertainty": Witness("rivals", {"products.drive.uncertainty": 0.8}),
    "Product.type": Witness(
        "tiny",
        {"products.chip.type": "differentiated"},
        {"knowledge.specialisation": {"review_days": 28, "base": 5, "cost_months": 0}},
    ),
    "Product.life_cycle_days": Witness("tiny", {"products.set.life_cycle_days": 63}),
    "Product.generations": Witness("rivals", {"products.drive.generations": None}),
    "Product.price_erosion_per_week": Witness("tiny", {"products.set.price_erosion_per_week": 0.01}),
    "Product.margin": Witness("tiny", {"products.chip.margin": 0.3}),
    "Product.value_added": Witness("tiny", {"products.chip.value_added": 4}),
    "Product.labour_days": Witness("works", {"products.part.labour_days": 0.4}),
    "Product.plant": Witness("works", {"products.part.plant": None}),
    "Product.by_function": Witness("works", _OF_MAKERS),
    "Product.learning_rate": Witness("works", {"products.device.learning_rate": 0.3}, _LONG),
    "Product.experience_carried": Witness("works", {"products.device.experience_carried": 1}, _LONG),
    "Product.minimum_order": Witness("tiny", {"products.chip.minimum_order": 400}),
    "Product.order_multiple": Witness("tiny", {"products.chip.order_multiple": 150}),
    "Product.maximum_order": Witness("tiny", {"products.chip.maximum_order": 60}),
    "Product.whole_units": Witness("tiny", {"products.chip.whole_units": True}),
    "Product.price_breaks": Witness("tiny", {"products.chip.price_breaks": {"1": 0.3}}),
    "Product.outside_cost": Witness("works", {"products.raw.outside_cost": 4}),
    "Plant.cost": Witness("works", {"products.part.plant.cost": 300_000}),
    "Plant.reference_per_day": Witness("works", {"products.part.plant.reference_per_day": 50}),
    "Plant.scale_exponent": Witness("works", {"products.part.plant.scale_exponent": 1}),
    "Plant.life_days": Witness("works", {"products.part.plant.life_days": 910}),
    "Plant.age_share": Witness("works", {"products.part.plant.age_share": 0}),
    "Plant.upkeep_per_year": Witness("works", {"products.part.plant.upkeep_per_year": 0.3}),
    "Plant.interest_per_year": Witness("works", {"products.part.plant.interest_per_year": 0.3}),
    "Plant.specific_share": Witness("works", {"products.device.plant.specific_share": 0.5}),
    "Plant.renewed_from_load": Witness("works", {"products.part.plant.renewed_from_load": 0.1}),
    "Plant.building_days": Witness(
        "works",
        {"products.part.plant.building_days": 0},
        {"location": {"review_days": 28, "utilisation": 0.5}, "products.part.margin": 3},
    ),
    "Task.labour_days": Witness("works", {f"{_TASK}.labour_days": 0.3}, _OF_MAKERS),
    "Task.plant": Witness("works", {f"{_TASK}.plant": None}, _OF_MAKERS),
}

EVEN: Settings = {
    "review_days": 28,
    "utilisation": 0.3,
    "spread": 10,
    **dict.fromkeys(("agglomeration", "coordination", "market_distance"), 0),
}
"""Rules of location by which no place costs more, and chance decides."""

TARIFF = with_("policy.trade-tariff", countries=["south"], duties=[{"rate": 0.3}], group="all")
NEAR_MARKETS: Settings = {
    "location.market_distance": 1,
    "products.set": {"made_of": {"part": 1}, "labour_days": 0.1},
}
"""What distance from markets costs a maker that takes labour."""

_STATE: Settings = {
    "institutions": {"budget_per_year": 400, "full_budget_per_year": 1000, "growth_per_year": 1},
    "research": {"budget_per_year": 400, "full_budget_per_year": 1000, "decay_per_year": 1},
    "expertise": {"evaluation_budget_per_year": 50, "full_budget_per_year": 100, "decay_per_year": 0.5},
}
"""A public sector that all moves."""


def _of_the_state(path: str, value: float | None) -> Witness:
    """Return a witness that changes one number or part of a public sector."""
    beside = {"countries.south.public": _STATE, **with_("diffusion.spec-transfer", "policy.effort-subsidy")}
    return Witness("tiny", {f"countries.south.public.{path}": value}, beside)


PLACES: Mapping[str, Witness] = {
    "Region.name": Witness("tiny", swapped("regions", "rich", "rising"), TARIFF, shows="unnamed"),
    "Region.country": Witness("tiny", {"regions.rich.country": "south"}, TARIFF),
    "Cluster.name": Witness("tiny", swapped("clusters", "park", "port"), shows="unnamed"),
    "Cluster.region": Witness("places", {"clusters.north.region": "lower"}, NEAR_MARKETS),
    "Cluster.country": Witness("tiny", {"clusters.port.country": "north"}),
    "Cluster.latitude": Witness("tiny", {"clusters.park.latitude": -40}, with_("diffusion.spec-transfer")),
    "Cluster.longitude": Witness("tiny", {"clusters.park.longitude": 0}, with_("diffusion.spec-transfer")),
    "Cluster.wage_per_day": Witness("works", {"clusters.valley.wage_per_day": 20}),
    "Cluster.support": Witness("tiny", {"clusters.port.support": 0.9}, with_("diffusion.spec-transfer")),
    "Country.name": Witness("tiny", swapped("countries", "north", "south"), shows="unnamed"),
    "Country.frontier": Witness("tiny", {"countries.south.frontier": 0.3}),
    "Country.institutions": Witness("tiny", {"countries.south.institutions": 0.9}, with_("diffusion.spec-transfer")),
    "Country.credit": Witness("tiny", {"countries.south.credit": 0}, {"firms.chips.cash": 0, "firms.cases.cash": 0}),
    "Country.public_expertise": Witness(
        "tiny", {"countries.south.public_expertise": 1}, with_("policy.effort-subsidy", noise=0.9)
    ),
    "Country.public": Witness("tiny", {"countries.south.public": _STATE}, {"countries.south.public": {}}),
    "Country.profit_tax": Witness("works", {"countries.south.profit_tax": 0.3}),
    "Public.institutions": _of_the_state("institutions", None),
    "Public.research": _of_the_state("research", None),
    "Public.expertise": _of_the_state("expertise", None),
    "PublicStock.budget_per_year": _of_the_state("institutions.budget_per_year", 900),
    "PublicStock.full_budget_per_year": _of_the_state("institutions.full_budget_per_year", 800),
    "PublicStock.growth_per_year": _of_the_state("institutions.growth_per_year", 5),
    "PublicStock.decay_per_year": _of_the_state("research.decay_per_year", 2),
    "PublicExpertise.learning_per_year": _of_the_state("expertise.learning_per_year", 5),
    "PublicExpertise.evaluation_budget_per_year": _of_the_state("expertise.evaluation_budget_per_year", 90),
    "PublicExpertise.full_budget_per_year": _of_the_state("expertise.full_budget_per_year", 60),
    "PublicExpertise.decay_per_year": _of_the_state("expertise.decay_per_year", 2),
    "Country.currency": Witness("works", {"countries.south.currency": None}),
    "Currency.volatility_per_year": Witness("works", {"countries.south.currency.volatility_per_year": 0.4}),
    "Currency.reversion_per_year": Witness("works", {"countries.south.currency.reversion_per_year": 5}),
    "Currency.foreign_debt_share": Witness("works", {"countries.south.currency.foreign_debt_share": 1}),
    "Peer.first": Witness("tiny", {"peers.0.first": "affiliate"}, with_("diffusion.peer-network")),
    "Peer.second": Witness("tiny", {"peers.0.second": "affiliate"}, with_("diffusion.peer-network")),
    "Peer.strength": Witness("tiny", {"peers.0.strength": 0.1}, with_("diffusion.peer-network")),
}

_OWNED: Settings = {
    "firms.cases.owner": "flagship",
    "firms.cases.node_type": "subsidiary",
    "sites.chip-works.cluster": "park",
    **with_("diffusion.fdi-affiliate"),
}

HARSH: Settings = {"selection.threshold": 0.9}

FIRMS: Mapping[str, Witness] = {
    "Firm.name": Witness("tiny", swapped("firms", "cases", "chips"), shows="unnamed"),
    "Firm.role": Witness("tiny", {"firms.chips.role": "lead-supplier"}),
    "Firm.tier": Witness("tiny", {"firms.cases.tier": 3}, {"selection.fill_order": "higher-tier-first"}),
    "Firm.node_type": Witness("tiny", {"firms.affiliate.node_type": "subsidiary"}, _OWNED),
    "Firm.owner": Witness("tiny", {"firms.affiliate.owner": "chips"}, _OWNED),
    "Firm.equity_share": Witness("tiny", {"firms.affiliate.equity_share": 1}, _OWNED),
    "Firm.profile": Witness("tiny", {"firms.flagship.profile": "closed-relational"}, HARSH),
    "Firm.cash": Witness("tiny", {"firms.cases.cash": 0}),
    "Firm.cash_months": Witness("tiny", {"firms.cases.cash_months": 0}),
    "Firm.credit_months": Witness("tiny", {"firms.cases.credit_months": 0}, {"firms.cases.cash": 0}),
    "Firm.response_hours": Witness("tiny", {"firms.cases.response_hours": 400}),
    "Firm.enters": Witness("tiny", {"firms.founders.enters": "at-start"}),
    "Firm.home": Witness("tiny", {"firms.cases.home": "valley"}, with_("diffusion.spec-transfer")),
    "Firm.functions": Witness("tiny", {"firms.cases.functions": ["engineering"]}),
    "Firm.knowledge": Witness("tiny", {"firms.cases.knowledge": {"component_mfg": 0.9}}),
}

LONGER: Settings = {"clock.days": 168}
AT_START: Settings = {"firms.founders.enters": "at-start"}
BARGAINING: Settings = {"pricing": {"rule": "bargaining", "review_days": 28}}
CITED: Settings = {"profiles": {"own": {}}, "firms.flagship.profile": "own"}
"""A profile that says nothing yet, and a firm that cites it."""
BUSY: Settings = {"sites.affiliate-boards.capacity_per_day": 10}

SITES: Mapping[str, Witness] = {
    "Site.name": Witness("tiny", swapped("sites", "affiliate-boards", "local-board-shop"), shows="unnamed"),
    "Site.firm": Witness("tiny", {"sites.chip-works.firm": "more-chips"}),
    "Site.product": Witness("tiny", {"sites.garage.product": "case"}, {**AT_START, **HARSH}),
    "Site.cluster": Witness("tiny", {"sites.case-works.cluster": "park"}),
    "Site.function": Witness("tiny", {"sites.case-works.function": "engineering"}),
    "Site.capacity_per_day": Witness("tiny", {"sites.case-works.capacity_per_day": 15}),
    "Site.stock": Witness("tiny", {"sites.case-works.stock": 5}),
    "Site.processing": Witness("tiny", {"sites.case-works.processing": 5}),
    "Site.servers": Witness("tiny", {"sites.case-works.servers": 1}, {"sites.case-works.processing": 3}),
    "Site.yield_rate": Witness("tiny", {"sites.case-works.yield_rate": 0.8}),
    "Site.yield_loss": Witness("tiny", {"sites.case-works.yield_loss": 1}),
    "Site.unlimited": Witness("tiny", {"sites.case-works.unlimited": True}),
    "Site.rationing": Witness("tiny", {"sites.affiliate-boards.rationing": "first-come"}, BUSY),
    "Site.opens_day": Witness("tiny", {"sites.case-shed.opens_day": 56}),
    "Site.closes_day": Witness("tiny", {"sites.case-shed.closes_day": 56}),
    "Site.employment": Witness("works", {"sites.first.employment": 500}),
    "Site.value_added": Witness("tiny", {"sites.case-works.value_added": 9}),
    "Site.price": Witness("tiny", {"sites.case-works.price": 9}),
    "Site.holding_cost": Witness("tiny", {"sites.case-works.holding_cost": 1}, shows="metrics"),
    "Site.pipeline_cost": Witness("tiny", {"sites.case-works.pipeline_cost": 1}, shows="metrics"),
    "Site.stockout_cost": Witness("tiny", {"sites.case-works.stockout_cost": 1}, shows="metrics"),
    "Site.shortage_cost": Witness("tiny", {"sites.valley-plant.shortage_cost": 1}, shows="metrics"),
    "Site.order_cost": Witness("tiny", {"sites.case-works.order_cost": 1}, shows="metrics"),
    "Site.disposal_cost": Witness(
        "works", {"sites.first.disposal_cost": 1}, {"costs": {}, "sites.first.yield_rate": 0.9}
    ),
    "Site.ordering": Witness("tiny", {"sites.case-works.ordering": {"review_days": 28}}),
    "Site.ordering_of": Witness("tiny", {"sites.park-plant.ordering_of": {"case": {"review_days": 28}}}),
}

LINKS: Mapping[str, Witness] = {
    "Link.buyer": Witness(
        "tiny", {"links.8.buyer": "affiliate-boards"}, {"links.7.share": None, "links.8.share": None}
    ),
    "Link.supplier": Witness("tiny", {"links.1.supplier": "case-shed"}),
    "Link.product": Witness("works", {"links.3.product": "ore", "links.5.product": "raw"}),
    "Link.contract": Witness("tiny", {"links.3.contract": "turnkey"}, {"components": TEACHING}),
    "Link.share": Witness("tiny", {"links.4.share": 0.5, "links.5.share": 0.5}),
    "Link.commitment_days": Witness("tiny", {"links.1.commitment_days": 364}),
    "Link.order_delay_days": Witness("tiny", {"links.1.order_delay_days": 7}),
    "Link.lead_time": Witness("tiny", {"links.4.lead_time": 14}),
    "Link.promise_days": Witness("tiny", {"links.1.promise_days": 60}),
    "Link.price": Witness("tiny", {"links.1.price": 20}),
    "Link.price_fall_per_year": Witness("tiny", {"links.3.price_fall_per_year": 0.2}, BARGAINING),
    "Link.freight": Witness("tiny", {"links.1.freight": 3}),
    "Link.trust": Witness("tiny", {"links.3.trust": 1}, with_("diffusion.spec-transfer")),
    "Link.distance_km": Witness("tiny", {"links.3.distance_km": 9000}, with_("diffusion.spec-transfer")),
    "Link.information_sharing": Witness(
        "tiny",
        {"links.1.information_sharing": True, "links.4.information_sharing": True},
        with_("diffusion.market-information"),
    ),
    "Link.priority": Witness(
        "tiny", {"links.0.priority": -1}, {**BUSY, "sites.affiliate-boards.rationing": "priority"}
    ),
    "Link.preference": Witness("tiny", {"links.3.preference": -1}, {"ordering.supplier_choice": "first"}),
    "Link.minimum_order": Witness("tiny", {"links.4.minimum_order": 300}),
    "Link.order_multiple": Witness("tiny", {"links.4.order_multiple": 150}),
    "Link.maximum_order": Witness("tiny", {"links.4.maximum_order": 40}),
    "Link.whole_units": Witness("tiny", {"links.4.whole_units": True}),
    "Link.price_breaks": Witness("tiny", {"links.4.price_breaks": {"1": 0.3}}),
    "Link.in_transit": Witness("tiny", {"links.1.in_transit": [50, 50]}),
    "Link.in_mail": Witness("tiny", {"links.1.in_mail": [50, 50]}, {"links.1.order_delay_days": 7}),
    "Link.via": Witness("tiny", {"links.3.via": ["strait"]}, {"links.4.via": ["strait"], **_CLOSED_STRAIT}),
}

OF_THE_NETWORK: Mapping[str, Witness] = {**PRODUCTS, **PLACES, **FIRMS, **SITES, **LINKS}
