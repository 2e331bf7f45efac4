"""Load time of the module of a component in a fresh interpreter, and its slowest import."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

from gpnde.plugin.component import Component
from gpnde.testing.process import PATIENCE_SECONDS, environment
from gpnde.testing.references import Reference, reference_of
from gpnde.testing.report import Check

LIMIT_MS = 50.0
_ATTEMPTS = 3
_COUNTS = 300_000
_COUNTING_MS = 30.0
"""What a processor of today takes at most to count so far (assumption)."""
_HERE = "component's module from here on"

_LOAD = f"""
import json, sys, time
import gpnde.plugin
from gpnde.testing.references import Reference
reference = Reference(*json.loads(sys.argv[1]))
counted = time.process_time()
for number in range({_COUNTS}):
    total = number + number
counted = time.process_time() - counted
print({_HERE!r}, file=sys.stderr)
began, worked = time.perf_counter(), time.process_time()
reference.load_module()
print(time.perf_counter() - began, time.process_time() - worked, counted)
"""

_LINE = re.compile(r"import time: +\d+ \| +(\d+) \| ( *)(\S+)")


class Load(NamedTuple):
    """What loading a module took, without what belongs to gpnde."""

    milliseconds: float
    """Of a processor of today, so that a busy or slow machine makes no difference."""
    culprit: str
    """The slowest imported module of other packages, empty if there is none."""
    culprit_milliseconds: float


class _Node(NamedTuple):
    name: str
    depth: int
    milliseconds: float


class Loading:
    """A fresh interpreter that loads the module of a component while this one does something else."""

    def __init__(self, component: type[Component]) -> None:
        """Start the interpreter."""
        self._reference = reference_of(component)
        self._process = _start(self._reference)

    def check(self) -> Check:
        """Wait for the interpreter and return its result; the best of three attempts counts."""
        try:
            best = self._finish()
            for _ in range(_ATTEMPTS - 1):
                # Only a slow load is tried again, for which the machine may have been too busy.
                if best.milliseconds > LIMIT_MS:
                    self._process = _start(self._reference)
                    best = min(best, self._finish())
        except (subprocess.TimeoutExpired, ImportError) as error:
            return Check("import", False, f"it cannot be loaded in a fresh interpreter: {error}")
        return Check("import", best.milliseconds <= LIMIT_MS, _reason(best))

    def stop(self) -> None:
        """End the interpreter when its result is no longer needed."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _finish(self) -> Load:
        output, log = self._process.communicate(timeout=PATIENCE_SECONDS)
        if self._process.returncode:
            raise ImportError(log.strip().rpartition("\n")[2])
        seconds, worked, counted = map(float, output.split()[-3:])
        load = measured(seconds, worked, log.partition(_HERE)[2], self._reference.module)
        return at_usual_pace(load, counted)


def _start(reference: Reference) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # The path is that of this process; -P keeps the working directory from coming before it.
        [sys.executable, "-P", "-X", "importtime", "-c", _LOAD, json.dumps(reference)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _reason(load: Load) -> str:
    took = f"{load.milliseconds:.0f} ms"
    if load.milliseconds <= LIMIT_MS:
        return took
    if load.culprit_milliseconds < load.milliseconds / 2:
        return f"{took}, must be under {LIMIT_MS:.0f}: its own code takes long: move it into functions"
    cause = f"{load.culprit} takes {load.culprit_milliseconds:.0f} ms: import it inside the functions that use it"
    return f"{took}, must be under {LIMIT_MS:.0f}: {cause}"


def measured(seconds: float, worked: float, log: str, module: str) -> Load:
    """Return what loading *module* took, from the *log* of ``-X importtime``, whose times are microseconds.

    The processor *worked* so many of all *seconds*; all parts are taken to have their share of it. What modules of
    gpnde import is theirs. Each module stands after those that it imports, which are indented more.

    >>> log = '''import time: 9 | 4000 |   numba
    ... import time: 9 | 5000 | gpnde.world
    ... import time: 9 | 70000 | polars'''
    >>> measured(0.08, 0.04, log, "mine")
    Load(milliseconds=37.5, culprit='polars', culprit_milliseconds=35.0)
    """
    nodes = list(_outer_first(log))
    ours = [node for node, within in nodes if _is_part(node.name, "gpnde") and not within]
    others = [
        node
        for node, within in nodes
        if not within and not _is_part(node.name, "gpnde") and not _is_part(node.name, module.partition(".")[0])
    ]
    slowest = max(others, key=lambda node: node.milliseconds, default=_Node("", 0, 0.0))
    # Several threads may together work for longer than the time that passes.
    share = min(1.0, worked / seconds)
    total = 1000 * seconds - sum(node.milliseconds for node in ours)
    return Load(max(0.0, share * total), slowest.name, share * slowest.milliseconds)


def at_usual_pace(load: Load, counted: float) -> Load:
    """Return what *load* is on a processor of today, from the seconds in which this one *counted* to the same number.

    Only times of slower processors change, in proportion.

    >>> at_usual_pace(Load(60.0, "polars", 40.0), 0.06)
    Load(milliseconds=30.0, culprit='polars', culprit_milliseconds=20.0)
    >>> at_usual_pace(Load(60.0, "polars", 40.0), 0.01).milliseconds
    60.0
    """
    pace = min(1.0, _COUNTING_MS / (1000 * counted))
    return Load(pace * load.milliseconds, load.culprit, pace * load.culprit_milliseconds)


def _outer_first(log: str) -> Iterator[tuple[_Node, bool]]:
    """Yield the imports of a log, each before those within it, and whether it lies within one of gpnde."""
    ours = -1
    for text, indent, name in reversed(_LINE.findall(log)):
        node = _Node(name, len(indent), int(text) / 1000)
        if ours >= 0 and node.depth <= ours:
            ours = -1
        yield node, ours >= 0
        if ours < 0 and _is_part(name, "gpnde"):
            ours = node.depth


def _is_part(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
