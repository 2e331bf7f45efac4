"""The bump chart of the ladder: the rank of every firm by what it can do, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.charts.capability import LABELS, NO_KNOWLEDGE
from gpnde.charts.firm_story import date_axis
from gpnde.charts.parts import named, tips
from gpnde.charts.theme import COLOURS, MUTED, WIDTH, nothing, styled
from gpnde.errors import ResultsError, nearest
from gpnde.results.chart import chart
from gpnde.results.history import KNOWLEDGE, History
from gpnde.vocabulary import LADDER

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

Integers = NDArray[np.int64]

_TITLE = "Ranks on the ladder"
MOST_FIRMS = 200
MOST_POINTS = 4500
MOST_TIMES = 41
MOVERS = 3
"""Firms that climbed most, and as many that fell most, which are named."""
_CHOSEN, _UP, _DOWN, _REST = "chosen", "climbed most", "fell most", "others"
_COLOURS = {_CHOSEN: COLOURS[0], _UP: COLOURS[2], _DOWN: COLOURS[3], _REST: MUTED}
_WIDE = {_CHOSEN: 3.2, _UP: 2.0, _DOWN: 2.0, _REST: 0.7}
_APART = 13.0


class Move(NamedTuple):
    """The rank of a firm when it is first and last there."""

    firm: str
    first: int
    last: int

    @property
    def climbed(self) -> int:
        """How many ranks it gained."""
        return self.first - self.last


def ranks_of(history: History) -> Integers:
    """Return the rank of each firm at each time, 0 while it is away; shape (times, firms).

    Firms are ranked by the highest rung that they perform, those on one rung by their mean capability; the first is 1.
    """
    able = np.nan_to_num(history.mean_capability, nan=-1.0)
    ranks = np.zeros(history.present.shape, dtype=np.int64)
    for time, there in enumerate(history.present):
        order = np.lexsort((np.arange(len(there)), -able[time], -history.levels[time], ~there))
        ranks[time, order[: int(there.sum())]] = np.arange(1, int(there.sum()) + 1)
    return ranks


def moves_of(history: History, ranks: Integers) -> list[Move]:
    """Return how each firm that is ever there moved, those that climbed most first."""
    found = []
    for number, name in enumerate(history.firms):
        own = ranks[:, number][ranks[:, number] > 0]
        if len(own):
            found.append(Move(name, int(own[0]), int(own[-1])))
    return sorted(found, key=lambda move: (-move.climbed, move.last, move.firm))


def groups_of(moves: list[Move], chosen: str) -> dict[str, str]:
    """Return which firms are drawn in colour: the chosen one and those that moved most."""
    up = {move.firm: _UP for move in moves[:MOVERS] if move.climbed > 0}
    down = {move.firm: _DOWN for move in moves[-MOVERS:] if move.climbed < 0}
    return {**up, **down, chosen: _CHOSEN}


def bump_rows(history: History, ranks: Integers, groups: dict[str, str]) -> pl.DataFrame:
    """Return one row per firm and time at which it is there: firm, day, rank, function, group."""
    import polars as pl

    last = np.where(ranks.max(axis=0) > 0, ranks[-1], len(history.firms) + 1)
    order = sorted(range(len(history.firms)), key=lambda one: (history.firms[one] not in groups, last[one]))[
        :MOST_FIRMS
    ]
    times = _times(len(history.days), len(order))
    rows = [
        (
            history.firms[one], float(history.days[time]), int(ranks[time, one]),
            _function(int(history.levels[time, one])), groups.get(history.firms[one], _REST),
        )
        for one in order
        for time in times
        if ranks[time, one]
    ]  # fmt: skip
    schema = {"firm": str, "day": float, "rank": int, "function": str, "group": str}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _times(count: int, firms: int) -> list[int]:
    """Return the records that are drawn, evenly over the run, the first and the last among them."""
    most = max(2, min(MOST_TIMES, MOST_POINTS // max(firms, 1)))
    return sorted({round(place) for place in np.linspace(0, count - 1, min(most, count))})


def _function(level: int) -> str:
    return LABELS[LADDER[level]] if level >= 0 else "none of the ladder"


@chart("ladder-bumps", _TITLE, group="learning", place=6, needs=KNOWLEDGE)
def ladder_bumps(run: Run, firm: str | None = None) -> Chart:
    """Show the rank of every firm on the ladder of functions over time.

    Lines of ranks, by the highest function that firms perform and, on one rung, by their mean capability; those that
    moved most are named, and the *firm*. Where none is named, it is the one that climbed most.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 182}))
    >>> ladder_bumps(run).to_dict()["title"]["text"]
    'Ranks on the ladder'
    """
    history = run.history
    if history is None:
        return nothing(_TITLE, NO_KNOWLEDGE)
    ranks = ranks_of(history)
    moves = moves_of(history, ranks)
    chosen = _checked(moves, history, firm)
    rows = bump_rows(history, ranks, groups_of(moves, chosen))
    said = _said(moves, chosen, int(history.tiers[history.firms.index(chosen)]))
    return styled(
        _lines(run, rows, int(ranks.max())),
        _TITLE,
        f"Lines of the ranks of {len(moves)} firms on the ladder of functions over time. {said}.",
        said,
    )


def _checked(moves: list[Move], history: History, firm: str | None) -> str:
    if firm is None:
        return moves[0].firm
    if firm not in history.firms:
        raise ResultsError(where="firm", given=repr(firm), expected=f"no such firm{nearest(firm, history.firms)}")
    return firm


def _said(moves: list[Move], chosen: str, tier: int) -> str:
    own = next((move for move in moves if move.firm == chosen), None)
    if own is None:
        return f"{chosen}, tier {tier}, was never in the network"
    way = "climbed" if own.climbed > 0 else "fell"
    course = f"{way} from rank {own.first} to {own.last}" if own.climbed else f"stayed at rank {own.last}"
    best = moves[0]
    rest = f"; {best.firm} climbed most, {best.climbed} ranks" if best.firm != chosen and best.climbed > 0 else ""
    return f"{chosen}, tier {tier}, {course}{rest}"


def label_rows(rows: pl.DataFrame, height: float, lowest: int) -> pl.DataFrame:
    """Return the names of coloured firms where their lines end, moved apart: firm, day, rank, place (px), group."""
    import polars as pl

    ends = rows.filter(pl.col("group") != _REST).sort("day").group_by("firm", maintain_order=True).last()
    ends = ends.sort("rank", "firm")
    step = height / max(lowest - 1, 1)
    places: list[float] = []
    for rank in ends["rank"]:
        wanted = (rank - 1) * step
        places.append(max(wanted, places[-1] + _APART) if places else wanted)
    return ends.with_columns(place=pl.Series(places, dtype=pl.Float64))


def _lines(run: Run, rows: pl.DataFrame, lowest: int) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    height = min(460, max(140, 11 * lowest))
    x, y, colour = date_axis(run, names=True), _rank_axis(lowest), _colour(_drawn(rows))
    layers = [line.encode(x, y, colour, detail="firm:N", tooltip=_tips()) for line in _marks(rows)]
    labels = alt.Chart(label_rows(rows, height, lowest).with_columns(pl.col("place") / height))
    place = alt.Y("place:Q", scale=alt.Scale(domain=[0, 1], reverse=True, nice=False), axis=None)
    names = named(labels.encode(x, place, text="firm:N", tooltip=_tips()), align="left", dx=6, limit=260)
    both = alt.LayerChart(layer=[alt.LayerChart(layer=layers), names]).resolve_scale(y="independent")
    chart: alt.LayerChart = both.properties(width=WIDTH - 190, height=height)
    return chart


def _drawn(rows: pl.DataFrame) -> list[str]:
    """Return the groups that have firms, the chosen one first."""
    found = set(rows["group"])
    return [name for name in _COLOURS if name in found]


def _marks(rows: pl.DataFrame) -> list[alt.Chart]:
    """Return the lines of each group; the chosen firm is drawn last, over all others."""
    import altair as alt
    import polars as pl

    return [
        alt.Chart(rows.filter(pl.col("group") == name)).mark_line(
            strokeWidth=_WIDE[name], strokeOpacity=0.35 if name == _REST else 1.0, interpolate="monotone"
        )
        for name in reversed(_drawn(rows))
    ]


def _tips() -> list[alt.Tooltip]:
    shown = tips(("firm", "Firm", ""), ("day", "Day", ",.0f"), ("rank", "Rank", ",d"))
    return shown + tips(("function", "Highest function", ""))


def _rank_axis(lowest: int) -> alt.Y:
    import altair as alt

    axis = alt.Axis(values=[1, *range(10, lowest + 1, 10)], grid=False)
    scale = alt.Scale(domain=[1, max(lowest, 2)], reverse=True, nice=False)
    return alt.Y("rank:Q", title="Rank (1 is highest)", scale=scale, axis=axis)


def _colour(groups: list[str]) -> alt.Color:
    import altair as alt

    scale = alt.Scale(domain=groups, range=[_COLOURS[name] for name in groups])
    legend = alt.Legend(orient="top", symbolType="stroke", symbolStrokeWidth=3)
    return alt.Color("group:N", title=None, sort=groups, scale=scale, legend=legend)
