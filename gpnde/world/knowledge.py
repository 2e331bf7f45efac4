"""What firms know at the start of a run: stocks of codified and tacit knowledge per function, nothing waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gpnde.scenario.network import Firm
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import (
    BRAND_LEADER,
    CHANNELS,
    CONTRACT_MANUFACTURER,
    FLAGSHIPS,
    FUNCTIONS,
    HIGHER_TIER,
    KNOWLEDGE_KINDS,
    Function,
)
from gpnde.world.layout import Flags, Floats, Records
from gpnde.world.places import Places, find_places

FRONTIER = 1.0
"""Knowledge is relative to the frontier: no firm knows more than this."""

_BRAND_LEADER_KNOWS = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
_CONTRACT_MANUFACTURER_KNOWS = (0.3, 1.0, 0.9, 0.8, 0.25, 0.15, 1.0, 0.05)
_HIGHER_TIER_KNOWS = (0.62, 0.62, 0.5, 0.32, 0.16, 0.06, 0.4, 0.1)
_LOWER_TIER_KNOWS = (0.45, 0.45, 0.25, 0.08, 0.02, 0.005, 0.1, 0.02)
"""Opening knowledge per function, in the order of `FUNCTIONS` (assumptions; Ernst gives only the order of tiers)."""

_PERFORMED_BY_ROLE: Mapping[str, tuple[Function, ...]] = {
    BRAND_LEADER: FUNCTIONS,
    CONTRACT_MANUFACTURER: ("assembly_test", "component_mfg", "engineering", "sc_coordination"),
}
"""Functions that firms perform by their role, beside those of their sites and those they name (Ernst, section 2.1)."""


@dataclass
class KnowledgeState:
    """The knowledge of all firms; functions in the order of `gpnde.scenario.knowledge.FUNCTIONS`."""

    stock: Floats
    """Own knowledge, relative to the frontier; shape (kinds, firms, functions)."""
    waiting: Floats
    """Receipts that are not internalised yet; shape (channels, kinds, firms, functions)."""
    taught: Floats
    """Receipts that wait times the level of the source that each came from, shape as for *waiting*."""
    active: Flags
    """Functions that each firm performs; shape (firms, functions)."""
    opening: Flags
    """Functions that each firm performs on day 0, over which its mean capability is taken; shape as for *active*."""
    effort: Floats
    """Effort of each firm, 0 to 1; shape (firms,)."""
    places: Places


def open_knowledge(scenario: Scenario, countries: Records | None = None) -> KnowledgeState:
    """Return what the firms of *scenario* know on day 0; *countries* is what changes about its countries."""
    own = np.array([opening_knowledge(firm) for firm in scenario.firms])
    performed = _performed(scenario)
    firms = len(scenario.firms)
    receipts = len(CHANNELS), len(KNOWLEDGE_KINDS), firms, len(FUNCTIONS)
    return KnowledgeState(
        stock=np.stack([own, own]),
        waiting=np.zeros(receipts),
        taught=np.zeros(receipts),
        active=performed,
        opening=performed.copy(),
        effort=np.zeros(firms),
        places=find_places(scenario, countries),
    )


def opening_knowledge(firm: Firm) -> list[float]:
    """Return what a firm knows on day 0, one level per function: what the scenario says, else by its role."""
    usual = usual_knowledge(firm.role)
    return [firm.knowledge.get(name, level) for name, level in zip(FUNCTIONS, usual, strict=True)]


def usual_knowledge(role: str) -> tuple[float, ...]:
    """Return what a firm in a role knows on day 0 where the scenario does not say; one level per function.

    >>> usual_knowledge("brand-leader")[0]
    1.0
    """
    if role in FLAGSHIPS:
        return _BRAND_LEADER_KNOWS if role == BRAND_LEADER else _CONTRACT_MANUFACTURER_KNOWS
    return _HIGHER_TIER_KNOWS if role in HIGHER_TIER else _LOWER_TIER_KNOWS


def _performed(scenario: Scenario) -> Flags:
    """Return which functions each firm performs: those of its sites, those it names, and those of its role."""
    position = {name: number for number, name in enumerate(FUNCTIONS)}
    firm_number = {firm.name: number for number, firm in enumerate(scenario.firms)}
    active = np.zeros((len(scenario.firms), len(FUNCTIONS)), dtype=np.bool_)
    for site in scenario.sites:
        active[firm_number[site.firm], position[site.function]] = True
    for number, firm in enumerate(scenario.firms):
        named = (*firm.functions, *_PERFORMED_BY_ROLE.get(firm.role, ()))
        active[number, [position[name] for name in named]] = True
    return active
