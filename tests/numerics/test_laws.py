"""Laws: each has the moments and the distribution that its parameters say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from gpnde.numerics.compiled import compiled
from gpnde.numerics.draws import DRAW, draw_together
from gpnde.numerics.laws import kinds as laws
from gpnde.numerics.laws.sampling import Laws, is_by_inversion, is_positive_by_inversion, sample, value_of
from gpnde.numerics.laws.table import LawTable

COUNT = 20_000
KEY = (0x2545F491, 0x4F6CDD1D)

CONTINUOUS: list[tuple[int, float, float, Any]] = [
    (laws.NORMAL_SIGNED, -2.0, 3.0, stats.norm(-2.0, 3.0)),
    (laws.GAMMA, 4.0, 2.5, stats.gamma(4.0, scale=2.5)),
    (laws.GAMMA, 0.4, 10.0, stats.gamma(0.4, scale=10.0)),
    (laws.LOGNORMAL, 1.0, 0.5, stats.lognorm(0.5, scale=math.e)),
    (laws.UNIFORM, 3.0, 5.0, stats.uniform(3.0, 2.0)),
    (laws.EXPONENTIAL, 7.0, 0.0, stats.expon(scale=7.0)),
    (laws.WEIBULL, 1.7, 20.0, stats.weibull_min(1.7, scale=20.0)),
    (laws.BETA, 2.0, 5.0, stats.beta(2.0, 5.0)),
]

LISTED = ((1.0, 2.0, 5.0, 9.0), (0.1, 0.4, 0.3, 0.2))


def table_of(kind: int, a: float = 0.0, b: float = 0.0, values: Any = (), weights: Any = ()) -> Laws:
    """Return a table whose law 1 is the one given, behind another with values of its own."""
    table = LawTable()
    table.add(laws.EMPIRICAL, values=(100.0, 200.0))
    assert table.add(kind, a, b, values, weights) == 1
    return table.build()


@compiled
def fill(drawn: NDArray[np.float64], table: Laws, key0: int, key1: int) -> None:
    """Fill an array with draws of law 1 at consecutive occurrences, in compiled code."""
    for occurrence in range(drawn.shape[0]):
        drawn[occurrence] = sample(table, 1, key0, key1, 3, occurrence, 2)


def draw_many(table: Laws, count: int = COUNT) -> NDArray[np.float64]:
    drawn = np.zeros(count)
    fill(drawn, table, *KEY)
    return drawn


def check_moments(table: Laws, drawn: NDArray[np.float64]) -> None:
    """Check that the sample mean and deviation agree with those of the table."""
    assert drawn.mean() == pytest.approx(table.mean[1], abs=5 * table.sd[1] / math.sqrt(len(drawn)))
    assert drawn.std() == pytest.approx(table.sd[1], rel=0.06)


@pytest.mark.parametrize(("kind", "a", "b", "law"), CONTINUOUS)
def test_continuous_law_has_its_distribution(kind: int, a: float, b: float, law: Any) -> None:
    table = table_of(kind, a, b)
    drawn = draw_many(table)
    assert stats.kstest(drawn, law.cdf).pvalue > 0.001
    assert (table.mean[1], table.sd[1]) == pytest.approx((law.mean(), law.std()))
    check_moments(table, drawn)


@pytest.mark.parametrize(("mean", "sd"), [(10.0, 2.0), (1.0, 2.0), (-1.0, 1.0), (4.0, 0.0), (-4.0, 0.0)])
def test_normal_law_counts_negative_draws_as_nothing(mean: float, sd: float) -> None:
    table = table_of(laws.NORMAL, mean, sd)
    drawn = draw_many(table)
    assert drawn.min() >= 0.0
    assert (drawn == 0.0).mean() == pytest.approx(stats.norm.cdf(0.0, mean, sd) if sd else float(mean < 0), abs=0.02)
    check_moments(table, drawn)


@pytest.mark.parametrize("mean", [3.5, 80.0])
def test_poisson_law_has_its_moments(mean: float) -> None:
    table = table_of(laws.POISSON, mean)
    assert (table.mean[1], table.sd[1]) == pytest.approx((mean, math.sqrt(mean)))
    check_moments(table, draw_many(table))


@pytest.mark.parametrize(("kind", "weights"), [(laws.DISCRETE, LISTED[1]), (laws.EMPIRICAL, (0.25,) * 4)])
def test_listed_values_are_drawn_as_often_as_their_weights_say(kind: int, weights: tuple[float, ...]) -> None:
    values = LISTED[0]
    table = table_of(kind, values=values, weights=weights if kind == laws.DISCRETE else ())
    drawn = draw_many(table)
    observed = [int((drawn == value).sum()) for value in values]
    assert sum(observed) == COUNT
    assert stats.chisquare(observed, np.array(weights) * COUNT).pvalue > 0.001
    check_moments(table, drawn)


def test_series_is_taken_in_turn_and_starts_again() -> None:
    table = table_of(laws.SERIES, values=(4.0, 8.0, 6.0))
    assert draw_many(table, 7).tolist() == [4.0, 8.0, 6.0, 4.0, 8.0, 6.0, 4.0]
    assert table.mean[1] == 6.0


def test_fixed_law_is_its_value() -> None:
    table = table_of(laws.FIXED, -3.5)
    assert set(draw_many(table, 5)) == {-3.5}
    assert (table.mean[1], table.sd[1]) == (-3.5, 0.0)


@pytest.mark.parametrize(("kind", "a", "b"), [row[:3] for row in CONTINUOUS] + [(laws.POISSON, 45.0, 0.0)])
def test_interpreted_sample_equals_the_compiled_one(kind: int, a: float, b: float) -> None:
    table = table_of(kind, a, b)
    interpreted = [sample(table, 1, *KEY, 3, occurrence, 2) for occurrence in range(50)]
    assert draw_many(table, 50) == pytest.approx(interpreted, rel=1e-12)


_ALL = [*(row[:3] for row in CONTINUOUS), (laws.NORMAL, 1.0, 2.0), (laws.POISSON, 4.0, 0.0), (laws.FIXED, 4.0, 0.0)]
_BY_INVERSION = {laws.NORMAL, laws.NORMAL_SIGNED, laws.LOGNORMAL, laws.UNIFORM, laws.EXPONENTIAL, laws.WEIBULL}


@pytest.mark.parametrize(("kind", "a", "b"), _ALL)
def test_a_law_by_inversion_has_the_same_value_from_a_draw_made_with_others(kind: int, a: float, b: float) -> None:
    table = table_of(kind, a, b)
    assert is_by_inversion(table.rows[1]) == (kind in _BY_INVERSION)
    if kind not in _BY_INVERSION:
        return
    draws = np.zeros(50, dtype=DRAW)
    draws["occurrence"] = np.arange(50)
    draw_together(draws, 50, *KEY)
    found = [value_of(table.rows[1], draw) for draw in draws]
    assert found == [sample(table, 1, *KEY, 0, occurrence, 0) for occurrence in range(50)]
    if is_positive_by_inversion(table.rows[1]):
        assert min(found) > 0.0


@pytest.mark.parametrize(
    ("kind", "a", "b", "expected"),
    [
        (laws.LOGNORMAL, -3.0, 2.0, True),
        (laws.UNIFORM, 0.5, 2.0, True),
        (laws.UNIFORM, 0.0, 2.0, False),
        (laws.EXPONENTIAL, 0.5, 0.0, True),
        (laws.EXPONENTIAL, 0.0, 0.0, False),
        (laws.NORMAL, 5.0, 1.0, False),
        (laws.GAMMA, 5.0, 1.0, False),
    ],
)
def test_which_laws_by_inversion_are_surely_positive(kind: int, a: float, b: float, expected: bool) -> None:
    assert is_positive_by_inversion(table_of(kind, a, b).rows[1]) == expected


@given(st.lists(st.sampled_from([row[:3] for row in CONTINUOUS]), min_size=1, max_size=20))
def test_equal_laws_share_a_row(rows: list[tuple[int, float, float]]) -> None:
    table = LawTable()
    numbers = [table.add(*row) for row in rows]
    built = table.build()
    assert len(table) == len(built.rows) == len(set(rows))
    assert built.rows[["kind", "a", "b"]][numbers].tolist() == rows


@pytest.mark.parametrize(
    ("kind", "a", "b", "values", "message"),
    [
        (99, 0.0, 0.0, (), "law kind: 99: give one of 0 to 13"),
        (laws.GAMMA, 0.0, 1.0, (), "law gamma: a=0.0, b=1.0, 0 values: give a positive shape and scale"),
        (laws.NORMAL, 1.0, -1.0, (), "standard deviation of 0 or more"),
        (laws.UNIFORM, 5.0, 3.0, (), "low end that is not above the high end"),
        (laws.FIXED, math.nan, 0.0, (), "a finite value"),
        (laws.EMPIRICAL, 0.0, 0.0, (), "at least one finite value"),
        (laws.QUANTILE, 0.0, 0.0, (1.0,), "two or more finite values that do not fall"),
        (laws.QUANTILE, 0.0, 0.0, (2.0, 1.0), "two or more finite values that do not fall"),
        (laws.POISSON, 2.0, 0.0, (1.0,), "1 values"),
    ],
)
def test_parameters_that_make_no_law_are_refused(
    kind: int, a: float, b: float, values: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        LawTable().add(kind, a, b, values)


@pytest.mark.parametrize("weights", [(1.0,), (-1.0, 2.0), (0.0, 0.0)])
def test_weights_that_do_not_fit_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="law weights"):
        LawTable().add(laws.DISCRETE, values=(1.0, 2.0), weights=weights)
