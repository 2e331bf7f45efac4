"""History: the tables of knowledge as arrays, whatever the order of their rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from gpnde.results.history import RUNGS, History, history_of
from gpnde.vocabulary import FLAGSHIPS, FUNCTIONS, LADDER
from gpnde.vocabulary import FLAGSHIPS as ROLES
from gpnde.vocabulary import FUNCTIONS as NAMES

Tables = dict[str, pl.DataFrame]
Told = Callable[..., Tables]


def known(tables: Tables) -> History:
    history = history_of(tables)
    assert history is not None
    return history


def test_functions_and_roles_are_those_of_scenarios() -> None:
    assert FUNCTIONS == NAMES
    assert FUNCTIONS[:RUNGS] == LADDER
    assert FLAGSHIPS == ROLES


def test_a_run_without_knowledge_has_no_history(no_rows: Tables) -> None:
    assert history_of(no_rows) is None
    assert history_of({}) is None


def test_the_order_of_rows_does_not_matter(told: Told) -> None:
    tables = told({0: {"a": {"engineering": 0.5}, "b": {}}, 91: {"a": {"product_dev": 0.7}, "b": {"engineering": 0.1}}})
    turned = tables | {"knowledge": tables["knowledge"].reverse()}
    one, other = known(tables), known(turned)
    assert np.array_equal(one.capability, other.capability)
    assert np.array_equal(one.performed, other.performed)
    assert one.capability[1, 0, FUNCTIONS.index("product_dev")] == 0.7


def test_the_level_is_the_highest_rung_and_side_capabilities_are_none(told: Told) -> None:
    history = known(told({0: {"a": {"assembly_test": 0.5, "engineering": 0.1}, "b": {"strategic_marketing": 0.9}}}))
    assert history.levels.tolist() == [[3, -1]]


def test_mean_capability_covers_what_is_performed_by_firms_that_are_there(told: Told) -> None:
    day = {"a": {"assembly_test": 0.5, "engineering": 0.1}, "b": {"engineering": 0.9}, "c": {}}
    history = known(told({0: day}, gone={(0, "b")}))
    assert history.mean_capability[0].tolist() == pytest.approx([0.3, np.nan, np.nan], nan_ok=True)


def test_lead_suppliers_are_the_higher_tier(told: Told) -> None:
    roles = {"maker": "brand-leader", "a": "lead-supplier", "b": "supplier"}
    history = known(told({0: {"maker": {}, "a": {}, "b": {}}}, roles=roles, tiers={"a": 1, "b": 1}))
    assert history.higher.tolist() == [False, True, False]
    assert history.lower.tolist() == [False, False, True]


def test_without_lead_suppliers_the_first_tier_is_the_higher_one(told: Told) -> None:
    history = known(told({0: {"maker": {}, "a": {}, "b": {}}}, roles={"maker": "brand-leader"}, tiers={"b": 2}))
    assert history.higher.tolist() == [False, True, False]
