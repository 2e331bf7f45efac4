"""Resolve a study: read its files into it, and fill in the ranges that parameters declare."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gpnde.errors import StudyError
from gpnde.scenario.schema import ComponentUse
from gpnde.scenario.tables import refuse_double_columns
from gpnde.study.schema import Arm, Range, Study, Table, Values


def resolve(study: Study, folder: Path | None = None) -> Study:
    """Return the study with its scenario, table and ranges written out; paths are looked for from *folder*.

    A resolved study is returned as it is, so that it means the same in every process and on every machine.

    Raises
    ------
    GpndeError
        The scenario or the table cannot be read, or a range is asked for that no parameter declares.
    """
    folder = folder or Path()
    scenario = study.scenario if isinstance(study.scenario, dict) else _scenario(study.scenario, folder)
    arms = {name: _with_files(name, arm, folder) for name, arm in study.arms.items()}
    design = _with_points(study.design, folder) if isinstance(study.design, Table) else study.design
    names = component_names(scenario, arms)
    axes = {path: _axis(path, axis, names) for path, axis in study.uncertainties.items()}
    return study.model_copy(update={"scenario": scenario, "arms": arms, "design": design, "uncertainties": axes})


def component_names(scenario: Mapping[str, Any], arms: Mapping[str, Arm]) -> tuple[str, ...]:
    """Return the names of the components in a plain scenario and in arms, each once, in order of appearance."""
    names = [use["use"] for use in scenario.get("components", ())]
    names += [use.use for arm in arms.values() for use in arm.components]
    return tuple(dict.fromkeys(names))


def _scenario(source: str, folder: Path) -> dict[str, Any]:
    """Return the scenario as plain data; a preset goes before a file of the same name."""
    from gpnde.plugin.host import plugin_host
    from gpnde.scenario import load_scenario
    from gpnde.scenario.as_data import as_data
    from gpnde.scenario.presets import preset_names

    beside = folder / source
    named = source if source in preset_names() or not beside.exists() else beside
    loaded = load_scenario(plugin_host().scenario_source(named))
    data: dict[str, Any] = json.loads(json.dumps(as_data(loaded), default=str))
    return data


def _with_files(name: str, arm: Arm, folder: Path) -> Arm:
    """Return the arm with full paths of the files that its components read."""
    from gpnde.scenario.component_files import find_component_files
    from gpnde.scenario.problems import Locations

    given: dict[str, Any] = {"components": [use.model_dump(mode="json") for use in arm.components]}
    find_component_files(given, folder, Locations({"arms": {name: given}}))
    uses = tuple(ComponentUse.model_validate(use) for use in given["components"])
    return arm.model_copy(update={"components": uses})


def _axis(path: str, axis: Any, components: tuple[str, ...]) -> Range | Values:
    from gpnde.study.ranges import declared_range

    return axis if isinstance(axis, Range | Values) else declared_range(path, components)


def _with_points(table: Table, folder: Path) -> Table:
    if table.file is None:
        return table
    rows = tuple(_rows(folder / table.file, table.file))
    if not rows:
        raise StudyError(
            where="design.file",
            given=table.file,
            expected="holds no points: give a line of settings and lines of values",
        )
    return Table(points=rows)


def _rows(path: Path, name: str) -> Iterator[dict[str, Any]]:
    import polars as pl

    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            refuse_double_columns(name, next(csv.reader(lines), []))
        frame = pl.read_csv(path, infer_schema_length=None)
    except FileNotFoundError:
        raise StudyError(
            where="design.file", given=repr(name), expected=f"no such file in {path.parent}: give its path from there"
        ) from None
    except pl.exceptions.PolarsError as error:
        text = str(error).splitlines()[0]
        raise StudyError(
            where="design.file", given=name, expected=f"{text}: give a CSV file whose columns are settings"
        ) from None
    for number, row in enumerate(frame.iter_rows(named=True), start=2):
        empty = next((column for column, value in row.items() if value is None), None)
        if empty is not None:
            raise StudyError(where=f"{name} line {number}, {empty}", expected="empty: every point needs a value for it")
        yield row
