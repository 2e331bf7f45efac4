"""Metrics of the public sector: what its budgets cost, and its institutions and expertise at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, sums_by, total
from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl

_NEEDS = ("countries",)


@metric("public.spending", unit="money", formula="Σ spent", better="lower", source="definition", needs=_NEEDS)
def spending(evidence: Evidence) -> dict[str, float]:
    """Return what public budgets have spent, in all and by country; policies have accounts of their own."""
    countries = evidence.tables["countries"]
    rows = sums_by("country", countries, "spent").select("country", "spent").iter_rows()
    return {"": total(countries, "spent"), **{slug(country): spent for country, spent in rows}}


@metric("public.expertise", unit="1", formula="at the end", better="higher", source="definition", needs=_NEEDS)
def expertise(evidence: Evidence) -> dict[str, float]:
    """Return the expertise of the public sector of a country at the end."""
    return _at_the_end(evidence.tables["countries"], "public_expertise")


@metric("public.institutions", unit="1", formula="at the end", better="higher", source="definition", needs=_NEEDS)
def institutions(evidence: Evidence) -> dict[str, float]:
    """Return the help of the institutions of a country with learning at the end."""
    return _at_the_end(evidence.tables["countries"], "institutions")


def _at_the_end(countries: pl.DataFrame, column: str) -> dict[str, float]:
    """Return a column by country in the last rows."""
    last = countries.filter(countries["day"] == countries["day"].max())
    return {slug(country): value for country, value in last.select("country", column).iter_rows()}
