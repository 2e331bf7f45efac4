"""Rivalry between brands (E1 to E3): what buyers choose, what sellers charge, and how generations come and age.

Utilities are logarithms of odds; prices and costs are money per unit, sensitivities 1/money.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled, compiled_part

Numbers = float | NDArray[np.float64]
Floats = NDArray[np.float64]

TOLERANCE = 1e-12
"""How near the logarithms that `bertrand_prices` looks for are found."""

_MOST_STEPS = 200


def logit_shares(utility: Floats, outside: float) -> Floats:
    """Return the share of all buyers who take each brand, a logit with an outside good (E3; McFadden, 1974).

    *outside* is the utility of buying nothing; a brand of utility minus infinity is not considered by anyone.

    >>> logit_shares(np.array([0.0, 0.0]), 0.0).round(3)
    array([0.333, 0.333])
    """
    # Relative to the best choice no exponential overflows, and they do not all vanish.
    level = max(float(utility.max(initial=-np.inf)), outside)
    odds = np.exp(utility - level)
    return np.asarray(odds / (odds.sum() + np.exp(outside - level)))


def best_markup(sensitivity: Numbers, share: Numbers) -> Floats:
    """Return the markup over marginal cost that is best against given rivals: 1 / (sensitivity (1 - share)) (E2).

    It is the condition of first order of a seller of one brand in a logit market (Anderson, de Palma and Thisse, 1992).

    >>> best_markup(2.0, np.array([0.0, 0.5]))
    array([0.5, 1. ])
    """
    return np.asarray(1.0 / (np.asarray(sensitivity) * (1.0 - np.asarray(share))))


def bertrand_prices(cost: Floats, sensitivity: Floats, appeal: Floats, outside: float) -> Floats:
    """Return the prices at which no seller gains by another one: the Bertrand equilibrium of a logit market (E2).

    *appeal* is the utility of each brand at a price of 0, *outside* that of buying nothing. The equilibrium exists and
    is the only one (Anderson, de Palma and Thisse, 1992). A seller's best markup depends on its rivals through the sum
    of all odds alone (Nocke and Schutz, 2018), so that one number is looked for, however many sellers there are.

    >>> bertrand_prices(np.array([1.0, 1.0]), np.array([5.0, 5.0]), np.array([9.0, 9.0]), 0.0).round(3)
    array([1.378, 1.378])
    """
    markups = np.empty(len(cost))
    equilibrium_markups(appeal - sensitivity * cost, outside, 0.0, markups)
    return np.asarray(cost + markups / sensitivity)


def outside_utility(cost: Floats, sensitivity: Floats, appeal: Floats, share: float) -> float:
    """Return the utility of buying nothing with which a *share* of buyers does so in the Bertrand equilibrium.

    >>> round(outside_utility(np.array([1.0, 1.0]), np.array([5.0, 5.0]), np.array([9.0, 9.0]), 0.2), 3)
    1.64
    """
    odds = equilibrium_markups(appeal - sensitivity * cost, -math.inf, share, np.empty(len(cost)))
    return float(math.log(share) + odds)


def outside_utility_at(utility: Floats, share: float) -> float:
    """Return the utility of buying nothing with which a *share* of buyers does so, at given utilities of the brands.

    >>> round(outside_utility_at(np.array([1.0, 1.0]), 1 / 3), 9)
    1.0
    """
    return float(math.log(share / (1.0 - share)) + np.logaddexp.reduce(utility))


@compiled_part
def own_markup(lead: float) -> float:
    """Return the best markup, times price sensitivity, of a brand with this *lead*: x where ln(1 - 1/x) + x = lead.

    The lead is the brand's utility at marginal cost less the logarithm of the sum of all odds. Newton's method begins
    to the right of the solution, where the equation in ln(x - 1) is convex, and so cannot miss it.
    """
    if lead == -math.inf:
        return 1.0
    excess = lead - 1.0 if lead < 1.0 else math.log(lead)
    for _ in range(_MOST_STEPS):
        over = math.exp(excess)
        wrong = excess - math.log1p(over) + over + 1.0 - lead
        step = wrong / (1.0 / (1.0 + over) + over)
        excess -= step
        # Steps from the right all go down, so that one below 0 is rounding and the last, too.
        if step <= TOLERANCE:
            break
    return 1.0 + math.exp(excess)


@compiled_part
def _excess_and_slope(leads: Floats, outside: float, kept: float, odds: float) -> tuple[float, float]:
    """Return by how much all shares sum to more than 1 where ln(sum of odds) is *odds*, and the slope of that sum."""
    slope = -math.exp(outside - odds)
    total = kept - slope
    for number in range(leads.shape[0]):
        markup = own_markup(leads[number] - odds)
        total += 1.0 - 1.0 / markup
        slope -= (markup - 1.0) / (markup * (1.0 + markup * (markup - 1.0)))
    return total - 1.0, slope


@compiled_part
def _sum_of_odds(leads: Floats, outside: float, kept: float, low: float, high: float) -> float:
    """Return ln(sum of all odds) at which shares sum to 1, by Newton's method between two bounds."""
    odds = high
    for _ in range(_MOST_STEPS):
        excess, slope = _excess_and_slope(leads, outside, kept, odds)
        if excess > 0.0:
            low = odds
        else:
            high = odds
        following = odds - excess / slope
        # A step of Newton may leave the bounds or be no number; halving them always gets nearer.
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - odds) <= TOLERANCE * max(1.0, abs(odds)):
            return following
        odds = following
    return odds


