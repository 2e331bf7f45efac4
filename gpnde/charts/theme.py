"""The one look of all charts: colours that colour-blind people tell apart, plain type, quiet lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    import altair as alt

    Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.VConcatChart | alt.HConcatChart | alt.FacetChart

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000", "#F0E442")
"""The palette of Okabe and Ito (2008), blue first and the pale yellow last."""

MUTED = "#767676"
WIDTH = 720
MOST_ROWS = 5000
"""No chart holds more rows of data than this."""

_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

CONFIG: dict[str, Any] = {
    "font": _FONT,
    "background": "white",
    "view": {"stroke": None},
    "range": {"category": list(COLOURS)},
    "title": {
        "anchor": "start",
        "fontSize": 15,
        "fontWeight": 600,
        "subtitleFontSize": 12,
        "subtitleColor": MUTED,
        "offset": 12,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelColor": "#333333",
        "titleColor": "#333333",
        "gridColor": "#e6e6e6",
        "domainColor": "#999999",
        "tickColor": "#999999",
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "symbolOpacity": 1},
    "header": {"labelFontSize": 12, "titleFontSize": 12},
}
"""Configuration of Vega-Lite, set on each chart and nowhere else."""


def styled(chart: Chart, title: str, description: str, subtitle: str = "") -> Chart:
    """Return a chart with its title, the look of all charts, and a *description* for screen readers."""
    import altair as alt

    heading = alt.TitleParams(title, subtitle=subtitle) if subtitle else alt.TitleParams(title)
    return cast("Chart", chart.properties(title=heading, description=description).configure(**CONFIG))


def nothing(title: str, reason: str) -> Chart:
    """Return a chart that says why there is nothing to show."""
    import altair as alt
    import polars as pl

    text = alt.Chart(pl.DataFrame({"text": [reason]})).mark_text(align="left", fontSize=13, color=MUTED, x=0)
    return styled(text.encode(text="text:N").properties(width=WIDTH, height=40), title, f"{title}: {reason}")


def colour_of(values: list[str]) -> alt.Scale:
    """Return the scale that gives each of *values* a colour of the palette, in their order."""
    import altair as alt

    return alt.Scale(domain=values, range=[COLOURS[index % len(COLOURS)] for index in range(len(values))])


def vega_lite_version() -> str:
    """Return the version of Vega-Lite that the installed Altair writes for, such as 6.4."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
