"""All that plugins may import is in the reference: as a hook's argument or record, a word, a type or a function."""

from __future__ import annotations

import gpnde.plugin as door
from tools.odd.door import TYPES, WORDS, functions_of_the_door
from tools.odd.hooks import hooks_page

PAGE = hooks_page()


def test_every_name_of_the_door_is_in_the_reference() -> None:
    classes = {name for name in door.__all__ if isinstance(getattr(door, name), type)}
    found = {*WORDS, *TYPES, *functions_of_the_door(), *classes, "hookimpl", "param"}
    assert found == set(door.__all__)
    for name in (*WORDS, *TYPES):
        assert f"| `{name}` |" in PAGE
    for name in functions_of_the_door():
        assert f"| `{name}(" in PAGE


def test_every_function_of_the_door_says_what_it_does() -> None:
    assert "pool_rate" in [*functions_of_the_door()]
    for name in functions_of_the_door():
        assert getattr(door, name).__doc__