@compiled
def equilibrium_markups(leads: Floats, outside: float, kept: float, markups: Floats) -> float:
    """Write the best markups, times price sensitivity, into *markups*, and return the logarithm of the sum of all odds.

    *leads* are the utilities of brands at marginal cost. Who buys nothing has the utility *outside* or, where that is
    minus infinity, is the share *kept* of all.
    """
    best = outside
    for number in range(leads.shape[0]):
        best = max(best, leads[number])
    low = outside if kept <= 0.0 else best - 1.0 / kept
    high = best + math.log((1.0 + leads.shape[0]) / (1.0 - kept))
    odds = _sum_of_odds(leads, outside, kept, low, high)
    for number in range(leads.shape[0]):
        markups[number] = own_markup(leads[number] - odds)
    return odds


def crowded_sensitivity(sensitivity: Numbers, crowding: Numbers, availability: Numbers) -> Floats:
    """Return the price sensitivity of those who buy a generation that a share of buyers considers by now.

    Who buys first looks least at the price; so sellers skim, and prices fall with the age of a generation.

    >>> float(crowded_sensitivity(4.0, 0.5, 1.0))
    6.0
    """
    return np.asarray(np.asarray(sensitivity) * (1.0 + np.asarray(crowding) * availability))


def time_to_market(design_days: Numbers, effect: Numbers, capability: Numbers) -> Floats:
    """Return the time to design and launch a generation (days): the shorter, the abler those who design it.

    >>> round(float(time_to_market(800.0, 1.0, 1.0)))
    294
    """
    return np.asarray(np.asarray(design_days) * np.exp(-np.asarray(effect) * capability))


def quality_gained(more: Numbers, days_to_market: Numbers, effect: Numbers, obsolescence: Numbers) -> Floats:
    """Return the mean quality that a brand gains whose designers can do *more*: better generations, and younger ones.

    Generations take *days_to_market* today; those on sale are half as old on average and lose *obsolescence* a day.

    >>> round(float(quality_gained(0.1, 400.0, 1.0, 0.2 / 364)), 3)
    0.11
    """
    younger = np.asarray(days_to_market) * -np.expm1(-np.asarray(effect) * more) / 2.0
    return np.asarray(more + np.asarray(obsolescence) * younger)


def design_capability(own: Numbers, designers: Numbers, share: Numbers) -> Floats:
    """Return the capability behind a design: the seller's own, and that of suppliers who design a *share* of its value.

    >>> round(float(design_capability(1.0, 0.5, 0.4)), 3)
    0.8
    """
    return np.asarray((1.0 - np.asarray(share)) * own + np.asarray(share) * designers)


def brand_appeal(
    quality: Numbers, former_quality: Numbers, former_reach: Numbers, availability: Numbers, weight: Numbers
) -> Floats:
    """Return the utility of a brand at a price of 0, whose buyers take its newest generation or still the former ones.

    A share of buyers, the *availability*, considers the newest generation. Of the others those whom former generations
    had reached consider these, as in the diffusion of successive generations (Norton and Bass, 1987). A unit of
    quality counts *weight*. Where nobody considers a brand, its utility is minus infinity.

    >>> float(brand_appeal(0.5, 0.1, 1.0, 1.0, 2.0)), float(brand_appeal(0.5, 0.1, 0.0, 0.0, 2.0))
    (1.0, -inf)
    """
    new, share, scale = np.asarray(quality), np.asarray(availability), np.asarray(weight)
    odds = share * np.exp(scale * new) + (1.0 - share) * former_reach * np.exp(scale * former_quality)
    # The logarithm of 0 is meant: nobody considers such a brand.
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(odds))


def reach_of_brand(former_reach: Numbers, availability: Numbers) -> Floats:
    """Return the share of buyers who consider a brand: its newest generation or, if not that, a former one.

    >>> round(float(reach_of_brand(0.5, 0.2)), 3)
    0.6
    """
    return np.asarray(availability + (1.0 - np.asarray(availability)) * former_reach)


def mean_quality(quality: Numbers, former_quality: Numbers, former_reach: Numbers, availability: Numbers) -> Floats:
    """Return the mean quality of what those who consider a brand consider; that of the newest where nobody does.

    >>> round(float(mean_quality(0.6, 0.2, 1.0, 0.25)), 3), float(mean_quality(0.6, 0.2, 0.0, 0.0))
    (0.3, 0.6)
    """
    share = np.asarray(availability, dtype=np.float64)
    reach = reach_of_brand(former_reach, share)
    of_newest = np.divide(share, reach, out=np.ones(np.shape(reach)), where=reach > 0.0)
    return np.asarray(of_newest * quality + (1.0 - of_newest) * np.asarray(former_quality))


def settled_quality(quality: Numbers, lost_per_life: Numbers, availability: Numbers) -> Floats:
    """Return the mean quality of the former generations of a brand that has always launched alike, at a launch.

    With generations of one *quality*, each followed by the next when it has lost *lost_per_life* of it and a share of
    buyers, the *availability*, considers it, the recursion of `mean_quality` settles at quality - lost / availability.

    >>> round(float(settled_quality(0.8, 0.1, 0.5)), 3)
    0.6
    """
    return np.asarray(np.asarray(quality) - np.asarray(lost_per_life) / availability)
