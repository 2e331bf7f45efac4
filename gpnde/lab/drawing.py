"""Take a chart apart: what changes with every picture of a run, and what stays as it is.

A page compiles the description of a chart once, which is slow. Afterwards it only needs the new rows and words.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

_PLACE = "-"
"""What the description holds where the page puts a word."""

_GIVEN_NAME = re.compile(r"(?<![A-Za-z0-9_])(?:view|param)_(?:[0-9a-f]{16}(?:_\d+)?|\d+)")
"""A name that Altair gives: it depends on the rows, or on how many names it has given before."""


class Drawing(NamedTuple):
    """A chart in three parts, which together hold all of it."""

    spec: dict[str, Any]
    """The description in Vega-Lite, without rows and words; equal for two states of one chart."""
    words: dict[str, Any]
    """Whatever it has of ``title``, ``subtitle`` and ``description``."""
    data: dict[str, Any]
    """Rows by the name of the dataset, which counts them in the order of the description: ``data-0``, ``data-1``."""

    def whole(self) -> dict[str, Any]:
        """Return the chart put together again, as one description in Vega-Lite."""
        spec = self.spec | {"datasets": self.data}
        if "title" in spec:
            spec["title"] = spec["title"] | {_TITLE[key]: self.words[key] for key in _TITLE if key in self.words}
        return spec | {key: self.words[key] for key in ("description",) if key in self.words}

    def fits(self, before: Drawing | None) -> bool:
        """Return whether it follows from the drawing *before* by rows and words alone."""
        if before is None or self.spec != before.spec or self.words.keys() != before.words.keys():
            return False
        return all(isinstance(rows, list) for rows in self.changes(before).values())

    def changes(self, before: Drawing) -> dict[str, Any]:
        """Return the datasets whose rows differ from those *before*."""
        return {name: rows for name, rows in self.data.items() if before.data.get(name) != rows}


_TITLE = {"title": "text", "subtitle": "subtitle"}
"""The key in a title of Vega-Lite for each word that stands there."""


def drawing_of(chart: Chart | dict[str, Any]) -> Drawing:
    """Return the parts of a chart of Altair, or of a description in Vega-Lite, which is left as it is.

    >>> drawing = drawing_of({"title": "Stock", "data": {"values": [{"day": 1}]}, "mark": "bar"})
    >>> drawing.spec
    {'title': {'text': '-'}, 'data': {'name': 'data-0'}, 'mark': 'bar'}
    >>> drawing.words, drawing.data
    ({'title': 'Stock'}, {'data-0': [{'day': 1}]})
    """
    spec = dict(chart if isinstance(chart, dict) else chart.to_dict(validate=False))
    given = spec.pop("datasets", {})
    words = _take_words(spec)
    data: dict[str, Any] = {}
    names: dict[str, str] = {}
    spec = _without_rows(spec, given, names, data)
    return Drawing(_renamed(spec), words, {name: _finite(rows) for name, rows in data.items()})


def _take_words(spec: dict[str, Any]) -> dict[str, Any]:
    """Take title, subtitle and description out of *spec*, and return them."""
    words = {"description": spec.pop("description")} if "description" in spec else {}
    title = spec.get("title")
    if not title:
        return words
    parts = dict(title) if isinstance(title, dict) else {"text": title}
    found = {word: parts[key] for word, key in _TITLE.items() if parts.get(key)}
    spec["title"] = parts | {_TITLE[word]: _PLACE for word in found}
    return words | found


def _without_rows(part: Any, given: dict[str, Any], names: dict[str, str], data: dict[str, Any]) -> Any:
    """Return *part* of a description with its datasets named in order; their rows are put into *data*."""
    if isinstance(part, list):
        return [_without_rows(inner, given, names, data) for inner in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _named(inner, given, names, data)
        if key == "data" and isinstance(inner, dict)
        else _without_rows(inner, given, names, data)
        for key, inner in part.items()
    }


def _named(
    source: dict[str, Any], given: dict[str, Any], names: dict[str, str], data: dict[str, Any]
) -> dict[str, Any]:
    """Return the data *source* under the name that its place gives it, or as it is where it holds no rows."""
    rest = dict(source)
    if "values" in source:
        name, rows = f"data-{len(data)}", rest.pop("values")
    elif source.get("name") in given:
        name = names.setdefault(source["name"], f"data-{len(data)}")
        rows = given[source["name"]]
    else:
        return rest
    data[name] = rows
    return rest | {"name": name}


def _renamed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return *spec* with the names that Altair gives replaced by their order in this chart."""
    order: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        kind = found[0].partition("_")[0]
        return order.setdefault(found[0], f"{kind}_of_chart_{len(order)}")

    # In the text as a whole, since names also stand inside of expressions.
    renamed: dict[str, Any] = json.loads(_GIVEN_NAME.sub(name, json.dumps(spec)))
    return renamed


def _finite(rows: Any) -> Any:
    """Return *rows* with null for each number that JSON does not know (nan and the infinities)."""
    if not isinstance(rows, list) or all(map(math.isfinite, _fractions(rows))):
        return rows
    return [{key: _finite_number(value) for key, value in row.items()} for row in rows]


def _fractions(rows: list[Any]) -> Iterator[float]:
    return (value for row in rows if isinstance(row, dict) for value in row.values() if isinstance(value, float))


def _finite_number(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
