"""The blocks of knowledge: defaults that hold together, and one line for what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import FUNCTIONS, LADDER

Raw = dict[str, Any]


def test_every_function_has_a_threshold_and_a_weight() -> None:
    rules = Knowledge()
    assert list(rules.upgrading.thresholds) == list(rules.codified_weights) == list(FUNCTIONS)
    assert len(FUNCTIONS) == 8
    assert FUNCTIONS[:6] == LADDER


def test_thresholds_rise_along_the_ladder_and_knowledge_becomes_more_tacit() -> None:
    rules = Knowledge()
    thresholds = [rules.upgrading.thresholds[name] for name in LADDER]
    weights = [rules.codified_weights[name] for name in LADDER]
    assert thresholds == sorted(thresholds)
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"clusters": {"bangkok": {"country": "siam"}}, "countries": [{"name": "thailand"}]},
            "clusters.bangkok.country: 'siam': no such country",
        ),
        ({"countries": [{"name": "thailand"}] * 2}, "name 'thailand' is taken: give every one of countries a name"),
        (
            {"peers": [{"first": "seagate", "second": "nidek"}]},
            "second: 'nidek': no such firm; did you mean 'nidec'?",
        ),
        ({"peers": [{"first": "nidec", "second": "nidec"}]}, "firm 'nidec' is tied to itself: name another firm"),
        (
            {"firms": {"seagate": {"tier": 0}, "nidec": {"knowledge": {"engineering": 1.5}}}},
            "firms.nidec.knowledge.engineering: 1.5: must be between 0 and 1, the frontier",
        ),
        (
            {"firms": {"seagate": {"tier": 0}, "nidec": {"enters": "endogenously"}}},
            "'rangsit': its firm enters endogenously: take the link out",
        ),
        (
            {"firms": {"seagate": {"enters": "endogenously"}, "nidec": {}}},
            "'teparuk': its firm enters endogenously: name another site",
        ),
        ({"knowledge": {"upgrading": {"thresholds": {"engineering": 0.5}}}}, "thresholds without sales_distribution, "),
        (
            {"knowledge": {"upgrading": {"thresholds": dict.fromkeys(FUNCTIONS, 2)}}},
            "thresholds.sales_distribution = 2: must be between 0 and 1",
        ),
        ({"knowledge": {"codified_weights": {"engineering": 0.5}}}, "codified_weights without sales_distribution, "),
        (
            {"knowledge": {"codified_weights": dict.fromkeys(FUNCTIONS, -1)}},
            "codified_weights.sales_distribution = -1: must be between 0 and 1",
        ),
        (
            {"knowledge": {"effects": {"lowest_yield": 0.9, "highest_yield": 0.8}}},
            "lowest_yield 0.9: must be below highest_yield 0.8",
        ),
        ({"knowledge": {"efort": {}}}, "knowledge: unknown key 'efort'; did you mean 'effort'?"),
        ({"knowledge": {"period_days": 0}}, "knowledge.period_days"),
    ],
)
def test_bad_input_is_refused_in_one_line(raw: Raw, complaint: Callable[..., str], changes: Raw, said: str) -> None:
    assert said in complaint({**raw, **changes})


def test_knowledge_is_off_without_a_block_and_where_it_is_switched_off(raw: Raw, load: Callable[..., Scenario]) -> None:
    assert not load(raw).learns
    assert not load({**raw, "knowledge": {"enabled": False}}).learns
    assert load({**raw, "knowledge": {}}).learns


def test_opening_day_and_entry_exclude_each_other(raw: Raw, complaint: Callable[..., str]) -> None:
    firms = {**raw["firms"], "later": {"enters": "endogenously"}}
    sites = {**raw["sites"], "garage": {"firm": "later", "product": "motor", "opens_day": 30}}
    text = complaint({**raw, "firms": firms, "sites": sites})
    assert "sites.garage.opens_day: 30: its firm enters endogenously: leave the day out" in text
