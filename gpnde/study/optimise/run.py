"""Run an optimisation: race trials on all workers, confirm the best with fresh seeds, and write the results."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from gpnde.errors import GpndeError, StudyError, StudyFailure
from gpnde.study.attempt import Failure
from gpnde.study.dispatch import Dispatcher
from gpnde.study.executors import WorkersLost, end_if_script_is_imported_by_worker
from gpnde.study.folder import Folder
from gpnde.study.manifest import claim, make_manifest
from gpnde.study.measures import check_measures
from gpnde.study.optimise.outcome import Outcome, confirmed, outcome_of
from gpnde.study.optimise.race import Race, as_json
from gpnde.study.optimise.sampler import ends_of
from gpnde.study.optimise.schema import Optimisation
from gpnde.study.optimise.trials import KnownValues
from gpnde.study.optimise.write import RESULT, write_outcome
from gpnde.study.run_records import Entry, RunRecords
from gpnde.study.runner import Progress, Tell, ignore, jobs_of, open_workers, usable_records, write_failures
from gpnde.study.versions import expected_versions
from gpnde.study.worker import Plugins, Report, Task

if TYPE_CHECKING:
    from gpnde.study.plan import Plan

RUNS = "runs"
"""The folder, inside that of the results, which holds the runs."""


def run_optimisation(
    optimisation: Optimisation,
    out: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    tell: Tell | None = None,
) -> Outcome:
    """Do the runs of an optimisation that are not done yet, write its results into the folder *out*, return them.

    The same call resumes after an interruption, and leaves the same results as an undisturbed one, with any number of
    *jobs*, or of workers of an *executor*.

    Raises
    ------
    StudyError
        A setting or metric is wrong, the folder holds something else, all trials have failed, or no workers remain.
    MissingExtra
        The extra ``optimise`` is not installed.
    """
    from gpnde.study.plan import Plan

    end_if_script_is_imported_by_worker()
    tell = tell or ignore
    plan = Plan(optimisation.study)
    check_measures(plan.study)
    _check_settings(plan, optimisation)
    folder = Folder(out)
    _refuse_strangers(folder)
    runs = Folder(f"{os.fspath(out)}/{RUNS}")
    with runs.locked():
        plugins = Plugins.here()
        claim(runs, make_manifest(plan, plugins.added), tell)
        records = _records(runs, retry_failed, tell)
        known = KnownValues(runs, optimisation.search.metrics)
        race = Race(optimisation, plan, records, known)
        settle = _Settling(race, runs, records, known, progress, on_failure)
        task = Task(runs.address, runs.name, plan.digest, (), expected_versions(plan.components), plugins)
        with open_workers(jobs_of(jobs, race.planned), executor, None, plugins, tell) as workers:
            outcome = _raced(race, Dispatcher(workers, task, runs, settle), optimisation)
    write_outcome(folder, outcome, plan)
    return outcome


def _records(runs: Folder, retry_failed: bool, tell: Tell) -> RunRecords:
    """Return the runs that are done, without those that are to be done again."""
    records = usable_records(runs, (), tell)
    if retry_failed:
        records.entries = {key: entry for key, entry in records.entries.items() if entry.status == "ok"}
    return records


def _raced(race: Race, dispatcher: Dispatcher, optimisation: Optimisation) -> Outcome:
    """Do all runs of the race, and fresh ones of the trials that came out best."""
    try:
        dispatcher.run(race, lambda: race.waiting)
        chosen = outcome_of(optimisation, race.trials)
        race.confirm(chosen.finalists)
        dispatcher.run(race, lambda: race.waiting)
    except WorkersLost as error:
        raise StudyFailure(given=f"no workers remain ({error})", expected="run the same command to resume") from None
    return confirmed(chosen, race)


class _Settling:
    """Enters what workers have committed."""

    def __init__(
        self,
        race: Race,
        folder: Folder,
        records: RunRecords,
        known: KnownValues,
        progress: Progress | None,
        on_failure: Callable[[Failure], None] | None,
    ) -> None:
        self._race, self._folder, self._records, self._known = race, folder, records, known
        self._progress, self._on_failure = progress, on_failure

    def __call__(self, report: Report) -> bool:
        """Enter a report and return True: failed trials are results, too."""
        for key, status in report.runs:
            self._records.add(key, Entry(status, "", None))
        write_failures(self._folder, report.failures, self._on_failure)
        self._known.refresh()
        if self._progress:
            self._progress(self._race.settled, self._race.planned)
        return True


def _check_settings(plan: Plan, optimisation: Optimisation) -> None:
    """Refuse a setting that does not fit into the scenario at either end of its bounds."""
    for path, ends in ends_of(optimisation.search.settings).items():
        errors = [error for end in ends if (error := _error_at(plan, path, end))]
        if len(errors) == len(ends):
            raise StudyError.passing_on(errors[0], f"optimise.settings.{path}")


def _error_at(plan: Plan, path: str, value: object) -> GpndeError | None:
    try:
        plan.specs_with(as_json({path: value}), range(1))
    except GpndeError as error:
        return error
    return None


def _refuse_strangers(folder: Folder) -> None:
    names = [name for name in folder.names() if not name.startswith(".")]
    if names and RUNS not in names and RESULT not in names:
        raise StudyError(
            where=folder.name, expected=f"holds {names[0]} and no optimisation: name a new folder or that of one"
        )
