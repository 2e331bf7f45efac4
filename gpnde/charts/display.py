"""How a notebook shows a chart: with the Vega that the notebook itself has, and nothing from the internet.

Altair's own way loads Vega from a content delivery network. JupyterLab, Notebook, Voila and Visual Studio Code bring a
Vega of version 5 along, which draws what Vega-Lite is compiled to; where there is none, the chart is a picture.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from gpnde.charts.vega import vega_lite_version
from gpnde.extras import MissingExtra, require_extra

if TYPE_CHECKING:
    from altair.vegalite.display import DefaultRendererReturnType

_NAME = "gpnde"
_MIME_TYPE = "application/vnd.vega.v5+json"
_SCHEMA = "https://vega.github.io/schema/vega/v5.json"
"""The schema of the description; an address that is never opened."""

_OPTIONS: dict[str, Any] = {
    "renderer": "svg",
    "actions": {"export": True, "source": False, "compiled": False, "editor": False},
}
"""How Vega draws: as marks that a screen reader finds, with a menu that leads to no other host."""


@functools.cache
def show_from_local_files() -> None:
    """Set Altair up to show charts in notebooks without the internet, once, unless the user has chosen a renderer."""
    import altair as alt

    alt.renderers.register(_NAME, notebook_bundle)
    if alt.renderers.active == "default":
        alt.renderers.enable(_NAME)


def notebook_bundle(spec: dict[str, Any], **_options: Any) -> DefaultRendererReturnType:
    """Return what a notebook may show for a chart in Vega-Lite: Vega, which it prefers, or a picture, or words.

    Without the extra ``pictures`` there are words alone, which say how to get it.
    """
    words = str(spec.get("description", "a chart"))
    try:
        require_extra("pictures", "vl_convert")
    except MissingExtra as error:
        return {"text/plain": f"{words}\n{error}"}, {}
    return _drawn(spec) | {"text/plain": words}, {_MIME_TYPE: {"embed_options": _OPTIONS}}


def _drawn(spec: dict[str, Any]) -> dict[str, Any]:
    import vl_convert

    version = vega_lite_version()
    drawing = vl_convert.vegalite_to_vega(spec, vl_version=version)
    return {
        _MIME_TYPE: drawing | {"$schema": _SCHEMA},
        "image/svg+xml": vl_convert.vegalite_to_svg(spec, vl_version=version),
    }
