"""Dispatch runs to workers in tasks of a few seconds, and resubmit runs whose worker died."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from gpnde.errors import StudyError, StudyFailure, one_line
from gpnde.study.attempt import failure_of
from gpnde.study.executors import Workers, WorkersLost
from gpnde.study.folder import Folder
from gpnde.study.run_records import Outcome, commit_part
from gpnde.study.worker import SECONDS, Report, Task

if TYPE_CHECKING:
    from gpnde.study.plan import RunSpec

_MOST_RUNS = 500
"""Runs in one task, however short they are."""

_FALLS_ALONE = 2
"""Lost workers after which a run is done alone, so that the run that kills workers is found."""

_MOST_FALLS = 3
"""Losses after which a run counts as failed."""

_MOST_LOSSES = 12
"""Losses in a row, without a single run done between them, after which the fault is not in a run."""

_MOST_LOSSES_AT_FIRST = 5
"""The same as long as no run has been done at all."""

_FELL = f"worker process terminated unexpectedly {_MOST_FALLS} times (killed, out of memory, or crashed)"


Answer = TypeVar("Answer")


@dataclass
class RunDuration:
    """Mean duration of a run, None while unknown (s)."""

    seconds: float | None = None

    def learn(self, report: Report) -> None:
        """Use the mean duration of the last task; the first task may have waited for a compilation."""
        self.seconds = report.seconds / len(report.runs)

    def runs_per_task(self, left: int, tasks: int) -> int:
        """Return how many runs make a task, one while nothing is known.

        A task takes about two seconds, so that committing it costs little, and less towards the end, so that all
        cores come to an end together; *left* runs are shared by so many *tasks* under way.

        >>> RunDuration(0.01).runs_per_task(10_000, 4), RunDuration(5.0).runs_per_task(40, 4)
        (200, 1)
        """
        if self.seconds is None:
            return 1
        enough = int(SECONDS / max(self.seconds, SECONDS / _MOST_RUNS))
        return max(1, min(enough, -(-left // (2 * tasks))))


class Queue:
    """Runs that wait: new ones, runs that were given back, and runs whose worker was lost."""

    def __init__(self, specs: Iterable[RunSpec]) -> None:
        """Start with runs that are read one by one, as they are needed."""
        self._source = iter(specs)
        self._back: deque[RunSpec] = deque()
        self._fallen: deque[RunSpec] = deque()
        self._falls: Counter[str] = Counter()

    def give_back(self, specs: Iterable[RunSpec]) -> None:
        """Queue runs again that were not started."""
        self._back.extend(specs)

    def fall(self, specs: Iterable[RunSpec]) -> Iterator[RunSpec]:
        """Queue runs again whose worker was lost, and yield those that have lost too many workers."""
        for spec in specs:
            self._falls[spec.key] += 1
            if self._falls[spec.key] >= _MOST_FALLS:
                yield spec
            else:
                self._fallen.append(spec)

    def must_be_alone(self, specs: Iterable[RunSpec]) -> bool:
        """Return whether these runs must be the only ones under way."""
        return any(self._falls[spec.key] >= _FALLS_ALONE for spec in specs)

    def take(self, count: int, alone: bool) -> tuple[RunSpec, ...]:
        """Return the runs of the next task; none if there are no more, or if the next one must run alone."""
        if self._fallen:
            # With others under way it stays unknown which run killed the worker.
            if self.must_be_alone([self._fallen[0]]) and not alone:
                return ()
            return (self._fallen.popleft(),)
        # Runs that were given back come first, so that the source is read only as far as it is needed.
        back = [self._back.popleft() for _ in range(min(count, len(self._back)))]
        return (*back, *islice(self._source, count - len(back)))


class Dispatcher:
    """Dispatches the runs of a batch to its workers."""

    def __init__(self, workers: Workers, task: Task, folder: Folder, settle: Callable[[Report], bool]) -> None:
        """Dispatch tasks like *task*; each report goes to *settle*, which returns whether to continue."""
        self._workers, self._task, self._folder, self._settle = workers, task, folder, settle
        self._duration = RunDuration()
        self._under_way: dict[Future[Report], tuple[RunSpec, ...]] = {}
        self._broken: BaseException | None = None
        self._losses, self._most_losses = 0, _MOST_LOSSES_AT_FIRST

    def run(self, specs: Iterable[RunSpec], left: Callable[[], int]) -> bool:
        """Do the runs and return whether all are done; *left* tells how many may still come out of *specs*.

        Raises
        ------
        StudyError
            The folder cannot be written, a worker has other versions than this process, or no worker stays alive.
        WorkersLost
            No workers remain.
        """
        queue = Queue(specs)
        while True:
            self._renew_if_broken()
            self._hand_out(queue, left)
            # Runs of a broken pool were given back, so that the batch goes on with new workers.
            if not (self._under_way or self._broken):
                return True
            done = wait(self._under_way, return_when=FIRST_COMPLETED).done
            # A list, not a generator: every report has to be settled, also after the one that ends the batch.
            if not all([self._take(queue, future) for future in done]):
                return False

    def _hand_out(self, queue: Queue, left: Callable[[], int]) -> None:
        """Keep enough tasks under way."""
        tasks = _answer_of(lambda: self._workers.tasks)
        while not self._broken and len(self._under_way) < tasks and not self._one_must_be_alone(queue):
            specs = queue.take(self._duration.runs_per_task(left(), tasks), alone=not self._under_way)
            if not specs:
                return
            submit = partial(self._workers.submit, replace(self._task, specs=specs))
            try:
                self._under_way[_answer_of(submit)] = specs
            except BrokenExecutor as error:
                queue.give_back(specs)
                self._broken = error

    def _one_must_be_alone(self, queue: Queue) -> bool:
        return any(map(queue.must_be_alone, self._under_way.values()))

    def _take(self, queue: Queue, future: Future[Report]) -> bool:
        """Process the result of a task and return whether to continue."""
        specs = self._under_way.pop(future)
        error = _error_of(future)
        if error is None:
            return self._good(queue, future.result())
        # All tasks of a broken pool fail at once, and only one of their runs is to blame.
        if isinstance(error, BrokenExecutor):
            self._broken = error
            return self._fallen(queue, specs)
        if self._workers.is_loss(error):
            self._count_loss(error)
            return self._fallen(queue, specs)
        if isinstance(error, StudyError):
            raise error
        raise WorkersLost(one_line(error))

    def _good(self, queue: Queue, report: Report) -> bool:
        # A run that came through shows that workers can work at all; from now on more losses are borne.
        self._losses, self._most_losses = 0, _MOST_LOSSES
        self._duration.learn(report)
        queue.give_back(report.left)
        return self._settle(report)

    def _fallen(self, queue: Queue, specs: Iterable[RunSpec]) -> bool:
        """Queue runs again after a loss; runs that were lost too often are committed as failed."""
        # A list here, too: `all` must not leave out the rest.
        return all([self._settle(self._give_up(spec)) for spec in queue.fall(specs)])

    def _give_up(self, spec: RunSpec) -> Report:
        commit_part(self._folder, [Outcome(spec.key, "failed", stage="process", error=_FELL)], {})
        failure = failure_of(spec, self._task.name, _FELL)
        return Report(((spec.key, "failed"),), (failure,), (), 0.0)

    def _renew_if_broken(self) -> None:
        """Start new workers once no task of the old ones is under way."""
        if self._broken and not self._under_way:
            self._count_loss(self._broken)
            self._workers.renew()
            self._broken = None

    def _count_loss(self, error: BaseException) -> None:
        self._losses += 1
        if self._losses > self._most_losses:
            raise StudyFailure(
                given=f"worker processes keep terminating ({one_line(error)})",
                expected="give fewer jobs if memory is short",
            )


def _answer_of(ask: Callable[[], Answer]) -> Answer:
    """Return the answer of the workers, or raise `WorkersLost` where they cannot be reached."""
    try:
        return ask()
    except (StudyError, BrokenExecutor):
        raise
    except Exception as error:
        raise WorkersLost(one_line(error)) from error


def _error_of(future: Future[Report]) -> BaseException | None:
    return CancelledError("cancelled") if future.cancelled() else future.exception()
