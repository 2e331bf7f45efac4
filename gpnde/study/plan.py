"""The runs of a study: what each simulates, and its key in the records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.errors import ComponentError, GpndeError, ScenarioError, StudyError
from gpnde.plugin.brought import brought
from gpnde.plugin.host import plugin_host
from gpnde.study.design import points, refuse_too_large
from gpnde.study.manifest import digest
from gpnde.study.measures import plugin_metrics
from gpnde.study.ranges import component_set
from gpnde.study.resolve import component_names, resolve
from gpnde.study.schema import Study

if TYPE_CHECKING:
    from gpnde.scenario import Scenario

_KEPT_SCENARIOS = 16
_NOT_SIMULATED: dict[str, Any] = {
    **dict.fromkeys(("title", "description", "provenance", "targets", "components"), True),
    "record": {"metrics"},
}
"""Parts of a scenario that leave the numbers as they are, or are told of with the plugins that they need."""
_WHOLE = 2.0**53
"""Below this, floating-point numbers hold all whole ones."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run: data only."""

    key: str
    """Digest of all that decides on the numbers of the run."""
    arm: str
    point: int
    replication: int
    seed: int
    values: str = ""
    """Settings beside those of the point, as JSON, of a run that is decided on while others are under way."""


class Plan:
    """The runs of a study; equal studies give equal plans in every process.

    >>> plan = Plan(Study(name="x", scenario="beer-game", measures=["flow.fill_rate"], replications=2))
    >>> [(spec.arm, spec.point, spec.replication) for spec in plan.specs(range(2))]
    [('baseline', 0, 0), ('baseline', 0, 1)]
    """

    def __init__(self, study: Study) -> None:
        """Plan the runs of a study, after all of it has been looked at.

        Raises
        ------
        GpndeError
            The scenario of an arm, a setting or a component is wrong, or something that is named does not exist.
        """
        self.study = resolve(study)
        refuse_too_large(self.study)
        self.arms = list(self.study.arms)
        self.points = points(self.study)
        self.digest = digest(self.study.model_dump(mode="json"))
        self._scenario = lru_cache(_KEPT_SCENARIOS)(self._make)
        self._check()

    @cached_property
    def components(self) -> dict[str, dict[str, Any]]:
        """Distribution, version and version of results of every component that can be in force, by name."""
        return {name: _version(name) for name in sorted(self._names) if _is_there(name)}

    def scenario(self, arm: str, point: int, values: str = "") -> Scenario:
        """Return the scenario of an arm at a point, with *values* of settings (JSON) beside those of the point.

        Raises
        ------
        StudyError
            The values do not fit into the scenario.
        """
        return self._scenario(arm, point, values)

    def specs(self, replications: range, points: Sequence[int] | None = None) -> Iterator[RunSpec]:
        """Yield the runs of some replications, at some points or all.

        Random streams depend on seed and replication only, so that arms and points share common random numbers.
        """
        for arm in self.arms:
            for point in range(len(self.points)) if points is None else points:
                what = self.scenario_digest(arm, point)
                for replication in replications:
                    key = digest([what, self.study.seed, replication])
                    yield RunSpec(key, arm, point, replication, self.study.seed)

    def specs_with(self, values: str, replications: range) -> list[RunSpec]:
        """Return runs of the first arm and point with *values* of settings (JSON) beside theirs."""
        arm, seed = self.arms[0], self.study.seed
        what = self.scenario_digest(arm, 0, values)
        return [RunSpec(digest([what, seed, each]), arm, 0, each, seed, values) for each in replications]

    def scenario_digest(self, arm: str, point: int, values: str = "") -> str:
        """Return the digest of a simulation: the scenario with all defaults, components, their results versions.

        Texts about the scenario do not count, nor what its results are compared with, nor how a number is written.
        """
        scenario = self.scenario(arm, point, values)
        built = plugin_host().build(scenario.components, scenario.requires)
        said = scenario.model_dump(mode="json", exclude=_NOT_SIMULATED)
        parts = [[each.name, each.results_version, _parameters(each.model_dump(mode="json"))] for each in built]
        parts += [list(each) for each in brought(scenario, built)]
        return digest(_same_numbers([said, parts]))

    def groups(self) -> list[str]:
        """Return a line on each setting of a group of rows: how many places it sets, of all arms where it sets most."""
        from gpnde.scenario.settings import apply_settings, told

        counts: dict[str, int] = {}
        for arm in self.arms:
            contents, chosen = _settled(self.study, arm, self.points[0], self._names)
            for path, count in apply_settings(contents, chosen).items():
                counts[path] = max(count, counts.get(path, 0))
        return told(counts)

    @property
    def _names(self) -> tuple[str, ...]:
        scenario = self.study.scenario
        return component_names(scenario if isinstance(scenario, dict) else {}, self.study.arms)

    def _make(self, arm: str, point: int, values: str) -> Scenario:
        try:
            return _scenario_of(self.study, arm, {**self.points[point], **json.loads(values or "{}")}, self._names)
        except GpndeError as error:
            raise StudyError.passing_on(error, "" if values else f"arm {arm}, point {point}") from None

    def _check(self) -> None:
        """Check every arm at the first point and at those with extreme values."""
        chosen = sorted({0, *(i for path in self.points[0] for i in _extremes(self.points, path))})
        for arm in self.arms:
            for point in chosen:
                scenario = self.scenario(arm, point)
                try:
                    plugin_host().build(scenario.components, scenario.requires)
                    plugin_host().metrics_named(scenario.record.metrics)
                except GpndeError as error:
                    raise type(error).passing_on(error, f"arm {arm}, point {point}") from None
            self._refuse_replaced(arm)

    def _refuse_replaced(self, arm: str) -> None:
        """Refuse a setting of an arm whose place the values of all points replace, by whatever address."""
        own, scenario = self.study.arms[arm].settings, self.scenario(arm, 0)
        varied = {place: path for path in self.points[0] if own for place in _locations(scenario, path)}
        for path in own:
            for place in _locations(scenario, path):
                over = next((varied[place[:end]] for end in range(len(place) + 1) if place[:end] in varied), None)
                if over is not None:
                    right = "is the same place as one of the uncertainties: give it in one of them"
                    raise StudyError(where=f"arms.{arm}.settings.{path}", given=over, expected=right)


