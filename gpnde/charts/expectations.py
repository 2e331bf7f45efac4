"""The chart of expectations: what firms expected to learn and to earn against what came."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from gpnde.charts.capability import NO_KNOWLEDGE
from gpnde.charts.parts import table_of, tier_names, tips
from gpnde.charts.theme import INK, MUTED, colour_of, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

    _Axis = TypeVar("_Axis", alt.X, alt.Y)

MOST_POINTS = 2400
"""Above this number of reviews some of them are drawn, evenly over the run; figures count all of them."""

_TITLE = "Expected and realised gains of firms"
_SIDE = 270
_ROOM = 0.05
"""Share of an axis that stays free at each end."""
_LEAST_GAIN = 0.001
_FEW = 2


def outcome_rows(expectations: pl.DataFrame) -> pl.DataFrame:
    """Return what each firm expected at a review and what had come by the next one.

    Columns are day (of the latter), firm, tier, expected_gain and gain of mean capability (1), expected_income and
    income (money/day). A firm that was not there at the review before has no row.
    """
    import polars as pl

    rows = expectations.sort("firm", "day").with_columns(review=pl.col("day").rank("dense"))
    follows = pl.col("review") - pl.col("review").shift(1).over("firm") == 1
    paired = rows.filter(follows)
    figures = ("expected_gain", "gain", "expected_income", "income")
    return paired.select("day", "firm", "tier", *figures).drop_nulls().sort("day", "tier", "firm")


def tier_rows(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return the means over all firms and reviews of each tier, with how many there were: tier, reviews."""
    import polars as pl

    figures = pl.col("expected_gain", "gain", "expected_income", "income").mean()
    named = outcomes.with_columns(tier_names(outcomes["tier"]))
    return named.group_by("tier").agg(pl.len().alias("reviews"), figures).sort("tier")


def finding(tiers: pl.DataFrame) -> str:
    """Return in words how much of the gain in capability that the firms of each tier expected has come.

    >>> import polars as pl
    >>> finding(pl.DataFrame({"tier": ["0", "1", "2"], "expected_gain": [-0.1, 0.5, 0.2], "gain": [0.1, 0.3, 0.25]}))
    'Firms of tier 1 gained 0.6 times what they expected, tier 2 1.25; tier 0 expected to lose'
    """
    gained = [(tier, number(came / expected)) for tier, expected, came in _gains(tiers) if expected > 0]
    losers = [tier for tier, expected, _ in _gains(tiers) if expected <= 0]
    parts = [f"tier {tier} gained {share} times what they expected" for tier, share in gained[:1]]
    parts += [f"tier {tier} {share}" for tier, share in gained[1:]]
    lost = [f"tier {', '.join(losers)} expected to lose"] if losers else []
    return "Firms of " + "; ".join([", ".join(parts), *lost] if parts else lost)


def _gains(tiers: pl.DataFrame) -> list[tuple[str, float, float]]:
    return list(tiers.select("tier", "expected_gain", "gain").iter_rows())


