"""Another Python process, with a hash seed of its own, that makes runs for comparison."""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from gpnde.errors import GpndeError
from gpnde.plugin.component import Component
from gpnde.scenario.schema import Scenario
from gpnde.testing.references import reference_of
from gpnde.testing.runs import Fingerprints
from gpnde.testing.transport import unpacked

PATIENCE_SECONDS = 120.0
"""How long the other process may take for an answer; it may have to compile gpnde's loops first."""

_GRACE_SECONDS = 2.0
"""How long a process may take to end when there are no more requests."""


class ProcessLost(GpndeError):
    """The process came to an end, or was ended, instead of finishing a run."""


class OtherProcess:
    """A process that is started at the first request and kept, since starting it takes longer than most runs."""

    def __init__(self, hash_seed: str) -> None:
        """Choose the value of PYTHONHASHSEED; nothing is started yet."""
        self._hash_seed = hash_seed
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self._stamps: dict[str, float] = {}

    def ask(self, scenario: Scenario, components: Sequence[type[Component]]) -> None:
        """Ask for a run of *scenario* with *components*; `tables` waits for the answer."""
        references = [reference_of(component) for component in components]
        request = {
            "components": references,
            "scenario": scenario.model_dump(mode="json"),
            "path": sys.path,
            "folder": os.getcwd(),
        }
        self._stop_if_stale([reference.file for reference in references if reference.file])
        if self._process is None:
            self._start()
        self._send(json.dumps(request, default=str))

    def tables(self) -> Fingerprints:
        """Return the fingerprints of the run that was asked for.

        Raises
        ------
        ProcessLost
            The process ended, a call of a component did not return, or there was no answer in time.
        GpndeError
            The run failed.
        """
        try:
            line = self._answers.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            self.stop()
            raise ProcessLost(f"no answer from another process within {PATIENCE_SECONDS:g} s") from None
        if not line:
            code = self.stop()
            raise ProcessLost(f"another process ended with exit code {code} instead of finishing the run")
        answer: dict[str, Any] = json.loads(line)
        if "lost" in answer:
            self.stop()
            raise unpacked(ProcessLost, answer["lost"])
        if "error" in answer:
            raise unpacked(GpndeError, answer["error"], "another process cannot run it")
        return dict(answer["tables"])

    def stop(self) -> int | None:
        """End the process, if there is one and it has not ended by itself, and return its exit code."""
        if self._process is None:
            return None
        process, self._process = self._process, None
        _close(process.stdin)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close(process.stdout)
        return process.returncode

    def _start(self) -> None:
        # A queue of its own, into which the process before cannot put any late answer.
        self._answers = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gpnde.testing.child"],
            env=environment(PYTHONHASHSEED=self._hash_seed),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=_pass_on, args=(self._process.stdout, self._answers), daemon=True).start()

    def _send(self, text: str) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            try:
                process.stdin.write(text + "\n")
                process.stdin.flush()
            except OSError:
                # The process has ended, which the reader of the answers then tells.
                self._answers.put("")

    def _stop_if_stale(self, files: Sequence[str]) -> None:
        """End a process that has loaded another version of a file."""
        stamps = {file: Path(file).stat().st_mtime_ns for file in files if Path(file).is_file()}
        if any(self._stamps.get(file, stamp) != stamp for file, stamp in stamps.items()):
            self.stop()
        self._stamps.update(stamps)


def _pass_on(lines: IO[str], answers: queue.Queue[str]) -> None:
    """Hand on lines as they come, and an empty text when there are no more."""
    # The stream may be closed while it is read.
    with suppress(ValueError):
        for line in lines:
            answers.put(line)
    answers.put("")


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        with suppress(OSError):
            stream.close()


def environment(**more: str) -> Mapping[str, str]:
    """Return the environment of a process that finds the same modules as this one."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more}


@cache
def other_process(hash_seed: str) -> OtherProcess:
    """Return the process with that hash seed; it ends with this one."""
    process = OtherProcess(hash_seed)
    atexit.register(process.stop)
    return process
