"""What only a real process shows: what is imported, the terminal, signals and closed pipes."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HEAVY = {"altair", "numba", "numpy", "pluggy", "polars", "pyarrow", "pydantic", "rich", "simpy", "yaml"}
PATIENCE = 120.0
"""Seconds of silence, long enough for the first compilation on a slow machine."""
LONG = "500000"
"""Days that no test waits for."""


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, gpnde.cli; sys.argv[1:] = ['--help']\n"
    code += "try: gpnde.cli.main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: gpnde" in done.stdout
    assert not HEAVY & set(done.stderr.split())


def test_command_is_installed_and_prints_one_json_object(three_firms: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(["gpnde", "run", three_firms, "--json"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenario"] == "three-firms"


def test_python_module_is_the_command(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gpnde", "--version"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("gpnde ")


def test_mistake_is_one_line_without_a_traceback(environment: dict[str, str]) -> None:
    done = subprocess.run(["gpnde", "check", "nowhere.yaml"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gpnde check: ")
    assert done.stderr.count("\n") == 1


def test_reader_that_goes_away_is_no_error(environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(["gpnde", "schema"], env=environment, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.thorough
def test_terminal_without_the_letters_gets_question_marks(three_firms: Path, environment: dict[str, str]) -> None:
    plain = {**environment, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(["gpnde", "run", three_firms, "--days", "14"], env=plain, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "?" in done.stdout


@contextmanager
def running(scenario: Path, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a long run at a terminal and yield it, with the terminal, once its progress bar shows simulated days."""
    terminal, inside = pty.openpty()
    words = ["gpnde", "run", str(scenario), "--days", LONG, "--out", str(scenario.parent / "out")]
    with subprocess.Popen(words, env=environment, stdin=inside, stdout=inside, stderr=inside) as process:
        os.close(inside)
        try:
            shown = read_until(terminal, b" of 500,000")
            assert b"day " in shown
            yield process, terminal
        finally:
            process.kill()
            os.close(terminal)


def read_until(terminal: int, wanted: bytes) -> bytes:
    """Return what a terminal shows up to and including the bytes *wanted*, and fail if they do not come."""
    shown = b""
    while wanted not in shown and select.select([terminal], [], [], PATIENCE)[0]:
        try:
            shown += os.read(terminal, 1024)
        except OSError:
            break
    assert wanted in shown, shown.decode(errors="replace")
    return shown


@pytest.mark.thorough
def test_run_that_is_killed_leaves_no_folder_that_looks_complete(
    three_firms: Path, environment: dict[str, str]
) -> None:
    with running(three_firms, environment) as (process, _):
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (three_firms.parent / "out").exists()
    assert not list(three_firms.parent.rglob("run.json"))


def test_run_that_is_interrupted_says_so_and_ends_with_130(three_firms: Path, environment: dict[str, str]) -> None:
    with running(three_firms, environment) as (process, terminal):
        process.send_signal(signal.SIGINT)
        read_until(terminal, b"gpnde: interrupted")
        assert process.wait() == 130
    assert list(three_firms.parent.iterdir()) == [three_firms]


WAITING = """
import time

import gpnde


class Waits(gpnde.Component):
    name = "disruption.waits"

    @gpnde.hookimpl
    def process(self, clock):
        yield clock.until(9)
        while True:
            time.sleep(0.01)


@gpnde.hookimpl
def gpnde_components():
    return [Waits]
"""


@pytest.mark.thorough
def test_hook_that_hangs_is_named_and_ctrl_c_says_where_it_was(three_firms: Path, environment: dict[str, str]) -> None:
    plugin = three_firms.parent / "waits.py"
    plugin.write_text(WAITING)
    three_firms.write_text(three_firms.read_text() + "components: [{use: disruption.waits}]\n")
    words = ["gpnde", "run", str(three_firms), "--plugin", str(plugin)]
    given = {**environment, "GPNDE_HOOK_SECONDS": "0.3"}
    with subprocess.Popen(words, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "has not returned" in line)
        process.send_signal(signal.SIGINT)
        last = process.stderr.readlines()[-1]
        assert process.wait(PATIENCE) == 130
    where = "disruption.waits of plugin 'waits' (file 0): process on day 9"
    assert told.startswith(f"gpnde: {where} has not returned for 0.3 seconds: ")
    assert last == f"gpnde run: interrupted in {where}\n"


pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX systems")
