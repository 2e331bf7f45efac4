"""A page of charts, tables and text: one HTML file that can be read without a network and loads nothing."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gpnde.charts.vega import library_source, vega_lite_version

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the page may do: run the scripts that have these digests, and load nothing."""

_LESS_THAN = "\\u003c"
"""How JSON writes < where it could close the script element that it stands in."""

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #222; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
p.sub { color: #595959; margin: 0 0 .25rem; }
ul.numbers { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
  gap: .75rem; padding: 0; }
ul.numbers li { border: 1px solid #ddd; border-radius: .4rem; padding: .7rem .9rem; }
ul.numbers b { display: block; font-size: 1.45rem; font-weight: 600; color: #0072B2; }
div.wide { overflow-x: auto; }
figure { margin: 1.75rem 0; overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
code { font-size: .95em; }
"""

_EMBED = """
const { vegaEmbed } = gpndeVega["VERSION"];
const specs = JSON.parse(document.getElementById("specs").textContent);
const actions = { export: true, source: false, compiled: false, editor: false };
for (const [id, spec] of Object.entries(specs)) {
  const place = document.getElementById(id);
  vegaEmbed(place, spec, { actions, renderer: "svg", ast: true }).catch((error) => {
    place.textContent = `cannot be drawn: ${error.message}`;
  });
}
"""
"""Draws the charts. Expressions are interpreted (ast): the page may not make functions out of text."""


def page(title: str, body: str, charts: Mapping[str, Chart | dict[str, Any]]) -> str:
    """Return the page; each of *charts* is drawn into the `figure` of its name, *body* is HTML.

    A chart is one of Altair or its description in Vega-Lite.
    """
    specs = json.dumps({name: _described(chart) for name, chart in charts.items()}, allow_nan=False)
    # Digests are of the scripts as they stand in the page, so that these are made ready before.
    scripts = [_closed(library_source()), _EMBED.replace("VERSION", vega_lite_version())]
    policy = _POLICY.format(scripts=" ".join(_digest(script) for script in scripts))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"{body}\n</main>",
            f'<script type="application/json" id="specs">{specs.replace("<", _LESS_THAN)}</script>',
            *[f"<script>{script}</script>" for script in scripts],
            "</body>\n</html>\n",
        ]
    )


def chart_page(spec: dict[str, Any], title: str) -> str:
    """Return a page that shows one chart, *spec* in Vega-Lite, and its description in words."""
    return page(title, f"{figure('chart')}\n<p>{safe(spec.get('description', ''))}</p>", {"chart": spec})


def _described(chart: Chart | dict[str, Any]) -> dict[str, Any]:
    return chart if isinstance(chart, dict) else chart.to_dict()


def _closed(script: str) -> str:
    """Return a script that ends where its element does."""
    return script.replace("</script", "<\\/script")


def _digest(script: str) -> str:
    """Return how a content security policy names a script."""
    return f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"


def safe(text: object) -> str:
    """Return a text of which nothing can become markup."""
    return html.escape(str(text))


def section(title: str, *parts: str) -> str:
    """Return a section with its heading, or nothing where all parts are empty."""
    inside = "\n".join(part for part in parts if part)
    return f"<h2>{safe(title)}</h2>\n{inside}" if inside else ""


def figure(name: str) -> str:
    """Return the place of the chart *name*."""
    return f'<figure><div id="{safe(name)}"></div></figure>'


def table(names: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ("Number",)) -> str:
    """Return a table, or nothing where it has no rows; columns named in *numeric* are set flush right."""
    side = [' class="n"' if name in numeric else "" for name in names]
    head = "".join(f"<th{cls}>{safe(name)}</th>" for name, cls in zip(names, side, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{cls}>{safe(cell)}</td>" for cell, cls in zip(row, side, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>' if body else ""


def bullets(items: Sequence[str]) -> str:
    """Return a list, or nothing where it is empty."""
    return f"<ul>{''.join(f'<li>{safe(item)}</li>' for item in items)}</ul>" if items else ""
