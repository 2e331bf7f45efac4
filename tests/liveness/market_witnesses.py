"""Witnesses for the fields of markets, of rival brands and of probability laws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .network_witnesses import LONGER, NEAR_MARKETS
from .runs import Settings, Witness

_RIVALRY: Settings = {"markets.world.elasticity": 0, "markets.world.rivalry": {"price_sensitivity": 0.02}}
_POISSON: Settings = {"markets.home.demand": {"law": 4, "arrivals": "poisson", "arrivals_per_day": 2}}
_CURVE: Settings = {"markets.world.demand.life_cycle": {"days": 91}}

MARKETS: Mapping[str, Witness] = {
    "Market.name": Witness(
        "tiny",
        {"markets.world.name": "home", "markets.home.name": "world"},
        {"components": [{"use": "disruption.demand-slump", "start_day": 56, "markets": ["home"]}]},
        shows="unnamed",
    ),
    "Market.product": Witness("works", {"markets.world.product": "part", "markets.world.served_by": ["first"]}),
    "Market.region": Witness("places", {"markets.world.region": "lower"}, NEAR_MARKETS),
    "Market.served_by": Witness("tiny", {"markets.world.served_by": ["valley-plant"]}),
    "Market.demand": Witness("tiny", {"markets.world.demand": {"law": 10}}),
    "Market.price": Witness("tiny", {"markets.world.price": 99}),
    "Market.elasticity": Witness("tiny", {"markets.world.elasticity": 3}),
    "Market.rivalry": Witness(
        "tiny", {"markets.world.rivalry": {"price_sensitivity": 0.02}}, {"markets.world.elasticity": 0}
    ),
    "Market.backorders": Witness("tiny", {"markets.world.backorders": False}),
    "Market.patience_days": Witness("tiny", {"markets.world.patience_days": 1}, LONGER),
    "Market.service_days": Witness("tiny", {"markets.world.service_days": 7}),
    "Market.lead_time": Witness("tiny", {"markets.world.lead_time": 9}),
    "Demand.law": Witness("tiny", {"markets.world.demand.law": 10}),
    "Demand.every_days": Witness("tiny", {"markets.world.demand.every_days": 2}),
    "Demand.arrivals": Witness("tiny", _POISSON),
    "Demand.arrivals_per_day": Witness("tiny", {"markets.home.demand.arrivals_per_day": 1}, _POISSON),
    "Demand.start_day": Witness("tiny", {"markets.world.demand.start_day": 28}),
    "Demand.growth_per_year": Witness("tiny", {"markets.world.demand.growth_per_year": 0.5}),
    "Demand.autocorrelation": Witness("tiny", {"markets.world.demand.autocorrelation": 0.7}),
    "Demand.life_cycle": Witness("tiny", _CURVE),
    "LifeCycle.innovation": Witness("tiny", {"markets.world.demand.life_cycle.innovation": 0.3}, _CURVE),
    "LifeCycle.imitation": Witness("tiny", {"markets.world.demand.life_cycle.imitation": 0.1}, _CURVE),
    "LifeCycle.days": Witness("tiny", {"markets.world.demand.life_cycle.days": 56}, _CURVE),
}

_GENERATIONS: Settings = {
    "design_days": 60,
    "design_effect": 0,
    "innovation": 0.3,
    "imitation": 3,
    "adoption_days": 28,
    "quality_weight": 9,
    "obsolescence_per_year": 3,
    "crowding": 5,
    "clearance_share": 1,
    "clearance_recovery": 0.1,
}
"""Other values than those of the rivals, field by field."""

RIVALS: Mapping[str, Witness] = {
    "Rivalry.price_sensitivity": Witness("rivals", {"markets.world.rivalry.price_sensitivity": 0.2}),
    "Rivalry.outside_share": Witness("rivals", {"markets.world.rivalry.outside_share": 0.6}),
    "Rivalry.pricing": Witness("rivals", {"markets.world.rivalry.pricing": "given"}),
    **{
        f"Generations.{name}": Witness("rivals", {f"products.drive.generations.{name}": value})
        for name, value in _GENERATIONS.items()
    },
}

_LEAD = "links.1.lead_time"


def _law(name: str, parameter: str, value: Any, **others: Any) -> Witness:
    """Return a witness that gives a parameter of the law of a lead time another value; *others* make it complete."""
    given, changed = others.pop("given"), {parameter: value}
    return Witness(
        "tiny", {_LEAD: {"law": name, **others, **changed}}, {_LEAD: {"law": name, **others, parameter: given}}
    )


_DEMAND = "markets.world.demand.law"
_SERIES: Settings = {"law": "series", "values": [30, 10, 20]}
_FILE: Settings = {"law": "empirical", "file": "leads.csv", "column": "lead_days"}
LEADS: Settings = {"law": "series", "file": "leads.csv", "column": "lead_days", "dates": "day", "gaps": "zero"}


def _column(change: Settings, given: Settings = _FILE, where: str = "links.0.lead_time") -> Witness:
    """Return a witness that takes the values of a law from elsewhere in a file."""
    return Witness("works", {where: {**given, **change}}, {where: given})


LAWS: Mapping[str, Witness] = {
    "Law.law": Witness("tiny", {_LEAD: "exponential(mean=14)"}, {_LEAD: "gamma(mean=14, cv=0.3)"}),
    "Law.value": _law("fixed", "value", 9, given=14),
    "Law.mean": _law("gamma", "mean", 9, given=14, cv=0.3),
    "Law.sd": _law("gamma", "sd", 6, given=3, mean=14),
    "Law.cv": _law("gamma", "cv", 0.6, given=0.3, mean=14),
    "Law.median": _law("lognormal", "median", 9, given=14, sigma=0.3),
    "Law.sigma": _law("lognormal", "sigma", 0.6, given=0.3, median=14),
    "Law.low": _law("uniform", "low", 1, given=7, high=21),
    "Law.high": _law("uniform", "high", 28, given=21, low=7),
    "Law.shape": _law("weibull", "shape", 1, given=3, mean=14),
    "Law.values": _law("discrete", "values", [7, 28], given=[7, 21], weights=[0.75, 0.25]),
    "Law.weights": _law("discrete", "weights", [0.25, 0.75], given=[0.75, 0.25], values=[7, 21]),
    "Law.truncated": Witness(
        "tiny", {_DEMAND: "normal(mean=20, cv=1, truncated=false)"}, {_DEMAND: "normal(mean=20, cv=1)"}
    ),
    "Law.at_end": Witness("tiny", {_DEMAND: {**_SERIES, "at_end": "hold"}}, {_DEMAND: _SERIES}),
    "Law.origin": _column({"column": "freight"}),
    "Column.file": _column({"file": "slow.csv"}),
    "Column.column": _column({"column": "freight"}),
    "Column.where": _column({"where": {"route": "air"}}),
    "Column.dates": _column({"dates": "none"}, LEADS),
    "Column.gaps": _column({"gaps": "hold"}, LEADS),
}

OF_MARKETS: Mapping[str, Witness] = {**MARKETS, **RIVALS, **LAWS}
