"""Order up to a level S as soon as the inventory position is at or below a reorder point s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

if TYPE_CHECKING:
    from gpnde.scenario.ordering.blocks import Ordering


def _check(ordering: Ordering) -> None:
    point, level = ordering.reorder_point or 0.0, ordering.level or 0.0
    if point >= level:
        raise ValueError(f"reorder_point {point:g} is not below level {level:g}: s must be below S")


REORDER_POINT_LEVEL = POLICIES.register(
    OrderingPolicy(
        "s-S",
        doc="Up to S at or below s.",
        source="Scarf, 1960",
        rule="reorder-to-level",
        needs=("reorder_point", "level"),
        check=_check,
    )
)
