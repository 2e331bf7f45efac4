"""What a run hands to a component: a clock to wait on, a view to read, actions to take and streams to draw from.

These are the types alone; the engine provides the objects. Times are days since day 0 of the scenario, quantities
are units, and *numbers* are positions in the arrays of the view.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import simpy

    from gpnde.plugin.flow import Lanes
    from gpnde.plugin.policy import Group
    from gpnde.scenario.law import Law
    from gpnde.scenario.schema import Scenario
    from gpnde.world.layout import Flags, Floats, Integers, Records
    from gpnde.world.names import Names
    from gpnde.world.places import Places

InTransit = Literal["none", "delay", "lose"]
"""What an outage does to goods on their way: nothing, hold them until it ends, or destroy them."""

Process = Generator["simpy.Event", Any, None]
"""A process: a generator that yields what it waits for."""


class Clock(Protocol):
    """Simulated time, and events that come at a later time."""

    @property
    def now(self) -> float:
        """The present (days); always a whole number of ticks."""

    @property
    def tick_days(self) -> float:
        """The resolution of time (days)."""

    @property
    def days(self) -> float:
        """The horizon (days)."""

    @property
    def start(self) -> datetime.date:
        """The calendar date of day 0."""

    def wait(self, days: float) -> simpy.Event:
        """Return an event that comes *days* from now, rounded up to the tick."""

    def until(self, day: float) -> simpy.Event:
        """Return an event that comes on *day*, rounded up to the tick; at once if that is now or past.

        At one instant the processes of components go when the time that has passed is closed (payments, reviews,
        learning), and before goods arrive and orders are placed.
        """


class View(Protocol):
    """The network as it is now, for reading only.

    The arrays have one record per thing, with the fields of `gpnde.world.layout` (times in ticks there), and cannot
    be written. They are looked up at every access, because the network grows: ask for them when you need them.
    """

    @property
    def sites(self) -> Records:
        """All sites, in the order of the scenario."""

    @property
    def inputs(self) -> Records:
        """What each site buys: one record per site and product."""

    @property
    def lines(self) -> Records:
        """All lines: links between sites, purchases from outside and deliveries to markets, ended ones included."""

    @property
    def markets(self) -> Records:
        """All markets, in the order of the scenario."""

    @property
    def firms(self) -> Records:
        """All firms, in the order of the scenario."""

    @property
    def day(self) -> float:
        """The present (days)."""

    @property
    def days(self) -> float:
        """Time since the last step of components, or since day 0 (days)."""

    @property
    def names(self) -> Names:
        """The names behind the numbers of sites, firms, products, clusters and markets."""

    @property
    def places(self) -> Places:
        """Where firms are at home, and what is true of countries."""

    @property
    def site_country(self) -> Integers:
        """The country of each site, by position in `country_names`, -1 for none; shape (sites,)."""

    @property
    def site_function(self) -> Integers:
        """The function that each site performs, by position in `gpnde.plugin.FUNCTIONS`; shape (sites,)."""

    @property
    def site_cell(self) -> Integers:
        """The cell of specialisation in which each site works now, by position in `CELLS`; shape (sites,)."""

    @property
    def site_staff(self) -> Floats:
        """The persons whom each site employs, 0 where making takes no labour; shape (sites,)."""

    @property
    def site_vacancies(self) -> Floats:
        """The persons whom each site needs beside its staff, 0 where making takes no labour; shape (sites,)."""

    @property
    def cluster_country(self) -> Integers:
        """The country of each cluster, by position in `country_names`, -1 for none; shape (clusters,)."""

    @property
    def market_country(self) -> Integers:
        """The country of each market's region, by position in `country_names`, -1 for none; shape (markets,)."""

    @property
    def region_names(self) -> tuple[str, ...]:
        """The regions of the scenario."""

    @property
    def site_region(self) -> Integers:
        """The region of each site, by position in `region_names`, -1 for none; shape (sites,)."""

    @property
    def market_region(self) -> Integers:
        """The region of each market, by position in `region_names`, -1 for none; shape (markets,)."""

    @property
    def country_names(self) -> tuple[str, ...]:
        """The countries of the scenario; where it lists none, those that its clusters and regions name."""

    @property
    def firm_country_names(self) -> npt.NDArray[np.str_]:
        """The name of the country of each firm, empty for none; shape (firms,)."""

    @property
    def firm_cluster_names(self) -> npt.NDArray[np.str_]:
        """The name of the home cluster of each firm, empty for none; shape (firms,)."""

    @property
    def line_names(self) -> tuple[str, ...]:
        """The name of each line, such as ``Penang > Osaka: disk``; shape (lines,)."""

    @property
    def line_supplier(self) -> Integers:
        """The supplying firm of each line, -1 for outside; shape (lines,)."""

    @property
    def line_buyer(self) -> Integers:
        """The buying firm of each line, -1 for markets; shape (lines,)."""

    @property
    def lanes(self) -> Lanes:
        """Whom lines lead from and to, and across which border; shape (lines,)."""

    @property
    def tariff(self) -> Floats:
        """The duty on each line as a share of its price, of all components together; shape (lines,)."""

    @property
    def scores(self) -> Floats:
        """The last score of each line, NaN where it has none; shape (lines,)."""

    def in_group(self, group: Group) -> Flags:
        """Return whether each firm is local, foreign, a flagship, or anything; shape (firms,).

        Flagships lead the network by their role; foreign firms are owned from another country; others are local.
        """

    @property
    def scenario(self) -> Scenario:
        """The scenario as the user wrote it."""

    def site_numbers(
        self,
        *,
        clusters: Sequence[str] = (),
        countries: Sequence[str] = (),
        tiers: Sequence[int] = (),
        names: Sequence[str] = (),
    ) -> Integers:
        """Return the numbers of the sites that meet every condition that is given, in rising order.

        A condition is met by any of its entries; an empty one is met by all. Countries are those of clusters, and
        capitals do not matter. A name that the scenario does not have is a `ComponentError` with the nearest one.
        """

    def line_numbers(
        self,
        *,
        clusters: Sequence[str] = (),
        countries: Sequence[str] = (),
        tiers: Sequence[int] = (),
        names: Sequence[str] = (),
    ) -> Integers:
        """Return the numbers of the links between sites whose supplier is among `site_numbers` of the same."""


