"""The table of expectations: what each firm expected of a quarter, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.context import Columns
from gpnde.results.tables import Coded
from gpnde.world.layout import Floats
from gpnde.world.world import World

_FIGURES = (
    "day",
    "expected_income",
    "income",
    "expected_gain",
    "gain",
    "capability_worth",
    "hurdle",
    "effort",
)


class ExpectationRows:
    """Keeps what firms expect until it has come, or not."""

    def __init__(self, world: World) -> None:
        """Begin without rows; what is not known yet is missing."""
        self._world = world
        blank = np.full(len(world.firms), np.nan)
        self._income, self._expected_income, self._next_income = blank, blank, blank
        self._capability, self._expected_gain, self._next_gain = blank, blank, blank
        self._rows: list[Mapping[str, Any]] = []

    def expect(self, income: Floats) -> None:
        """Note what firms expect to earn per day in the quarter that begins (money)."""
        self._next_income = income

    def earned(self, income: Floats) -> None:
        """Note what firms have earned per day in the quarter that ends (money)."""
        self._income, self._expected_income = income, self._next_income

    def review(self, day: float, capability: Floats, worth: Floats, hurdle: Floats, effort: Floats) -> None:
        """Add a row for every firm: what has come of the last review, and what is thought of this one.

        *capability* is that of the moment; *worth* is what a unit of it is worth to the firm (money).
        """
        present = self._world.firms["active"] == 1
        figures = {
            "day": np.full(len(capability), day),
            "expected_income": self._expected_income,
            "income": self._income,
            "expected_gain": self._expected_gain,
            "gain": capability - self._capability,
            "capability_worth": worth,
            "hurdle": hurdle,
            "effort": effort,
        }
        self._rows.append({"firm": np.flatnonzero(present), **{name: each[present] for name, each in figures.items()}})
        self._capability, self._expected_gain = capability, self._next_gain

    def expect_gain(self, gain: Floats) -> None:
        """Note how much firms expect to learn from the review that is under way until the next one (1)."""
        self._next_gain = gain

    def columns(self) -> Columns:
        """Return the rows as columns."""
        whole: dict[str, Any] = {
            name: np.concatenate([np.zeros(0), *(rows[name] for rows in self._rows)]) for name in ("firm", *_FIGURES)
        }
        firm = whole["firm"].astype(np.int64)
        return {**whole, "firm": Coded(firm, self._world.names.firms), "tier": self._world.firms["tier"][firm]}
