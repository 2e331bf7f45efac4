"""Order what is owed, and make it when it is ordered."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

MAKE_TO_ORDER = POLICIES.register(
    OrderingPolicy("make-to-order", doc="What is owed.", source="definition", sets={"level": 0.0}, makes_to_order=True)
)
