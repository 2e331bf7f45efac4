"""Is it luck? Pairs of runs with common random numbers in the background, and what is known of them so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from gpnde.scenario.schema import Scenario
from gpnde.study.background import Asked, BackgroundRuns, EndState, Fault, Job
from gpnde.study.pairs import Outcome, Pair


class Question(NamedTuple):
    """What is compared: two scenarios under the random numbers of a seed, from replication 0 on."""

    control: Scenario
    treated: Scenario
    seed: int


class LuckCheck:
    """Runs pairs of a question one after the other; a new question forgets the pairs of the one before.

    Listeners are called in a thread: *on_pairs* after each pair, *on_end* once with how it ended and what there is to
    say in one line.
    """

    def __init__(
        self, runs: BackgroundRuns, on_pairs: Callable[[], None], on_end: Callable[[EndState, str], None]
    ) -> None:
        """Do the runs with *runs*, which others may use too: what is asked later goes first."""
        self._runs, self._on_pairs, self._on_end = runs, on_pairs, on_end
        self.question: Question | None = None
        self.pairs: tuple[Pair, ...] = ()
        """Pairs that are known, by replication."""
        self._half: Outcome | None = None
        self._fault = ""
        self._job: Job | None = None

    def ask(self, question: Question | None) -> bool:
        """Look at a question or at none; return whether it is another one than before, whose pairs are forgotten."""
        if question == self.question:
            return False
        self._forget()
        self.question = question
        return True

    def start(self, count: int) -> None:
        """Run so many pairs of the question, all told; what is known is not run again."""
        self._forget()
        question = self.question
        if question is None:
            return
        both = (question.control, question.treated)
        asked = [Asked(one, question.seed, place) for place in range(count) for one in both]
        self._job = self._runs.start(asked, partial(self._take, question), partial(self._ended, question))

    def stop(self) -> None:
        """End the runs; the pairs that are known stay."""
        if self._job is not None:
            self._job.end("stopped")

    def _forget(self) -> None:
        if self._job is not None:
            self._job.end("forgotten")
        self.pairs, self._half, self._fault, self._job = (), None, "", None

    def _take(self, question: Question, _place: int, found: Outcome | Fault) -> None:
        """Keep an outcome: the control comes first, then the treated one of the same pair."""
        if question is not self.question or self._fault:
            return
        if isinstance(found, Fault):
            self._fault = found.text
            self.stop()
        elif self._half is None:
            self._half = found
        else:
            self.pairs, self._half = (*self.pairs, Pair(self._half, found)), None
            self._on_pairs()

    def _ended(self, question: Question, state: EndState, message: str) -> None:
        if question is self.question:
            self._on_end("failed" if self._fault else state, self._fault or message)
