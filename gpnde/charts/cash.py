"""The chart of cash and exits: balances by tier, firms on credit, and firms that left the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.dropouts import quarters
from gpnde.charts.parts import (
    day_axis,
    from_nothing,
    horizon,
    money_axis,
    part_axis,
    part_of,
    rule_at,
    table_of,
    tier_names,
    tips,
    whole_axis,
)  # fmt: skip
from gpnde.charts.theme import BACKGROUND, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted, sentence
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 150
_TITLE = "Cash and exits"
_FAILED = "firm_failed"


def cash_rows(tiers: pl.DataFrame) -> pl.DataFrame:
    """Return the balances of the firms of each tier in each part of the time, the last of it: tier, day, cash."""
    import polars as pl

    sums = tiers.with_columns(tier_names(tiers["tier"])).group_by("tier", "day").agg(pl.col("cash").sum())
    parts = sums.sort("tier", "day").with_columns(part_of(sums["day"], MOST_PARTS))
    last = parts.group_by("tier", "part", maintain_order=True).agg(pl.col("day", "cash").last())
    return last.drop("part").sort("tier", "day")


def credit_rows(firms: pl.DataFrame) -> pl.DataFrame:
    """Return how many firms of each tier are there and how many owe money: tier, day, firms, on_credit.

    Of each part of the time it is the last record.
    """
    import polars as pl

    there = firms.with_columns(tier_names(firms["tier"])).filter(pl.col("active") == 1)
    counts = there.group_by("tier", "day").agg(firms=pl.len(), on_credit=(pl.col("cash") < 0).sum())
    parts = counts.sort("tier", "day").with_columns(part_of(counts["day"], MOST_PARTS))
    last = parts.group_by("tier", "part", maintain_order=True).agg(pl.col("day", "firms", "on_credit").last())
    return last.drop("part").sort("tier", "day")


def exit_rows(events: pl.DataFrame, tiers: dict[str, int], end: float) -> pl.DataFrame:
    """Return the firms that left in each quarter: tier, cause, start and end (day), count."""
    import polars as pl

    left = events.filter(pl.col("kind") == _FAILED)
    tier = pl.col("firm").replace_strict(tiers, default=1, return_dtype=pl.Int64).alias("tier")
    named = left.with_columns(tier)
    named = named.with_columns(tier_names(named["tier"]))
    return quarters(named, end, "tier", "cause")


@chart("cash", _TITLE, group="finance", place=1, needs=("tiers",))
def cash_and_exits(run: Run) -> Chart:
    """Show balances by tier, firms on credit, and firms that left the network.

    Balances by tier, the number of firms on credit, and exits per quarter, one below the other.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Cash and exits' in str(cash_and_exits(run).to_dict()["title"])
    True
    """
    import altair as alt

    cash = cash_rows(table_of(run, "tiers"))
    if cash.is_empty():
        return nothing(_TITLE, "No balance was recorded.")
    end, credit = horizon(run), credit_rows(table_of(run, "firms"))
    tiers = {firm["name"]: int(firm.get("tier", 1)) for firm in run.scenario["firms"]}
    exits = exit_rows(table_of(run, "events"), tiers, end)
    names = sorted({*cash["tier"], *credit["tier"], *exits["tier"]})
    panels: list[alt.Chart | alt.LayerChart] = [_balances(cash, names, end)]
    panels += [_credit(credit, names, end)] if credit.height else []
    panels += [_exits(exits, names, end)] if exits.height else []
    total, poor = int(exits["count"].sum()), int(credit.filter(credit["day"] == credit["day"].max())["on_credit"].sum())
    said = sentence(f"{counted(total, 'firm')} left the network; {poor:,} of those that stay are on credit")
    return styled(
        alt.vconcat(*panels, spacing=14),
        _TITLE,
        f"Panels over days by tier: cash in money, firms on credit, exits per quarter; {said}.",
        "Balances below 0 are credit; a bar counts the exits of a quarter",
        said,
    )


def _colour(names: list[str]) -> alt.Color:
    import altair as alt

    return alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names)


def _balances(rows: pl.DataFrame, names: list[str], end: float) -> alt.LayerChart:
    import altair as alt

    lines = (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.8)
        .encode(
            x=day_axis(end, None),
            y=alt.Y("cash:Q", title="Cash (money)", axis=money_axis()),
            color=_colour(names),
            tooltip=tips(("tier", "Tier", ""), ("day", "Day", ",.0f"), ("cash", "Cash (money)", ",.0f")),
        )
    )
    return alt.LayerChart(layer=[rule_at(0.0), lines]).properties(width=WIDTH, height=140)


def _credit(rows: pl.DataFrame, names: list[str], end: float) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_area(interpolate="step-after", fillOpacity=0.9)
        .encode(
            x=day_axis(end, None),
            y=alt.Y("on_credit:Q", title="On credit (firms)", stack=True, axis=whole_axis(), scale=from_nothing()),
            color=_colour(names),
            tooltip=tips(("tier", "Tier", ""), ("day", "Day", ",.0f"), ("on_credit", "Firms on credit", ",.0f"))
            + tips(("firms", "Firms", ",.0f")),
        )
        .properties(width=WIDTH, height=90)
    )
    return chart


def _exits(rows: pl.DataFrame, names: list[str], end: float) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=part_axis(end),
            x2="end:Q",
            y=alt.Y("count:Q", title="Exits (firms)", stack=True, axis=whole_axis(), scale=from_nothing()),
            color=_colour(names),
            tooltip=tips(("tier", "Tier", ""), ("cause", "Cause", ""), ("start", "From day", ",.0f"))
            + tips(("end", "To day", ",.0f"), ("count", "Firms", ",.0f")),
        )
        .properties(width=WIDTH, height=90)
    )
    return chart
