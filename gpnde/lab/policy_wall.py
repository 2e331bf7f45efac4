"""The policy wall: every policy or every shock alone, run in the background for a few seeds, to choose one from."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NamedTuple

import ipywidgets

from gpnde.charts.effect_course import in_words
from gpnde.charts.policy_wall import Panel, policy_wall
from gpnde.errors import GpndeError
from gpnde.lab.chart_view import ChartView
from gpnde.lab.pair_widgets import choice_of_measure, count_of_pairs, progress_of
from gpnde.lab.settings import Settings
from gpnde.plugin.host import plugin_host
from gpnde.results.courses import MEASURES
from gpnde.scenario.schema import Scenario
from gpnde.study.background import Asked, BackgroundRuns, EndState, Fault, Job
from gpnde.study.intervals import Interval
from gpnde.study.measures import better_of
from gpnde.study.pairs import Outcome, Pair, differences, interval_of, net_cost
from gpnde.study.verdicts import change_word, verdict

Family = Literal["policy", "disruption"]

SEEDS = 4
"""Pairs of runs for each policy or shock, if nobody chooses another number."""

_NAMES: dict[Family, tuple[str, str]] = {
    "policy": ("policies", "Net cost (money)"),
    "disruption": ("shocks", "Profit lost (money)"),
}
"""What the components of a family are called, and what they cost."""

_PROFIT = "country.profit"
_MOST_SEEDS = 100
_WRAP = {"flex_flow": "row wrap", "align_items": "center"}


class Alone(NamedTuple):
    """A policy or shock alone: the scenario without it and with it."""

    component: str
    control: Scenario
    treated: Scenario


def each_alone(settings: Settings, family: Family) -> tuple[list[Alone], dict[str, str]]:
    """Return each component of a family alone beside the baseline, and by name why others cannot be.

    One that the baseline has is compared with the baseline without it.
    """
    baseline = settings.baseline()
    found: list[Alone] = []
    faults: dict[str, str] = {}
    for name in plugin_host().components:
        if name.startswith(f"{family}."):
            try:
                found.append(_alone(baseline, name))
            except GpndeError as error:
                faults[name] = str(error)
    return found, faults


def _alone(baseline: Scenario, name: str) -> Alone:
    changed = Settings(baseline)
    was_on = changed.is_on(name)
    changed.switch(name, not was_on)
    other = changed.scenario()
    plugin_host().build(other.components, other.requires)
    return Alone(name, other, baseline) if was_on else Alone(name, baseline, other)


class PolicyWall(ipywidgets.VBox):
    """Runs each policy or shock alone for a few seeds, shows effect and cost of all, and lets one be chosen.

    Attributes
    ----------
    policies, shocks
        The buttons that run all of one family, or stop them.
    measure, seeds
        What the effect is on, and how many pairs of runs each gets.
    view
        The chart.
    """

    def __init__(self, runs: BackgroundRuns, settings: Settings, on_choose: Callable[[str], None]) -> None:
        """Do the runs of *settings* with *runs*; tell *on_choose* of the component that is clicked."""
        self._runs, self._settings, self._on_choose = runs, settings, on_choose
        self._family: Family = "policy"
        self._pairs: dict[str, list[Pair]] = {}
        self._faults: dict[str, str] = {}
        self._job: Job | None = None
        self._is_running = False
        self._make()
        row = [self.policies, self.shocks, self.measure, self.seeds, self.progress]
        super().__init__([ipywidgets.HBox(row, layout=_WRAP), self.status, self.view])
        self.add_class("gpnde-wall")

    def start(self, family: Family) -> None:
        """Run every policy or every shock alone; return at once."""
        self._forget()
        self._family = family
        alone, self._faults = each_alone(self._settings, family)
        self._pairs = {one.component: [] for one in alone}
        asked = [
            (one.component, Asked(scenario, self._settings.seed, place))
            for place in range(self.seeds.value)
            for one in alone
            for scenario in (one.control, one.treated)
        ]
        self._is_running = True
        self._say_buttons()
        self.progress.value, self.progress.layout.display, self.view.layout.display = 0.0, None, None
        self._tell(f"Running {len(alone)} {_NAMES[family][0]}, {self.seeds.value} pairs each, beside this page.")
        take = partial(self._take, [name for name, _ in asked], [])
        self._job = self._runs.start([one for _, one in asked], take, self._show_end)

    def stop(self) -> None:
        """End the runs; what is known stays."""
        if self._job is not None:
            self._job.end("stopped")

    def clear(self) -> None:
        """Show nothing, where another scenario is taken up."""
        self._forget()
        self._pairs, self._faults = {}, {}
        self._say_buttons()
        self.progress.layout.display = self.view.layout.display = "none"
        self._tell("")

    def panels(self) -> list[Panel]:
        """Return what is known of each component; once nothing runs, the best first, those without effect left out."""
        found = [self._panel(name, pairs) for name, pairs in self._pairs.items()]
        if self._is_running:
            return found
        sign = 1.0 if better_of(self.measure.value) == "lower" else -1.0
        known = [panel for panel in found if panel.mean is not None]
        return sorted(known, key=lambda panel: sign * (panel.mean or 0.0))

    def _make(self) -> None:
        self.policies, self.shocks = ipywidgets.Button(), ipywidgets.Button()
        self._buttons: dict[Family, ipywidgets.Button] = {"policy": self.policies, "disruption": self.shocks}
        for family, button in self._buttons.items():
            button.layout.width = "auto"
            button.add_class(f"gpnde-all-{_NAMES[family][0]}")
            button.on_click(lambda _, family=family: self._pressed(family))
        self.measure = choice_of_measure("Measure on which the effects are shown")
        self.seeds = count_of_pairs(SEEDS, _MOST_SEEDS, "Pairs of runs each")
        self._make_outputs()
        self.measure.observe(lambda change: self._draw(), "value")
        self._say_buttons()

    def _make_outputs(self) -> None:
        self.progress = progress_of("runs")
        self.status = ipywidgets.HTML()
        self.view = ChartView(label="Policies and shocks at a glance", layout={"display": "none"})
        self.view.observe(lambda change: self._clicked(change.new), "clicked")

    def _pressed(self, family: Family) -> None:
        if self._is_running and family == self._family:
            self.stop()
        else:
            self.start(family)

    def _say_buttons(self) -> None:
        for family, button in self._buttons.items():
            runs = self._is_running and family == self._family
            button.description = f"{'Stop' if runs else 'Compare'} all {_NAMES[family][0]}"

    def _forget(self) -> None:
        if self._job is not None:
            self._job.end("forgotten")
        self._job, self._is_running = None, False

    def _take(self, names: list[str], halves: list[Outcome | Fault], place: int, found: Outcome | Fault) -> None:
        """Keep an outcome; *halves* holds the control until the treated run of the same pair is there."""
        name = names[place]
        halves.append(found)
        if len(halves) < 2:
            return
        control, treated = halves
        halves.clear()
        if isinstance(control, Fault) or isinstance(treated, Fault):
            self._faults[name] = next(half.text for half in (treated, control) if isinstance(half, Fault))
        else:
            self._pairs[name].append(Pair(control, treated))
            self._offer(self._pairs[name][-1])
        self.progress.value = (place + 1) / len(names)
        self._draw()

    def _offer(self, pair: Pair) -> None:
        """Offer the measures that runs define, such as none of knowledge where nobody learns."""
        names = [name for name in MEASURES if all(name in each.metrics for each in pair)]
        options = tuple((MEASURES[name].label, name) for name in names)
        if names and self.measure.value not in names:
            self.measure.options = options

    def _show_end(self, state: EndState, message: str) -> None:
        self._is_running = False
        self._draw()
        self._say_buttons()
        self.progress.layout.display = "none"
        left_out = [f"{in_words(name)} cannot be run alone: {text}" for name, text in self._faults.items()]
        self._tell("; ".join([f"{state}: {message}" if message else state, *left_out]))

    def _draw(self) -> None:
        if self._pairs:
            self.view.show(policy_wall(self.panels(), MEASURES[self.measure.value], *_NAMES[self._family]), force=True)

    def _panel(self, component: str, pairs: list[Pair]) -> Panel:
        """Return what pairs say of the effect of a component and of its cost."""
        metric = self.measure.value
        apart = differences(pairs, metric)
        found = interval_of(apart)
        label = in_words(component)
        if found is None:
            return Panel(component, label, "")
        said = _said(found, metric)
        return Panel(component, label, said, *_known(found), *_known(self._cost(pairs)), len(pairs), tuple(apart))

    def _cost(self, pairs: list[Pair]) -> Interval | None:
        if self._family == "policy":
            return net_cost(pairs)
        return interval_of([-each for each in differences(pairs, _PROFIT)])

    def _clicked(self, datum: dict[str, Any]) -> None:
        if datum.get("component"):
            self._on_choose(str(datum["component"]))

    def _tell(self, text: str) -> None:
        self.status.value = f'<span role="status" aria-live="polite">{html.escape(text)}</span>'


def _said(found: Interval, metric: str) -> str:
    """Return what was found in the words of the legend."""
    decided = verdict(found, MEASURES[metric].smallest)
    if decided == "supported":
        return change_word(found, better_of(metric))
    return decided if decided == "too small to matter" else "not to be told from luck"


def _known(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    """Return mean and ends, None where there are none."""
    if found is None:
        return None, None, None
    return (found.mean, None, None) if math.isnan(found.low) else (found.mean, found.low, found.high)
