"""Small networks whose answer is known in closed form, and estimates of it from independent runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gpnde.engine import simulate
from gpnde.results import Run
from gpnde.scenario import Scenario, check_scenario

STANDARD_ERRORS = 4.0
"""Distance from the closed form that chance alone passes about once in a thousand estimates from 20 runs."""

ORDER_ON_DEMAND = ("receive", "demand", "order", "supply")
"""Steps in which what a customer takes is ordered, and its materials are there, before sites produce and ship."""

ORDER_BEFORE_ARRIVALS = ("demand", "order", "receive", "supply")
"""Steps in which every stage sees demand and orders before goods arrive; suppliers see the order of the same period."""


class Estimate(NamedTuple):
    """The mean of independent runs and its standard error."""

    value: float
    error: float

    def agrees(self, expected: float, *, within: float, bias: float = 0.0) -> bool:
        """Return whether *expected* is at most 4 standard errors and a known *bias* away.

        The standard error itself may be at most the share *within* of what is expected, so that an estimate that
        says little agrees with nothing.
        """
        is_sharp = self.error <= within * abs(expected)
        return is_sharp and abs(self.value - expected) <= STANDARD_ERRORS * self.error + bias


def estimate(samples: ArrayLike) -> Estimate:
    """Return the mean of independent samples with its standard error."""
    values = np.asarray(samples, dtype=np.float64)
    return Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def replicate(scenario: Scenario, measure: Callable[[Run], float], runs: int = 20) -> Estimate:
    """Return what *measure* gives on average over independent replications of a scenario."""
    return estimate([measure(simulate(scenario, replication=number)) for number in range(runs)])


def metric(name: str) -> Callable[[Run], float]:
    """Return a function that reads the metric *name* of a run."""
    return lambda run: run.metric(name)


def chain(
    stages: Sequence[Mapping[str, Any]],
    lead_times: Sequence[Any],
    demand: Mapping[str, Any],
    clock: Mapping[str, Any],
    **parts: Any,
) -> Scenario:
    """Return a serial chain: stage 0 sells, each stage orders from the next, and the last one from outside.

    *stages* holds what differs from the defaults of a site, *lead_times* one law per stage; without the last law the
    last stage must be unlimited. *parts* are further blocks of the scenario; ``market`` adds to the market's. Firm
    *k* is of tier *k*, and only totals are recorded unless ``record`` says more.
    """
    names = [f"stage-{number}" for number in range(len(stages))]
    suppliers = [*names[1:], "outside"]
    market = {"name": "customers", "product": "unit", "served_by": names[:1], "demand": demand, **parts.pop("market", {})}
    return described(
        {
            "clock": clock,
            "firms": [{"name": name, "tier": tier} for tier, name in enumerate(names)],
            "sites": [
                {"name": name, "firm": name, "product": "unit", **stage}
                for name, stage in zip(names, stages, strict=True)
            ],
            "links": [
                {"buyer": buyer, "supplier": supplier, "product": "unit", "lead_time": law}
                for buyer, supplier, law in zip(names, suppliers, lead_times, strict=False)
            ],
            "markets": [market],
            **parts,
        }
    )


def described(blocks: Mapping[str, Any]) -> Scenario:
    """Return the checked scenario of these blocks, with one product, which keeps no more than totals unless told."""
    days = blocks["clock"]["days"]
    totals = {"every_days": days, "orders": False, "entities": False}
    scenario = Scenario.model_validate({"name": "theory", "products": {"unit": {}}, "record": totals, **blocks})
    check_scenario(scenario)
    return scenario
