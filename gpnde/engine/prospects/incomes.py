"""Incomes: what firms have earned of late, how much that varied, and how sure they want to be before they invest."""

from __future__ import annotations

import numpy as np

from gpnde.mechanics.hurdle import QUARTERS_PER_YEAR, hurdle, income_pattern, value_volatility
from gpnde.world.layout import Floats
from gpnde.world.world import World

QUARTERS = 8
"""Quarters that a firm looks back."""

FEWEST = 3
"""Quarters from which a firm knows how its income varies."""


class Incomes:
    """Counts what every firm earns by its trade: what it sells for, less the variable cost of it."""

    def __init__(self, world: World) -> None:
        """Begin with nothing sold."""
        self._world = world
        self._shipped = world.state.lines["shipped"].copy()
        self._past: list[Floats] = []

    def note(self, days: float) -> tuple[Floats, Floats]:
        """Note the quarter that ends now.

        Returns what each firm earned in it per day (money, shape (firms,)), and what each line sent (units per day,
        shape (lines,)).
        """
        lines = self._world.state.lines
        # Lines that were opened since had sent nothing.
        before = np.pad(self._shipped, (0, len(lines) - len(self._shipped)))
        volume = (lines["shipped"] - before) / days
        self._shipped = lines["shipped"].copy()
        income = self.of(volume)
        self._past = [*self._past, income][-QUARTERS:]
        return income, volume

    def of(self, volume: Floats) -> Floats:
        """Return what firms earn per day with a *volume* on each line (units per day) at today's prices and costs."""
        world = self._world
        lines, plants = world.state.lines, world.plants
        sold = np.flatnonzero(lines["supplier"] >= 0)
        supplier = lines["supplier"][sold]
        earned = (lines["price"][sold] - plants["variable_cost"][supplier]) * volume[sold]
        return np.bincount(world.state.sites["firm"][supplier], earned, len(world.firms)).astype(np.float64)

    def hurdle(self, discount_per_year: float, decay_per_day: Floats, quarter_days: float) -> Floats:
        """Return by which factor the worth of an investment has to exceed its cost for each firm; shape (firms,).

        It follows from how much the firm's own income varied, and how long that lasted; 1 where it is not known yet.
        Firms that earn nothing take the variation to be that of all others.
        """
        if len(self._past) < FEWEST:
            return np.ones(len(self._world.firms))
        variation, persistence = income_pattern(np.array(self._past))
        known = np.isfinite(variation)
        usual = float(np.median(variation[known])) if known.any() else 0.0
        kept = np.exp(-discount_per_year / QUARTERS_PER_YEAR - decay_per_day * quarter_days)
        volatility = value_volatility(np.where(known, variation, usual), persistence, kept)
        return hurdle(volatility, discount_per_year, discount_per_year)
