"""What a setting moves: the same network twice under the same seed, once with it, and which columns then differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from gpnde.engine.recording.tables import final_tables
from gpnde.engine.simulate import open_run, simulate
from gpnde.scenario import load_scenario
from gpnde.scenario.columns import Columns
from gpnde.scenario.problems import Locations

Settings = Mapping[str, Any]
"""Values by their paths in a scenario."""

Network = Literal["tiny", "works", "rivals", "sisters"]

Shown = Literal["results", "metrics", "rows"]
"""What moves: numbers of tables; metrics alone, which are counted from what was recorded; how many rows are kept."""

FOLDER = Path(__file__).parent / "networks"

_FILES: Mapping[Network, str] = {
    "tiny": str(files("gpnde.testing") / "tiny-network.yaml"),
    "works": str(FOLDER / "works.yaml"),
    "rivals": str(FOLDER / "rivals.yaml"),
    "sisters": str(FOLDER / "sisters.yaml"),
}

_DAYS: Mapping[Network, Settings] = {"tiny": {"clock.days": 168}}
"""Shorter horizons than those of the files."""

ECHOES = ("tier", "links.price", "links.share", "markets.price")
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
    return _numbers(network, json.dumps({**_DAYS.get(network, {}), **settings}), shows)


@cache
def _numbers(network: Network, settings: str, shows: Shown) -> Mapping[str, bytes]:
    from_files = Columns(FOLDER, Locations({})).resolve(json.loads(settings))
    scenario = load_scenario(_FILES[network], from_files)
    if shows == "metrics":
        metrics = simulate(scenario).tables["metrics"]
        return {name: repr(value).encode() for name, value, _ in metrics.rows()}
    run = open_run(scenario)
    run.advance()
    run.simulation.finish()
    tables = final_tables(run.simulation)
    if shows == "rows":
        return {name: str(table.height).encode() for name, table in tables.items()}
    return {name: content for table in tables for name, content in _columns(table, tables[table]).items()}


def _columns(name: str, table: pl.DataFrame) -> dict[str, bytes]:
    """Return the numbers of a table in rising order, so that to name rows otherwise changes nothing."""
    if "day" in table.columns:
        table = table.filter(pl.col("day") > 0)
    chosen = [each for each in table.get_columns() if each.dtype.is_numeric() and not _echoes(name, each.name)]
    return {f"{name}.{each.name}": each.sort().to_numpy().tobytes() for each in chosen}


def _echoes(table: str, column: str) -> bool:
    return column in ECHOES or f"{table}.{column}" in ECHOES
