"""The gallery: one chart at a time, chosen by group and name, of the treatment and of the baseline beside it.

Where a chart shows a day or a firm, or groups firms, that is chosen, too; where it has a table of its figures, that
stands below it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

import ipywidgets
from traitlets import Bunch

from gpnde.charts.catalogue import CHARTS
from gpnde.charts.parts import last_day
from gpnde.charts.theme import nothing
from gpnde.lab.chart_view import ChartView
from gpnde.lab.job import told
from gpnde.lab.wording import calendar
from gpnde.plugin.host import plugin_host
from gpnde.results.chart import ChartKind
from gpnde.results.run import Run
from gpnde.vocabulary import Grouping

BASELINE, TREATMENT = "baseline", "treatment"


def chart_kinds() -> dict[str, ChartKind[...]]:
    """Return all charts by name: those of gpnde, then those that plugins offer, as far as their names are free."""
    return {**CHARTS, **{name: kind for name, kind in plugin_host().charts.items() if name not in CHARTS}}


class Gallery(ipywidgets.VBox):
    """Shows a chart of the runs that it is given, redrawn when a run, the chart or what it shows of it changes."""

    def __init__(self, days: float, on_click: Callable[[str, dict[str, Any]], None]) -> None:
        """Tell *on_click* of each mark that is clicked: in which run, and the row behind it."""
        self.kinds = chart_kinds()
        self.runs: dict[str, Run] = {}
        self._has_twins = False
        groups = list(dict.fromkeys(kind.group for kind in self.kinds.values()))
        self.group = ipywidgets.ToggleButtons(
            options=[(group.capitalize(), group) for group in groups], tooltips=[f"Charts of {g}" for g in groups],
            style={"button_width": "auto"},
        )  # fmt: skip
        self.chart = ipywidgets.Dropdown(options=self._names(), description="Chart", layout={"width": "auto"})
        self.day = ipywidgets.FloatSlider(
            value=days, min=0, max=days, step=1, description="Day", readout_format=",.0f", continuous_update=False,
            tooltip="Day whose state is shown", layout={"flex": "1 1 16em"},
        )  # fmt: skip
        self.firm = ipywidgets.Dropdown(
            description="Firm", tooltip="Firm that is shown", layout={"width": "auto", "max_width": "100%"}
        )
        self.by = ipywidgets.Dropdown(
            options=[("as it is", None), *((name, name) for name in get_args(Grouping))], value=None,
            description="Grouped by", tooltip="What firms and sites are grouped by", layout={"width": "auto"},
        )  # fmt: skip
        self.date = ipywidgets.Label()
        self.date.add_class("gpnde-date")
        self.views = {side: ChartView(label=side.capitalize()) for side in (BASELINE, TREATMENT)}
        for side, view in self.views.items():
            view.observe(lambda change, side=side: on_click(side, change.new), "clicked")
        self.tables = {side: ipywidgets.HTML() for side in self.views}
        self._sides = {side: self._side(side) for side in self.views}
        self._observe()
        chosen = ipywidgets.HBox(
            [self.chart, self.firm, self.by, self.day, self.date], layout={"flex_flow": "row wrap"}
        )
        pictures = ipywidgets.HBox(list(self._sides.values()), layout={"flex_flow": "row wrap"})
        super().__init__([self.group, chosen, pictures])
        self.add_class("gpnde-gallery")
        self._arrange()

    @property
    def kind(self) -> ChartKind[...]:
        """The chart that is chosen."""
        return self.kinds[self.chart.value]

    def show(self, runs: Mapping[str, Run], *, force: bool = False) -> None:
        """Show these runs by name, finished or not; names that are not given keep their run."""
        for run in runs.values():
            self._offer_firms(run)
        self.runs |= runs
        for side, run in runs.items():
            self._draw(side, run, force)

    def choose(self, name: str) -> None:
        """Show the chart of that name."""
        self.group.value = self.kinds[name].group
        self.chart.value = name

    def choose_firm(self, name: str) -> None:
        """Show that firm in charts of one firm; a name that no firm has changes nothing."""
        if name in self.firm.options:
            self.firm.value = name

    def forget(self, side: str) -> None:
        """Show no run on a side any more."""
        self.runs.pop(side, None)
        self._arrange()

    def show_twins(self, wanted: bool) -> None:
        """Show the chart of the baseline beside that of the treatment, or only the latter."""
        self._has_twins = wanted
        self._arrange()

    def set_days(self, days: float) -> None:
        """Set the range of the day to another horizon, and the day to its end."""
        # Widened first and narrowed last: a slider takes no value beyond its end.
        self.day.max = max(days, self.day.max)
        self.day.value = days
        self.day.max = days

    def _draw(self, side: str, run: Run, force: bool) -> None:
        """Draw a run; where a chart cannot be drawn, as one of a plugin may not, say why in its place."""
        kind, view, table = self.kind, self.views[side], ""
        try:
            view.show(kind(run, **self._choices(run)), force=force)
            table = self._table(run)
        except Exception as error:
            view.show(nothing(kind.title, told(error)), force=force)
        self.tables[side].value = table
        self._arrange()

    def _choices(self, run: Run) -> dict[str, Any]:
        """Return what the chart is called with besides the run."""
        choices = {"day": self._day(run)} if self.kind.by_day else {}
        choices |= {"firm": self.firm.value} if self.kind.by_firm else {}
        return choices | ({"by": self.by.value} if self.kind.by_group and self.by.value else {})

    def _table(self, run: Run) -> str:
        """Return the figures of the firm that is shown as HTML, nothing where the chart has no table of them."""
        make = self.kind.table
        return make(run, self.firm.value)._repr_html_() if make and self.kind.can_show(run) else ""

    def _offer_firms(self, run: Run) -> None:
        names = tuple(firm["name"] for firm in run.scenario["firms"])
        if names != self.firm.options:
            self.firm.options = names
            self.firm.value = self.firm.value or names[0]

    def _day(self, run: Run) -> float | None:
        """Return the day that is shown; None, which stands for the last one recorded, until the run has come to it."""
        day = float(self.day.value)
        return day if day <= last_day(run) else None

    def _date(self) -> None:
        """Write the date of the day that is shown, as far as there is a run that tells when it begins."""
        run = self.runs.get(TREATMENT)
        start = run.scenario["clock"].get("start") if run else None
        self.date.value = calendar(date.fromisoformat(str(start)[:10]), self.day.value) if start else ""

    def _side(self, side: str) -> ipywidgets.VBox:
        heading = ipywidgets.HTML(f"<b>{side.capitalize()}</b>")
        self.tables[side].add_class("gpnde-statements")
        parts = [heading, self.views[side], self.tables[side]]
        box = ipywidgets.VBox(parts, layout={"flex": "1 1 24em", "min_width": "0"})
        box.add_class(f"gpnde-{side}")
        return box

    def _arrange(self) -> None:
        """Show the sides that have a run, what can be chosen of the chart, and headings where there are two sides."""
        for side, box in self._sides.items():
            is_twin = side in self.runs and self._has_twins
            box.layout.display = None if is_twin or side == TREATMENT else "none"
            box.children[0].layout.display = None if BASELINE in self.runs and self._has_twins else "none"
            self.tables[side].layout.display = None if self.tables[side].value else "none"
        self.firm.layout.display = None if self.kind.by_firm else "none"
        self.by.layout.display = None if self.kind.by_group else "none"
        self.day.layout.display = self.date.layout.display = None if self.kind.by_day else "none"
        self._date()

    def _observe(self) -> None:
        self.group.observe(self._choose_group, "value")
        self.chart.observe(lambda change: self._redraw(), "value")
        self.day.observe(lambda change: self._redraw() if self.kind.by_day else None, "value")
        self.firm.observe(lambda change: self._redraw() if self.kind.by_firm else None, "value")
        self.by.observe(lambda change: self._redraw() if self.kind.by_group else None, "value")

    def _names(self) -> list[tuple[str, str]]:
        return [(kind.title, name) for name, kind in self.kinds.items() if kind.group == self.group.value]

    def _choose_group(self, change: Bunch) -> None:
        self.chart.options = self._names()

    def _redraw(self) -> None:
        self._arrange()
        # A copy, since the worker may show another run meanwhile.
        for side, run in list(self.runs.items()):
            self._draw(side, run, force=True)
