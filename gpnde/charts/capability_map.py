"""The heat map of capability: firm by firm and function by function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpnde.charts.capability import LABELS, NO_KNOWLEDGE
from gpnde.charts.parts import tips
from gpnde.charts.state import time_of
from gpnde.charts.theme import BACKGROUND, INK, LOW_TO_HIGH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.history import KNOWLEDGE, History, Integers
from gpnde.vocabulary import FUNCTIONS

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

MOST_FIRMS = 60
"""Above this number every so-many-th firm of each tier is shown, by capability."""

_TITLE = "Capability by firm and function"
_STEP = 15
_DARK_FROM = 0.6
"""Capability from which a cell is so dark that marks on it are pale."""


def shown_firms(history: History, time: int) -> Integers:
    """Return the numbers of the firms to show, by tier and then from the most to the least capable.

    Of more than `MOST_FIRMS` it is every so-many-th one, the best of each tier among them.
    """
    there = np.flatnonzero(history.present[time])
    able = history.capability[time].mean(axis=1)
    order = there[np.lexsort((-able[there], history.tiers[there]))]
    step = -(-len(order) // MOST_FIRMS) if len(order) else 1
    tiers = history.tiers[order]
    kept = [order[tiers == tier][::step] for tier in np.unique(tiers)]
    # Each tier rounds up, so that very many tiers would show too many firms.
    return np.concatenate(kept)[: 2 * MOST_FIRMS] if kept else order


def firm_rows(history: History, time: int) -> pl.DataFrame:
    """Return the capability of the firms to show in each function: firm, tier, role, cluster, function, capability.

    The columns performed, 1 where the firm performs the function, and label are for the picture.
    """
    import polars as pl

    firms = shown_firms(history, time).tolist()
    rows = [
        (history.firms[firm], int(history.tiers[firm]), history.roles[firm], history.clusters[firm], LABELS[name])
        + (float(history.capability[time, firm, place]), int(history.performed[time, firm, place]))
        for firm in firms
        for place, name in enumerate(FUNCTIONS)
    ]
    schema = {"firm": str, "tier": int, "role": str, "cluster": str, "function": str, "capability": float}
    return pl.DataFrame(rows, schema=schema | {"performed": int}, orient="row")


@chart("capability-map", _TITLE, group="learning", place=2, needs=KNOWLEDGE)
def capability_by_firm(run: Run, day: float | None = None) -> Chart:
    """Show what each firm can do, and which functions it performs.

    A map of capability with a row per firm and a column per function, on a *day* or at the end.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("taiwan-oem-pc", {"clock.days": 91}))
    >>> 'Capability by firm and function' in str(capability_by_firm(run).to_dict()["title"])
    True
    """
    import altair as alt

    history = run.history
    if history is None:
        return nothing(_TITLE, NO_KNOWLEDGE)
    time = time_of(history, day)
    rows = firm_rows(history, time)
    if rows.is_empty():
        return nothing(_TITLE, "No firm is in the network on that day.")
    parts = rows.partition_by("tier")
    panels = [_panel(part, is_last=part is parts[-1]) for part in parts]
    shown, there = rows["firm"].n_unique(), int(history.present[time].sum())
    some = "" if shown == there else f"; {shown} of {there:,} firms, evenly by capability in each tier"
    return styled(
        alt.vconcat(*panels, spacing=8),
        _TITLE,
        f"Map of the capability of {shown} firms in eight functions on day {history.days[time]:,.0f}, by tier.",
        f"Day {history.days[time]:,.0f}; the frontier is 1; a dot says that the firm performs the function{some}",
        finding(history, time),
    )


def finding(history: History, time: int) -> str:
    """Return in words how mean capability over all functions differs from the first to the last tier at a time."""
    there = np.asarray(history.present[time])
    means = {
        int(tier): float(history.capability[time][there & (history.tiers == tier)].mean())
        for tier in np.unique(history.tiers[there])
    }
    first, last = min(means), max(means)
    if first == last:
        return f"Firms of tier {first} reach {means[first]:.2f} of the frontier on average"
    ends = f"{means[first]:.2f} of the frontier on average, those of tier {last} {means[last]:.2f}"
    return f"Firms of tier {first} reach {ends}"


def _panel(rows: pl.DataFrame, is_last: bool) -> alt.LayerChart:
    import altair as alt

    firms = rows["firm"].unique(maintain_order=True).to_list()
    below = alt.Axis(labels=is_last, labelAngle=-35, labelLimit=170, ticks=False, domain=False)
    beside = alt.Axis(labelLimit=190, ticks=False, domain=False, minExtent=190)
    base = alt.Chart(rows).encode(
        x=alt.X("function:N", title=None, sort=[LABELS[name] for name in FUNCTIONS], axis=below),
        y=alt.Y("firm:N", title=f"Tier {rows['tier'][0]}", sort=firms, axis=beside),
        tooltip=tips(("firm", "Firm", ""), ("tier", "Tier", ""), ("role", "Role", ""), ("cluster", "Cluster", ""))
        + tips(
            ("function", "Function", ""), ("capability", "Capability (1)", ".3f"), ("performed", "Performs it", "d")
        ),
    )
    scale = alt.Scale(domain=[0, 1], range=list(LOW_TO_HIGH))
    colour = alt.Color("capability:Q", title="Capability (1)", scale=scale)
    ink = alt.condition(alt.datum.capability > _DARK_FROM, alt.value(BACKGROUND), alt.value(INK))
    cells = base.mark_rect(stroke=BACKGROUND, strokeWidth=0.5).encode(color=colour)
    dots = base.transform_filter("datum.performed == 1").mark_circle(size=14).encode(fill=ink)
    return alt.LayerChart(layer=[cells, dots]).properties(width=440, height=alt.Step(_STEP))
