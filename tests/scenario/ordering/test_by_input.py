"""Ordering rules of single inputs in scenarios: where they stand, and what does not go with the rule of the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario import Scenario

Raw = dict[str, Any]
Load = Callable[..., Scenario]
Complaint = Callable[..., str]


def _with(raw: Raw, rules: dict[str, Any], **site: Any) -> Raw:
    raw["sites"]["teparuk"] |= {"ordering_of": rules, **site}
    return raw


def test_an_input_may_have_a_rule_of_its_own(raw: Raw, load: Load) -> None:
    scenario = load(_with(raw, {"motor": {"policy": "base-stock", "level": 40}}))
    assert scenario.sites[0].ordering_of["motor"].level == 40


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a product that is not bought": (
        {"moter": {}},
        {},
        "'moter': 'teparuk' buys no such product; did you mean 'motor'?",
    ),
    "a forecast of its own": (
        {"motor": {"forecast": {"method": "moving-average"}}},
        {},
        "forecast: all inputs of a site have it in common: give it in its ordering",
    ),
    "what is done while suppliers are down": (
        {"motor": {"supplier_down": "wait"}},
        {},
        "supplier_down: all inputs of a site have it in common",
    ),
    "a policy for whole sites": (
        {"motor": {"policy": "make-to-order"}},
        {},
        "policy 'make-to-order' holds for all inputs of a site: choose another one for an input",
    ),
    "a forecast that the site does not make": (
        {"motor": {"policy": "smoothed"}},
        {"ordering": {"policy": "base-stock", "level": 9}},
        "policy 'smoothed' follows a forecast, and that of 'teparuk', 'base-stock', makes none: choose another",
    ),
    "a rhythm between reviews": (
        {"motor": {"review_days": 10}},
        {},
        "review_days 10: must be a multiple of the review_days of the site, 7",
    ),
    "a rhythm beside continuous review": (
        {"motor": {"policy": "base-stock", "level": 9, "review_days": 7}},
        {"ordering": {"policy": "base-stock", "level": 9, "review_days": 0}},
        "review_days 7: must be a multiple of the review_days of the site, 0",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_rule_that_does_not_go_with_its_site_is_refused(case: str, raw: Raw, complaint: Complaint) -> None:
    rules, site, text = REFUSED[case]
    line = complaint(_with(raw, rules, **site))
    assert line.startswith("sites.teparuk.ordering_of.")
    assert text in line


@pytest.mark.parametrize("days", [7, 28])
def test_the_time_between_reviews_is_a_multiple_of_that_of_the_site(days: int, raw: Raw, load: Load) -> None:
    load(_with(raw, {"motor": {"review_days": days}}))
