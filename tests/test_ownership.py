"""The table of ownership: no two kinds are alike, and looser bonds mean less of everything."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from gpnde.ownership import INDEPENDENT, OWNERSHIP_KINDS, ownership_kind, share_held

EFFECTS = ("access", "control", "share", "notice_quarters")


def test_no_two_kinds_do_the_same() -> None:
    effects = [tuple(getattr(kind, name) for name in EFFECTS) for kind in OWNERSHIP_KINDS]
    assert len(set(effects)) == len(OWNERSHIP_KINDS)
    assert {*EFFECTS, "name", "doc"} == {field.name for field in dataclasses.fields(OWNERSHIP_KINDS[0])}


def test_the_looser_the_bond_the_less_of_everything() -> None:
    owned = [kind for kind in OWNERSHIP_KINDS if kind.has_owner]
    for tighter, looser in pairwise(owned):
        assert all(getattr(tighter, name) >= getattr(looser, name) for name in EFFECTS)


def test_independent_firms_are_bound_by_nothing() -> None:
    assert not ownership_kind(INDEPENDENT).has_owner
    assert all(getattr(ownership_kind(INDEPENDENT), name) == 0.0 for name in EFFECTS)


def test_a_share_that_is_stated_goes_before_that_of_the_kind() -> None:
    assert (share_held("subsidiary", None), share_held("subsidiary", 0.0)) == (1.0, 0.0)
