"""Notes on a valid scenario: effects of its numbers that may be unintended."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gpnde.scenario import Scenario
    from gpnde.scenario.law import Law

COARSE = 0.25
"""Share by which rounding up to the tick may lengthen a mean time before it is told."""

BUSY = 0.95
"""Expected utilisation from which a site is told: so near to 1, orders wait ever longer."""


class Load(NamedTuple):
    """What a site is expected to make, against what it can."""

    site: str
    units_per_day: float
    capacity_per_day: float
    utilisation: float


def notes_on(scenario: Scenario) -> list[str]:
    """Return one line for each thing that is worth knowing before a run.

    That is what was dropped, filled or repeated, what is drawn otherwise than it reads, and what the scenario as a
    whole makes of its numbers.
    """
    from gpnde.scenario.remarks import remarks

    return [*remarks(scenario), *_on_coarse_ticks(scenario), *_on_capacity(scenario), *_on_prices(scenario)]


def _on_coarse_ticks(scenario: Scenario) -> Iterator[str]:
    """Tell of mean times that are longer by more than a quarter in whole ticks."""
    tick = scenario.clock.tick_days
    coarse = [
        (place, days, ticks * tick) for place, days, ticks in _times(scenario) if ticks * tick > days * (1 + COARSE)
    ]
    if coarse:
        place, days, rounded = max(coarse, key=lambda each: each[2] / each[1])
        others = f" (and {len(coarse) - 1:,} more)" if len(coarse) > 1 else ""
        yield (
            f"{place}: {days:.4g} days become {rounded:.4g} in whole ticks{others}: "
            f"give a shorter clock.tick_days than {tick:g}"
        )


def _times(scenario: Scenario) -> Iterator[tuple[str, float, float]]:
    """Yield where each time above 0 is given, its mean in days, and its mean in whole ticks."""
    from gpnde.world.laws import LawBook
    from gpnde.world.lead_moments import rounded_moments

    book, laws = LawBook(), list(_laws(scenario))
    numbers = [book.number(law) for _, law in laws]
    table = book.table.build()
    ticks = {number: rounded_moments(table, number, scenario.clock.tick_days).mean for number in set(numbers)}
    for (place, _), number in zip(laws, numbers, strict=True):
        if book.table.mean(number) > 0.0:
            yield place, book.table.mean(number), ticks[number]


def _laws(scenario: Scenario) -> Iterator[tuple[str, Law]]:
    """Yield where each time is given, and its law."""
    from gpnde.scenario.law import fixed
    from gpnde.scenario.problems import Locations

    address = Locations(scenario).text
    for i, link in enumerate(scenario.links):
        yield address(("links", i, "lead_time")), link.lead_time
        yield address(("links", i, "order_delay_days")), fixed(link.order_delay_days)
    for i, site in enumerate(scenario.sites):
        yield address(("sites", i, "processing")), site.processing
        review = (site.ordering or scenario.ordering).review_days
        yield address(("sites", i, "ordering", "review_days")), fixed(review)
    for i, market in enumerate(scenario.markets):
        yield address(("markets", i, "lead_time")), market.lead_time


def _on_capacity(scenario: Scenario) -> Iterator[str]:
    """Tell of sites that are expected to need nearly all of their capacity, or more."""
    from gpnde.scenario.address.grammar import written

    busy = [load for load in expected_loads(scenario) if load.utilisation >= BUSY]
    if busy:
        first = busy[0]
        others = f" (and {len(busy) - 1:,} more sites)" if len(busy) > 1 else ""
        yield (
            f"sites.{written(first.site)}.capacity_per_day: {first.capacity_per_day:g} for "
            f"{first.units_per_day:.4g} expected, {first.utilisation:.0%} of it{others}: "
            "orders will wait longer and longer whatever the safety stock"
        )


def _on_prices(scenario: Scenario) -> Iterator[str]:
    """Tell of sites that sell for less than their materials cost them."""
    import numpy as np

    from gpnde.scenario.address.grammar import written
    from gpnde.world.build import build_world

    world = build_world(scenario)
    lines, plants = world.state.lines, world.plants
    sold = lines[lines["supplier"] >= 0]
    units = np.bincount(sold["supplier"], sold["share"], len(plants))
    revenue = np.bincount(sold["supplier"], sold["share"] * sold["price"], len(plants))
    price = np.divide(revenue, units, out=np.full(len(plants), np.inf), where=units > 0.0)
    materials = plants["opening_unit_cost"] - plants["opening_value_added"]
    # What is sold at cost must not be told of because of rounding.
    below = np.flatnonzero(price < materials * (1.0 - 1e-9))
    if len(below):
        first = int(below[0])
        others = f" (and {len(below) - 1:,} more sites)" if len(below) > 1 else ""
        yield (
            f"sites.{written(world.names.sites[first])}: sells at {price[first]:.4g} what costs {materials[first]:.4g} "
            f"in materials{others}: its firm loses on every unit from day 0 on"
        )


def expected_loads(scenario: Scenario) -> list[Load]:
    """Return each site of limited capacity, busiest first: units to start per day, capacity, and their ratio."""
    from gpnde.world.build import build_world

    if all(site.capacity_per_day is None for site in scenario.sites):
        return []
    world = build_world(scenario)
    started = world.plants["mean_demand"] / world.state.sites["mean_yield"]
    capacity = world.state.sites["capacity"] / scenario.clock.tick_days
    loads = [
        Load(site.name, units, limit, units / limit)
        for site, units, limit in zip(scenario.sites, started.tolist(), capacity.tolist(), strict=True)
        if 0.0 < limit < math.inf
    ]
    return sorted(loads, key=lambda load: (-load.utilisation, load.site))
