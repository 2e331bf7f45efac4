"""Charts of a study's effects: how far arms are from their controls, and where the sign of the difference holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.theme import COLOURS, MUTED, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_MEASURES = 20
MOST_ARMS = 40
HIGHER, LOWER, NOT_SIGNIFICANT = "higher than the control", "lower than the control", "not significant"

_EFFECTS = "Effects by arm"
_NOTHING = "There are no arms to compare, or no measure that both have."
_TERMS = "Parts of the change of mean capability"
_SIGNS = "Where the sign of an effect holds"
_SAYS = {HIGHER: COLOURS[0], LOWER: COLOURS[3], NOT_SIGNIFICANT: MUTED}
_SHAPES = {HIGHER: "triangle-right", LOWER: "triangle-left", NOT_SIGNIFICANT: "circle"}
_ROW_HEIGHT = 26
_LARGE = 10_000
_ABOUT = ("arm", "control", "measure", "unit")


def effect_rows(effects: pl.DataFrame) -> pl.DataFrame:
    """Return the differences that are drawn: arm, control, measure, unit, difference, low, high, pairs, decision.

    *effects* are those of `gpnde.study.compare.Comparison`. Without an interval, or with 0 in it, the effect is not
    significant.
    """
    import polars as pl

    decision = pl.when(pl.col("low") > 0).then(pl.lit(HIGHER)).when(pl.col("high") < 0).then(pl.lit(LOWER))
    columns = [*_ABOUT, "difference", "low", "high", "pairs"]
    return _shown(effects).select(columns).with_columns(decision=decision.otherwise(pl.lit(NOT_SIGNIFICANT)))


@chart("effects", "Paired effects of arms", group="study", place=1, needs=("effects",))
def policy_effects(effects: pl.DataFrame) -> Chart:
    """Show how arms differ from their controls, with intervals, measure by measure.

    A panel per measure with the paired difference of each arm from its control and its 95 % interval.

    >>> import polars as pl
    >>> row = {"arm": "subsidy", "control": "baseline", "measure": "tier_gap", "unit": "1", "pairs": 8}
    >>> chart = policy_effects(pl.DataFrame([row | {"difference": -0.02, "low": -0.03, "high": -0.01}]))
    >>> 'Effects by arm' in str(chart.to_dict()["title"])
    True
    """
    import altair as alt

    effects = _defined(effects)
    if effects.is_empty():
        return nothing(_EFFECTS, _NOTHING)
    rows = effect_rows(effects)
    panels = [_measure_panel(part) for _, part in rows.group_by("measure", maintain_order=True)]
    decided = rows.filter(rows["decision"] != NOT_SIGNIFICANT).height
    return styled(
        alt.vconcat(*panels, spacing=16),
        _EFFECTS,
        f"Points with intervals for {len(panels)} measures and {rows['arm'].n_unique()} arms: the difference from the "
        f"control. The sign of {decided} of {rows.height} differences is decided.",
        f"Mean paired difference from the control, with its 95 % interval{_left_out(effects)}",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words how many of the differences of `effect_rows` have a sign that their intervals leave no doubt of.

    >>> import polars as pl
    >>> about = {"arm": ["tax"], "measure": ["tier_gap"], "difference": [0.1]}
    >>> finding(pl.DataFrame(about | {"decision": [HIGHER]}))
    'tier_gap is higher than the control with tax, by 0.1'
    >>> finding(pl.DataFrame(about | {"decision": [NOT_SIGNIFICANT]}))
    'The difference cannot be told from chance'
    """
    decided = rows.filter(rows["decision"] != NOT_SIGNIFICANT)
    if decided.is_empty():
        return (
            "None of the differences can be told from chance"
            if rows.height > 1
            else "The difference cannot be told from chance"
        )
    if rows.height == 1:
        arm, measure, gap, decision = decided.select("arm", "measure", "difference", "decision").row(0)
        return f"{measure} is {decision} with {arm}, by {number(abs(gap))}"
    return f"{decided.height} of {rows.height} differences can be told from chance"


def _measure_panel(rows: pl.DataFrame) -> alt.LayerChart:
    return _panel(rows, "arm", f"Difference of {rows['measure'][0]} ({rows['unit'][0]})")


