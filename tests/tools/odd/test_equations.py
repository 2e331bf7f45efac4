from __future__ import annotations

import pytest

from gpnde.mechanics.equations import EQUATIONS
from tools.odd.equations import callers, cited, functions, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A share (E11).", ("E11",)),
        ("Learning (E15 to E17).", ("E15", "E16", "E17")),
        ("A factor (E12; Ernst, section 4.3), as E13 says.", ("E12",)),
        ("Growth (E15, E17), or growth (E15).", ("E15", "E17")),
        ("Shape (firms, 8).", ()),
    ],
)
def test_numbers_count_where_they_stand_in_brackets(text: str, expected: tuple[str, ...]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A curve (Wright, 1936).", ("Wright, 1936",)),
        ("A logit (E3; McFadden, 1974).", ("McFadden, 1974",)),
        ("Two (Benkard, 2000), and little (Irwin and Klenow,\n    1994).", ("Benkard, 2000", "Irwin and Klenow, 1994")),
        ("The whole (Euler's theorem), an own brand (OBM), r effective_days(R, days).", ()),
    ],
)
def test_works_are_told_from_other_words_in_brackets(text: str, expected: tuple[str, ...]) -> None:
    assert cited(text) == expected


def test_every_number_is_one_of_the_register() -> None:
    assert {number for each in functions() for number in each.numbers} <= EQUATIONS.keys()


def test_a_function_without_a_number_has_that_of_its_module() -> None:
    by_name = {f"{each.module}.{each.name}": each for each in functions()}
    assert by_name["transfer.effective_days"].numbers == ("E11",)
    assert by_name["transfer.openness"].numbers == ("E12",)
    assert by_name["ordering.order_to_level"].numbers == ("E4",)


def test_what_a_row_says_is_neither_number_nor_source() -> None:
    shares = next(each for each in functions() if each.name == "logit_shares")
    assert shares.meaning == "The share of all buyers who take each brand, a logit with an outside good."
    assert shares.cited == ("McFadden, 1974",)


@pytest.mark.thorough
def test_callers_are_found_however_they_import() -> None:
    assert callers()["transfer.effective_days"] == ("engine.knowledge.learning",)
    assert "engine.money.cashbook" in callers()["finance.settle"]
    assert "gpnde_diffusion.spec_transfer" in callers()["transfer.openness"]
