"""Upgrading: levels, events, spells of stall, and what moved the mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.history import RUNGS, History, history_of
from gpnde.results.metrics import forms, upgrading
from gpnde.results.metrics.upgrading import STALL_DAYS, spells
from gpnde.vocabulary import FUNCTIONS
from tests.results.measuring import measured

Tables = dict[str, pl.DataFrame]
Told = Callable[..., Tables]
Rows = Callable[..., pl.DataFrame]


@pytest.fixture
def network(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return a network over four years of three firms: a maker and its suppliers a and b."""
    scenario["clock"]["days"] = 1456.0
    firms = [{"name": "maker", "tier": 0, "role": "brand-leader"}, {"name": "a", "tier": 1}, {"name": "b", "tier": 1}]
    scenario["firms"] = firms
    scenario["sites"] = [{"name": f"site-{firm['name']}", "firm": firm["name"], "product": "wheel"} for firm in firms]
    return scenario


def at(level: int, able: float = 0.5) -> dict[str, float]:
    """Return the functions of a firm that performs one rung with a capability."""
    return {FUNCTIONS[level]: able} if level >= 0 else {}


def history(tables: Tables) -> History:
    found = history_of(tables)
    assert found is not None
    return found


def values(scenario: dict[str, Any], tables: Tables) -> dict[str, float]:
    known = history(tables).firms
    told_of = scenario | {"sites": [site for site in scenario["sites"] if site["firm"] in known]}
    return measured(upgrading, told_of, tables) | measured(forms, told_of, tables)


def test_levels_are_told_by_tier_with_their_change(network: dict[str, Any], told: Told) -> None:
    days = {0: {"maker": at(5), "a": at(1), "b": at(2)}, 1456: {"maker": at(5), "a": at(4), "b": at(2)}}
    found = values(network, told(days, roles={"maker": "brand-leader"}, tiers={"maker": 0}))
    assert found["upgrading.level.tier.0"] == 5
    assert found["upgrading.level.tier.1"] == 3
    assert found["upgrading.level_change.tier.1"] == 1.5
    assert found["upgrading.functional"] == 3
    assert found["upgrading.functional.change"] == 1.5


def test_shares_at_levels_are_those_of_suppliers_that_are_there(network: dict[str, Any], told: Told) -> None:
    days = {0: {"maker": at(5), "a": at(1), "b": at(2)}, 1456: {"maker": at(5), "a": at(4), "b": at(2)}}
    found = values(network, told(days, roles={"maker": "brand-leader"}, gone={(1456, "b")}))
    shares = [found[f"upgrading.share_at_level.{level}"] for level in range(RUNGS)]
    assert shares == [0, 0, 0, 0, 1, 0]


def test_events_are_counted_by_direction_and_function(network: dict[str, Any], told: Told, rows: Rows) -> None:
    upgrades = rows(
        "upgrades",
        {"kind": "upgrade", "function": "engineering"},
        {"kind": "upgrade", "function": "engineering"},
        {"kind": "upgrade", "function": "strategic_marketing"},
        {"kind": "downgrade", "function": "strategic_marketing"},
    )
    found = values(network, told({0: {"a": at(1)}, 1456: {"a": at(1)}}) | {"upgrades": upgrades})
    assert found["upgrading.events.up"] == 3
    assert found["upgrading.events.down"] == 1
    assert found["upgrading.events.engineering"] == 2
    assert found["upgrading.events.strategic_marketing"] == 1
    assert found["upgrading.events.product_dev"] == 0


def test_a_supplier_without_a_rise_for_three_years_is_stalled(network: dict[str, Any], told: Told) -> None:
    days = {0: {"a": at(1), "b": at(1)}, 364: {"a": at(1), "b": at(1)}, 728: {"a": at(1), "b": at(3)}}
    last = {1092: {"a": at(1), "b": at(3)}, 1456: {"a": at(0), "b": at(3)}}
    found = values(network, told({**days, **last}))
    assert found["upgrading.stall.share"] == 0.5
    assert found["upgrading.stall.mean_days"] == 1456


def test_the_top_is_no_stall_and_a_fall_from_it_begins_one(told: Told) -> None:
    days = {0: {"a": at(5), "b": at(5)}, 400: {"a": at(5), "b": at(4)}, 2000: {"a": at(5), "b": at(4)}}
    ended, lasting = spells(history(told(days)))
    assert ended.tolist() == []
    assert lasting.tolist() == [1600]


def test_a_rise_or_an_exit_ends_a_spell(told: Told) -> None:
    days = {0: {"a": at(1), "b": at(1)}, 100: {"a": at(2), "b": at(1)}, 300: {"a": at(2), "b": at(1)}}
    ended, lasting = spells(history(told(days, gone={(300, "b")})))
    assert ended.tolist() == [100, 300]
    assert lasting.tolist() == [200]


def test_flagships_do_not_stall(told: Told) -> None:
    ended, lasting = spells(history(told({0: {"a": at(1)}, 2000: {"a": at(1)}}, roles={"a": "brand-leader"})))
    assert len(ended) == len(lasting) == 0


def test_a_run_too_short_for_a_stall_does_not_measure_it(network: dict[str, Any], told: Told) -> None:
    found = values(network, told({0: {"a": at(1)}, STALL_DAYS - 1: {"a": at(1)}}))
    assert not [name for name in found if "stall" in name]


def test_the_mean_is_weighted_by_sales_and_taken_apart(network: dict[str, Any], told: Told, rows: Rows) -> None:
    days = {0: {"a": at(1, 0.2), "b": at(1, 0.4)}, 1456: {"a": at(1, 0.3), "b": at(1, 0.4)}}
    firms = rows(
        "firms",
        {"day": 364, "firm": "a", "revenue": 30},
        {"day": 364, "firm": "b", "revenue": 10},
        {"day": 728, "firm": "a", "revenue": 999},
        {"day": 1456, "firm": "a", "revenue": 5},
        {"day": 1456, "firm": "b", "revenue": 5},
    )
    found = values(network, told(days) | {"firms": firms})
    assert found["upgrading.within"] == pytest.approx(0.75 * 0.1)
    assert found["upgrading.between"] == pytest.approx(-0.25 * -0.05 + 0.25 * 0.15)
    assert found["upgrading.cross"] == pytest.approx(-0.25 * 0.1)
    assert found["upgrading.entry"] == found["upgrading.exit"] == 0


def test_a_function_taken_on_does_not_change_what_suppliers_became(network: dict[str, Any], told: Told) -> None:
    first = {"a": at(1, 0.5), "b": at(1, 0.5)}
    more = {"a": {**at(1, 0.5), **at(4, 0.1)}, "b": at(1, 0.7)}
    found = values(network, told({0: first, 1456: more}))
    assert found["upgrading.within"] == pytest.approx(0.5 * 0.2)


def test_without_sales_firms_weigh_the_same_and_leavers_count_as_exit(network: dict[str, Any], told: Told) -> None:
    days = {0: {"a": at(1, 0.2), "b": at(1, 0.4)}, 1456: {"a": at(1, 0.2), "b": at(1, 0.4)}}
    found = values(network, told(days, gone={(1456, "a")}))
    assert found["upgrading.within"] == 0
    assert found["upgrading.between"] == pytest.approx(0.5 * 0.1)
    assert found["upgrading.exit"] == pytest.approx(0.5 * 0.1)
