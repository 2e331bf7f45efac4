"""How an address is written: names of blocks, rows and keys with dots between them.

``sites.penang.stock``, ``links.assembly<boards.share``, ``sites.tier=2.ordering.safety_factor``, ``sites.*.stock``,
``links[3].share``, ``clusters."st. paul".wage_per_day``. A quote mark inside quotes is doubled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from gpnde.errors import ScenarioError


class Name(NamedTuple):
    """A block, a key or the name of a row."""

    text: str
    is_quoted: bool = False
    """Quoted, a star is a star, and the name is not continued behind a dot."""

    @property
    def is_wild(self) -> bool:
        """Whether it stands for all names that fit."""
        return "*" in self.text and not self.is_quoted


class Position(NamedTuple):
    """A row by its number, from 0."""

    number: int


class Group(NamedTuple):
    """All rows whose fields have certain values."""

    conditions: tuple[tuple[str, str], ...]


Part = Name | Position | Group
Address = Sequence[Part]

_QUOTED = r'"(?:[^"]|"")*"'
_CONDITION = rf'[a-z_]+=(?:{_QUOTED}|[^".,=(){{}}\[\]]+)'
_GROUPS = re.compile(rf"[a-z]+\.(?:{_CONDITION}(?:,{_CONDITION})*\.)+(?=[^=(){{}}]*=)")
"""A table and the groups behind it, where more of an address and its value follow."""
_POSITIONS = re.compile(r"(.*?)((?:\[[0-9]+\])+)", re.DOTALL)
_BARE = re.compile(r'[^\s."=,*\[\]](?:[^."=,*\[\]\n\r]*[^\s."=,*\[\]])?')
_BARE_COMPONENT = re.compile(r"[\w-]+(?:\.[\w-]+)*(?:#[0-9]+)?")


def parse_address(text: str) -> tuple[Part, ...]:
    """Return the parts of an address.

    >>> parse_address('clusters."st. paul".wage_per_day')[1]
    Name(text='st. paul', is_quoted=True)
    >>> parse_address("sites.tier=2,product=drive.stock")[1].conditions
    (('tier', '2'), ('product', 'drive'))

    Raises
    ------
    ScenarioError
        A quote mark has no partner.
    """
    if text.count('"') % 2:
        raise ScenarioError(where=text, expected="a quote mark stands alone: close it, or double one inside of quotes")
    return tuple(part for piece in _split(text, ".") for part in _parts(piece))


def split_setting(text: str) -> tuple[str, str, str]:
    """Return the address in a text ADDRESS=VALUE, the equals sign and the value, as `str.partition` does.

    >>> split_setting("sites.tier=2.ordering.safety_factor=1.5")
    ('sites.tier=2.ordering.safety_factor', '=', '1.5')
    >>> split_setting("links.0.lead_time=gamma(mean=10, cv=0.3)")
    ('links.0.lead_time', '=', 'gamma(mean=10, cv=0.3)')
    """
    groups = _GROUPS.match(text)
    start = groups.end() if groups else 0
    key = _split(text[start:], "=")[0]
    end = start + len(key)
    return text[:end], text[end : end + 1], text[end + 1 :]


def written(name: str, begun: Collection[str] = ()) -> str:
    """Return the name of a row or a key as it stands in an address, quoted where it needs to be.

    *begun* are beginnings of names beside it, see `beginnings`: only quotes tell a name from one that goes on.

    >>> written("penang"), written("st. paul"), written("st", beginnings(["st", "st.stock"]))
    ('penang', '"st. paul"', '"st"')
    """
    return name if _BARE.fullmatch(name) is not None and name not in begun else quoted(name)


def written_component(name: str, begun: Collection[str] = ()) -> str:
    """Return the name of a component as it stands in an address; its dots need no quotes.

    >>> written_component("disruption.site-outage#2")
    'disruption.site-outage#2'
    """
    return name if _BARE_COMPONENT.fullmatch(name) is not None and name not in begun else quoted(name)


def beginnings(names: Iterable[str]) -> set[str]:
    """Return what stands before a dot of one of the *names*.

    >>> sorted(beginnings(["a.b.c", "d"]))
    ['a', 'a.b']
    """
    return {name[:place] for name in names if "." in name for place, letter in enumerate(name) if letter == "."}


def quoted(name: str) -> str:
    """Return a name in quotes.

    >>> quoted('the "best" one')
    '"the ""best"" one"'
    """
    return '"' + name.replace('"', '""') + '"'


def _parts(piece: str) -> list[Part]:
    """Return the parts in a piece between two dots: a group, or a name with positions behind it."""
    if len(_split(piece, "=")) > 1:
        return [Group(tuple(_condition(each) for each in _split(piece, ",")))]
    found = _POSITIONS.fullmatch(piece)
    if found is None:
        return [_name(piece)]
    positions = [Position(int(digits)) for digits in re.findall("[0-9]+", found[2])]
    return [*([_name(found[1])] if found[1] else []), *positions]


def _condition(text: str) -> tuple[str, str]:
    field, _, value = text.partition("=")
    return _name(field).text.strip(), _name(value).text.strip()


def _name(piece: str) -> Name:
    if '"' not in piece:
        return Name(piece)
    return Name(re.sub(_QUOTED, lambda found: found[0][1:-1].replace('""', '"'), piece), is_quoted=True)


def _split(text: str, mark: str) -> list[str]:
    """Return what a *mark* outside of quotes parts; behind such a mark, quotes come in pairs."""
    pieces, start, is_inside = [], 0, False
    for place, letter in enumerate(text):
        is_inside ^= letter == '"'
        if letter == mark and not is_inside:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]
