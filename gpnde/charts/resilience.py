"""Charts of a resilience report: what each outage loses, when service falls and is back, and the spread of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gpnde.charts.parts import money_axis, tips
from gpnde.charts.theme import COLOURS, INK, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_THINGS = 25
"""Outages that are drawn, the worst first."""

_LOSSES, _TIMES, _RISK = "Lost or late by outage", "Time to survive and to recover", "Losses over sampled disruptions"
_FATES = {"lost": COLOURS[3], "waiting": COLOURS[1], "late": COLOURS[5]}
_SAID = {"lost": "lost", "waiting": "still waiting at the end", "late": "sent late"}
_ROW = 20
_MARGIN = 1.25
"""How far an axis reaches beyond the largest mean."""
_LEFT = 240


def shown_things(things: pl.DataFrame) -> pl.DataFrame:
    """Return the things that are drawn, with a column *thing* that names kind and thing, the worst first."""
    import polars as pl

    return things.sort("rank").head(MOST_THINGS).with_columns(thing=pl.format("{} {}", "kind", "name"))


@chart("outage-losses", _LOSSES, group="study", place=8, needs=("things",))
def losses_by_outage(things: pl.DataFrame) -> Chart:
    """Show the revenue that each outage loses or delays, ranked.

    Bars of revenue lost, late and still waiting at the end, with the interval of their sum, the worst outage first.

    >>> import polars as pl
    >>> row = {"rank": 1, "kind": "site", "name": "Penang", "revenue": 5.0, "revenue_low": 4.0, "revenue_high": 6.0}
    >>> fates = {"revenue_lost": 5.0, "revenue_late": 0.0, "revenue_waiting": 0.0, "pairs": 5}
    >>> losses_by_outage(pl.DataFrame([row | fates])).to_dict()["title"]["text"]
    'Worst is site Penang out: 5 of revenue lost or late'
    """
    import altair as alt

    rows = shown_things(things)
    if rows.is_empty() or not (rows["revenue"].fill_null(0.0) != 0).any():
        return nothing(_LOSSES, "No outage loses or delays any revenue.")
    order = rows["thing"].to_list()
    beside = alt.Y("thing:N", title=None, sort=order, axis=alt.Axis(labelLimit=_LEFT, domain=False, ticks=False))
    bars = alt.Chart(_by_fate(rows)).mark_bar(height=12, clip=True).encode(
        x=alt.X("revenue:Q", title="Revenue (money)", axis=money_axis(), scale=_from_nothing(rows["revenue"])),
        y=beside,
        color=alt.Color("fate:N", title=None, legend=alt.Legend(orient="top"), scale=_scale()),
        order=alt.Order("place:Q"),
        tooltip=tips(("thing", "Out", ""), ("fate", "What became of it", ""), ("revenue", "Revenue (money)", ",.4~g")),
    )  # fmt: skip
    ends = (
        alt.Chart(rows)
        .mark_rule(color=INK, strokeWidth=1.5, clip=True)
        .encode(x="revenue_low:Q", x2="revenue_high:Q", y=beside)
    )
    return styled(
        alt.LayerChart(layer=[bars, ends]).properties(width=WIDTH - _LEFT, height=_ROW * rows.height),
        _LOSSES,
        f"Ranked bars of the revenue lost or late in {counted(rows.height, 'outage')}, by what became of it.",
        f"Mean of pairs of runs, with 95 % interval of the sum{_some(things, rows)}",
        losses_finding(rows),
    )


def _from_nothing(means: pl.Series) -> alt.Scale:
    """Return a scale from 0 to a little above the largest mean; the intervals of few runs may reach further."""
    import altair as alt

    values = [0.0, *means.drop_nulls()]
    return alt.Scale(domain=[_MARGIN * min(values), _MARGIN * max(values)], nice=False)


def _by_fate(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    columns = {f"revenue_{name}": said for name, said in _SAID.items()}
    long = rows.select("thing", *columns).unpivot(index="thing", variable_name="fate", value_name="revenue")
    places = {name: place for place, name in enumerate(columns)}
    placed = long.with_columns(place=pl.col("fate").replace_strict(places, return_dtype=pl.Int64))
    # A fate that an outage makes rarer would be drawn to the other side, over others.
    return placed.with_columns(pl.col("fate").replace(columns), pl.col("revenue").clip(lower_bound=0.0))


def _scale() -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=[_SAID[name] for name in _FATES], range=list(_FATES.values()))


def losses_finding(rows: pl.DataFrame) -> str:
    """Return in words which outage loses or delays most revenue; *rows* as `shown_things` gives them."""
    worst = rows.sort("revenue", descending=True, nulls_last=True).row(0, named=True)
    return f"Worst is {worst['thing']} out: {number(worst['revenue'])} of revenue lost or late"


def _some(things: pl.DataFrame, rows: pl.DataFrame) -> str:
    more = things.height - rows.height
    return f"; {counted(more, 'further outage')} in the table" if more else ""


@chart("time-to-recover", _TIMES, group="study", place=8.5, needs=("things",))
def time_to_recover(things: pl.DataFrame) -> Chart:
    """Show how long service holds in each outage, and when it is back.

    A bar from the day on which service falls to the day on which it is back, the outages in their ranking.

    >>> import polars as pl
    >>> row = {"rank": 1, "kind": "site", "name": "Penang", "survive_days": 5.0, "recover_days": 40.0}
    >>> more = {"recover_days_low": 35.0, "recover_days_high": 45.0, "pairs": 5, "survived": 0, "not_recovered": 0}
    >>> time_to_recover(pl.DataFrame([row | more])).to_dict()["title"]["text"]
    'With site Penang out, service is back last: after 40 days'
    """
    import altair as alt

    rows = shown_things(things)
    hit = rows.drop_nulls("survive_days")
    if hit.is_empty():
        return nothing(_TIMES, "Service holds through every outage.")
    beside = alt.Y(
        "thing:N", title=None, sort=rows["thing"].to_list(), axis=alt.Axis(labelLimit=_LEFT, domain=False, ticks=False)
    )
    shown = tips(("thing", "Out", ""), ("survive_days", "Time to survive (days)", ",.3~g"))
    shown += tips(("recover_days", "Time to recover (days)", ",.3~g"), ("survived", "Pairs never short", ",d"))
    shown += tips(("not_recovered", "Pairs not back at the end", ",d"), ("pairs", "Pairs", ",d"))
    axis = alt.Axis(format=",.0f", tickCount=8)
    base = alt.Chart(hit).encode(y=beside, tooltip=shown)
    layers: list[alt.Chart] = [
        base.mark_bar(height=10, color=COLOURS[5]).encode(
            x=alt.X(
                "survive_days:Q",
                title="Days since the outage began",
                axis=axis,
                scale=_from_nothing(rows["recover_days"]),
            ),
            x2="recover_days:Q",
        ),
        base.mark_rule(color=INK, strokeWidth=1.5, clip=True).encode(x="recover_days_low:Q", x2="recover_days_high:Q"),
        base.mark_point(shape="diamond", filled=True, size=55, color=COLOURS[3], opacity=1).encode(x="survive_days:Q"),
        _open_ends(hit).encode(y=beside, tooltip=shown),
    ]
    return styled(
        alt.LayerChart(layer=layers).properties(width=WIDTH - _LEFT, height=_ROW * hit.height),
        _TIMES,
        f"Bars over days since the outage began, of {counted(hit.height, 'outage')} in which service falls.",
        "Diamond: service falls; end of the bar: it is back, with 95 % interval; arrow: some runs end before",
        times_finding(hit),
    )


def _open_ends(rows: pl.DataFrame) -> alt.Chart:
    """Return arrows at the ends of bars of which some pair of runs was not back."""
    import altair as alt

    arrows = alt.Chart(rows.filter(rows["not_recovered"] > 0)).mark_point(
        shape="triangle-right", filled=True, size=60, color=COLOURS[0], opacity=1
    )
    chart: alt.Chart = arrows.encode(x="recover_days:Q")
    return chart


def times_finding(rows: pl.DataFrame) -> str:
    """Return in words in which outage service is back last; *rows* have a time to survive."""
    slow = rows.sort("recover_days", descending=True, nulls_last=True).row(0, named=True)
    more = " or more" if slow["not_recovered"] else ""
    return f"With {slow['thing']} out, service is back last: after {number(slow['recover_days'])} days{more}"


@chart("loss-distribution", _RISK, group="study", place=9, needs=("losses",))
def distribution_of_losses(losses: pl.DataFrame) -> Chart:
    """Show how often sampled disruptions lose or delay how much revenue.

    The share of pairs of runs in which revenue lost or late exceeds an amount, with value at risk marked.

    >>> import polars as pl
    >>> chart = distribution_of_losses(pl.DataFrame({"replication": [0, 1], "revenue": [1.0, 3.0]}))
    >>> chart.to_dict()["title"]["text"]
    'In 1 of 20 cases disruptions cost more than 3 of revenue, lost or late'
    """
    import altair as alt

    known = losses.drop_nulls("revenue")
    if known.is_empty() or not (known["revenue"] != 0).any():
        return nothing(_RISK, "No sampled disruption loses or delays any revenue.")
    rows, marks = exceedance_rows(known), risk_marks(known)
    across = alt.X("revenue:Q", title="Revenue lost or late (money)", axis=money_axis())
    up = alt.Y("share:Q", title="Share of pairs of runs", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1]))
    shown = tips(("revenue", "More than (money)", ",.4~g"), ("share", "Share of runs", ".1%"))
    line = alt.Chart(rows).mark_line(interpolate="step-after", color=COLOURS[0]).encode(x=across, y=up, tooltip=shown)
    base = alt.Chart(marks).encode(x="revenue:Q", tooltip=tips(("said", "", ""), ("revenue", "Revenue", ",.4~g")))
    rules = base.mark_rule(color=MUTED, strokeDash=[4, 3])
    names = base.mark_text(align="left", dx=4, fontSize=11, color=INK).encode(y="place:Q", text="said:N")
    return styled(
        alt.LayerChart(layer=[line, rules, names]).properties(width=WIDTH - 80, height=240),
        _RISK,
        f"Falling curve: the share of {counted(known.height, 'pair')} of runs that lose more than an amount.",
        f"{counted(known.height, 'pair')} of runs with and without disruptions, on the same random numbers",
        risk_finding(known),
    )


def exceedance_rows(losses: pl.DataFrame) -> pl.DataFrame:
    """Return the share of the losses above each of them: revenue, share; the first row is where the curve begins.

    >>> import polars as pl
    >>> exceedance_rows(pl.DataFrame({"revenue": [1.0, 3.0]})).rows()
    [(0.0, 1.0), (1.0, 0.5), (3.0, 0.0)]
    """
    import polars as pl

    ordered = losses["revenue"].sort()
    count = len(ordered)
    start = min(0.0, float(ordered[0]))
    revenue = [start, *ordered.to_list()]
    return pl.DataFrame({"revenue": revenue, "share": [1.0, *(1 - (place + 1) / count for place in range(count))]})


def risk_marks(losses: pl.DataFrame) -> pl.DataFrame:
    """Return where the mean loss and value at risk of 90, 95 and 99 % lie: revenue, said, place."""
    import polars as pl

    values: dict[str, Any] = {"mean": losses["revenue"].mean()}
    values |= {f"VaR {100 * level:g} %": _quantile(losses, level) for level in (0.9, 0.95, 0.99)}
    places = [0.96 - 0.09 * place for place in range(len(values))]
    return pl.DataFrame({"said": list(values), "revenue": list(values.values()), "place": places})


def _quantile(losses: pl.DataFrame, level: float) -> float:
    import numpy as np

    return float(np.quantile(losses["revenue"].to_numpy(), level, method="inverted_cdf"))


def risk_finding(losses: pl.DataFrame) -> str:
    """Return in words what is lost or late at most in 19 of 20 cases."""
    at_risk = _quantile(losses, 0.95)
    return f"In 1 of 20 cases disruptions cost more than {number(at_risk)} of revenue, lost or late"
