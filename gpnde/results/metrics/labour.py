"""Metrics of work: how many are employed, where, and what a unit of labour costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.results.evidence import Evidence
from gpnde.results.metric import by_tier, metric, ratio, sums_by, total
from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl

_NEEDS = ("plants",)


def _at_the_end(evidence: Evidence) -> pl.DataFrame:
    """Return the rows of plants at the horizon."""
    plants = evidence.tables["plants"]
    return plants.filter(plants["day"] == plants["day"].max())


@metric("labour.employment", unit="1", formula="Σ employees", better="neither", source="definition", needs=_NEEDS)
def employment(evidence: Evidence) -> dict[str, float]:
    """Return the persons employed at the end, in all and by tier."""
    import polars as pl

    plants = evidence.part(_at_the_end)
    tiers = sums_by("tier", plants, "employees").with_columns(value=pl.col("employees"))
    return {"": total(plants, "employees"), **by_tier(tiers)}


@metric(
    "labour.employment_share",
    unit="1",
    formula="employees of a country / Σ employees",
    better="neither",
    source="definition",
    needs=_NEEDS,
)
def employment_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of a country in all employment at the end."""
    plants = evidence.part(_at_the_end)
    whole = total(plants, "employees")
    rows = sums_by("country", plants, "employees").select("country", "employees").iter_rows()
    return {slug(country): ratio(persons, whole) for country, persons in rows if country}


@metric(
    "labour.share_of_value_added",
    unit="1",
    formula="Σ labour / Σ (labour + fixed), by units at normal load",
    better="neither",
    source="definition",
    needs=_NEEDS,
)
def labour_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of labour in what sites add to the cost of a unit, mean over sites, in all and by tier."""
    import polars as pl

    added = pl.col("labour") + pl.col("fixed")
    plants = evidence.part(_at_the_end).with_columns(share=pl.col("labour") / added).filter(added > 0.0)
    tiers = sums_by("tier", plants, "share").with_columns(value=pl.col("share") / pl.col("rows"))
    return {"": ratio(total(plants, "share"), float(plants.height)), **by_tier(tiers)}
