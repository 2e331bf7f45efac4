"""Orders that can be owed when a run begins."""

from __future__ import annotations

import pytest

from gpnde.errors import ScenarioError

from ..plants import works

OWED = {"opening_backlog": [{"quantity": 10}]}


def test_the_outside_owes_nothing() -> None:
    links = [{"buyer": "a", "supplier": "outside", "product": "steel", **OWED}]
    expected = "links.a<outside.opening_backlog: given, but 'outside' sends what is ordered"
    with pytest.raises(ScenarioError, match=expected):
        works({"a": {}}, links=links)


def test_nothing_is_owed_to_those_who_never_wait() -> None:
    demand = {"law": 1, "every_days": 1}
    markets = [{"name": "town", "product": "a", "served_by": ["a"], "demand": demand, "backorders": False, **OWED}]
    with pytest.raises(ScenarioError, match="nobody waits"):
        works({"a": {}}, markets=markets)
