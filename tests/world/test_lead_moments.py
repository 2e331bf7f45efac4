"""Lead times in ticks: the moments of what the flow draws and rounds up, and how the order of steps adds to them."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from gpnde.engine.kernel.transport import duration
from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.quantiles import tabulated
from gpnde.numerics.laws.table import LawTable
from gpnde.scenario import Scenario
from gpnde.scenario.law import Law
from gpnde.world.build import build_world
from gpnde.world.laws import LawBook
from gpnde.world.layout import DEMAND, LEAD_TIME, ORDER, RECEIVE, SUPPLY
from gpnde.world.lead_moments import rounded_moments, step_ticks

Describe = Callable[..., Scenario]

TEXTS = (
    "3.2",
    "normal(mean=10, sd=3)",
    "gamma(mean=10, cv=0.3)",
    "gamma(mean=1, cv=2)",
    "lognormal(mean=5, cv=1)",
    "uniform(low=0, high=3)",
    "exponential(mean=2)",
    "weibull(mean=4, shape=1.5)",
    "poisson(mean=3)",
    "beta(mean=0.5, sd=0.2)",
    "discrete(values=1 9.5, weights=0.25 0.75)",
    "empirical(values=1 2 4.5)",
    "series(values=1 2 4.5)",
)


@pytest.mark.parametrize("tick", [7.0, 1.0, 0.25])
@pytest.mark.parametrize("text", TEXTS)
def test_moments_are_those_of_what_the_flow_draws(describe: Describe, text: str, tick: float) -> None:
    """Within 4 standard errors, the variance too, of 1,300 durations as the flow draws and rounds them."""
    link = {"buyer": "plant", "supplier": "motors", "lead_time": text}
    state = build_world(describe(clock={"tick_days": tick, "days": 364}, links=[link])).state
    law = int(state.lines[0].lead_time)
    drawn = np.array(
        [duration(state, law, LEAD_TIME, state.line_entity, 0, now, 1.0) for now in range(1300)], dtype=float
    )
    mean, variance = rounded_moments(state.laws, law, tick)
    squares = (drawn - drawn.mean()) ** 2
    assert mean == pytest.approx(drawn.mean(), abs=4 * drawn.std() / len(drawn) ** 0.5 + 2e-3)
    assert variance == pytest.approx(drawn.var(), abs=5 * squares.std() / len(drawn) ** 0.5 + 2e-3)


def test_every_law_is_looked_at() -> None:
    seen = {Law.model_validate(text if "(" in text else float(text)).law for text in TEXTS}
    assert seen == {law.name for law in LAWS if LAWS.is_own(law.name)}


def test_moments_of_a_table_of_quantiles_are_those_of_its_law() -> None:
    triangular = stats.triang(0.25, loc=2.0, scale=8.0)
    table = LawTable()
    number = table.add(*tabulated(triangular.ppf))
    mean, variance = rounded_moments(table.build(), number, 0.01)
    assert mean == pytest.approx(triangular.mean() / 0.01 + 0.5, rel=1e-4)
    assert variance == pytest.approx(triangular.var() / 0.01**2, rel=1e-3)


def test_long_tails_keep_the_variance_of_the_law() -> None:
    book = LawBook()
    number = book.number(Law.model_validate("lognormal(mean=50, cv=4)"))
    mean, variance = rounded_moments(book.table.build(), number, 1.0)
    assert mean == pytest.approx(50.5, abs=0.01)
    assert variance == pytest.approx(200.0**2, rel=0.01)


@pytest.mark.parametrize("steps", list(itertools.permutations([RECEIVE, DEMAND, SUPPLY, ORDER])))
def test_the_order_of_steps_lengthens_the_time_to_cover_by_two_ticks_at_most(steps: tuple[int, ...]) -> None:
    longest = {step_ticks(steps, delayed, inside) for delayed in (False, True) for inside in (False, True)}
    assert longest <= {0, 1, 2}


def test_a_line_that_is_added_later_gets_the_moments_of_its_own_law(describe: Describe) -> None:
    links = [
        {"buyer": "plant", "supplier": "motors", "lead_time": 3},
        {"buyer": "motors", "product": "motor", "lead_time": "discrete(values=2 10, weights=0.5 0.5)"},
    ]
    world = build_world(describe(links=links))
    row = world.state.lines[:1].copy()
    row["lead_time"] = world.state.lines["lead_time"][1]
    number = world.add_lines(row)
    added = world.state.lines[number]
    assert (added.lead_mean, added.lead_variance) == (6.0, 16.0)
