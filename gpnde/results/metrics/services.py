"""Metrics of services: which part of them plants buy nearby, the upper rungs of the ladder of linkages (IU5)."""

from __future__ import annotations

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio, total
from gpnde.results.names import slug

SERVICES = ("services",)


@metric("services.nearby", unit="1", formula="nearby / all", better="neither", source="definition", needs=SERVICES)
def bought_nearby(evidence: Evidence) -> dict[str, float]:
    """Return the part of what was spent on services that went to providers nearby, in all or by country."""
    import polars as pl

    table = evidence.tables["services"].select(
        "country", "bought_nearby", everywhere=pl.col("bought_nearby") + pl.col("bought_elsewhere")
    )
    found = {"": ratio(total(table, "bought_nearby"), total(table, "everywhere"))}
    for country in table["country"].unique(maintain_order=True).drop_nulls().to_list():
        inside = table.filter(pl.col("country") == country)
        found |= {slug(country): ratio(total(inside, "bought_nearby"), total(inside, "everywhere"))} if country else {}
    return found


@metric("services.level", unit="1", formula="at the end", better="neither", source="definition", needs=SERVICES)
def level(evidence: Evidence) -> dict[str, float]:
    """Return the share of its services that a plant finds nearby at the end, by cluster."""
    last = evidence.tables["services"].unique("cluster", keep="last", maintain_order=True)
    return {slug(name): value for name, value in last.select("cluster", "nearby").iter_rows()}
