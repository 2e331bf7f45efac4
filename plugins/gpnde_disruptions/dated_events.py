"""Dated events: sites, links, lanes, hubs, clusters, countries and markets are hit from one day to another."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from gpnde.plugin import (
    Act,
    Clock,
    Component,
    ComponentError,
    Floats,
    Integers,
    InTransit,
    Memory,
    Process,
    View,
    hookimpl,
    nearest,
    open_csv,
    param,
)
from gpnde_disruptions.choices import upper
from gpnde_disruptions.event_targets import TARGETS, Finder

What = Literal["close", "slow", "cap", "demand", "price"]

_PART: dict[What, str] = {"slow": "sites", "cap": "sites", "demand": "markets", "price": "lines"}
"""What of a target each kind of change acts on; one that closes acts on sites or, without any, on lines."""


class DatedEvent(BaseModel):
    """One event: what happens to which target, from when on and for how long."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    what: What = param(doc="close, slow (lead times), cap (capacity), demand or price.")
    target: str = param(doc="Kind of target: site, link, lane, hub, cluster, country or market.")
    name: str = param(doc="Name of the target; a link is supplier > buyer, a lane two clusters or countries.")
    start: float | datetime.date = param(doc="First day, as a number from day 0 on or as a date (day).")
    days: float = param(gt=0, unit="day", doc="Length.")
    factor: float = param(1.0, ge=0, le=1000, doc="By which lead times, capacity, demand or prices are multiplied.")
    in_transit: InTransit = param("none", doc="What a closure does to goods on their way: none, delay or lose.")

    @field_validator("target")
    @classmethod
    def _target_is_known(cls, target: str) -> str:
        if target not in TARGETS:
            raise ValueError(f"{target!r}: no such kind of target{nearest(target, TARGETS)}")
        return target

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        closes = self.what == "close"
        if closes and "factor" in self.model_fields_set and self.factor != 1.0:
            raise ValueError(f"factor {self.factor:g}: what is closed has no factor: leave it out, or choose cap")
        if not closes and "factor" not in self.model_fields_set:
            raise ValueError(f"{self.what} without a factor: give the one by which it multiplies")
        if not closes and self.in_transit != "none":
            raise ValueError(f"in_transit {self.in_transit}: only a closure touches goods on their way: leave it out")
        if self.what in ("slow", "price") and self.factor == 0.0:
            raise ValueError(f"factor 0: that of {self.what} must be above 0")
        if self.part and getattr(TARGETS[self.target], self.part) is None:
            able = ", ".join(kind for kind, target in TARGETS.items() if getattr(target, self.part))
            raise ValueError(f"target {self.target}: {self.what} acts on {self.part}: choose one of {able}")
        return self

    @property
    def part(self) -> str:
        """Return the part of the target that it acts on; empty for a closure."""
        return _PART.get(self.what, "")

    def first_day(self, start: datetime.date) -> float:
        """Return the day on which it begins in a run that begins on the date *start*."""
        return float((self.start - start).days) if isinstance(self.start, datetime.date) else self.start


class _Planned(NamedTuple):
    """An event with its days in a run."""

    event: DatedEvent
    begin: float
    end: float

    def numbers(self, view: View) -> Integers:
        """Return the sites, markets or lines that it acts on."""
        found: Finder = getattr(TARGETS[self.event.target], self.event.part)
        return found(view, self.event.name)


