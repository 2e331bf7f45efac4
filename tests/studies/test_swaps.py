from __future__ import annotations

import doctest

import pytest

from studies import page, swaps
from studies.swaps import SWAPS

DAYS = 364.0


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_examples_hold() -> None:
    assert doctest.testmod(swaps).failed == 0


@pytest.mark.thorough
def test_a_small_study_tells_of_every_statement_and_what_rows_of_learning_say_comes_true() -> None:
    chosen = SWAPS[:1]
    rows = cells(swaps.table(swaps.run_study(2, chosen, DAYS), chosen))[2:]
    assert [row[1] for row in rows] == [each.text for each in chosen[0].statements]
    assert [row[5] for row in rows[:2]] == ["yes", "yes"]
    assert {row[5] for row in rows} <= {"yes", "no, the contrary", "not to be told", "–"}


def test_the_page_has_every_statement() -> None:
    rows = cells(page.table_of(swaps.PAGE))[2:]
    assert [row[:2] for row in rows] == [[swap.name, each.text] for swap in SWAPS for each in swap.statements]