@chart("terms", "Change of mean capability", group="study", place=3, needs=("terms",))
def capability_terms(terms: pl.DataFrame) -> Chart:
    """Show the parts of the change of mean capability: within suppliers, between them, entry and exit.

    A panel per arm with the difference of each part of the change of mean capability from the control.

    *terms* are those of `gpnde.study.compare.Comparison`; all panels have the same axis.
    """
    import altair as alt
    import polars as pl

    terms = _defined(terms)
    if terms.is_empty():
        return nothing(_TERMS, "The runs have no knowledge, or there are no arms to compare.")
    rows = effect_rows(terms).with_columns(term=pl.col("measure").str.split(".").list.last())
    parts = rows.group_by("arm", maintain_order=True)
    panels = [_panel(part, "term", "Difference (1)").properties(title=_heading(part)) for _, part in parts]
    return styled(
        alt.vconcat(*panels, spacing=16).resolve_scale(x="shared"),
        _TERMS,
        f"Points with intervals for {len(panels)} arms: change within suppliers, shifts of shares, entry and exit, as "
        "differences from the control.",
        "Within: change within suppliers; between and cross: shifts of shares; entry and exit of firms",
        terms_finding(rows),
    )


def terms_finding(rows: pl.DataFrame) -> str:
    """Return in words which part of the change of mean capability differs most, among those told from chance."""
    decided = rows.filter(rows["decision"] != NOT_SIGNIFICANT)
    if decided.is_empty():
        return "No part of the change of mean capability can be told from chance"
    size = decided["difference"].abs().arg_max() or 0
    term, arm, gap = decided.select("term", "arm", "difference").row(size)
    return f"What differs most is the part '{term}' with {arm}: {gap:+.3g} of mean capability"


def _heading(rows: pl.DataFrame) -> alt.TitleParams:
    import altair as alt

    text = f"{rows['arm'][0]} less {rows['control'][0]}"
    return alt.TitleParams(text, fontSize=13, fontWeight="normal", offset=6)


def _panel(rows: pl.DataFrame, name: str, title: str) -> alt.LayerChart:
    """Return differences with their intervals, one below the other by the column *name*."""
    import altair as alt

    names = rows[name].unique(maintain_order=True).to_list()
    y = alt.Y(f"{name}:N", title=None, sort=names, axis=alt.Axis(labelLimit=180, domain=False, ticks=False))
    axis = alt.Axis(format=number_format(rows.select("difference", "low", "high")), tickCount=6)
    intervals = alt.Chart(rows).mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=_colour())
    points = (
        alt.Chart(rows)
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=alt.X("difference:Q", title=title, axis=axis, scale=alt.Scale(zero=True, padding=12)),
            y=y,
            color=_colour(),
            shape=alt.Shape("decision:N", scale=_scale(_SHAPES), legend=_legend()),
            tooltip=_tips(),
        )
    )
    layers = alt.LayerChart(layer=[_nought(), intervals, points])
    return layers.properties(width=WIDTH - 200, height=_ROW_HEIGHT * len(names))


def number_format(rows: pl.DataFrame) -> str:
    """Return how an axis writes its numbers: short for very large ones, which SI prefixes stand for.

    >>> import polars as pl
    >>> number_format(pl.DataFrame({"low": [0.1], "high": [2.0e6]})), number_format(pl.DataFrame({"low": [0.1]}))
    ('~s', '~g')
    """
    import polars.selectors as selectors

    numbers = rows.select(selectors.numeric().abs().max())
    return "~s" if max((value for value in numbers.row(0) if value is not None), default=0.0) >= _LARGE else "~g"


def _nought() -> alt.Chart:
    import altair as alt
    import polars as pl

    line: alt.Chart = alt.Chart(pl.DataFrame({"nought": [0.0]})).mark_rule(color=MUTED, strokeDash=[4, 3])
    return line.encode(x="nought:Q")


def _tips() -> list[alt.Tooltip]:
    import altair as alt

    numbers = {"difference": "Difference", "low": "Interval from", "high": "Interval to"}
    return [
        *(alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in _ABOUT),
        *(alt.Tooltip(f"{name}:Q", title=title, format=",.4~g") for name, title in numbers.items()),
        alt.Tooltip("pairs:Q", title="Pairs of runs", format=",.0f"),
    ]


