"""What holds in every run, whatever the network and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.clock import Phase
from gpnde.engine.recording.tables import final_tables
from gpnde.engine.run import BALANCE, Simulation
from gpnde.plugin import Component
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ..clocks import every
from ..thorough import often

Start = Callable[..., Simulation]
Check = Callable[[State], None]

_FEW = settings(max_examples=often(13, 40), deadline=None, suppress_health_check=[HealthCheck.too_slow])


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
    waiting = sold["placed"] + np.where(sold["backorders"] == 1, 0.0, sold["backlog"] + sold["delayed"])
    ordered = np.bincount(sold["market"], waiting, len(state.markets))
    later = np.bincount(sold["market"], sold["delayed"], len(state.markets))
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
    tables, ordered = final_tables(simulation), np.zeros(len(simulation.world.state.lines))
    for rows, lines in ((tables["orders"], tables["orders"]["link"]), (tables["sales"], _lines_of_sales(simulation))):
        received = rows.filter(pl.col("status") == "received")
        assert (received["placed_day"] <= received["shipped_day"]).all()
        assert (received["shipped_day"] <= received["received_day"]).all()
        assert rows.filter(pl.col("status") == "open")["received_day"].is_null().all()
        is_kept = (rows["status"] != "cancelled").to_numpy()
        np.add.at(ordered, np.asarray(lines, dtype=np.int64)[is_kept], rows["quantity"].to_numpy()[is_kept])
    np.testing.assert_allclose(ordered, simulation.world.state.lines["placed"], rtol=1e-9, atol=1e-8)


def _lines_of_sales(simulation: Simulation) -> list[int]:
    """Return the line of every row of the table ``sales``."""
    lines, names = simulation.world.state.lines, simulation.world.names
    number = {
        (names.sites[lines["supplier"][where]], names.markets[lines["market"][where]]): where
        for where in np.flatnonzero(lines["market"] >= 0).tolist()
    }
    return [number[row] for row in final_tables(simulation)["sales"].select("supplier", "market").rows()]


@settings(max_examples=10, deadline=None)
@given(firms=st.integers(5, 40), tiers=st.integers(2, 5), seed=st.integers(0, 10**6))
def test_generated_networks_balance(firms: int, tiers: int, seed: int, start: Start, check: Check) -> None:
    scenario = generate("made-up", firms, tiers, seed)
    clock = scenario.clock.model_copy(update={"days": 728})
    simulation = start(scenario.model_copy(update={"clock": clock, "components": ()}))
    _run_checked(simulation, check)
    assert max(simulation.balances().values()) <= BALANCE
