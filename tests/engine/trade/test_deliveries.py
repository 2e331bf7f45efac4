"""Buyers look back a year on how reliably others delivered."""

from __future__ import annotations

from collections.abc import Callable

from gpnde.engine.run import Simulation
from gpnde.engine.trade.deliveries import REVIEWS, DeliveryRecord
from gpnde.scenario.schema import Scenario

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]


def test_reliability_counts_the_last_reviews_only(network: Network, start: Start) -> None:
    served = {"market": {"served_by": ["shop"], "demand": {"law": 10, "every_days": 1}}}
    world = start(network({"shop": {"stock": 100}}, markets=served)).world
    record, line = DeliveryRecord(world), int((world.state.lines["supplier"] == 0).nonzero()[0][0])
    assert record.reliability()[0] == 1.0
    world.state.lines["completed"][line] = 10
    assert record.reliability()[0] == 0.0
    for review in range(1, REVIEWS + 1):
        record.note()
        world.state.lines["completed"][line] += 10
        world.state.lines["on_time"][line] += 10
        expected = 10 * review / (10 * review + (10 if review < REVIEWS else 0))
        assert record.reliability()[0] == expected
