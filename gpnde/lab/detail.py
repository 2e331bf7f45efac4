"""The detail: what a run knows of the firm, site, tier or cluster behind a mark that was clicked."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import ipywidgets

from gpnde.charts.parts import listed, table_of
from gpnde.charts.tiers import PartKind, flow_of
from gpnde.lab.chart_view import ChartView
from gpnde.lab.wording import title_of, unit_of
from gpnde.results.headline import number
from gpnde.results.run import Run
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import polars as pl

Kind = PartKind | Literal["market"]

_TABLES: dict[Kind, str] = {"site": "sites", "firm": "firms", "tier": "tiers", "market": "markets", "cluster": "sites"}
"""Which table tells of what a mark stands for; the first key that a mark has counts."""

_MOST_NAMES = 8


class Part(NamedTuple):
    """The part of the network that a mark stands for."""

    kind: Kind
    name: Any


def part_of(datum: Mapping[str, Any]) -> Part | None:
    """Return what the row behind a mark stands for; the first kind counts of which it names one.

    >>> part_of({"site": "", "cluster": "Bangkok"}), part_of({"ratio": 1.2})
    (Part(kind='cluster', name='Bangkok'), None)
    """
    return next((Part(kind, datum[kind]) for kind in _TABLES if datum.get(kind) not in (None, "")), None)


_HINT = "<i>Click a firm, a tier or a cluster in a chart to see what is known of it.</i>"


class Detail(ipywidgets.HBox):
    """Shows a part of the network: its figures, its links, and its orders and stocks over time."""

    def __init__(self) -> None:
        """Say how a part is chosen."""
        self.words = ipywidgets.HTML(_HINT)
        self.words.add_class("gpnde-detail")
        self.history = ChartView(label="History of what was clicked", layout={"flex": "1 1 24em", "display": "none"})
        self.history.add_class("gpnde-history")
        super().__init__([self.words, self.history], layout={"flex_flow": "row wrap"})

    def clear(self) -> None:
        """Show no part any more."""
        self.words.value, self.history.layout.display = _HINT, "none"

    def show(self, run: Run, side: str, datum: Mapping[str, Any], day: float | None) -> None:
        """Show what a run of one *side* knows of the part behind the row *datum*, on a day or at its end."""
        self.words.value = detail(run, side, datum, day)
        part = part_of(datum)
        self.history.layout.display = "none" if part is None or part.kind == "market" else None
        if part is not None and part.kind != "market":
            self.history.show(flow_of(run, part.kind, part.name), force=True)


def detail(run: Run, side: str, datum: Mapping[str, Any], day: float | None) -> str:
    """Return what a run knows, on a day or at its end, of the firm, site, tier or cluster behind a mark, as HTML."""
    part = part_of(datum)
    if part is None:
        return _page("This mark stands for no single firm, site, tier or cluster.", datum)
    title = f"{part.kind.capitalize()} {html.escape(str(part.name))}, {side}"
    row = {name: value for name, value in (_last_row(run, part, day) or datum).items() if name != part.kind}
    return _page(title, {**_relations(run, part), **row})


def _last_row(run: Run, part: Part, day: float | None) -> dict[str, str]:
    """Return the last row about a part, up to a day, with units; of a cluster, that of its sites added up."""
    import polars as pl

    name = _TABLES[part.kind]
    table = run.tables.get(name)
    if table is None or part.kind not in table.columns:
        return {}
    rows = table.filter(pl.col(part.kind).cast(pl.String) == str(part.name))
    if day is not None:
        rows = rows.filter(pl.col("day") <= day)
    if rows.is_empty():
        return {}
    last = rows.filter(pl.col("day") == pl.col("day").max())
    row = _added_up(last, part) if last.height > 1 else last.row(0, named=True)
    units = run.units(name)
    return {column: _value(value, units.get(column, "")) for column, value in row.items()}


def _added_up(rows: pl.DataFrame, part: Part) -> dict[str, Any]:
    """Return rows of one day as one: what can be added is, and names are left out."""
    import polars as pl

    same = rows.select("day", part.kind).row(0, named=True)
    sums = rows.select(pl.selectors.numeric()).drop("day", "tier", strict=False).sum().row(0, named=True)
    return {**same, "sites": rows.height, **sums}


def _relations(run: Run, part: Part) -> dict[str, str]:
    """Return the links in force of a site, or of the sites of a firm."""
    import polars as pl

    if part.kind not in ("site", "firm"):
        return {}
    key = "firm" if part.kind == "firm" else "name"
    sites = [site["name"] for site in run.network["sites"] if site[key] == part.name]
    links = table_of(run, "links").filter(pl.col("status") == "active")
    found = {"sites": sites} if part.kind == "firm" else {}
    for title, own, other in (("suppliers", "buyer", "supplier"), ("buyers", "supplier", "buyer")):
        names = links.filter(pl.col(own).is_in(sites))[other].unique(maintain_order=True)
        found[title] = [name for name in names if name != OUTSIDE]
    return {title: listed(names, _MOST_NAMES) or "none" for title, names in found.items()}


def _value(value: Any, unit: str) -> str:
    text = number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return f"{text} {unit_of(unit)}".rstrip()


def _page(title: str, rows: Mapping[str, Any]) -> str:
    body = "".join(
        f"<tr><th scope='row'>{html.escape(title_of(name))}</th><td>{html.escape(str(value))}</td></tr>"
        for name, value in rows.items()
    )
    return f"<h2>{title}</h2><table>{body}</table>"
