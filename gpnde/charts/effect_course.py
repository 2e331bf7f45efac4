"""The chart of an effect over time: a measure with and without a change, and how far the two are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gpnde.charts.parts import day_axis, tips
from gpnde.charts.theme import COLOURS, INK, MUTED, WIDTH, styled
from gpnde.results.courses import Course, Measure
from gpnde.results.history import Floats

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

CONTROL, TREATED = "baseline", "with your changes"
"""Names of the two courses."""

MOST_DAYS = 400
MOST_EVENTS = 300
_COLOURS = {CONTROL: MUTED, TREATED: COLOURS[0]}
_SHOCK = "disruption."
_ENDS = ("site_recovered",)
"""Events of shocks that tell of their end."""


class Differences(NamedTuple):
    """A difference over time, its mean over pairs of runs with its interval; each of shape (times,)."""

    days: Floats
    mean: Floats
    low: Floats
    high: Floats


def course_rows(courses: Mapping[str, Course]) -> pl.DataFrame:
    """Return courses by the name of their run in one table: day, run, value.

    >>> course_rows({CONTROL: Course(np.array([0.0, 7.0]), np.array([0.5, 0.6]))})["value"].to_list()
    [0.5, 0.6]
    """
    import polars as pl

    parts = [
        {"day": course.days[kept], "run": [name] * len(kept), "value": course.values[kept]}
        for name, course in courses.items()
        for kept in [_thinned(len(course.days))]
    ]
    schema = {"day": pl.Float64, "run": pl.String, "value": pl.Float64}
    tables = [pl.DataFrame(part, schema=schema) for part in parts]
    return pl.concat(tables) if tables else pl.DataFrame(schema=schema)


def difference_rows(found: Differences | None) -> pl.DataFrame:
    """Return the mean difference by day with its interval: day, mean, low, high; no rows where there is none."""
    import polars as pl

    names = Differences._fields
    kept = _thinned(0 if found is None else len(found.days))
    columns = {"day" if name == "days" else name: _at(found, name, kept) for name in names}
    table = pl.DataFrame(columns, schema={name: pl.Float64 for name in columns})
    return table.with_columns(pl.col("low", "high").fill_nan(None))


def event_rows(run: Run) -> pl.DataFrame:
    """Return when policies began and ended and shocks struck: day, what (policy or shock), label.

    Days on which the same shock strikes more than once have one row.
    """
    return event_table([*_policy_events(run), *_shock_events(run)])


def event_table(events: Sequence[tuple[float, str, str]]) -> pl.DataFrame:
    """Return events as the table that is drawn: day, what, label.

    >>> event_table([(7.0, "shock", "Price war")]).rows()
    [(7.0, 'shock', 'Price war')]
    """
    import polars as pl

    schema = {"day": pl.Float64, "what": pl.String, "label": pl.String}
    return pl.DataFrame(events, schema=schema, orient="row").head(MOST_EVENTS)


def effect_over_time(
    measure: Measure, courses: Mapping[str, Course], differences: Differences | None, events: pl.DataFrame, days: float
) -> Chart:
    """Show a measure with and without a change, and the difference that pairs of runs came to.

    Parameters
    ----------
    measure
        What is shown.
    courses
        The courses of one pair of runs, by `CONTROL` and `TREATED`.
    differences
        The mean difference over pairs of runs and its 95 % interval; None where no pair is known.
    events
        What `event_rows` returns.
    days
        Horizon (day).

    >>> from gpnde.results.courses import MEASURES
    >>> course = Course(np.array([0.0, 7.0]), np.array([0.5, 0.6]))
    >>> courses = {CONTROL: course, TREATED: course}
    >>> chart = effect_over_time(MEASURES["tier_gap"], courses, None, event_table([]), 7.0)
    >>> chart.to_dict()["title"]["text"]
    'Capability gap between tiers: no difference at the end of this pair of runs'
    """
    import altair as alt

    rows, apart = course_rows(courses), difference_rows(differences)
    upper = alt.LayerChart(layer=[*_marks(events), _lines(rows, measure, days)])
    lower = alt.LayerChart(layer=[*_levels(measure), *_band(apart, days)])
    panels = [upper.properties(width=WIDTH - 60, height=170), lower.properties(width=WIDTH - 60, height=100)]
    title = _title(measure, courses)
    return styled(
        alt.vconcat(*panels, spacing=10),
        title,
        f"{title}. Above: lines over days of the {CONTROL} and the run {TREATED}, with marks where policies begin and "
        "shocks strike. Below: their difference, mean over pairs of runs, with its 95 % interval.",
        "Above: one pair of runs; orange: shocks. Below: all pairs, 95 % interval; dotted: what would matter",
    )


def _title(measure: Measure, courses: Mapping[str, Course]) -> str:
    ends = [courses[name].values[-1] for name in (CONTROL, TREATED) if name in courses]
    apart = float(ends[1] - ends[0]) if len(ends) == 2 else 0.0
    if not round(apart, 3):
        return f"{measure.label}: no difference at the end of this pair of runs"
    return f"{measure.label}: {'higher' if apart > 0 else 'lower'} by {abs(apart):.3f} at the end of this pair of runs"


def _thinned(count: int) -> list[int]:
    """Return places that are spread evenly over so many, the last one among them."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(count, MOST_DAYS))}) if count else []


