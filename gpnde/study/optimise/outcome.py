"""The outcome of an optimisation: the best trials, judged by fresh seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gpnde.errors import StudyFailure
from gpnde.study.intervals import Interval, mean_interval, paired_difference
from gpnde.study.optimise.judge import Kept, Values, kept, kept_all, not_dominated
from gpnde.study.optimise.schema import Optimisation, Search
from gpnde.study.optimise.trials import Trial

if TYPE_CHECKING:
    from gpnde.study.optimise.race import Race

_FINALISTS = 3
"""Trials that get fresh seeds where there is one objective: the best one may owe its place to its seeds."""

_ORDER: dict[Kept, int] = {"met": 0, "undecided": 1, "violated": 2}


@dataclass(frozen=True)
class Outcome:
    """All trials, and those that came out best."""

    optimisation: Optimisation
    trials: Sequence[Trial]
    finalists: list[Trial]
    """Trials that are not dominated, by the search; of one objective, the few best ones. None if all violate."""
    fresh: dict[int, Values] = field(default_factory=dict)
    """Values of the fresh replications of finalists, by number, and of the scenario as it stands, number -1."""

    @property
    def search(self) -> Search:
        """What was searched."""
        return self.optimisation.search

    @property
    def best(self) -> Trial | None:
        """The finalist that keeps the constraints and is best in the first objective, by fresh seeds."""
        judged = [each for each in self.finalists if self.fresh.get(each.number)]
        first = next(iter(self.search.objectives))
        sign = self.search.sign(first)
        return min(
            judged,
            key=lambda each: (_ORDER[self.verdict(each)], sign * self.interval(each, first).mean, each.number),
            default=None,
        )

    def values(self, trial: Trial) -> Values:
        """Return the values that judge a trial: those of fresh seeds where it has any."""
        return self.fresh.get(trial.number) or trial.values

    def interval(self, trial: Trial, metric: str) -> Interval:
        """Return the mean of a metric with its interval."""
        return mean_interval(self.values(trial)[metric])

    def verdict(self, trial: Trial) -> Kept:
        """Return whether a trial keeps all constraints."""
        return kept_all(self.values(trial), self.search)

    def change(self, trial: Trial, metric: str) -> Interval | None:
        """Return the difference from the scenario as it stands, seed by seed; None where that has no value."""
        before, after = self.fresh.get(-1), self.fresh.get(trial.number)
        return paired_difference(after[metric], before[metric]) if before and after else None

    def to_json(self) -> dict[str, Any]:
        """Return what came out as plain data; the table of trials holds the rest."""
        states = [each.state for each in self.trials]
        counts = {state: states.count(state) for state in ("complete", "dropped", "failed")}
        best = self.best
        return {
            "study": self.optimisation.study.name,
            "trials": {"all": len(states), **counts},
            "best": self._described(best) if best else None,
            "finalists": [self._described(each) for each in self.finalists],
        }

    def _described(self, trial: Trial) -> dict[str, Any]:
        metrics = {name: self.interval(trial, name)._asdict() for name in self.search.metrics}
        limits = {name: kept(self.interval(trial, name), each) for name, each in self.search.constraints.items()}
        changes = {name: self.change(trial, name) for name in self.search.metrics}
        return {
            "trial": trial.number,
            "settings": trial.settings,
            "metrics": metrics,
            "constraints": limits,
            "change": {name: each._asdict() if each else None for name, each in changes.items()},
        }


def outcome_of(optimisation: Optimisation, trials: Sequence[Trial]) -> Outcome:
    """Return the trials that are best by the search alone.

    Raises
    ------
    StudyError
        All trials have failed.
    """
    if all(each.state == "failed" for each in trials):
        raise StudyFailure(
            given=f"all {len(trials)} trials have failed ({trials[0].reason})",
            expected="failures.jsonl in the folder of the runs says more",
        )
    complete = [each for each in trials if each.state == "complete"]
    verdicts = [kept_all(each.values, optimisation.search) for each in complete]
    for wanted in ("met", "undecided"):
        found = [each for each, verdict in zip(complete, verdicts, strict=True) if verdict == wanted]
        if found:
            return Outcome(optimisation, trials, _finalists(found, optimisation.search))
    return Outcome(optimisation, trials, [])


def confirmed(outcome: Outcome, race: Race) -> Outcome:
    """Return the outcome with the values of fresh seeds, once these runs are done."""
    fresh = {each.number: race.fresh_values(each) for each in (race.reference, *outcome.finalists)}
    return replace(outcome, fresh={number: values for number, values in fresh.items() if values})


def _finalists(trials: Sequence[Trial], search: Search) -> list[Trial]:
    """Return the trials that are not dominated in the means; of one objective, the few best, each settings once."""
    means = [[search.sign(name) * float(np.mean(each.values[name])) for name in search.objectives] for each in trials]
    if len(search.objectives) > 1:
        return [trials[place] for place in not_dominated(means)]
    order = sorted(range(len(trials)), key=lambda place: (means[place], place))
    distinct: dict[str, Trial] = {}
    for place in order:
        distinct.setdefault(repr(trials[place].settings), trials[place])
    return list(distinct.values())[:_FINALISTS]
