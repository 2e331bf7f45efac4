"""The chart of policies: cost, revenue, firms reached and beneficiaries of each over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.parts import IN_WORDS, day_axis, horizon, money_axis, part_of, table_of, tips, whole_axis
from gpnde.charts.theme import WIDTH, colour_of, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_POLICIES = 16
MOST_PARTS = 150
_TITLE = "Policies over time"
_PANELS = {
    "cost": "Cost so far (money)",
    "revenue": "Revenue so far (money)",
    "reached": "Reached (firms)",
    "beneficiaries": "Benefited so far (firms)",
}


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

    Lines of the cost, the income, the reach and the beneficiaries of each policy over days.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> policies_over_time(run).to_dict()["description"]
    'Policies over time: The scenario has no policies.'
    """
    import altair as alt

    rows = policy_rows(table_of(run, "policies"))
    if rows.is_empty():
        return nothing(_TITLE, "The scenario has no policies.")
    shown = [name for name in _PANELS if rows[name].sum() > 0 or name == "cost"]
    panels = [_panel(rows, name, horizon(run), name == shown[-1]) for name in shown]
    costs = {str(name): part["cost"][-1] for (name,), part in rows.group_by("policy", maintain_order=True)}
    said = ", ".join(f"{name} {number(cost)}" for name, cost in costs.items())
    return styled(
        alt.vconcat(*panels, spacing=14),
        _TITLE,
        f"Lines over days for {rows['policy'].n_unique()} policies: cost, income, firms reached and benefited. "
        f"Cost at the end: {said}.",
        "Cost and income are fiscal totals since day 0; reached are the firms that the administration serves",
    )


def _panel(rows: pl.DataFrame, column: str, end: float, is_last: bool) -> alt.Chart:
    import altair as alt

    names = rows["policy"].unique().sort().to_list()
    title, in_money = _PANELS[column], column in ("cost", "revenue")
    axis = money_axis() if in_money else whole_axis()
    shown = tips(
        ("policy", "Policy", ""), ("day", "Day", ",.0f"), (column, title, ",.0f"), ("meant", "Target group", ",.0f")
    )
    legend = alt.Legend(title="Policy", labelExpr=IN_WORDS)
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=1.8, interpolate="linear" if in_money else "step-after")
        .encode(
            x=day_axis(end) if is_last else day_axis(end, None),
            y=alt.Y(f"{column}:Q", title=title, axis=axis),
            color=alt.Color("policy:N", legend=legend, scale=colour_of(names), sort=names),
            strokeDash=alt.StrokeDash("policy:N", legend=legend, sort=names),
            tooltip=shown + tips(("leakage", "Leakage (money)", ",.0f")),
        )
        .properties(width=WIDTH - 60, height=110)
    )
    return chart
