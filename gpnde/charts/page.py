"""A page of charts, tables and text: one HTML file that can be read without a network and loads nothing."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gpnde.charts.page_assets import EMBED, STYLE, TABLES
from gpnde.charts.vega import library_source, vega_lite_version

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the page may do: run the scripts that have these digests, and load nothing."""

_SORTABLE = '<table class="sortable">'

_LESS_THAN = "\\u003c"
"""How JSON writes < where it could close the script element that it stands in."""


def page(title: str, body: str, charts: Mapping[str, Chart | dict[str, Any]]) -> str:
    """Return the page; each of *charts* is drawn into the `figure` of its name, *body* is HTML.

    A chart is one of Altair or its description in Vega-Lite.
    """
    specs = json.dumps({name: _described(chart) for name, chart in charts.items()}, allow_nan=False)
    # Digests are of the scripts as they stand in the page, so that these are made ready before.
    scripts = [_closed(library_source()), EMBED.replace("VERSION", vega_lite_version())]
    scripts += [TABLES] if _SORTABLE in body else []
    policy = _POLICY.format(scripts=" ".join(_digest(script) for script in scripts))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{safe(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
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


def folded(title: str, *parts: str, is_open: bool = False) -> str:
    """Return a section that its heading opens and shuts, or nothing where all parts are empty."""
    inside = "\n".join(part for part in parts if part)
    state = " open" if is_open else ""
    head = f"<summary><h2>{safe(title)}</h2></summary>"
    return f'<details class="part"{state}>{head}\n{inside}\n</details>' if inside else ""


def summary(*answers: tuple[str, str]) -> str:
    """Return the first page: questions with their answers in HTML, without those that have none."""
    inside = "\n".join(f"<h3>{safe(question)}</h3>\n{answer}" for question, answer in answers if answer)
    return f'<section class="summary" aria-label="Summary">{inside}</section>'


def figure(name: str, number: int = 0, caption: str = "") -> str:
    """Return the place of the chart *name*, with its *number* and a *caption* where there is one."""
    said = f"<figcaption><b>Figure {number}.</b> {safe(caption)}</figcaption>" if caption else ""
    return f'<figure><div id="{safe(name)}"></div>{said}</figure>'


def table(
    names: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ("Number",), caption: str = ""
) -> str:
    """Return a table that can be sorted by its columns, or nothing where it has no rows.

    Columns named in *numeric* are set flush right and sorted by size.
    """
    side = [' class="n"' if name in numeric else "" for name in names]
    head = "".join(f'<th scope="col"{cls}>{safe(name)}</th>' for name, cls in zip(names, side, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{cls}>{safe(cell)}</td>" for cell, cls in zip(row, side, strict=True)) + "</tr>"
        for row in rows
    )
    said = f"<caption>{safe(caption)}</caption>" if caption else ""
    whole = f"{_SORTABLE}{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{whole}</div>' if body else ""


def bullets(items: Sequence[str]) -> str:
    """Return a list, or nothing where it is empty."""
    return f"<ul>{''.join(f'<li>{safe(item)}</li>' for item in items)}</ul>" if items else ""


def finding_of(spec: Mapping[str, Any]) -> str:
    """Return the heading of a chart, *spec* in Vega-Lite, in one line.

    >>> finding_of({"title": {"text": ["Orders come", "late"]}}), finding_of({})
    ('Orders come late', '')
    """
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text)


def shows_nothing(spec: Mapping[str, Any]) -> bool:
    """Return whether a chart, *spec* in Vega-Lite, only says why there is nothing to show.

    >>> from gpnde.charts.theme import nothing
    >>> shows_nothing(nothing("Stock", "None was recorded.").to_dict())
    True
    """
    mark = spec.get("mark")
    return isinstance(mark, dict) and mark.get("type") == "text"
