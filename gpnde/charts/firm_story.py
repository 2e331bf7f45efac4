"""The story of a firm: what happened to it on one line of time, with its orders, score, knowledge and money below."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from gpnde.charts.capability import LABELS
from gpnde.charts.parts import horizon, last_day, money_axis, part_of, rule_at, table_of, tips
from gpnde.charts.theme import COLOURS, GRID, INK, MUTED, WIDTH, nothing, styled
from gpnde.charts.words import counted
from gpnde.errors import ResultsError, nearest
from gpnde.results.chart import chart
from gpnde.results.frames import outages_of
from gpnde.results.metric import firms_of
from gpnde.results.stories import Sentence, common_bar, date_words, start_of, story_of, told
from gpnde.vocabulary import LADDER, QUARTER_DAYS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

    Panel: TypeAlias = alt.Chart | alt.LayerChart
    Maker: TypeAlias = Callable[[alt.X], Panel]
    """What makes a panel on an axis of time."""

_TITLE = "The story of a firm"

MOST_TOLD = 12
"""Sentences that stand in the chart; the figures beneath it in the lab have all."""
MOST_MARKS = 600
MOST_PARTS = 130

_TRACKS = ("firm", "functions", "customers", "suppliers", "plants")
_TRACK = {
    "firm_entered": "firm", "firm_failed": "firm", "brand_opened": "firm", "brand_ended": "firm",
    "upgrade": "functions", "downgrade": "functions",
}  # fmt: skip
_TRACK_OF_SIDE = {"supplies": "customers", "buys": "suppliers", "inside": "plants"}
_TONES = {"good": COLOURS[2], "bad": COLOURS[3], "neutral": MUTED}
_SHAPES = {"good": "triangle-up", "bad": "triangle-down", "neutral": "circle"}
_SOURCES = {"formal channels": COLOURS[0], "informal channels": COLOURS[5], "own creation": COLOURS[1]}
_HEIGHT = 62
_LINE = 17
_ASIDE = 74
"""How far sentences begin to the left of the panels (px)."""


def track_of(sentence: Sentence) -> str:
    """Return the row of the timeline that a sentence stands in."""
    if sentence.kind.startswith("site_"):
        return "plants"
    return _TRACK.get(sentence.kind, _TRACK_OF_SIDE[sentence.side])


def mark_rows(sentences: Sequence[Sentence]) -> pl.DataFrame:
    """Return one row per sentence that is marked on the timeline: day, track, tone, text.

    Those without weight are not; of very many, those that matter most are. What is good or bad comes last, so that it
    is drawn over what is neither.
    """
    import polars as pl

    kept = sorted((one for one in sentences if one.weight), key=lambda one: (-one.weight, one.day))[:MOST_MARKS]
    kept.sort(key=lambda one: (one.tone != "neutral", one.day))
    rows = [(one.day, track_of(one), one.tone, one.text) for one in kept]
    return pl.DataFrame(rows, schema={"day": float, "track": str, "tone": str, "text": str}, orient="row")


def told_in_chart(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that stand in the chart in the order of time: those that matter most.

    Of equals for which there is no room those are taken that lie evenly over the run.
    """
    told: list[Sentence] = []
    for weight in range(max((one.weight for one in sentences), default=0), 0, -1):
        equals = [one for one in sentences if one.weight == weight]
        room = min(MOST_TOLD - len(told), len(equals))
        told += [equals[number * len(equals) // room] for number in range(room)]
    return sorted(told, key=lambda one: (one.day, one.table, one.row))


def sites_of_firm(run: Run, firm: str) -> list[str]:
    """Return the sites that a firm owns at any time of the run."""
    return [site["name"] for site in run.network["sites"] if site["firm"] == firm]


def order_rows(run: Run, firm: str) -> pl.DataFrame:
    """Return what was ordered from a firm and what it shipped by part of the time: what, day, rate (units per day)."""
    import polars as pl

    own = table_of(run, "sites").filter(pl.col("firm").cast(pl.String) == firm)
    sums = own.group_by("day").agg(pl.col("demanded").sum(), pl.col("shipped").sum()).sort("day")
    sums = sums.with_columns(days=pl.col("day").diff().fill_null(pl.col("day"))).filter(pl.col("day") > 0)
    parts = (
        sums.with_columns(part_of(sums["day"], MOST_PARTS))
        .group_by("part")
        .agg(pl.col("day").last(), pl.col("days").sum(), pl.col("demanded").sum(), pl.col("shipped").sum())
    )
    rates = {"ordered": pl.col("demanded") / pl.col("days"), "shipped": pl.col("shipped") / pl.col("days")}
    return (
        parts.select("day", **rates).unpivot(index="day", variable_name="what", value_name="rate").sort("what", "day")
    )


def knowledge_rows(run: Run, firm: str) -> pl.DataFrame:
    """Return what a firm learnt between two records by source: source, start, end (day), rate (1 per quarter)."""
    import polars as pl

    own = table_of(run, "learners").filter(pl.col("firm").cast(pl.String) == firm).sort("day")
    totals = {
        "formal channels": pl.col("transferred_formal_codified") + pl.col("transferred_formal_tacit"),
        "informal channels": pl.col("transferred_informal_codified") + pl.col("transferred_informal_tacit"),
        "own creation": pl.col("created_codified") + pl.col("created_tacit"),
    }
    long = own.select("day", **totals).unpivot(index="day", variable_name="source", value_name="total")
    steps = long.sort("source", "day").with_columns(
        start=pl.col("day").shift().over("source"), added=pl.col("total").diff().over("source")
    )
    per_quarter = pl.col("added") / (pl.col("day") - pl.col("start")) * QUARTER_DAYS
    return steps.drop_nulls("start").select("source", "start", end="day", rate=per_quarter)


def course_rows(run: Run, table: str, firm: str, column: str, fold: str = "sum") -> pl.DataFrame:
    """Return a *column* of a *table* for a firm over time, its rows of a day folded: day and value."""
    import polars as pl

    rows = table_of(run, table)
    if "firm" in rows.columns:
        own = rows.filter(pl.col("firm").cast(pl.String) == firm)
    else:
        own = rows.filter(pl.col("supplier").cast(pl.String).is_in(sites_of_firm(run, firm)))
    value = getattr(pl.col(column), fold)()
    found = own.group_by("day").agg(value=value).drop_nulls().sort("day")
    parts = found.with_columns(part_of(found["day"], MOST_PARTS)) if found.height else found
    return parts.group_by("part").agg(pl.col("day", "value").last()).drop("part").sort("day") if found.height else found


def default_firm(run: Run) -> str:
    """Return the firm that took in most, of equals the first by name; the first one where nothing was recorded."""
    import polars as pl

    firms = table_of(run, "firms")
    if firms.is_empty():
        return str(run.scenario["firms"][0]["name"])
    sums = firms.group_by(pl.col("firm").cast(pl.String)).agg(pl.col("revenue").sum())
    return str(sums.sort("revenue", "firm", descending=[True, False])["firm"][0])


def checked_firm(run: Run, firm: str | None) -> str:
    """Return the firm that is shown.

    Raises
    ------
    ResultsError
        No firm has that name.
    """
    names = firms_of(run.network)
    shown = default_firm(run) if firm is None else firm
    if shown not in names:
        raise ResultsError(where="firm", given=repr(shown), expected=f"no such firm{nearest(shown, names)}")
    return shown


@chart("firm-story", _TITLE, group="network", place=5, needs=("firms",), table=told)
def firm_story(run: Run, firm: str | None = None) -> Chart:
    """Show what happened to a firm, with its orders, score, knowledge, price, jobs and cash.

    Marks of events on a line of time with the weightiest ones as sentences, and below them the courses of orders,
    score against the threshold, knowledge by source, highest function, price, jobs and cash. Where no *firm* is named,
    it is the one that took in most.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 182}))
    >>> firm_story(run, firm="affiliate-2").to_dict()["title"]["text"]
    'The story of a firm'
    """
    import altair as alt

    if table_of(run, "firms").is_empty():
        return nothing(_TITLE, "No course of firms was recorded.")
    shown = checked_firm(run, firm)
    sentences = story_of(run, shown)
    makers = [_timeline(run, shown, sentences), *_courses(run, shown)]
    # The last panel names the dates for all of them.
    panels = [make(date_axis(run, names=make is makers[-1])) for make in makers]
    listed = [_sentences(told_in_chart(sentences))] if sentences else []
    whole = alt.vconcat(*panels, *listed, spacing=8).resolve_scale(color="independent", shape="independent")
    return styled(whole, _TITLE, _description(run, shown, sentences), _subtitle(run, shown, sentences))


def _subtitle(run: Run, firm: str, sentences: Sequence[Sentence]) -> str:
    given = firms_of(run.network)[firm]
    role, tier = str(given.get("role") or "supplier").replace("-", " "), int(given.get("tier", 1))
    counts = {
        "outage": sum(one.kind == "site_failed" for one in sentences),
        "customer won": sum(one.kind == "link_opened" and one.side == "supplies" for one in sentences),
        "customer lost": sum(
            one.kind in ("link_dropped", "link_ended") and one.side == "supplies" for one in sentences
        ),
        "function gained": sum(one.kind == "upgrade" for one in sentences),
        "function lost": sum(one.kind == "downgrade" for one in sentences),
    }
    found = ", ".join(_counted(count, name) for name, count in counts.items() if count)
    return f"{firm}, {role}, tier {tier}: {_counted(len(sentences), 'event')}{', among them ' if found else ''}{found}"


def _counted(count: int, name: str) -> str:
    """Return a number of things, of whose name the first word is counted.

    >>> _counted(2, "customer won"), _counted(1, "event")
    ('2 customers won', '1 event')
    """
    noun, _, rest = name.partition(" ")
    return f"{counted(count, noun)} {rest}".rstrip()


def _description(run: Run, firm: str, sentences: Sequence[Sentence]) -> str:
    said = " ".join(one.text for one in told_in_chart(sentences)) or "Nothing out of the ordinary happened."
    return f"Timeline of {firm} over {horizon(run):,.0f} days. {said}"


def date_axis(run: Run, names: bool) -> alt.X:
    """Return an axis of days that names the dates of the calendar, or nothing where another panel *names* them."""
    import altair as alt

    start = start_of(run)
    form = "%Y" if horizon(run) > 6 * 366 else "%b %Y"
    label = f"timeFormat(datetime({start.year}, {start.month - 1}, {start.day} + datum.value), '{form}')"
    values = _ticks(start, horizon(run))
    axis = alt.Axis(values=values, labelExpr=label, labels=names, ticks=names, grid=True, gridColor=GRID)
    title = f"Date (day 0: {date_words(start)})" if names else None
    scale = alt.Scale(domain=[0, horizon(run)], nice=False)
    return alt.X("day:Q", title=title, axis=axis, scale=scale)


def _ticks(start: datetime.date, days: float) -> list[int]:
    """Return the days on which years begin, or months of shorter runs."""
    last = start + datetime.timedelta(days=int(days))
    months = 12 if days > 6 * 366 else 6 if days > 3 * 366 else 3 if days > 366 else 1
    firsts = [
        datetime.date(year, month, 1)
        for year in range(start.year, last.year + 1)
        for month in range(1, 13, months)
        if start <= datetime.date(year, month, 1) <= last
    ]
    return [(one - start).days for one in firsts]


def _panel(chart: Panel, title: str, height: int = _HEIGHT) -> Panel:
    import altair as alt

    heading = alt.TitleParams(
        title, fontSize=12, fontWeight="normal", color=INK, offset=2, anchor="start", frame="group"
    )
    found: Panel = chart.properties(width=WIDTH - 100, height=height, title=heading)
    return found


def _timeline(run: Run, firm: str, sentences: Sequence[Sentence]) -> Maker:
    """Return the rows of marks, with a bar for each outage."""
    import altair as alt

    rows, outages = mark_rows(sentences), outage_rows(run, firm)
    tracks = [one for one in _TRACKS if one in set(rows["track"])] or ["firm"]
    tones = [one for one in _TONES if one in set(rows["tone"])] or ["neutral"]
    where = alt.Y("track:N", title=None, sort=tracks, scale=alt.Scale(domain=tracks), axis=alt.Axis(minExtent=74))
    colour = alt.Color("tone:N", legend=None, scale=alt.Scale(domain=tones, range=[_TONES[one] for one in tones]))
    shape = alt.Shape("tone:N", legend=None, scale=alt.Scale(domain=tones, range=[_SHAPES[one] for one in tones]))
    shown = tips(("text", "What", ""), ("day", "Day", ",.0f"))

    def make(x: alt.X) -> Panel:
        marks = (
            alt.Chart(rows).mark_point(filled=True, size=70, opacity=1).encode(x, where, colour, shape, tooltip=shown)
        )
        bars = (
            alt.Chart(outages)
            .mark_bar(color=COLOURS[3], fillOpacity=0.45, height=8)
            .encode(x, where, x2="end:Q", tooltip=tips(("site", "Out of order", ""), ("day", "From day", ",.0f")))
        )
        title = "What happened: ▲ good, ▼ bad for the firm, ● other; bars are outages"
        return _panel(alt.LayerChart(layer=[bars, marks]), title, 20 * len(tracks))

    return make


def outage_rows(run: Run, firm: str) -> pl.DataFrame:
    """Return the outages of a firm's sites: track, site, day, end."""
    import polars as pl

    sites = sites_of_firm(run, firm)
    rows = [("plants", sites[int(site)], first, last) for site, first, last in outages_of(run, sites, last_day(run))]
    return pl.DataFrame(
        rows[-MOST_MARKS:], schema={"track": str, "site": str, "day": float, "end": float}, orient="row"
    )


def _courses(run: Run, firm: str) -> Iterator[Maker]:
    """Yield the panels for which the run has rows about the firm."""
    orders, learnt = order_rows(run, firm), knowledge_rows(run, firm)
    if orders.height:
        yield _orders(orders)
    scores = score_rows(run, firm)
    if scores.height:
        yield _score(run, scores)
    if learnt.height:
        yield _learnt(learnt)
    levels = level_rows(run, firm)
    if levels.height:
        yield _levels(levels)
    for title, table, column, fold, money in _LINES:
        rows = course_rows(run, table, firm, column, fold)
        if rows.height > 1:
            yield _line(title, rows, money)


_LINES = (
    ("Mean price agreed with customers (money per unit)", "agreements", "price", "mean", False),
    ("Jobs (persons)", "plants", "employees", "sum", False),
    ("Cash (money)", "firms", "cash", "sum", True),
)


def score_rows(run: Run, firm: str) -> pl.DataFrame:
    """Return the mean of a firm's last scores on the days on which other firms buy from it: day and value.

    Before the first review, and while nobody buys, the table holds a score that nobody gave.
    """
    import polars as pl

    sites = sites_of_firm(run, firm)
    other = pl.col("supplier").cast(pl.String).is_in(sites) & ~pl.col("buyer").cast(pl.String).is_in(sites)
    served = table_of(run, "links").filter(other).select("opened_day", "closed_day").iter_rows()
    spans = [(opened or 0.0, math.inf if closed is None else closed) for opened, closed in served]
    rows = course_rows(run, "learners", firm, "score", "mean")
    days = [day for day in rows["day"] if day > 0 and any(first < day <= last for first, last in spans)]
    return rows.filter(pl.col("day").is_in(days)).select("day", "value")


def _orders(rows: pl.DataFrame) -> Maker:
    import altair as alt

    scale = alt.Scale(domain=["ordered", "shipped"], range=[COLOURS[1], COLOURS[0]])
    colour = alt.Color("what:N", title=None, scale=scale, legend=alt.Legend(orient="right"))
    y = alt.Y("rate:Q", title=None, axis=money_axis())
    shown = tips(("what", "Units", ""), ("day", "Until day", ",.0f"), ("rate", "Per day (units)", ",.4~g"))
    return lambda x: _panel(
        alt.Chart(rows).mark_line(strokeWidth=1.4).encode(x, y, colour, tooltip=shown),
        "Orders and shipments (units per day)",
    )


def _score(run: Run, rows: pl.DataFrame) -> Maker:
    """Return the scores of a firm and, dashed, the threshold where all buyers have the same."""
    import altair as alt

    bar = common_bar(run)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=3, minExtent=44))
    shown = tips(("day", "Day", ",.0f"), ("value", "Mean score (1)", ".3f"))
    title = "Mean of its last scores (1)" + (f"; dashed: threshold {bar.threshold:.2f}" if bar else "")

    def make(x: alt.X) -> Panel:
        line: alt.Chart = alt.Chart(rows).mark_line(color=COLOURS[0], strokeWidth=1.6, point={"size": 14})
        line = line.encode(x, y, tooltip=shown)
        return _panel(alt.LayerChart(layer=[line, rule_at(bar.threshold)]) if bar else line, title)

    return make


