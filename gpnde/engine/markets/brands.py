"""Brands: who sells what where buyers choose between firms, and what buyers see in it today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.mechanics.demand import bass_cumulative, rescale_bass
from gpnde.mechanics.rivalry import brand_appeal
from gpnde.scenario.rivalry import Generations
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.layout import Flags, Floats, Integers, Records
from gpnde.world.world import World


class Terms(NamedTuple):
    """What is true of the generations of each product; every array has shape (products,)."""

    launched: Flags
    """Whether firms launch generations of the product at all."""
    innovation: Floats
    imitation: Floats
    quality_weight: Floats
    obsolescence: Floats
    """Quality that a generation loses (1/day)."""
    crowding: Floats
    design_days: Floats
    design_effect: Floats
    clearance_share: Floats
    clearance_recovery: Floats
    uncertainty: Floats


def terms_of(scenario: Scenario) -> Terms:
    """Return the terms of all products; a product without generations is considered by all, and brands are alike."""
    rules = [product.generations for product in scenario.products.values()]
    given = [rule or Generations(quality_weight=0, obsolescence_per_year=0, crowding=0) for rule in rules]
    rates = np.array([rescale_bass(rule.innovation, rule.imitation, rule.adoption_days) for rule in given])
    return Terms(
        launched=np.array([rule is not None for rule in rules]),
        innovation=rates[:, 0],
        imitation=rates[:, 1],
        quality_weight=np.array([rule.quality_weight for rule in given]),
        obsolescence=np.array([rule.obsolescence_per_year for rule in given]) / YEAR_DAYS,
        crowding=np.array([rule.crowding for rule in given]),
        design_days=np.array([rule.design_days for rule in given]),
        design_effect=np.array([rule.design_effect for rule in given]),
        clearance_share=np.array([rule.clearance_share for rule in given]),
        clearance_recovery=np.array([rule.clearance_recovery for rule in given]),
        uncertainty=np.array([product.uncertainty for product in scenario.products.values()]),
    )


class Aged(NamedTuple):
    """Brands on a day; every array has shape (brands,)."""

    availability: Floats
    """Share of buyers who consider the newest generation."""
    quality: Floats
    """Of the newest generation, against what is on offer elsewhere."""
    former_quality: Floats


def aged(brands: Records, terms: Terms, day: float) -> Aged:
    """Return how far generations have spread and aged by a *day*; nobody considers what was never launched."""
    product = brands["product"]
    age = day - brands["launched"]
    spread = bass_cumulative(age, terms.innovation[product], terms.imitation[product])
    lost = terms.obsolescence[product] * age
    return Aged(
        availability=np.where(terms.launched[product], np.where(brands["generation"] > 0, spread, 0.0), 1.0),
        quality=brands["quality"] - lost,
        former_quality=brands["former_quality"] - lost,
    )


def appeals(brands: Records, terms: Terms, now: Aged) -> Floats:
    """Return the utility of each brand at the reference price."""
    weight = terms.quality_weight[brands["product"]]
    return brand_appeal(now.quality, now.former_quality, brands["former_reach"], now.availability, weight)


class Sellers(NamedTuple):
    """Who sells to some markets now: a row for each brand in each of them, those of one market side by side."""

    lines: Integers
    suppliers: Integers
    """Selling site of each line."""
    weight: Floats
    """Part of each line in what its firm sells to the market."""
    place: Integers
    """Row that each line belongs to."""
    brands: Integers
    """Number of the brand of each row."""
    market: Integers
    """Number of the market of each row."""
    rows: Mapping[int, slice]
    """Rows of each market."""

    def mean(self, values: Floats) -> Floats:
        """Return the mean of the values of lines for each row, weighted by the parts of lines."""
        return np.asarray(np.bincount(self.place, self.weight * values, len(self.brands)), dtype=np.float64)


def sellers_of(world: World, markets: Sequence[int]) -> Sellers:
    """Return who sells to *markets*; the plants of one firm share its sales by their parts."""
    state, count = world.state, len(world.brands)
    bounds = state.markets[["first_line", "last_line"]][list(markets)].tolist()
    listed = [state.market_lines[first:last] for first, last in bounds]
    lines = np.concatenate([np.zeros(0, dtype=np.int64), *listed])
    position = np.repeat(np.arange(len(listed)), [len(each) for each in listed])
    suppliers = state.lines["supplier"][lines].astype(np.int64)
    pairs, place = np.unique(position * count + brand_numbers(world, suppliers), return_inverse=True)
    starts = np.searchsorted(pairs, np.arange(len(listed) + 1) * count).tolist()
    return Sellers(
        lines=lines,
        suppliers=suppliers,
        weight=_parts(world.money["sales_part"][lines], place, len(pairs)),
        place=place,
        brands=pairs % count if count else pairs,
        market=np.array(markets, dtype=np.int64)[pairs // count if count else pairs],
        rows={market: slice(*starts[number : number + 2]) for number, market in enumerate(markets)},
    )


def _parts(shares: Floats, place: Integers, rows: int) -> Floats:
    """Return the part of each line in the sales of its row: by *shares*, or equal where they are all 0."""
    total = np.bincount(place, shares, rows)[place]
    equal = 1.0 / np.bincount(place, minlength=rows)[place]
    return np.divide(shares, total, out=equal, where=total > 0.0)


def brand_numbers(world: World, sites: Integers) -> Integers:
    """Return the brand that each of some sites sells."""
    firms, brands = len(world.firms), world.brands
    own = world.state.sites[["product", "firm"]][sites]
    known = brands["product"] * firms + brands["firm"]
    return np.asarray(np.searchsorted(known, own["product"].astype(np.int64) * firms + own["firm"]))
