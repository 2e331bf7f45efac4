"""The chart of lead times: promised and actual, and by how much orders came early or late."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpnde.charts.parts import rule_at, table_of, tips
from gpnde.charts.theme import COLOURS, WIDTH, nothing, styled
from gpnde.results.chart import chart
from gpnde.results.headline import number, percent
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart
    from gpnde.results.run import Run

Floats = NDArray[np.float64]

MOST_BINS = 40
PROMISED, ACTUAL = "promised", "actual"
ON_TIME, LATE = "by the promised day", "late"

_TITLE = "Lead times, promised and actual"
_TAIL = 0.99
_ROUNDING = 1e-9


def deliveries(orders: pl.DataFrame) -> pl.DataFrame:
    """Return the order lines between sites that have come whole: promised, actual and delay (days).

    The delay is the actual time less the promised one.
    """
    import polars as pl

    came = orders.filter((pl.col("supplier") != OUTSIDE) & pl.col("received_day").is_not_null())
    promised, actual = (pl.col(f"{name}_day") - pl.col("placed_day") for name in ("promised", "received"))
    return came.select(promised=promised, actual=actual, delay=actual - promised)


def bins(values: Floats, weights: Floats | None = None, width: float | None = None) -> list[tuple[float, float, float]]:
    """Return start, end and share of each part in which values lie; a part holds its end and not its start.

    Parts are of equal *width* (days), by default a whole number of days so that at most `MOST_BINS` cover all values
    but the highest hundredth, which the last one holds.

    >>> bins(np.array([1.0, 2.0, 2.0, 3.0]))
    [(0.0, 1.0, 0.25), (1.0, 2.0, 0.5), (2.0, 3.0, 0.25)]
    """
    step = width or bin_width(values)
    top = math.ceil(float(np.quantile(values, _TAIL)) / step - _ROUNDING) - 1
    # A part holds its end, beyond which rounding must not push a value.
    places = np.minimum(np.ceil(values / step - _ROUNDING).astype(np.int64) - 1, top)
    low = int(places.min())
    counts = np.bincount(places - low, weights)
    return [(step * (low + k), step * (low + k + 1), float(n)) for k, n in enumerate(counts / counts.sum())]


def bin_width(values: Floats) -> float:
    """Return the width of the parts (days) in which `bins` puts values."""
    reach = float(np.quantile(values, _TAIL)) - min(float(values.min()), 0.0)
    return float(max(1, math.ceil(reach / MOST_BINS)))


def lead_time_rows(came: pl.DataFrame) -> pl.DataFrame:
    """Return the distribution of promised and actual lead times: kind, start, end (days), share."""
    width = max(bin_width(came[kind].to_numpy()) for kind in (PROMISED, ACTUAL))
    return _table([(kind, *row) for kind in (ACTUAL, PROMISED) for row in bins(came[kind].to_numpy(), width=width)])


def delay_rows(came: pl.DataFrame) -> pl.DataFrame:
    """Return the distribution of delays: kind (on time or late), start, end (days), share."""
    parts = bins(came["delay"].to_numpy())
    return _table([(LATE if start >= -_ROUNDING else ON_TIME, start, end, share) for start, end, share in parts])


def _table(rows: list[tuple[str, float, float, float]]) -> pl.DataFrame:
    import polars as pl

    schema = {"kind": pl.String, "start": pl.Float64, "end": pl.Float64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@chart("lead-times", _TITLE, group="flow", place=5, needs=("links",))
def lead_times(run: Run) -> Chart:
    """Show how lead times between sites are distributed, and how late orders came.

    How promised and actual lead times of orders between sites are distributed, and how late orders came.

    Where order lines are not recorded it shows the mean delivery time of each link, weighted by its orders.

    >>> import gpnde
    >>> run = gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 91}))
    >>> 'Lead times, promised and actual' in str(lead_times(run).to_dict()["title"])
    True
    """
    import altair as alt

    came = deliveries(table_of(run, "orders"))
    if came.is_empty():
        return _by_link(table_of(run, "links"))
    promised, actual = (float(came[kind].mean() or 0) for kind in (PROMISED, ACTUAL))  # type: ignore[arg-type]
    delays = delay_rows(came)
    late = float((came["delay"] > _ROUNDING).mean())  # type: ignore[arg-type]
    return styled(
        alt.vconcat(_times(lead_time_rows(came)), _delays(delays), spacing=18).resolve_scale(color="independent"),
        _TITLE,
        f"Bars of actual and a line of promised lead times of {came.height:,} orders between sites; mean promised "
        f"{number(promised)} days, actual {number(actual)} days; below, bars of delays: {late:.1%} came late.",
        f"{came.height:,} orders between sites that came whole: mean promised {number(promised)}, actual "
        f"{number(actual)} days",
        finding(came),
    )


def finding(came: pl.DataFrame) -> str:
    """Return in words how many of the orders that came whole came late, and by how much.

    >>> import polars as pl
    >>> finding(pl.DataFrame({"delay": [-1.0, 0.0, 2.0, 4.0]})), finding(pl.DataFrame({"delay": [0.0]}))
    ('50 % of orders came late, by 3 days on average', 'No order came after the promised day')
    """
    late = came["delay"].filter(came["delay"] > _ROUNDING)
    if late.is_empty():
        return "No order came after the promised day"
    mean = float(late.mean() or 0)  # type: ignore[arg-type]
    return f"{percent(len(late) / came.height)} of orders came late, by {number(mean)} days on average"


def _times(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    kinds = [ACTUAL, PROMISED]
    colours = alt.Scale(domain=kinds, range=[COLOURS[5], COLOURS[3]])
    actual, promised = (rows.filter(pl.col("kind") == kind) for kind in kinds)
    colour = alt.Color("kind:N", title="Lead time", scale=colours)
    # A line of steps would begin and end in the air; both ends go down to 0.
    edges = promised.head(1).with_columns(share=0.0), promised.tail(1).with_columns(start=pl.col("end"), share=0.0)
    closed = pl.concat([edges[0], promised, edges[1]])
    bars = _bars(actual, "Time from order to receipt (days)").encode(color=colour)
    line = (
        alt.Chart(closed)
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(x="start:Q", y="share:Q", color=colour, tooltip=_of_bin())
    )
    return alt.LayerChart(layer=[bars, line]).properties(width=WIDTH - 90, height=170)


def _delays(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt

    kinds = [ON_TIME, LATE]
    colours = alt.Scale(domain=kinds, range=[COLOURS[2], COLOURS[3]])
    bars = _bars(rows, "Actual less promised time (days); late is right of 0").encode(
        color=alt.Color("kind:N", title="Received", scale=colours, sort=kinds)
    )
    return alt.LayerChart(layer=[bars, rule_at(0.0, "x")]).properties(width=WIDTH - 90, height=130)


def _of_bin() -> list[alt.Tooltip]:
    return tips(("kind", "Orders", ""), ("start", "Over (days)", ",.0f"), ("end", "To (days)", ",.0f")) + tips(
        ("share", "Share of orders", ".1%")
    )


def _bars(rows: pl.DataFrame, title: str) -> alt.Chart:
    import altair as alt

    axis = alt.Axis(format=",.0f", tickCount=12, tickMinStep=1, labelOverlap="greedy")
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("start:Q", bin="binned", title=title, axis=axis, scale=alt.Scale(nice=False)),
            x2="end:Q",
            y=alt.Y("share:Q", title="Orders (%)", axis=alt.Axis(format="%", tickCount=5)),
            tooltip=_of_bin(),
        )
    )
    return chart


def _by_link(links: pl.DataFrame) -> Chart:
    """Return the distribution of the mean delivery times of links, for a run that keeps no order lines."""
    import polars as pl

    used = links.filter(
        (pl.col("supplier") != OUTSIDE) & pl.col("mean_delivery_days").is_not_null() & (pl.col("orders") > 0)
    )
    if used.is_empty():
        return nothing(_TITLE, "No order between sites has come whole yet.")
    mean = float((used["mean_delivery_days"] * used["orders"]).sum()) / float(used["orders"].sum())
    parts = bins(used["mean_delivery_days"].to_numpy(), used["orders"].to_numpy().astype(np.float64))
    chart = _bars(_table([("mean of the link", *part) for part in parts]), "Mean time from order to receipt (days)")
    return styled(
        chart.encode().properties(width=WIDTH, height=220),
        _TITLE,
        f"Bars of the mean delivery times of {used.height:,} links between sites, weighted by their orders.",
        "Order lines are not recorded: mean actual time of each link, weighted by its orders",
        f"Orders between sites took {number(mean)} days on average",
    )
