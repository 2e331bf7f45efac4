"""The journal of a run: what happened out of the ordinary, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from gpnde.engine.timeline import Timeline
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

SCORE = "score"
FINANCE = "finance"
BUFFER_ROLE = "buffer-role"
OUTAGE = "outage"
CONTRACT_END = "contract-end"
POLICY = "policy"

ENGINE = "engine"
"""The component that events are put down to when none brought them about."""

COLUMNS = ("day", "kind", "cause", "firm", "site", "buyer", "component", "value")


@dataclass
class Journal:
    """Collects events in the order in which they happen."""

    world: World
    timeline: Timeline
    rows: list[tuple[float, str, str, str, str, str, str, float]] = field(default_factory=list)

    def site(self, kind: str, site: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a site."""
        self._write(kind, cause, self._firm_of(site), self._site(site), "", component, value)

    def line(self, kind: str, number: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a link."""
        line = self.world.state.lines[number]
        self.pair(kind, line.supplier, line.buyer, cause, component, value)

    def pair(
        self, kind: str, supplier: int, buyer: int, cause: str = "", component: str = ENGINE, value: float = math.nan
    ) -> None:
        """Note an event between a supplying and a buying site, linked or not; -1 stands for outside and nobody."""
        self._write(kind, cause, self._firm_of(supplier), self._site(supplier), self._site(buyer), component, value)

    def sites(self, kind: str, sites: Integers, cause: str, component: str, values: Floats) -> None:
        """Note the same event of several sites, each with its value."""
        today, names, owners = self.timeline.today, self.world.names.sites, self._owners
        self.rows.extend(
            (today, kind, cause, owners[site], names[site], "", component, value)
            for site, value in zip(sites.tolist(), values.tolist(), strict=True)
        )

    def lines(self, kind: str, numbers: Integers, cause: str, component: str, values: Floats) -> None:
        """Note the same event of several links, each with its value."""
        for number, value in zip(numbers.tolist(), values.tolist(), strict=True):
            self.line(kind, number, cause, component, value)

    def firm(self, kind: str, firm: int, cause: str = "", component: str = ENGINE, value: float = math.nan) -> None:
        """Note an event of a firm."""
        self._write(kind, cause, self.world.names.firms[firm], "", "", component, value)

    def columns(self) -> dict[str, list[float | str]]:
        """Return the events as the columns of a table."""
        return {name: [row[position] for row in self.rows] for position, name in enumerate(COLUMNS)}

    def _site(self, number: int) -> str:
        return self.world.names.sites[number] if number >= 0 else ""

    def _firm_of(self, site: int) -> str:
        return self._owners[site] if site >= 0 else ""

    @cached_property
    def _owners(self) -> list[str]:
        """The firm that owns each site."""
        return [self.world.names.firms[number] for number in self.world.state.sites["firm"].tolist()]

    def _write(self, kind: str, cause: str, firm: str, site: str, buyer: str, component: str, value: float) -> None:
        self.rows.append((self.timeline.today, kind, cause, firm, site, buyer, component, value))
