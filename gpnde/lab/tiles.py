"""The lab in words: the figures of a finished run, or how they differ from those of the baseline."""

from __future__ import annotations

import html
from typing import NamedTuple

from gpnde.results.headline import headline_names, headline_text, headlines
from gpnde.results.run import Run
from gpnde.study.measures import better_of
from gpnde.study.pairs import difference

_ARROWS = {1: "▲", -1: "▼"}


class Change(NamedTuple):
    """How a figure differs from that of the baseline."""

    label: str
    before: str
    after: str
    apart: str
    """The difference with its sign and unit; empty where there is none."""
    direction: int
    """1 where it is higher, -1 where it is lower, else 0."""
    word: str
    """better, worse, higher, lower or the same."""


def tiles(treatment: Run, baseline: Run | None) -> str:
    """Return the main figures of a run as HTML, or their differences from those of the baseline if there is one."""
    if baseline is None:
        return "".join(_tile(label, text) for label, text in headlines(treatment))
    found = changes(treatment, baseline)
    return "".join(_changed(change) for change in found if change.direction) + _unchanged(found)


def changes(treatment: Run, baseline: Run) -> list[Change]:
    """Return how the main figures that both runs have differ, in the order of headlines."""
    before, after = (_values(run) for run in (baseline, treatment))
    units = dict(treatment.metrics.select("metric", "unit").iter_rows())
    return [
        _change(name, label, before[name], after[name], units[name])
        for name, label in headline_names().items()
        if name in before and name in after
    ]


def _values(run: Run) -> dict[str, float]:
    rows = run.metrics.select("metric", "value").iter_rows()
    return {name: value for name, value in rows if value is not None}


def _change(name: str, label: str, before: float, after: float, unit: str) -> Change:
    apart, texts = difference(after, before), (headline_text(name, before, unit), headline_text(name, after, unit))
    # What is rounded away for the eye is no difference to it.
    direction = (apart > 0) - (apart < 0) if texts[0] != texts[1] else 0
    said = headline_text(name, apart, unit, signed=True) if direction else ""
    return Change(label, *texts, said, direction, _word(name, direction))


def _word(name: str, direction: int) -> str:
    if not direction:
        return "the same"
    way, better = "higher" if direction > 0 else "lower", better_of(name)
    if better == "neither":
        return way
    return "better" if way == better else "worse"


def _changed(change: Change) -> str:
    """Return a difference; its colour says nothing that the word beside it does not."""
    words = f"{_ARROWS[change.direction]} {change.apart}"
    kind = f"gpnde-{change.word}" if change.word in ("better", "worse") else "gpnde-neither"
    levels = f"baseline {html.escape(change.before)} → {html.escape(change.after)}"
    return (
        f'<div class="gpnde-tile {kind}"><b>{html.escape(words)} <i>{change.word}</i></b>'
        f"<span>{html.escape(change.label)}</span><small>{levels}</small></div>"
    )


def _unchanged(found: list[Change]) -> str:
    """Return the figures that do not differ in one tile."""
    same = [f"{html.escape(each.label)} {html.escape(each.before)}" for each in found if not each.direction]
    return (
        f'<div class="gpnde-tile gpnde-neither"><span>No difference</span><small>{"; ".join(same)}</small></div>'
        if same
        else ""
    )


def _tile(label: str, text: str) -> str:
    return f'<div class="gpnde-tile"><b>{html.escape(text)}</b><span>{html.escape(label)}</span></div>'
