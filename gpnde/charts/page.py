"""A page of charts, tables and text: one HTML file that can be read without a network and loads nothing."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from gpnde.charts.theme import vega_lite_version

if TYPE_CHECKING:
    from gpnde.charts.theme import Chart

_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""What the page may do: run what it holds itself (Vega makes functions from text), and load nothing."""

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
const specs = JSON.parse(document.getElementById("specs").textContent);
const actions = {export: true, source: false, compiled: false, editor: false};
for (const [id, spec] of Object.entries(specs)) {
  vegaEmbed("#" + id, spec, {actions, renderer: "svg"});
}
"""


def page(title: str, body: str, charts: Mapping[str, Chart]) -> str:
    """Return the page; each of *charts* is drawn into the `figure` of its name, *body* is HTML."""
    specs = json.dumps({name: chart.to_dict() for name, chart in charts.items()}, allow_nan=False)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"{body}\n</main>",
            f'<script type="application/json" id="specs">{specs.replace("<", _LESS_THAN)}</script>',
            f"<script>{_libraries()}</script>\n<script>{_EMBED}</script>\n</body>\n</html>\n",
        ]
    )


def _libraries() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script, in the version that Altair writes for."""
    import vl_convert

    snippet = "window.vegaEmbed = vegaEmbed;"
    script = str(vl_convert.javascript_bundle(snippet, vl_version=vega_lite_version()))
    return script.replace("</script", "<\\/script")


def safe(text: object) -> str:
    """Return a text of which nothing can become markup."""
    return html.escape(str(text))


def section(title: str, *parts: str) -> str:
    """Return a section with its heading, or nothing where all parts are empty."""
    inside = "\n".join(part for part in parts if part)
    return f"<h2>{safe(title)}</h2>\n{inside}" if inside else ""


def figure(name: str) -> str:
    """Return the place of the chart *name*."""
    return f'<figure><div id="{name}"></div></figure>'


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
