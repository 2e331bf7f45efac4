"""Order the forecast and a share of the gap to a level that follows it, so that orders vary less than levels."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

SMOOTHED = POLICIES.register(
    OrderingPolicy(
        "smoothed",
        doc="The forecast of demand and a share of the remaining gap.",
        source="Disney and Towill, 2003",
        rule="smoothed",
        uses=("safety_factor", "forecast", "protection_days", "smoothing"),
    )
)
