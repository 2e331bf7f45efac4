"""A chart as a page of its own, which needs no internet and no kernel."""

from __future__ import annotations

import html
import json
from typing import Any

from gpnde.charts.theme import vega_lite_version
from gpnde.lab.library import library_source

_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""What the page may do: run what it holds itself (Vega makes functions from text), and load nothing."""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem; }} #chart {{ overflow-x: auto; }}</style>
</head>
<body>
<main><div id="chart"></div><p>{description}</p></main>
<script type="application/json" id="spec">{spec}</script>
<script>{library}</script>
<script>
const spec = JSON.parse(document.getElementById("spec").textContent);
const actions = {{ export: true, source: false, compiled: false, editor: false }};
gpndeVega["{version}"].vegaEmbed("#chart", spec, {{ actions, renderer: "svg" }});
</script>
</body>
</html>
"""


def chart_page(spec: dict[str, Any], title: str) -> str:
    """Return a page of HTML that shows the chart *spec*, a description in Vega-Lite with its data."""
    return _PAGE.format(
        policy=_POLICY,
        title=html.escape(title),
        description=html.escape(str(spec.get("description", ""))),
        spec=json.dumps(spec, allow_nan=False).replace("<", "\\u003c"),
        library=library_source().replace("</script", "<\\/script"),
        version=vega_lite_version(),
    )
