"""Order up to a level that follows a forecast of demand and the lead times."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

ORDER_UP_TO = POLICIES.register(
    OrderingPolicy(
        "order-up-to",
        doc="Up to the forecast of demand over the time to cover, and safety stock.",
        source="Silver, Pyke and Thomas, 2017",
        uses=("safety_factor", "forecast", "protection_days"),
    )
)
