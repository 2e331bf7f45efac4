"""What was expected of a quarter stands beside what came of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.prospects.rows import ExpectationRows
from gpnde.results.tables import Coded
from gpnde.world.layout import Floats
from gpnde.world.world import World

from ..conftest import Start
from ..economy import FIRST, economy


@pytest.fixture
def world(start: Start) -> World:
    """Return the small economy, of three firms."""
    return start(economy()).world


def _each(value: float) -> Floats:
    return np.full(3, value)


def _reviewed(rows: ExpectationRows, day: float, able: float) -> None:
    rows.review(day, _each(able), worth=_each(7.0), hurdle=_each(1.5), effort=_each(0.3))


def _of_first(rows: ExpectationRows, name: str) -> Any:
    """Return the values of a column for the first supplier."""
    columns = rows.columns()
    firm = columns["firm"]
    assert isinstance(firm, Coded)
    return np.asarray(columns[name])[firm.codes == FIRST].tolist()


def test_income_expected_of_a_quarter_stands_beside_what_came(world: World) -> None:
    rows = ExpectationRows(world)
    rows.expect(_each(10.0))
    rows.earned(_each(8.0))
    rows.expect(_each(9.0))
    _reviewed(rows, 91.0, 0.5)
    rows.earned(_each(11.0))
    _reviewed(rows, 182.0, 0.5)
    assert _of_first(rows, "day") == [91.0, 182.0]
    assert _of_first(rows, "expected_income") == [10.0, 9.0]
    assert _of_first(rows, "income") == [8.0, 11.0]


def test_gain_expected_of_effort_stands_beside_what_was_learnt(world: World) -> None:
    rows = ExpectationRows(world)
    rows.expect_gain(_each(0.04))
    _reviewed(rows, 0.0, 0.5)
    rows.expect_gain(_each(0.09))
    _reviewed(rows, 91.0, 0.53)
    gains = [_of_first(rows, name) for name in ("expected_gain", "gain")]
    assert np.isnan([each[0] for each in gains]).all()
    assert [each[1] for each in gains] == pytest.approx([0.04, 0.03])


def test_a_review_keeps_what_was_thought_of_it(world: World) -> None:
    rows = ExpectationRows(world)
    _reviewed(rows, 0.0, 0.5)
    assert [_of_first(rows, name) for name in ("capability_worth", "hurdle", "effort")] == [[7.0], [1.5], [0.3]]


def test_firms_that_have_left_have_no_rows(world: World) -> None:
    rows = ExpectationRows(world)
    world.firms["active"][FIRST] = 0
    _reviewed(rows, 0.0, 0.5)
    assert _of_first(rows, "day") == []
    assert len(rows.columns()["day"]) == 2
