"""Two networks that share a supplier compete for what it can make, and what one teaches it helps the other."""

from __future__ import annotations

from typing import Any

from gpnde.engine.simulate import simulate
from gpnde.results.metric import total
from gpnde.results.run import Run
from gpnde.scenario import Scenario

from ..learners import three_firms

SHARED, APART = "plant", "plant-of-rival"


def two_networks(bought_from: str, demand: float = 70.0, **changes: Any) -> Scenario:
    """Return the three firms beside a rival flagship, which buys boards from the same plant or from one of its own."""
    given = three_firms().model_dump()
    hq, plant, shop = given["sites"]
    to_hq, to_plant = given["links"]
    market = given["markets"][0]
    return three_firms(
        firms=[
            *given["firms"],
            {"name": "rival", "role": "brand-leader", "tier": 0},
            {"name": "other-lead", "role": "lead-supplier", "tier": 1},
        ],
        sites=[
            hq,
            {**plant, "capacity_per_day": 22},
            shop,
            {**hq, "name": "hq-of-rival", "firm": "rival"},
            {**plant, "name": APART, "firm": "other-lead", "capacity_per_day": 22},
        ],
        links=[
            to_hq,
            to_plant,
            {**to_hq, "buyer": "hq-of-rival", "supplier": bought_from},
            {**to_plant, "buyer": APART},
        ],
        markets=[
            {**market, "demand": {"law": 70, "every_days": 7}},
            {**market, "name": "of-rival", "served_by": ["hq-of-rival"], "demand": {"law": demand, "every_days": 7}},
        ],
        selection=None,
        finance=None,
        **changes,
    )


def filled(run: Run, market: str) -> float:
    """Return the share of a market's demand that was delivered within the run."""
    rows = run.table("markets").filter(market=market)
    return total(rows, "delivered") / total(rows, "demanded")


def test_a_rival_that_asks_for_more_takes_capacity_from_the_other_network() -> None:
    """The plant makes 22 boards a day; with 10 asked for by each it serves both, with 10 and 30 it serves neither."""
    few, many = (simulate(two_networks(SHARED, demand)) for demand in (70.0, 210.0))
    assert filled(few, "world") > 0.9
    assert filled(many, "world") < 0.75
    assert many.metric("networks.shared") > 0


def test_a_rival_with_a_supplier_of_its_own_takes_nothing() -> None:
    few, many = (simulate(two_networks(APART, demand)) for demand in (70.0, 210.0))
    assert filled(many, "world") == filled(few, "world")


def test_what_one_flagship_teaches_a_shared_supplier_helps_its_rival() -> None:
    """The plant hears from two flagships, so that it knows more in the end, also for the first of them."""
    uses = [{"use": "diffusion.spec-transfer"}]
    apart, shared = (simulate(two_networks(plant, components=uses)) for plant in (APART, SHARED))
    assert shared.metric("networks.capability.flagship") > apart.metric("networks.capability.flagship")
    assert shared.metric("networks.overlap") > apart.metric("networks.overlap")
