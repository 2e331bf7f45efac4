"""Sentences of titles: nothing is said that the numbers do not say."""

from __future__ import annotations

import pytest

from gpnde.charts.words import breadth, counted, course, first_of, wrapped
from gpnde.results.headline import percent


@pytest.mark.parametrize(
    "first, last, word", [(1.0, 2.0, "grew"), (2.0, 1.0, "fell"), (1.0, 1.0, "stayed"), (100.0, 101.0, "hardly moved")]
)
def test_a_course_is_named_by_its_direction(first: float, last: float, word: str) -> None:
    assert word in course("stock", first, last)


def test_a_change_that_its_figures_do_not_show_is_none() -> None:
    assert course("stock", 0.001, 0.004, lambda value: f"{value:.2f}") == "Stock stayed at 0.00"


def test_shares_near_the_ends_are_not_rounded_to_them() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.9994, 1.0)] == ["0 %", "0.1 %", "50 %", "99.9 %", "100 %"]


def test_one_thing_is_not_several() -> None:
    assert [counted(count, "country", "countries") for count in (0, 1, 2)] == [
        "no countries",
        "1 country",
        "2 countries",
    ]


def test_a_name_without_an_amount_has_no_share() -> None:
    assert first_of({"a": 0.0, "b": 0.0}) == ("a", 0.0)


def test_lines_hold_all_words_and_no_more_letters_than_fit() -> None:
    text = "Lower-tier suppliers catch up: 半導體 makers learn more than 顯示器 makers do, whatever they are paid"
    lines = wrapped(text, 40)
    assert isinstance(lines, list) and " ".join(lines) == text
    assert max(map(breadth, lines)) <= 40


def test_a_word_that_is_longer_than_a_line_stays_whole() -> None:
    assert wrapped("x" * 50, 40) == "x" * 50
