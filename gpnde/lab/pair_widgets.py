"""What the effect panel and the wall of policies ask alike: a measure and a number of pairs, and how many are done."""

from __future__ import annotations

import ipywidgets

from gpnde.results.courses import MEASURES

_LABELS = {"description_width": "initial"}


def choice_of_measure(tooltip: str) -> ipywidgets.Dropdown:
    """Return a widget that chooses the measure on which an effect is shown."""
    options = [(each.label, name) for name, each in MEASURES.items()]
    layout = {"width": "auto"}
    return ipywidgets.Dropdown(options=options, description="Effect on", tooltip=tooltip, style=_LABELS, layout=layout)


def count_of_pairs(first: int, most: int, tooltip: str) -> ipywidgets.BoundedIntText:
    """Return a widget for a number of pairs of runs, 2 at least, since one pair has no interval."""
    layout = {"width": "7em"}
    return ipywidgets.BoundedIntText(
        first, min=2, max=most, description="Pairs", tooltip=tooltip, style=_LABELS, layout=layout
    )


def progress_of(what: str) -> ipywidgets.FloatProgress:
    """Return a bar that tells how many of *what* are done, hidden at first."""
    layout = {"width": "8em", "display": "none"}
    return ipywidgets.FloatProgress(value=0, min=0, max=1, tooltip=f"How many of the {what} are done", layout=layout)
