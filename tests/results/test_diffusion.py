"""Diffusion: complete where what was received has become a firm's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import diffusion
from tests.results.measuring import measured

Told = Callable[..., dict[str, pl.DataFrame]]


def values(tables: dict[str, pl.DataFrame]) -> dict[str, float]:
    return measured(diffusion, {}, tables)


def books(told: Told, **firms: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Tell of firms whose learners' columns at the end are given by name."""
    columns = {name for given in firms.values() for name in given}
    per_column = {name: {firm: given[name] for firm, given in firms.items() if name in given} for name in columns}
    return told({0: {firm: {} for firm in firms}, 91: {firm: {} for firm in firms}}, **per_column)


def test_completion_is_internalised_over_transferred_of_all_firms(told: Told) -> None:
    found = values(
        books(
            told,
            a={"transferred_formal_tacit": 3.0, "internalised_formal_tacit": 1.5, "stale_formal_tacit": 0.5},
            b={"transferred_formal_tacit": 1.0, "transferred_informal_codified": 4.0},
        )
    )
    assert found["transferred.formal.tacit"] == 4
    assert found["internalised.formal.tacit"] == 1.5
    assert found["stale.all"] == 0.5
    assert found["completion.formal.tacit"] == pytest.approx(1.5 / 4)
    assert found["completion.informal.codified"] == 0
    assert found["completion.all"] == pytest.approx(1.5 / 8)


def test_totals_are_those_of_the_last_record_and_not_added_over_time(told: Told) -> None:
    assert values(books(told, a={"created_tacit": 2.0}))["created.tacit"] == 2


def test_without_any_transfer_there_is_no_completion(told: Told) -> None:
    found = values(books(told, a={}))
    assert found["transferred.all"] == 0
    assert not [name for name in found if name.startswith("completion")]


def test_what_waits_is_that_of_the_last_record(told: Told) -> None:
    tables = told({0: {"a": {"engineering": 0.1}}, 91: {"a": {"engineering": 0.1}}})
    waiting = tables["knowledge"].with_columns(waiting=pl.col("day") / 91 * 0.25)
    assert values(tables | {"knowledge": waiting})["waiting.all"] == 2


def test_the_gap_is_taken_to_the_best_firm_in_what_a_firm_does_on_day_0(told: Told) -> None:
    first = {"maker": {"engineering": 0.9, "product_dev": 0.8}, "a": {"engineering": 0.3}}
    last = {"maker": {"engineering": 0.9, "product_dev": 0.8}, "a": {"engineering": 0.5, "product_dev": 0.2}}
    found = values(told({0: first, 91: last}, tiers={"maker": 0}))
    assert found["frontier_gap.start.tier.1"] == pytest.approx(0.6)
    assert found["frontier_gap.tier.1"] == pytest.approx(0.9 - 0.5)
    assert found["frontier_gap.tier.0"] == 0


def test_firm_that_has_left_is_neither_the_best_nor_counted(told: Told) -> None:
    day = {"a": {"engineering": 0.9}, "b": {"engineering": 0.4}, "c": {"engineering": 0.2}}
    found = values(told({0: day, 91: day}, tiers={"a": 1, "b": 1, "c": 1}, gone={(91, "a")}))
    assert found["frontier_gap.tier.1"] == pytest.approx((0.0 + 0.2) / 2)
