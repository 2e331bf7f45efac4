"""Order whole lots of Q as soon as the inventory position is at or below a reorder point r."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

REORDER_POINT_QUANTITY = POLICIES.register(
    OrderingPolicy(
        "r-Q",
        doc="Whole lots of Q at or below r.",
        source="Hadley and Whitin, 1963",
        rule="fixed-quantity",
        needs=("reorder_point", "quantity"),
        opens_at=("reorder_point", "quantity"),
    )
)
