"""Laws: a law in the table has the mean and the spread that the user gave it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gpnde.numerics.laws import kinds
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.sampling import sample
from gpnde.scenario.law import Law
from gpnde.world.laws import LawBook

FORMS = [
    ("fixed(value=3)", 3.0, 0.0),
    ("normal(mean=10, sd=1)", 10.0, 1.0),
    ("normal(mean=10, cv=0.1)", 10.0, 1.0),
    ("gamma(mean=10, cv=0.3)", 10.0, 3.0),
    ("gamma(mean=10, sd=4)", 10.0, 4.0),
    ("lognormal(mean=10, cv=0.5)", 10.0, 5.0),
    ("lognormal(median=14, sigma=0.6)", stats.lognorm(0.6, scale=14).mean(), stats.lognorm(0.6, scale=14).std()),
    ("uniform(low=2, high=8)", 5.0, 6.0 / math.sqrt(12.0)),
    ("exponential(mean=730)", 730.0, 730.0),
    ("weibull(mean=730, shape=1.5)", 730.0, 730.0 * stats.weibull_min(1.5).std() / stats.weibull_min(1.5).mean()),
    ("poisson(mean=6)", 6.0, math.sqrt(6.0)),
    ("beta(mean=0.95, sd=0.02)", 0.95, 0.02),
    ("discrete(values=1 2 5, weights=2 1 1)", 2.25, math.sqrt(1.25**2 / 2 + 0.25**2 / 4 + 2.75**2 / 4)),
    ("empirical(values=2 4 6 8)", 5.0, math.sqrt(5.0)),
    ("series(values=2 4 6 8)", 5.0, math.sqrt(5.0)),
]
"""Every form of every law with its mean and standard deviation."""

means = st.floats(0.01, 1e4)
ratios = st.floats(0.01, 2.0)


def moments(text: str) -> tuple[float, float]:
    """Return mean and standard deviation of the only law in a book."""
    book = LawBook()
    row = book.number(Law.model_validate(text))
    table = book.table.build()
    assert row == 0
    assert book.table.mean(0) == table.mean[0]
    return float(table.mean[0]), float(table.sd[0])


def test_every_form_of_every_law_is_among_the_examples() -> None:
    given_ = [Law.model_validate(text) for text, _, _ in FORMS]
    forms = {(law.law, wanted) for law in given_ for wanted in law.kind.sets if _has(law, wanted)}
    assert forms == {(law.name, wanted) for law in LAWS for wanted in law.sets}


def _has(law: Law, wanted: tuple[str, ...]) -> bool:
    return all(getattr(law, name) is not None for name in wanted)


@pytest.mark.parametrize(("text", "mean", "sd"), FORMS)
def test_law_has_the_moments_that_it_was_given(text: str, mean: float, sd: float) -> None:
    assert moments(text) == pytest.approx((mean, sd))


@pytest.mark.parametrize("text", [text for text, _, _ in FORMS])
def test_law_is_drawn_from_the_law_of_its_name(text: str) -> None:
    law, book = Law.model_validate(text), LawBook()
    book.number(law)
    assert book.table.build().rows["kind"].tolist() == [getattr(kinds, law.law.upper())]


@given(st.sampled_from(["gamma", "lognormal"]), means, st.one_of(ratios, st.floats(1e-7, 0.01)))
def test_skewed_laws_keep_mean_and_coefficient_of_variation(name: str, mean: float, cv: float) -> None:
    assert moments(f"{name}(mean={mean!r}, cv={cv!r})") == pytest.approx((mean, cv * mean), rel=1e-6)


@given(means, st.floats(0.5, 5.0))
def test_weibull_law_keeps_its_mean(mean: float, shape: float) -> None:
    assert moments(f"weibull(mean={mean!r}, shape={shape!r})")[0] == pytest.approx(mean)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_beta_law_keeps_mean_and_deviation(mean: float, part: float) -> None:
    sd = part * math.sqrt(mean * (1.0 - mean))
    assert moments(f"beta(mean={mean!r}, sd={sd!r})") == pytest.approx((mean, sd), rel=1e-6)


def test_normal_law_that_is_not_truncated_may_be_negative() -> None:
    assert moments("normal(mean=-2, sd=3, truncated=false)") == (-2.0, 3.0)


@given(means, st.floats(1e-6, 1000.0))
def test_normal_law_above_zero_keeps_mean_and_deviation_whatever_the_spread(mean: float, cv: float) -> None:
    assert moments(f"normal(mean={mean!r}, cv={cv!r})") == pytest.approx((mean, cv * mean), rel=1e-6)


DRAWS = 40_000


@pytest.mark.parametrize("text", ["normal(mean=10, sd=3)", "normal(mean=10, sd=20)", "normal(mean=10, cv=10)"])
def test_normal_law_above_zero_draws_the_mean_and_deviation_that_were_written(text: str) -> None:
    law, book = Law.model_validate(text), LawBook()
    row, table = book.number(law), book.table.build()
    drawn = np.array([sample(table, row, 0x2545F491, 0x4F6CDD1D, 3, occurrence, 2) for occurrence in range(DRAWS)])
    assert drawn.min() >= 0.0
    assert drawn.mean() == pytest.approx(10.0, abs=3.0 * law.spread() / math.sqrt(DRAWS))
    assert drawn.std() == pytest.approx(law.spread(), rel=0.1)


@pytest.mark.parametrize(
    ("at_end", "drawn"),
    [("repeat", [4.0, 8.0, 6.0, 4.0, 8.0]), ("zero", [4.0, 8.0, 6.0, 0.0, 0.0]), ("hold", [4.0, 8.0, 6.0, 6.0, 6.0])],
)
def test_series_goes_on_after_its_end_as_it_was_told(at_end: str, drawn: list[float]) -> None:
    book = LawBook()
    row = book.number(Law.model_validate(f"series(values=4 8 6, at_end={at_end})"))
    table = book.table.build()
    assert [sample(table, row, 1, 2, 3, occurrence, 0) for occurrence in range(5)] == drawn
    assert table.mean[row] == 6.0


@pytest.mark.parametrize("text", ["normal(mean=5, sd=0)", "gamma(mean=5, cv=0)", "lognormal(mean=5, cv=0)"])
def test_law_without_spread_is_its_mean(text: str) -> None:
    assert moments(text) == pytest.approx((5.0, 0.0))


def test_equal_laws_share_a_row_and_others_do_not() -> None:
    book = LawBook()
    given_ = [{"law": "gamma", "mean": mean, "cv": 0.25} for mean in (4, 5, 4)]
    given_.append({"law": "gamma", "mean": 4, "sd": 1})
    assert [book.number(Law.model_validate(law)) for law in given_] == [0, 1, 0, 0]
    assert len(book.table) == 2


def test_laws_that_came_and_went_do_not_lend_their_row_to_others() -> None:
    """A law is looked up by its identity, which Python may give again to a new object."""
    book = LawBook()
    numbers = [book.number(Law.model_validate({"law": "fixed", "value": value})) for value in range(200)]
    assert numbers == list(range(200))


def test_order_of_listed_values_changes_no_draw() -> None:
    def values(**law: Any) -> list[float]:
        book = LawBook()
        number = book.number(Law.model_validate(law))
        laws = book.table.build()
        return [sample(laws, number, 1, 2, 3, occurrence, 0) for occurrence in range(50)]

    assert values(law="empirical", values=[3, 1, 2]) == values(law="empirical", values=[1, 2, 3])
    weighted = values(law="discrete", values=[3, 1, 2], weights=[0.5, 0.1, 0.4])
    assert weighted == values(law="discrete", values=[2, 3, 1], weights=[0.4, 0.5, 0.1])
    assert values(law="series", values=[3, 1, 2])[:3] == [3, 1, 2]
