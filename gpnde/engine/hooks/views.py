"""What components see of a run: the engine's side of the views, clocks and streams of `gpnde.plugin.interfaces`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.lanes import lanes_of_lines
from gpnde.errors import check_names
from gpnde.numerics.draws import entities, generator, joined, normals, stream_key, uniforms
from gpnde.plugin.flow import Lanes
from gpnde.plugin.policy import Group
from gpnde.scenario.law import Law
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FLAGSHIPS, ROLES
from gpnde.world.entities import line_names
from gpnde.world.layout import Flags, Floats, Integers, Records
from gpnde.world.names import Names
from gpnde.world.places import Places, country_of_clusters
from gpnde.world.world import World


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
    def site_function(self) -> Integers:
        """The function of each site."""
        return locked(self._world.site_function)

    @property
    def site_cell(self) -> Integers:
        """The cell of each site."""
        return locked(self._world.plants["cell"])

    @property
    def site_staff(self) -> Floats:
        """The persons whom each site employs."""
        return locked(self._world.factories["staff"])

    @property
    def site_vacancies(self) -> Floats:
        """The persons whom each site needs beside its staff."""
        factories = self._world.factories
        return locked(np.maximum(factories["needed"] - factories["staff"], 0.0))

    @cached_property
    def cluster_country(self) -> Integers:
        """The country of each cluster."""
        return locked(country_of_clusters(self.scenario)[:-1])

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
        return locked(self._world.money["tariff"])

    @property
    def scores(self) -> Floats:
        """The last score of each line."""
        return locked(self._world.trade["score"])

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


class RunStreams:
    """The random streams of a component; draws of other components do not move them."""

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

    def draws(self, law: Law, purpose: str, names: Sequence[str], *, day: float = 0.0, occurrence: int = 0) -> Floats:
        """Return a draw from a law for each name, made of its uniform number."""
        return law.draws(self.uniforms(purpose, names, day=day, occurrence=occurrence), occurrence)

    def _key(self, purpose: str, day: float) -> tuple[int, int]:
        # As a decimal number, so that day 1 and day 1.0 name the same stream.
        return stream_key(self._seed, self._replication, self._component, f"{purpose}\0{float(day)!r}")


def _of_each(names: Sequence[str], others: Sequence[str] | None) -> Integers:
    """Return what stands for each name in draws, or for each pair of a name and one of the *others*."""
    found = entities(tuple(names))
    return found if others is None else joined(found[:, None], entities(tuple(others)))
