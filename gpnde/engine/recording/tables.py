"""The result tables of a simulation: all of them at its end, the small ones at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpnde.engine.context import Columns
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.run import Simulation
from gpnde.results.columns import TABLES
from gpnde.results.tables import empty_table, make_table
from gpnde.world.world import World


def final_tables(simulation: Simulation) -> dict[str, Any]:
    """Return all tables of a simulation that is over, but the metrics."""
    orders, sales = simulation.part(Recorder).order_tables()
    made = _made({**simulation.tables(), "orders": orders, "sales": sales})
    return {name: made[name] for name in TABLES if name != "metrics"}


def partial_tables(simulation: Simulation) -> dict[str, Any]:
    """Return the tables up to the present; the single orders and sales, which are many, and the metrics are empty."""
    return _made(simulation.tables())


def counts_of(world: World) -> dict[str, int | float]:
    """Return how large a run is; orders are those placed so far."""
    return {
        "days": world.scenario.clock.days,
        "firms": len(world.firms),
        "sites": len(world.state.sites),
        "links": int((world.state.lines["market"] < 0).sum()),
        "orders": int(world.state.clock[0].order_lines),
    }


def _made(columns: Mapping[str, Columns]) -> dict[str, Any]:
    """Return every table of the contract; those without columns are empty."""
    return {name: make_table(name, columns[name]) if name in columns else empty_table(name) for name in TABLES}
