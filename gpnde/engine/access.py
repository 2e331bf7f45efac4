"""What components see of a run and what they may do to it: the engine's side of `gpnde.plugin.interfaces`."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

import numpy as np
import simpy

from gpnde.engine.cashbook import Cashbook
from gpnde.engine.outages import Durations, InTransit, Outages
from gpnde.engine.prices import Prices
from gpnde.engine.timeline import Phase, Timeline
from gpnde.errors import ComponentError, nearest
from gpnde.mechanics.draws import generator
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Integers, Records
from gpnde.world.world import Names, World


class RunClock:
    """The narrow clock of a component: it can look and wait."""

    def __init__(self, timeline: Timeline, start: datetime.date) -> None:
        """Show *timeline* to a component; day 0 is the date *start*."""
        self._timeline = timeline
        self.start = start

    @property
    def now(self) -> float:
        """The present time (days)."""
        return self._timeline.today

    @property
    def tick_days(self) -> float:
        """The resolution of time (days)."""
        return self._timeline.tick_days

    @property
    def days(self) -> float:
        """The horizon (days)."""
        return self._timeline.ticks * self._timeline.tick_days

    def wait(self, days: float) -> simpy.Event:
        """Return an event that happens *days* from now, rounded up to the tick."""
        return self.until(self.now + days)

    def until(self, day: float) -> simpy.Event:
        """Return an event that happens on a day, rounded up to the tick."""
        return self._timeline.at(self._timeline.tick(day), Phase.SHOCKS)


class RunView:
    """A read-only look at the world."""

    def __init__(self, world: World) -> None:
        """Show *world* to a component."""
        self._world = world

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self._world.scenario

    @property
    def names(self) -> Names:
        """The names behind the numbers."""
        return self._world.names

    @property
    def sites(self) -> Records:
        """The records of all sites."""
        return _locked(self._world.state.sites)

    @property
    def inputs(self) -> Records:
        """The records of all inputs of sites."""
        return _locked(self._world.state.inputs)

    @property
    def lines(self) -> Records:
        """The records of all links and sales."""
        return _locked(self._world.state.lines)

    @property
    def markets(self) -> Records:
        """The records of all markets."""
        return _locked(self._world.state.markets)

    @property
    def firms(self) -> Records:
        """The records of all firms."""
        return _locked(self._world.firms)

    def site_numbers(
        self,
        *,
        clusters: Sequence[str] = (),
        countries: Sequence[str] = (),
        tiers: Sequence[int] = (),
        names: Sequence[str] = (),
    ) -> Integers:
        """Return the sites that meet every condition given; all sites where none is."""
        country = {cluster.name: (cluster.country or "").upper() for cluster in self.scenario.clusters}
        wanted_countries = {name.upper() for name in countries}
        _refuse_unknown("clusters", clusters, self.names.clusters)
        _refuse_unknown("countries", [name.upper() for name in countries], sorted({*country.values()} - {""}))
        _refuse_unknown("sites", names, self.names.sites)
        chosen = [
            number
            for number, (site, tier) in enumerate(
                zip(self.scenario.sites, self._world.state.sites["tier"].tolist(), strict=True)
            )
            if (not clusters or site.cluster in clusters)
            and (not countries or country.get(site.cluster or "", "") in wanted_countries)
            and (not tiers or tier in tiers)
            and (not names or site.name in names)
        ]
        return np.array(chosen, dtype=np.int64)

    def line_numbers(
        self,
        *,
        clusters: Sequence[str] = (),
        countries: Sequence[str] = (),
        tiers: Sequence[int] = (),
        names: Sequence[str] = (),
    ) -> Integers:
        """Return the links whose supplying site meets every condition given."""
        suppliers = self.site_numbers(clusters=clusters, countries=countries, tiers=tiers, names=names)
        lines = self._world.state.lines
        return np.flatnonzero(np.isin(lines["supplier"], suppliers) & (lines["input"] >= 0))


def _refuse_unknown(what: str, names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ComponentError(f"{what} = {list(names)!r}: {name!r} is not in the scenario{nearest(name, known)}")


def _locked(records: Records) -> Records:
    view = records.view()
    view.flags.writeable = False
    return view


class RunAct:
    """What a component may do; every act is checked and noted with its author."""

    def __init__(
        self, component: str, world: World, outages: Outages, prices: Prices, cashbook: Cashbook | None
    ) -> None:
        """Act in the name of *component*."""
        self._component, self._world, self._outages, self._prices = component, world, outages, prices
        self._cashbook = cashbook

    def disrupt_sites(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Stop sites for *days*; outages of the same site stack."""
        chosen = self._among("site", numbers, len(self._world.state.sites))
        self._outages.fail_sites(chosen, self._checked(days), in_transit, self._author(cause_detail))

    def disrupt_lines(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Block links for *days*; outages of the same link stack."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._outages.fail_lines(chosen, self._checked(days), in_transit, self._author(cause_detail))

    def scale_demand(self, numbers: Integers, factor: float) -> None:
        """Multiply the demand of markets by *factor*."""
        chosen = self._among("market", numbers, len(self._world.state.markets))
        self._prices.scale_demand(chosen, self._positive(factor))

    def scale_price(self, numbers: Integers, factor: float) -> None:
        """Multiply the prices of links by *factor*."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._prices.scale_prices(chosen, self._positive(factor))

    def pay(self, firms: Integers, amounts: Floats, to: int = -1) -> None:
        """Let firms pay to the firm *to*, or to somebody outside (-1)."""
        count = len(self._world.firms)
        chosen = self._among("firm", firms, count)
        given = np.broadcast_to(np.asarray(amounts, dtype=np.float64), chosen.shape)
        if not np.all(np.isfinite(given)) or np.any(given < 0):
            raise ComponentError(f"{self._component}: a payment of {given.min():g}: must be 0 or more")
        if not -1 <= to < count:
            raise ComponentError(f"{self._component}: payment to firm {to}: must be -1 or a firm up to {count - 1}")
        if self._cashbook is not None:
            self._cashbook.pay(np.bincount(chosen, given, count).astype(np.float64), to)

    def _among(self, what: str, numbers: Integers, count: int) -> Integers:
        """Return the numbers of things as integers, after a check that there are such things."""
        given = np.atleast_1d(np.asarray(numbers))
        if len(given) and (given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= count):
            text = f"{what} numbers {given.tolist()}: must be whole numbers from 0 to {count - 1}"
            raise ComponentError(f"{self._component}: {text}")
        return given.astype(np.int64)

    def _author(self, detail: str) -> str:
        return f"{self._component}: {detail}" if detail else self._component

    def _checked(self, days: Durations) -> Durations:
        given = np.asarray(days)
        if not ((given >= 0) & (given < np.inf)).all():
            raise ComponentError(f"{self._component}: an outage of {days} days: must be 0 or more")
        return days

    def _positive(self, factor: float) -> float:
        if not np.isfinite(factor) or factor <= 0:
            raise ComponentError(f"{self._component}: a factor of {factor}: must be above 0")
        return float(factor)


class RunStreams:
    """The random streams of a component; nobody else's draws move them."""

    def __init__(self, seed: int, replication: int, component: str) -> None:
        """Key the streams by seed, replication and component."""
        self._seed, self._replication, self._component = seed, replication, component

    def generator(self, purpose: str, entity: str = "") -> np.random.Generator:
        """Return the stream for a purpose and, where it matters, one entity."""
        return generator(self._seed, self._replication, self._component, purpose, entity)