def _learnt(rows: pl.DataFrame) -> Maker:
    import altair as alt

    scale = alt.Scale(domain=list(_SOURCES), range=list(_SOURCES.values()))
    colour = alt.Color("source:N", title=None, scale=scale, sort=list(_SOURCES))
    y = alt.Y("low:Q", title=None, axis=alt.Axis(format="~g", tickCount=3, minExtent=44))
    shown = tips(("source", "Source", ""), ("day", "From day", ",.0f"), ("end", "To day", ",.0f"))
    shown += tips(("rate", "Per quarter (1)", ",.3~g"))
    bars = alt.Chart(piled_up(rows)).mark_bar(strokeWidth=0).encode(y, colour, y2="high:Q", x2="end:Q", tooltip=shown)
    title = "Knowledge gained per quarter by source (1)"
    return lambda x: _panel(bars.encode(x), title)


def piled_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `knowledge_rows` upon each other, formal channels lowest: with day, low and high."""
    import polars as pl

    place = pl.col("source").replace_strict(list(_SOURCES), range(len(_SOURCES)), return_dtype=pl.Int64)
    high = pl.col("rate").cum_sum().over("day")
    ranked = rows.rename({"start": "day"}).sort(place, "day")
    return ranked.with_columns(low=high - pl.col("rate"), high=high)


def level_rows(run: Run, firm: str) -> pl.DataFrame:
    """Return the highest rung that a firm performs over time: day, level, function; no rows while it is away."""
    import polars as pl

    history, schema = run.history, {"day": float, "level": int, "function": str}
    if history is None or firm not in history.firms:
        return pl.DataFrame(schema=schema)
    own = history.firms.index(firm)
    there = history.present[:, own] & (history.levels[:, own] >= 0)
    levels = history.levels[there, own].tolist()
    names = [LABELS[LADDER[level]] for level in levels]
    return pl.DataFrame({"day": history.days[there], "level": levels, "function": names}, schema=schema)


def _levels(rows: pl.DataFrame) -> Maker:
    import altair as alt

    names = " : ".join(f"datum.value === {level} ? '{LABELS[name]}'" for level, name in enumerate(LADDER)) + " : ''"
    # A rung above and one below, so that a line does not lie on the frame.
    low, high = int(rows["level"].min()), int(rows["level"].max())  # type: ignore[arg-type]
    ends = [max(low - 1, 0), min(high + 1, len(LADDER) - 1)]
    axis = alt.Axis(values=list(range(ends[0], ends[1] + 1)), labelExpr=names, minExtent=44, labelLimit=160)
    y = alt.Y("level:Q", title=None, scale=alt.Scale(domain=ends, nice=False), axis=axis)
    shown = tips(("day", "Day", ",.0f"), ("function", "Highest function", ""))
    line = alt.Chart(rows).mark_line(interpolate="step-after", color=COLOURS[2], strokeWidth=2)
    return lambda x: _panel(
        line.encode(x, y, tooltip=shown), "Highest function that it performs (rung)", 17 * (ends[1] - ends[0])
    )


def _line(title: str, rows: pl.DataFrame, money: bool) -> Maker:
    import altair as alt

    axis = money_axis() if money else alt.Axis(format="~s", tickCount=3, minExtent=44)
    below = float(rows["value"].min()) < 0  # type: ignore[arg-type]
    y = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(zero=True))
    shown = tips(("day", "Day", ",.0f"), ("value", title, ",.4~g"))

    def make(x: alt.X) -> Panel:
        line = alt.Chart(rows).mark_line(color=COLOURS[0], strokeWidth=1.6).encode(x, y, tooltip=shown)
        return _panel(alt.LayerChart(layer=[line, rule_at(0.0)]) if below else line, title)

    return make


def _sentences(shown: Sequence[Sentence]) -> Panel:
    """Return the sentences as lines of text below the panels."""
    import altair as alt
    import polars as pl

    rows = pl.DataFrame({"place": list(range(len(shown))), "text": [one.text for one in shown]})
    lines = alt.Chart(rows).mark_text(align="left", fontSize=12, color=INK, limit=WIDTH + _ASIDE)
    y = alt.Y("place:O", axis=None, sort=None)
    found: Panel = lines.encode(x=alt.value(-_ASIDE), y=y, text="text:N").properties(
        width=WIDTH - 100,
        height=_LINE * len(shown),
        title=alt.TitleParams("In words", fontSize=12, offset=2, anchor="start", frame="bounds"),
    )
    return found
