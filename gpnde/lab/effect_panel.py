"""The effect panel: what the changes do to a measure, beside the baseline, and whether that is more than luck."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets

from gpnde.charts.effect_course import CONTROL, TREATED, Differences, effect_over_time, event_rows, event_table
from gpnde.lab.chart_view import ChartView
from gpnde.lab.luck import LuckCheck, Question
from gpnde.lab.pair_widgets import choice_of_measure, count_of_pairs, progress_of
from gpnde.results.courses import MEASURES, Course, Measure, courses_of
from gpnde.results.run import Run
from gpnde.study.background import BackgroundRuns, EndState
from gpnde.study.measures import better_of
from gpnde.study.pairs import Outcome, Pair, Reach, band, effect
from gpnde.study.verdicts import RULE, change_word, sentence, verdict

PAIRS = 20
"""Pairs of runs if nobody chooses another number."""

_MOST_PAIRS = 500
_WRAP = {"flex_flow": "row wrap", "align_items": "center"}
_ASK, _STOP = "Is it luck?", "Stop the pairs"
_WHY = "Runs pairs with the same random numbers beside this page, with and without your changes."
_NO_REACH = Reach(0.0, 0.0)
_NOT_YET = "One pair of runs may differ by luck alone. Press “Is it luck?” to run more."


class EffectPanel(ipywidgets.VBox):
    """Shows the effect of the changes on a measure over time, and asks the other core whether it is luck.

    Attributes
    ----------
    measure
        What the effect is on.
    count, ask
        How many pairs are run, and the button that runs or stops them.
    twins
        Whether the baseline is shown beside each chart of the gallery, too.
    said
        The sentence.
    view
        The chart.
    check
        The pairs.
    """

    def __init__(self, runs: BackgroundRuns, question: Callable[[], Question | None]) -> None:
        """Ask *question* what is compared when the button is pressed; do its runs with *runs*."""
        self._question = question
        self._shown: dict[str, dict[str, Course]] = {}
        self._events = event_table([])
        self._days = 0.0
        self._wanted = PAIRS
        self.check = LuckCheck(runs, self._show_pairs, self._show_end)
        self._make()
        row = ipywidgets.HBox([self.measure, self.count, self.ask, self.progress, self.twins], layout=_WRAP)
        super().__init__([ipywidgets.HTML("<h4>What your changes do</h4>"), row, self.said, self.view])
        self.add_class("gpnde-effect")
        self.hide()

    @property
    def chosen(self) -> Measure:
        """The measure that is chosen."""
        return MEASURES[self.measure.value]

    @property
    def text(self) -> str:
        """The sentence without its marks of HTML."""
        return self._text

    def show(self, baseline: Run, treatment: Run) -> None:
        """Show what two finished runs of the same random numbers differ by."""
        self._shown = {CONTROL: courses_of(baseline), TREATED: courses_of(treatment)}
        self._events, self._days = event_rows(treatment), float(treatment.scenario["clock"]["days"])
        self._offer(name for name in MEASURES if all(name in courses for courses in self._shown.values()))
        self.layout.display = None
        self._draw()

    def look(self, question: Question | None) -> None:
        """Look at what is compared now; the pairs of something else are forgotten."""
        if self.check.ask(question):
            self._rest()
            self._tell(_NOT_YET)
        if question is None:
            self.hide()
        else:
            self.layout.display = None

    def hide(self) -> None:
        """Show nothing, where nothing is compared."""
        self.layout.display = "none"

    def _make(self) -> None:
        self.measure = choice_of_measure("Measure on which the effect is shown")
        self.count = count_of_pairs(PAIRS, _MOST_PAIRS, "How many pairs of runs")
        self.ask = ipywidgets.Button(description=_ASK, tooltip=_WHY, button_style="primary", layout={"width": "auto"})
        self.ask.add_class("gpnde-luck")
        self._make_outputs()
        self.measure.observe(lambda change: self._chosen(), "value")
        self.ask.on_click(lambda _: self._pressed())

    def _make_outputs(self) -> None:
        self.progress = progress_of("pairs")
        self.twins = ipywidgets.Checkbox(
            False, description="Baseline beside each chart", indent=False, layout={"width": "auto"}
        )
        self.said = ipywidgets.HTML()
        self.said.add_class("gpnde-said")
        self.view = ChartView(label="Effect of your changes")
        self._tell(_NOT_YET)

    def _offer(self, names: Any) -> None:
        options = tuple((MEASURES[name].label, name) for name in names)
        if options and options != self.measure.options:
            kept = self.measure.value
            self.measure.options = options
            self.measure.value = kept if kept in dict(options).values() else options[0][1]

    def _pressed(self) -> None:
        if self.ask.description == _STOP:
            self.check.stop()
            return
        question = self._question()
        if question is None:
            self._tell("There is nothing to compare: change something first.")
            return
        self.look(question)
        self._days = float(question.treated.clock.days)
        self._wanted = self.count.value
        self.progress.value, self.progress.layout.display = 0.0, None
        self.ask.description = _STOP
        self._tell(f"Running {self._wanted} pairs beside this page.")
        self.check.start(self._wanted)

    def _show_pairs(self) -> None:
        """Show the pairs so far; called by the thread that waits for them."""
        self.progress.value = len(self.check.pairs) / self._wanted
        self._chosen()

    def _show_end(self, state: EndState, message: str) -> None:
        """Show how the pairs ended; called by the thread that waits for them."""
        self._rest()
        if message:
            self._tell(f"{state}: {message}")
        elif not self.check.pairs:
            self._tell(_NOT_YET)

    def _rest(self) -> None:
        self.ask.description = _ASK
        self.progress.layout.display = "none"

    def _chosen(self) -> None:
        pairs = self.check.pairs
        if pairs:
            self._tell(sentence(pairs, self.chosen, self._days), self._kind(pairs))
        self._draw()

    def _kind(self, pairs: tuple[Pair, ...]) -> str:
        """Return better or worse, where that is supported."""
        found = effect(pairs, self.chosen.metric)
        is_sure = found is not None and verdict(found, self.chosen.smallest) == "supported"
        return change_word(found, better_of(self.chosen.metric)) if found and is_sure else ""

    def _draw(self) -> None:
        measure, pairs = self.chosen, self.check.pairs or self._shown_pair()
        courses = {name: courses[measure.metric] for name, courses in self._shown.items() if measure.metric in courses}
        found = band(pairs, measure.metric)
        apart = None if found is None else Differences(*found)
        if courses:
            self.view.show(effect_over_time(measure, courses, apart, self._events, self._days), force=True)

    def _shown_pair(self) -> tuple[Pair, ...]:
        """Return the pair of runs that is shown, as if it were the only one."""
        if len(self._shown) < 2:
            return ()
        control, treated = (Outcome({}, self._shown[name], _NO_REACH) for name in (CONTROL, TREATED))
        return (Pair(control, treated),)

    def _tell(self, text: str, kind: str = "") -> None:
        self._text = text
        word = f" gpnde-{kind}" if kind in ("better", "worse") else ""
        self.said.value = (
            f'<p class="gpnde-sentence{word}" role="status" aria-live="polite" title="{html.escape(RULE)}">'
            f"{html.escape(text)}</p>"
        )