def _at(found: Differences | None, name: str, kept: Sequence[int]) -> list[float]:
    return [] if found is None else getattr(found, name)[list(kept)].tolist()


def _policy_events(run: Run) -> list[tuple[float, str, str]]:
    table = run.tables.get("policies")
    if table is None or table.is_empty():
        return []
    found: list[tuple[float, str, str]] = []
    for (name,), part in table.sort("day").group_by("policy", maintain_order=True):
        # A row tells of the time that it ends, so a change shows from the row before on.
        days = [0.0, *part["day"].to_list()]
        states = [0.0, *part["is_on"].to_list()]
        turns = [
            (days[max(place - 1, 0)], now) for place, now in enumerate(states) if place and now != states[place - 1]
        ]
        found += [(day, "policy", f"{in_words(str(name))} {'begins' if now else 'ends'}") for day, now in turns]
    return found


def _shock_events(run: Run) -> list[tuple[float, str, str]]:
    import polars as pl

    table = run.tables.get("events")
    if table is None or table.is_empty():
        return []
    shocks = table.filter(pl.col("component").str.starts_with(_SHOCK) & ~pl.col("kind").is_in(_ENDS))
    rows = shocks.group_by("day", "component").agg(pl.len()).sort("day", "component").iter_rows()
    return [(day, "shock", f"{in_words(name)}{f' ({count})' if count > 1 else ''}") for day, name, count in rows]


def in_words(component: str) -> str:
    """Return the name of a component as it is read, without its family.

    >>> in_words("policy.supplier-development"), in_words("policy.fdi-attraction#2")
    ('Supplier development', 'FDI attraction 2')
    """
    name = component.partition(".")[2].replace("-", " ").replace("#", " ")
    words = name[:1].upper() + name[1:]
    return words.replace("Fdi ", "FDI ")


def _lines(rows: pl.DataFrame, measure: Measure, days: float) -> alt.Chart:
    import altair as alt

    scale = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    legend = alt.Legend(title=None, orient="top", symbolStrokeWidth=3)
    dashes = alt.Scale(domain=list(_COLOURS), range=[[5, 3], [1, 0]])
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2.2)
        .encode(
            x=day_axis(days, None).axis(labels=False, title=None, tickCount=8),
            y=alt.Y(
                "value:Q", title=_unit(measure), scale=alt.Scale(zero=False, padding=8), axis=alt.Axis(minExtent=44)
            ),
            color=alt.Color("run:N", scale=scale, legend=legend),
            strokeDash=alt.StrokeDash("run:N", scale=dashes, legend=None),
            tooltip=tips(("run", "Run", ""), ("day", "Day", ",.0f"), ("value", measure.label, ",.4~g")),
        )
    )
    return chart


def _unit(measure: Measure) -> str:
    return f"{measure.label} ({measure.unit})"


def _marks(events: pl.DataFrame) -> list[alt.Chart]:
    """Return rules with names where policies turn, and ticks at the foot where shocks strike."""
    import altair as alt

    shown = tips(("label", "What", ""), ("day", "Day", ",.0f"))
    policies, shocks = (events.filter(events["what"] == what) for what in ("policy", "shock"))
    rules = alt.Chart(policies).mark_rule(color=COLOURS[2], strokeDash=[6, 3]).encode(x="day:Q", tooltip=shown)
    names = alt.Chart(policies).mark_text(color=INK, align="left", dx=4, fontSize=11)
    ticks = alt.Chart(shocks).mark_tick(color=COLOURS[3], thickness=2, size=9, orient="vertical")
    return [
        rules,
        names.encode(x="day:Q", y=alt.value(8), text="label:N"),
        ticks.encode(x="day:Q", y=alt.value(165), tooltip=shown),
    ]


def _levels(measure: Measure) -> list[alt.Chart]:
    """Return lines at no difference and at the smallest differences that matter."""
    import altair as alt
    import polars as pl

    levels = pl.DataFrame({"level": [-measure.smallest, measure.smallest]})
    rows = levels.with_columns(label=pl.lit("smallest difference that matters"))
    edges = alt.Chart(rows).mark_rule(color=MUTED, strokeDash=[1, 3])
    nought = alt.Chart(pl.DataFrame({"level": [0.0]})).mark_rule(color=MUTED, strokeDash=[4, 3])
    shown = tips(("label", "Line", ""), ("level", "At", "+,.4~g"))
    return [nought.encode(y="level:Q"), edges.encode(y="level:Q", tooltip=shown)]


def _band(rows: pl.DataFrame, days: float) -> list[alt.Chart]:
    import altair as alt

    numbers = [("mean", "Difference"), ("low", "Interval from"), ("high", "Interval to")]
    shown = tips(("day", "Day", ",.0f"), *((name, title, "+,.4~g") for name, title in numbers))
    axis = alt.Axis(minExtent=44, tickCount=4, format="+~g")
    base = alt.Chart(rows).encode(x=day_axis(days))
    area = base.mark_area(color=COLOURS[0], fillOpacity=0.2).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=COLOURS[0], strokeWidth=2.2).encode(
        y=alt.Y("mean:Q", title="Difference", axis=axis), tooltip=shown
    )
    return [area, line]
