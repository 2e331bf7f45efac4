"""The results of a study as they lie in its folder, finished or not: runs, outcomes and kept tables."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_type_hints

from gpnde.errors import GpndeError, StudyError, nearest
from gpnde.scenario.kinds import what_it_is
from gpnde.study.attempt import Failure
from gpnde.study.folder import Folder
from gpnde.study.manifest import MANIFEST, Manifest, read_manifest
from gpnde.study.measures import better_of, covers
from gpnde.study.outputs import OUTCOMES, OUTCOMES_TYPES, RUNS, RUNS_TYPES, kept_columns
from gpnde.study.resolve import component_names
from gpnde.study.schema import Study
from gpnde.study.status import StudyStatus, count

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results.metric import Better
    from gpnde.study.plan import Plan

FAILURES = "failures.jsonl"
_AGAIN = "give the same gpnde batch command again"


@dataclass(frozen=True, eq=False)
class StudyResults:
    """The results of a study, finished or not."""

    study: Study
    runs: pl.DataFrame
    """One row per planned run: key, arm, point, replication, seed, what is varied, status, fingerprint."""
    outcomes: pl.DataFrame
    """One row per run that is ok and measure: key, measure, value (null where it is not defined), unit."""
    name: str = "the study"
    """The address of the folder as it was given."""
    notes: tuple[str, ...] = ()
    """What a reader should know about these results, one sentence each."""
    manifest: Manifest | None = None
    """What study.json says."""
    folder: Folder | None = None

    def __repr__(self) -> str:
        """Return the results in one line."""
        return f"<StudyResults of {self.study.name!r}: {self.status().text()}>"

    def status(self) -> StudyStatus:
        """Return how many runs are planned, ok, failed and missing."""
        return count(self.runs["status"])

    def status_by_arm(self) -> dict[str, StudyStatus]:
        """Return the same counts for each arm."""
        return {arm: count(self.runs.filter(arm=arm)["status"]) for arm in self.study.arms}

    @property
    def points(self) -> int:
        """The number of points of the design."""
        return int(self.runs["point"].n_unique())

    @cached_property
    def settings(self) -> list[str]:
        """The settings that are varied from point to point."""
        columns = self.runs.columns
        return columns[columns.index("seed") + 1 : columns.index("status")]

    @cached_property
    def values(self) -> pl.DataFrame:
        """Every measure of every run that is ok and defines it: arm, point, replication, measure, value, unit."""
        import polars as pl

        runs = self.runs.filter(pl.col("status") == "ok").select("key", "arm", "point", "replication")
        order = ["arm", "point", "replication", "measure"]
        defined = self.outcomes.filter(pl.col("value").is_finite())
        return runs.join(defined, on="key").select(*order, "value", "unit").sort(order)

    @cached_property
    def measures(self) -> list[str]:
        """The measures of the study that runs have, in alphabetical order; without those kept for comparisons only."""
        return [name for name in self._kept if any(covers(each, name) for each in self.study.measures)]

    @cached_property
    def _kept(self) -> list[str]:
        return list(self.outcomes["measure"].unique().sort())

    @property
    def absent_measures(self) -> list[str]:
        """The measures that the study names and of which no run has a value."""
        return [each for each in self.study.measures if not any(covers(each, name) for name in self._kept)]

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each measure."""
        return dict(self.outcomes.select("measure", "unit").unique("measure", maintain_order=True).iter_rows())

    def better(self, measure: str) -> Better:
        """Return which values of a measure are better: higher, lower or neither."""
        return better_of(measure, self._components)

    @cached_property
    def _components(self) -> tuple[str, ...]:
        scenario = self.study.scenario
        return component_names(scenario if isinstance(scenario, dict) else {}, self.study.arms)

    def table(self, name: str) -> pl.DataFrame:
        """Return a table that was kept of each run, with the keys of the runs in front.

        Raises
        ------
        StudyError
            The study keeps no such table, or it is not written yet.
        """
        kept = self.study.tables
        if name not in kept:
            raise StudyError(
                where=self.name,
                expected=f"table {name!r}: not kept{nearest(name, kept)}: name it in tables of the study",
            )
        found = _table(self.folder, f"tables/{name}.parquet", kept_columns(name)) if self.folder else None
        if found is None:
            raise StudyError(where=self.name, expected=f"table {name!r}: not written yet: {_AGAIN}")
        return found

    def run(self, key: str) -> dict[str, Any]:
        """Return the row of a run; where arms share it, that of the first.

        Raises
        ------
        StudyError
            There is no such run; the error names the nearest key.
        """
        import polars as pl

        rows = self.runs.filter(pl.col("key") == key)
        if rows.is_empty():
            hint = nearest(key, self.runs["key"].unique().sort())
            raise StudyError(where=self.name, expected=f"run {key!r}: unknown{hint}: keys are in {RUNS}")
        return rows.row(0, named=True)

    def failures(self) -> list[dict[str, Any]]:
        """Return the last failure of each run that has failed: key, arm, component, error, traceback, rerun."""
        failed = {key for key, status in self.runs.select("key", "status").iter_rows() if status == "failed"}
        return [line for key, line in sorted(_failures(self.folder).items()) if key in failed]

    def damaged_parts(self) -> list[str]:
        """Return the committed parts that have changed or cannot be read; all of them are looked at."""
        from gpnde.study.run_records import PARTS, SUFFIX, read_run_records

        if self.folder is None:
            return []
        return [self.folder / f"{PARTS}/{part}{SUFFIX}" for part in read_run_records(self.folder).broken]

    def refuse_if_empty(self) -> None:
        """Raise an error if no run of the study is ok.

        Raises
        ------
        StudyError
            No run is ok.
        """
        if "ok" not in self.runs["status"]:
            raise StudyError(where=self.name, given=self.status().text(), expected=f"nothing to evaluate yet: {_AGAIN}")

    def absent_note(self) -> str:
        """Return a note on measures that no run has; empty if there are none."""
        absent = self.absent_measures
        return f"no run has a value of {', '.join(absent)}: 'gpnde run --json' lists what runs have" if absent else ""

    def undefined_note(self) -> str:
        """Return a note on measures that runs report without a value; empty if there are none."""
        import polars as pl

        counts = self.outcomes.group_by("measure").agg(
            runs=pl.len(), lacking=(pl.col("value").is_null() | ~pl.col("value").is_finite()).sum()
        )
        lacking = counts.filter(pl.col("lacking") > 0, pl.col("measure").is_in(self.measures)).sort("measure")
        told = [f"{name} in {few} of {runs} runs" for name, runs, few in lacking.iter_rows()]
        return f"not defined: {', '.join(told)}: these runs do not count for it" if told else ""

    def missing_note(self) -> str:
        """Return a note on runs that failed or are missing; empty if all are ok."""
        status = self.status()
        if status.ok == status.planned:
            return ""
        return f"{status.text()}: only the runs that are ok count; to do the others, {_AGAIN}"


