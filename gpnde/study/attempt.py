"""One run of a study: simulated, measured, or failed in one line that says where and how to repeat it."""

from __future__ import annotations

import shlex
import time
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from gpnde.errors import GpndeError, one_line
from gpnde.study.run_records import Outcome

if TYPE_CHECKING:
    import pyarrow

    from gpnde.results import Run
    from gpnde.study.plan import Plan, RunSpec


class Failure(NamedTuple):
    """A run that failed, as a line of ``failures.jsonl`` tells it."""

    key: str
    arm: str
    point: int
    replication: int
    component: str
    """The component that is to blame; empty if none is."""
    error: str
    """What went wrong, in one line."""
    traceback: str
    rerun: str
    """The command that repeats the run."""

    def text(self) -> str:
        """Return the message that is printed when the run has failed."""
        where = f"arm {self.arm}, point {self.point}, replication {self.replication}"
        return f"run {self.key} ({where}) failed: {self.error}: repeat it with {self.rerun}"


class Attempt(NamedTuple):
    """A run with its stored results, or with the reason why it failed."""

    outcome: Outcome
    tables: dict[str, pyarrow.Table] = {}
    failure: Failure | None = None


def attempt(plan: Plan, spec: RunSpec, folder: str) -> Attempt:
    """Do one run of a study that is kept in *folder*; errors become failures, never exceptions."""
    from gpnde.engine import simulate
    from gpnde.study.measures import measure

    began = time.perf_counter()
    stage = "scenario"
    try:
        scenario = plan.scenario(spec.arm, spec.point, spec.values)
        stage = "simulate"
        run = simulate(scenario, seed=spec.seed, replication=spec.replication)
        stage = "measure"
        metrics = tuple(measure(run, plan.study))
        tables = {name: _with_key(run, name, spec.key) for name in plan.study.tables}
        outcome = Outcome(spec.key, "ok", run.fingerprint, time.perf_counter() - began, metrics=metrics)
        return Attempt(outcome, tables)
    except Exception as error:
        text = one_line(error)
        outcome = Outcome(spec.key, "failed", None, time.perf_counter() - began, stage, text)
        blamed = error.component_name if isinstance(error, GpndeError) else ""
        return Attempt(outcome, failure=failure_of(spec, folder, text, blamed, error))


def not_kept(spec: RunSpec, folder: str, given: Attempt, error: BaseException, components: Iterable[str]) -> Attempt:
    """Return the failure of a run with results that could not be committed; it names the measure or table."""
    what, metric = _unfit(given)
    text = f"{what} (seed {spec.seed}): {one_line(error)}"
    outcome = Outcome(spec.key, "failed", None, given.outcome.seconds, "commit", text)
    # The longest name, since that of one component may begin with that of another.
    blamed = max((name for name in components if metric.startswith(f"{name}.")), key=len, default="")
    return Attempt(outcome, failure=failure_of(spec, folder, text, blamed, error))


def _unfit(given: Attempt) -> tuple[str, str]:
    """Return a description and the name of what cannot be stored: the first measure that is no number, else tables."""
    for name, value, unit in given.outcome.metrics:
        if not (isinstance(name, str) and isinstance(value, float) and isinstance(unit, str)):
            return f"{name} = {value!r} ({unit}): cannot be kept: must be a number", str(name)
    return f"tables {', '.join(given.tables)}: cannot be kept" if given.tables else "cannot be kept", ""


def failure_of(spec: RunSpec, folder: str, text: str, blamed: str = "", error: BaseException | None = None) -> Failure:
    """Return a failure with its text, the component at fault, the traceback, and the command that repeats the run."""
    details = "".join(traceback.format_exception(error)) if error else ""
    command = shlex.join(["gpnde", "rerun", folder, spec.key])
    return Failure(spec.key, spec.arm, spec.point, spec.replication, blamed, text, details, command)


def _with_key(run: Run, name: str, key: str) -> pyarrow.Table:
    """Return a table of a run behind a column that says which run it is."""
    import pyarrow as pa

    table = run.to_arrow(name)
    marked = pa.field("key", pa.string(), metadata={"unit": "name", "doc": "Run."})
    return table.add_column(0, marked, pa.array([key] * table.num_rows, pa.string()))
