"""A study does what is missing and nothing twice, on whatever does the work, and leaves the same tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars as pl
import pyarrow.parquet as parquet
import pytest

from gpnde import simulate
from gpnde.errors import StudyError
from gpnde.scenario import load_scenario
from gpnde.study.attempt import Failure
from gpnde.study.folder import Folder
from gpnde.study.run_records import read_run_records
from gpnde.study.runner import run_study
from gpnde.study.status import StudyStatus
from tests.small_studies import small_study, tables_of

SUBSIDY = {"components": [{"use": "metric.trouble", "how": "nothing"}]}
FAILING = {"components": [{"use": "metric.trouble", "how": "fail"}]}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_study_leaves_one_row_per_run_with_its_outcomes(tmp_path: Path) -> None:
    status = run_study(small_study(), tmp_path / "out", jobs=1)
    assert status == StudyStatus(planned=6, ok=6, failed=0, missing=0, simulated=6)
    runs, outcomes = pl.read_parquet(tmp_path / "out/runs.parquet"), pl.read_parquet(tmp_path / "out/outcomes.parquet")
    assert runs.columns == ["key", "arm", "point", "replication", "seed", "status", "fingerprint"]
    assert outcomes.columns == ["key", "measure", "value", "unit"]
    assert sorted(runs["replication"]) == list(range(6))
    third = runs.row(by_predicate=pl.col("replication") == 3, named=True)
    run = simulate(load_scenario("single-site", {"clock.days": "14"}), seed=1, replication=3)
    assert third["fingerprint"] == run.fingerprint
    found = outcomes.filter(pl.col("key") == third["key"]).row(0, named=True)
    assert (found["value"], found["unit"]) == (run.metric("flow.fill_rate"), "1")


def test_second_call_does_nothing_and_changes_nothing(tmp_path: Path) -> None:
    run_study(small_study(), tmp_path, jobs=1)
    before = tables_of(tmp_path)
    assert run_study(small_study(), tmp_path, jobs=1).simulated == 0
    assert tables_of(tmp_path) == before


def test_all_workers_leave_the_same_bytes(tmp_path: Path) -> None:
    study = small_study(replications=12)
    run_study(study, tmp_path / "here", jobs=1)
    run_study(study, tmp_path / "processes", jobs=2)
    with ThreadPoolExecutor(2) as threads:
        run_study(study, tmp_path / "threads", executor=threads)
        run_study(study, f"memory:/{tmp_path}/out", executor=threads)
    wanted = tables_of(tmp_path / "here")
    assert tables_of(tmp_path / "processes") == wanted == tables_of(tmp_path / "threads")
    folder = Folder(f"memory:/{tmp_path}/out")
    assert {name: folder.read(name) for name in folder.names() if name.endswith(".parquet")} == wanted


def test_more_replications_keep_the_runs_that_are_done(tmp_path: Path) -> None:
    told: list[str] = []
    run_study(small_study(replications=4), tmp_path / "grown", jobs=1)
    assert run_study(small_study(), tmp_path / "grown", jobs=1, tell=told.append).simulated == 2
    assert told == [f"{tmp_path}/grown: the study has changed (replications: 4 -> 6): runs that are done stay"]
    run_study(small_study(), tmp_path / "at once", jobs=1)
    assert tables_of(tmp_path / "grown") == tables_of(tmp_path / "at once")
    run_study(small_study(replications=4), tmp_path / "grown", jobs=1)
    run_study(small_study(replications=4), tmp_path / "few", jobs=1)
    assert tables_of(tmp_path / "grown") == tables_of(tmp_path / "few")


def test_another_study_is_refused_naming_the_difference(tmp_path: Path) -> None:
    run_study(small_study(), tmp_path, jobs=1)
    with pytest.raises(StudyError, match=r"holds another study \(settings.clock.days: 14 -> 21\): name another folder"):
        run_study(small_study(settings={"clock.days": 21}), tmp_path, jobs=1)


def test_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StudyError, match="holds thesis.tex and no study.json: name a new folder"):
        run_study(small_study(), tmp_path, jobs=1)


@pytest.mark.usefixtures("trouble")
def test_arms_that_are_the_same_scenario_run_once_and_count_in_both(out: Path) -> None:
    study = small_study(arms={"baseline": {}, "same": {}, "subsidy": SUBSIDY}, replications=2)
    status = run_study(study, out, jobs=1)
    assert (status.planned, status.ok, status.simulated) == (6, 6, 4)
    assert pl.read_parquet(out / "outcomes.parquet").height == 4


@pytest.mark.usefixtures("trouble")
def test_failure_is_told_with_its_command_and_the_others_go_on(out: Path) -> None:
    failures: list[Failure] = []
    study = small_study(arms={"baseline": {}, "failing": FAILING}, replications=2)
    status = run_study(study, out, jobs=1, on_failure=failures.append)
    assert (status.ok, status.failed, status.missing, status.stopped) == (2, 2, 0, "")
    first = failures[0]
    assert (first.arm, first.component, first.replication) == ("failing", "metric.trouble", 0)
    assert first.error.endswith("ValueError: there is no luck in this one")
    assert first.rerun == f"gpnde rerun {out} {first.key}"
    assert first.text().count("\n") == 0 and first.rerun in first.text()
    lines = [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]
    assert lines == [failure._asdict() for failure in failures]
    assert "Traceback" in lines[0]["traceback"]
    statuses = pl.read_parquet(out / "runs.parquet").group_by("arm", "status").len()
    assert sorted(statuses.rows()) == [("baseline", "ok", 2), ("failing", "failed", 2)]


@pytest.mark.sampled(2)
@pytest.mark.usefixtures("trouble")
@pytest.mark.parametrize("jobs", [1, 2])
def test_batch_ends_early_after_too_many_failures_and_goes_on_later(out: Path, jobs: int) -> None:
    study = small_study(arms={"failing": FAILING, "baseline": {}}, replications=20)
    status = run_study(study, out, jobs=jobs, max_failures=2)
    assert status.stopped == "more than 2 runs failed"
    assert status.failed >= 3
    assert status.missing > 0
    assert status.planned == 40
    status = run_study(study, out, jobs=jobs)
    assert (status.ok, status.failed, status.missing) == (20, 20, 0)


@pytest.mark.usefixtures("trouble")
def test_first_failure_ends_a_batch_that_is_to_fail_fast(out: Path) -> None:
    study = small_study(arms={"failing": FAILING}, replications=5)
    status = run_study(study, out, jobs=1, fail_fast=True)
    assert (status.failed, status.missing) == (1, 4)


@pytest.mark.usefixtures("trouble")
def test_failed_runs_are_done_again_only_when_that_is_asked_for(tmp_path: Path) -> None:
    once = {"components": [{"use": "metric.trouble", "how": "fail", "once": str(tmp_path / "mark")}]}
    study = small_study(arms={"failing": once}, replications=3)
    assert run_study(study, tmp_path / "out", jobs=1).failed == 1
    assert run_study(study, tmp_path / "out", jobs=1).simulated == 0
    status = run_study(study, tmp_path / "out", jobs=1, retry_failed=True)
    assert (status.ok, status.failed, status.simulated) == (3, 0, 1)
    run_study(study, tmp_path / "undisturbed", jobs=1)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "undisturbed")


def test_damaged_part_is_set_aside_and_its_runs_run_again(tmp_path: Path) -> None:
    run_study(small_study(), tmp_path, jobs=1)
    before = tables_of(tmp_path)
    part = sorted((tmp_path / "parts").iterdir())[0]
    part.write_bytes(part.read_bytes()[:-1])
    told: list[str] = []
    assert run_study(small_study(), tmp_path, jobs=1, tell=told.append).simulated > 0
    assert [line.rpartition(": damaged: ")[2] for line in told] == [f"kept as {part.name}.broken, its runs run again"]
    assert tables_of(tmp_path) == before


@pytest.mark.thorough
def test_tables_can_be_kept_of_each_run(tmp_path: Path) -> None:
    for jobs in (1, 2):
        run_study(small_study(tables=["tiers", "markets"]), tmp_path / str(jobs), jobs=jobs)
    kept = [(tmp_path / jobs / "tables/tiers.parquet").read_bytes() for jobs in "12"]
    assert kept[0] == kept[1]
    tiers = pl.read_parquet(tmp_path / "1/tables/tiers.parquet")
    assert tiers["key"].is_sorted()
    assert tiers["key"].n_unique() == 6
    keys = pl.read_parquet(tmp_path / "1/runs.parquet").filter(replication=2)["key"]
    run = simulate(load_scenario("single-site", {"clock.days": "14"}), seed=1, replication=2)
    assert tiers.filter(key=keys[0]).drop("key").equals(run.tiers)


def test_tables_open_anywhere_and_tell_their_units(tmp_path: Path) -> None:
    run_study(small_study(), tmp_path, jobs=1)
    path = str(tmp_path / "outcomes.parquet")
    mean = pl.read_parquet(path)["value"].mean()
    assert pandas.read_parquet(path)["value"].mean() == pytest.approx(mean)
    with duckdb.connect() as database:
        asked = database.execute(f"SELECT avg(value) FROM '{path}'").fetchall()
    assert asked[0][0] == pytest.approx(mean)
    schema = parquet.read_schema(tmp_path / "runs.parquet")
    assert all(schema.field(name).metadata[b"doc"] for name in schema.names)


def test_replications_grow_until_the_mean_is_known_and_a_resumed_study_decides_the_same(tmp_path: Path) -> None:
    precision = {"until": 0.005, "of": "flow.fill_rate", "min": 4, "max": 30}
    run_study(small_study(replications=precision), tmp_path / "at once", jobs=1)
    count = pl.read_parquet(tmp_path / "at once/runs.parquet").height
    assert count in (6, 9, 14, 21, 30)
    run_study(small_study(replications=3), tmp_path / "resumed", jobs=1)
    run_study(small_study(replications=precision), tmp_path / "resumed", jobs=2)
    assert tables_of(tmp_path / "resumed") == tables_of(tmp_path / "at once")


def test_precision_that_is_there_from_the_start_takes_the_least(tmp_path: Path) -> None:
    precision = {"until": 0.9, "of": "flow.fill_rate", "min": 4, "max": 30}
    assert run_study(small_study(replications=precision), tmp_path, jobs=1).planned == 4


def test_what_is_going_on_is_told_in_numbers(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_study(small_study(), tmp_path, jobs=1, progress=lambda settled, planned: seen.append((settled, planned)))
    assert seen[-1] == (6, 6)
    assert seen == sorted(seen)


@pytest.mark.thorough
@pytest.mark.usefixtures("trouble")
def test_killed_worker_costs_no_run(tmp_path: Path) -> None:
    once = {"components": [{"use": "metric.trouble", "how": "kill", "share": 0.5, "once": str(tmp_path / "mark")}]}
    study = small_study(arms={"baseline": {}, "deadly": once}, replications=8)
    status = run_study(study, tmp_path / "out", jobs=2)
    assert (status.ok, status.failed) == (16, 0)
    run_study(study, tmp_path / "undisturbed", jobs=1)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "undisturbed")


@pytest.mark.thorough
@pytest.mark.usefixtures("trouble")
def test_broken_executor_of_the_caller_ends_the_call_and_another_one_goes_on(tmp_path: Path) -> None:
    once = {"components": [{"use": "metric.trouble", "how": "kill", "once": str(tmp_path / "mark")}]}
    study = small_study(arms={"baseline": {}, "deadly": once}, replications=2)
    line = r"^no workers remain \(the executor is broken, .*\): \d of 4 runs ok, .*: run the same command to resume$"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes, pytest.raises(StudyError, match=line):
        run_study(study, tmp_path / "out", executor=processes)
    assert (tmp_path / "out/runs.parquet").exists()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert run_study(study, tmp_path / "out", executor=processes).ok == 4


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.usefixtures("trouble")
def test_run_that_kills_its_worker_each_time_is_a_failed_run(out: Path) -> None:
    deadly = {"components": [{"use": "metric.trouble", "how": "kill"}]}
    failures: list[Failure] = []
    study = small_study(arms={"deadly": deadly, "baseline": {}}, replications=1)
    status = run_study(study, out, jobs=2, on_failure=failures.append)
    assert (status.ok, status.failed) == (1, 1)
    assert failures[0].error.startswith("worker process terminated unexpectedly 3 times")
    entries = read_run_records(Folder(out)).entries.values()
    assert sorted(entry.status for entry in entries) == ["failed", "ok"]


def test_full_disk_ends_in_one_line_and_the_same_call_goes_on(small_disk: Path, tmp_path: Path) -> None:
    study = small_study()
    filler = small_disk / "filler"
    run_study(small_study(replications=2), small_disk / "out", jobs=1)
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while file.write(bytes(4096)):
            pass
    with pytest.raises(StudyError, match="cannot be written: No space left on device: make room and run the same"):
        run_study(study, small_disk / "out", jobs=1)
    assert not list(small_disk.rglob("*.partial"))
    filler.unlink()
    assert run_study(study, small_disk / "out", jobs=1).ok == 6
    run_study(study, tmp_path / "undisturbed", jobs=1)
    assert tables_of(small_disk / "out") == tables_of(tmp_path / "undisturbed")


@pytest.mark.parametrize(("given", "line"), [({"jobs": 0}, "jobs: 0: must be"), ({"dask": "x", "executor": 1}, "both")])
def test_workers_that_make_no_sense_are_refused(tmp_path: Path, given: dict[str, object], line: str) -> None:
    with pytest.raises(StudyError, match=line):
        run_study(small_study(), tmp_path, **given)  # type: ignore[arg-type]


TWO_VALUES = {"ordering.review_days": {"low": 7, "high": 8, "integer": True}}


@pytest.mark.parametrize(
    ("axes", "design", "distinct"),
    [
        ({}, {"kind": "table", "points": [{"ordering.review_days": days} for days in (7, 7, 7.0)]}, 1),
        ({"ordering.review_days": {"values": [7, 7.0, "7", 14]}}, {"kind": "grid"}, 2),
        ({"ordering.safety_factor": {"values": [0.0, -0.0]}}, {"kind": "zipped"}, 1),
        (TWO_VALUES, {"kind": "morris", "samples": 4}, 2),
        (TWO_VALUES, {"kind": "latin-hypercube", "samples": 9}, 2),
    ],
)
def test_each_distinct_run_is_made_once(
    tmp_path: Path, axes: dict[str, Any], design: dict[str, Any], distinct: int
) -> None:
    status = run_study(small_study(uncertainties=axes, design=design, replications=2), tmp_path, jobs=1)
    assert status.missing == 0
    assert status.simulated == 2 * distinct
    assert read_run_records(Folder(tmp_path)).rows == 2 * distinct


def test_value_that_is_given_and_the_same_default_are_one_run(tmp_path: Path) -> None:
    arms = {"baseline": {}, "said": {"settings": {"markets.customers.demand.growth_per_year": 0}}}
    assert run_study(small_study(arms=arms, replications=2), tmp_path, jobs=1).simulated == 2


SCRIPT = """
import sys
from tests.small_studies import small_study

print(small_study(replications=4).run(sys.argv[1], jobs=2).text())
"""


@pytest.mark.thorough
def test_script_without_main_guard_works(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    path = os.pathsep.join([*sys.path, os.getcwd()])
    words = [sys.executable, str(script), str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["4 of 4 runs ok, 0 failed, 0 missing"]
    assert "Traceback" not in done.stderr


POOL = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tests.small_studies import small_study

executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
small_study(replications=4).run(sys.argv[1], executor=executor)
"""


@pytest.mark.thorough
def test_script_without_main_guard_and_a_pool_of_its_own_is_told_at_once(tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    path = os.pathsep.join([*sys.path, os.getcwd()])
    words = [sys.executable, str(script), str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1
    assert "a script must start a study below the line if __name__ == '__main__'" in done.stderr
