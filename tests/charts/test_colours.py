"""Colours belong to things, not to their places in a chart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.colours import COLOURS, colour_of_role, colours_of
from gpnde.vocabulary import CAUSES, ROLES


@pytest.mark.parametrize("things", [["0", "1", "2", "3"], list(ROLES), list(CAUSES)])
def test_thing_has_its_colour_whatever_else_is_shown(things: list[str]) -> None:
    together = dict(zip(things, colours_of(things), strict=True))
    assert len(set(together.values())) == len(things)
    for first in range(len(things)):
        assert colours_of(things[first:]) == [together[one] for one in things[first:]]


def test_role_has_one_colour_in_charts_of_roles_and_in_others() -> None:
    assert [colour_of_role(role) for role in ROLES] == colours_of(ROLES)


@given(st.lists(st.text(min_size=1), unique=True, max_size=8))
def test_names_have_different_colours_while_there_are_any(names: list[str]) -> None:
    named = [f"firm {name}" for name in names]
    assert len(set(colours_of(named))) == len(named)


@given(st.permutations(["policy.effort-subsidy", "policy.skills-centre", "policy.logistics", "score", "2"]))
def test_order_of_a_chart_changes_no_colour(things: list[str]) -> None:
    known = dict(zip(sorted(things), colours_of(sorted(things)), strict=True))
    assert colours_of(things) == [known[one] for one in things]


def test_more_names_than_colours_begin_again() -> None:
    assert set(colours_of([f"firm {number}" for number in range(20)])) == set(COLOURS)
