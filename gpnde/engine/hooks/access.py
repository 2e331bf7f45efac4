"""What components see of a run and what they may do to it: the engine's side of `gpnde.plugin.interfaces`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import simpy

from gpnde.engine.capacity.outages import Durations, InTransit, Outages
from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.lanes import lanes_of_lines
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.prices import Prices
from gpnde.errors import ComponentError, check_names
from gpnde.numerics.draws import entities, generator, joined, normals, stream_key, uniforms
from gpnde.plugin.flow import Lanes
from gpnde.plugin.policy import Group
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FLAGSHIPS, ROLES
from gpnde.world.entities import line_names
from gpnde.world.layout import Flags, Floats, Integers, Records
from gpnde.world.places import Places, country_of_clusters
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

    def __init__(self, world: World, timeline: Timeline | None = None) -> None:
        """Show *world* to components, on the day of *timeline*; without one it is day 0."""
        self._world, self._timeline = world, timeline
        self.began = 0.0
        """Day of the last step of components."""
        self.read_scores: Callable[[], Floats] = lambda: np.full(len(world.state.lines), np.nan)

    @property
    def day(self) -> float:
        """The present (days)."""
        return 0.0 if self._timeline is None else self._timeline.today

    @property
    def days(self) -> float:
        """Time since the last step (days)."""
        return self.day - self.began

    @property
    def is_closing(self) -> bool:
        """Whether the time that has passed is being closed, before anything new happens today."""
        return self._timeline is not None and self._timeline.phase < Phase.SHOCKS

    def is_between(self, start_day: float, end_day: float) -> bool:
        """Return whether something is in force that begins and ends on these days.

        What is closed on a day lies before it: so it is not in force yet when its first day begins with closing the
        time before, and is in force on its last day until goods flow again.
        """
        if self._timeline is None:
            return start_day <= 0.0 < end_day
        now, ticks = self._timeline.now, self._timeline.tick
        begins = now if self._timeline.phase >= Phase.SHOCKS else now - 1
        ends = now + 1 if self._timeline.phase >= Phase.TERMS else now
        return ticks(start_day) <= begins and (math.isinf(end_day) or ends <= ticks(end_day))

    @property
    def places(self) -> Places:
        """Where firms are at home."""
        return self._world.places

    @property
    def country_names(self) -> tuple[str, ...]:
        """The countries."""
        return self._world.country_names

    @property
    def site_country(self) -> Integers:
        """The country of each site."""
        return locked(self._world.site_country)

    @property
    def market_country(self) -> Integers:
        """The country of each market."""
        return locked(self._world.market_country)

    @property
    def region_names(self) -> tuple[str, ...]:
        """The regions."""
        return tuple(region.name for region in self.scenario.regions)

    @property
    def site_region(self) -> Integers:
        """The region of each site."""
        return locked(self._world.site_region)

    @property
    def market_region(self) -> Integers:
        """The region of each market."""
        return locked(self._world.market_region)

    @cached_property
    def firm_country_names(self) -> npt.NDArray[np.str_]:
        """The name of the country of each firm."""
        names = np.array([*self.country_names, ""])
        return locked(names[country_of_clusters(self.scenario)[self.places.cluster]])

    @cached_property
    def firm_cluster_names(self) -> npt.NDArray[np.str_]:
        """The name of the home cluster of each firm."""
        return locked(np.array([*self.names.clusters, ""])[self.places.cluster])

    @property
    def line_supplier(self) -> Integers:
        """The supplying firm of each line."""
        return self._firms_of("supplier")

    @property
    def line_buyer(self) -> Integers:
        """The buying firm of each line."""
        return self._firms_of("buyer")

    @property
    def line_names(self) -> tuple[str, ...]:
        """The name of each line."""
        return line_names(self.names, self._world.state.lines)

    def _firms_of(self, side: str) -> Integers:
        owner = np.append(self._world.state.sites["firm"], -1).astype(np.int64)
        return locked(owner[self._world.state.lines[side]])

    @property
    def lanes(self) -> Lanes:
        """Whom lines lead from and to."""
        return Lanes(*(locked(each) for each in lanes_of_lines(self._world)))

    @property
    def tariff(self) -> Floats:
        """The duty on each line."""
        return locked(self._world.tariff)

    @property
    def scores(self) -> Floats:
        """The last score of each line."""
        return locked(self.read_scores())

    @cached_property
    def _groups(self) -> dict[str, Flags]:
        flagship = np.isin(self._world.firms["role"], [ROLES.index(role) for role in FLAGSHIPS])
        home, owner = self.firm_country_names, self._world.owners
        foreign = (owner >= 0) & (home[owner] != home)
        return {"flagship": flagship, "foreign": foreign, "local": ~flagship & ~foreign, "all": np.ones_like(flagship)}

    def in_group(self, group: Group) -> Flags:
        """Return whether each firm is of a group."""
        return locked(self._groups[group])

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
        return locked(self._world.state.sites)

    @property
    def inputs(self) -> Records:
        """The records of all inputs of sites."""
        return locked(self._world.state.inputs)

    @property
    def lines(self) -> Records:
        """The records of all links and sales."""
        return locked(self._world.state.lines)

    @property
    def markets(self) -> Records:
        """The records of all markets."""
        return locked(self._world.state.markets)

    @property
    def firms(self) -> Records:
        """The records of all firms."""
        return locked(self._world.firms)

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
        check_names(f"clusters = {list(clusters)!r}", clusters, self.names.clusters)
        check_names("countries", [name.upper() for name in countries], sorted({*country.values()} - {""}))
        check_names(f"sites = {list(names)!r}", names, self.names.sites)
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


def locked(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a look at an array that cannot be written."""
    view = values.view()
    view.flags.writeable = False
    return view


