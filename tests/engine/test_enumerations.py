"""Every word that a scenario may choose among others is known to the code: to swap it moves numbers of a run.

Only numbers are compared, so that a word that is no more than a label in a table counts as forgotten. Words that move
nothing by design stand in `LABELS`, with the reason.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Literal, get_args, get_origin

import pytest
from polars import selectors

from gpnde.engine import simulate
from gpnde.results.fingerprint import fingerprint
from gpnde.scenario import load_scenario
from gpnde.scenario.choice import OneOf
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FUNCTIONS

Field = tuple[str, str]
"""A block and a field."""

Settings = dict[str, Any]

TINY = str(files("gpnde.testing") / "tiny-network.yaml")

LABELS: dict[Field, str] = {
    ("Scenario", "schema_version"): "there is one version",
    ("Site", "servers"): "there is one number of servers, beside none",
    ("Product", "process"): "tells readers how a product is made; no equation asks",
    ("Firm", "node_type"): "tells readers and components what a firm is to the flagship; no equation of the core asks",
    ("Column", "gaps"): "says what a reader makes of blanks and missing dates, before there is a run",
    ("Provenance", "mark"): "says where a number comes from; doctor counts it",
    ("Target", "mark"): "says where a figure comes from that no run uses",
}
"""Fields whose words move no number, and why."""

ALIKE: dict[Field, tuple[set[str], str]] = {
    ("Firm", "role"): (
        {"brand-leader", "contract-manufacturer"},
        "both are flagships: charts and reports tell them apart, no equation does",
    ),
    ("Link", "contract"): (
        {"OEM", "ODM", "OBM", "arms-length"},
        "tells what the supplier does, which the functions that it performs decide, not their name",
    ),
}
"""Words of a field that move the same numbers, and why."""

_MECHANISMS = "spec-transfer", "licensing", "design-debate", "progressive-transfer"
_TEACHING = [{"use": f"diffusion.{name}"} for name in _MECHANISMS]
_OUTAGES = [{"use": "disruption.site-outage", "mean_up_days": 30, "mean_down_days": 15}]
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
_POLICIES: dict[str, Settings] = {
    "order-up-to": {},
    "smoothed": {},
    "base-stock": {"level": 300},
    "echelon-base-stock": {"level": 300},
    "s-S": {"reorder_point": 200, "level": 300},
    "r-Q": {"reorder_point": 200, "quantity": 100},
    "make-to-order": {},
}


def _apart(path: str, value: float, others: float) -> Callable[[str], Settings]:
    """Return settings that give one function a *value* of its own."""
    return lambda word: {path: {name: value if name == word else others for name in FUNCTIONS}, "components": _TEACHING}


def _steps(first: str) -> Settings:
    steps = ["receive", "demand", "supply", "order"]
    begin = steps.index(first)
    return {"clock.steps": steps[begin:] + steps[:begin]}


def _arrivals(word: str) -> Settings:
    how = {"arrivals_per_day": 2} if word == "poisson" else {"every_days": 1}
    return {"markets.home.demand": {"law": 4, "arrivals": word, **how}}


CHOICES: dict[Field, Callable[[str], Settings]] = {
    ("Clock", "steps"): _steps,
    ("Product", "type"): lambda word: {
        "products.chip.type": word,
        "knowledge.specialisation": {"review_days": 28, "base": 5, "cost_months": 0},
    },
    ("Firm", "role"): lambda word: {
        "firms.affiliate.role": word,
        "firms.more-chips.role": word,
        "selection.fill_order": "higher-tier-first",
        "components": _TEACHING,
    },
    ("Firm", "enters"): lambda word: {"firms.founders.enters": word},
    ("Firm", "functions"): lambda word: {"firms.cases.functions": [word]},
    ("Firm", "knowledge"): lambda word: {"firms.cases.knowledge": {word: 0.9}},
    ("Site", "function"): lambda word: {"sites.case-works.function": word},
    ("Law", "law"): lambda word: {"links.0.lead_time": _LAWS[word]},
    ("Law", "at_end"): lambda word: {
        "markets.world.demand.law": {"law": "series", "values": [30, 10, 20], "at_end": word}
    },
    ("Site", "rationing"): lambda word: {
        "sites.affiliate-boards.rationing": word,
        "sites.affiliate-boards.capacity_per_day": 10,
        "links.2.priority": -1,
    },
    ("Ordering", "policy"): lambda word: {"ordering": {"review_days": 7, "policy": word, **_POLICIES[word]}},
    ("Ordering", "supplier_down"): lambda word: {"ordering.supplier_down": word, "components": _OUTAGES},
    ("Forecast", "method"): lambda word: {
        "ordering.forecast": {"method": word, **({"mean": 20} if word == "fixed" else {})}
    },
    ("Link", "contract"): lambda word: {"links.3.contract": word, "components": _TEACHING},
    ("Demand", "arrivals"): _arrivals,
    ("Rivalry", "pricing"): lambda word: {
        "markets.world.rivalry": {"price_sensitivity": 0.02, "pricing": word},
        "markets.world.elasticity": 0,
    },
    ("Pricing", "rule"): lambda word: {"pricing": word},
    ("Pricing", "quoted_in"): lambda word: {
        "pricing": {"rule": "bargaining", "quoted_in": word},
        "countries.south.currency": {"volatility_per_year": 0.3},
    },
    ("Selection", "fill_order"): lambda word: {"selection.fill_order": word},
    ("Absorption", "gap_response"): lambda word: {
        "knowledge.absorption.gap_response": word,
        "components": _TEACHING,
    },
    ("Upgrading", "rule"): lambda word: {"knowledge.upgrading.rule": word, "knowledge.upgrading.award_chance": 1},
    ("Upgrading", "thresholds"): _apart("knowledge.upgrading.thresholds", 0.0, 1.0),
    ("Knowledge", "codified_weights"): _apart("knowledge.codified_weights", 0.9, 0.1),
}
"""For every other field, the settings of a small network in which its words make a difference."""


def enumerations() -> dict[Field, tuple[Any, ...]]:
    """Return the words of every field of a scenario that must be one of several words."""
    return {(block, field): words for block, field, words in _of_model(Scenario, set())}


def _of_model(model: Any, seen: set[Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    if model not in seen:
        seen.add(model)
        for name, info in model.model_fields.items():
            yield from ((model.__name__, name, mark.own_names()) for mark in info.metadata if isinstance(mark, OneOf))
            yield from _of_annotation(model.__name__, name, info.annotation, seen)


def _of_annotation(block: str, name: str, kind: Any, seen: set[Any]) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    if get_origin(kind) is Literal:
        yield block, name, get_args(kind)
    elif hasattr(kind, "model_fields"):
        yield from _of_model(kind, seen)
    else:
        for inner in get_args(kind):
            yield from _of_annotation(block, name, inner, seen)


def test_every_enumeration_of_the_schema_is_tried_or_named_as_a_label() -> None:
    assert enumerations().keys() == CHOICES.keys() | LABELS.keys()
    assert not CHOICES.keys() & LABELS.keys()


def numbers(settings: Settings) -> str:
    """Return a fingerprint of all numbers of a run, without any text."""
    run = simulate(load_scenario(TINY, {"clock.days": 168, **settings}))
    return fingerprint({name: table.select(selectors.numeric()) for name, table in run.tables.items()})


@pytest.mark.parametrize(("block", "field"), list(CHOICES))
def test_to_swap_a_word_moves_numbers(block: str, field: str) -> None:
    words = enumerations()[block, field]
    found = {word: numbers(CHOICES[block, field](word)) for word in words}
    alike = {frozenset((one, other)) for one in words for other in words if one < other and found[one] == found[other]}
    named = ALIKE.get((block, field), (set(), ""))[0]
    assert alike == {frozenset(pair) for pair in itertools.combinations(named, 2)}
