"""What an entry of the table of unread inputs is, and conditions that several entries share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gpnde.scenario.unread.facts import Facts

Condition = Callable[[Facts, str, Any], bool]
"""Takes the facts, the name of the row (empty without one), and the block in which the field stands."""


class Entry(NamedTuple):
    """Inputs that nothing reads where a condition holds."""

    path: str
    """A field of a block, or of every row of a table (``*``); several are joined by ``|``, and a last ``*`` is all."""
    is_unread: Condition
    reason: str
    remedy: str


def without(block: str) -> Condition:
    """Return a condition: the scenario has no such block."""
    return lambda facts, name, row: getattr(facts.scenario, block) is None


def learns_not(facts: Facts, name: str, row: Any) -> bool:
    """Return whether firms do not learn."""
    return not facts.scenario.learns


def learns_not_from(*components: str) -> Condition:
    """Return a condition: firms do not learn, or none of the *components* by which they do is in force."""
    return lambda facts, name, row: not facts.scenario.learns or not facts.names_any(*components)


def has_no_policy(facts: Facts, name: str, row: Any) -> bool:
    """Return whether no policy is in force."""
    return not any(each.startswith("policy.") for each in facts.components) and facts.knows_components


NO_KNOWLEDGE = "firms do not learn in this scenario"
GIVE_KNOWLEDGE = "give it a block knowledge, enabled"
NO_POLICY = "no policy is in force"
NAME_A_POLICY = "name a policy among the components"
NOT_TAUGHT = "no component in force by which buyers teach", "name one, such as diffusion.spec-transfer"

BY_WHICH_BUYERS_TEACH = (
    "diffusion.spec-transfer",
    "diffusion.design-debate",
    "diffusion.early-involvement",
    "diffusion.market-information",
    "diffusion.fdi-affiliate",
)
"""Components that teach suppliers as such."""
