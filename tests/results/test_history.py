"""History: the tables of knowledge as arrays, whatever the order of their rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.history import RUNGS, History, history_of
from gpnde.results.metrics.diffusion import frontier_gap
from gpnde.results.metrics.divide import tier_gaps
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


def test_mean_capability_covers_what_is_performed_at_first_by_firms_that_are_there(told: Told) -> None:
    day = {"a": {"assembly_test": 0.5, "engineering": 0.1}, "b": {"engineering": 0.9}, "c": {}}
    history = known(told({0: day}, gone={(0, "b")}))
    assert history.mean_capability[0].tolist() == pytest.approx([0.3, np.nan, np.nan], nan_ok=True)


flags = st.lists(st.booleans(), min_size=len(FUNCTIONS), max_size=len(FUNCTIONS))


def course(performed: list[list[list[bool]]], present: tuple[bool, bool, bool] = (True, True, True)) -> History:
    """Return three suppliers at two times, who can do the more the higher a function, the first two less later."""
    roles = ["lead-supplier", "supplier", "supplier"]
    able = np.linspace(0.9, 0.1, 2 * 3 * len(FUNCTIONS)).reshape(2, 3, len(FUNCTIONS))
    there = np.array([(True, True, True), present])
    return History(
        np.array([0.0, 91.0]), list("abc"), np.array([1, 2, 2]), roles, [""] * 3, there, able, np.array(performed)
    )


@given(opening=st.lists(flags, min_size=3, max_size=3), added=st.lists(flags, min_size=3, max_size=3))
def test_functions_taken_on_move_no_measure_of_the_mean(opening: list[list[bool]], added: list[list[bool]]) -> None:
    """Only learning does: with a mean over what is performed at the time, a new function would lower it."""
    grown = (np.array(opening) | np.array(added)).tolist()
    before, after = course([opening, opening]), course([opening, grown])
    np.testing.assert_array_equal(after.mean_capability, before.mean_capability)
    np.testing.assert_array_equal(tier_gaps(after), tier_gaps(before))
    np.testing.assert_array_equal(frontier_gap(after, 1), frontier_gap(before, 1))


@given(opening=st.lists(flags, min_size=3, max_size=3))
def test_mean_is_that_of_the_functions_of_day_0(opening: list[list[bool]]) -> None:
    history = course([opening, np.ones((3, len(FUNCTIONS)), dtype=bool).tolist()])
    for firm, chosen in enumerate(opening):
        expected = history.capability[1, firm, chosen].mean() if any(chosen) else np.nan
        np.testing.assert_allclose(history.mean_capability[1, firm], expected)


def test_gap_between_tiers_is_that_of_firms_that_stay() -> None:
    everything = np.ones((3, len(FUNCTIONS)), dtype=bool).tolist()
    history = course([everything, everything], present=(True, True, False))
    able = history.capability.mean(axis=2)
    np.testing.assert_allclose(tier_gaps(history), able[:, 0] - able[:, 1])


def test_lead_suppliers_are_the_higher_tier(told: Told) -> None:
    roles = {"maker": "brand-leader", "a": "lead-supplier", "b": "supplier"}
    history = known(told({0: {"maker": {}, "a": {}, "b": {}}}, roles=roles, tiers={"a": 1, "b": 1}))
    assert history.higher.tolist() == [False, True, False]
    assert history.lower.tolist() == [False, False, True]


def test_without_lead_suppliers_the_first_tier_is_the_higher_one(told: Told) -> None:
    history = known(told({0: {"maker": {}, "a": {}, "b": {}}}, roles={"maker": "brand-leader"}, tiers={"b": 2}))
    assert history.higher.tolist() == [False, True, False]
