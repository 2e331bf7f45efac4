"""Alternating outages: entities work and fail in turn, each for random times (a renewal process)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from gpnde.plugin import (
    Clock,
    Component,
    ComponentError,
    Floats,
    Integers,
    InTransit,
    Law,
    Streams,
    law_of,
    param,
)

_CYCLES_AHEAD = 4
"""Mean cycles that are drawn ahead: enough that draws come in large blocks, few enough that memory stays small."""

_SHORTEST_CYCLE = 0.01
"""Mean cycle (ticks) below which a run would do little else than draw outages that no tick sees."""


class Failures(NamedTuple):
    """The entities that fail on one day."""

    day: float
    numbers: Integers  # shape (n,), rising
    days: Floats  # shape (n,), above 0


class AlternatingOutages(Component):
    """Parameters of an outage that comes again and again."""

    mean_up_days: float = param(
        730.0, gt=0, unit="day", vary=(90, 3650), doc="Mean time from the end of an outage to the next one."
    )
    mean_down_days: float = param(14.0, gt=0, unit="day", vary=(1, 120), doc="Mean length of an outage.")
    up_law: Literal["exponential", "weibull"] = param("exponential", doc="Law of the time between outages.")
    up_shape: float = param(2.0, ge=0.2, le=20, vary=(0.8, 4), doc="Shape of the Weibull law; above 1 is wear.")
    down_law: Literal["exponential", "lognormal", "fixed"] = param("exponential", doc="Law of the length of an outage.")
    down_cv: float = param(
        1.0, gt=0, le=10, vary=(0.3, 2), doc="Standard deviation by mean of the lognormal law of the length."
    )
    in_transit: InTransit = param("none", doc="What happens to goods on their way: none, delay or lose.")

    def failures(self, chosen: Integers, names: Sequence[str], clock: Clock, streams: Streams) -> Iterator[Failures]:
        """Return the failures of the *chosen* among all entities, which have *names*, from now up to the horizon."""
        cycle = self.mean_up_days + self.mean_down_days
        check_cycle(f"{self.name}: mean_up_days + mean_down_days", cycle, clock)
        return alternate(chosen, names, self._up(), self._down(), cycle, clock, streams)

    def _up(self) -> Law:
        more = {"shape": self.up_shape} if self.up_law == "weibull" else {}
        return law_of(f"{self.name}.mean_up_days", self.up_law, mean=self.mean_up_days, **more)

    def _down(self) -> Law:
        where, days = f"{self.name}.mean_down_days", self.mean_down_days
        if self.down_law == "fixed":
            return law_of(where, "fixed", value=days)
        more = {"cv": self.down_cv} if self.down_law == "lognormal" else {}
        return law_of(where, self.down_law, mean=days, **more)


def check_cycle(what: str, cycle_days: float, clock: Clock) -> None:
    """Refuse a mean time from one outage to the next, given as *what*, that no run could follow."""
    shortest = _SHORTEST_CYCLE * clock.tick_days
    if cycle_days < shortest:
        raise ComponentError(
            where=f"{what} = {cycle_days:g} (day)", expected=f"must be at least {shortest:g}, a hundredth of a tick"
        )


def alternate(
    chosen: Integers, names: Sequence[str], up: Law, down: Law, cycle_days: float, clock: Clock, streams: Streams
) -> Iterator[Failures]:
    """Return the failures of the *chosen* among all entities that work and fail in turn, from now up to the horizon.

    From now on each entity works for a time of the law *up*, then is out for one of the law *down*, and so on. The
    process runs in continuous time, and the network sees its state at every tick; so the share of ticks at work tends
    to mean up / (mean up + mean down), whatever the tick and the laws, and an outage between two ticks is not seen.
    Outage k of an entity comes from draw k of its name, whatever becomes of the others.
    """
    began = round(clock.now / clock.tick_days)
    rounds = _Rounds(chosen, names, up, down, clock.tick_days, streams, began)
    horizon = int(np.ceil(clock.days / clock.tick_days))
    block = max(1, int(np.ceil(_CYCLES_AHEAD * cycle_days / clock.tick_days)))
    return _by_day(rounds, began, horizon, block, clock.tick_days)


class _Rounds:
    """Draws outages round by round: the first one of every entity, then the second, and so on."""

    def __init__(
        self, chosen: Integers, names: Sequence[str], up: Law, down: Law, tick_days: float, streams: Streams, began: int
    ) -> None:
        self._chosen, self._tick_days, self._streams = chosen, tick_days, streams
        self._names = tuple(names[number] for number in chosen.tolist())
        self._up, self._down = up, down
        self._round = 0
        self._restored = np.full(len(chosen), float(began))
        self._drawn = [np.zeros((3, 0), dtype=np.int64)]

    def until(self, tick: int) -> Integers:
        """Return the outages that begin after those given out before and up to *tick*: begin, end and entity.

        They have shape (3, n), are sorted by begin and entity, and end after they begin.
        """
        # Until the entity that has come least far is past the tick, too.
        while self._restored.min() < tick:
            self._drawn.append(self._next_round())
        known = np.concatenate(self._drawn, axis=1)
        is_due = known[0] <= tick
        self._drawn = [known[:, ~is_due]]
        due = known[:, is_due]
        return due[:, np.lexsort((due[2], due[0]))]

    def _next_round(self) -> Integers:
        """Return the next outage of every entity, but for those too short to be seen at a tick."""
        failed = self._restored + self._durations(self._up, "up")
        self._restored = failed + self._durations(self._down, "down")
        self._round += 1
        begin, end = np.ceil(failed).astype(np.int64), np.ceil(self._restored).astype(np.int64)
        return np.stack([begin, end, self._chosen])[:, begin < end]

    def _durations(self, law: Law, purpose: str) -> Floats:
        """Return one duration (ticks) for every chosen entity in this round."""
        return self._streams.draws(law, purpose, self._names, occurrence=self._round) / self._tick_days


def _by_day(rounds: _Rounds, began: int, horizon: int, block: int, tick_days: float) -> Iterator[Failures]:
    """Yield the outages that begin up to the horizon, grouped by the tick of their begin."""
    reached = began
    while reached < horizon:
        reached = min(reached + block, horizon)
        begin, end, entity = rounds.until(reached)
        ticks, first = np.unique(begin, return_index=True)
        bounds = np.append(first, len(begin)).tolist()
        for tick, start, stop in zip(ticks.tolist(), bounds[:-1], bounds[1:], strict=True):
            days = (end[start:stop] - tick) * tick_days
            yield Failures(tick * tick_days, entity[start:stop], days)
