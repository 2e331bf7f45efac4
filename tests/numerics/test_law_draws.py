"""Laws drawn from uniform numbers, many at once, and tables of quantiles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from gpnde.numerics.laws import kinds
from gpnde.numerics.laws.kinds import LawRow
from gpnde.numerics.laws.quantiles import drawn, tabulated
from gpnde.numerics.laws.sampling import sample
from gpnde.numerics.laws.table import LawTable
from gpnde.scenario.law import Law

COUNT = 100_000
CHANCES = (np.arange(COUNT) + 0.5) / COUNT

TEXTS = [
    "3",
    "normal(mean=10, sd=1)",
    "gamma(mean=10, cv=0.3)",
    "lognormal(mean=30, cv=0.5)",
    "lognormal(median=14, sigma=0.6)",
    "uniform(low=2, high=8)",
    "exponential(mean=30)",
    "weibull(mean=30, shape=0.7)",
    "weibull(mean=30, shape=3)",
    "poisson(mean=6)",
    "beta(mean=0.95, sd=0.02)",
    "discrete(values=5 1 2, weights=1 2 1)",
    "empirical(values=2 4 6 8)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_draws_have_mean_and_spread_of_the_law(text: str) -> None:
    law, table = Law.model_validate(text if "(" in text else float(text)), LawTable()
    number = table.add(*law.row())
    laws = table.build()
    chances = CHANCES[:: 100 if law.law == "normal" else 1]
    found = law.draws(chances)
    assert found.shape == chances.shape
    assert found.mean() == pytest.approx(laws.mean[number], rel=2e-3)
    assert found.std() == pytest.approx(laws.sd[number], rel=2e-2, abs=1e-12)


def test_series_is_drawn_by_its_occurrence() -> None:
    law = Law.model_validate("series(values=4 8 6, at_end=zero)")
    assert [law.draws(np.array([0.3, 0.9]), k).tolist() for k in (0, 2, 3)] == [[4.0, 4.0], [6.0, 6.0], [0.0, 0.0]]


def test_weibull_law_of_shape_one_is_exponential() -> None:
    laws = [Law.model_validate(text) for text in ("weibull(mean=5, shape=1)", "exponential(mean=5)")]
    first, second = (law.draws(CHANCES[:10]) for law in laws)
    assert first == pytest.approx(second)


def test_exponential_draws_keep_the_bytes_of_outages() -> None:
    chances = np.array([0.1, 0.5, 0.9])
    found = Law.model_validate("exponential(mean=14)").draws(chances)
    assert found.tolist() == (-14.0 * np.log(chances)).tolist()


@pytest.mark.parametrize("law", [stats.triang(0.25, loc=2, scale=8), stats.expon(scale=3), stats.norm(5, 2)])
def test_table_of_quantiles_has_mean_and_spread_of_its_law(law: stats.rv_continuous) -> None:
    table = LawTable()
    number = table.add(*tabulated(law.ppf))
    built = table.build()
    assert built.mean[number] == pytest.approx(law.mean(), rel=2e-4)
    assert built.sd[number] == pytest.approx(law.std(), rel=2e-3)


def test_table_of_quantiles_is_drawn_from_its_law() -> None:
    law, table = stats.triang(0.25, loc=2, scale=8), LawTable()
    table.add(kinds.EMPIRICAL, values=(100.0, 200.0))
    number = table.add(*tabulated(law.ppf))
    built = table.build()
    found = np.array([sample(built, number, 7, 11, 3, occurrence, 2) for occurrence in range(5000)])
    assert stats.kstest(found, law.cdf).pvalue > 0.001
    assert found.mean() == pytest.approx(built.mean[number], abs=4 * built.sd[number] / math.sqrt(5000))


def test_quantiles_between_those_of_the_table_lie_on_straight_lines() -> None:
    row = LawRow(kinds.QUANTILE, values=(0.0, 1.0, 4.0))
    assert drawn(row, np.array([0.25, 0.5, 0.75])).tolist() == [0.5, 1.0, 2.5]


def test_infinite_end_is_cut_at_an_eighth_of_a_cell() -> None:
    row = tabulated(lambda chances: -np.log1p(-chances), cells=100)
    assert row.values[-1] == pytest.approx(-math.log(1 / 800))
    assert row.values[0] == 0.0


@pytest.mark.parametrize("quantile", [lambda chances: -chances, lambda chances: chances * np.nan, lambda chances: 1.0])
def test_quantiles_that_are_none_are_refused(quantile: object) -> None:
    with pytest.raises(ValueError, match="quantiles of a law: must be a finite number for each chance, and not fall"):
        tabulated(quantile)  # type: ignore[arg-type]
