"""Remarks on a valid scenario that affect how its numbers are read: one line each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from gpnde.numerics.rectified import rectified_moments, share_at_zero
from gpnde.scenario.address.grammar import written
from gpnde.scenario.law import Column, Law
from gpnde.scenario.markets import Market
from gpnde.scenario.problems import Locations
from gpnde.scenario.schema import Scenario

SHARE_TOLD = 0.01
"""Share of draws at 0, or of a mean that is off, from which it is told."""

_FILLED = {"zero": "filled with 0", "hold": "filled with the value before"}


class PlacedLaw(NamedTuple):
    """A law of a scenario, where it stands, and the days from one of its draws to the next in turn."""

    place: str
    """Its address."""
    law: Law
    every_days: float
    start_day: float


def remarks(scenario: Scenario) -> list[str]:
    """Return one line on everything that was dropped, filled or repeated, or is drawn otherwise than it reads.

    >>> from gpnde.scenario import load_scenario
    >>> remarks(load_scenario("single-site", {"markets.customers.demand.law": "normal(mean=10, sd=20)"}))[0]
    'markets.customers.demand.law: normal(mean=10, sd=20) keeps mean and deviation above 0 by drawing 0 in 67 % ...'
    """
    return [line for placed in placed_laws(scenario) for line in _remarks_on(placed, scenario.clock.days)] + [
        line for market in scenario.markets for line in _remarks_on_autocorrelation(market)
    ]


def placed_laws(scenario: Scenario) -> Iterator[PlacedLaw]:
    """Yield every law that a run draws from."""
    tick, address = scenario.clock.tick_days, Locations(scenario).text
    if scenario.selection is not None:
        yield PlacedLaw("selection.certification", scenario.selection.certification, math.inf, 0.0)
    for i, link in enumerate(scenario.links):
        yield PlacedLaw(address(("links", i, "lead_time")), link.lead_time, tick, 0.0)
    for i, site in enumerate(scenario.sites):
        if site.capacity_per_day is not None:
            yield PlacedLaw(address(("sites", i, "capacity_per_day")), site.capacity_per_day, 1.0, 0.0)
        for name in ("processing", "yield_rate", "yield_loss"):
            if (law := getattr(site, name)) is not None:
                yield PlacedLaw(address(("sites", i, name)), law, tick, 0.0)
    for i, market in enumerate(scenario.markets):
        demand = market.demand
        # Arrivals at random have no fixed step, so that the day on which a series ends is unknown.
        every = (demand.every_days or tick) if demand.arrivals == "periodic" else math.inf
        yield PlacedLaw(address(("markets", i, "demand", "law")), demand.law, every, demand.start_day)
        yield PlacedLaw(address(("markets", i, "lead_time")), market.lead_time, tick, 0.0)


def _remarks_on(placed: PlacedLaw, days: float) -> Iterator[str]:
    law = placed.law
    if law.origin is not None:
        yield from (f"{placed.place}: {line}" for line in _remarks_on_rows(law.origin))
    if law.law == "series":
        yield from _remarks_on_the_end(placed, len(law.values or ()), days)
    if law.law == "normal" and law.truncated:
        share = share_at_zero(law.mean or 0.0, law.spread())
        if share >= SHARE_TOLD:
            text = "keeps mean and deviation above 0 by drawing 0 in"
            yield f"{placed.place}: {law.text()} {text} {share:.0%} of cases".replace("%", " %")


def _remarks_on_rows(origin: Column) -> Iterator[str]:
    """Yield remarks on rows of a CSV column that could not be used."""
    column = f"{origin.file}, column {origin.column}"
    if origin.rows_dropped:
        total = origin.rows_used + origin.rows_dropped
        yield f"{origin.rows_dropped:,} of {total:,} rows of {column}, not usable"
    if origin.cells_filled or origin.dates_filled:
        filled = f"{origin.cells_filled:,} blank cells and {origin.dates_filled:,} missing dates"
        yield f"{filled} of {column}, {_FILLED[origin.gaps]}"


def _remarks_on_the_end(placed: PlacedLaw, length: int, days: float) -> Iterator[str]:
    """Yield what follows a series that ends before the horizon; a single value goes on anyway."""
    end = placed.start_day + length * placed.every_days
    after = {"repeat": "starts again", "zero": "is 0 from then on", "hold": "stays at its last value"}
    if end < days and (length > 1 or placed.law.at_end == "zero"):
        yield f"{placed.place}: series of {length:,} values ends on day {end:g} and {after[placed.law.at_end]}"


def _remarks_on_autocorrelation(market: Market) -> Iterator[str]:
    """Yield how far the mean rises where autocorrelated demand, taken as normal, would fall below 0.

    The deviation of an autocorrelated series is that of its shocks over the root of 1 - ρ².
    """
    demand = market.demand
    law, rho = demand.law, demand.autocorrelation
    if rho == 0.0 or law.law != "normal" or not law.truncated or not law.mean:
        return
    mean = rectified_moments(law.mean, law.spread() / math.sqrt(1.0 - rho * rho))[0]
    if mean > (1.0 + SHARE_TOLD) * law.mean:
        text = f"autocorrelation {rho:g} takes demand below 0, which counts as 0"
        yield f"markets.{written(market.name)}.demand: {text}: its mean is about {mean:.4g}, not {law.mean:g}"
