"""A code that no branch of the flow knows is an error, and does not run as another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpnde.engine.kernel.cohort import advance
from gpnde.engine.kernel.orders import claim_stock
from gpnde.engine.kernel.production import ship_from
from gpnde.engine.kernel.receiving import deliver
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]

UNKNOWN = 99


@pytest.fixture
def state(network: Network) -> State:
    """Return a shop with ten units."""
    return build_world(network({"shop": {"stock": 10}})).state


def test_rule_of_rationing(state: State) -> None:
    state.sites[0].rationing = UNKNOWN
    sold = int(state.out_lines[0])
    claim_stock(state, sold, 5.0)
    with pytest.raises(ValueError, match="rationing that the flow does not know"):
        ship_from(state, 0, 0)


def test_entry_of_the_calendar(state: State) -> None:
    with pytest.raises(ValueError, match="calendar that the flow does not know"):
        deliver(state, UNKNOWN, 0, 1.0, 0)


def test_step_of_an_instant(state: State) -> None:
    state.steps[0] = UNKNOWN
    with pytest.raises(ValueError, match="step that the flow does not know"):
        advance(state, 0, 1)
