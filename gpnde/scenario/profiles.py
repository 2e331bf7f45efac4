"""Governance profiles: how firms judge and keep their suppliers, where that differs from the block selection.

Some come with the package, in the table ``profiles.csv`` beside this file; a scenario may cite these without defining
them, and state by their names what it wants otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from gpnde.scenario.model import Block
from gpnde.scenario.reading import read_text
from gpnde.scenario.rules import Governance, StrikeRule

_TABLE = Path(__file__).with_name("profiles.csv")


class WeightChanges(Block):
    """Weights of the scorecard that differ; those left out are as without the profile."""

    delivery: float | None = Field(None, ge=0)
    quality: float | None = Field(None, ge=0)
    price: float | None = Field(None, ge=0)
    response: float | None = Field(None, ge=0)


class Profile(Block):
    """How some firms judge and keep their suppliers; what is left out is as in the block selection."""

    threshold: float | None = Field(None, ge=0, le=1, description="Score below which a supplier takes a strike (1).")
    strikes: int | None = Field(None, ge=1, le=1_000_000, description="Strikes in a row that dismiss a supplier.")
    rule: StrikeRule | None = Field(
        None,
        description="Whether a strike is a score below the threshold, or one that is far below others of the product.",
    )
    weights: WeightChanges = Field(default_factory=WeightChanges)
    reference_hours: float | None = Field(
        None, gt=0, description="Time within which buyers like to have an answer (hours)."
    )
    commitment_days: float | None = Field(None, ge=0, description="Commitment to a new link (days).")
    openness: float | None = Field(
        None, ge=0, le=100, description="Factor on how many firms without a link to it may bid (1)."
    )
    incumbent_lock: float | None = Field(
        None, ge=0, le=1, description="Part of what a supplier's score lacks to 1 by which a bid must be better."
    )
    teaching: float | None = Field(
        None, ge=0, le=100, description="Factor on the tacit knowledge that it teaches suppliers (1)."
    )

    def over(self, rules: Governance) -> Governance:
        """Return *rules* with what this profile states in place of theirs.

        >>> Profile(strikes=4, weights={"price": 0.5}).over(Governance()).weights.delivery
        0.35
        """
        # One by one, or a profile that states a single weight would drop all others.
        weights = rules.weights.model_copy(update=_stated(self.weights))
        return rules.model_copy(update={**_stated(self), "weights": weights})


class ShippedProfile(NamedTuple):
    """A profile of the package, and where its numbers come from."""

    profile: Profile
    doc: str
    mark: str
    """One of the marks of provenance."""
    source: str


@cache
def shipped_profiles() -> Mapping[str, ShippedProfile]:
    """Return the profiles of the package by name.

    >>> shipped_profiles()["closed-relational"].profile.strikes
    4
    """
    rows = csv.DictReader(read_text(_TABLE).splitlines())
    return {row["name"]: _shipped(row) for row in rows}


def _shipped(row: Mapping[str, str]) -> ShippedProfile:
    given = {name: row[name] for name in Profile.model_fields if row.get(name)}
    return ShippedProfile(Profile.model_validate(given), row["doc"], row["mark"], row["source"])


def profile_names(own: Mapping[str, Profile]) -> tuple[str, ...]:
    """Return the names of the profiles that a scenario defines and of those of the package, each once.

    >>> profile_names({"strict": Profile()})
    ('strict', 'open-modular', 'closed-relational')
    """
    return tuple(dict.fromkeys((*own, *shipped_profiles())))


def governance(rules: Governance, own: Mapping[str, Profile], name: str | None) -> Governance:
    """Return the rules of a firm that cites the profile *name*, or none.

    *rules* are those of the block selection, *own* the profiles that the scenario defines. What it states by the name
    of a profile of the package goes before what that one states.

    >>> governance(Governance(), {"closed-relational": Profile(strikes=3)}, "closed-relational").threshold
    0.4
    """
    shipped = shipped_profiles().get(name or "")
    for profile in (shipped.profile if shipped else None, own.get(name or "")):
        rules = rules if profile is None else profile.over(rules)
    return rules


def _stated(block: Block) -> dict[str, Any]:
    """Return what a block states itself, blocks inside it aside."""
    given = {name: getattr(block, name) for name in type(block).model_fields}
    return {name: value for name, value in given.items() if value is not None and not isinstance(value, Block)}
