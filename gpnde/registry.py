"""Registries: what there is to choose from, as records by name; those of gpnde and those that plugins bring.

A record is anything with a `name`. What gpnde has is registered where it is written; what plugins have is brought when
a name is asked for that is not registered yet, so that no plugin is imported without need.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from gpnde.errors import NOBODY, ComponentError, Owner, ScenarioError, nearest


class Named(Protocol):
    """A record of a registry."""

    @property
    def name(self) -> str:
        """What users call it."""
        ...


Record = TypeVar("Record", bound=Named)

Seeker = Callable[[str, str], str]
"""Takes the kind of a registry and an unknown name, lets plugins bring their records, and returns what errors add."""


def ask_plugins(kind: str, name: str) -> str:
    """Import the plugins, which then have brought their records, and return why none of them has that name."""
    # By name, since the ground floor knows no room above it, and no plugin is needed where all names are known.
    told: str = importlib.import_module("gpnde.plugin.host").seek(kind, name)
    return told


class Registry(Generic[Record]):
    """Records of one kind, such as laws, by name.

    Parameters
    ----------
    kind
        What a record is called in errors, such as ``law``.
    seek
        Called with the kind and a name that is not registered; it may add what has that name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> shapes = Registry("shape")
    >>> square, circle = shapes.register(SimpleNamespace(name="square")), SimpleNamespace(name="circle")
    >>> shapes.add(circle, Owner("round", "gpnde-round", "1.0"))
    >>> shapes.names()
    ('circle', 'square')
    >>> shapes.get("squar", where="tile.shape")
    Traceback (most recent call last):
    gpnde.errors.ScenarioError: tile.shape: unknown shape 'squar'; did you mean 'square'?
    """

    def __init__(self, kind: str, seek: Seeker = ask_plugins) -> None:
        """Start with no records."""
        self.kind = kind
        self._seek = seek
        self._own: dict[str, Record] = {}
        self._added: dict[str, tuple[Record, Owner]] = {}

    def register(self, record: Record) -> Record:
        """Enter a record of gpnde and return it, so that this may stand above what makes one.

        Raises
        ------
        ValueError
            There is one of that name.
        """
        if record.name in self._own:
            raise ValueError(f"{self.kind} {record.name!r} is registered twice: give each a name of its own")
        self._own[record.name] = record
        return record

    def add(self, record: Record, owner: Owner) -> None:
        """Enter a record that the plugin *owner* brings.

        Raises
        ------
        ComponentError
            gpnde or another plugin has one of that name; the error names both.
        """
        if record.name in self:
            holder = self.owner(record.name)
            who = str(holder) if holder.plugin else "gpnde itself"
            raise ComponentError(
                f"{self.kind} {record.name} is offered by {who} and {owner}: give it another name", given=record.name
            )
        self._added[record.name] = (record, owner)

    def added(self, owner: Owner | None = None) -> tuple[Record, ...]:
        """Return what plugins brought, by name; only what *owner* did if it is given."""
        return tuple(self._added[name][0] for name in sorted(self._added) if owner in (None, self.owner(name)))

    def clear_added(self) -> None:
        """Forget what plugins brought."""
        self._added.clear()

    def owner(self, name: str) -> Owner:
        """Return the plugin that brought the record of that name, one without names where it is of gpnde."""
        return self._added[name][1] if name in self._added else NOBODY

    def is_own(self, name: str) -> bool:
        """Return whether gpnde itself has a record of that name."""
        return name in self._own

    def names(self) -> tuple[str, ...]:
        """Return all names in alphabetical order."""
        return tuple(sorted({*self._own, *self._added}))

    def records(self) -> tuple[Record, ...]:
        """Return all records by name."""
        return tuple(self._known(name) for name in self.names())

    def get(self, name: str, where: str = "") -> Record:
        """Return the record of that name; an unknown one lets plugins bring theirs.

        *where* is what the error names first, such as the key that gave the name.

        Raises
        ------
        ScenarioError
            There is none.
        """
        cause = "" if name in self else self._seek(self.kind, name)
        if name in self:
            return self._known(name)
        expected = f"one of {', '.join(self.names())}"
        text = f"unknown {self.kind} {name!r}{nearest(name, self.names())}{cause}"
        raise ScenarioError(f"{where}: {text}" if where else text, where, repr(name), expected)

    def _known(self, name: str) -> Record:
        return self._own[name] if name in self._own else self._added[name][0]

    def __contains__(self, name: object) -> bool:
        """Return whether there is a record of that name, without asking plugins."""
        return name in self._own or name in self._added

    def __iter__(self) -> Iterator[Record]:
        """Yield all records by name."""
        return iter(self.records())
