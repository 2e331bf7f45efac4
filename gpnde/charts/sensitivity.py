"""The chart of sensitivity: how much of a measure depends on each setting, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.charts.effects import number_format
from gpnde.charts.theme import COLOURS, WIDTH, nothing, styled
from gpnde.results.chart import chart

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from gpnde.results.chart import Chart

MOST_PANELS = 24
MOST_SETTINGS = 20

_TITLE = "What the measures depend on"
_NAMES = {
    "first": "alone (first order)",
    "total": "with interactions (total)",
    "mu_star": "mean size of effects (μ*)",
    "sigma": "spread of effects (σ)",
}
_MORRIS = ("mu_star", "sigma")
_ROW_HEIGHT = 30
_SAID = 2


def index_rows(indices: pl.DataFrame) -> pl.DataFrame:
    """Return the indices that are drawn: panel, arm, control, measure, unit, setting, index, value, low, high.

    *indices* are those of `gpnde.study.sensitivity.Sensitivity`. Within a panel settings come in the order of their
    largest index; of very many panels or settings only the first are drawn.
    """
    import polars as pl

    less = pl.when(pl.col("control").is_null()).then(pl.lit("")).otherwise(pl.format(" less {}", "control"))
    drawn = indices.filter(pl.col("index").is_in(list(_NAMES)), pl.col("value").is_not_null())
    rows = drawn.with_columns(panel=pl.format("{} in {}{}", "measure", "arm", less))
    panels = rows["panel"].unique(maintain_order=True).head(MOST_PANELS).to_list()
    parts = [_largest_first(rows.filter(panel=panel)) for panel in panels]
    return pl.concat(parts).select("panel", *indices.columns) if parts else rows.select("panel", *indices.columns)


def _largest_first(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    sizes = rows.group_by("setting", maintain_order=True).agg(size=pl.col("value").max())
    first = sizes.sort(["size", "setting"], descending=[True, False]).head(MOST_SETTINGS)
    # The order of settings is that of the left table, which a join keeps only where it is told to.
    return first.join(rows, on="setting", maintain_order="left_right")


@chart("sensitivity", "Sensitivity", group="study", place=4, needs=("indices",))
def sensitivity_indices(indices: pl.DataFrame) -> Chart:
    """Show on which settings a measure depends, by indices of Sobol or Morris.

    A panel per measure and arm: the indices of each setting with their 95 % intervals, largest first.

    >>> import polars as pl
    >>> row = {"arm": "baseline", "control": None, "measure": "tier_gap", "unit": "1", "setting": "clock.days"}
    >>> rows = [row | {"index": "total", "value": 0.6, "low": 0.5, "high": 0.7}]
    >>> chart = sensitivity_indices(pl.DataFrame(rows, schema_overrides={"control": pl.String}))
    >>> 'What the measures depend on' in str(chart.to_dict()["title"])
    True
    """
    import altair as alt

    rows = index_rows(indices)
    if rows.is_empty():
        return nothing(_TITLE, "No measure varies over the points.")
    panels = [_panel(part) for _, part in rows.group_by("panel", maintain_order=True)]
    about = _about(rows)
    return styled(
        alt.vconcat(*panels, spacing=18),
        _TITLE,
        f"Points with intervals for {rows['setting'].n_unique()} settings in {len(panels)} panels: {about}.",
        f"{about[0].upper()}{about[1:]}, with 95 % intervals; the largest first",
        finding(rows),
    )


def finding(rows: pl.DataFrame) -> str:
    """Return in words on which setting each of the first measures depends most; *rows* as drawn."""
    tops = [part.sort("value", descending=True).row(0, named=True) for part in rows.partition_by("panel")[:_SAID]]
    said = "; ".join(f"{top['measure']} depends most on {top['setting']}" for top in tops)
    more = rows["panel"].n_unique() - _SAID
    return f"{said}; {more} more below" if more > 0 else said


def _about(rows: pl.DataFrame) -> str:
    if rows["index"][0] in _MORRIS:
        return "elementary effects over the range of a setting (Morris)"
    return "shares of the variance that a setting explains (Sobol')"


def _panel(rows: pl.DataFrame) -> alt.LayerChart:
    import altair as alt
    import polars as pl

    named = rows.with_columns(pl.col("index").replace(_NAMES))
    kinds = [name for key, name in _NAMES.items() if name in named["index"]]
    settings = rows["setting"].unique(maintain_order=True).to_list()
    is_morris = rows["index"][0] in _MORRIS
    form = number_format(rows.select("value", "low", "high"))
    title = f"Effect over the range ({rows['unit'][0]})" if is_morris else "Share of the variance (1)"
    common = {
        "y": alt.Y("setting:N", title=None, sort=settings, axis=alt.Axis(labelLimit=240, domain=False, ticks=False)),
        "yOffset": alt.YOffset("index:N", sort=kinds, scale=alt.Scale(paddingOuter=0.6)),
        "color": alt.Color("index:N", legend=_legend(), scale=alt.Scale(domain=kinds, range=[COLOURS[0], COLOURS[3]])),
    }
    rules = alt.Chart(named).mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", **common)
    points = (
        alt.Chart(named)
        .mark_point(size=70, filled=True, opacity=1)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(format=form, tickCount=6), scale=alt.Scale(zero=True)),
            shape=alt.Shape("index:N", legend=_legend(), scale=alt.Scale(domain=kinds, range=["circle", "diamond"])),
            tooltip=_tips(),
            **common,
        )
    )
    heading = alt.TitleParams(rows["panel"][0], fontSize=13, fontWeight="normal", offset=6)
    layers = alt.LayerChart(layer=[rules, points])
    return layers.properties(title=heading, width=WIDTH - 260, height=_ROW_HEIGHT * len(settings))


def _legend() -> alt.Legend:
    import altair as alt

    return alt.Legend(title=None, orient="top", labelLimit=260)


def _tips() -> list[alt.Tooltip]:
    import altair as alt

    texts = {"setting": "Setting", "index": "Index", "measure": "Measure", "arm": "Arm"}
    numbers = {"value": "Value", "low": "Interval from", "high": "Interval to"}
    return [
        *(alt.Tooltip(f"{name}:N", title=title) for name, title in texts.items()),
        *(alt.Tooltip(f"{name}:Q", title=title, format=".3~g") for name, title in numbers.items()),
    ]
