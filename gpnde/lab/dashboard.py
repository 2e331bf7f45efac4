"""The dashboard: controls on one side, the charts of the run that they drive on the other."""

from __future__ import annotations

import html
from importlib.resources import files
from pathlib import Path
from typing import Any

import ipywidgets

from gpnde.errors import GpndeError
from gpnde.lab.access import Access
from gpnde.lab.controls import ControlPanel
from gpnde.lab.debounce import Debounce
from gpnde.lab.detail import Detail
from gpnde.lab.effect_panel import EffectPanel
from gpnde.lab.exports import Exports
from gpnde.lab.gallery import BASELINE, TREATMENT, Gallery
from gpnde.lab.glossary import glossary
from gpnde.lab.job import told
from gpnde.lab.live import LiveRuns, RunState
from gpnde.lab.luck import Question
from gpnde.lab.player import PlayPanel
from gpnde.lab.policy_wall import PolicyWall
from gpnde.lab.presets import Presets
from gpnde.lab.repeat import repeat
from gpnde.lab.settings import Settings
from gpnde.lab.stories import Setup, Stories, Story
from gpnde.lab.tiles import tiles
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario
from gpnde.study.background import BackgroundRuns
from gpnde.vocabulary import COMPILING

_STYLE = (files("gpnde.lab") / "static" / "dashboard.css").read_text(encoding="utf-8")
_WRAP = {"flex_flow": "row wrap", "align_items": "center"}


