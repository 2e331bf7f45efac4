"""A worker does its task with the same study, versions and plugins, or says in one line what it lacks."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import StudyError
from gpnde.plugin.added import added_names, set_added_names
from gpnde.plugin.host import forget_plugins
from gpnde.study.folder import Folder
from gpnde.study.manifest import claim, make_manifest
from gpnde.study.plan import Plan
from gpnde.study.run_records import read_run_records
from gpnde.study.runner import run_study
from gpnde.study.versions import expected_versions
from gpnde.study.worker import Plugins, Task, run_task
from tests.small_studies import TROUBLE, small_study

TROUBLED = {"arms": {"baseline": {}, "troubled": {"components": [{"use": "metric.trouble"}]}}}


def task_for(folder: Path, **changes: Any) -> Task:
    plan = Plan(small_study(**changes))
    claim(Folder(folder), make_manifest(plan), lambda _: None)
    specs = tuple(plan.specs(range(3)))
    versions = expected_versions(plan.components)
    return Task(str(folder), str(folder), plan.digest, specs, versions, Plugins.here())


def refusal(task: Task) -> str:
    with pytest.raises(StudyError) as caught:
        run_task(task)
    # What a worker says must reach its parent.
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_task_is_data_only_and_its_runs_are_committed_together(tmp_path: Path) -> None:
    task = task_for(tmp_path)
    report = run_task(pickle.loads(pickle.dumps(task)))
    assert [key for key, _ in report.runs] == [spec.key for spec in task.specs]
    assert report.left == ()
    assert set(read_run_records(Folder(tmp_path)).entries) == {spec.key for spec in task.specs}
    assert len(list((tmp_path / "parts").iterdir())) == 1


def test_runs_for_which_there_is_no_time_come_back(tmp_path: Path) -> None:
    task = replace(task_for(tmp_path), seconds=0.0)
    report = run_task(task)
    assert len(report.runs) == 1
    assert report.left == task.specs[1:]


def test_worker_that_does_not_share_the_folder_says_so(tmp_path: Path) -> None:
    elsewhere = replace(task_for(tmp_path), folder=str(tmp_path / "elsewhere"))
    assert refusal(elsewhere) == f"{tmp_path}: a worker finds no study.json there: name a folder that all workers share"


def test_worker_that_finds_another_study_says_so(tmp_path: Path) -> None:
    assert "a worker finds another study there" in refusal(replace(task_for(tmp_path), digest="0" * 16))


@pytest.mark.usefixtures("trouble")
def test_worker_with_another_version_of_a_plugin_says_what_to_install(tmp_path: Path) -> None:
    task = task_for(tmp_path, **TROUBLED)
    older = {**task.versions, "metric.trouble": {**task.versions["metric.trouble"], "version": "0.9"}}
    line = "metric.trouble: gpnde-trouble 1.0 at a worker and 0.9 here: install gpnde-trouble==0.9 for the workers"
    assert refusal(replace(task, versions=older)) == line


@pytest.mark.usefixtures("trouble")
def test_worker_that_lacks_a_plugin_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_for(tmp_path, **TROUBLED)
    # The worker sets the variable; this lets it be forgotten afterwards.
    monkeypatch.setenv("GPNDE_PLUGINS", "")
    monkeypatch.delenv("GPNDE_PLUGINS")
    try:
        line = refusal(replace(task, plugins=Plugins(allowed="policies")))
    finally:
        forget_plugins()
    assert line.startswith("a worker cannot make the study: ")
    assert "metric.trouble" in line


@pytest.mark.thorough
def test_worker_process_uses_the_plugin_files_that_were_named(tmp_path: Path) -> None:
    file = tmp_path / "trouble_file.py"
    file.write_text("from gpnde.plugin import Component, hookimpl, param\n" + TROUBLE)
    before = added_names()
    set_added_names((*before, str(file)))
    forget_plugins()
    try:
        status = run_study(small_study(**TROUBLED, replications=2), tmp_path / "out", jobs=2)
    finally:
        set_added_names(before)
        forget_plugins()
    assert (status.ok, status.failed) == (4, 0)
    assert '"plugins": [\n  "trouble_file.py"\n ]' in (tmp_path / "out/study.json").read_text()


def test_plugins_are_those_of_the_process_that_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPNDE_PLUGINS", "policies")
    here = Plugins.here()
    monkeypatch.delenv("GPNDE_PLUGINS")
    try:
        here.use()
        assert os.environ["GPNDE_PLUGINS"] == "policies"
        Plugins(here.added, None).use()
        assert "GPNDE_PLUGINS" not in os.environ
    finally:
        forget_plugins()


def test_worker_changes_nothing_where_the_plugins_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Callable[[], None]] = []
    monkeypatch.setattr("gpnde.plugin.host.forget_plugins", lambda: calls.append(forget_plugins))
    Plugins.here().use()
    assert not calls
