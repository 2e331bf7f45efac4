"""Small networks whose answer is known in closed form, and estimates of it from independent runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from gpnde.engine import simulate
from gpnde.results import Run
from gpnde.scenario import Scenario, check_scenario

STANDARD_ERRORS = 4.0
"""How far an estimate may be off by chance: two in a thousand that come from 12 runs are further off (Student)."""

ORDER_ON_DEMAND = ("receive", "demand", "order", "supply")
"""Steps in which a sale is reordered at once, and what arrives without lead time is used at the same instant."""

ORDER_BEFORE_ARRIVALS = ("demand", "order", "receive", "supply")
"""Steps in which every stage sees demand and orders before goods arrive; suppliers see the order of the same period."""


class Estimate(NamedTuple):
    """The mean of independent samples and its standard error."""

    value: float
    error: float

    def agrees(self, expected: float, *, within: float, bias: float = 0.0) -> bool:
        """Return whether *expected* is at most 4 standard errors and a known *bias* away.

        The standard error may be at most the share *within* of what is expected, so that an estimate that says little
        agrees with nothing.
        """
        is_sharp = self.error <= within * abs(expected)
        return is_sharp and abs(self.value - expected) <= STANDARD_ERRORS * self.error + bias


def estimate(samples: ArrayLike) -> Estimate:
    """Return the mean of independent samples with its standard error."""
    values = np.asarray(samples, dtype=np.float64)
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def replicate(scenario: Scenario, measure: Callable[[Run], float], runs: int = 12) -> Estimate:
    """Return what *measure* gives on average over independent replications of a scenario."""
    return estimate([measure(simulate(scenario, replication=number)) for number in range(runs)])


def fill_rate(run: Run) -> float:
    """Return the share of demand filled at once after the first recorded period, in which stocks settle."""
    settled = run.markets.filter(pl.col("day") > run.markets["day"].unique().sort()[1])
    return float(settled["filled"].to_numpy().sum() / settled["demanded"].to_numpy().sum())


def metric(name: str) -> Callable[[Run], float]:
    """Return a function that reads the metric *name* of a run."""
    return lambda run: run.metric(name)


def customers(per_day: float) -> Mapping[str, Any]:
    """Return the demand of customers who come one by one at random, for one unit each."""
    return {"law": 1, "arrivals": "poisson", "arrivals_per_day": per_day}


def chain(
    stages: Sequence[Mapping[str, Any]],
    lead_times: Sequence[object],
    demand: Mapping[str, Any],
    clock: Mapping[str, Any],
    *,
    backorders: bool = True,
    **blocks: Any,
) -> Scenario:
    """Return a serial chain: stage 0 sells, each stage orders from the next, and the last one from outside.

    *stages* holds what differs from the defaults of a site, *lead_times* one law per stage; without the last law the
    last stage has to be unlimited. *blocks* are further blocks of the scenario. The firm of stage *k* is of tier *k*.
    """
    names = [f"stage-{tier}" for tier in range(len(stages))]
    suppliers = [*names[1:], "outside"]
    market = {"name": "customers", "product": "unit", "served_by": names[:1], "demand": demand}
    links = zip(names, suppliers, lead_times, strict=False)
    sites = zip(names, stages, strict=True)
    return described(
        {
            "clock": clock,
            "firms": [{"name": name, "tier": tier} for tier, name in enumerate(names)],
            "sites": [{"name": name, "firm": name, "product": "unit", **stage} for name, stage in sites],
            "links": [{"buyer": b, "supplier": s, "product": "unit", "lead_time": law} for b, s, law in links],
            "markets": [{**market, "backorders": backorders}],
            **blocks,
        }
    )


def described(blocks: Mapping[str, Any]) -> Scenario:
    """Return the checked scenario of these blocks, with one product, which keeps only totals unless it says more."""
    totals = {"every_days": blocks["clock"]["days"], "orders": False, "entities": False}
    scenario = Scenario.model_validate({"name": "theory", "products": {"unit": {}}, "record": totals, **blocks})
    check_scenario(scenario)
    return scenario