class DatedEvents(Component):
    """Sites, links, lanes, hubs, clusters, countries and markets are hit on given days, for given times.

    An event closes its target, slows what its sites deliver, caps their capacity, or changes demand or prices. A hub
    is what links name in ``via``: to close it blocks all of them. Events of a ``file`` have the same fields as columns,
    and add to those of ``events``. Factors of events that overlap are multiplied. Events that are over before day 0
    and those after the horizon change nothing.
    """

    name = "disruption.dated-events"

    events: tuple[DatedEvent, ...] = param((), doc="Events, each with what, target, name, start, days and factor.")
    file: str = param("", doc="CSV file of events, as a path from the scenario's folder or the working directory.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, memory: Memory) -> Process | None:
        """Look up the targets; return the process that follows the events, or None without any."""
        planned = [each for each in self._planned(view, memory) if each.end > 0]
        return self._follow(planned, clock, view, act) if planned else None

    @hookimpl
    def lead_time(self, view: View, memory: Memory) -> Floats | None:
        """Slow what the sites that are hit deliver."""
        return self._factors("slow", view, memory, len(view.sites))

    @hookimpl
    def capacity(self, view: View, memory: Memory) -> Floats | None:
        """Cap the capacity of the sites that are hit."""
        return self._factors("cap", view, memory, len(view.sites))

    @hookimpl
    def demand(self, view: View, memory: Memory) -> Floats | None:
        """Scale the demand of the markets that are hit."""
        return self._factors("demand", view, memory, len(view.markets))

    def _factors(self, what: What, view: View, memory: Memory, count: int) -> Floats | None:
        """Return the product of the factors in force now; None where no event is of that kind."""
        planned = [each for each in self._planned(view, memory) if each.event.what == what]
        factors = np.ones(count)
        for each in planned:
            if each.begin <= view.day < each.end:
                factors[each.numbers(view)] *= each.event.factor
        return factors if planned else None

    def _planned(self, view: View, memory: Memory) -> list[_Planned]:
        """Return all events, whose targets exist; the file is read once in a run."""
        if "planned" not in memory:
            listed = [(f"{self.name}.events[{i}]", event) for i, event in enumerate(self.events)]
            listed += _read(f"{self.name}.file", self.file) if self.file else []
            memory["planned"] = [_plan(where, event, view) for where, event in listed]
        found: list[_Planned] = memory["planned"]
        return found

    def _follow(self, planned: Sequence[_Planned], clock: Clock, view: View, act: Act) -> Process:
        # Ends come before beginnings of the same day, so that a series of events has no gap and no overlap.
        moments = [(each.end, 0, i) for i, each in enumerate(planned)]
        moments += [(max(0.0, each.begin), 1, i) for i, each in enumerate(planned)]
        scaled: dict[int, Integers] = {}
        for day, begins, i in sorted(moments):
            yield clock.until(day)
            each = planned[i]
            if each.event.what == "close" and begins:
                _close(each, day, view, act)
            elif each.event.what == "price":
                lines = scaled.setdefault(i, each.numbers(view))
                act.scale_price(lines, each.event.factor if begins else 1.0 / each.event.factor)
            elif each.event.what != "close":
                act.renew()


def _close(each: _Planned, day: float, view: View, act: Act) -> None:
    """Stop the sites of a target or, where it has none, block its lines."""
    event, target = each.event, TARGETS[each.event.target]
    stop = act.disrupt_sites if target.sites else act.disrupt_lines
    find = target.sites or target.lines
    numbers = find(view, event.name) if find else np.zeros(0, dtype=np.int64)
    if len(numbers):
        detail = f"{event.target} {event.name}"
        stop(numbers, each.end - day, in_transit=event.in_transit, cause_detail=detail)


def _plan(where: str, event: DatedEvent, view: View) -> _Planned:
    """Return an event with its days, after a check that there is such a target."""
    known = TARGETS[event.target].names(view)
    # Countries are compared in capitals everywhere.
    is_known = event.name.upper() in upper(known) if event.target == "country" else event.name in known
    if not is_known:
        lacking = "no link passes such a hub" if event.target == "hub" else f"no such {event.target} in the scenario"
        raise ComponentError(
            where=f"{where}, name", given=repr(event.name), expected=f"{lacking}{nearest(event.name, known)}"
        )
    begin = event.first_day(view.scenario.clock.start)
    return _Planned(event, begin, begin + event.days)


def _read(where: str, file: str) -> list[tuple[str, DatedEvent]]:
    """Return the events of a CSV *file*, each with its file and line."""
    header, rows = open_csv(where, file, Path.cwd())
    unknown = [name for name in header if name not in DatedEvent.model_fields]
    if unknown:
        raise ComponentError(
            where=file, expected=f"unknown column {unknown[0]!r}{nearest(unknown[0], DatedEvent.model_fields)}"
        )
    return [(f"{file} line {line}", _event(f"{file} line {line}", header, cells)) for line, cells in rows]


def _event(where: str, header: Sequence[str], cells: Sequence[str]) -> DatedEvent:
    given: dict[str, Any] = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
    try:
        return DatedEvent.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = f", {first['loc'][0]}" if first["loc"] else ""
        text = first["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        raise ComponentError(where=f"{where}{column}", expected=text) from None
