"""Write a chart to a file: SVG, PNG, a page of its own, or its description in Vega-Lite."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.charts.page import chart_page, finding_of
from gpnde.charts.vega import vega_lite_version
from gpnde.errors import ResultsError, nearest
from gpnde.extras import require_extra

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

_SCALE = 2
"""Pixels of a PNG per unit of the chart."""


def write_chart(chart: Chart, path: str | Path) -> Path:
    """Write a chart to the file *path*, in the format that its ending names, and return the path.

    A page needs no network: it holds the libraries that draw it.

    Raises
    ------
    ResultsError
        The ending is not one of `FORMATS`, or the file cannot be written.
    MissingExtra
        The extra ``pictures`` is not installed, which all formats but JSON need.
    """
    target = Path(path)
    ending = target.suffix.lstrip(".")
    if ending not in FORMATS:
        raise ResultsError(
            where=str(target),
            expected=f"ending {ending!r}: unknown{nearest(ending, FORMATS)}: one of {', '.join(FORMATS)}",
        )
    refuse_without_pictures(ending)
    content = FORMATS[ending](chart.to_dict())
    try:
        target.write_bytes(content)
    except OSError as error:
        raise ResultsError(
            where=str(target), expected=f"cannot be written: {error.strerror or error}: name another file"
        ) from None
    return target


def refuse_without_pictures(ending: str) -> None:
    """Refuse a format, by the *ending* of its files, for which the extra ``pictures`` is needed and not installed.

    Raises
    ------
    MissingExtra
        It is needed and not installed.

    >>> refuse_without_pictures("json")
    """
    if ending != "json":
        require_extra("pictures", "vl_convert")


def _svg(spec: dict[str, Any]) -> bytes:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version())).encode()


def _png(spec: dict[str, Any]) -> bytes:
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=vega_lite_version(), scale=_SCALE))


def _html(spec: dict[str, Any]) -> bytes:
    return chart_page(spec, finding_of(spec)).encode()


def _json(spec: dict[str, Any]) -> bytes:
    return json.dumps(spec, indent=2, allow_nan=False).encode()


FORMATS: dict[str, Callable[[dict[str, Any]], bytes]] = {"svg": _svg, "png": _png, "html": _html, "json": _json}
"""What turns the description of a chart into the content of a file, by the ending of its name."""
