"""The chart of generations: the price and the share of each rival brand over time, with its launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, money_axis, part_of, table_of, tips
from gpnde.charts.theme import BACKGROUND, COLOURS, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import course
from gpnde.results.chart import chart
from gpnde.results.headline import percent

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 150
_TITLE = "Generations of rival brands"


def largest_market(table: pl.DataFrame) -> str:
    """Return the market in which most was sold; of equals the first by name."""
    import polars as pl

    sold = table.group_by("market").agg(pl.col("sold").sum()).sort(["sold", "market"], descending=[True, False])
    return str(sold["market"][0])


def brand_rows(table: pl.DataFrame, market: str) -> pl.DataFrame:
    """Return the brands that sold most in a market over time, of each part of the time the last record.

    Columns are day, firm, generation, launched_day, price, cost, share and is_launch: whether a generation was launched
    since the last row.
    """
    import polars as pl

    here = table.filter(pl.col("market") == market).sort("firm", "day")
    most = here.group_by("firm").agg(pl.col("sold").sum()).sort(["sold", "firm"], descending=[True, False])
    here = here.filter(pl.col("firm").is_in(most["firm"].head(len(COLOURS)).to_list()))
    parts = here.with_columns(part_of(here["day"], MOST_PARTS)).group_by("firm", "part", maintain_order=True).last()
    newer = pl.col("generation") > pl.col("generation").shift(1).over("firm")
    # No row is before the first one of a firm; what it shows was launched if not there from day 0.
    marked = parts.with_columns(is_launch=newer.fill_null(pl.col("launched_day") > 0))
    return marked.select("day", "firm", "generation", "launched_day", "price", "cost", "share", "is_launch")


@chart("generations", _TITLE, group="flow", place=6, needs=("generations",))
def generations_of_rivals(run: Run, market: str | None = None) -> Chart:
    """Show what rival brands cost and how much of a market each has, from launch to launch.

    Prices and shares of the brands that sold most in a *market*, that in which most was sold where none is named; a
    dot is the launch of a generation.

    >>> import gpnde
    >>> 'Generations of rival brands' in str(generations_of_rivals(gpnde.simulate("single-site")).to_dict()["title"])
    True
    """
    import altair as alt

    table = table_of(run, "generations")
    if table.is_empty():
        return nothing(_TITLE, "No market of the scenario has rivalry.")
    shown = largest_market(table) if market is None else market
    rows = brand_rows(table, shown)
    names = sorted(set(rows["firm"]))
    said = f"{int(rows['is_launch'].sum()):,} launches by {len(names)} firms in market {shown}"
    return styled(
        alt.vconcat(_prices(rows, names, horizon(run)), _shares(rows, names, horizon(run)), spacing=14),
        _TITLE,
        f"Panels over days by firm: price in money, share of what the market asks for; {said}.",
        f"{said}; a dot is a launch",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which of the brands that are drawn leads at the end, and how prices went; *rows* as drawn."""
    import polars as pl

    last = rows.filter(pl.col("day") == pl.col("day").max()).sort("share", "firm", descending=[True, False])
    first = rows.filter(pl.col("day") == pl.col("day").min())
    leader, share = last.select("firm", "share").row(0)
    before, after = (float(part["price"].mean() or 0) for part in (first, last))  # type: ignore[arg-type]
    lead = f"{leader} leads with {percent(share)} of demand"
    return f"{lead}; {course('the mean price', before, after).replace('The', 'the', 1)}"


def _prices(rows: pl.DataFrame, names: list[str], end: float) -> alt.LayerChart:
    import altair as alt

    return _panel(
        rows, names, day_axis(end, None), alt.Y("price:Q", title="Price (money)", axis=money_axis(), scale=_from_zero())
    )


def _shares(rows: pl.DataFrame, names: list[str], end: float) -> alt.LayerChart:
    import altair as alt

    return _panel(rows, names, day_axis(end), alt.Y("share:Q", title="Share of demand (1)", scale=alt.Scale(zero=True)))


def _from_zero() -> alt.Scale:
    import altair as alt

    return alt.Scale(zero=True, nice=True)


def _panel(rows: pl.DataFrame, names: list[str], across: alt.X, up: alt.Y) -> alt.LayerChart:
    """Return lines by firm with a dot at each launch."""
    import altair as alt
    import polars as pl

    colour = alt.Color("firm:N", title="Firm", scale=colour_of(names), sort=names)
    shown = tips(("firm", "Firm", ""), ("day", "Day", ",.0f"), ("generation", "Generation", ",.0f"))
    shown += tips(("price", "Price (money)", ",.4~g"), ("cost", "Variable cost (money)", ",.4~g"))
    shown += tips(("share", "Share of demand (1)", ".3f"), ("launched_day", "Launched on day", ",.0f"))
    lines = alt.Chart(rows).mark_line(strokeWidth=1.8).encode(x=across, y=up, color=colour, tooltip=shown)
    dots = (
        alt.Chart(rows.filter(pl.col("is_launch")))
        .mark_circle(size=60, opacity=1, stroke=BACKGROUND, strokeWidth=0.8)
        .encode(x=across, y=up, color=colour, tooltip=shown)
    )
    return alt.LayerChart(layer=[lines, dots]).properties(width=WIDTH, height=170)
