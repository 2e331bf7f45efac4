"""Witnesses for the fields of knowledge: absorption, effects, effort, upgrading, specialisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpnde.vocabulary import FUNCTIONS

from .network_witnesses import HARSH, LONGER, TEACHING, with_
from .runs import Settings, Witness

_TAUGHT: Settings = {"components": TEACHING}


def _fields(block: str, path: str, values: Mapping[str, Any], beside: Settings) -> Mapping[str, Witness]:
    """Return witnesses that give each field of a block its value, one at a time."""
    return {f"{block}.{name}": Witness("tiny", {f"{path}.{name}": value}, beside) for name, value in values.items()}


_KNOWLEDGE: Settings = {
    "enabled": False,
    "period_days": 14,
    "record_days": 14,
    "frontier_drift_per_year": 0.5,
    "trust_growth_per_year": 3,
    "lower_tier_access": 1,
    "codified_weights": dict.fromkeys(FUNCTIONS, 0.1),
    "absorption": {"sensitivity": 0},
    "effects": {"lead_time": 0.9},
    "effort": {"fixed": 0.5},
    "upgrading": {"award_chance": 1, "cost_months": 0},
    "specialisation": {"review_days": 28, "base": 5, "cost_months": 0},
}
_ABSORPTION: Settings = {
    "internalised_per_month": 2,
    "stale_per_month": 1,
    "sensitivity": 9,
    "base_prior": 1,
    "base_effort": 1,
    "gap_response": "logistic",
    "tolerance": 3,
    "tolerance_slope": 9,
}
_EFFECTS: Settings = {
    "productivity": 2,
    "cost_passed_on": 1,
    "lowest_yield": 0.3,
    "highest_yield": 0.8,
    "yield_curvature": 4,
    "lead_time": 0.9,
}
_EFFORT: Settings = {
    "fixed": 1,
    "review_days": 28,
    "cost_share": 0.9,
    "discount_per_year": 5,
    "base_horizon_days": 3640,
    "commitment_counts": False,
    "score_spread": 0.9,
    "research_per_month": 0.2,
}
_UPGRADING: Settings = {
    "thresholds": dict.fromkeys(FUNCTIONS, 0.7),
    "rule": "sequential",
    "awarded_by": "buyers",
    "review_days": 28,
    "cost_months": 0,
    "award_score": 0.95,
    "award_chance": 0,
    "lapse_margin": 0,
    "price_gain": 0.5,
    "brand_harshness": 10,
}
_EAGER: Settings = {
    **_TAUGHT,
    "knowledge.upgrading.award_chance": 1,
    "knowledge.upgrading.cost_months": 0.01,
    "knowledge.upgrading.thresholds": dict.fromkeys(FUNCTIONS, 0.4),
    "knowledge.upgrading.review_days": 56,
    "knowledge.frontier_drift_per_year": 0.5,
    **{f"firms.{name}.knowledge": {"strategic_marketing": 0.7} for name in ("cases", "chips", "local-boards")},
}
_SHIFT: Settings = {
    "review_days": 56,
    "cost_months": 3,
    "price_gain": 1,
    "dip": 0.9,
    "transition_days": 56,
    "base": 9,
    "capability_weight": 50,
    "linkage_weight": 50,
    "horizon_days": 100,
}
_SHIFTING: Settings = {
    "knowledge.specialisation": {"review_days": 28, "base": -3, "cost_months": 0.1, "transition_days": 28}
}

_COORDINATING: Settings = {
    **HARSH,
    **with_("diffusion.licensing", functions=["sc_coordination"], codified_per_month=5),
}

OF_KNOWLEDGE: Mapping[str, Witness] = {
    **_fields("Knowledge", "knowledge", _KNOWLEDGE, {**_TAUGHT, **LONGER}),
    **_fields("Absorption", "knowledge.absorption", _ABSORPTION, _TAUGHT),
    **_fields("Effects", "knowledge.effects", _EFFECTS, {**_TAUGHT, **LONGER}),
    "Effects.response": Witness("tiny", {"knowledge.effects.response": 9}, _COORDINATING),
    "Effects.reference_capability": Witness("works", {"knowledge.effects.reference_capability": 0.9}),
    **_fields("Effort", "knowledge.effort", _EFFORT, _TAUGHT),
    **_fields("Upgrading", "knowledge.upgrading", _UPGRADING, _EAGER),
    **_fields("Specialisation", "knowledge.specialisation", _SHIFT, _SHIFTING),
}
