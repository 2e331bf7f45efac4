"""The chart of scorecards: how buyers judged the firms of each tier over time, and at which score they let them go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gpnde.charts.parts import day_axis, horizon, part_of, rule_at, table_of, tier_names, tips
from gpnde.charts.theme import BACKGROUND, WIDTH, colour_of, nothing, styled
from gpnde.charts.words import counted, course, sentence
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_PARTS = 120
MOST_DROPS = 1500

_TITLE = "Scorecards over time"
_LEFT = "link_dropped"
_REACH = 0.1


def score_rows(learners: pl.DataFrame) -> pl.DataFrame:
    """Return the scores of the firms of each tier over time: tier, day, low, middle, high, firms.

    Low, middle and high are the lowest tenth, the median and the highest tenth of the firms that are scored; at
    exactly 1, which means not scored, a firm is left out. Flagships have no buyers that score them.
    """
    import polars as pl

    scored = learners.filter((pl.col("present") == 1) & (pl.col("score") < 1) & (pl.col("tier") > 0))
    named = scored.with_columns(tier_names(scored["tier"]), part_of(scored["day"], MOST_PARTS))
    quantiles = {
        name: pl.col("score").quantile(level, "linear")
        for name, level in (("low", 0.1), ("middle", 0.5), ("high", 0.9))
    }
    rows = named.group_by("tier", "part").agg(pl.col("day").max(), **quantiles, firms=pl.col("firm").n_unique())
    return rows.drop("part").sort("tier", "day")


def drop_rows(events: pl.DataFrame, tiers: dict[str, int]) -> pl.DataFrame:
    """Return the last `MOST_DROPS` relations that buyers ended with a score: day, score, cause, firm, site, tier."""
    import polars as pl

    ended = events.filter((pl.col("kind") == _LEFT) & pl.col("value").is_between(0, 1)).tail(MOST_DROPS)
    tier = pl.col("firm").replace_strict(tiers, default=1, return_dtype=pl.Int64).alias("tier")
    rows = ended.select("day", "cause", "firm", "site", "buyer", tier, score="value")
    return rows.with_columns(tier_names(rows["tier"]))


@chart("scorecards", _TITLE, group="network", place=4, needs=("learners",))
def scorecards_over_time(run: Run) -> Chart:
    """Show how buyers score suppliers by tier, and the relations that ended.

    Lines of the median score by tier with the span of most firms, and a cross where a relation ended.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Scorecards over time' in str(scorecards_over_time(run).to_dict()["title"])
    True
    """
    import altair as alt

    rows = score_rows(table_of(run, "learners"))
    tiers = {firm["name"]: int(firm.get("tier", 1)) for firm in run.scenario["firms"]}
    drops = drop_rows(table_of(run, "events"), tiers)
    if rows.is_empty() and drops.is_empty():
        return nothing(_TITLE, "No scores were recorded: they are recorded with knowledge, and at drop-outs.")
    names = sorted({*rows["tier"], *drops["tier"]})
    threshold = _near_threshold(run, rows, drops)
    layers = [
        *([rule_at(threshold)] if threshold is not None else []),
        *_courses(rows, names, horizon(run), _lowest(rows, drops)),
    ]
    layers += [_crosses(drops, names, horizon(run), _lowest(rows, drops))] if drops.height else []
    strike = f"; below {threshold:g}, the dashed line, a supplier takes a strike" if threshold is not None else ""
    return styled(
        alt.LayerChart(layer=layers).properties(width=WIDTH, height=260),
        _TITLE,
        f"Lines over days of the median score of suppliers in {len(names)} tiers; {drops.height} relations ended.",
        f"Median and middle four fifths of the firms of a tier; a cross is a relation that ended{strike}",
        finding(rows, drops),
    )


def finding(rows: pl.DataFrame, drops: pl.DataFrame) -> str:
    """Return in words which tier scores lowest at the end, how it got there, and how many relations ended."""
    ended = f"{counted(drops.height, 'relation')} ended with a score"
    if rows.is_empty():
        return sentence(ended)
    courses = {tier: part.sort("day")["middle"] for (tier,), part in rows.group_by("tier", maintain_order=True)}
    lowest = min(courses, key=lambda tier: courses[tier][-1])
    ends = float(courses[lowest][0]), float(courses[lowest][-1])
    return f"{course(f'the median score of tier {lowest}, the lowest at the end,', *ends, _two)}; {ended}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _near_threshold(run: Run, rows: pl.DataFrame, drops: pl.DataFrame) -> float | None:
    """Return the score below which suppliers take strikes.

    None where buyers differ in it, where it follows the scores of others, or where it is so low that it would flatten
    all.
    """
    rules = run.scenario.get("selection", {})
    if rules.get("rule") == "relative" or any(firm.get("profile") for firm in run.scenario["firms"]):
        return None
    threshold = rules.get("threshold")
    lowest = min([*rows["low"].drop_nulls(), *drops["score"].drop_nulls()], default=1.0)
    return None if threshold is None or threshold < lowest - _REACH else float(threshold)


def _lowest(rows: pl.DataFrame, drops: pl.DataFrame) -> float:
    """Return where the axis of scores starts: at a half, or at a round figure below the lowest score."""
    scores: list[float] = [*rows["low"].drop_nulls(), *drops["score"].drop_nulls()]
    return math.floor(10 * min([0.5, *scores])) / 10


def _score_axis(field: str, lowest: float) -> alt.Y:
    import altair as alt

    return alt.Y(f"{field}:Q", title="Score (1)", scale=alt.Scale(domain=[lowest, 1.0], nice=False))


def _courses(rows: pl.DataFrame, names: list[str], end: float, lowest: float) -> list[alt.Chart]:
    import altair as alt

    if rows.is_empty():
        return []
    colour = alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names)
    base = alt.Chart(rows).encode(x=day_axis(end), color=colour)
    shown = tips(("tier", "Tier", ""), ("day", "Day", ",.0f"), ("firms", "Firms", ",.0f"))
    figures = tips(("low", "Lowest tenth", ".3f"), ("middle", "Median", ".3f"), ("high", "Highest tenth", ".3f"))
    return [
        base.mark_area(fillOpacity=0.12).encode(y=_score_axis("low", lowest), y2="high:Q"),
        base.mark_line(strokeWidth=2).encode(y=_score_axis("middle", lowest), tooltip=shown + figures),
    ]


def _crosses(drops: pl.DataFrame, names: list[str], end: float, lowest: float) -> alt.Chart:
    import altair as alt

    chart: alt.Chart = (
        alt.Chart(drops)
        .mark_point(shape="cross", size=70, filled=True, opacity=1, stroke=BACKGROUND, strokeWidth=0.5)
        .encode(
            x=day_axis(end),
            y=_score_axis("score", lowest),
            color=alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names),
            tooltip=tips(("firm", "Firm", ""), ("site", "Site", ""), ("buyer", "Buyer", ""), ("cause", "Cause", ""))
            + tips(("day", "Day", ",.0f"), ("score", "Last score", ".3f")),
        )
    )
    return chart
