"""Settings: what is changed of a scenario in the lab, and the scenario and the Python that come of it."""

from __future__ import annotations

import pprint
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpnde.errors import ScenarioError
from gpnde.plugin.host import plugin_host
from gpnde.scenario import load_scenario, save_scenario
from gpnde.scenario.address.find import find
from gpnde.scenario.address.names import text_of
from gpnde.scenario.as_data import as_data
from gpnde.scenario.files import scenario_with
from gpnde.scenario.law import Law
from gpnde.scenario.schema import Scenario
from gpnde.study.ranges import component_set

_DAYS = "clock.days"
_SAVED = "scenario.yaml"
_NOTHING: Any = object()


class Settings:
    """A scenario and the changes made to it: the scenario is the baseline, with its changes the treatment.

    >>> settings = Settings("beer-game")
    >>> settings.set("ordering.review_days", 14.0)
    >>> settings.changes(), settings.scenario().ordering.review_days
    ({'ordering.review_days': 14.0}, 14.0)
    """

    def __init__(self, scenario: str | Path | Scenario) -> None:
        """Begin without changes.

        Raises
        ------
        GpndeError
            There is no such scenario, or it is wrong.
        """
        self.source: str | None = None
        """What to load the scenario from; None for one that lies in no file."""
        self.seed, self.replication = 1, 0
        self._values: dict[str, Any] = {}
        self._switched: dict[str, bool] = {}
        self.load(scenario)

    def set(self, path: str, value: Any) -> None:
        """Change the value at a path; the value of the scenario itself is no change."""
        own = self._own(path)
        # A control holds a law as text.
        if value == (own.text() if isinstance(own, Law) else own):
            self._values.pop(path, None)
        else:
            self._values[path] = value

    def switch(self, component: str, on: bool) -> None:
        """Switch a component on or off."""
        self._switched[component] = on

    def is_on(self, component: str) -> bool:
        """Return whether a component is in force."""
        used = any(use.use == component and use.enabled for use in self.base.components)
        return self._switched.get(component, used)

    def value(self, path: str, own: Any) -> Any:
        """Return the value at a path as it was changed, or else the scenario's *own*."""
        return self._values.get(path, own)

    def component_of(self, path: str) -> str:
        """Return the name of the component whose parameter lies at a path; empty for one of the scenario itself."""
        return component_set(path, plugin_host().components) or ""

    def load(self, scenario: str | Path | Scenario) -> None:
        """Begin anew with another scenario, without changes; seed and replication stay.

        Raises
        ------
        GpndeError
            There is no such scenario, or it is wrong; then nothing changes.
        """
        source = None if isinstance(scenario, Scenario) else str(plugin_host().scenario_source(scenario))
        self.base = scenario if isinstance(scenario, Scenario) else load_scenario(str(source))
        self.source = source
        self._contents = as_data(self.base)
        self.reset()

    def given(self, component: str) -> Mapping[str, Any]:
        """Return the parameters that the scenario itself gives to a component."""
        return next((use.parameters for use in self.base.components if use.use == component), {})

    def reset(self) -> None:
        """Take all changes back."""
        self._values.clear()
        self._switched.clear()

    def changes(self) -> dict[str, Any]:
        """Return the changes as settings for `load_scenario`; parameters of what is switched off are none."""
        uses = self._uses()
        now = [use for use in uses if use.get("enabled", True)]
        components = {"components": uses} if self._is_switched() else {}
        elsewhere = {name for name in plugin_host().components if name not in {use["use"] for use in now}}
        return components | {
            path: value for path, value in self._values.items() if self.component_of(path) not in elsewhere
        }

    def scenario(self) -> Scenario:
        """Return the treatment: the scenario with its changes.

        Raises
        ------
        ScenarioError
            The changes contradict each other or the scenario.
        """
        return scenario_with(self._contents, self.changes())

    def baseline(self) -> Scenario:
        """Return the scenario without changes but the horizon, so that both can be compared."""
        days = {_DAYS: self._values[_DAYS]} if _DAYS in self._values else {}
        return scenario_with(self._contents, days)

    def python(self) -> str:
        """Return the lines of Python that give the same run; they name what differs from the scenario alone."""
        source = self.source or _SAVED
        load = f"scenario = gpnde.load_scenario({source!r})"
        if self._differences():
            changes = pprint.pformat(self._differences(), width=100, sort_dicts=False)
            load = f"scenario = gpnde.load_scenario(\n    {source!r},\n    {_indented(changes)},\n)"
        if self.source is None:
            load = f"# Save the scenario as {_SAVED} first.\n{load}"
        run = f"run = gpnde.simulate(scenario, seed={self.seed}, replication={self.replication})"
        return "\n".join(["import gpnde\n", load, *self._added_in_python(), run, "print(run.fingerprint)\n"])

    def save(self, path: str | Path) -> None:
        """Save the treatment as a scenario file or folder that ``gpnde run`` takes.

        Raises
        ------
        ScenarioError
            It cannot be written there.
        """
        save_scenario(self.scenario(), path)

    def _added(self) -> list[str]:
        """Return the components that are on and that the scenario does not name."""
        named = {use.use for use in self.base.components}
        return [name for name, on in self._switched.items() if on and name not in named]

    def _differences(self) -> dict[str, Any]:
        """Return the settings that differ from the scenario's, without those of components that were added."""
        added = self._added()
        values = {path: value for path, value in self.changes().items() if path != "components"}
        kept = {self._by_name(path): value for path, value in values.items() if self.component_of(path) not in added}
        named = {use.use for use in self.base.components}
        turned = {name: on for name, on in self._switched.items() if name in named and on != self._was_on(name)}
        return {f"{name}.enabled": on for name, on in turned.items()} | kept

    def _added_in_python(self) -> list[str]:
        return [f"scenario = scenario.using({self._call(name)})" for name in self._added()]

    def _call(self, component: str) -> str:
        own = {path: value for path, value in self._values.items() if self.component_of(path) == component}
        return ", ".join([repr(component), *(f"{path.rpartition('.')[2]}={value!r}" for path, value in own.items())])

    def _own(self, path: str) -> Any:
        """Return what the scenario has at a path: what it gives to a component, or the default that this then takes.

        A path that leads nowhere, or to rows with several values, has nothing; `scenario` refuses the former.
        """
        owner = self.component_of(path)
        component = plugin_host().components.get(owner)
        if component is None:
            return self._at(path)
        name = path.rpartition(".")[2]
        field = component.model_fields.get(name)
        return self.given(owner).get(name, field.default if field else _NOTHING)

    def _at(self, path: str) -> Any:
        """Return what stands at a path of the scenario itself, if it is one value."""
        try:
            first, *others = (place.value for place in find(self.base, path))
        except ScenarioError:
            return _NOTHING
        return first if all(other == first for other in others) else _NOTHING

    def _by_name(self, path: str) -> str:
        """Return the address of a single place with the names of its rows, and any other as it is."""
        try:
            places = find(self.base, path)
        except ScenarioError:
            return path
        is_single = len(places) == 1 and not self.component_of(path)
        return text_of(self.base, places[0].location) if is_single else path

    def _is_switched(self) -> bool:
        return any(on != self._was_on(name) for name, on in self._switched.items())

    def _was_on(self, component: str) -> bool:
        return any(use.use == component and use.enabled for use in self.base.components)

    def _uses(self) -> list[dict[str, Any]]:
        """Return the components as plain data: those of the scenario, switched, and those that were added."""
        uses = [self._switched_use(use) for use in self._contents.get("components", ())]
        there = {use["use"] for use in uses}
        return uses + [{"use": name} for name, on in self._switched.items() if on and name not in there]

    def _switched_use(self, use: Mapping[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in use.items() if key != "enabled"}
        on = self._switched.get(use["use"], use.get("enabled", True))
        return rest if on else {**rest, "enabled": False}


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
