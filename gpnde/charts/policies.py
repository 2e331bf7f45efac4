"""The chart of policies: a small panel each of cost, revenue, firms reached and beneficiaries over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from gpnde.charts.parts import (
    IN_WORDS,
    day_axis,
    from_nothing,
    horizon,
    money_axis,
    part_of,
    table_of,
    tips,
    whole_axis,
)
from gpnde.charts.theme import WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_POLICIES = 16
MOST_PARTS = 50
_TITLE = "Policies over time"
ACROSS = 3
"""Panels side by side."""

_MONEY = {"cost": "cost", "revenue": "revenue", "leakage": "leakage"}
_FIRMS = {"meant": "meant to be reached", "reached": "reached", "beneficiaries": "benefited so far"}


def policy_rows(policies: pl.DataFrame) -> pl.DataFrame:
    """Return the account of each policy at the end of each part of the time; of many policies the most costly ones.

    Columns are those of the table of policies.
    """
    import polars as pl

    costs = policies.group_by("policy").agg((pl.col("cost") + pl.col("revenue")).max().alias("sum"))
    shown = costs.sort(["sum", "policy"], descending=[True, False]).head(MOST_POLICIES)["policy"].to_list()
    rows = policies.filter(pl.col("policy").is_in(shown)).sort("policy", "day")
    parts = rows.with_columns(part_of(rows["day"], MOST_PARTS)).group_by("policy", "part", maintain_order=True)
    return parts.agg(pl.all().last()).drop("part")


@chart("policies", _TITLE, group="policy", place=1, needs=("policies",))
def policies_over_time(run: Run) -> Chart:
    """Show cost, revenue and beneficiaries of each policy.

    A small panel per policy, all on one scale: lines of its cost, income, reach and beneficiaries over days.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> policies_over_time(run).to_dict()["description"]
    'Policies over time: The scenario has no policies.'
    """
    import altair as alt

    rows = policy_rows(table_of(run, "policies"))
    if rows.is_empty():
        return nothing(_TITLE, "The scenario has no policies.")
    end = horizon(run)
    panels = [_panels(part, title, end) for part, title in _measured(rows)]
    costs = {str(name): part["cost"][-1] for (name,), part in rows.group_by("policy", maintain_order=True)}
    said = ", ".join(f"{name} {number(cost)}" for name, cost in costs.items())
    return styled(
        alt.vconcat(*panels, spacing=18).resolve_scale(color="independent"),
        _TITLE,
        f"Small panels of lines over days, one for each of {rows['policy'].n_unique()} policies: cost, income, firms "
        f"reached and benefited. Cost at the end: {said}.",
        "One panel per policy, all on one scale; money since day 0; the administration serves the firms reached",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which policy cost most, and how many of the firms that it is meant for it reached."""
    last = rows.group_by("policy", maintain_order=True).last().sort("cost", "policy", descending=[True, False])
    name, cost, reached, meant = last.select("policy", "cost", "reached", "meant").row(0)
    dear = f"{name} cost {number(cost)}" if last.height == 1 else f"{name} cost most, {number(cost)}"
    return f"{dear}; it reaches {reached:,.0f} of the {counted(meant, 'firm')} that it is meant for"


def long_rows(rows: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Return those columns *names* of the account of policies that are above 0 anywhere: policy, day, what, amount."""
    import polars as pl

    kept = [name for name in names if rows[name].sum() > 0]
    long = rows.select("policy", "day", *(pl.col(name).cast(pl.Float64) for name in kept))
    long = long.unpivot(index=["policy", "day"], variable_name="what", value_name="amount")
    return long.with_columns(pl.col("what").replace(names))


def _measured(rows: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, str]]:
    """Yield what there is to draw: amounts of money and numbers of firms, each with its title."""
    for names, title in ((_MONEY, "Since day 0 (money)"), (_FIRMS, "Firms (number)")):
        long = long_rows(rows, names)
        if long.height:
            yield long, title


def _panels(rows: pl.DataFrame, title: str, end: float) -> alt.FacetChart:
    """Return a panel per policy; all of them have the same axes."""
    import altair as alt

    kinds = rows["what"].unique(maintain_order=True).to_list()
    policies = rows["policy"].unique().sort().to_list()
    in_money = title.endswith("(money)")
    across = min(len(policies), ACROSS)
    lines = (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.8, interpolate="linear" if in_money else "step-after")
        .encode(
            x=day_axis(end),
            y=alt.Y("amount:Q", title=title, axis=money_axis() if in_money else whole_axis(), scale=from_nothing()),
            color=alt.Color("what:N", title=None, scale=colour_of(kinds), sort=kinds),
            strokeDash=alt.StrokeDash("what:N", title=None, sort=kinds),
            tooltip=tips(("policy", "Policy", ""), ("what", "Figure", ""), ("day", "Day", ",.0f"))
            + tips(("amount", title, ",.4~g")),
        )
        .properties(width=(WIDTH - 60 - 40 * (across - 1)) // across, height=100)
    )
    header = alt.Header(labelExpr=IN_WORDS, labelAnchor="start", labelLimit=WIDTH // across, labelPadding=3)
    chart: alt.FacetChart = lines.facet(
        facet=alt.Facet("policy:N", title=None, sort=policies, header=header), columns=across, spacing=14
    )
    return chart
