"""What components may do to a run: the engine's side of `gpnde.plugin.interfaces.Act`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.capacity.outages import Durations, InTransit, Outages
from gpnde.engine.context import RunContext
from gpnde.engine.hooks.steps import Steps
from gpnde.engine.money.payments import pay
from gpnde.engine.money.prices import Prices
from gpnde.errors import ComponentError
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World


class RunAct:
    """What a component may do; every act is checked and noted with its author."""

    def __init__(self, component: str, context: RunContext) -> None:
        """Act in the name of *component*."""
        self._component, self._context = component, context

    @classmethod
    def of(cls, context: RunContext) -> Callable[[str], RunAct]:
        """Return what makes the acts of a component from its label."""
        return partial(cls, context=context)

    @property
    def _world(self) -> World:
        return self._context.world

    def disrupt_sites(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Stop sites for *days*; overlapping outages of a site are one, up to the end of the last."""
        chosen = self._among("site", numbers, len(self._world.state.sites))
        self._context.part(Outages).fail_sites(chosen, self._checked(days), in_transit, self._author(cause_detail))

    def disrupt_lines(
        self, numbers: Integers, days: Durations, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        """Block links for *days*; overlapping outages of a link are one, up to the end of the last."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._context.part(Outages).fail_lines(chosen, self._checked(days), in_transit, self._author(cause_detail))

    def scale_demand(self, numbers: Integers, factor: float) -> None:
        """Multiply the demand of markets by *factor*."""
        chosen = self._among("market", numbers, len(self._world.state.markets))
        self._context.part(Prices).scale_demand(chosen, self._positive(factor))

    def scale_price(self, numbers: Integers, factor: float) -> None:
        """Multiply the prices of links by *factor*."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._context.part(Prices).scale_prices(chosen, self._positive(factor))

    def pay(self, firms: Integers, amounts: Floats, to: int = -1) -> None:
        """Transfer money from firms to the firm *to*, or out of the network (-1)."""
        count = len(self._world.firms)
        chosen = self._among("firm", firms, count)
        given = np.broadcast_to(np.asarray(amounts, dtype=np.float64), chosen.shape)
        if not np.all(np.isfinite(given)) or np.any(given < 0):
            raise ComponentError(
                where=self._component, given=f"a payment of {given.min():g}", expected="must be 0 or more"
            )
        if not -1 <= to < count:
            raise ComponentError(
                where=self._component, given=f"payment to firm {to}", expected=f"must be -1 or a firm up to {count - 1}"
            )
        if self._world.scenario.finance is not None:
            pay(self._world, np.bincount(chosen, given, count).astype(np.float64), to, "components")

    def end_links(self, numbers: Integers, *, cause_detail: str = "") -> None:
        """Strike suppliers off, for good."""
        chosen = self._among("line", numbers, len(self._world.state.lines))
        self._context.part(Exits).strike_off(chosen, self._author(cause_detail))

    def close_firms(self, firms: Integers, *, cause: Literal["finance", "policy"] = "policy") -> None:
        """Take firms out of the network for good."""
        chosen = self._among("firm", firms, len(self._world.firms))
        if cause not in ("finance", "policy"):
            raise ComponentError(where=self._component, given=f"cause {cause!r}", expected="must be finance or policy")
        self._context.part(Exits).close_firms(chosen, cause, self._component)

    def renew(self) -> None:
        """Call the flow hooks again before goods next flow."""
        self._context.part(Steps).renew_soon()

    def _among(self, what: str, numbers: Integers, count: int) -> Integers:
        """Return the numbers of things as integers, after a check that there are such things."""
        given = np.atleast_1d(np.asarray(numbers))
        # Truth values are refused, since a mask would pass for the numbers 0 and 1.
        if len(given) and (given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= count):
            expected = f"must be whole numbers from 0 to {count - 1}"
            raise ComponentError(where=self._component, given=f"{what} numbers {given.tolist()}", expected=expected)
        return given.astype(np.int64)

    def _author(self, detail: str) -> str:
        return f"{self._component}: {detail}" if detail else self._component

    def _checked(self, days: Durations) -> Durations:
        given = np.asarray(days)
        if not ((given >= 0) & (given < np.inf)).all():
            raise ComponentError(where=self._component, given=f"an outage of {days} days", expected="must be 0 or more")
        return days

    def _positive(self, factor: float) -> float:
        if not np.isfinite(factor) or factor <= 0:
            raise ComponentError(where=self._component, given=f"a factor of {factor}", expected="must be above 0")
        return float(factor)
