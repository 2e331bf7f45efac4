"""Order up to a fixed level."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

BASE_STOCK = POLICIES.register(
    OrderingPolicy("base-stock", doc="Up to a fixed level.", source="Silver, Pyke and Thomas, 2017", needs=("level",))
)
