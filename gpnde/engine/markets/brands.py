"""Brands: who sells what where buyers choose between firms, and what buyers see in it today."""

from __future__ import annotations

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
    """Who sells to one market now."""

    lines: Integers
    weight: Floats
    """Part of each line in what its firm sells to the market."""
    brands: Integers
    """Numbers of the brands."""
    place: Integers
    """Which of these each line belongs to."""

    def mean(self, values: Floats) -> Floats:
        """Return the mean of the values of lines for each brand, weighted by the parts of lines."""
        means: Floats = np.bincount(self.place, self.weight * values, len(self.brands)).astype(np.float64)
        return means


def sellers_of(world: World, market: int) -> Sellers:
    """Return who sells to a market; the plants of one firm share its sales as the scenario says, or equally."""
    state = world.state
    record = state.markets[market]
    numbers = state.market_lines[record.first_line : record.last_line].astype(np.int64)
    sites = state.lines["supplier"][numbers]
    given = world.scenario.markets[market].shares()
    shares = np.array([given.get(world.names.sites[site], 0.0) for site in sites.tolist()])
    brands, place = np.unique(brand_numbers(world, sites), return_inverse=True)
    total = np.bincount(place, shares, len(brands))[place]
    equal = 1.0 / np.bincount(place, minlength=len(brands))[place]
    weight = np.divide(shares, total, out=equal, where=total > 0.0)
    return Sellers(numbers, weight, brands, place)


def brand_numbers(world: World, sites: Integers) -> Integers:
    """Return the brand that each of some sites sells."""
    firms, brands = len(world.firms), world.brands
    own = world.state.sites[["product", "firm"]][sites]
    known = brands["product"] * firms + brands["firm"]
    return np.asarray(np.searchsorted(known, own["product"].astype(np.int64) * firms + own["firm"]))
