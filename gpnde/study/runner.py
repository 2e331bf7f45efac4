"""Run a study: dispatch all missing runs to workers, and write the results into its folder."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gpnde.errors import StudyError, StudyFailure
from gpnde.study.attempt import Failure
from gpnde.study.dispatch import Dispatcher
from gpnde.study.executors import (
    AnyExecutor,
    DaskCluster,
    InProcess,
    LocalProcesses,
    Workers,
    WorkersLost,
    end_if_script_is_imported_by_worker,
    warm_up,
)
from gpnde.study.folder import Folder
from gpnde.study.manifest import claim, make_manifest, refuse_strangers
from gpnde.study.outputs import values_of, write_outputs
from gpnde.study.precision import collect, points_to_continue, steps
from gpnde.study.run_records import PARTS, TABLES, Entry, RunRecords, read_run_records, set_aside
from gpnde.study.status import StudyStatus, status_of
from gpnde.study.versions import expected_versions
from gpnde.study.worker import Plugins, Report, Task
from gpnde.vocabulary import COMPILING

if TYPE_CHECKING:
    from gpnde.study.plan import Plan, RunSpec
    from gpnde.study.schema import Study

FAILURES = "failures.jsonl"

Progress = Callable[[int, int], None]
"""Called with the number of settled and of planned runs."""

Tell = Callable[[str], None]


def run_study(
    study: Study,
    out: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    dask: str | None = None,
    max_failures: int | None = None,
    fail_fast: bool = False,
    retry_failed: bool = False,
    progress: Progress | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    tell: Tell | None = None,
) -> StudyStatus:
    """Do the runs of a study that are not done yet, and write its tables into the folder *out*.

    *out* is a path, or an address that fsspec knows and all workers reach. The work is done by *jobs* processes of this
    machine (as many as there are cores; 1: by this process), by any *executor* of `concurrent.futures`, or by the
    workers of a *dask* scheduler. It ends early after more than *max_failures* failed runs; *fail_fast* allows none.
    Runs that failed in an earlier call are done again with *retry_failed* only. *progress*, *on_failure* and *tell*
    are told what happens.

    Raises
    ------
    StudyError
        The study is wrong, the folder holds another one or cannot be written, or no workers remain; what is
        committed stays, and the same call resumes.
    """
    from gpnde.study.measures import check_measures
    from gpnde.study.plan import Plan

    end_if_script_is_imported_by_worker()
    tell = tell or ignore
    plan = Plan(study)
    for line in plan.groups():
        tell(line)
    check_measures(plan.study)
    folder = Folder(out)
    # Before it is locked, which leaves a file in the folder.
    refuse_strangers(folder)
    with folder.locked():
        plugins = Plugins.here()
        claim(folder, make_manifest(plan, plugins.added), tell)
        batch = Batch(plan, folder, usable_records(folder, study.tables, tell))
        batch.allowed_failures = 0 if fail_fast else max_failures
        batch.retry_failed, batch.progress, batch.on_failure = retry_failed, progress, on_failure
        task = Task(folder.address, folder.name, plan.digest, (), expected_versions(plan.components), plugins)
        with open_workers(jobs_of(jobs, batch.most_runs), executor, dask, plugins, tell) as workers:
            batch.do(Dispatcher(workers, task, folder, batch.settle))
        return batch.finish()


class Batch:
    """The runs of a study in one call: which there are, which are done and which have failed."""

    def __init__(self, plan: Plan, folder: Folder, records: RunRecords) -> None:
        """Start from the runs that the *records* have as done."""
        self.plan, self.folder, self.records = plan, folder, records
        self.retry_failed = False
        self.allowed_failures: int | None = None
        self.progress: Progress | None = None
        self.on_failure: Callable[[Failure], None] | None = None
        self._specs: list[RunSpec] = []
        self._handed_out: set[str] = set()
        self._planned = self._settled = 0
        self._simulated = self._failed = 0
        self._stopped = ""

    @property
    def most_runs(self) -> int:
        """The largest possible number of runs."""
        wanted = self.plan.study.replications
        return self._rows(wanted if isinstance(wanted, int) else wanted.max, len(self.plan.points))

    def planned(self) -> list[RunSpec]:
        """Return the runs that are planned, given those that are committed."""
        for replications, points in self._rounds():
            if list(self._missing(self.plan.specs(replications, points))):
                break
        return self._specs

    def do(self, dispatcher: Dispatcher) -> None:
        """Dispatch the missing runs, in rounds where precision decides on the number of replications."""
        for replications, points in self._rounds():
            self._planned += self._rows(len(replications), len(self.plan.points if points is None else points))
            missing = self._missing(self.plan.specs(replications, points))
            try:
                continues = dispatcher.run(missing, lambda: self._planned - len(self._specs))
            except WorkersLost as error:
                self._stopped = f"no workers remain ({error})"
                continues = False
            if not continues:
                # The rest of the round stays planned, and missing.
                deque(missing, maxlen=0)
                return

    def settle(self, report: Report) -> bool:
        """Record what a worker has committed, and return whether to continue."""
        self._advance(len(report.runs))
        self._simulated += len(report.runs)
        for key, status in report.runs:
            self.records.add(key, Entry(status, "", None))
            self._failed += status == "failed"
        write_failures(self.folder, report.failures, self.on_failure)
        if self.allowed_failures is not None and self._failed > self.allowed_failures:
            self._stopped = f"more than {self.allowed_failures} runs failed"
        return not self._stopped

    def finish(self) -> StudyStatus:
        """Write the tables of all committed runs, and return the progress of the study.

        Raises
        ------
        StudyError
            The workers were lost before all runs were done.
        """
        # Read the folder again: only what is committed there counts.
        self.records = write_outputs(self.folder, self.plan, self._specs)
        status = status_of(self._specs, self.records, self._simulated, self._stopped)
        if self._stopped and not self._failed:
            raise StudyFailure(
                given=f"{self._stopped}: {status.text()} in {self.folder.name}",
                expected="run the same command to resume",
            )
        return status

    def _rounds(self) -> Iterator[tuple[range, list[int] | None]]:
        """Yield which replications to do next, and at which points; None: at all."""
        wanted = self.plan.study.replications
        if isinstance(wanted, int):
            yield range(wanted), None
            return
        done, points = 0, list(range(len(self.plan.points)))
        for count in steps(wanted.min, wanted.max):
            yield range(done, count), points
            runs = ((spec.key, spec.arm, spec.point) for spec in self._specs if spec.point in set(points))
            points = points_to_continue(collect(runs, values_of(self.folder, wanted.of)), wanted.until)
            done = count
            if not points:
                return

    def _missing(self, specs: Iterable[RunSpec]) -> Iterator[RunSpec]:
        """Yield the runs that are not done, each key once, and keep a list of all."""
        for spec in specs:
            self._specs.append(spec)
            if spec.key in self._handed_out or self.records.settled(spec.key, self.retry_failed):
                self._advance(1)
                continue
            self._handed_out.add(spec.key)
            yield spec

    def _rows(self, replications: int, points: int) -> int:
        return replications * points * len(self.plan.arms)

    def _advance(self, runs: int) -> None:
        self._settled += runs
        if self.progress:
            self.progress(self._settled, self._planned)


def write_failures(
    folder: Folder, failures: Iterable[Failure], on_failure: Callable[[Failure], None] | None = None
) -> None:
    """Add failures to ``failures.jsonl``, and tell each to *on_failure*."""
    for failure in failures:
        line = json.dumps(failure._asdict(), ensure_ascii=False)
        folder.append(FAILURES, f"{line}\n".encode())
        if on_failure:
            on_failure(failure)


def usable_records(folder: Folder, tables: Iterable[str], tell: Tell) -> RunRecords:
    """Return the committed runs, after removing partial files of writers that ended early."""
    for place in ("", PARTS, TABLES, *(f"{TABLES}/{name}" for name in tables)):
        folder.clean(place)
    records = read_run_records(folder)
    set_aside(folder, records, tell)
    return records


def jobs_of(given: int | None, most: int) -> int:
    """Return the number of worker processes: as *given* or one per core, and no more than runs."""
    if given is not None and given < 1:
        raise StudyError(where="jobs", given=str(given), expected="must be at least 1")
    return max(1, min(given or _cores(), most))


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_workers(
    jobs: int, executor: Executor | None, dask: str | None, plugins: Plugins, tell: Tell
) -> Iterator[Workers]:
    """Yield the workers; release them afterwards, and stop them at once after an error."""
    workers = _make_workers(jobs, executor, dask, plugins, tell)
    at_once = True
    try:
        yield workers
        at_once = False
    finally:
        workers.close(at_once)


def _make_workers(jobs: int, executor: Executor | None, dask: str | None, plugins: Plugins, tell: Tell) -> Workers:
    from gpnde.numerics.compiled import is_warm

    if executor is not None and dask is not None:
        raise StudyError(where="executor and dask", expected="both given: give one of them")
    if executor is not None:
        return AnyExecutor(executor, jobs)
    if dask is not None:
        return DaskCluster(dask)
    if not is_warm("cohort.advance"):
        tell(COMPILING)
        warm_up()
    return InProcess() if jobs == 1 else LocalProcesses(jobs, plugins)


def ignore(_: str) -> None:
    """Ignore a message."""
