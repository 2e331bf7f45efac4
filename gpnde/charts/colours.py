"""Colours belong to things: the one table of what has which colour in all charts.

A tier, a role and a cause have a colour of their own. Anything else, such as a firm, a place or a policy, has the one
that its name leads to, or the next that is free in its chart; so it keeps its colour where others come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from gpnde.vocabulary import CAUSES, ROLES

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000", "#F0E442")
"""The palette of Okabe and Ito (2008), blue first and the pale yellow last."""

ROLE_COLOURS: Mapping[str, str] = dict(zip(ROLES, COLOURS, strict=False))
"""The colour of a firm's role."""

CAUSE_COLOURS: Mapping[str, int] = dict(zip(CAUSES, (3, 0, 2, 5, 1, 4, 7), strict=True))
"""Which colour of the palette a cause of an outage, a dismissal or an exit has."""

_TIER = re.compile(r"(\d+)( and up)?")


def colours_of(values: Sequence[str]) -> list[str]:
    """Return the colour of each thing of a chart, all different as long as the palette lasts.

    >>> colours_of(["1", "2"]) == colours_of(["0", "1", "2"])[1:]
    True
    >>> colours_of(["score"]) == colours_of(["outage", "score"])[1:]
    True
    """
    found = {value: number for value in values if (number := _own(value)) is not None}
    # In the order of names, not of the chart: what is largest there changes from run to run.
    for value in sorted(set(values) - set(found)):
        found[value] = _free(crc32(value.encode()) % len(COLOURS), found.values())
    return [COLOURS[found[value]] for value in values]


def colour_of_role(role: str) -> str:
    """Return the colour of a role; roles that are not known have the last one."""
    return ROLE_COLOURS.get(role, COLOURS[-1])


def _own(value: str) -> int | None:
    """Return the number of the colour that a tier, a role or a cause always has, None for anything else."""
    tier = _TIER.fullmatch(value)
    if tier:
        return int(tier[1]) % len(COLOURS)
    if value in ROLES:
        return ROLES.index(value)
    return CAUSE_COLOURS.get(value)


def _free(number: int, taken: Iterable[int]) -> int:
    """Return the first colour from a number on that is not taken, or just that one where all are."""
    used = set(taken)
    turn = [(number + step) % len(COLOURS) for step in range(len(COLOURS))]
    return next((one for one in turn if one not in used), number)
