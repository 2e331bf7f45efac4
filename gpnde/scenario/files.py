"""Scenarios from and to files: a preset, a YAML file, or a folder that holds scenario.yaml and its CSV files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ScenarioError, nearest
from gpnde.numerics.collector import collector_paused
from gpnde.scenario.as_data import as_data
from gpnde.scenario.check import check_scenario
from gpnde.scenario.columns import Columns
from gpnde.scenario.component_files import find_component_files
from gpnde.scenario.kinds import other_kind, what_it_is
from gpnde.scenario.partial import clear_abandoned, partial_beside
from gpnde.scenario.presets import preset_names, preset_path
from gpnde.scenario.problems import Locations, Rows, refusal, shown
from gpnde.scenario.schema import Scenario
from gpnde.scenario.settings import apply_settings, told
from gpnde.scenario.tables import TABLES, read_table, write_table
from gpnde.scenario.whole_folder import write_whole_folder
from gpnde.scenario.yaml_text import read_yaml, write_yaml

FILE = "scenario.yaml"
"""The file of a scenario folder that names all others."""

_TABLES_IN_FILES = ("firms", "sites", "links", "clusters")
_YAML = (".yaml", ".yml")
_MANY_VALUES = 1000
"""A law with more values than this does not fit into a cell that people can read."""


def load_scenario(
    source: str | Path, settings: Mapping[str, object] | None = None, *, tell: Callable[[str], None] | None = None
) -> Scenario:
    """Return the checked scenario of a preset name, a YAML file or a folder that holds scenario.yaml.

    The name of a preset goes before a file of the same name: write ``./beer-game`` for a folder of that name.
    *settings* replace values by address before anything is checked; texts are read as YAML. *tell* gets a line on how
    many places each setting of a group of rows has changed. Whatever cannot be read or contradicts itself is a
    `ScenarioError` of one line.

    >>> load_scenario("beer-game", {"clock.days": 28}).clock.days
    28.0
    """
    with collector_paused():
        return _load(find_file(source), settings or {}, tell)


def _load(path: Path, settings: Mapping[str, object], tell: Callable[[str], None] | None) -> Scenario:
    given = read_mapping(path, "scenario", "name, products, firms, sites and markets")
    places = _read_tables(given, path.parent)
    given.update(Columns(path.parent, places).resolve(given))
    counts = apply_settings(given, settings)
    # After the settings, since these may name another file.
    find_component_files(given, path.parent, places)
    scenario = _validated(given, places)
    check_scenario(scenario, places)
    if tell:
        for line in told(counts):
            tell(line)
    return scenario


def read_mapping(path: Path, wanted: str, keys: str) -> dict[str, Any]:
    """Return the YAML file at *path*, which should be that of a *wanted* ``scenario`` or ``study`` with some *keys*.

    Raises
    ------
    ScenarioError
        It cannot be read, or is something else; the line says what.
    """
    try:
        given = read_yaml(path)
    except ScenarioError:
        if told := what_it_is(path):
            raise ScenarioError(where=str(path), expected=told) from None
        raise
    if told := other_kind(path, given, wanted):
        raise ScenarioError(where=str(path), expected=told)
    if not isinstance(given, dict):
        told = what_it_is(path) or f"{shown(given)}: must be a mapping with {keys}"
        raise ScenarioError(where=path.name, expected=told)
    return given


def find_file(source: str | Path) -> Path:
    """Return the YAML file of the scenario *source*, a preset name, a file or a folder.

    >>> find_file("beer-game").name
    'beer-game.yaml'
    """
    if isinstance(source, str) and source in preset_names():
        return preset_path(source)
    path = Path(source)
    if os.path.isdir(path):
        if not (path / FILE).is_file():
            told = what_it_is(path) or f"a folder without {FILE}: give the folder of a scenario"
            raise ScenarioError(where=str(source), expected=told)
        return path / FILE
    if not os.path.isfile(path):
        if told := what_it_is(path):
            raise ScenarioError(where=str(source), expected=told)
        raise no_such_scenario(str(source), preset_names())
    return path


def no_such_scenario(source: str, known: Sequence[str], more: str = "") -> ScenarioError:
    """Return the error for a scenario that is neither a path nor one of the names *known*."""
    right = f"give a YAML file, a folder that holds {FILE}, or one of {', '.join(known)}"
    return ScenarioError(given=shown(source), expected=f"no such scenario: {right}{nearest(source, known)}{more}")


def _read_tables(given: dict[str, Any], folder: Path) -> Locations:
    """Replace the tables in *given* by lists of rows, and return where these were written."""
    files: dict[str | int, Rows] = {}
    for name in TABLES:
        if name in given:
            given[name], rows = read_table(name, given[name], folder)
            if rows is not None:
                files[name] = rows
    return Locations(given, files)


def scenario_with(contents: Mapping[str, Any], settings: Mapping[str, object]) -> Scenario:
    """Return the checked scenario of plain *contents* with *settings* in place of its own; *contents* stay as they are.

    >>> from gpnde.scenario.as_data import as_data
    >>> scenario_with(as_data(load_scenario("beer-game")), {"clock.days": 28}).clock.days
    28.0

    Raises
    ------
    ScenarioError
        A setting leads nowhere, or what comes of it contradicts itself.
    """
    given = {**contents, "components": [dict(use) for use in contents.get("components", ())]}
    apply_settings(given, settings)
    places = Locations(given)
    scenario = _validated(given, places)
    check_scenario(scenario, places)
    return scenario


def _validated(given: dict[str, Any], places: Locations) -> Scenario:
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        raise refusal(error, places) from None


def save_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write *scenario* to a YAML file (``*.yaml``), or to a folder of scenario.yaml with CSV files for its big tables.

    What is at its default is left out. Everything is written beside *path* first and then renamed, so that nothing
    half-written is left under that name; a folder that is not empty is refused. `load_scenario` gives back an equal
    scenario.
    """
    target = Path(path)
    if target.suffix.lower() in _YAML:
        _write_renamed(target, scenario_text(scenario))
    else:
        _save_folder(scenario, target)


def scenario_text(scenario: Scenario) -> str:
    """Return *scenario* as the text of a YAML file."""
    return write_yaml(_contents(scenario))


def _contents(scenario: Scenario) -> dict[str, Any]:
    return {"schema_version": scenario.schema_version, **as_data(scenario)}


def _save_folder(scenario: Scenario, target: Path) -> None:
    contents = _contents(scenario)
    texts = {}
    for name in _TABLES_IN_FILES:
        if contents.get(name) and _fits_in_cells(contents[name]):
            texts[f"{name}.csv"] = write_table(contents[name], TABLES[name])
            contents[name] = f"{name}.csv"
    texts[FILE] = write_yaml(contents)
    write_whole_folder(target, texts, ScenarioError)


def _fits_in_cells(rows: list[dict[str, Any]]) -> bool:
    laws = (value for row in rows for value in row.values() if isinstance(value, Mapping))
    return all(len(law.get("values", ())) <= _MANY_VALUES for law in laws)


def _write_renamed(target: Path, text: str) -> None:
    clear_abandoned(target.absolute().parent)
    partial = partial_beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="")
        os.replace(partial, target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise ScenarioError(
            where=str(target), given=str(error.strerror), expected="give a file that can be written"
        ) from None
