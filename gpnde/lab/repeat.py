"""Tells a page again how the widgets are that it shows.

A page first asks for the state of all widgets, then follows their changes. A change in between, by a run that goes on
beside the notebook, is lost.
"""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets

from gpnde.lab.chart_view import ChartView


def repeat(widget: ipywidgets.Widget) -> None:
    """Send the state of a widget and of all below it to the page again; a chart asks for its own.

    >>> repeat(ipywidgets.VBox([ipywidgets.HTML("done")]))
    """
    for part in _parts(widget):
        part.layout.send_state()
        if not isinstance(part, ipywidgets.Box | ChartView):
            part.send_state()


def _parts(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _parts(child)
