"""Runs in the background: one process beside this one works through a list, and tells of each run as it is done."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Literal, NamedTuple

from gpnde.errors import one_line, short
from gpnde.scenario.schema import Scenario
from gpnde.study.executors import LocalProcesses
from gpnde.study.pairs import Outcome, simulated
from gpnde.study.worker import Plugins

EndState = Literal["done", "stopped", "failed"]
Ending = Literal["", "stopped", "replaced", "forgotten"]
"""Why a list ends before its last run; nothing while it may go on."""

_ENDS: dict[Ending, tuple[EndState, str]] = {
    "stopped": ("stopped", ""),
    "replaced": ("stopped", "given up for what was asked later"),
}

_MOST_KNOWN = 2000
"""Outcomes that are kept, so that no run is done twice."""

_PATIENCE = 10.0
"""How long a process that is to end may take (s)."""

_LOST = (BrokenProcessPool, CancelledError)


class Fault(NamedTuple):
    """Why a run could not be done, in one line."""

    text: str


OnOutcome = Callable[[int, Outcome | Fault], None]
OnEnd = Callable[[EndState, str], None]


class Asked(NamedTuple):
    """A run to be done."""

    scenario: Scenario
    seed: int
    replication: int


_Key = tuple[str, Plugins]


def _key(asked: Asked, plugins: Plugins) -> _Key:
    """Return what decides on the outcome of a run."""
    said = f"{asked.scenario.model_dump_json()} {asked.seed} {asked.replication}"
    return hashlib.sha256(said.encode()).hexdigest(), plugins


class BackgroundRuns:
    """Does runs in a process of its own, one after the other; a new list replaces the one before.

    The process starts with a list and ends with it, so that where nothing is asked there is none. What was found is
    kept, and not run again.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._known: dict[_Key, Outcome] = {}
        self._job: Job | None = None

    def start(self, asked: Sequence[Asked], on_outcome: OnOutcome, on_end: OnEnd) -> Job:
        """Do the runs that are *asked* for; return at once.

        The listeners are called in a thread of this process: *on_outcome* with the place of each run in the list and
        what came of it, in the order of the list, *on_end* once with how it ended and what there is to say.
        """
        if self._job is not None:
            self._job.end("replaced")
        self._job = Job(asked, self._known, on_outcome, on_end)
        self._job.thread.start()
        return self._job

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is under way, at most so long (s); return whether that is so."""
        thread = self._job.thread if self._job else None
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(seconds)
        return not thread.is_alive()

    def close(self) -> None:
        """End what is under way without another word, and wait for it."""
        if self._job is not None:
            # Not in a thread, since a program that comes to its end can start none.
            self._job.mark("forgotten")
            self._job.release()
        self.wait(_PATIENCE)


class Job:
    """A list of runs, and the thread that waits for them."""

    def __init__(
        self, asked: Sequence[Asked], known: dict[_Key, Outcome], on_outcome: OnOutcome, on_end: OnEnd
    ) -> None:
        self._asked, self._known = list(asked), known
        self._on_outcome, self._on_end = on_outcome, on_end
        self._ending: Ending = ""
        self._workers: LocalProcesses | None = None
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._work, name="gpnde-background-runs", daemon=True)

    def end(self, why: Ending) -> None:
        """End the job; its process goes at once, in mid run. What is forgotten tells no more."""
        self.mark(why)
        if self._workers is not None:
            # In a thread, since the end of a process takes a moment and a page waits for an answer.
            threading.Thread(target=self.release, name="gpnde-background-end", daemon=True).start()

    def mark(self, why: Ending) -> None:
        """Begin nothing more, and remember why."""
        with self._lock:
            self._ending = why if why == "forgotten" else self._ending or why

    def release(self) -> None:
        """Let the process go, in mid run; whoever comes first does it."""
        with self._lock:
            workers, self._workers = self._workers, None
        if workers is not None:
            workers.close(at_once=True)

    def _work(self) -> None:
        state: EndState = "failed"
        try:
            self._do_all()
            state, message = "done", ""
        except _LOST:
            message = "the process that does the runs has ended: ask again"
        except Exception as error:
            message = short(one_line(error))
        self.release()
        self._tell_end(state, message)

    def _tell_end(self, state: EndState, message: str) -> None:
        if self._ending != "forgotten":
            self._on_end(*_ENDS.get(self._ending, (state, message)))

    def _do_all(self) -> None:
        plugins = Plugins.here()
        keys = [_key(asked, plugins) for asked in self._asked]
        futures = self._submit(keys, plugins)
        for place, key in enumerate(keys):
            found = self._known.get(key) or _outcome(futures.get(key))
            if self._ending:
                return
            if isinstance(found, Outcome):
                self._keep(key, found)
            self._on_outcome(place, found)

    def _submit(self, keys: Sequence[_Key], plugins: Plugins) -> dict[_Key, Future[Outcome]]:
        """Hand over the runs whose outcome is not known, if there are any, each of them once."""
        missing = {key: asked for key, asked in zip(keys, self._asked, strict=True) if key not in self._known}
        with self._lock:
            if self._ending or not missing:
                return {}
            workers = self._workers = LocalProcesses(1, plugins)
        return {key: workers.call(simulated, *asked) for key, asked in missing.items()}

    def _keep(self, key: _Key, found: Outcome) -> None:
        while len(self._known) >= _MOST_KNOWN:
            self._known.pop(next(iter(self._known)), None)
        self._known[key] = found


def _outcome(future: Future[Outcome] | None) -> Outcome | Fault:
    """Wait for a run; what went wrong in it is told, unless its process was lost."""
    if future is None:
        raise CancelledError
    try:
        return future.result()
    except _LOST:
        raise
    except Exception as error:
        return Fault(short(one_line(error)))
