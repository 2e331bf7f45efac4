"""Names, units and dates as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from gpnde.lab.wording import calendar, sentence_of, title_of, unit_of


@pytest.mark.parametrize(("name", "said"), [("lead-supplier", "Lead supplier"), ("Penang II", "Penang II")])
def test_names_of_the_model_become_titles_and_others_stay(name: str, said: str) -> None:
    assert title_of(name) == said


def test_units_are_words() -> None:
    assert [unit_of(unit) for unit in ("1", "1/month", "hour", "money")] == ["", "per month", "hours", "money"]


def test_field_without_a_sentence_of_its_own_has_one() -> None:
    assert sentence_of("ordering.policy", "").startswith("The rule")
    assert sentence_of("ordering.policy", "Its own.") == "Its own."


def test_last_day_of_a_leap_february_is_counted() -> None:
    assert calendar(date(1992, 2, 28), 1.0) == "29 February 1992"
    assert calendar(date(1992, 2, 28), 2.9) == "1 March 1992"
