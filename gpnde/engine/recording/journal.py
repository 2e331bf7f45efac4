"""The journal of a run: what happened out of the ordinary, and why."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from gpnde.engine.clock import Timeline
from gpnde.plugin.flow import Event
from gpnde.results.series import DROPOUT_SUFFIXES
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

ENGINE = "engine"
"""The component that events are put down to when none brought them about."""

Heading = tuple[str, str, str]
"""Kind, cause and component of an event."""

Listener = Callable[[Event], None]

COLUMNS = ("day", "kind", "cause", "firm", "site", "buyer", "component", "value")

_OF_SUPPLIERS = ("link_dropped", "firm_failed")
"""The drop-outs that are counted by tier: of suppliers' links and of firms."""


class Journal:
    """Collects events in the order in which they happen, and counts drop-outs.

    Events are kept as numbers, a few bytes each, and not at all where the scenario does not record them; drop-outs are
    counted in any case.
    """

    def __init__(self, world: World, timeline: Timeline) -> None:
        """Begin without events."""
        self._world, self._timeline = world, timeline
        self._keeps = world.scenario.record.events
        self._days, self._values = array("d"), array("d")
        self._headings, self._firms, self._sites, self._buyers = (array("i") for _ in range(4))
        self._known: dict[Heading, int] = {}
        self.listener: Listener | None = None
        """Who is told of every event, if anybody is."""
        self._dropouts: dict[str, int] = {}
        self.dropouts_by_tier = np.zeros(int(world.firms["tier"].max(initial=0)) + 1)
        """How many suppliers' links and firms of each tier have dropped out."""

    @property
    def dropouts(self) -> dict[str, int]:
        """How many sites, links and firms dropped out by cause, causes in alphabetical order."""
        return dict(sorted(self._dropouts.items()))

    def site(self, kind: str, site: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a site."""
        self._write((kind, cause, component), self._firm_of(site), site, -1, value)

    def line(self, kind: str, number: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a link."""
        line = self._world.state.lines[number]
        self.pair(kind, int(line.supplier), int(line.buyer), cause, component, value)

    def pair(
        self, kind: str, supplier: int, buyer: int, cause: str = "", component: str = ENGINE, value: float = math.nan
    ) -> None:
        """Note an event between a supplying and a buying site, linked or not; -1 stands for outside, or no site."""
        self._write((kind, cause, component), self._firm_of(supplier), supplier, buyer, value)

    def firm(self, kind: str, firm: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a firm."""
        self._write((kind, cause, component), firm, -1, -1, value)

    def sites(self, kind: str, sites: Integers, cause: str, component: str, values: Floats) -> None:
        """Note the same event of several sites, each with its value."""
        self._write_all((kind, cause, component), sites, np.full(len(sites), -1), values)

    def lines(self, kind: str, numbers: Integers, cause: str, component: str, values: Floats) -> None:
        """Note the same event of several links, each with its value."""
        lines = self._world.state.lines[numbers]
        self._write_all((kind, cause, component), lines["supplier"], lines["buyer"], values)

    def announce(self, event: Event) -> None:
        """Hand the listener an event that another table records."""
        if self.listener is not None:
            self.listener(event)

    def columns(self) -> dict[str, list[Any]]:
        """Return the events as the columns of a table."""
        names, headings = self._world.names, list(self._known)
        kinds, causes, components = ([heading[part] for heading in headings] for part in range(3))
        return {
            "day": self._days.tolist(),
            "kind": [kinds[number] for number in self._headings],
            "cause": [causes[number] for number in self._headings],
            "firm": [names.firms[number] if number >= 0 else "" for number in self._firms],
            "site": [names.sites[number] if number >= 0 else "" for number in self._sites],
            "buyer": [names.sites[number] if number >= 0 else "" for number in self._buyers],
            "component": [components[number] for number in self._headings],
            "value": self._values.tolist(),
        }

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The events as rows, in the order of `COLUMNS`."""
        return list(zip(*self.columns().values(), strict=True))

    def _firm_of(self, site: int) -> int:
        """Return the firm that owns a site; none (-1) for no site."""
        return int(self._world.state.sites["firm"][site]) if site >= 0 else -1

    def _write(self, heading: Heading, firm: int, site: int, buyer: int, value: float) -> None:
        self._count(heading, 1, firm)
        if self.listener is not None:
            self._tell(self.listener, heading, [(firm, site, buyer, value)])
        if not self._keeps:
            return
        self._days.append(self._timeline.today)
        self._headings.append(self._number(heading))
        self._firms.append(firm)
        self._sites.append(site)
        self._buyers.append(buyer)
        self._values.append(value)

    def _write_all(self, heading: Heading, sites: Integers, buyers: Integers, values: Floats) -> None:
        """Note the same event for several pairs of site and buyer."""
        firms, count = np.where(sites >= 0, self._world.state.sites["firm"][sites], -1), len(sites)
        self._count(heading, count, firms)
        if self.listener is not None:
            rows = zip(firms.tolist(), sites.tolist(), buyers.tolist(), values.tolist(), strict=True)
            self._tell(self.listener, heading, rows)
        if not self._keeps:
            return
        self._days.extend([self._timeline.today] * count)
        self._headings.extend([self._number(heading)] * count)
        for column, numbers in ((self._firms, firms), (self._sites, sites), (self._buyers, buyers)):
            # The columns hold integers of 32 bits, so bytes of these are taken over as they are.
            column.frombytes(numbers.astype(np.int32).tobytes())
        self._values.frombytes(values.astype(np.float64).tobytes())

    def _tell(self, listener: Listener, heading: Heading, rows: Iterable[tuple[int, int, int, float]]) -> None:
        """Tell the listener of the same event of several firms, sites and buyers."""
        kind, cause, component = heading
        for firm, site, buyer, value in rows:
            listener(Event(self._timeline.today, kind, cause, firm, site, buyer, component, value))

    def _number(self, heading: Heading) -> int:
        """Return the number that stands for kind, cause and component."""
        return self._known.setdefault(heading, len(self._known))

    def _count(self, heading: Heading, count: int, firms: int | Integers) -> None:
        """Count *count* events, of one firm or one each, if they are drop-outs."""
        kind, cause, _ = heading
        if count and cause and kind.endswith(DROPOUT_SUFFIXES):
            self._dropouts[cause] = self._dropouts.get(cause, 0) + count
        if kind in _OF_SUPPLIERS:
            named = np.atleast_1d(firms)
            np.add.at(self.dropouts_by_tier, self._world.firms["tier"][named[named >= 0]], 1.0)