class Act(Protocol):
    """What a component may do to the network; every action is checked and logged with the component's name.

    Numbers have shape (n,) and an integer type. A duration below 0 or a factor that is not above 0 is a
    `ComponentError`.
    """

    def disrupt_sites(
        self, numbers: Integers, days: Floats | float, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Put sites out of work for *days* (one number, or shape (n,)), rounded up to the tick.

        The engine restores them. A site that is out already stays so until the last of its outages has ended.
        *in_transit* is what happens to the goods that these sites have shipped; *cause_detail* goes into the event
        log.
        """

    def disrupt_lines(
        self, numbers: Integers, days: Floats | float, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Stop shipments on lines for *days*, in all as `disrupt_sites` does for sites."""

    def scale_demand(self, market_numbers: Integers, factor: float, /) -> None:
        """Multiply the demand of markets by *factor*, on top of all that went before; the inverse takes it back."""

    def scale_price(self, line_numbers: Integers, factor: float, /) -> None:
        """Multiply the prices of lines by *factor*, on top of all that went before; the inverse takes it back."""

    def pay(self, firms: Integers, amounts: Floats, to: int = -1, /) -> None:
        """Pay *amounts* (money, at least 0, one per firm) from firms to the firm *to*, or out of the network (-1).

        Firms that have left pay nothing. Without finance in the scenario nothing is paid at all.
        """

    def end_links(self, line_numbers: Integers, *, cause_detail: str = "") -> None:
        """Strike suppliers off: links end for good, with the cause ``policy``, and buyers look for successors."""

    def close_firms(self, firms: Integers, *, cause: Literal["finance", "policy"] = "policy") -> None:
        """Take firms out of the network for good: their sites stop and their links end."""

    def renew(self) -> None:
        """Refresh the modifiers of the flow: call the flow hooks of all components before goods flow again."""


class Streams(Protocol):
    """Random numbers of one component in one run."""

    def generator(self, purpose: str, entity: str = "") -> np.random.Generator:
        """Return the generator for a purpose, always the same one for the same words.

        It depends on seed, replication, component, *purpose* and *entity* alone, so that what others draw, and whether
        they take part at all, changes nothing. Draw for what the number is for, such as outage k of site e, and not
        for what happens to need one next. For one number each for many firms or sites use `uniforms` or `normals`: a
        vector drawn from here would change for all when one is added.
        """

    def uniforms(
        self,
        purpose: str,
        names: Sequence[str],
        others: Sequence[str] | None = None,
        *,
        day: float = 0.0,
        occurrence: int = 0,
    ) -> Floats:
        """Return a number between 0 and 1 (both excluded) for each of *names*; shape (names,).

        Each depends on seed, replication, component, *purpose*, *day*, *occurrence* (0 to 2^32 - 1) and its own name
        alone: other names, and their order, change nothing. With *others* there is one number for each pair;
        shape (names, others). Names are such as ``view.names.firms``; to draw once per step give its day, to draw for
        one thing again and again count its occurrences.
        """

    def normals(
        self,
        purpose: str,
        names: Sequence[str],
        others: Sequence[str] | None = None,
        *,
        day: float = 0.0,
        occurrence: int = 0,
    ) -> Floats:
        """Return a standard normal number for each of *names*, as `uniforms` does; give it another purpose."""

    def draws(self, law: Law, purpose: str, names: Sequence[str], *, day: float = 0.0, occurrence: int = 0) -> Floats:
        """Return a draw from *law* for each of *names*; shape (names,).

        Each is what the law makes of the number that `uniforms` has for the same words: let a purpose be for one of
        the two. Of a series the value of that *occurrence* is drawn.
        """
