"""Witnesses for the words that fields are chosen from: networks in which to swap one for another moves numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gpnde.errors import ScenarioError
from gpnde.ownership import INDEPENDENT
from gpnde.vocabulary import FUNCTIONS

from .market_witnesses import LEADS
from .network_witnesses import BARGAINING, CITED, HARSH, TEACHING, with_
from .plant_witnesses import by_rule
from .rule_witnesses import CHOSEN_FOR
from .runs import Network, Settings, numbers
from .speciality_witnesses import CELLS

Choice = tuple[Network, Callable[[str], Settings]]
"""A network, and its settings for each word."""

_LEAD = "links.1.lead_time"
_LAWS = {
    "fixed": "14",
    "normal": "normal(mean=14, sd=4)",
    "gamma": "gamma(mean=14, cv=0.3)",
    "lognormal": "lognormal(mean=14, cv=0.3)",
    "uniform": "uniform(low=7, high=21)",
    "exponential": "exponential(mean=14)",
    "weibull": "weibull(mean=14, shape=3)",
    "poisson": "poisson(mean=14)",
    "beta": "beta(mean=0.5, sd=0.1)",
    "discrete": "discrete(values=7 21, weights=0.75 0.25)",
    "empirical": "empirical(values=7 21)",
    "series": "series(values=7 21)",
}
_POLICIES: Mapping[str, Settings] = {
    "order-up-to": {},
    "smoothed": {},
    "base-stock": {"level": 300},
    "echelon-base-stock": {"level": 300},
    "s-S": {"reorder_point": 200, "level": 300},
    "r-Q": {"reorder_point": 200, "quantity": 100},
    "make-to-order": {},
}
_OUTAGES = with_("disruption.site-outage", mean_up_days=30, mean_down_days=15)
_APART: Settings = {"links.4.preference": -1, "links.8.freight": 5}
"""Who is preferred, who is cheapest and who is fastest differ."""
_TAUGHT: Settings = {"components": TEACHING}
_TAUGHT_BY_OWNER: Settings = {
    "firms.cases.owner": "flagship",
    "firms.cases.node_type": "subsidiary",
    **with_("diffusion.fdi-affiliate"),
}
_SHORT: Settings = {"sites.affiliate-boards.capacity_per_day": 10, "links.2.priority": -1}
_AWARDED: Settings = {"knowledge.upgrading.award_chance": 1, "knowledge.upgrading.cost_months": 0}
_IN_ALL_CELLS: Settings = {
    "products.case.type": "differentiated",
    "products.chip.process": "flexible",
    "products.board.type": "differentiated",
    "products.board.process": "flexible",
}
_SERIES: Settings = {"law": "series", "values": [30, 10, 20]}
_RISING: Settings = {
    "knowledge": {
        "effort": {"fixed": 1},
        "upgrading": {
            "award_chance": 1,
            "award_score": 0,
            "cost_months": 0,
            "thresholds": dict.fromkeys(FUNCTIONS, 0.2),
        },
    },
    "products.drive.generations": {"design_days": 100},
}


_MAKING = with_("diffusion.learning-by-doing")
_ABLE: Settings = {"firms.affiliate.functions": list(FUNCTIONS), **with_("diffusion.spec-transfer")}
"""A supplier that performs all that its customer teaches."""
_HELD: Settings = {"links.4.contract": "turnkey", "links.5.contract": "OBM"}
"""Links under contracts that no other link has, so that every contract is held."""


def _put(path: str, beside: Settings | None = None, network: Network = "tiny") -> Choice:
    """Return a choice that puts the word itself at *path*."""
    return network, lambda word: {**(beside or {}), path: word}


def _apart(path: str, value: float, others: float, beside: Settings | None = None) -> Choice:
    """Return a choice that gives one function a *value* of its own."""
    around = {**_TAUGHT, **(beside or {})}
    return "tiny", lambda word: {path: {name: value if name == word else others for name in FUNCTIONS}, **around}


def _terms(contract: str, terms: Callable[[str], Settings], beside: Settings) -> Choice:
    """Return a choice that states terms of a *contract* by the word."""
    return "tiny", lambda word: {"contracts": {contract: terms(word)}, **beside}


def _task(function: str) -> Choice:
    """Return a choice that gives a task to sites of one word, where a site does a *function*."""
    put = "products.part.by_function"
    return "works", lambda word: {"sites.first.function": function, put: {word: {"labour_days": 0.1}}}


def _steps(first: str) -> Settings:
    steps = ["receive", "demand", "supply", "order"]
    begin = steps.index(first)
    return {"clock.steps": steps[begin:] + steps[:begin]}


def _arrivals(word: str) -> Settings:
    how = {"arrivals_per_day": 2} if word == "poisson" else {"every_days": 1}
    return {"markets.home.demand": {"law": 4, "arrivals": word, **how}}


def _owned(word: str) -> Settings:
    """Let the flagship own a firm in one of the ways in which it can."""
    owner = None if word == INDEPENDENT else "flagship"
    return {"firms.affiliate": {"name": "affiliate", "tier": 1, "node_type": word, "owner": owner}, **_TAUGHT_BY_OWNER}


def _forecast(word: str) -> Settings:
    return {"ordering.forecast": {"method": word, **({"mean": 20} if word == "fixed" else {})}}


CHOICES: Mapping[str, tuple[Choice, ...]] = {
    "Clock.steps": (("tiny", _steps),),
    "Product.type": (
        _put("products.chip.type", {"knowledge.specialisation": {"review_days": 28, "base": 5, "cost_months": 0}}),
    ),
    "Product.by_function": tuple(map(_task, FUNCTIONS)),
    "Firm.role": (
        _put("firms.affiliate.role", {"selection.fill_order": "higher-tier-first", **_TAUGHT}),
        _put("firms.more-chips.role", {"selection.fill_order": "higher-tier-first", **_TAUGHT}),
    ),
    "Firm.node_type": (("tiny", _owned),),
    "Firm.enters": (_put("firms.founders.enters"),),
    "Firm.functions": (("tiny", lambda word: {"firms.cases.functions": [word]}),),
    "Firm.knowledge": (("tiny", lambda word: {"firms.cases.knowledge": {word: 0.9}}),),
    "Site.function": (_put("sites.case-works.function"),),
    "SharedPlant.rule": (("lines", by_rule),),
    "Site.rationing": (_put("sites.affiliate-boards.rationing", _SHORT),),
    "Law.law": (("tiny", lambda word: {_LEAD: _LAWS[word]}),),
    "Law.at_end": (("tiny", lambda word: {"markets.world.demand.law": {**_SERIES, "at_end": word}}),),
    "Column.gaps": (("works", lambda word: {"links.0.lead_time": {**LEADS, "gaps": word}}),),
    "Ordering.policy": (("tiny", lambda word: {"ordering": {"review_days": 7, "policy": word, **_POLICIES[word]}}),),
    "Ordering.supplier_down": (_put("ordering.supplier_down", _OUTAGES),),
    "Ordering.supplier_choice": (_put("ordering.supplier_choice", _APART),),
    "Forecast.method": (("tiny", _forecast),),
    "Link.contract": (
        _put("links.3.contract", {**_TAUGHT, "contracts": {}}),
        ("rivals", lambda word: {**_RISING, "links.0.contract": word, "links.1.contract": word}),
    ),
    "Scenario.contracts": (("tiny", lambda word: {"contracts": {word: {"payment_days_more": 84}}, **_HELD}),),
    "ContractTerms.practice": (_terms("arms-length", lambda word: {"practice": {word: 0.9}}, _MAKING),),
    "ContractTerms.teaching": (_terms("OEM", lambda word: {"teaching": {word: 9}}, _ABLE),),
    "ContractTerms.inputs_chosen_by": (_terms("OEM", lambda word: {"inputs_chosen_by": word}, CHOSEN_FOR),),
    "Product.process": (_put("products.drive.process", CELLS, "rivals"),),
    "Scenario.cells": (("tiny", lambda word: {**_IN_ALL_CELLS, "cells": {word: {"churn_per_year": 1}}}),),
    "Demand.arrivals": (("tiny", _arrivals),),
    "Pricing.rule": (_put("pricing.rule"),),
    "Pricing.quoted_in": (_put("pricing.quoted_in", BARGAINING),),
    "Rivalry.pricing": (_put("markets.world.rivalry.pricing", network="rivals"),),
    "Selection.rule": (_put("selection.rule", HARSH),),
    "Profile.rule": (_put("profiles.own.rule", {**HARSH, **CITED}),),
    "Selection.fill_order": (_put("selection.fill_order"),),
    "Absorption.gap_response": (_put("knowledge.absorption.gap_response", _TAUGHT),),
    "Upgrading.awarded_by": (_put("knowledge.upgrading.awarded_by", _AWARDED),),
    "Upgrading.rule": (_put("knowledge.upgrading.rule", _AWARDED),),
    "Upgrading.thresholds": (_apart("knowledge.upgrading.thresholds", 0.0, 1.0, _AWARDED),),
    "Knowledge.codified_weights": (_apart("knowledge.codified_weights", 0.9, 0.1),),
}
"""For each field, the choices by which its words are told apart: any one of them is enough for two words."""


def outcomes(field: str, word: Any) -> tuple[Mapping[str, bytes], ...]:
    """Return what comes of a word in each of the choices of its field; a refusal is an outcome as well."""
    return tuple(_outcome(network, settings(word)) for network, settings in CHOICES[field])


def _outcome(network: Network, settings: Settings) -> Mapping[str, bytes]:
    try:
        return numbers(network, settings)
    except ScenarioError as error:
        return {"refused": str(error).encode()}
