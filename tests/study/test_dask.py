"""A study on a real Dask cluster leaves what it leaves on one machine, whatever dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gpnde.errors import StudyError
from gpnde.study.runner import run_study
from gpnde.study.schema import Study
from tests.small_studies import TROUBLE, small_study, tables_of

pytest.importorskip("distributed")

Install = Callable[..., None]

PATIENCE = 60.0
"""Seconds for processes to start on a slow machine."""


class Cluster:
    """A scheduler and two workers, each a process of its own, that talk over TCP."""

    def __init__(self, folder: Path, first_path: str = "") -> None:
        """Start them; they look for modules in *first_path*, if given, instead of in ours."""
        self._folder, self._first_path = folder, first_path
        self._command = str(Path(sys.executable).parent / "dask")
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._address()
        self.workers = [self.start_worker() for _ in range(2)]

    def start_worker(self) -> subprocess.Popen[bytes]:
        options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
        return self._start("worker", *options, "--local-directory", str(self._folder))

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        others = [each for each in sys.path if not self._first_path or each != str(self._folder / "site-packages")]
        path = os.pathsep.join(filter(None, [self._first_path, *others]))
        words = [self._command, kind, "--scheduler-file", str(self._file), *options]
        with (self._folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path}, stdout=log, stderr=log)

    def _address(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return str(json.loads(self._file.read_text())["address"])
            except (FileNotFoundError, ValueError):
                time.sleep(0.1)
        raise TimeoutError((self._folder / "scheduler.log").read_text())

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.stop()


def study() -> Study:
    return small_study(replications=60, settings={"clock.days": 56})


@pytest.mark.slow
def test_result_equals_the_local_one_though_a_worker_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    def kill_in_the_middle(settled: int, planned: int) -> None:
        if settled >= planned // 4 and cluster.workers[0].poll() is None:
            cluster.workers[0].send_signal(signal.SIGKILL)

    status = run_study(study(), tmp_path / "dask", dask=cluster.address, progress=kill_in_the_middle)
    assert cluster.workers[0].poll() is not None
    assert (status.ok, status.missing) == (60, 0)
    run_study(study(), tmp_path / "local", jobs=1)
    assert tables_of(tmp_path / "dask") == tables_of(tmp_path / "local")


@pytest.mark.slow
@pytest.mark.thorough
def test_scheduler_that_goes_away_leaves_a_study_that_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    def kill_scheduler(settled: int, _: int) -> None:
        if settled >= 15:
            cluster.scheduler.send_signal(signal.SIGKILL)

    with pytest.raises(StudyError, match=r"^no workers remain .*: \d+ of 60 runs ok, .*: run the same command"):
        run_study(study(), tmp_path / "out", dask=cluster.address, progress=kill_scheduler)
    assert run_study(study(), tmp_path / "out", jobs=1).ok == 60
    run_study(study(), tmp_path / "local", jobs=1)
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "local")


@pytest.mark.thorough
@pytest.mark.slow
def test_worker_with_another_version_of_a_plugin_ends_the_batch(install: Install, tmp_path: Path) -> None:
    install("trouble", TROUBLE)
    there = tmp_path / "there"
    shutil.copytree(tmp_path / "site-packages", there)
    metadata = there / "gpnde_trouble-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 2.0"))
    cluster = Cluster(tmp_path, str(there))
    line = "^metric.trouble: gpnde-trouble 2.0 at a worker and 1.0 here: install gpnde-trouble==1.0 for the workers$"
    arms = {"troubled": {"components": [{"use": "metric.trouble"}]}}
    try:
        with pytest.raises(StudyError, match=line):
            run_study(small_study(arms=arms), tmp_path / "out", dask=cluster.address)
    finally:
        cluster.stop()


def test_address_without_a_scheduler_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpnde.study.executors.DASK_SECONDS", 1.0)
    with pytest.raises(StudyError, match=r"^--dask tcp://127.0.0.1:1: no scheduler answers \(.*\): start one there$"):
        run_study(study(), tmp_path / "out", dask="tcp://127.0.0.1:1")