class Structure(Protocol):
    """What changes the network for good: the simulation."""

    def strike_off(self, numbers: Integers, component: str) -> None:
        """End links with the cause ``policy``."""

    def close_firms(self, firms: Integers, cause: str, component: str) -> None:
        """Take firms out of the network."""

    def renew_soon(self) -> None:
        """Ask the flow hooks anew before goods flow again."""


class RunAct:
    """What a component may do; every act is checked and noted with its author."""

    def __init__(
        self,
        component: str,
        world: World,
        outages: Outages,
        prices: Prices,
        cashbook: Cashbook | None,
        structure: Structure,
    ) -> None:
        """Act in the name of *component*."""
        self._component, self._world, self._outages, self._prices = component, world, outages, prices
        self._cashbook, self._structure = cashbook, structure

    def disrupt_sites(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Stop sites for *days*; overlapping outages of a site are one, up to the end of the last."""
        chosen = self._among("site", numbers, len(self._world.state.sites))
        self._outages.fail_sites(chosen, self._checked(days), in_transit, self._author(cause_detail))

    def disrupt_lines(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Block links for *days*; overlapping outages of a link are one, up to the end of the last."""
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
            raise ComponentError(
                where=self._component, given=f"a payment of {given.min():g}", expected="must be 0 or more"
            )
        if not -1 <= to < count:
            raise ComponentError(
                where=self._component, given=f"payment to firm {to}", expected=f"must be -1 or a firm up to {count - 1}"
            )
        if self._cashbook is not None:
            self._cashbook.pay(np.bincount(chosen, given, count).astype(np.float64), to)

    def end_links(self, numbers: Integers, *, cause_detail: str = "") -> None:
        """Strike suppliers off, for good."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._structure.strike_off(chosen, self._author(cause_detail))

    def close_firms(self, firms: Integers, *, cause: Literal["finance", "policy"] = "policy") -> None:
        """Take firms out of the network for good."""
        chosen = self._among("firm", firms, len(self._world.firms))
        if cause not in ("finance", "policy"):
            raise ComponentError(where=self._component, given=f"cause {cause!r}", expected="must be finance or policy")
        self._structure.close_firms(chosen, cause, self._component)

    def renew(self) -> None:
        """Have the flow hooks asked anew before goods flow again."""
        self._structure.renew_soon()

    def _among(self, what: str, numbers: Integers, count: int) -> Integers:
        """Return the numbers of things as integers, after a check that there are such things."""
        given = np.atleast_1d(np.asarray(numbers))
        if len(given) and (given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= count):
            text = f"{what} numbers {given.tolist()}: must be whole numbers from 0 to {count - 1}"
            raise ComponentError(where=self._component, expected=text)
        return given.astype(np.int64)

    def _author(self, detail: str) -> str:
        return f"{self._component}: {detail}" if detail else self._component

    def _checked(self, days: Durations) -> Durations:
        given = np.asarray(days)
        if not ((given >= 0) & (given < np.inf)).all():
            raise ComponentError(where=self._component, given=f"an outage of {days} days", expected="must be 0 or more")
        return days

    def _positive(self, factor: float) -> float:
        if not np.isfinite(factor) or factor <= 0:
            raise ComponentError(where=self._component, given=f"a factor of {factor}", expected="must be above 0")
        return float(factor)


class RunStreams:
    """The random streams of a component; nobody else's draws move them."""

    def __init__(self, seed: int, replication: int, component: str) -> None:
        """Key the streams by seed, replication and component."""
        self._seed, self._replication, self._component = seed, replication, component

    def generator(self, purpose: str, entity: str = "") -> np.random.Generator:
        """Return the stream for a purpose and, where it matters, one entity."""
        return generator(self._seed, self._replication, self._component, purpose, entity)

    def uniforms(
        self,
        purpose: str,
        names: Sequence[str],
        others: Sequence[str] | None = None,
        *,
        day: float = 0.0,
        occurrence: int = 0,
    ) -> Floats:
        """Return a uniform number for each name, or for each pair of names."""
        return uniforms(self._key(purpose, day), _of_each(names, others), occurrence)

    def normals(
        self,
        purpose: str,
        names: Sequence[str],
        others: Sequence[str] | None = None,
        *,
        day: float = 0.0,
        occurrence: int = 0,
    ) -> Floats:
        """Return a standard normal number for each name, or for each pair of names."""
        return normals(self._key(purpose, day), _of_each(names, others), occurrence)

    def _key(self, purpose: str, day: float) -> tuple[int, int]:
        return stream_key(self._seed, self._replication, self._component, f"{purpose}\0{float(day)!r}")


def _of_each(names: Sequence[str], others: Sequence[str] | None) -> Integers:
    """Return what stands for each name in draws, or for each pair of a name and one of the *others*."""
    found = entities(tuple(names))
    return found if others is None else joined(found[:, None], entities(tuple(others)))
