"""Workers of a batch: this process, local processes, a Dask cluster, or any `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, Protocol, TypeVar

from gpnde.errors import StudyError, one_line
from gpnde.extras import require_extra
from gpnde.study.worker import Plugins, Report, Task, run_task

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_TASKS_PER_CORE = 2
"""Tasks under way per core: one that runs and one that waits, so that no worker waits for the parent."""

_WARM_UP = "single-site"
_GUARD = "a script must start a study below the line if __name__ == '__main__'"
_STARTING = threading.Lock()
DASK_SECONDS = 10.0
"""How long a scheduler may take to answer (s)."""


@contextmanager
def _without_script() -> Iterator[None]:
    """Hide the script of the user from processes that start inside this block.

    Workers need gpnde only. A script that starts a study and has no main guard would start it again in each of them.
    """
    script: Any = sys.modules["__main__"]
    # One thread at a time, or a second one would take what is hidden for the true state and put that back.
    with _STARTING:
        hidden: dict[str, Any] = {
            name: vars(script).pop(name) for name in ("__file__", "__spec__") if name in vars(script)
        }
        script.__spec__ = None
        try:
            yield
        finally:
            vars(script).update(hidden)


def end_if_script_is_imported_by_worker() -> None:
    """End a worker process that imports a script without main guard, which would start the study again."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)


class WorkersLost(Exception):
    """No workers remain; the text says why."""


class Workers(Protocol):
    """What a batch needs of its workers."""

    @property
    def tasks(self) -> int:
        """How many tasks may be under way at once."""

    def submit(self, task: Task) -> Future[Report]:
        """Submit a task."""

    def is_loss(self, error: BaseException) -> bool:
        """Return whether an error means that one worker was lost with its task, and others remain."""

    def renew(self) -> None:
        """Replace workers after a loss that ended all tasks under way, or raise `WorkersLost`."""

    def close(self, at_once: bool) -> None:
        """Release the workers; running tasks are stopped if *at_once*, else finished."""


class InProcess:
    """Work in this process, one task after the other."""

    tasks = 1

    def submit(self, task: Task) -> Future[Report]:
        """Run a task."""
        done: Future[Report] = Future()
        try:
            done.set_result(run_task(task))
        except StudyError as error:
            done.set_exception(error)
        return done

    def is_loss(self, error: BaseException) -> bool:
        """Return False: this process cannot be lost."""
        return False

    def renew(self) -> None:
        """Do nothing."""

    def close(self, at_once: bool) -> None:
        """Do nothing."""


class LocalProcesses:
    """Work in local processes, which are replaced when one of them is killed."""

    def __init__(self, jobs: int, plugins: Plugins) -> None:
        """Start *jobs* processes that use the same plugins; all end when this process does, however it ends."""
        self._jobs, self._plugins = jobs, plugins
        self.tasks = jobs * _TASKS_PER_CORE
        self._open()

    def _open(self) -> None:
        # Not forked: threads of polars, numba and notebooks would leave locks held in the child for ever.
        context = multiprocessing.get_context("spawn")
        # Nothing is ever sent: workers see the end of the pipe as soon as this process closes it or ends.
        ending, self._leash = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self._jobs, mp_context=context, initializer=_begin_worker, initargs=(ending, self._plugins)
        )
        self._ending = ending

    def submit(self, task: Task) -> Future[Report]:
        """Submit a task."""
        return self.call(run_task, task)

    def call(self, function: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs) -> Future[_Result]:
        """Submit any call; a process that is started for it does not run the script of the user."""
        with _without_script():
            return self._executor.submit(function, *given, **named)

    def is_loss(self, error: BaseException) -> bool:
        """Return False: a pool that loses a worker breaks as a whole."""
        return False

    def renew(self) -> None:
        """Start new processes in place of the pool that broke."""
        self.close(at_once=True)
        self._open()

    def close(self, at_once: bool) -> None:
        """Shut the processes down, after their tasks or *at_once*."""
        if at_once:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._leash.close()
        self._executor.shutdown(wait=True)
        self._leash.close()
        self._ending.close()