def _locations(scenario: Scenario, address: str) -> list[tuple[str | int, ...]]:
    """Return the places of an address, none where it leads nowhere once all settings are made."""
    from gpnde.scenario.address.find import find

    try:
        return [place.location for place in find(scenario, address)]
    except ScenarioError:
        return []


def _same_numbers(data: Any) -> Any:
    """Return plain data in which equal numbers are equal texts in JSON.

    >>> _same_numbers({"days": 14.0, "share": [-0.0, 0.5, True]})
    {'days': 14, 'share': [0, 0.5, True]}
    """
    if isinstance(data, dict):
        return {key: _same_numbers(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_same_numbers(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() and abs(data) < _WHOLE else data


def _scenario_of(study: Study, arm: str, point: Mapping[str, Any], names: Sequence[str]) -> Scenario:
    """Return the scenario of an arm at a point."""
    from gpnde.scenario.files import scenario_with

    contents, chosen = _settled(study, arm, point, names)
    scenario = scenario_with(contents, chosen)
    names_of_metrics = tuple(dict.fromkeys([*scenario.record.metrics, *plugin_metrics(study)]))
    record = scenario.record.model_copy(update={"metrics": names_of_metrics})
    return scenario.model_copy(update={"record": record})


def _settled(
    study: Study, arm: str, point: Mapping[str, Any], names: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the raw scenario of an arm and what is set in it; what is set for components holds where it has them."""
    contents, own = study.scenario if isinstance(study.scenario, dict) else {}, study.arms[arm]
    added = [{**use.model_dump(mode="json"), **use.parameters} for use in own.components]
    uses = [*contents.get("components", ()), *added]
    here = {use["use"] for use in uses}
    settings = {**study.settings, **own.settings, **point}
    elsewhere = {path for path in settings if component_set(path, names) not in {None, *here}}
    chosen = {path: value for path, value in settings.items() if path not in elsewhere}
    return {**contents, "components": uses}, chosen


def _extremes(points: Sequence[Mapping[str, Any]], path: str) -> list[int]:
    """Return at which points a setting is lowest and highest; where it is no number, the first with each value."""
    values = [point[path] for point in points]
    if all(isinstance(value, int | float) for value in values):
        return [values.index(min(values)), values.index(max(values))]
    return [values.index(value) for i, value in enumerate(values) if value not in values[:i]]


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with the digest of a file's content in the place of its path."""
    if not isinstance(given.get("file"), str) or not Path(given["file"]).is_file():
        return given
    return {**given, "file": hashlib.sha256(Path(given["file"]).read_bytes()).hexdigest()}


def _is_there(name: str) -> bool:
    """Return whether there is a component; one that is switched off everywhere may be missing."""
    try:
        plugin_host().component(name)
    except ComponentError:
        return False
    return True


def _version(name: str) -> dict[str, Any]:
    host = plugin_host()
    plugin = next(plugin for plugin in host.plugins if name in plugin.offers)
    return {
        "distribution": plugin.distribution,
        "version": plugin.version,
        "results_version": host.component(name).results_version,
    }
