"""The chart of value added: what the firms of each country add to what they buy, in all and per job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.groups import groups_of_firms, several
from gpnde.charts.jobs import OTHERS
from gpnde.charts.parts import day_axis, horizon, money_axis, rule_at, table_of, tips
from gpnde.charts.theme import WIDTH, colour_of, nothing, styled
from gpnde.charts.words import first_of
from gpnde.results.chart import chart
from gpnde.results.headline import percent
from gpnde.vocabulary import QUARTER_DAYS, YEAR_DAYS, Grouping

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

BOUGHT = ("purchases", "freight", "duties", "production")
"""Items of an income statement that are paid to others for what goes into a product."""

MOST_QUARTERS = 60
MOST_PLACES = 6
"""Places that are shown by name where there are more than one more."""

FEW_JOBS = 10
"""Below so many jobs value added per job says nothing of a place."""

_TITLE = "Value added by place"


def added_rows(run: Run) -> pl.DataFrame:
    """Return value added by place and part of the time: place, day, added (money per year), jobs, per_job.

    Value added is sales and the growth of stocks less what is bought in. It belongs to the place in which a firm is at
    home, while jobs are where plants stand. A part is a quarter, or longer in long runs.
    """
    import polars as pl

    accounts, by = table_of(run, "accounts"), grouping_of(run)
    homes = groups_of_firms(run, by)
    income = accounts.filter(pl.col("statement").cast(pl.String) == "income")
    counts = income.filter(pl.col("item").cast(pl.String).is_in(["sales", "stocks", *BOUGHT]))
    place = pl.col("firm").cast(pl.String).replace_strict(homes, default=OTHERS, return_dtype=pl.String)
    sums = counts.group_by(place.alias("place"), pl.col("day")).agg(added=pl.col("amount").sum())
    parts = _parts(_merged(sums), part_days(horizon(run)))
    jobs = _jobs(run, homes_of_plants(by), parts)
    return parts.join(jobs, on=["place", "day"], how="left").with_columns(
        per_job=pl.when(pl.col("jobs") >= FEW_JOBS).then(pl.col("added") / pl.col("jobs"))
    )


def grouping_of(run: Run) -> Grouping:
    """Return whether places are countries, or clusters where all firms are in one country."""
    return "country" if several(groups_of_firms(run, "country").values()) else "cluster"


def homes_of_plants(by: Grouping) -> str:
    """Return the column of the table of plants that holds their place."""
    return "country" if by == "country" else "cluster"


def part_days(days: float) -> float:
    """Return how long a part of the time is (day) in a run that lasts so many days.

    >>> part_days(1820), part_days(18_200)
    (91.0, 364.0)
    """
    return QUARTER_DAYS * max(1.0, -(-days // (QUARTER_DAYS * MOST_QUARTERS)))


def _merged(sums: pl.DataFrame) -> pl.DataFrame:
    """Return the places with most value added by name, all others as one."""
    import polars as pl

    most = sums.group_by("place").agg(pl.col("added").sum()).sort(["added", "place"], descending=[True, False])
    kept = most["place"].head(MOST_PLACES if most.height > MOST_PLACES + 1 else most.height).to_list()
    named = pl.when(pl.col("place").is_in(kept)).then("place").otherwise(pl.lit(OTHERS)).alias("place")
    return sums.group_by(named, pl.col("day")).agg(pl.col("added").sum())


def _parts(sums: pl.DataFrame, length: float) -> pl.DataFrame:
    """Return value added per year in each part of the time that is over, with the day on which it ends."""
    import polars as pl

    part = ((pl.col("day") / length) - 1e-9).ceil().alias("part")
    rows = sums.with_columns(part).group_by("place", "part").agg(pl.col("added").sum(), pl.col("day").max())
    day = pl.col("day").max().over("part")
    span = day - (pl.col("part") - 1) * length
    per_year = pl.col("added") * YEAR_DAYS / span
    return rows.select("place", day=day, added=per_year).sort("place", "day")


def _jobs(run: Run, column: str, parts: pl.DataFrame) -> pl.DataFrame:
    """Return the jobs of each place on the days on which parts end: place, day, jobs."""
    import polars as pl

    plants = table_of(run, "plants").filter(pl.col("day").is_in(parts["day"].unique().to_list()))
    known = parts["place"].unique().to_list()
    place = pl.when(pl.col(column).is_in(known)).then(column).otherwise(pl.lit(OTHERS)).alias("place")
    return plants.group_by(place, "day").agg(jobs=pl.col("employees").sum())


@chart("value-added", _TITLE, group="finance", place=4, needs=("accounts",))
def value_added_by_place(run: Run) -> Chart:
    """Show what the firms of each country add to the value of what they buy, in all and per job.

    Lines over time by country, or by cluster where there is one country; below, per job of the plants there.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
    >>> 'Value added by place' in str(value_added_by_place(run).to_dict()["title"])
    True
    """
    import altair as alt

    if table_of(run, "accounts").is_empty():
        return nothing(_TITLE, "The run was made without finance.")
    rows = added_rows(run)
    if rows.is_empty():
        return nothing(_TITLE, "No quarter is over yet.")
    places = [name for name in rows["place"].unique().sort().to_list() if name != OTHERS]
    places += [OTHERS] * (OTHERS in rows["place"])
    per_job, end = rows.drop_nulls("per_job"), horizon(run)
    panels = [_lines(rows, "added", "Value added (money/year)", places, end, per_job.is_empty())]
    panels += [] if per_job.is_empty() else [_lines(per_job, "per_job", "Per job (money/year)", places, end, True)]
    return styled(
        alt.vconcat(*panels, spacing=14),
        _TITLE,
        f"Lines over days for {len(places)} places: value added per year, in all and per job.",
        "Sales and the growth of stocks less what is bought in, where a firm is at home; jobs are where plants stand",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which place adds most value over the run, and which most per job at the end.

    >>> import polars as pl
    >>> rows = {"place": ["A", "B"], "day": [91.0, 91.0], "added": [30.0, 10.0], "per_job": [1.0, 5.0]}
    >>> finding(pl.DataFrame(rows))
    'A adds most value (75 %); B adds most per job'
    """
    import polars as pl

    place, share = first_of(dict(rows.group_by("place").agg(pl.col("added").sum()).sort("place").iter_rows()))
    said = f"{place} adds most value ({percent(share)})"
    last = rows.drop_nulls("per_job").filter(pl.col("day") == pl.col("day").max()).sort("per_job", "place")
    if last.height < 2:
        return said
    best = last["place"][-1]
    return f"{said}, and most per job" if best == place else f"{said}; {best} adds most per job"


def _lines(rows: pl.DataFrame, column: str, title: str, places: list[str], end: float, is_last: bool) -> alt.LayerChart:
    import altair as alt

    shown = tips(("place", "Place", ""), ("day", "Up to day", ",.0f"), ("added", "Value added (money/year)", ",.4~g"))
    lines = (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=day_axis(end) if is_last else day_axis(end, None),
            y=alt.Y(f"{column}:Q", title=title, axis=money_axis(), scale=alt.Scale(zero=True)),
            color=alt.Color("place:N", title="Place", scale=colour_of(places), sort=places),
            tooltip=shown + tips(("jobs", "Jobs", ",.0f"), ("per_job", "Per job (money/year)", ",.4~g")),
        )
    )
    return alt.LayerChart(layer=[rule_at(0.0), lines]).properties(width=WIDTH, height=150)
