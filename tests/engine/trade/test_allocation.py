"""Allocation by capacity: who is filled first, who gets the overflow, and how customers divide a capacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.prices import Prices
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Market = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}
REVIEW = 28


@pytest.fixture(scope="session")
def buying(network: Network, start: Start) -> Market:
    """Return a starter of plants that sell 10 units a day each and buy as many parts from every maker."""

    def begin(makers: dict[str, dict[str, Any]], *, plants: int = 1, **rules: Any) -> Simulation:
        plant = {"product": "unit", "ordering": _RULE, "stock": 60}
        names = [f"plant-{n}" for n in range(plants)]
        firms = {
            name: {key: maker.pop(key) for key in ("tier", "role") if key in maker} for name, maker in makers.items()
        }
        parts = {name: {"product": "part", "ordering": _RULE, "stock": 600, **maker} for name, maker in makers.items()}
        links = [{"buyer": name, "supplier": maker, "lead_time": 1} for name in names for maker in makers]
        return start(
            network(
                {**dict.fromkeys(names, plant), **parts},
                links,
                {f"to-{n}": {"served_by": [n], "demand": {"law": 10, "every_days": 1}} for n in names},
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms=firms,
                selection={"review_days": REVIEW, "threshold": 0, "fill_order": "higher-tier-first", **rules},
                clock={"days": 200},
            )
        )

    return begin


def _shares(state: State, links: int) -> list[float]:
    shares: list[float] = state.lines["share"][:links].tolist()
    return shares


def test_the_higher_tier_is_filled_before_the_lower_gets_anything(buying: Market, reach: Reach, check: Check) -> None:
    state = reach(buying({"low": {"tier": 2}, "high": {"tier": 1}}), REVIEW)
    assert _shares(state, 2) == [0.0, 1.0]
    check(state)


def test_what_exceeds_the_capacity_of_the_higher_tier_goes_to_the_lower(buying: Market, reach: Reach) -> None:
    simulation = buying({"high": {"tier": 1, "capacity_per_day": 6}, "low": {"tier": 2}})
    needed = reach(simulation, REVIEW - 1).lines["placed"][:2].sum()
    assert _shares(reach(simulation, REVIEW), 2) == pytest.approx([6 * REVIEW / needed, 1 - 6 * REVIEW / needed])
    later = reach(simulation, 2 * REVIEW)
    assert _shares(later, 2) == pytest.approx([0.6, 0.4])


def test_only_good_units_count_as_capacity(buying: Market, reach: Reach) -> None:
    simulation = buying({"high": {"tier": 1, "capacity_per_day": 8, "yield_rate": 0.5}, "low": {"tier": 2}})
    assert _shares(reach(simulation, 2 * REVIEW), 2) == pytest.approx([0.4, 0.6])


@pytest.mark.parametrize("role", ["capacity-buffer", "price-breaker"])
def test_buffers_and_price_breakers_get_the_overflow_whatever_their_tier(
    buying: Market, reach: Reach, role: str
) -> None:
    makers = {"buffer": {"tier": 1, "role": role}, "low": {"tier": 3, "capacity_per_day": 7}}
    assert _shares(reach(buying(makers), 2 * REVIEW), 2) == pytest.approx([0.3, 0.7])


def test_where_no_capacity_is_left_all_wait_in_proportion_to_it(buying: Market, reach: Reach) -> None:
    makers = {"high": {"tier": 1, "capacity_per_day": 6}, "low": {"tier": 2, "capacity_per_day": 2}}
    assert _shares(reach(buying(makers), REVIEW), 2) == pytest.approx([0.75, 0.25])


def test_inside_a_tier_shares_follow_scores(buying: Market, reach: Reach) -> None:
    makers = {"good": {}, "bad": {"yield_rate": 0.5}, "low": {"tier": 2}}
    weights = {"delivery": 0, "quality": 1, "price": 0, "response": 0}
    state = reach(buying(makers, allocation=2, weights=weights), REVIEW)
    odds = np.exp(2 * np.array([1.0, 0.5]))
    assert _shares(state, 3) == pytest.approx([*(odds / odds.sum()), 0.0])


def test_customers_divide_a_capacity_by_their_needs(buying: Market, reach: Reach) -> None:
    simulation = buying({"high": {"tier": 1, "capacity_per_day": 10}, "low": {"tier": 2}}, plants=2)
    simulation.part(Prices).scale_demand(np.array([1]), 3.0)
    state = reach(simulation, 3 * REVIEW)
    assert _shares(state, 4) == pytest.approx([0.25, 0.75, 0.25, 0.75])


def test_a_price_breaker_still_wins_rounds(buying: Market, reach: Reach) -> None:
    makers = {"high": {"tier": 1}, "cheap": {"tier": 2, "role": "price-breaker"}}
    simulation = buying(makers, price_breaker_probability=1, price_breaker_share=0.2)
    assert _shares(reach(simulation, REVIEW), 2) == pytest.approx([0.8, 0.2])


def test_shares_stay_where_nothing_was_ordered(buying: Market, reach: Reach) -> None:
    simulation = buying({"low": {"tier": 2}, "high": {"tier": 1}})
    simulation.part(Prices).scale_demand(np.array([0]), 1e-12)
    state = reach(simulation, REVIEW)
    state.lines["share"][:2] = [0.4, 0.6]
    assert _shares(reach(simulation, 2 * REVIEW), 2) == pytest.approx([0.4, 0.6])


def test_volume_is_divided_by_shares_unless_tiers_are_to_be_filled(buying: Market, reach: Reach) -> None:
    simulation = buying({"low": {"tier": 2}, "high": {"tier": 1}}, fill_order="shares")
    assert _shares(reach(simulation, 2 * REVIEW), 2) == [0.5, 0.5]


def test_inputs_that_nobody_has_a_share_of_stay_so(buying: Market, reach: Reach) -> None:
    simulation = buying({"one": {}, "two": {}}, fill_order="shares", allocation=2)
    simulation.world.state.lines["share"][:2] = 0.0
    assert _shares(reach(simulation, REVIEW), 2) == [0.0, 0.0]
