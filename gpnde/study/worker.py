"""The work of a worker: a few runs of a study, committed to its folder together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gpnde.errors import GpndeError, StudyError, StudyFailure, one_line
from gpnde.study.attempt import Attempt, Failure, attempt, not_kept
from gpnde.study.folder import Folder
from gpnde.study.manifest import MANIFEST, read_manifest
from gpnde.study.run_records import Status, commit_part
from gpnde.study.versions import check_versions

if TYPE_CHECKING:
    import pyarrow

    from gpnde.study.plan import Plan, RunSpec

SECONDS = 2.0
"""Work after which a worker commits what it has done and hands the rest back (s)."""

_CHANGING = threading.Lock()


class Plugins(NamedTuple):
    """The plugins that a process uses beside those that are installed."""

    added: tuple[str, ...] = ()
    """What was named with ``--plugin``."""
    allowed: str | None = None
    """The names in ``GPNDE_PLUGINS``; None: all."""

    @classmethod
    def here(cls) -> Plugins:
        """Return the plugins of this process."""
        from gpnde.plugin.added import added_names
        from gpnde.plugin.loading import ALLOWED

        return cls(added_names(), os.environ.get(ALLOWED))

    def use(self) -> None:
        """Use the same plugins in this process, and discover them again if it used others."""
        from gpnde.plugin.added import set_added_names
        from gpnde.plugin.host import forget_plugins
        from gpnde.plugin.loading import ALLOWED

        with _CHANGING:
            if self == Plugins.here():
                return
            set_added_names(self.added)
            os.environ.pop(ALLOWED, None)
            if self.allowed is not None:
                os.environ[ALLOWED] = self.allowed
            forget_plugins()
            # The plan that is kept was made with the plugins from before.
            _plan_in.cache_clear()


@dataclass(frozen=True)
class Task:
    """Some runs for a worker: data only, from which it makes the scenarios itself."""

    folder: str
    """Address of the folder of the study, in which the worker finds the study too."""
    name: str
    """The address as the user gave it, for messages."""
    digest: str
    """Digest of the study that must be there."""
    specs: tuple[RunSpec, ...]
    versions: Mapping[str, Mapping[str, Any]]
    """Versions that gpnde and the components of the study must have."""
    plugins: Plugins = Plugins()
    seconds: float = SECONDS
    """When to stop beginning another run (s)."""


class Report(NamedTuple):
    """The report of a worker: statuses and failures; results are in the folder."""

    runs: tuple[tuple[str, Status], ...]
    """Key and status of each run that was committed."""
    failures: tuple[Failure, ...]
    left: tuple[RunSpec, ...]
    """Runs that were not begun."""
    seconds: float
    """Time that the committed runs took together (s)."""


def run_task(task: Task) -> Report:
    """Do the runs of a task, commit them as one part, and report the status of each.

    Raises
    ------
    StudyError
        The folder cannot be used, something is installed here in another version than where the study is planned, or
        an unexpected error occurred outside of a run; it names the runs of the task.
    """
    try:
        task.plugins.use()
        return do_runs(_plan_of(task), Folder(task.folder), task)
    except GpndeError:
        raise
    except Exception as error:
        first, more = task.specs[0], len(task.specs) - 1
        others = f" or one of {more} runs beside it" if more else ""
        where = f"arm {first.arm}, point {first.point}, replication {first.replication}, seed {first.seed}"
        advice = "report this, with the traceback that --jobs 1 --debug shows"
        raise StudyFailure(
            where=task.name, expected=f"run {first.key} ({where}){others}: {one_line(error)}: {advice}"
        ) from error


def do_runs(plan: Plan, folder: Folder, task: Task) -> Report:
    """Do the runs of a task until its time is up, at least one, and commit them."""
    began = time.perf_counter()
    attempts: list[Attempt] = []
    for spec in task.specs:
        if attempts and time.perf_counter() - began > task.seconds:
            break
        attempts.append(attempt(plan, spec, task.name))
    attempts = _committed(plan, folder, task, attempts)
    runs = tuple((each.outcome.key, each.outcome.status) for each in attempts)
    failures = tuple(each.failure for each in attempts if each.failure)
    return Report(runs, failures, task.specs[len(runs) :], time.perf_counter() - began)


def _committed(plan: Plan, folder: Folder, task: Task, attempts: list[Attempt]) -> list[Attempt]:
    """Commit attempts together or, if one of them cannot be stored, each alone, and return the committed ones."""
    try:
        _commit(folder, attempts)
        return attempts
    except GpndeError:
        raise
    except Exception:
        specs = task.specs[: len(attempts)]
        return [_committed_alone(plan, folder, task.name, *each) for each in zip(specs, attempts, strict=True)]


def _committed_alone(plan: Plan, folder: Folder, name: str, spec: RunSpec, each: Attempt) -> Attempt:
    """Commit an attempt, as failed if it cannot be stored, and return it."""
    try:
        _commit(folder, [each])
        return each
    except GpndeError:
        raise
    except Exception as error:
        failed = not_kept(spec, name, each, error, plan.components)
        _commit(folder, [failed])
        return failed


def _commit(folder: Folder, attempts: list[Attempt]) -> None:
    kept: dict[str, list[pyarrow.Table]] = {}
    for each in attempts:
        for name, table in each.tables.items():
            kept.setdefault(name, []).append(table)
    commit_part(folder, [each.outcome for each in attempts], kept)


def _plan_of(task: Task) -> Plan:
    """Return the plan of a task's study as it is made here, if that is the same as where the study is planned."""
    try:
        plan = _plan_in(task.folder, task.digest)
        check_versions(task.versions, plan.components)
    except FileNotFoundError:
        raise StudyError(
            where=task.name, expected=f"a worker finds no {MANIFEST} there: name a folder that all workers share"
        ) from None
    except StudyError:
        raise
    except GpndeError as error:
        raise StudyError.passing_on(
            error, "a worker cannot make the study", "install there what is installed here"
        ) from None
    if plan.digest != task.digest:
        raise StudyError(
            where=task.name, expected="a worker finds another study there: name a folder that all workers share"
        )
    return plan


@lru_cache(maxsize=1)
def _plan_in(address: str, digest: str) -> Plan:
    """Return the plan of the study in a folder; the *digest* tells apart what lay there at different times."""
    from gpnde.study.plan import Plan
    from gpnde.study.schema import Study

    return Plan(Study.model_validate(read_manifest(Folder(address)).study))