class Dashboard(ipywidgets.VBox):
    """Shows a scenario with its controls; a change runs it again and streams into the charts.

    Attributes
    ----------
    settings
        What is changed of the scenario.
    controls, gallery, detail, exports
        The parts of the dashboard.
    effect, wall
        What the changes do beside the baseline, and what each policy or shock would do.
    live, background
        The runs that go on beside the notebook, in a thread and in a process of their own.
    """

    def __init__(self, scenario: str | Path | Scenario, *, run: bool = True) -> None:
        """Show a scenario, and *run* it at once.

        Raises
        ------
        GpndeError
            There is no such scenario, or it is wrong.
        """
        self.settings = Settings(scenario)
        base = self.settings.base
        self.live = LiveRuns(self._frame, self._done, on_compile=lambda: self.tell(COMPILING))
        self._later = Debounce(lambda: self.run(), on_error=self.tell)
        self.controls = ControlPanel(self.settings, lambda settings: self._changed())
        self.presets = Presets(self.settings, self.choose)
        self.stories = Stories(self.play)
        self.gallery = Gallery(base.clock.days, self._clicked)
        self.exports = Exports(self.settings, self.gallery, self.tell)
        self._make_toolbar()
        self.tiles = ipywidgets.HTML()
        self.tiles.add_class("gpnde-tiles")
        self.detail = Detail()
        self.player = PlayPanel()
        self.gallery.group.observe(lambda change: self.player.set_group(change.new), "value")
        self.background = BackgroundRuns()
        self.effect = EffectPanel(self.background, self._question)
        self.effect.twins.observe(lambda change: self.gallery.show_twins(change.new), "value")
        self.wall = PolicyWall(self.background, self.settings, self._load_component)
        self._loaded = ""
        self._clicked_last: tuple[str, dict[str, Any]] | None = None
        self._parts = (self.effect, self.tiles, self.gallery, self.player, self.detail, self.wall, self.exports)
        right = ipywidgets.VBox([self.stories.finding, *self._parts])
        right.add_class("gpnde-right")
        body = ipywidgets.HBox([self.controls, right])
        body.add_class("gpnde-body")
        self.title, self.access = ipywidgets.HTML(), Access()
        words = ipywidgets.HTML(glossary())
        super().__init__([self.title, words, self.stories, self.presets, self.toolbar, body, self.access])
        self.add_class("gpnde-lab")
        self._entitle()
        self.gallery.views[TREATMENT].on_msg(lambda _view, message, _buffers: self._greet(message))
        if run:
            self.run()

    def run(self) -> None:
        """Run the scenario with its changes, and the baseline beside it if there are changes and it is wanted."""
        try:
            scenarios = {TREATMENT: self.settings.scenario()}
            if self.compare.value and self.settings.changes():
                scenarios = {BASELINE: self.settings.baseline(), **scenarios}
        except GpndeError as error:
            self.tell(str(error))
            return
        if BASELINE not in scenarios:
            self.gallery.forget(BASELINE)
        self.effect.look(self._question())
        self.gallery.set_days(scenarios[TREATMENT].clock.days)
        self.tell("running")
        self.live.start(scenarios, self.settings.seed, self.settings.replication)
        if self.live.state != "running":
            # Just this had been asked for before and has come to its end meanwhile.
            self.tell(self.live.state)

    def pause(self) -> None:
        """Pause the run, or resume it."""
        if self.live.state == "paused":
            self.live.resume()
            self.tell("running")
        elif self.live.state == "running":
            self.live.pause()
            self.tell("paused")
        self.pause_button.description = "Resume" if self.live.state == "paused" else "Pause"

    def stop(self) -> None:
        """End the run; what is known up to now stays."""
        self._later.cancel()
        self.live.stop()

    def wait(self, seconds: float) -> bool:
        """Wait until no run is due or under way; return whether that is so after *seconds* at each of the two."""
        return self._later.wait(seconds) and self.live.wait(seconds)

    def choose(self, scenario: str | Path | Scenario) -> None:
        """Show another scenario, without changes, and run it; one that cannot be loaded is refused in one line."""
        self.stories.leave()
        if self._load(scenario):
            self.run()

    def play(self, story: Story) -> None:
        """Tell a story: set its controls, choose its chart, run what answers it and say what was found."""
        if self.settings.source != story.scenario and not self._load(story.scenario):
            return
        self.presets.show(story.scenario)
        self.gallery.choose(story.chart)
        self._set_up(self.stories.begin(story).step or Setup())

    def reset(self) -> None:
        """Take all changes back, and run the scenario as it is."""
        self.stories.leave()
        self.controls.reset()
        self.run()

    def close(self) -> None:
        """End what goes on, and take the dashboard away."""
        self._later.cancel()
        self.live.close()
        self.background.close()
        super().close()

    def tell(self, text: str) -> None:
        """Say in one line what happens."""
        self.status.value = f'<span role="status" aria-live="polite">{html.escape(text)}</span>'

    def _greet(self, message: dict[str, Any]) -> None:
        """Tell a page that has just come what a run changed while it asked for the widgets."""
        if message.get("kind") == "hello":
            for part in (self.toolbar, self.stories, *self._parts):
                repeat(part)

    def _load(self, scenario: str | Path | Scenario) -> bool:
        """Take another scenario up; return whether it could be loaded."""
        self.stop()
        try:
            self.settings.load(scenario)
        except GpndeError as error:
            self.tell(str(error))
            return False
        for side in (BASELINE, TREATMENT):
            self.gallery.forget(side)
        self.controls.rebuild()
        self.detail.clear()
        self.wall.clear()
        self._loaded = ""
        self._clicked_last = None
        self._entitle()
        return True

    def _set_up(self, step: Setup) -> None:
        """Change the scenario as a step of a story wants it, and run it."""
        # A change that still waits would soon run again what the story has just set.
        self._later.cancel()
        self.settings.reset()
        for name in step.switches:
            self.settings.switch(name, True)
        for path, value in step.values:
            self.settings.set(path, value)
        self.controls.refresh()
        self.run()

    def _changed(self) -> None:
        """Run again soon, since a hand has changed something."""
        self.stories.leave()
        self._later()

    def _entitle(self) -> None:
        base = self.settings.base
        title = base.title or base.name
        self.title.value = f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>"
        self.access.title = f"{title} - gpnde"

    def _make_toolbar(self) -> None:
        self.run_button = self._button("Run", self.run, "primary")
        self.pause_button = self._button("Pause", self.pause)
        self.stop_button = self._button("Stop", self.stop)
        self.reset_button = self._button("Reset", self.reset)
        self.compare = ipywidgets.Checkbox(
            True, description="Compare with the baseline", indent=False, layout={"width": "auto"}
        )
        self.compare.observe(lambda change: self.run(), "value")
        self.seed = ipywidgets.BoundedIntText(1, min=0, max=2**31, description="Seed", layout={"width": "10em"})
        self.seed.observe(lambda change: self._seeded(change.new), "value")
        self.progress = ipywidgets.FloatProgress(
            value=0, min=0, max=1, tooltip="How far the run is", layout={"width": "10em"}
        )
        self.status = ipywidgets.HTML()
        self.status.add_class("gpnde-status")
        buttons = [self.run_button, self.pause_button, self.stop_button, self.reset_button]
        self.toolbar = ipywidgets.HBox([*buttons, self.compare, self.seed, self.progress, self.status], layout=_WRAP)
        self.toolbar.add_class("gpnde-toolbar")

    def _button(self, label: str, action: Any, style: str = "") -> ipywidgets.Button:
        button = ipywidgets.Button(description=label, button_style=style, layout={"width": "auto"})
        button.add_class(f"gpnde-{label.lower()}")
        button.on_click(lambda _: action())
        return button

    def _seeded(self, seed: int) -> None:
        self.settings.seed = seed
        self._later()

    def _frame(self, name: str, run: Run, day: float, days: float) -> None:
        """Show a state of a run that goes on; called by the worker."""
        self.gallery.show({name: run})
        self.progress.value = day / days

    def _done(self, runs: dict[str, Run], state: RunState, message: str) -> None:
        """Show how the runs ended; called by the worker."""
        try:
            self.gallery.show(runs, force=True)
            if state == "done":
                self.tiles.value = tiles(runs[TREATMENT], runs.get(BASELINE))
                self.player.show(runs[TREATMENT])
                self._show_effect(runs)
            self.exports.refresh()
            self._show_detail()
        except Exception as error:
            message = message or told(error)
        self.pause_button.description = "Pause"
        self.progress.value = 1.0 if state == "done" else self.progress.value
        self.tell(f"{state}: {message}" if message else state)
        step = self.stories.note(runs) if state == "done" else None
        if step is not None:
            self._set_up(step)

    def _show_effect(self, runs: dict[str, Run]) -> None:
        if BASELINE in runs:
            self.effect.show(runs[BASELINE], runs[TREATMENT])

    def _question(self) -> Question | None:
        """Return what is compared; None where nothing is changed, or a comparison is not wanted or not possible."""
        if not (self.compare.value and self.settings.changes()):
            return None
        try:
            return Question(self.settings.baseline(), self.settings.scenario(), self.settings.seed)
        except GpndeError:
            return None

    def _load_component(self, component: str) -> None:
        """Switch on a policy or shock alone of those that were chosen so; one that the scenario has, off."""
        for name in filter(None, dict.fromkeys((self._loaded, component))):
            was_on = Settings(self.settings.base).is_on(name)
            self.controls.component(name).switch.value = was_on != (name == component)
        self._loaded = component

    def _clicked(self, side: str, datum: dict[str, Any]) -> None:
        self._clicked_last = (side, datum)
        self.gallery.choose_firm(datum.get("firm", ""))
        self._show_detail()

    def _show_detail(self) -> None:
        if self._clicked_last is None or self._clicked_last[0] not in self.gallery.runs:
            return
        side, datum = self._clicked_last
        day = None if self.gallery.day.value >= self.gallery.day.max else float(self.gallery.day.value)
        self.detail.show(self.gallery.runs[side], side, datum, day)
