"""Sections: the groups of controls, in words at first; the widgets of a group are made when it is opened."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import ipywidgets

from gpnde.lab.fields import GROUPS, Field, Group, component_groups, scenario_fields
from gpnde.lab.wording import title_of
from gpnde.plugin.host import plugin_host
from gpnde.scenario.schema import Scenario

ABOUT: dict[Group, str] = {
    "Run": "what you decide",
    "Firm behaviour": "what managers decide",
    "Knowledge diffusion": "how know-how travels",
    "Policies": "what governments decide",
    "Shocks": "what nobody decides",
}
"""Who would turn the controls of a group."""

RowT = TypeVar("RowT", bound=ipywidgets.Widget)


class Source(NamedTuple):
    """What a control is made from: a field of the scenario, or a component where there is no *field*."""

    name: str
    """The path of the field, or the name of the component."""
    field: Field | None
    words: str
    """What a search looks at, in small letters."""


def sources_of(scenario: Scenario) -> dict[Group, list[Source]]:
    """Return what can be changed of a scenario, by group; groups in which there is nothing are left out.

    >>> from gpnde.scenario import load_scenario
    >>> [source.name for source in sources_of(load_scenario("beer-game"))["Run"]]
    ['clock.days']
    """
    components, fields = component_groups(plugin_host().components), scenario_fields(scenario)
    found: dict[Group, list[Source]] = {}
    for group in GROUPS:
        own = [_of_field(field) for field in fields if field.group == group]
        if group != "Knowledge diffusion" or scenario.learns:
            own += map(_of_component, components.get(group, ()))
        if own:
            found[group] = own
    return found


def _of_field(field: Field) -> Source:
    return Source(field.path, field, f"{field.path} {field.label} {field.doc}".lower())


def _of_component(name: str) -> Source:
    about = next(iter((plugin_host().component(name).__doc__ or "").strip().splitlines()), "")
    return Source(name, None, f"{name} {title_of(name.partition('.')[2])} {about}".lower())


class Section(ipywidgets.VBox, Generic[RowT]):
    """The controls of a group, which are made when they are asked for first."""

    def __init__(self, sources: Sequence[Source], make: Callable[[Source], RowT]) -> None:
        """Hold the *sources*; *make* makes the control of one."""
        self._sources, self._make = list(sources), make
        self._rows: list[RowT] = []
        super().__init__()

    @property
    def is_made(self) -> bool:
        """Whether there are widgets."""
        return bool(self._rows)

    @property
    def rows(self) -> list[RowT]:
        """The controls, made now if need be."""
        if not self._rows:
            self._rows = [self._make(source) for source in self._sources]
            self.children = self._page()
        return self._rows

    def has(self, name: str) -> bool:
        """Return whether the group has a field of that path, or a component of that name."""
        return any(source.name == name for source in self._sources)

    def row(self, name: str) -> RowT:
        """Return the control of a field by its path, or of a component by its name."""
        pairs = zip(self._sources, self.rows, strict=True)
        return next(row for source, row in pairs if source.name == name)

    def count(self, wanted: str) -> int:
        """Return in how many of the group a search in small letters is found."""
        return sum(wanted in source.words for source in self._sources)

    def filter(self, wanted: str) -> None:
        """Show the controls in which a search is found."""
        for source, row in zip(self._sources, self.rows, strict=True):
            row.layout.display = None if wanted in source.words else "none"

    def close_all(self) -> None:
        """Take the group and its controls away."""
        for row in self._rows:
            row.close()
        self.close()

    def _page(self) -> list[ipywidgets.Widget]:
        """Return the controls, those of each block of the scenario under its name."""
        found: list[ipywidgets.Widget] = []
        before = ""
        for source, row in zip(self._sources, self._rows, strict=True):
            block = source.name.rpartition(".")[0] if source.field else ""
            if block not in ("", "clock", before):
                found.append(ipywidgets.HTML(f"<b>{html.escape(block.replace('.', ', ').capitalize())}</b>"))
            before = block
            found.append(row)
        return found
