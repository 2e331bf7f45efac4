"""Metrics of countries: jobs, profits and trade, the sums by which a policy is judged beside what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gpnde.results.evidence import Evidence
from gpnde.results.metric import firms_of, metric, sites_of, sums_by, total
from gpnde.results.metrics.space import countries_of_clusters
from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl


@metric("country.jobs", unit="1", formula="Σ staff", better="higher", source="definition", needs=("plants",))
def jobs(evidence: Evidence) -> dict[str, float]:
    """Return the staff of plants whose products take labour, at the end, by country."""
    import polars as pl

    plants = evidence.tables["plants"]
    return _by_country(plants.filter(pl.col("day") == pl.col("day").max()), "country", "employees")


@metric("country.exports", unit="money", formula="Σ value", better="higher", source="definition", needs=("trade",))
def exports(evidence: Evidence) -> dict[str, float]:
    """Return what firms sent from each country into others and invoiced; goods within a firm are not invoiced."""
    return _by_country(evidence.tables["trade"], "origin", "value")


@metric("country.imports", unit="money", formula="Σ value", better="neither", source="definition", needs=("trade",))
def imports(evidence: Evidence) -> dict[str, float]:
    """Return what firms and markets of each country were sent from others and invoiced."""
    return _by_country(evidence.tables["trade"], "destination", "value")


@metric("country.profit", unit="money", formula="Σ profit", better="higher", source="definition", needs=("accounts",))
def profit(evidence: Evidence) -> dict[str, float]:
    """Return what all firms have earned in the run (nothing after the name), and those at home in each country."""
    import polars as pl

    rows = evidence.tables["accounts"].filter((pl.col("statement") == "income") & (pl.col("item") == "profit"))
    homes = homes_of_firms(evidence)
    at_home = rows.with_columns(country=pl.col("firm").replace_strict(homes, default="", return_dtype=pl.String))
    return {"": total(rows, "amount"), **_by_country(at_home, "country", "amount")}


def homes_of_firms(evidence: Evidence) -> Mapping[str, str]:
    """Return the country of each firm by its home cluster, else by its first site; firms of none are left out."""
    countries = countries_of_clusters(evidence.scenario)
    homes = {name: firm["home"] for name, firm in firms_of(evidence.scenario).items() if firm.get("home")}
    for site in sites_of(evidence.scenario).values():
        if site.get("cluster"):
            homes.setdefault(site["firm"], site["cluster"])
    return {name: countries[cluster] for name, cluster in homes.items() if countries.get(cluster)}


def _by_country(rows: pl.DataFrame, country: str, column: str) -> dict[str, float]:
    import polars as pl

    sums = sums_by(country, rows.filter(pl.col(country) != ""), column).select(country, column)
    return {slug(name): float(value) for name, value in sums.iter_rows()}
