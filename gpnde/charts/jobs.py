"""The chart of jobs: how many people the plants of each place employ, and what their plant is worth, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, money_axis, part_of, table_of, tips, whole_axis
from gpnde.charts.theme import BACKGROUND, COLOURS, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import course, first_of
from gpnde.results.chart import chart
from gpnde.results.headline import percent

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

OTHERS = "others"
MOST_PARTS = 120
_TITLE = "Jobs and plant by place"


def place_rows(plants: pl.DataFrame) -> pl.DataFrame:
    """Return day, place, jobs and plant (money), of each part of the time the last record.

    Places are countries, or clusters where no more than one country has plants; the smallest are put together.
    """
    import polars as pl

    place = "country" if plants["country"].replace("", None).n_unique() > 1 else "cluster"
    shown = plants.with_columns(part_of(plants["day"], MOST_PARTS), place=pl.col(place).replace("", OTHERS))
    # Of a part the last day alone, so that a part with more records has no more jobs.
    last = shown.filter(pl.col("day") == pl.col("day").max().over("part"))
    most = last.group_by("place").agg(pl.col("employees").sum()).sort(["employees", "place"], descending=[True, False])
    kept = most["place"].head(len(COLOURS) - 1).to_list()
    named = pl.when(pl.col("place").is_in(kept)).then(pl.col("place")).otherwise(pl.lit(OTHERS)).alias("place")
    sums = (pl.col("employees").sum().alias("jobs"), pl.col("plant_value").sum().alias("plant"))
    return last.with_columns(named).group_by("day", "place").agg(*sums).sort("day", "place")


@chart("jobs", _TITLE, group="finance", place=3, needs=("plants",))
def jobs_by_place(run: Run) -> Chart:
    """Show how many people the plants of each country employ, and what their plant is worth.

    Areas over time by country, or by cluster where only one country has plants: jobs of plants whose products take
    labour, and the replacement value of their plant.

    >>> import gpnde
    >>> 'Jobs and plant by place' in str(jobs_by_place(gpnde.simulate("single-site")).to_dict()["title"])
    True
    """
    import altair as alt

    table = table_of(run, "plants")
    if table.is_empty():
        return nothing(_TITLE, "No product of the scenario takes labour.")
    rows = place_rows(table)
    places = [name for name in rows["place"].unique().sort().to_list() if name != OTHERS]
    places += [OTHERS] * (OTHERS in rows["place"])
    first, last = (_jobs_on(rows, day) for day in (rows["day"].min(), rows["day"].max()))
    said = f"{first:,.0f} jobs at the first record, {last:,.0f} at the last"
    jobs = _areas(rows, places, day_axis(horizon(run), None), alt.Y("jobs:Q", title="Jobs", axis=whole_axis()))
    plant = _areas(rows, places, day_axis(horizon(run)), alt.Y("plant:Q", title="Plant (money)", axis=money_axis()))
    return styled(
        alt.vconcat(jobs, plant, spacing=14),
        _TITLE,
        f"Stacked areas over days by place, of jobs and of the value of plant; {said}.",
        "Jobs where products take labour; plant at replacement value",
        finding(rows, first, last),
    )


def finding(rows: pl.DataFrame, first: float, last: float) -> str:
    """Return in words how the number of jobs went, and which place has most of them at the end; *rows* as drawn."""
    end = rows.filter(rows["day"] == rows["day"].max())
    place, share = first_of(dict(end.select("place", "jobs").iter_rows()))
    return f"{course('the number of jobs', first, last, _whole)}; {percent(share)} of them are in {place}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _jobs_on(rows: pl.DataFrame, day: object) -> float:
    return float(rows.filter(rows["day"] == day)["jobs"].sum())


def _areas(rows: pl.DataFrame, places: list[str], across: alt.X, up: alt.Y) -> alt.Chart:
    import altair as alt

    shown = tips(("place", "Place", ""), ("day", "Day", ",.0f"), ("jobs", "Jobs", ",.0f"))
    shown += tips(("plant", "Plant (money)", ",.4~g"))
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_area(interpolate="step-after", stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=across,
            y=up.stack("zero"),
            color=alt.Color("place:N", title="Place", scale=colour_of(places), sort=places),
            tooltip=shown,
        )
        .properties(width=WIDTH, height=170)
    )
    return drawn
