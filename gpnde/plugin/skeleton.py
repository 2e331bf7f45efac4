"""A new plugin: the files of a distribution of its own, whose one component or metric already does something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import gpnde.plugin
from gpnde.errors import ComponentError, nearest
from gpnde.results.register import taken_beginning
from gpnde.scenario.whole_folder import write_whole_folder

PLUGIN_KINDS: Mapping[str, str] = {
    "policy": "A policy",
    "diffusion": "A way in which knowledge spreads",
    "disruption": "A disruption",
    "metric": "A metric",
}
"""What a plugin may be made for, in words."""

_LONGEST = 40
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_IMPORTED = {*gpnde.plugin.__all__, "Iterable", "Mapping"}
_BLANK = re.compile(r"\{\{ (\w+) \}\}")
_TAKEN = ("charts", "cli", "diffusion", "disruptions", "engine", "policies", "plugin", "testing")
"""Names of the plugins and rooms of gpnde itself."""


class Skeleton(NamedTuple):
    """The names of a new plugin."""

    name: str
    kind: str

    @property
    def distribution(self) -> str:
        """What pip installs."""
        return f"gpnde-{self.name}"

    @property
    def package(self) -> str:
        """What Python imports."""
        return f"gpnde_{self.name.replace('-', '_')}"

    @property
    def component(self) -> str:
        """What a scenario names: a component, or a metric, whose name begins with its subject."""
        return f"{self.name}.share" if self.is_metric else f"{self.kind}.{self.name}"

    @property
    def is_metric(self) -> bool:
        """Whether it is no component, but a record that `gpnde.metric` makes."""
        return self.kind == "metric"

    @property
    def function_name(self) -> str:
        """The function of the metric.

        >>> Skeleton("night-shift", "metric").function_name
        'night_shift_share'
        """
        return f"{self.name.replace('-', '_')}_share"

    @property
    def class_name(self) -> str:
        """The class of the component, which is not called like anything that its module imports.

        >>> Skeleton("night-shift", "policy").class_name, Skeleton("view", "policy").class_name
        ('NightShift', 'ViewPolicy')
        """
        plain = "".join(part.capitalize() for part in self.name.split("-"))
        return plain + self.kind.capitalize() if plain in _IMPORTED else plain

    def texts(self) -> dict[str, str]:
        """Return the contents of all files, by path inside the folder of the distribution."""
        return {path: self._filled(template) for path, template in self._templates().items()}

    def _templates(self) -> dict[str, str]:
        return {
            "pyproject.toml": "pyproject.toml.in",
            "README.md": "README.md.in",
            "scenario.yaml": "scenario.yaml.in",
            f"{self.package}/__init__.py": f"{self.kind}.py.in",
            f"{self.package}/py.typed": "py.typed.in",
            "tests/test_conformance.py": "test_metric.py.in" if self.is_metric else "test_conformance.py.in",
        }

    def _filled(self, template: str) -> str:
        text = files("gpnde.plugin").joinpath("template", template).read_text(encoding="utf-8")
        names = {
            "name": self.name,
            "title": self.name.replace("-", " ").capitalize(),
            "what": PLUGIN_KINDS[self.kind],
            "distribution": self.distribution,
            "package": self.package,
            "component": self.component,
            "class": self.class_name,
            "function": self.function_name,
            **(self._words_of_metric() if self.is_metric else self._words_of_component()),
            "version": gpnde.__version__,
        }
        return _BLANK.sub(lambda blank: names[blank[1]], text)

    def _words_of_component(self) -> dict[str, str]:
        return {
            "thing": "component",
            "use": f"components:\n- {{use: {self.component}}}",
            "without": f"{self.component}.enabled=false",
            "effect": "makes a difference",
        }

    def _words_of_metric(self) -> dict[str, str]:
        return {
            "thing": "metric",
            "use": f"record: {{metrics: [{self.component}]}}",
            "without": "record.metrics=[]",
            "effect": "is measured where a scenario names it",
        }


def skeleton(name: str, kind: str) -> Skeleton:
    """Return the names of a new plugin, or raise a `ComponentError` of one line.

    >>> skeleton("night-shift", "policy").package
    'gpnde_night_shift'
    >>> skeleton("Night Shift", "policy")
    Traceback (most recent call last):
    gpnde.errors.ComponentError: name 'Night Shift': must be small letters, digits and hyphens, such as 'night-shift'
    """
    if kind not in PLUGIN_KINDS:
        raise ComponentError(
            where=f"kind {kind!r}", expected=f"unknown{nearest(kind, PLUGIN_KINDS)}: one of {', '.join(PLUGIN_KINDS)}"
        )
    plain = "-".join(re.findall(r"[a-z0-9]+", name.lower())).removeprefix("gpnde-").lstrip("0123456789-")
    if not _NAME.fullmatch(name):
        raise ComponentError(
            where=f"name {name!r}", expected=f"must be small letters, digits and hyphens, such as {plain or 'tax'!r}"
        )
    if name.startswith("gpnde-"):
        raise ComponentError(
            where=f"name {name!r}", expected=f"'gpnde-' is put before it: must be without, such as {plain or 'tax'!r}"
        )
    if name in _TAKEN or name == "gpnde" or kind == "metric" and taken_beginning(f"{name}.share"):
        raise ComponentError(where=f"name {name!r}", expected="belongs to gpnde itself: choose another name")
    if len(name) > _LONGEST:
        raise ComponentError(
            where=f"name {name!r}", given=f"{len(name)} characters", expected=f"must be at most {_LONGEST}"
        )
    return Skeleton(name, kind)


def write_skeleton(made: Skeleton, folder: Path) -> None:
    """Write the distribution to a new or empty folder: all of it, or nothing.

    Raises
    ------
    ComponentError
        The folder holds something already or cannot be written.
    """
    write_whole_folder(folder, made.texts(), ComponentError)
