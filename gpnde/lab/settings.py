"""Settings: what is changed of a scenario in the lab, and the scenario and the Python that come of it."""

from __future__ import annotations

import pprint
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any

from gpnde.plugin.host import plugin_host
from gpnde.scenario import load_scenario, save_scenario
from gpnde.scenario.as_data import as_data
from gpnde.scenario.files import scenario_with
from gpnde.scenario.law import Law
from gpnde.scenario.schema import Scenario

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
        if isinstance(scenario, Scenario):
            self.base = scenario
        else:
            self.source = str(plugin_host().scenario_source(scenario))
            self.base = load_scenario(self.source)
        self._contents = as_data(self.base)
        self.seed, self.replication = 1, 0
        self._values: dict[str, Any] = {}
        self._switched: dict[str, bool] = {}

    def set(self, path: str, value: Any) -> None:
        """Change the value at a path; the value of the scenario itself is no change."""
        own = self._own(path)
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
            path: value for path, value in self._values.items() if path.rpartition(".")[0] not in elsewhere
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
        """Return the lines of Python that give the same run."""
        changes = pprint.pformat(self.changes(), width=100, sort_dicts=False)
        source = self.source or _SAVED
        load = f"scenario = gpnde.load_scenario({source!r})"
        if self.changes():
            load = f"scenario = gpnde.load_scenario(\n    {source!r},\n    {_indented(changes)},\n)"
        if self.source is None:
            load = f"# Save the scenario as {_SAVED} first.\n{load}"
        run = f"run = gpnde.simulate(scenario, seed={self.seed}, replication={self.replication})"
        return f"import gpnde\n\n{load}\n{run}\nprint(run.fingerprint)\n"

    def save(self, path: str | Path) -> None:
        """Save the treatment as a scenario file or folder that ``gpnde run`` takes.

        Raises
        ------
        ScenarioError
            It cannot be written there.
        """
        save_scenario(self.scenario(), path)

    def _own(self, path: str) -> Any:
        """Return what the scenario has at a path: what it gives to a component, or the default that this then takes.

        A path that leads nowhere has nothing; `scenario` refuses it.
        """
        owner, _, name = path.rpartition(".")
        component = plugin_host().components.get(owner)
        if component is None:
            return reduce(lambda block, part: getattr(block, part, _NOTHING), path.split("."), self.base)
        field = component.model_fields.get(name)
        return self.given(owner).get(name, field.default if field else _NOTHING)

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