def open_study(out: str | os.PathLike[str]) -> StudyResults:
    """Return the results in the folder of a study, a path or an address that fsspec knows.

    A study that is not finished is read from what its workers have committed. Nothing in the folder is changed.

    Raises
    ------
    StudyError
        There is no such folder, it holds no study, or its tables are damaged and nothing is left to make them from.
    """
    folder = Folder(out)
    manifest = _manifest(folder)
    study = Study.model_validate(manifest.study)
    runs, outcomes, notes = _Reader(folder, manifest, study).read()
    return StudyResults(study, runs, outcomes, folder.name, notes, manifest, folder)


def plan_again(folder: Folder, manifest: Manifest, study: Study) -> Plan:
    """Return the plan of a study in its folder, as it is made with what is installed here.

    Raises
    ------
    StudyError
        Something is not installed here that the study needs.
    """
    from gpnde.study.plan import Plan

    try:
        return Plan(study)
    except GpndeError as error:
        added = " ".join(f"--plugin {name}" for name in manifest.plugins)
        advice = f"it was made with {added}" if added else "install here what it was made with"
        raise StudyError.passing_on(error, f"{folder.name}: the study cannot be planned here", advice) from None


def _manifest(folder: Folder) -> Manifest:
    if folder.is_local and os.path.exists(folder.address) and not os.path.isdir(folder.address):
        told = what_it_is(folder.address) or "is a file: name the DIR of 'gpnde batch STUDY --out DIR'"
        raise StudyError(where=folder.name, expected=told)
    try:
        return read_manifest(folder)
    except FileNotFoundError:
        pass
    if not folder.exists():
        raise StudyError(where=folder.name, expected="no such folder: name the DIR of 'gpnde batch STUDY --out DIR'")
    missing = f"no {MANIFEST}" if folder.names() else "is an empty folder"
    told = what_it_is(folder.address) if folder.is_local and folder.names() else ""
    told = told or f"{missing}: not a study: name the DIR of 'gpnde batch STUDY --out DIR'"
    raise StudyError(where=folder.name, expected=told)


