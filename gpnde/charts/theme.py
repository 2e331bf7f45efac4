"""The one look of all charts: colours that colour-blind people tell apart, plain type, quiet lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from gpnde.charts.colours import COLOURS as COLOURS
from gpnde.charts.colours import colours_of
from gpnde.charts.display import show_from_local_files
from gpnde.charts.words import SUBTITLE_LETTERS, TITLE_LETTERS, wrapped

if TYPE_CHECKING:
    import altair as alt

    from gpnde.results.chart import Chart

BACKGROUND = "#ffffff"
INK = "#333333"
MUTED = "#767676"
FRAME = "#999999"
GRID = "#e6e6e6"
LAND = "#eeeeea"
"""Land on a map."""

LOW_TO_HIGH = ("#eff5fb", "#c6dbef", "#85bcdb", "#4292c6", "#1764ab", "#08306b")
"""Blues for amounts, from little to much."""

LADDER = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725")
"""One colour per rung of the ladder of functions, evenly spaced in lightness (viridis)."""

DARK: dict[str, str] = {
    "#0072B2": "#4aa8e0",
    "#E69F00": "#f2b233",
    "#009E73": "#2fc79a",
    "#D55E00": "#f07f3c",
    "#CC79A7": "#dd9cc0",
    "#56B4E9": "#a5d8f7",
    "#000000": "#f2f2f2",
    "#F0E442": "#f5ec7a",
    BACKGROUND: "#111111",
    INK: "#dddddd",
    MUTED: "#a0a0a0",
    FRAME: "#7d7d7d",
    GRID: "#303030",
    LAND: "#242424",
    "#eff5fb": "#14212e",
    "#c6dbef": "#1a3a57",
    "#85bcdb": "#225c8b",
    "#4292c6": "#3f8ac4",
    "#1764ab": "#7fb8e2",
    "#08306b": "#cfe6f8",
    "#440154": "#8f63b8",
    "#414487": "#7583cf",
    "#2a788e": "#3f9cb5",
    "#22a884": "#35c49b",
    "#7ad151": "#8fdc68",
    "#fde725": "#fdec5a",
}
"""The colour on a dark page for each colour on a white one; charts use no others."""

WIDTH = 720
MOST_ROWS = 5000
"""No chart holds more rows of data than this."""

_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

CONFIG: dict[str, Any] = {
    "font": _FONT,
    "background": BACKGROUND,
    "view": {"stroke": None},
    "text": {"color": INK},
    "range": {"category": list(COLOURS)},
    "title": {
        "anchor": "start",
        "fontSize": 15,
        "fontWeight": 600,
        "color": INK,
        "subtitleFontSize": 12,
        "subtitleColor": MUTED,
        "offset": 12,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": FRAME,
        "tickColor": FRAME,
    },
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "symbolOpacity": 1,
        "symbolBaseStrokeColor": MUTED,
    },
    "header": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK},
}
"""Configuration of Vega-Lite, set on each chart and nowhere else."""


def styled(chart: Chart, title: str, description: str, subtitle: str = "", finding: str = "") -> Chart:
    """Return a chart with its title, the look of all charts, and a *description* for screen readers.

    Where there is a *finding*, a sentence on what is to be seen, it is the heading, and *title*, the names of what is
    drawn, begins the line below.
    """
    import altair as alt

    show_from_local_files()
    below = " · ".join(part for part in (title, subtitle) if part) if finding else subtitle
    heading = alt.TitleParams(wrapped(finding or title, TITLE_LETTERS))
    if below:
        heading.subtitle = wrapped(below, SUBTITLE_LETTERS, even=False)
    said = f"{finding}. {description}" if finding else description
    return cast("Chart", chart.properties(title=heading, description=said).configure(**CONFIG))


def nothing(title: str, reason: str) -> Chart:
    """Return a chart that says why there is nothing to show."""
    import altair as alt
    import polars as pl

    text = alt.Chart(pl.DataFrame({"text": [reason]})).mark_text(align="left", fontSize=13, color=MUTED, x=0)
    return styled(text.encode(text="text:N").properties(width=WIDTH, height=40), title, f"{title}: {reason}")


def colour_of(values: list[str]) -> alt.Scale:
    """Return the scale that gives each of *values* its colour of the palette."""
    import altair as alt

    return alt.Scale(domain=values, range=colours_of(values))
