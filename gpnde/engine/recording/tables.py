"""The result tables of a simulation: all of them at its end, the small ones at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from gpnde.engine.context import Columns
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.run import Simulation
from gpnde.results.columns import TABLES
from gpnde.results.tables import empty_table, make_table
from gpnde.world.world import World


def final_tables(simulation: Simulation) -> dict[str, Any]:
    """Return all tables of a simulation that is over, but the metrics."""
    made = _made(chain(simulation.table_groups(), _orders(simulation)))
    return {name: made[name] for name in TABLES if name != "metrics"}


def partial_tables(simulation: Simulation) -> dict[str, Any]:
    """Return the tables up to the present; the single orders and sales, which are many, and the metrics are empty."""
    return _made(simulation.table_groups())


def counts_of(world: World) -> dict[str, int | float]:
    """Return how large a run is; orders are those placed so far."""
    return {
        "days": world.scenario.clock.days,
        "firms": len(world.firms),
        "sites": len(world.state.sites),
        "links": int((world.state.lines["market"] < 0).sum()),
        "orders": int(world.state.clock[0].order_lines),
    }


def _orders(simulation: Simulation) -> Iterator[Mapping[str, Columns]]:
    orders, sales = simulation.part(Recorder).order_tables()
    yield {"orders": orders, "sales": sales}


def _made(groups: Iterable[Mapping[str, Columns]]) -> dict[str, Any]:
    """Return every table of the contract; those without columns are empty."""
    made = {name: table for tables in map(_tables, groups) for name, table in tables.items()}
    return {name: made[name] if name in made else empty_table(name) for name in TABLES}


def _tables(columns: Mapping[str, Columns]) -> dict[str, Any]:
    return {name: make_table(name, each) for name, each in columns.items()}
