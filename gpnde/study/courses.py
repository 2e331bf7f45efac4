"""What went on over time in the runs of a study, from the tables that it keeps: service to markets, and capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.errors import StudyError

if TYPE_CHECKING:
    import polars as pl

    from gpnde.study.results import StudyResults

FILL, CAPABILITY = "Fill rate", "Mean capability of suppliers"
_SCHEMA = {"series": str, "unit": str, "arm": str, "key": str, "day": float, "value": float}


def courses(results: StudyResults) -> pl.DataFrame:
    """Return the courses of the runs that are ok: series, unit, arm, key (of the run), day, value.

    The fill rate comes from the table of markets, mean capability of the firms below the flagship from that of
    knowledge; a table that the study does not keep gives no rows.

    >>> from gpnde.study.results import StudyResults
    >>> from gpnde.study.schema import Study
    >>> import polars as pl
    >>> runs = pl.DataFrame({"key": ["a"], "arm": ["baseline"], "status": ["ok"]})
    >>> study = Study(name="x", scenario="beer-game", measures=("flow.fill_rate",))
    >>> courses(StudyResults(study, runs, pl.DataFrame())).columns
    ['series', 'unit', 'arm', 'key', 'day', 'value']
    """
    import polars as pl

    made = [_fill(table) for table in _kept(results, "markets")] + [
        _able(table) for table in _kept(results, "knowledge")
    ]
    runs = results.runs.filter(pl.col("status") == "ok").select("arm", "key")
    joined = [runs.join(part, on="key").select(list(_SCHEMA)) for part in made]
    empty = pl.DataFrame(schema=_SCHEMA)
    return pl.concat([empty, *joined]).sort("series", "arm", "key", "day", maintain_order=True)


def _kept(results: StudyResults, name: str) -> list[pl.DataFrame]:
    """Return the table of that name of all runs, where the study keeps it and it is written."""
    if name not in results.study.tables:
        return []
    try:
        return [results.table(name)]
    except StudyError:
        # It is written when the batch ends.
        return []


def _fill(markets: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    sums = markets.group_by("key", "day").agg(pl.col("filled").sum(), pl.col("demanded").sum())
    share = pl.when(pl.col("demanded") > 0).then(pl.col("filled") / pl.col("demanded")).alias("value")
    return sums.select("key", "day", share, series=pl.lit(FILL), unit=pl.lit("1"))


def _able(knowledge: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    suppliers = knowledge.filter(pl.col("tier") > 0)
    means = suppliers.group_by("key", "day").agg(value=pl.col("capability").mean())
    return means.select("key", "day", "value", series=pl.lit(CAPABILITY), unit=pl.lit("1"))
