"""The chart of knowledge flows: how much firms received through each channel, and in which tier, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gpnde.charts.capability import NO_KNOWLEDGE
from gpnde.charts.parts import horizon, part_axis, part_of, table_of, tier_names, tips
from gpnde.charts.theme import BACKGROUND, COLOURS, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import first_of
from gpnde.results.chart import chart
from gpnde.results.headline import number, percent
from gpnde.vocabulary import CHANNELS, KNOWLEDGE_KINDS, QUARTER_DAYS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 60

_TITLE = "Knowledge flows by channel"
_BOOKS = {f"{channel}, {kind}": f"transferred_{channel}_{kind}" for channel in CHANNELS for kind in KNOWLEDGE_KINDS}
_CHANNEL_COLOURS = [COLOURS[0], COLOURS[5], COLOURS[3], COLOURS[1]]
"""Blues for formal channels, oranges for informal ones."""


def channel_flows(learners: pl.DataFrame) -> pl.DataFrame:
    """Return what all firms received through each channel in each part of the time: channel, start, end, rate.

    The rate is per quarter of 91 days. There are at most `MOST_PARTS` parts.
    """
    import polars as pl

    sums = learners.group_by("day").agg(pl.col(book).sum().alias(name) for name, book in _BOOKS.items())
    long = sums.unpivot(index="day", variable_name="channel", value_name="total")
    return _rates(long, "channel")


def tier_flows(learners: pl.DataFrame) -> pl.DataFrame:
    """Return what the firms of each tier received through all channels: tier, start, end, rate (per quarter)."""
    import polars as pl

    received = pl.sum_horizontal(_BOOKS.values()).alias("total")
    named = learners.select("day", tier_names(learners["tier"]), received)
    return _rates(named.group_by("day", "tier").agg(pl.col("total").sum()), "tier")


def _rates(totals: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return running *totals* as what was added per quarter from the end of one part of the time to that of the next.

    The first record begins the first part.
    """
    import polars as pl

    first, later = pl.col("day") == totals["day"].min(), totals.filter(pl.col("day") > totals["day"].min())
    parts = later.with_columns(part_of(later["day"], MOST_PARTS)) if later.height else later
    ends = parts.sort("day").group_by(key, "part").agg(pl.col("day", "total").last()) if later.height else later
    points = pl.concat([totals.filter(first).select(key, "day", "total"), ends.select(key, "day", "total")])
    steps = points.sort(key, "day").with_columns(
        start=pl.col("day").shift().over(key), added=pl.col("total").diff().over(key)
    )
    known = steps.drop_nulls("start")
    per_day = pl.col("added") / (pl.col("day") - pl.col("start"))
    return known.select(key, "start", end="day", rate=per_day * QUARTER_DAYS)


@chart("knowledge-received", _TITLE, group="learning", place=3, needs=("learners",))
def knowledge_flows(run: Run) -> Chart:
    """Show knowledge that firms received per quarter, by channel and by tier.

    Bars of what firms received per quarter, by channel and kind above and by tier of the receiver below.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Knowledge flows by channel' in str(knowledge_flows(run).to_dict()["title"])
    True
    """
    import altair as alt

    learners = table_of(run, "learners")
    if learners.is_empty():
        return nothing(_TITLE, NO_KNOWLEDGE)
    channels, tiers = channel_flows(learners), tier_flows(learners)
    if not (channels["rate"] != 0).any():
        return nothing(_TITLE, "Nothing was transferred yet.")
    above = _bars(channels, "channel", "Channel, kind", list(_BOOKS), _CHANNEL_COLOURS, horizon(run), False)
    names = sorted(set(tiers["tier"]))
    colours = list(colour_of(names).to_dict()["range"])
    below = _bars(tiers, "tier", "Tier of receiver", names, colours, horizon(run), True)
    totals = {
        name: float(learners.filter(learners["day"] == learners["day"].max())[b].sum()) for name, b in _BOOKS.items()
    }
    said = ", ".join(f"{name} {number(total)}" for name, total in totals.items())
    return styled(
        alt.vconcat(above, below, spacing=14).resolve_scale(color="independent"),
        _TITLE,
        f"Bars over days of knowledge received per quarter by all firms in all functions; in all {said}.",
        "Received per quarter by all firms in all functions, in units of the frontier",
        finding(totals),
    )


def finding(totals: Mapping[str, float]) -> str:
    """Return in words through which channel most knowledge came, by what came through each.

    >>> finding({"formal, codified": 6.0, "formal, tacit": 2.0, "informal, tacit": 2.0})
    'Most knowledge came as formal, codified knowledge (60 %); informal channels brought 20 %'
    """
    name, share = first_of(totals)
    informal = sum(total for name, total in totals.items() if name.startswith("informal")) / sum(totals.values())
    return f"Most knowledge came as {name} knowledge ({percent(share)}); informal channels brought {percent(informal)}"


def _bars(
    rows: pl.DataFrame, key: str, title: str, names: list[str], colours: list[str], end: float, is_last: bool
) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(stroke=BACKGROUND, strokeWidth=0.3)
        .encode(
            x=part_axis(end) if is_last else part_axis(end, None),
            x2="end:Q",
            y=alt.Y("rate:Q", title="Received per quarter (1)", stack=True, axis=alt.Axis(format="~s", tickCount=5)),
            color=alt.Color(f"{key}:N", title=title, scale=alt.Scale(domain=names, range=colours), sort=names),
            tooltip=tips((key, title, ""), ("start", "From day", ",.0f"), ("end", "To day", ",.0f"))
            + tips(("rate", "Per quarter (1)", ",.4~g")),
        )
        .properties(width=WIDTH - 60, height=150)
    )
    return chart
