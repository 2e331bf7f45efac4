"""`gpnde batch`: what it prints, how it ends and how it goes on."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.study.folder import Folder
from gpnde.study.run_records import read_run_records
from tests.small_studies import tables_of

from .interrupting import interrupted

Gpnde = Callable[..., Result]

STUDY = """\
name: small
scenario: single-site
seed: 1
replications: 4
settings: {clock.days: 14}
measures: [flow.fill_rate]
"""
FAILING = "arms: {baseline: {}, failing: {components: [{use: metric.trouble, how: fail}]}}\n"
WAITING = "arms: {baseline: {}, waiting: {components: [{use: metric.trouble, how: wait}]}}\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(STUDY)
    return path


def test_batch_says_how_far_the_study_is_and_what_to_do_next(gpnde: Gpnde, study: Path, out: Path) -> None:
    done = gpnde("batch", study, "--out", out, "--jobs", 1)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"4 of 4 runs ok, 0 failed, 0 missing; tables are in {out}\n")
    assert f"gpnde compare {out}" in done.stdout
    assert sorted(tables_of(out)) == ["outcomes.parquet", "runs.parquet"]


def test_answer_for_programs_is_one_object(gpnde: Gpnde, study: Path, out: Path) -> None:
    done = gpnde("batch", study, "--out", out, "--jobs", 1, "--json")
    answer = json.loads(done.stdout)
    assert (answer["planned"], answer["ok"], answer["simulated"]) == (4, 4, 4)


def test_setting_of_the_command_line_goes_before_that_of_the_file(gpnde: Gpnde, study: Path, out: Path) -> None:
    assert gpnde("batch", study, "--out", out, "--jobs", 1, "--set", "clock.days=28").exit_code == 0
    done = gpnde("batch", study, "--out", out, "--jobs", 1)
    assert done.exit_code == 2
    assert "holds another study (settings.clock.days: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("trouble")
def test_failed_runs_are_told_with_their_command_and_end_with_1(gpnde: Gpnde, study: Path, out: Path) -> None:
    study.write_text(STUDY + FAILING)
    done = gpnde("batch", study, "--out", out, "--jobs", 1)
    assert done.exit_code == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("run ")]
    assert len(told) == 4
    assert all(f": repeat it with gpnde rerun {out} " in line for line in told)
    assert "4 of 8 runs ok, 4 failed, 0 missing" in done.stdout


@pytest.mark.usefixtures("trouble")
def test_batch_that_is_to_fail_fast_says_that_it_ended_early(gpnde: Gpnde, study: Path, out: Path) -> None:
    study.write_text(STUDY + FAILING)
    done = gpnde("batch", study, "--out", out, "--jobs", 1, "--fail-fast")
    assert done.exit_code == 1
    assert "ended early: more than 0 runs failed" in done.stdout


@pytest.mark.sampled(2)
@pytest.mark.usefixtures("trouble")
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_soon_with_130_and_says_how_to_go_on(
    study: Path, out: Path, environment: dict[str, str], jobs: int
) -> None:
    study.write_text(STUDY + WAITING)
    words = ["gpnde", "batch", str(study), "--out", str(out), "--jobs", str(jobs)]
    ended = interrupted(words, out, environment)
    assert ended.exit_code == 130, ended.told
    assert ended.seconds < 10
    assert ended.told == f"gpnde batch: interrupted: what is committed in {out} stays, the same command resumes\n"
    assert read_run_records(Folder(out)).entries
    assert not list(out.rglob("*.partial"))


@pytest.mark.thorough
@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX systems")
def test_terminal_shows_how_many_runs_are_done(study: Path, out: Path, environment: dict[str, str]) -> None:
    terminal, inside = pty.openpty()
    words = ["gpnde", "batch", str(study), "--out", str(out), "--jobs", "1"]
    shown = b""
    with subprocess.Popen(words, env=environment, stdin=inside, stdout=inside, stderr=inside) as process:
        os.close(inside)
        while select.select([terminal], [], [], 60)[0]:
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
    os.close(terminal)
    assert process.returncode == 0
    assert b" of 4, " in shown


def test_study_that_is_not_there_is_refused_in_one_line(gpnde: Gpnde, out: Path) -> None:
    done = gpnde("batch", "nowhere.yaml", "--out", out)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_component_that_fails_in_mid_run_is_no_mistake_of_the_user(
    gpnde: Gpnde, study: Path, out: Path, trouble: None
) -> None:
    done = gpnde("run", "single-site", "--days", 14, "--set", "components=[{use: metric.trouble, how: fail}]")
    assert done.exit_code == 1
    assert done.stderr.startswith("gpnde run: metric.trouble ") and "failed in process on day 0" in done.stderr
    assert done.stderr.count("\n") == 1
    study.write_text(STUDY + FAILING)
    assert gpnde("batch", study, "--out", out, "--jobs", 1).exit_code == 1


def test_parameter_that_is_wrong_is_a_mistake_of_the_user(gpnde: Gpnde, trouble: None) -> None:
    assert gpnde("run", "single-site", "--set", "components=[{use: metric.trouble, share: lots}]").exit_code == 2
