"""A run whose results cannot be kept fails by itself: it names its culprit, and its neighbours are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import StudyError, StudyFailure
from gpnde.results.metric import Metric
from gpnde.study.attempt import Attempt, attempt
from gpnde.study.folder import Folder
from gpnde.study.plan import Plan, RunSpec
from gpnde.study.run_records import read_run_records
from gpnde.study.runner import run_study
from gpnde.study.worker import do_runs
from tests.small_studies import small_study
from tests.study.test_worker import task_for


@pytest.mark.parametrize("value", [None, "text", [1.0]])
def test_value_that_is_no_number_fails_its_run_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: Any
) -> None:
    def spoilt(plan: Plan, spec: RunSpec, folder: str) -> Attempt:
        done = attempt(plan, spec, folder)
        if spec.replication != 1:
            return done
        metrics = (*done.outcome.metrics, Metric("metric.odd.value", value, "1"))
        return done._replace(outcome=done.outcome._replace(metrics=metrics))

    monkeypatch.setattr("gpnde.study.worker.attempt", spoilt)
    task = task_for(tmp_path)
    report = do_runs(Plan(small_study()), Folder(tmp_path), task)
    assert [status for _, status in report.runs] == ["ok", "failed", "ok"]
    (failure,) = report.failures
    assert failure.key == task.specs[1].key
    assert failure.error.startswith(
        f"metric.odd.value = {value!r} (1): cannot be kept: must be a number (seed 1): TypeError"
    )
    assert {entry.status for entry in read_run_records(Folder(tmp_path)).entries.values()} == {"ok", "failed"}


def test_unexpected_error_names_the_runs_and_does_not_promise_that_going_on_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("gpnde.study.worker.attempt", broken)
    first = next(Plan(small_study()).specs(range(1)))
    where = "arm baseline, point 0, replication 0, seed 1"
    with pytest.raises(StudyFailure, match=rf"run {first.key} \({where}\): ZeroDivisionError: .*: report this") as told:
        run_study(small_study(), tmp_path, jobs=1)
    assert isinstance(told.value, StudyError)
    assert "no workers remain" not in str(told.value)
