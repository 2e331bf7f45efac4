"""Sites that are built in mid run: each is equipped like one that is there, and has done nothing yet."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gpnde.errors import GpndeError
from gpnde.scenario.law import fixed
from gpnde.scenario.network import Site
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import blank
from gpnde.world.factories import LEAST_UNITS, plant_fields, yield_laws
from gpnde.world.layout import FIXED, INPUT, SITE, Integers, Records, State
from gpnde.world.names import Names
from gpnde.world.tables import ordering_fields, passes_through, sees_demand_first

_MAKING = ("product", "unlimited", "rationing", "processing", "yield_rate", "yield_loss", "work_mean", "work_variance")
_TAKEN = (*_MAKING, "protection")
"""Fields of a site that a new one takes as they are."""

_TARGETS = ("forecast", "deviation", "level")
"""What a rule aims at that never looks at demand."""


class NewSite(NamedTuple):
    """A site to be built.

    >>> NewSite("Penang 2", like=3, firm=1, capacity_per_day=40).cluster
    -1
    """

    name: str
    """A name that no site has."""
    like: int
    """Number of the site whose product, equipment, laws, prices and ordering rule it takes."""
    firm: int
    """Number of the firm that owns it."""
    cluster: int = -1
    """Number of the cluster in which it stands, -1 for none."""
    capacity_per_day: float | None = None
    """Units started per day at most; None for no limit."""
    is_open: bool = True
    """Whether it can work at once; else it waits until it is opened."""


def check_new_sites(names: Names, plants: Sequence[NewSite]) -> None:
    """Raise an error for the first new site that has the name of another one, or a capacity that cannot be."""
    counts = Counter((*names.sites, *(plant.name for plant in plants)))
    for plant in plants:
        where, capacity = f"new site {plant.name!r}", plant.capacity_per_day
        if counts[plant.name] > 1:
            raise GpndeError(where=where, given="a site of this name is there", expected="must be a name of its own")
        if capacity is not None and not 0.0 <= capacity < math.inf:
            given = f"capacity_per_day {capacity:g}"
            raise GpndeError(where=where, given=given, expected="must be finite and at least 0")


def with_sites(scenario: Scenario, names: Names, plants: Sequence[NewSite], day: float) -> tuple[Scenario, Names]:
    """Return the scenario and the names with new sites behind the others, which open on a *day*."""
    sites = tuple(_block(scenario.sites[plant.like], plant, names, day) for plant in plants)
    grown = scenario.model_copy(update={"sites": (*scenario.sites, *sites)})
    return grown, replace(names, sites=(*names.sites, *(plant.name for plant in plants)))


def _block(like: Site, plant: NewSite, names: Names, day: float) -> Site:
    """Return what a scenario would say of a new site."""
    capacity = plant.capacity_per_day
    changes = {
        "name": plant.name,
        "firm": names.firms[plant.firm],
        "cluster": None if plant.cluster < 0 else names.clusters[plant.cluster],
        "capacity_per_day": None if capacity is None else fixed(capacity),
        "stock": 0.0,
        "opens_day": day,
        "closes_day": None,
    }
    return like.model_copy(update=changes)


def inputs_of_new_sites(state: State, plants: Sequence[NewSite]) -> tuple[Records, Records]:
    """Return inputs of their own for new sites, and rules of these: as at the sites that they are like."""
    needs = [np.arange(like.first_input, like.last_input) for like in (state.sites[plant.like] for plant in plants)]
    items = np.concatenate([np.zeros(0, dtype=np.int64), *needs])
    inputs = blank(INPUT, len(items))
    for name in ("product", "per_unit", "choice", "picks", "own"):
        inputs[name] = state.inputs[name][items]
    inputs["site"] = len(state.sites) + np.repeat(np.arange(len(plants)), [len(each) for each in needs])
    rules = state.rules[items]
    rules["turn"] = 0
    return inputs, rules


def new_site_records(
    scenario: Scenario, state: State, firms: Records, plants: Sequence[NewSite], inputs: Records, since: int
) -> Records:
    """Return the records of new sites, of a *scenario* and with *inputs* that hold them, for work from tick *since*."""
    like = np.array([plant.like for plant in plants], dtype=np.int64)
    rows, first = blank(SITE, len(plants)), len(state.sites)
    for name in _TAKEN:
        rows[name] = state.sites[name][like]
    for number, plant in enumerate(plants):
        for name, value in _own_fields(plant, scenario, firms).items():
            rows[name][number] = value
        _set_rule(rows[number], scenario, first + number, since)
    _set_targets(rows, state.sites[like], scenario.sites[first:], scenario)
    _set_bounds(rows, inputs, first, len(state.inputs))
    # Below 0 there are servers without limit, as at the site that it is like; else its server is free at once.
    rows["server_free"] = np.where(state.sites["server_free"][like] < 0, -1, 0)
    rows["mean_yield"] = state.laws.mean[rows["yield_rate"]]
    rows["history_start"] = len(state.history) + np.cumsum(rows["window"]) - rows["window"]
    laws = yield_laws(scenario)
    for number, site in enumerate(scenario.sites[first:]):
        needs = inputs[inputs["site"] == first + number]
        rows["passes_through"][number] = passes_through(site, laws[first + number], needs)
    return rows


def _own_fields(plant: NewSite, scenario: Scenario, firms: Records) -> Mapping[str, float]:
    """Return what a new site does not share with the one that it is like; it waits for the entry of its firm."""
    firm, capacity = firms[plant.firm], plant.capacity_per_day
    waits = int(firm["active"] == 0 or not plant.is_open)
    return {
        "firm": plant.firm,
        "cluster": plant.cluster,
        "tier": firm["tier"],
        "capacity": math.inf if capacity is None else capacity * scenario.clock.tick_days,
        "daily_capacity": -1,
        "defects": 1.0,
        "lead_time_factor": 1.0,
        "down": waits,
        "shut": waits,
    }


def _set_rule(row: np.record, scenario: Scenario, number: int, since: int) -> None:
    """Write the ordering rule; the first review is the next one of the rhythm that the site has in common."""
    site = scenario.sites[number]
    for name, value in ordering_fields(site.ordering or scenario.ordering, scenario.clock.tick_days).items():
        row[name] = value
    row["makes_to_order"] *= int(not site.unlimited)
    review = int(row["review"])
    if review > 0:
        wait = (int(row["next_review"]) - since) % review
        row["next_review"] = since + wait
        row["reviews"] = -1 if wait + sees_demand_first(scenario) != review else 0


def _set_targets(rows: Records, like: Records, sites: Sequence[Site], scenario: Scenario) -> None:
    """Give sites whose rule never looks at demand the levels of the sites that they are like."""
    for number, site in enumerate(sites):
        rule = site.ordering or scenario.ordering
        for name in _TARGETS if rows["method"][number] == FIXED and rule.level is None else ():
            rows[name][number] = like[name][number]


def _set_bounds(rows: Records, inputs: Records, first: int, before: int) -> None:
    """Write which inputs belong to each site; *before* of them belong to others."""
    counts: Integers = np.bincount(inputs["site"] - first, minlength=len(rows))
    rows["last_input"] = before + np.cumsum(counts)
    rows["first_input"] = rows["last_input"] - counts


def new_factories(scenario: Scenario, factories: Records, names: Names, plants: Sequence[NewSite]) -> Records:
    """Return the records of new sites: equipped like those that they are like, at the wages of where they stand.

    *scenario* and *names* hold the new sites already. Plant comes new, and staff is hired from the first day on.
    """
    rows = factories[[plant.like for plant in plants]].copy()
    for name in ("experience", "staff", "needed", "wear", "started_counted", "produced_counted"):
        rows[name] = 0.0
    wages = [1.0 if plant.cluster < 0 else scenario.clusters[plant.cluster].wage_per_day for plant in plants]
    rows["wage"] = np.where(rows["takes_labour"], wages, 0.0)
    for row, plant in zip(rows, plants, strict=True):
        like = scenario.sites[plant.like]
        equipment = scenario.products[like.product].task(like.function).plant
        if equipment is not None and plant.capacity_per_day is not None:
            row["normal_units"] = max(LEAST_UNITS, scenario.labour.normal_load * plant.capacity_per_day)
            for name, value in plant_fields(equipment, plant.capacity_per_day).items():
                row[name] = value
            row["book_value"] = row["plant_value"]
    return rows
