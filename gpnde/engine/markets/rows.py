"""The table of generations: a row for every brand in every market where firms are rivals, at every recorded time."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpnde.engine.context import Columns, RunContext
from gpnde.engine.money.prices import Prices
from gpnde.results.tables import Coded
from gpnde.world.layout import Floats

_NUMBERS = ("market", "firm", "product", "generation")
_FIGURES = ("day", "launched_day", "quality", "availability", "cost", "price", "share", "sold")


class BrandRows:
    """Keeps the rows of the table of generations."""

    def __init__(self, context: RunContext) -> None:
        """Begin without rows; nothing has been sold yet."""
        self._context = context
        self._shipped = np.zeros(len(context.world.state.lines))
        self._rows: dict[str, list[Any]] = {name: [] for name in (*_NUMBERS, *_FIGURES)}
        self._recorded = -1

    def record(self) -> None:
        """Add the rows of this moment, once at a time; a brand that sells no more has none."""
        timeline, lines = self._context.timeline, self._context.world.state.lines
        if self._recorded == timeline.now:
            return
        self._recorded = timeline.now
        before = np.zeros(len(lines))
        before[: len(self._shipped)] = self._shipped
        self._shipped = lines["shipped"].copy()
        self._add(self._shipped - before)

    def _add(self, sent: Floats) -> None:
        world, today, choice = self._context.world, self._context.timeline.today, self._context.part(Prices).choice
        now, sellers = choice.now(today), choice.sellers
        lines, brands, count = world.state.lines, world.brands[sellers.brands], len(sellers.brands)
        found = {
            "market": sellers.market,
            "firm": brands["firm"],
            "product": brands["product"],
            "generation": brands["generation"],
            "day": np.full(count, today),
            "launched_day": brands["launched"],
            "quality": now.quality[sellers.brands],
            "availability": now.availability[sellers.brands],
            "cost": sellers.mean(world.plants["variable_cost"][sellers.suppliers]),
            "price": sellers.mean(lines["price"][sellers.lines]),
            "share": np.bincount(sellers.place, lines["share"][sellers.lines], count),
            "sold": np.bincount(sellers.place, sent[sellers.lines], count),
        }
        for name, values in found.items():
            self._rows[name].append(values)

    def columns(self) -> Columns:
        """Return the rows as columns."""
        names = self._context.world.names
        whole = {name: np.concatenate([np.zeros(0), *self._rows[name]]) for name in self._rows}
        text = {"market": names.markets, "firm": names.firms, "product": names.products}
        coded = {name: Coded(whole[name].astype(np.int64), known) for name, known in text.items()}
        return {**whole, **coded}
