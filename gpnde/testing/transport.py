"""Errors on their way from the other process of the kit: as data, since a pickle of untried code could run anything."""

from __future__ import annotations

from typing import Any, TypeVar

from gpnde.errors import GpndeError, Origin, Owner, one_line

E = TypeVar("E", bound=GpndeError)


def packed(error: BaseException) -> dict[str, Any]:
    """Return the text of an error, and the fields of one of gpnde, as JSON can hold them.

    >>> packed(KeyError("F7"))["text"], packed(GpndeError(where="days", given="-3"))["where"]
    ("KeyError: 'F7'", 'days')
    """
    known = error if isinstance(error, GpndeError) else GpndeError()
    fields = {"where": known.where, "given": known.given, "expected": known.expected}
    return {"text": one_line(error), **fields, "origin": known.origin}


def unpacked(kind: type[E], data: dict[str, Any], before: str = "") -> E:
    """Return an error of this *kind* with the text, after the words *before*, and the fields that were packed.

    >>> error = unpacked(GpndeError, packed(GpndeError(where="days", given="-3")), "another process")
    >>> str(error), error.given
    ('another process: days: -3', '-3')
    """
    component, owner, hook, day = data["origin"]
    origin = Origin(component, Owner(*owner), hook, day)
    return kind.passing_on(GpndeError(**{**data, "origin": origin}), before)
