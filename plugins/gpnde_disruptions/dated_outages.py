"""Outages on given dates: the sites of a country, a cluster or one site, after a list of events."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gpnde.plugin import (
    Act,
    Clock,
    Component,
    ComponentError,
    Integers,
    InTransit,
    Process,
    View,
    hookimpl,
    nearest,
    param,
)
from gpnde_disruptions.choices import countries
from gpnde_disruptions.dated_list import Event, read_events

_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """A site, a cluster or a country."""

    kind: str
    name: str

    def sites(self, view: View) -> Integers:
        """Return the numbers of the sites that are there now."""
        if self.kind == "country":
            return view.site_numbers(countries=[self.name])
        if self.kind == "cluster":
            return view.site_numbers(clusters=[self.name])
        return view.site_numbers(names=[self.name])


class Outage(NamedTuple):
    """An event that hits a place of the network."""

    day: int
    place: Place
    days: float
    detail: str


class DatedOutages(Component):
    """Sites are out of work from the dates in a CSV file on.

    The file has a column ``date`` (1997-03-31) or ``year``, ``month`` and ``day``, and ``site``, ``cluster`` or
    ``country``, the first of which that is filled says what is hit; ``duration_days`` may say for how long. Rows that
    lie before day 0 or after the horizon, have no full date, are too weak, or name a country without clusters are left
    out; the log of this module says how many. Sites that are built before the date of an event are hit by it, too.
    """

    name = "disruption.dated-outages"

    file: str = param(doc="CSV file, as a path from the scenario's folder or the working directory.")
    duration_days: float = param(14.0, gt=0, unit="day", vary=(1, 120), doc="Length where a row gives none.")
    days_per_magnitude: float = param(
        0.0, ge=0, unit="day", vary=(0, 30), doc="Days added to duration_days per magnitude above minimum_magnitude."
    )
    minimum_magnitude: float = param(0.0, ge=0, doc="Rows of a smaller or no magnitude are left out; 0: none are.")
    minimum_damage_class: float = param(
        0.0, ge=0, doc="Rows of a smaller or no damage class are left out; 0: none are."
    )
    magnitude_column: str = param("magnitude", doc="Column that holds the magnitude.")
    damage_column: str = param("damage_class", doc="Column that holds the damage class.")
    in_transit: InTransit = param("none", doc="What happens to goods on their way: none, delay or lose.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act) -> Process | None:
        """Read the list; return the process that follows it, or None where nothing in it hits the run."""
        outages, left_out = self.outages(clock, view)
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(left_out.items())) or "none"
        level = logging.INFO if outages else logging.WARNING
        _log.log(level, "%s: %d outages from %s; rows left out: %s", self.name, len(outages), self.file, reasons)
        return self._follow(outages, clock, view, act) if outages else None

    def outages(self, clock: Clock, view: View) -> tuple[list[Outage], Counter[str]]:
        """Return the outages in the order of their days, and how many rows were left out for which reason."""
        found, left_out = [], Counter[str]()
        places = _Places(view)
        for event in self._events():
            reason = _outside_time(event, clock) or self._weakness(event)
            place = None if reason else places.of(event)
            if place is not None and event.date is not None:
                day = (event.date - clock.start).days
                found.append(Outage(day, place, self._days(event), f"{event.place}, {event.date}"))
            else:
                left_out[reason or "where there is no site"] += 1
        return sorted(found, key=lambda outage: (outage.day, outage.detail, outage.days)), left_out

    def _events(self) -> list[Event]:
        needed = [self.magnitude_column] if self.minimum_magnitude or self.days_per_magnitude else []
        needed += [self.damage_column] if self.minimum_damage_class else []
        return read_events(f"{self.name}.file", self.file, self.magnitude_column, self.damage_column, needed)

    def _weakness(self, event: Event) -> str:
        """Return why an event does not matter, or an empty text."""
        is_small = (event.magnitude or 0.0) < self.minimum_magnitude
        return "too weak" if is_small or (event.damage or 0.0) < self.minimum_damage_class else ""

    def _days(self, event: Event) -> float:
        if event.days is not None:
            return event.days
        above = max(0.0, (event.magnitude or 0.0) - self.minimum_magnitude)
        return self.duration_days + self.days_per_magnitude * above

    def _follow(self, outages: Sequence[Outage], clock: Clock, view: View, act: Act) -> Process:
        for outage in outages:
            yield clock.until(outage.day)
            sites = outage.place.sites(view)
            if len(sites):
                act.disrupt_sites(sites, outage.days, in_transit=self.in_transit, cause_detail=outage.detail)


def _outside_time(event: Event, clock: Clock) -> str:
    """Return why an event does not fall into the run, or an empty text."""
    if event.date is None:
        return "without a full date"
    day = (event.date - clock.start).days
    return "before the start" if day < 0 else "after the end" if day > clock.days else ""


class _Places:
    """Checks the places of events, each once."""

    def __init__(self, view: View) -> None:
        self._names = {"site": view.names.sites, "cluster": view.names.clusters}
        self._countries = countries(view)

    def of(self, event: Event) -> Place | None:
        """Return the place that an event hits, or None for a country that the scenario does not have."""
        if event.kind == "country":
            return Place(event.kind, event.place) if event.place.upper() in self._countries else None
        known = self._names[event.kind]
        if event.place not in known:
            hint = nearest(event.place, known)
            raise ComponentError(
                where=f"{event.where}, {event.kind}", given=repr(event.place), expected=f"not in the scenario{hint}"
            )
        return Place(event.kind, event.place)
