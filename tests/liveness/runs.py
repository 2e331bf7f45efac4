"""What a setting moves: the same network twice under the same seed, once with it, and which columns then differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.engine.context import Columns as Table
from gpnde.engine.recording.recorder import Recorder
from gpnde.engine.simulate import open_run, simulate
from gpnde.results.tables import Coded
from gpnde.scenario import load_scenario
from gpnde.scenario.as_data import as_data
from gpnde.scenario.columns import Columns
from gpnde.scenario.files import scenario_with
from gpnde.scenario.problems import Locations
from gpnde.scenario.schema import Scenario

Settings = Mapping[str, Any]
"""Values by their paths in a scenario."""

Network = Literal["tiny", "works", "rivals", "sisters", "brands", "places", "lines"]

Shown = Literal["results", "unnamed", "metrics", "rows"]
"""What moves: numbers of tables; numbers whatever their rows are called; metrics alone; how many rows are kept."""

FOLDER = Path(__file__).parent / "networks"

_FILES: Mapping[Network, str] = {
    "tiny": str(files("gpnde.testing") / "tiny-network.yaml"),
    "works": str(FOLDER / "works.yaml"),
    "rivals": str(FOLDER / "rivals.yaml"),
    "sisters": str(FOLDER / "sisters.yaml"),
    "brands": str(FOLDER / "brands.yaml"),
    "places": str(FOLDER / "places.yaml"),
    "lines": str(FOLDER / "lines.yaml"),
}

_SHORT: Mapping[Network, Settings] = {"tiny": {"clock.days": 112, "record.every_days": 28}}
"""Shorter horizons and fewer rows than those of the files."""

ECHOES = ("tier", "links.price", "links.share", "markets.price", "policies.is_on", "policies.meant")
"""Columns that repeat what a scenario says, and so show nothing: those of any table by name, or of one table."""


class Witness(NamedTuple):
    """A network in which a change moves something, with what has to be *beside* it in both runs."""

    network: Network
    change: Settings
    beside: Settings = {}
    shows: Shown = "results"

    def moved(self) -> list[str]:
        """Return the columns, or the metrics, that differ between the network as it is and with the change."""
        before = numbers(self.network, self.beside, self.shows)
        after = numbers(self.network, {**self.beside, **self.change}, self.shows)
        return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def numbers(network: Network, settings: Settings, shows: Shown = "results") -> Mapping[str, bytes]:
    """Return what a run of *network* shows, column by column, without echoes of the scenario and without day 0."""
    return _numbers(network, json.dumps(settings), shows)


def scenario_of(network: Network, settings: Settings) -> Scenario:
    """Return a network with other settings; laws may take values from the files beside it."""
    given = {**_SHORT.get(network, {}), **settings}
    return scenario_with(_contents(network), Columns(FOLDER, Locations({})).resolve(given))


@cache
def _numbers(network: Network, settings: str, shows: Shown) -> Mapping[str, bytes]:
    scenario = scenario_of(network, json.loads(settings))
    if shows == "metrics":
        metrics = simulate(scenario).tables["metrics"]
        return {name: repr(value).encode() for name, value, _ in metrics.rows()}
    run = open_run(scenario)
    run.advance()
    run.simulation.finish()
    tables = {name: table for group in run.simulation.table_groups() for name, table in group.items()}
    if shows == "rows":
        orders, sales = run.simulation.part(Recorder).order_tables()
        return {name: _rows(table) for name, table in {**tables, "orders": orders, "sales": sales}.items()}
    found = {name: column for table in tables for name, column in _columns(table, tables[table]).items()}
    return {name: (np.sort(column) if shows == "unnamed" else column).tobytes() for name, column in found.items()}


@cache
def _contents(network: Network) -> Mapping[str, Any]:
    return as_data(load_scenario(_FILES[network]))


def _rows(columns: Table) -> bytes:
    return str(max((len(column) for column in columns.values()), default=0)).encode()


def _columns(table: str, columns: Table) -> dict[str, NDArray[Any]]:
    """Return the columns of a table that hold numbers, later than on day 0."""
    found = {name: np.asarray(column) for name, column in columns.items() if not isinstance(column, Coded)}
    later = found["day"] > 0 if "day" in found else slice(None)
    numeric = {name: column[later] for name, column in found.items() if column.dtype.kind in "fiub"}
    return {f"{table}.{name}": column for name, column in numeric.items() if not _echoes(table, name)}


def _echoes(table: str, column: str) -> bool:
    return column in ECHOES or f"{table}.{column}" in ECHOES
