from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario.address.names import part_of
from gpnde.scenario.problems import Locations, Rows, shown, summary

Raw = dict[str, Any]
Complaint = Callable[..., str]

REFUSALS: dict[str, tuple[dict[str, object], str]] = {
    "unknown contract": (
        {"contracts": "{ODN: {}}"},
        "contracts: 'ODN': must be 'OEM', 'ODM', 'OBM', 'turnkey' or 'arms-length'; did you mean 'ODM'?",
    ),
    "negative capacity": (
        {"sites.teparuk.capacity_per_day": -3},
        "sites.teparuk.capacity_per_day: -3: must be at least 0",
    ),
    "a thousand million days": ({"clock.days": 10**9}, "clock.days: 1000000000: must be at most 1,000,000"),
    "no days": ({"clock.days": 0}, "clock.days: 0: must be above 0"),
    "NaN": (
        {"sites.teparuk.stock": math.nan},
        "sites.teparuk.stock: nan: must be a finite number, neither NaN nor infinite",
    ),
    "NaN in YAML": (
        {"sites.teparuk.stock": ".nan"},
        "sites.teparuk.stock: nan: must be a finite number, neither NaN nor infinite",
    ),
    "infinity": (
        {"links.0.lead_time": math.inf},
        "links.teparuk<rangsit.lead_time.value: inf: must be a finite number, neither NaN nor infinite",
    ),
    "text for a number": ({"sites.teparuk.stock": "many"}, "sites.teparuk.stock: 'many': must be a number"),
    "half a tier": ({"firms.nidec.tier": 1.5}, "firms.nidec.tier: 1.5: must be a whole number"),
    "list for a mapping": ({"products": []}, "products: []: must be a mapping"),
    "number for a table": ({"firms": 3}, "firms: 3: must be a list"),
    "no firms": ({"firms": "[]"}, "firms: []: must not be empty"),
    "number for a row": ({"links": "[3]"}, "links[0]: 3: must be a mapping of keys to values"),
    "empty name": ({"name": "''"}, "name: '': must not be empty"),
    "list for a text": ({"title": "[1]"}, "title: [1]: must be text"),
    "maybe": ({"selection.replace": "maybe"}, "selection.replace: 'maybe': must be true or false"),
    "no such date": ({"clock.start": "1990-13-01"}, "clock.start: '1990-13-01': must be a date such as 1990-01-31"),
    "unknown choice": (
        {"sites.teparuk.rationing": "proportionally"},
        "sites.teparuk.rationing: 'proportionally': must be 'proportional', 'priority' or 'first-come'"
        "; did you mean 'proportional'?",
    ),
    "wrong share": (
        {"markets.world.served_by": {"teparuk": "all"}},
        "markets.world.served_by.teparuk: 'all': must be a number",
    ),
    "neither list nor mapping": (
        {"markets.world.served_by": 3},
        "markets.world.served_by: 3: must be a list or a mapping",
    ),
    "a step twice": (
        {"clock.steps": ["order", "order", "supply", "demand"]},
        "clock.steps: order, order, supply, demand: name receive, demand, supply and order once each",
    ),
    "two steps": (
        {"clock.steps": ["order", "supply"]},
        "clock.steps[2]: missing: this entry is required (and 1 more)",
    ),
    "several faults": (
        {"sites.teparuk.stock": -1, "sites.teparuk.price": -1, "clock.tick_days": 0},
        "clock.tick_days: 0: must be above 0 (and 2 more)",
    ),
    "long value": (
        {"sites.teparuk.stock": "x" * 100},
        f"sites.teparuk.stock: '{'x' * 56}...: must be a number",
    ),
    "half a law": (
        {"links.0.lead_time": "gamma(mean=3)"},
        "links.teparuk<rangsit.lead_time: law 'gamma' was given mean: it takes mean, cv or mean, sd",
    ),
    "unknown law": (
        {"links.0.lead_time": "gama(mean=3)"},
        "links.teparuk<rangsit.lead_time: unknown law 'gama'; did you mean 'gamma'?",
    ),
    "truth for a law": (
        {"links.0.lead_time": True},
        "links.teparuk<rangsit.lead_time: True: give a number or a law such as gamma(mean=10, cv=0.3)",
    ),
    "list for a law": (
        {"links.0.lead_time": "[1]"},
        "links.teparuk<rangsit.lead_time: [1]: must be a mapping of keys to values",
    ),
}


@pytest.mark.parametrize(("settings", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_bad_value_is_refused_in_one_line(
    raw: Raw, complaint: Complaint, settings: dict[str, object], line: str
) -> None:
    assert complaint(raw, settings) == line


def test_an_unknown_key_is_refused_with_the_nearest_known_one(raw: Raw, complaint: Complaint) -> None:
    raw["sites"]["teparuk"]["capcity_per_day"] = 3
    assert complaint(raw) == "sites.teparuk: unknown key 'capcity_per_day'; did you mean 'capacity_per_day'?"


def test_an_unknown_block_is_refused(raw: Raw, complaint: Complaint) -> None:
    raw["zzz"] = 3
    assert complaint(raw) == "scenario: unknown key 'zzz'"


def test_a_missing_key_is_named(raw: Raw, complaint: Complaint) -> None:
    del raw["sites"]["teparuk"]["firm"]
    assert complaint(raw) == "sites.teparuk.firm: missing: this key is required"


def test_a_place_in_a_csv_file_is_named_by_file_and_line() -> None:
    places = Locations({"links": [{}]}, {"links": Rows("links.csv", [2])})
    assert places.text(("links", 0, "share")) == "links.csv line 2, share"
    assert places.text(("links", 0)) == "links.csv line 2"
    assert places.text(("links",)) == "links"


def test_a_place_is_named_in_a_checked_scenario_too(raw: Raw, load: Callable[..., Any]) -> None:
    assert Locations(load(raw)).text(("sites", 1, "stock")) == "sites.rangsit.stock"


def test_a_part_that_is_not_there_is_none() -> None:
    assert part_of([1], 4) is None
    assert part_of([1], "name") is None
    assert part_of(3, "name") is None


def test_short_values_are_shown_whole() -> None:
    assert shown([1, 2]) == "[1, 2]"


def test_one_line_is_its_own_summary() -> None:
    assert summary(["only"]) == "only"
