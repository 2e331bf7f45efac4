"""Order up to a fixed level of the stock of a site and of all sites downstream."""

from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

ECHELON_BASE_STOCK = POLICIES.register(
    OrderingPolicy(
        "echelon-base-stock",
        doc="Up to a fixed level of the stock here and everywhere downstream.",
        source="Clark and Scarf, 1960",
        needs=("level",),
        counts_echelon=True,
    )
)