def _scale(given: dict[str, str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(given), range=list(given.values()))


def _legend() -> alt.Legend:
    import altair as alt

    return alt.Legend(title=None, orient="top")


def _colour() -> alt.Color:
    import altair as alt

    return alt.Color("decision:N", scale=_scale(_SAYS), legend=_legend())


def sign_rows(effects: pl.DataFrame) -> pl.DataFrame:
    """Return at which shares of the points an effect has which sign: arm, control, measure, decision, share, points."""
    import polars as pl

    shares = {"higher": HIGHER, "not_significant": NOT_SIGNIFICANT, "lower": LOWER}
    known = _shown(effects).select("arm", "control", "measure", "points", *shares)
    long = known.unpivot(index=["arm", "control", "measure", "points"], variable_name="decision", value_name="share")
    return long.with_columns(pl.col("decision").replace(shares)).filter(pl.col("share") > 0)


@chart("signs", "Where effects hold", group="study", place=2, needs=("effects",))
def signs_over_space(effects: pl.DataFrame) -> Chart:
    """Show the shares of points at which an effect is significantly higher or lower.

    Bars of the shares of the points at which each difference is significantly higher, lower, or not significant.
    """
    effects = _defined(effects)
    if effects.is_empty():
        return nothing(_SIGNS, _NOTHING)
    rows, points = sign_rows(effects), int(str(effects["points"].max()))
    return styled(
        _bars(rows, effects["measure"].unique(maintain_order=True).to_list()),
        _SIGNS,
        f"Stacked bars of the share of {points} points at which the difference of an arm from its control is higher, "
        "lower or not significant, by measure.",
        f"Share of {points} points of the uncertainties at which the 95 % interval excludes 0{_left_out(effects)}",
        signs_finding(rows),
    )


def signs_finding(rows: pl.DataFrame) -> str:
    """Return in words how many of the effects of `sign_rows` have one sign at all points."""
    whole = rows.filter((rows["decision"] != NOT_SIGNIFICANT) & (rows["share"] == 1)).height
    among = rows.select("arm", "control", "measure").unique().height
    return f"{whole if whole else 'None'} of {among} effects {'has' if whole == 1 else 'have'} one sign at all points"


def _bars(rows: pl.DataFrame, measures: list[str]) -> alt.FacetChart:
    import altair as alt

    arms = rows["arm"].unique(maintain_order=True).to_list()
    # Vega would pile the shares in an order of its own.
    rank = " : ".join(f"datum.decision === '{name}' ? {place}" for place, name in enumerate((LOWER, NOT_SIGNIFICANT)))
    axis = alt.Axis(format=".0%", tickCount=5)
    bars = (
        alt.Chart(rows)
        .mark_bar(height=14)
        .transform_calculate(rank=f"{rank} : 2")
        .encode(
            x=alt.X("share:Q", title="Share of the points (1)", axis=axis, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("measure:N", title=None, sort=measures, axis=alt.Axis(labelLimit=220, domain=False, ticks=False)),
            color=_colour(),
            order=alt.Order("rank:Q"),
            tooltip=[
                *(alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("arm", "control", "measure")),
                alt.Tooltip("decision:N", title="Difference is"),
                alt.Tooltip("share:Q", title="Share of the points", format=".1%"),
                alt.Tooltip("points:Q", title="Points", format=",.0f"),
            ],
        )
        .properties(width=WIDTH - 260, height=alt.Step(20))
    )
    header = alt.Header(orient="top", labelAnchor="start")
    chart: alt.FacetChart = bars.facet(row=alt.Row("arm:N", title=None, sort=arms, header=header), spacing=14)
    return chart


def _shown(effects: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the first measures and arms as many as can be read."""
    import polars as pl

    kept = {"measure": MOST_MEASURES, "arm": MOST_ARMS}
    firsts = {name: effects[name].unique(maintain_order=True).head(most) for name, most in kept.items()}
    return effects.filter(pl.col(name).is_in(first.to_list()) for name, first in firsts.items())


def _defined(effects: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of measures that both arms have."""
    return effects.filter(effects["difference"].is_not_null())


def _left_out(effects: pl.DataFrame) -> str:
    more = effects["measure"].n_unique() - MOST_MEASURES
    return f"; {more} more measures are in the table" if more > 0 else ""
