"""A shop and its depot that keep books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.payments import receive
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Trade = Callable[..., Simulation]
Ruin = Callable[[Simulation, int], None]

_DAILY = {"policy": "base-stock", "level": 40, "review_days": 1}
_PLAIN = {"settle_days": 7, "payment_days": 0, "interest_per_year": 0, "spread_per_year": 0, "fixed_cost_share": 0}


@pytest.fixture(scope="session")
def trade(network: Network, start: Start) -> Trade:
    """Return a starter of a shop that sells 10 a day at 9, bought from a depot at 6, which buys outside at 4.

    Each adds 1 to the cost of a unit.
    """

    def begin(*, shop: dict[str, Any] | None = None, depot: dict[str, Any] | None = None, **rules: Any) -> Simulation:
        sites = {
            "shop": {"stock": 40, "ordering": _DAILY, "price": 9, **(shop or {})},
            "depot": {"stock": 40, "ordering": _DAILY, "price": 6, **(depot or {})},
        }
        firms = rules.pop("firms", {"shop": {"cash": 1000}, "depot": {"cash": 1000}})
        return start(
            network(
                sites,
                [{"buyer": "shop", "supplier": "depot", "lead_time": 1}],
                products={"unit": {"outside_cost": 4, "value_added": 1}},
                firms=firms,
                finance={**_PLAIN, **rules},
                clock={"days": 200},
            )
        )

    return begin


def _ruin(simulation: Simulation, firm: int) -> None:
    lost = float(simulation.world.firms["cash"][firm]) + float(simulation.world.firms["credit"][firm]) + 10_000.0
    receive(simulation.world, -lost * (np.arange(len(simulation.world.firms)) == firm), "components")


@pytest.fixture(scope="session")
def ruin() -> Ruin:
    """Return what takes away a firm's money, as if it had been paid out of the network."""
    return _ruin