class _Reader:
    """Reads runs and outcomes: from the tables of a finished study, else from what is committed."""

    def __init__(self, folder: Folder, manifest: Manifest, study: Study) -> None:
        self._folder, self._manifest, self._study = folder, manifest, study
        self._notes: list[str] = []
        self._faults: list[StudyError] = []

    def read(self) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
        runs, outcomes = self._written(RUNS), self._written(OUTCOMES)
        if runs is None or outcomes is None or not _is_finished(runs, self._study):
            runs, outcomes = self._committed(runs, outcomes)
        return runs, outcomes, tuple(self._notes)

    def _written(self, name: str) -> pl.DataFrame | None:
        try:
            found = _table(self._folder, name, OUTCOMES_TYPES if name == OUTCOMES else RUNS_TYPES)
            if found is not None and name == RUNS:
                _refuse_strange_runs(found, self._study, self._folder / name)
            return found
        except StudyError as error:
            self._faults.append(error)
            self._notes.append(f"{error}; made of the committed parts instead")
            return None

    def _committed(self, runs: pl.DataFrame | None, outcomes: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return both tables from the committed parts, or the existing ones if there are no parts."""
        from gpnde.study.run_records import part_names

        tables = None if runs is None or outcomes is None else (runs, outcomes)
        if tables and not part_names(self._folder):
            return tables
        if not tables and self._faults and not part_names(self._folder):
            raise StudyError.passing_on(self._faults[0], after=f"nothing is left to make it from: {_AGAIN}")
        try:
            return self._from_parts()
        except GpndeError as error:
            if tables is None:
                raise
            self._notes.append(f"{error}; what was committed after the last batch ended is left out")
            return tables

    def _from_parts(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        import polars as pl

        from gpnde.study.outputs import outcomes_table, runs_table
        from gpnde.study.run_records import PARTS, SUFFIX, read_run_records
        from gpnde.study.runner import Batch

        plan = plan_again(self._folder, self._manifest, self._study)
        records = read_run_records(self._folder)
        for name in records.broken:
            part = self._folder / f"{PARTS}/{name}{SUFFIX}"
            self._notes.append(f"{part}: damaged: its runs count as missing until gpnde batch does them again")
        specs = Batch(plan, self._folder, records).planned()
        tables = runs_table(plan, specs, records), outcomes_table(self._folder, specs, records)
        runs, outcomes = (pl.DataFrame(pl.from_arrow(table)) for table in tables)
        return runs, outcomes


def _is_finished(runs: pl.DataFrame, study: Study) -> bool:
    """Return whether all runs that the study wants are ok, as far as their table tells.

    Where precision decides on their number, only what is committed tells.
    """
    wanted = study.replications
    if not isinstance(wanted, int) or runs.height != wanted * len(study.arms) * int(runs["point"].n_unique()):
        return False
    return bool((runs["status"] == "ok").all())


def _table(folder: Folder, name: str, wanted: Mapping[str, str]) -> pl.DataFrame | None:
    """Return a table of the folder whose columns have the *wanted* types, None if it is not there."""
    import polars as pl

    try:
        found = pl.read_parquet(io.BytesIO(folder.read(name)))
    except FileNotFoundError:
        return None
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise StudyError(where=folder / name, expected=f"cannot be read: {str(error).splitlines()[0]}") from None
    _refuse_strange_columns(found, wanted, folder / name)
    return found


def _refuse_strange_columns(found: pl.DataFrame, wanted: Mapping[str, str], where: str) -> None:
    given = {name: str(kind) for name, kind in found.schema.items()}
    for column, kind in wanted.items():
        if given.get(column) != kind:
            raise StudyError(where=where, expected=f"column {column}: {given.get(column, 'missing')}: must be {kind}")


def _refuse_strange_runs(runs: pl.DataFrame, study: Study, where: str) -> None:
    """Raise an error for a table of runs that belongs to another study."""
    columns = runs.columns
    if not columns.index("seed") < columns.index("status"):
        raise StudyError(where=where, expected="column status: before seed: must come after it")
    for column, known in {"arm": list(study.arms), "status": ["ok", "failed", "missing"]}.items():
        stray = next((name for name in runs[column].unique().sort() if name not in known), None)
        if stray is not None:
            raise StudyError(where=where, given=f"{column} {stray!r}", expected=f"must be {' or '.join(known)}")
    empty = next((name for name in RUNS_TYPES if name != "fingerprint" and runs[name].null_count()), None)
    if empty or runs.is_empty():
        raise StudyError(where=where, expected=f"column {empty or 'key'}: empty: must have a value in each row")


def _failures(folder: Folder | None) -> Mapping[str, dict[str, Any]]:
    """Return the last line of each run in failures.jsonl; a truncated line is ignored."""
    if folder is None or not folder.exists(FAILURES):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for line in folder.read(FAILURES).decode("utf-8", "replace").splitlines():
        failure = _failure_in(line)
        if failure is not None:
            found[failure["key"]] = failure
    return found


def _failure_in(line: str) -> dict[str, Any] | None:
    """Return the failure in a line, or None if the line does not hold a whole one."""
    try:
        failure = json.loads(line)
    except (ValueError, RecursionError):
        return None
    types = get_type_hints(Failure).items()
    whole = isinstance(failure, dict) and all(isinstance(failure.get(name), kind) for name, kind in types)
    return failure if whole else None
