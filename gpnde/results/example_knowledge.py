"""The knowledge of the made-up run: curves that look like learning, with the right shapes and no simulation behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.results.metrics.diffusion import CHANNELS, KINDS
from gpnde.results.tables import Coded, make_table
from gpnde.vocabulary import FUNCTIONS

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

EVERY = 91.0
"""Time between records of knowledge (days)."""

_PACE = np.array([0.0, 0.0005, 0.0003, 0.00008])
"""How fast each tier learns (1/day)."""

_NEEDED = np.array([0.25, 0.25, 0.35, 0.45, 0.55, 0.65, 0.45, 0.5])
"""Capability from which a firm performs a function."""

_OPENING = np.array([1.0, 0.5, 0.35, 0.3])
_STEEPNESS = np.array([0.0, 0.35, 0.55, 0.7])
"""How much less a tier knows of each further function."""


def knowledge_tables(scenario: dict[str, Any], rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Return the tables of knowledge of the firms of a *scenario*."""
    days = np.arange(0.0, scenario["clock"]["days"] + 1e-9, EVERY)
    able = _capability(scenario, days, rng)
    performed = (able >= _NEEDED) | (np.arange(len(FUNCTIONS)) < 2)
    return {
        "knowledge": _knowledge(scenario, days, able, performed),
        "learners": _learners(scenario, days, able, rng),
        "upgrades": _upgrades(scenario, days, able, performed),
    }


def _capability(scenario: dict[str, Any], days: Floats, rng: np.random.Generator) -> Floats:
    """Return made-up capabilities; shape (times, firms, functions)."""
    tier = _tiers(scenario)
    steps = np.arange(len(FUNCTIONS)) / len(FUNCTIONS)
    own = rng.uniform(0.8, 1.2, len(tier))
    base = np.where(tier == 0, 1.0, own * _OPENING[tier])
    opening = base[:, np.newaxis] * (1 - np.outer(_STEEPNESS[tier], steps))
    left = np.exp(-np.outer(days, own * _PACE[tier]))[:, :, np.newaxis]
    return np.asarray(1 - (1 - opening) * left)


def _tiers(scenario: dict[str, Any]) -> NDArray[np.int64]:
    return np.array([firm["tier"] for firm in scenario["firms"]], dtype=np.int64)


def _names(scenario: dict[str, Any]) -> list[str]:
    return [firm["name"] for firm in scenario["firms"]]


def _knowledge(scenario: dict[str, Any], days: Floats, able: Floats, performed: NDArray[np.bool_]) -> pl.DataFrame:
    times, firms, functions = able.shape
    rows = np.arange(able.size)
    gained = able - able[0]
    return make_table(
        "knowledge",
        {
            "day": np.repeat(days, firms * functions),
            "firm": Coded(rows // functions % firms, _names(scenario)),
            "tier": np.tile(np.repeat(_tiers(scenario), functions), times),
            "function": Coded(rows % functions, FUNCTIONS),
            "codified": np.minimum(1.05 * able, 1.0).ravel(),
            "tacit": (0.9 * able).ravel(),
            "waiting": (0.1 * gained).ravel(),
            "internalised": gained.ravel(),
            "capability": able.ravel(),
            "performed": performed.ravel(),
        },
    )


def _learners(scenario: dict[str, Any], days: Floats, able: Floats, rng: np.random.Generator) -> pl.DataFrame:
    times, firms, _ = able.shape
    tier = np.tile(_tiers(scenario), times)
    effort = np.clip(0.6 - 0.15 * tier + 0.1 * rng.standard_normal(len(tier)), 0, 1)
    home = _homes(scenario)
    return make_table(
        "learners",
        {
            "day": np.repeat(days, firms),
            "firm": _names(scenario) * times,
            "tier": tier,
            "role": [firm["role"] for firm in scenario["firms"]] * times,
            "cluster": [home[name] for name in _names(scenario)] * times,
            "present": np.ones(len(tier), dtype=np.int64),
            "effort": np.where(np.repeat(days, firms) > 0, effort, 0.0),
            "absorptive_capacity": 0.2 + 0.5 * effort,
            "score": np.full(len(tier), 0.7),
            **_books((able - able[0]).sum(axis=2).ravel()),
        },
    )


def _homes(scenario: dict[str, Any]) -> dict[str, str]:
    """Return the cluster of each firm's first site."""
    return {site["firm"]: site["cluster"] for site in reversed(scenario["sites"])}


def _books(gained: Floats) -> dict[str, Floats]:
    """Return running totals of receipts: codified knowledge comes on the formal channel, tacit on the other."""
    books: dict[str, Floats] = {}
    shares = {("formal", "codified"): 0.45, ("formal", "tacit"): 0.2, ("informal", "codified"): 0.1}
    for channel in CHANNELS:
        for kind in KINDS:
            share = shares.get((channel, kind), 0.25)
            ends = {"transferred": 1.6, "internalised": 1.0, "stale": 0.5}
            books |= {f"{fate}_{channel}_{kind}": share * end * gained for fate, end in ends.items()}
    return books | {f"created_{kind}": 0.1 * gained for kind in KINDS}


def _upgrades(scenario: dict[str, Any], days: Floats, able: Floats, performed: NDArray[np.bool_]) -> pl.DataFrame:
    """Return an event for each function that a firm performs and did not perform a quarter before."""
    time, firm, function = np.nonzero(np.diff(performed.astype(np.int8), axis=0))
    count = len(time)
    return make_table(
        "upgrades",
        {
            "day": days[time + 1],
            "firm": Coded(firm, _names(scenario)),
            "tier": _tiers(scenario)[firm],
            "kind": ["upgrade"] * count,
            "function": Coded(function, FUNCTIONS),
            "reason": ["award"] * count,
            "capability": able[time + 1, firm, function],
            "contract": ["OEM"] * count,
        },
    )
