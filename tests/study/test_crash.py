"""A study whose process is killed at any moment goes on as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from gpnde.study.folder import Folder
from gpnde.study.run_records import read_run_records
from gpnde.study.runner import run_study
from tests.small_studies import small_study, tables_of

from ..thorough import often

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed as on POSIX systems")

ROOT = Path(__file__).resolve().parents[2]

NURSERY = """\
import os, random, signal, sys, time
import gpnde.engine, gpnde.study.plan, gpnde.study.outputs, polars, pyarrow.parquet
from gpnde.study.runner import run_study
from tests.small_studies import small_study

def killed_at_random(folder, replications, jobs, longest, times):
    rng = random.Random(folder)
    for _ in range(times):
        child = os.fork()
        if not child:
            run_study(small_study(replications=replications), folder, jobs=jobs)
            os._exit(0)
        time.sleep(rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

if __name__ == "__main__":
    out, replications, jobs, longest, times = sys.argv[1:]
    killed_at_random(out, int(replications), int(jobs), float(longest), int(times))
"""
"""Lets a study begin again and again in children that are ready to start at once, and kills each after a while."""


def run_in_nursery(out: Path, replications: int, jobs: int, longest: float, times: int) -> None:
    script = out.parent / "nursery.py"
    script.write_text(NURSERY)
    words = [sys.executable, str(script), str(out), *map(str, (replications, jobs, longest, times))]
    subprocess.run(words, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(ROOT)])})


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("replications", "jobs", "longest", "times"),
    [
        pytest.param(3, 1, 0.5, often(8, 20), id="beginning and end"),
        pytest.param(100, 1, 1.5, often(8, 20), id="middle"),
        pytest.param(100, 2, 5.0, often(4, 10), id="with processes of its own"),
    ],
)
def test_study_that_was_killed_at_random_moments_equals_an_undisturbed_one(
    tmp_path: Path, replications: int, jobs: int, longest: float, times: int
) -> None:
    out = tmp_path / "killed"
    run_in_nursery(out, replications, jobs, longest, times)
    committed = len(read_run_records(Folder(out)).entries)
    status = run_study(small_study(replications=replications), out, jobs=1)
    assert (status.ok, status.simulated) == (replications, replications - committed)
    run_study(small_study(replications=replications), tmp_path / "undisturbed", jobs=1)
    assert tables_of(out) == tables_of(tmp_path / "undisturbed")
    assert not list(out.rglob("*.partial"))


WAITING = """\
import sys
from gpnde.study.runner import run_study
from tests.small_studies import small_study

if __name__ == "__main__":
    slow = {"components": [{"use": "metric.trouble", "how": "wait"}]}
    run_study(small_study(arms={"baseline": {}, "slow": slow}, replications=4), sys.argv[1], jobs=2)
"""


@pytest.mark.usefixtures("trouble")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script, out = tmp_path / "waiting.py", tmp_path / "out"
    script.write_text(WAITING)
    path = os.pathsep.join([os.environ["PYTHONPATH"], *sys.path, str(ROOT)])
    parent = subprocess.Popen([sys.executable, str(script), str(out)], env={**os.environ, "PYTHONPATH": path})
    workers: list[psutil.Process] = []
    try:
        deadline = time.monotonic() + 60
        while len(read_run_records(Folder(out)).entries) < 4 and time.monotonic() < deadline:
            time.sleep(0.1)
        workers = psutil.Process(parent.pid).children(recursive=True)
        assert len(workers) >= 2
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
