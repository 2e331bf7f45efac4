"""Bars (E9): the score below which suppliers take strikes and how many they may take, by profile and ownership."""

from __future__ import annotations

import numpy as np

from gpnde.mechanics import scorecard
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

_ROUNDING = 1e-9


def strike_bars(world: World, numbers: Integers, scores: Floats, instead: Floats | None = None) -> Floats:
    """Return the bars of the links *numbers*, all that are under review, which have these *scores*.

    With *instead*, each supplier looks at the bar that there would be if its own links had these scores and all others
    kept theirs.
    """
    rules = world.governance_of(numbers)
    bars: Floats = rules["threshold"].copy()
    behind = np.flatnonzero(rules["is_relative"])
    if len(behind):
        field = _Field(world, numbers)
        # Powers 0, 1 and 2 give the count, the sum and the squares, which mean and spread follow from.
        sums = [field.sums(scores**power, None if instead is None else instead**power) for power in range(3)]
        bars[behind] = scorecard.relative_bar(bars, *sums)[behind]
    return scorecard.controlled_bar(bars, world.bonds_of(numbers).control)


def strikes_allowed(world: World, numbers: Integers, review_days: float) -> Integers:
    """Return the strikes in a row that dismiss the supplier of each link.

    Those of a notice come on top: that of the group, or that of the contract where it is longer.
    """
    notice = np.maximum(world.bonds_of(numbers).notice_days, world.terms_of(numbers)["notice_days"])
    # A notice of three reviews may come out as a hair more than 3, which must not make it four.
    reviews = np.ceil(notice / review_days - _ROUNDING)
    allowed: Integers = world.governance_of(numbers)["strikes"] + reviews.astype(np.int64)
    return allowed


class _Field:
    """The links that deliver the same product."""

    def __init__(self, world: World, numbers: Integers) -> None:
        lines = world.state.lines
        firm = world.state.sites["firm"][lines["supplier"][numbers]].astype(np.int64)
        self._product = lines["product"][numbers].astype(np.int64)
        _, self._own = np.unique(self._product * len(world.firms) + firm, return_inverse=True)

    def sums(self, values: Floats, instead: Floats | None) -> Floats:
        """Return the sum over the field of each link, in which its supplier has other values *instead* if any."""
        total = np.bincount(self._product, values)[self._product].astype(np.float64)
        return total if instead is None else total + np.bincount(self._own, instead - values)[self._own]
