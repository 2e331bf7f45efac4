"""The race of trials: who is tried next, who gets more replications, and who is dropped.

What is chosen depends on results in the order of the trials only, never on which worker was first, so that any number
of workers, and any interruption, leave the same trials.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gpnde.errors import GpndeError
from gpnde.study.intervals import mean_interval
from gpnde.study.optimise.judge import Values, kept_all, violation, why_hopeless
from gpnde.study.optimise.sampler import Sampler
from gpnde.study.optimise.schema import Optimisation
from gpnde.study.optimise.trials import KnownValues, Trial
from gpnde.study.run_records import RunRecords

if TYPE_CHECKING:
    from gpnde.study.plan import Plan, RunSpec


class Race:
    """An iterator of the runs to do next, which pauses where it waits for results and goes on when there are some."""

    def __init__(self, optimisation: Optimisation, plan: Plan, records: RunRecords, known: KnownValues) -> None:
        """Begin without trials; runs that the *records* have as done are not done again."""
        self.trials: list[Trial] = []
        self.reference = Trial(-1, {}, 0)
        """The scenario as it stands, with which the best trials are compared."""
        self._search, self._most = optimisation.search, optimisation.replications
        self._plan, self._records, self._known = plan, records, known
        self._sampler = Sampler(self._search, plan.study.seed)
        self._ready: deque[RunSpec] = deque()
        self._queued: set[str] = set()
        self._told = 0

    @property
    def waiting(self) -> int:
        """How many runs can be handed out now."""
        return len(self._ready)

    @property
    def planned(self) -> int:
        """The largest number of runs that there can be (1)."""
        return self._search.trials * self._most

    @property
    def settled(self) -> int:
        """The number of runs that are done, or that will not be needed (1)."""
        over = sum(self._most if each.is_over else 0 for each in self.trials)
        return over + sum(self._is_done(spec) for each in self.trials if not each.is_over for spec in each.specs)

    def __iter__(self) -> Iterator[RunSpec]:
        """Return itself."""
        return self

    def __next__(self) -> RunSpec:
        """Return the next run; where there is none now, there may be one after more results."""
        while not self._ready:
            if not self._advance():
                raise StopIteration
        return self._ready.popleft()

    def confirm(self, trials: list[Trial]) -> None:
        """Queue fresh replications of trials, which had no say in their choice."""
        fresh = range(self._most, self._most + self._search.confirm)
        for trial in (self.reference, *trials):
            self._queue(trial, fresh)

    def fresh_values(self, trial: Trial) -> dict[str, list[float]]:
        """Return the values of the fresh replications of a trial; none where one of them has failed."""
        try:
            return self._known.of(spec.key for spec in trial.specs if spec.replication >= self._most)
        except KeyError:
            return {}

    def _advance(self) -> bool:
        """Decide on trials whose runs are done, and choose new ones; return whether anything has changed."""
        ready = [each for each in self.trials[self._told :] if self._can_be_decided(each)]
        for trial in ready:
            self._decide(trial)
        return self._tell_and_ask() or bool(ready)

    def _can_be_decided(self, trial: Trial) -> bool:
        return not trial.is_over and all(map(self._is_done, trial.specs))

    def _is_done(self, spec: RunSpec) -> bool:
        return self._records.settled(spec.key)

    def _decide(self, trial: Trial) -> None:
        """Drop a trial, complete it, or queue its further replications."""
        if any(self._records.entries[spec.key].status == "failed" for spec in trial.specs):
            trial.end("failed", "a run has failed")
            return
        try:
            trial.values = self._known.of(spec.key for spec in trial.specs)
        except KeyError as error:
            trial.end("failed", f"{error.args[0]} is not defined in a run")
            return
        done = len(trial.specs)
        why = why_hopeless(trial.values, self._rivals(trial), self._search) if done < self._most else ""
        if why or done == self._most:
            trial.end("dropped" if why else "complete", why)
        else:
            self._queue(trial, range(done, self._most))

    def _rivals(self, trial: Trial) -> dict[int, Values]:
        """Return trials that were known when this one was chosen, are complete, and meet all constraints."""
        known = (each for each in self.trials[: trial.known] if each.state == "complete")
        return {each.number: each.values for each in known if kept_all(each.values, self._search) == "met"}

    def _tell_and_ask(self) -> bool:
        """Enter results in the order of the trials, and choose a new trial after each."""
        before = self._told, len(self.trials)
        while len(self.trials) < min(self._search.together, self._search.trials):
            self._ask()
        while self._told < len(self.trials) and self.trials[self._told].is_over:
            self._tell(self.trials[self._told])
            self._told += 1
            # One for one: what is known when a trial is chosen must not depend on who was first.
            if len(self.trials) < self._search.trials:
                self._ask()
        return before != (self._told, len(self.trials))

    def _tell(self, trial: Trial) -> None:
        if trial.state == "failed":
            self._sampler.tell_failed(trial.number)
            return
        found = {name: mean_interval(values) for name, values in trial.values.items()}
        violations = [violation(found[name], limit) for name, limit in self._search.constraints.items()]
        self._sampler.tell(trial.number, [found[name].mean for name in self._search.objectives], violations)

    def _ask(self) -> None:
        trial = Trial(len(self.trials), self._sampler.ask(), self._told)
        self.trials.append(trial)
        self._queue(trial, range(self._search.first))

    def _queue(self, trial: Trial, replications: range) -> None:
        try:
            specs = self._plan.specs_with(as_json(trial.settings), replications)
        except GpndeError as error:
            trial.end("failed", str(error))
            return
        trial.specs += specs
        for spec in specs:
            if spec.key not in self._queued and not self._records.settled(spec.key):
                self._queued.add(spec.key)
                self._ready.append(spec)


def as_json(settings: dict[str, Any]) -> str:
    """Return settings as runs carry them."""
    return json.dumps(settings)
