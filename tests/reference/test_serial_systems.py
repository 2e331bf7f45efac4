"""Chains under echelon-optimal base stock: mean cost against the exact optimum (Clark and Scarf, 1960).

The cases are those of Snyder and Shen (2019), chapter 6, as stockpyl 1.0.2 has them, with its solution: the local
base-stock levels, and the mean cost per period of holding, of goods on the way and of what customers wait for.
"""

from __future__ import annotations

from statistics import fmean
from typing import NamedTuple

import pytest

import gpnde
from gpnde.scenario.schema import Scenario


class Stage(NamedTuple):
    """A stage, the one that sells first: its base-stock level, holding cost per period, and the time to it."""

    level: float
    holding: float
    lead_time: int


class Case(NamedTuple):
    """A chain, its demand per period, what a unit that is owed costs per period, and the optimal mean cost."""

    stages: tuple[Stage, ...]
    demand: str
    owed: float
    cost: float
    published: str


CASES = (
    Case(
        (Stage(6.484, 7, 1), Stage(5.544, 4, 1), Stage(10.692, 2, 2)),
        "normal(mean=5, sd=1)",
        37.12,
        47.665,
        "example 6.1, where the book has 47.65",
    ),
    Case((Stage(123.939, 2, 1), Stage(104.548, 1, 1)), "normal(mean=100, sd=15)", 15, 166.271, "problem 6.1"),
    Case((Stage(171.062, 7, 8), Stage(61.051, 2, 3)), "normal(mean=20, sd=4)", 24, 438.240, "problem 6.16"),
)
DAYS, FIRST = 6_000, 200


def chain(case: Case, more: float = 0.0, stage: int = 0) -> Scenario:
    """Return a case as a scenario, with so much *more* stock at a *stage*."""
    names = [f"stage-{number}" for number in range(len(case.stages))]
    sites = {}
    for number, (name, (level, holding, _)) in enumerate(zip(names, case.stages, strict=True)):
        stock = level + more * (number == stage)
        sites[name] = {
            "firm": name,
            "product": "unit",
            "stock": stock,
            "holding_cost": holding,
            "ordering": {"policy": "base-stock", "level": stock, "review_days": 1},
            # Goods on the way cost what they cost where they come from.
            **({"pipeline_cost": holding} if number else {"stockout_cost": case.owed}),
        }
    ends = zip(names, [*names[1:], "outside"], case.stages, strict=True)
    return Scenario.model_validate(
        {
            "name": "chain",
            # Orders are placed when demand is known, and what comes in still serves it.
            "clock": {"days": DAYS, "warm_up_days": FIRST, "steps": ["demand", "order", "receive", "supply"]},
            "record": {"orders": False, "entities": False, "every_days": DAYS},
            "products": {"unit": {}},
            "firms": [{"name": name, "tier": number} for number, name in enumerate(names)],
            "sites": [{"name": name, **site} for name, site in sites.items()],
            "links": [
                {"buyer": buyer, "supplier": supplier, "product": "unit", "lead_time": stage.lead_time}
                for buyer, supplier, stage in ends
            ],
            "markets": [
                {
                    "name": "customers",
                    "product": "unit",
                    "served_by": names[:1],
                    "demand": {"law": case.demand, "every_days": 1},
                }
            ],
            "provenance": [{"path": "*", "mark": "literature", "source": "Snyder and Shen (2019)"}],
        }
    )


def costs(scenario: Scenario, seeds: range = range(1, 4)) -> list[float]:
    return [gpnde.simulate(scenario, seed=seed).metric("cost.per_day") for seed in seeds]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.published)
def test_mean_cost_is_the_exact_optimum(case: Case) -> None:
    assert fmean(costs(chain(case))) == pytest.approx(case.cost, rel=0.004)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("more", [-0.6, 0.6])
@pytest.mark.parametrize("stage", [0, 1, 2])
def test_other_levels_cost_more(stage: int, more: float) -> None:
    best, other = costs(chain(CASES[0])), costs(chain(CASES[0], more, stage))
    assert all(dearer > cheaper for cheaper, dearer in zip(best, other, strict=True))