def drawn_rows(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are drawn, `MOST_POINTS` at most, with the name of the tier."""
    named = outcomes.with_columns(tier_names(outcomes["tier"]))
    if named.height <= MOST_POINTS:
        return named
    return named[np.linspace(0, named.height - 1, MOST_POINTS).astype(np.int64)]


@chart("expectations", _TITLE, group="learning", place=7, needs=("expectations",))
def expected_and_realised(run: Run) -> Chart:
    """Show what firms expected to learn and to earn, and what came.

    A point per firm and review, in the colour of its tier, with the line on which all comes as expected.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 182}))
    >>> 'Expected and realised gains of firms' in str(expected_and_realised(run).to_dict()["title"])
    True
    """
    import altair as alt

    if run.history is None:
        return nothing(_TITLE, NO_KNOWLEDGE)
    outcomes = outcome_rows(table_of(run, "expectations"))
    if outcomes.is_empty():
        return nothing(_TITLE, "No firm that chooses its effort has come to its second review.")
    tiers, points = tier_rows(outcomes), drawn_rows(outcomes)
    panels = [_of_gains(points, tiers), _of_incomes(points, tiers)]
    return styled(
        alt.hconcat(*panels, spacing=30),
        _TITLE,
        f"Two panels of points by tier, expected across and realised up: rise of capability from review to review, and "
        f"income by quarter. {finding(tiers)}. Income over what was expected: {_incomes(tiers)}.",
        "By firm and review; diamonds are means of tiers; on the dashed line all came as expected",
        finding(tiers),
    )


def _incomes(tiers: pl.DataFrame) -> str:
    rows = tiers.select("tier", "expected_income", "income").iter_rows()
    return ", ".join(f"tier {tier} {number(came / expected) if expected > 0 else '-'}" for tier, expected, came in rows)


class _Axes(NamedTuple):
    """What both axes of a panel have in common, so that the line of equality is a diagonal."""

    least: float
    most: float
    is_log: bool

    def of(self, channel: type[_Axis], field: str, title: str) -> _Axis:
        """Return the axis of a *field*."""
        import altair as alt

        scale = alt.Scale(type="log" if self.is_log else "linear", domain=[self.least, self.most], nice=False)
        ticks = {"values": round_figures(self.least, self.most)} if self.is_log else {"tickCount": 5}
        axis = alt.Axis(format="~s" if self.is_log else "~r", **ticks)
        return channel(f"{field}:Q", title=title, scale=scale, axis=axis)


def _of_gains(points: pl.DataFrame, tiers: pl.DataFrame) -> alt.LayerChart:
    least, most = _ends(points["expected_gain"], points["gain"])
    least, most = min(least, 0.0), max(most, 0.0)
    # Without any gain both ends of the axis would be the same.
    room = max(_ROOM * (most - least), _LEAST_GAIN)
    return _panel(points, tiers, "gain", "gain in capability (1)", _Axes(least - room, most + room, is_log=False))


def _of_incomes(points: pl.DataFrame, tiers: pl.DataFrame) -> alt.LayerChart:
    """Return the panel of incomes above 0, on logarithmic axes: a tier earns a hundred times what another does."""
    import polars as pl

    earned = (pl.col("expected_income") > 0) & (pl.col("income") > 0)
    shown, means = points.filter(earned), tiers.filter(earned)
    least, most = _ends(shown["expected_income"], shown["income"])
    # On a logarithmic axis room is a factor, and a single figure needs some, too.
    wider = max((most / least) ** _ROOM, 1.1)
    return _panel(shown, means, "income", "income (money/day)", _Axes(least / wider, most * wider, is_log=True))


def _ends(*figures: pl.Series) -> tuple[float, float]:
    """Return the least and the largest of all figures, 1 where there are none."""
    found = np.concatenate([each.to_numpy() for each in figures])
    return (float(found.min()), float(found.max())) if len(found) else (1.0, 1.0)


def round_figures(least: float, most: float) -> list[float]:
    """Return the powers of ten between two figures, and where these are few, their doubles and fivefolds.

    >>> round_figures(20.0, 20_000.0), round_figures(20.0, 150.0)
    ([100.0, 1000.0, 10000.0], [20.0, 50.0, 100.0])
    """
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    tens = [10.0**power for power in powers if least <= 10.0**power <= most]
    if len(tens) > _FEW:
        return tens
    return [part * 10.0**power for power in powers for part in (1, 2, 5) if least <= part * 10.0**power <= most]


def _panel(points: pl.DataFrame, tiers: pl.DataFrame, figure: str, title: str, axes: _Axes) -> alt.LayerChart:
    """Return a *figure* as expected and as it came: points, means by tier, and the line on which both are equal."""
    import altair as alt

    x = axes.of(alt.X, f"expected_{figure}", f"Expected {title}")
    y = axes.of(alt.Y, figure, title.capitalize())
    names = tiers["tier"].to_list()
    colour = alt.Color("tier:N", title="Tier", scale=colour_of(names), sort=names)
    who = tips(("firm", "Firm", ""), ("tier", "Tier", ""), ("day", "Day", ",.0f"))
    which = tips(("tier", "Mean of tier", ""), ("reviews", "Reviews", ",.0f"))
    dots = alt.Chart(points).mark_circle(size=22, opacity=0.45)
    means = alt.Chart(tiers).mark_point(shape="diamond", size=130, filled=True, opacity=1, stroke=INK, strokeWidth=1.2)
    layers = [
        _equality(axes),
        dots.encode(x=x, y=y, color=colour, tooltip=who + _figures()),
        means.encode(x=x, y=y, color=colour, tooltip=which + _figures()),
    ]
    return alt.LayerChart(layer=layers).properties(width=_SIDE, height=_SIDE)


def _figures() -> list[alt.Tooltip]:
    gains = tips(("expected_gain", "Expected gain (1)", ".3f"), ("gain", "Gain (1)", ".3f"))
    form = ",.4~g"
    return gains + tips(
        ("expected_income", "Expected income (money/day)", form), ("income", "Income (money/day)", form)
    )


def _equality(axes: _Axes) -> alt.Chart:
    import altair as alt
    import polars as pl

    corners = alt.Chart(pl.DataFrame({"level": [axes.least, axes.most]}))
    line = corners.mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1)
    chart: alt.Chart = line.encode(x=alt.X("level:Q"), y=alt.Y("level:Q"))
    return chart
