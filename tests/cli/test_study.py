"""A study on the command line: how far it is, what it has found, and one of its runs again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.study.runner import run_study
from tests.small_studies import TROUBLE, small_study

Gpnde = Callable[..., Result]
ARMS = {"baseline": {}, "longer": {"settings": {"clock.days": 21}}}
FAILING = {"components": [{"use": "metric.trouble", "how": "fail"}]}
SPACE = {
    "uncertainties": {"ordering.review_days": {"low": 1, "high": 7, "integer": True}},
    "design": {"kind": "sobol", "samples": 4},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished study of two arms."""
    out = tmp_path_factory.mktemp("study") / "out"
    run_study(small_study(arms=ARMS, measures=["flow.cover", "flow.fill_rate"], **SPACE), out, jobs=1)
    return out


@pytest.fixture
def failing(tmp_path: Path, install: Callable[..., None]) -> Path:
    install("trouble", TROUBLE)
    run_study(small_study(arms={"baseline": {}, "failing": FAILING}, replications=2), tmp_path / "out", jobs=1)
    return tmp_path / "out"


def test_status_counts_runs_by_arm(gpnde: Gpnde, folder: Path) -> None:
    done = gpnde("status", folder)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == [
        "small: 144 of 144 runs ok, 0 failed, 0 missing",
        "arm       ok  failed  missing",
    ]
    answer = json.loads(gpnde("status", folder, "--json").stdout)
    assert (answer["planned"], answer["ok"], answer["arms"]["longer"]["ok"]) == (144, 144, 72)


def test_status_of_a_study_with_failures_tells_why_and_exits_1(gpnde: Gpnde, failing: Path) -> None:
    done = gpnde("status", failing)
    assert done.exit_code == 1
    assert "ValueError: there is no luck in this one: gpnde rerun " in done.stdout
    answer = json.loads(gpnde("status", failing, "--json").stdout)
    assert [one["arm"] for one in answer["failures"]] == ["failing", "failing"]


def test_compare_tells_differences_with_intervals(gpnde: Gpnde, folder: Path) -> None:
    done = gpnde("compare", folder)
    assert done.exit_code == 0
    assert "longer against baseline" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith("flow.cover"))
    assert "[" in row and "day" in row and row.count("%") == 3
    answer = json.loads(gpnde("compare", folder, "--json").stdout)
    assert {row["measure"] for row in answer["effects"]} == {"flow.cover", "flow.fill_rate"}
    assert (answer["ok"], answer["notes"]) == (144, [])


def test_compare_of_what_is_there_says_what_is_missing(gpnde: Gpnde, failing: Path) -> None:
    done = gpnde("compare", failing)
    assert done.exit_code == 0
    assert done.stderr.startswith(
        "2 of 4 runs ok, 2 failed, 0 missing: only the runs that are ok count; to do the others"
    )
    assert "baseline  flow.fill_rate" in done.stdout
    assert json.loads(gpnde("compare", failing, "--json").stdout)["notes"]


def test_sensitivity_tells_indices_with_intervals(gpnde: Gpnde, folder: Path) -> None:
    done = gpnde("sensitivity", folder)
    assert done.exit_code == 0 and "flow.cover in longer" in done.stdout and "ordering.review_days" in done.stdout
    answer = json.loads(gpnde("sensitivity", folder, "--json", "--effects").stdout)
    assert answer["kind"] == "sobol"
    assert {row["control"] for row in answer["indices"]} == {"baseline"}


def test_sensitivity_of_another_design_is_refused(gpnde: Gpnde, failing: Path) -> None:
    done = gpnde("sensitivity", failing)
    assert done.exit_code == 2
    assert done.stderr.endswith("design none: has no indices: use {kind: sobol, samples: 256} or morris\n")


def test_report_is_written_and_named(gpnde: Gpnde, folder: Path, tmp_path: Path) -> None:
    done = gpnde("report", folder, "--out", tmp_path / "r.html")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path}/r.html\n")
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_report_of_a_single_run_is_written_too(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    assert gpnde("run", three_firms, "--out", tmp_path / "run").exit_code == 0
    (tmp_path / "run/report.html").unlink()
    assert gpnde("report", tmp_path / "run").stdout == f"{tmp_path}/run/report.html\n"


def test_rerun_of_a_run_of_a_study(gpnde: Gpnde, folder: Path) -> None:
    import polars as pl

    key = pl.read_parquet(folder / "runs.parquet")["key"][7]
    done = gpnde("rerun", folder, key)
    assert (done.exit_code, done.stdout.split(":")[0]) == (0, "identical")
    assert json.loads(gpnde("rerun", folder, key, "--json").stdout)["identical"] is True


def test_rerun_of_a_failed_run_fails_again_and_shows_where_if_asked(gpnde: Gpnde, failing: Path) -> None:
    key = json.loads((failing / "failures.jsonl").read_text().splitlines()[0])["key"]
    done = gpnde("rerun", failing, key)
    assert done.exit_code == 1 and done.stdout.startswith("fails again: metric.trouble")
    assert "Traceback" in gpnde("rerun", failing, key, "--debug").stderr


def test_rerun_without_a_key_names_one(gpnde: Gpnde, folder: Path) -> None:
    done = gpnde("rerun", folder)
    assert done.exit_code == 2
    assert "is a study: name one of its runs too, such as gpnde rerun " in done.stderr


@pytest.mark.parametrize("command", ["status", "compare", "sensitivity", "report"])
def test_what_is_no_study_is_refused_in_one_line(gpnde: Gpnde, tmp_path: Path, command: str) -> None:
    for directory, reason in ((tmp_path / "nowhere", "no such folder"), (tmp_path, "not a study")):
        done = gpnde(command, directory)
        assert done.exit_code == 2
        assert reason in done.stderr and done.stderr.count("\n") == 1


def test_unknown_key_is_refused_with_the_nearest(gpnde: Gpnde, folder: Path) -> None:
    done = gpnde("rerun", folder, "0123")
    assert done.exit_code == 2 and "run '0123': unknown" in done.stderr
