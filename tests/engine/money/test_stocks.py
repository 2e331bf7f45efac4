from __future__ import annotations

from collections.abc import Callable

from gpnde.engine.money.stocks import stock_value
from gpnde.engine.run import Simulation

Trade = Callable[..., Simulation]


def test_stock_is_valued_at_its_cost(trade: Trade) -> None:
    simulation = trade(depot={"stock": 12})
    assert stock_value(simulation.world).tolist() == [40 * (6 + 1), 12 * (4 + 1)]
