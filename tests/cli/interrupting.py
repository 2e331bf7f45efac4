"""Ctrl-C while a command does its runs."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gpnde.study.folder import Folder
from gpnde.study.run_records import read_run_records


class Interrupted(NamedTuple):
    """How a command ended after Ctrl-C."""

    exit_code: int
    told: str
    seconds: float
    """From the signal to the end (s)."""


def interrupted(words: Sequence[str], runs: Path, environment: Mapping[str, str]) -> Interrupted:
    """Start a command, interrupt it when some runs are in the folder *runs*, and return how it ended."""
    given = {**environment, "GPNDE_HOOK_SECONDS": "0"}
    with subprocess.Popen(words, env=given, stderr=subprocess.PIPE, start_new_session=True) as process:
        deadline = time.monotonic() + 60
        while not read_run_records(Folder(runs)).entries and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.5)
        # A terminal sends the signal to all processes of its group.
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        _, told = process.communicate(timeout=60)
        return Interrupted(process.returncode, told.decode(), time.monotonic() - began)
