"""How each firm judges and keeps its suppliers: one record per firm, from the profile that it cites."""

from __future__ import annotations

import math

import numpy as np

from gpnde.scenario.profiles import governance
from gpnde.scenario.rules import Governance, Selection
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Records
from gpnde.world.tables import whole_ticks

AS_BEFORE = -1
"""The commitment to a new link that is that of the link which it follows."""

GOVERNANCE = np.dtype(
    [
        ("threshold", "f8"),
        ("strikes", "i8"),
        ("is_relative", "?"),  # whether strikes go by what others score
        ("delivery", "f8"),  # weight of the mark, as are the next three
        ("quality", "f8"),
        ("price", "f8"),
        ("response", "f8"),
        ("reference_hours", "f8"),
        ("commitment", "i8"),  # to a new link (ticks), or `AS_BEFORE`
        ("openness", "f8"),
        ("incumbent_lock", "f8"),  # NaN for none
        ("teaching", "f8"),
    ]
)
"""A firm as a buyer."""


def governance_records(scenario: Scenario) -> Records:
    """Return how each firm of a scenario deals with its suppliers; shape (firms,).

    Profiles say what differs from the block selection, and count for nothing in a scenario without it.
    """
    rules, tick = scenario.selection or Selection(), scenario.clock.tick_days
    cited = [firm.profile if scenario.selection is not None else None for firm in scenario.firms]
    rows = {name: _row(governance(rules, scenario.profiles, name), tick) for name in set(cited)}
    return np.array([rows[name] for name in cited], dtype=GOVERNANCE)


def _row(rules: Governance, tick_days: float) -> tuple[float, ...]:
    """Return the fields of a record in their order."""
    weights, days, lock = rules.weights, rules.commitment_days, rules.incumbent_lock
    return (
        rules.threshold,
        rules.strikes,
        rules.rule == "relative",
        weights.delivery,
        weights.quality,
        weights.price,
        weights.response,
        rules.reference_hours,
        AS_BEFORE if days is None else whole_ticks(days, tick_days),
        rules.openness,
        math.nan if lock is None else lock,
        rules.teaching,
    )
