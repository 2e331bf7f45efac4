"""A page that asked for its widgets while a run changed them is told them again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ipywidgets
import pytest

from gpnde.lab.chart_view import ChartView
from gpnde.lab.dashboard import Dashboard
from gpnde.lab.gallery import TREATMENT
from gpnde.lab.repeat import repeat


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Counter[ipywidgets.Widget]:
    """Return how often each widget has sent its whole state."""
    found: Counter[ipywidgets.Widget] = Counter()

    def send_state(self: ipywidgets.Widget, key: Any = None) -> None:
        if key is None:
            found[self] += 1

    monkeypatch.setattr(ipywidgets.Widget, "send_state", send_state)
    return found


def test_what_stands_in_a_box_is_sent_with_its_layout(sent: Counter[ipywidgets.Widget]) -> None:
    choice = ipywidgets.Dropdown(options=["a", "b"])
    inner, outer = ipywidgets.HBox([choice]), ipywidgets.VBox()
    outer.children = [inner]
    sent.clear()
    repeat(outer)
    assert sent == Counter([choice, choice.layout, inner.layout, outer.layout])


def test_chart_is_left_to_itself(sent: Counter[ipywidgets.Widget]) -> None:
    view = ChartView()
    sent.clear()
    repeat(view)
    assert sent == Counter([view.layout])


def test_dashboard_tells_a_new_page_what_runs_change(sent: Counter[ipywidgets.Widget]) -> None:
    lab = Dashboard("beer-game", run=False)
    sent.clear()
    lab.gallery.views[TREATMENT]._handle_custom_msg({"kind": "hello", "seq": 0}, [])
    told = [lab.status, lab.progress, lab.tiles, lab.gallery.firm, lab.exports.table, lab.pause_button]
    assert [sent[widget] for widget in told] == [1] * len(told)
    assert not sent[lab.controls]
    lab.close()
