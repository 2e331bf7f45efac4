"""The lab in words: figures of a finished run beside the baseline, and what is known of a mark that was clicked."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from gpnde.results.headline import headlines, number
from gpnde.results.run import Run

_TABLES = {"site": "sites", "firm": "firms", "tier": "tiers", "market": "markets", "cluster": "sites"}
"""Which table tells of what a mark stands for; the first key that a mark has counts."""


def tiles(treatment: Run, baseline: Run | None) -> str:
    """Return the main figures of a run as HTML, each with that of the baseline if there is one."""
    before = dict(headlines(baseline)) if baseline else {}
    return "".join(_tile(label, text, before.get(label)) for label, text in headlines(treatment))


def _tile(label: str, text: str, before: str | None) -> str:
    compared = f"<small>baseline {html.escape(before)}</small>" if before is not None else ""
    return f'<div class="gpnde-tile"><b>{html.escape(text)}</b><span>{html.escape(label)}</span>{compared}</div>'


def detail(run: Run, side: str, datum: Mapping[str, Any], day: float | None) -> str:
    """Return what a run knows, on a day or at its end, of the firm, site, tier or cluster behind a mark, as HTML."""
    key = next((key for key in _TABLES if datum.get(key) is not None), None)
    if key is None:
        return _page("This mark stands for no single firm, site, tier or cluster.", datum)
    title = f"{key.capitalize()} {html.escape(str(datum[key]))}, {side}"
    rows = _rows(run, key, datum[key], day)
    return _page(title, rows or datum)


def _rows(run: Run, key: str, name: Any, day: float | None) -> dict[str, str]:
    """Return the last row about a thing, up to a day, with units."""
    import polars as pl

    table = run.tables.get(_TABLES[key])
    if table is None or key not in table.columns:
        return {}
    rows = table.filter(pl.col(key).cast(pl.String) == str(name))
    if day is not None:
        rows = rows.filter(pl.col("day") <= day)
    if rows.is_empty():
        return {}
    units = run.units(_TABLES[key])
    return {column: _value(value, units.get(column, "")) for column, value in rows.row(-1, named=True).items()}


def _value(value: Any, unit: str) -> str:
    text = number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return text if unit in ("", "1", "name") else f"{text} {unit}"


def _page(title: str, rows: Mapping[str, Any]) -> str:
    body = "".join(
        f"<tr><th scope='row'>{html.escape(name.replace('_', ' '))}</th><td>{html.escape(str(value))}</td></tr>"
        for name, value in rows.items()
    )
    return f"<h4>{title}</h4><table>{body}</table>"
