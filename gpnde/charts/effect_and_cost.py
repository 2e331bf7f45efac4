"""Effect and cost of policies: what each arm of a study achieves against what it costs, measure by measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.effects import NOT_SIGNIFICANT
from gpnde.charts.parts import money_axis, tips
from gpnde.charts.theme import COLOURS, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_MEASURES = 9
ACROSS = 3
BETTER, WORSE, OTHER = "better", "worse", "other direction"

_TITLE = "Effect and cost of policies"
_COLOURS = {BETTER: COLOURS[0], WORSE: COLOURS[3], OTHER: COLOURS[4], NOT_SIGNIFICANT: MUTED}


def worth_rows(worth: pl.DataFrame) -> pl.DataFrame:
    """Return the points that are drawn: arm, measure, unit, net_cost (money), difference, low, high, says.

    *worth* has a row per arm and measure with the verdict on its effect; says is better, worse, the other direction
    where a measure knows no better, or not significant.
    """
    import polars as pl

    kept = worth["measure"].unique(maintain_order=True).head(MOST_MEASURES).to_list()
    known = pl.col("difference").is_not_null() & pl.col("net_cost").is_not_null()
    undecided = (pl.col("low") <= 0) & (pl.col("high") >= 0) | pl.col("low").is_null()
    says = pl.when(undecided).then(pl.lit(NOT_SIGNIFICANT)).when(pl.col("verdict").is_in([BETTER, WORSE]))
    rows = worth.filter(pl.col("measure").is_in(kept) & known)
    return rows.select(
        "arm", "measure", "unit", "net_cost", "difference", "low", "high",
        says=says.then(pl.col("verdict")).otherwise(pl.lit(OTHER)),
    )  # fmt: skip


@chart("effect-and-cost", _TITLE, group="study", place=1.5, needs=("worth",))
def effect_and_cost(worth: pl.DataFrame) -> Chart:
    """Show what the policies of each arm achieve against what they cost.

    Small panels of measures: the difference of each arm from its control, with its interval, over its net cost.

    >>> import polars as pl
    >>> row = {"arm": "tax", "measure": "tier_gap", "unit": "1", "net_cost": 1e6, "difference": -0.1, "low": -0.2}
    >>> found = effect_and_cost(pl.DataFrame([row | {"high": -0.05, "verdict": "better"}]))
    >>> 'Effect and cost of policies' in str(found.to_dict()["title"])
    True
    """
    import altair as alt

    rows = worth_rows(worth)
    if rows.is_empty():
        return nothing(_TITLE, "No arm has policies with a cost.")
    parts = rows.partition_by("measure", maintain_order=True)
    panels = [_panel(part, min(len(parts), ACROSS)) for part in parts]
    lines = [alt.hconcat(*panels[start : start + ACROSS], spacing=24) for start in range(0, len(panels), ACROSS)]
    return styled(
        alt.vconcat(*lines, spacing=18),
        _TITLE,
        f"Panels of {counted(len(parts), 'measure')}: the effect of {counted(rows['arm'].n_unique(), 'arm')} against "
        "net cost.",
        "Mean paired difference from the control with its 95 % interval, over net cost (money)",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words which arms improve the first measure, the cheapest of them by name; by `worth_rows`.

    >>> import polars as pl
    >>> rows = {"arm": ["tax", "aid"], "measure": ["y", "y"], "says": ["better", "better"], "net_cost": [9.0, 2.0]}
    >>> finding(pl.DataFrame(rows))
    '2 of 2 arms improve y; the cheapest of them is aid, at a net cost of 2'
    """
    first = rows.filter(rows["measure"] == rows["measure"][0])
    good = first.filter(first["says"] == BETTER).sort("net_cost", "arm")
    if good.is_empty():
        return f"None of {counted(first.height, 'arm')} improves {first['measure'][0]} beyond chance"
    said = f"{good.height} of {counted(first.height, 'arm')} improve {first['measure'][0]}"
    return f"{said}; the cheapest of them is {good['arm'][0]}, at a net cost of {number(good['net_cost'][0])}"


def _panel(rows: pl.DataFrame, across: int) -> alt.LayerChart:
    import altair as alt

    # An Altair title of many letters would be cut where panels are small.
    heading = alt.TitleParams(rows["measure"][0], fontSize=12, fontWeight="normal", limit=WIDTH // across)
    colours = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    up = alt.Y("difference:Q", title=f"Difference ({rows['unit'][0]})", axis=alt.Axis(format="~g", tickCount=4))
    base = alt.Chart(rows).encode(
        x=alt.X("net_cost:Q", title="Net cost (money)", axis=money_axis(), scale=alt.Scale(zero=True, padding=10)),
        color=alt.Color("says:N", title="Effect", scale=colours),
        tooltip=tips(("arm", "Arm", ""), ("measure", "Measure", ""), ("net_cost", "Net cost (money)", ",.4~g"))
        + tips(
            ("difference", "Difference", ",.4~g"), ("low", "Interval from", ",.4~g"), ("high", "Interval to", ",.4~g")
        ),
    )
    layers = [
        base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_circle(size=60, opacity=1).encode(y=up.scale(zero=True, padding=10)),
        base.mark_text(align="left", dx=6, fontSize=10, limit=110).encode(y=up, text="arm:N"),
    ]
    width = (WIDTH - 60) // across - 60
    return alt.LayerChart(layer=layers).properties(width=width, height=170, title=heading)