def _begin_worker(ending: Connection, plugins: Plugins) -> None:
    """Prepare a new process: it leaves Ctrl-C to its parent, and ends with it."""
    # A terminal sends Ctrl-C to all processes of the group; the parent alone decides what to finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(ending,), daemon=True).start()
    # As many processes as cores are at work already.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    plugins.use()
    # What fails here fails in every run, which then reports it.
    with suppress(Exception):
        warm_up()


def _end_with_parent(ending: Connection) -> None:
    parent = multiprocessing.parent_process()
    wait([ending, *([parent.sentinel] if parent else [])])
    # At once: a plain exit would wait for the run under way, whose parent is gone.
    os._exit(1)


def warm_up() -> None:
    """Load the compiled loops, or compile them."""
    from gpnde.engine import simulate
    from gpnde.scenario import load_scenario

    simulate(load_scenario(_WARM_UP, {"clock.days": 1}))


class AnyExecutor:
    """Work in a `concurrent.futures.Executor`, which the caller makes and closes."""

    def __init__(self, executor: Executor, jobs: int) -> None:
        """Submit tasks for *jobs* workers."""
        self._executor = executor
        self._under_way: set[Future[Report]] = set()
        self.tasks = jobs * _TASKS_PER_CORE

    def submit(self, task: Task) -> Future[Report]:
        """Submit a task."""
        future = self._executor.submit(run_task, task)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def is_loss(self, error: BaseException) -> bool:
        """Return False: the caller owns the executor and its losses."""
        return False

    def renew(self) -> None:
        """Give up: only the caller can make another executor."""
        raise WorkersLost(f"the executor is broken, one of its processes has ended; {_GUARD}")

    def close(self, at_once: bool) -> None:
        """Cancel tasks that have not started, and wait for the others, which only their executor can stop."""
        # A copy, since tasks that end meanwhile take themselves out of the set.
        for future in list(self._under_way):
            # Has no effect on a task that has begun; those are waited for below.
            future.cancel()
        wait_for(list(self._under_way))


class DaskCluster:
    """Work at the workers of a running Dask scheduler."""

    def __init__(self, address: str) -> None:
        """Find the scheduler at an address such as ``tcp://10.0.0.1:8786``.

        Raises
        ------
        StudyError
            No scheduler answers.
        MissingExtra
            The extra ``dask`` is not installed.
        """
        require_extra("dask", "distributed")
        import distributed

        try:
            connect: Any = distributed.Client
            self._client = connect(address, timeout=DASK_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise StudyError(
                where=f"--dask {address}", expected=f"no scheduler answers ({one_line(error)}): start one there"
            ) from None
        # Pure calls are not done again, not even where a lost run is to be.
        self._executor: Executor = self._client.get_executor(pure=False)
        self._killed = distributed.KilledWorker

    @property
    def tasks(self) -> int:
        """Twice the number of worker threads; workers may join and leave."""
        threads: dict[str, int] = self._client.nthreads()
        return max(sum(threads.values()), 1) * _TASKS_PER_CORE

    def submit(self, task: Task) -> Future[Report]:
        """Submit a task."""
        return self._executor.submit(run_task, task)

    def is_loss(self, error: BaseException) -> bool:
        """Return whether Dask has given up a task because workers kept dying with it."""
        return isinstance(error, self._killed)

    def renew(self) -> None:
        """Give up: the scheduler belongs to the user."""
        raise WorkersLost("the Dask scheduler has lost its tasks")

    def close(self, at_once: bool) -> None:
        """Cancel what is under way, and disconnect."""
        with suppress(Exception):
            self._executor.shutdown(wait=False)
        with suppress(Exception):
            self._client.close(timeout=1)
