"""What holds in every run, whatever the network and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.clock import Phase
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.run import BALANCE, Simulation
from gpnde.plugin import Component
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import CANCELLED, OPEN, RECEIVED, State

from ..clocks import every

Start = Callable[..., Simulation]
Check = Callable[[State], None]

_FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _run_checked(simulation: Simulation, check: Check) -> None:
    """Run to the end with every check at every tenth tick."""
    every(simulation.timeline, 10, Phase.RECORD, lambda: check(simulation.world.state), 0)
    simulation.observe(None, debug=True)
    simulation.finish()
    check(simulation.world.state)


@_FEW
@given(data=st.data())
def test_everything_counted_twice_agrees_whatever_goes_wrong(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
    check: Check,
) -> None:
    simulation = start(data.draw(networks), data.draw(mishaps))
    _run_checked(simulation, check)
    balances = simulation.balances()
    assert max(balances.values()) <= BALANCE


@_FEW
@given(data=st.data())
def test_markets_get_what_they_ask_for_or_wait_or_lose_it(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
) -> None:
    simulation = start(data.draw(networks), data.draw(mishaps))
    simulation.finish()
    state = simulation.world.state
    sold = state.lines[state.lines["market"] >= 0]
    waiting = sold["placed"] + np.where(sold["backorders"] == 1, 0.0, sold["backlog"] + sold["mail"])
    ordered = np.bincount(sold["market"], waiting, len(state.markets))
    later = np.bincount(sold["market"], sold["mail"], len(state.markets))
    np.testing.assert_allclose(state.markets["demanded"] + later, ordered + state.markets["lost"], rtol=1e-9, atol=1e-9)
    delivered = np.bincount(sold["market"], sold["received"] - sold["lost"], len(state.markets))
    np.testing.assert_allclose(state.markets["delivered"], delivered, rtol=1e-9, atol=1e-9)


@_FEW
@given(data=st.data())
def test_orders_are_placed_then_shipped_then_received(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
) -> None:
    simulation = start(data.draw(networks), data.draw(mishaps))
    simulation.finish()
    rows = np.concatenate([*simulation.part(Recorder)._closed, simulation.part(Recorder)._open_orders()])
    received = rows[rows["status"] == RECEIVED]
    assert (received["placed"] <= received["shipped"]).all()
    assert (received["shipped"] <= received["received"]).all()
    assert (rows["received"][rows["status"] == OPEN] == -1).all()
    kept = rows[rows["status"] != CANCELLED]
    lines = simulation.world.state.lines
    sums = np.bincount(kept["line"], kept["quantity"], len(lines))
    np.testing.assert_allclose(sums, lines["placed"], rtol=1e-9, atol=1e-8)


@settings(max_examples=10, deadline=None)
@given(firms=st.integers(5, 40), tiers=st.integers(2, 5), seed=st.integers(0, 10**6))
def test_generated_networks_balance(firms: int, tiers: int, seed: int, start: Start, check: Check) -> None:
    scenario = generate("made-up", firms, tiers, seed)
    clock = scenario.clock.model_copy(update={"days": 728})
    simulation = start(scenario.model_copy(update={"clock": clock, "components": ()}))
    _run_checked(simulation, check)
    assert max(simulation.balances().values()) <= BALANCE
