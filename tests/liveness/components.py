"""Witnesses for the parameters of components: a network in which each component acts, and other values to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gpnde.scenario.parameters import range_to_vary
from gpnde.vocabulary import FUNCTIONS

from .network_witnesses import AT_START, EVEN, HARSH
from .runs import FOLDER, Network, Settings, Witness
from .walk import components, parameters


class Around(NamedTuple):
    """Where a component acts: parameters that it needs for it, and what stands in the network beside it."""

    given: Settings = {}
    beside: Settings = {}
    others: tuple[str, ...] = ()
    """Names of other components in force."""
    network: Network = "tiny"


class Try(NamedTuple):
    """Another value of a parameter, and what else has to be there for it to matter."""

    value: Any
    given: Settings = {}
    beside: Settings = {}


_TEACHERS = ("diffusion.spec-transfer", "diffusion.licensing", "diffusion.design-debate")
_POOR: Settings = {"firms.cases.cash": 0, "firms.chips.cash": 0, "firms.local-boards.cash": 0}
_FAILING: Settings = {**_POOR, "firms.chips.credit_months": 0, "firms.cases.credit_months": 0}

AROUND: Mapping[str, Around] = {
    "diffusion.digital-convergence": Around({"full_days": 100}, HARSH, _TEACHERS),
    "diffusion.imitation": Around({"lag_days": 28}, AT_START),
    "diffusion.joint-creation": Around({"trust_threshold": 0.1}),
    "diffusion.labour-mobility": Around({"entry_per_year": 5}, {"sites.local-board-shop.firm": "affiliate"}),
    "diffusion.progressive-transfer": Around(others=_TEACHERS),
    "disruption.cluster-outage": Around({"mean_up_days": 60}),
    "disruption.currency-crisis": Around({"start_day": 28, "days": 56, "passed_on": 0.5}, _POOR),
    "disruption.dated-outages": Around({"file": str(FOLDER / "floods.csv"), "days_per_magnitude": 1}),
    "disruption.demand-slump": Around({"start_day": 28, "days": 56}),
    "disruption.export-control": Around({"start_day": 28, "days": 56}),
    "disruption.flagship-insolvency": Around({"day": 56}),
    "disruption.link-outage": Around({"mean_up_days": 40}),
    "disruption.price-war": Around({"mean_peace_days": 30}),
    "disruption.site-outage": Around({"mean_up_days": 40}),
    "disruption.technology-discontinuity": Around({"day": 56}),
    "policy.certification-support": Around({}, {**HARSH, **AT_START}),
    "policy.commitment-guarantee": Around({}, HARSH),
    "policy.fdi-attraction": Around({"group": "all"}, {"location": EVEN}),
    "policy.linkage-broker": Around({}, {**HARSH, **AT_START}),
    "policy.linkage-mix": Around(
        {"stages": [{"policy": "policy.effort-subsidy", "lowest": 2}]}, others=("policy.effort-subsidy",)
    ),
    "policy.local-content": Around({"group": "all"}, HARSH),
    "policy.logistics": Around({"build_days": 56, "group": "all"}),
    "policy.macro-stabilisation": Around({}, _POOR),
    "policy.patient-capital": Around({}, _FAILING),
    "policy.supplier-development": Around({"joining_per_year": 1, "diagnosis_months": 1}),
    "policy.targeting": Around(others=("policy.effort-subsidy",)),
    "policy.trade-tariff": Around({"group": "all", "countries": ["south"]}),
}
"""Where components act that do not act with their defaults in the tiny network."""

_POLICY: Mapping[str, Any] = {
    "start_day": 84,
    "end_day": 84,
    "group": "foreign",
    "countries": ["north"],
    "clusters": ["park"],
    "tiers": [2],
    "firms": ["cases"],
    "budget": 1,
    "noise": 1,
}
"""Other values of what all policies have."""

_CHOICE: Mapping[str, Any] = {
    "tiers": [2],
    "clusters": ["park"],
    "countries": ["north"],
    "sites": ["case-works"],
    "in_transit": "lose",
    "up_law": "weibull",
    "down_law": "fixed",
    "up_shape": Try(8, {"up_law": "weibull"}),
    "down_cv": Try(0.3, {"down_law": "lognormal"}),
}
"""Other values of what chooses sites that fail, and how."""

TRIES: Mapping[str, Mapping[str, Any]] = {
    "diffusion.cluster-pool": {"relay": "all", "tiers": [2]},
    "diffusion.design-debate": {"functions": ["component_mfg"]},
    "diffusion.early-involvement": {"functions": ["component_mfg"]},
    "diffusion.joint-creation": {
        "start_day": Try(84, {"maximum": 1, "full_days": 56, "trust_threshold": 1}),
        "full_days": Try(28, {"maximum": 1, "trust_threshold": 1}),
        "maximum": Try(1, {"full_days": 56, "trust_threshold": 1}),
        "digital_threshold": Try(0.3, {"maximum": 1, "full_days": 120, "trust_threshold": 1}),
        "split": "equal",
    },
    "diffusion.licensing": {"tiers": [2], "firms": ["cases"], "functions": ["component_mfg"]},
    "diffusion.peer-network": {
        "mode": "barter",
        "rewiring": Try(1, {"degree": 2}),
        "cross_border": Try(1, {"degree": 2, "rewiring": 1}),
        "degree": 2,
    },
    "diffusion.progressive-transfer": {"turnkey_rungs": Try(3, {}, {"links.3.contract": "turnkey"})},
    "disruption.cluster-outage": _CHOICE,
    "disruption.link-outage": _CHOICE,
    "disruption.site-outage": _CHOICE,
    "disruption.currency-crisis": {"countries": ["north"], "start_day": 56},
    "disruption.dated-outages": {
        "file": str(FOLDER / "quakes.csv"),
        "minimum_magnitude": 5,
        "minimum_damage_class": 2,
        "magnitude_column": "damage_class",
        "damage_column": Try("magnitude", {"minimum_damage_class": 3.5}),
        "in_transit": "lose",
    },
    "disruption.demand-slump": {"start_day": 56, "markets": ["home"]},
    "disruption.export-control": {
        "products": ["case"],
        "origins": ["north"],
        "destinations": ["north"],
        "start_day": 56,
        "ends_links": True,
        "in_transit": "lose",
    },
    "disruption.flagship-insolvency": {
        "day": 84,
        "flagship": Try("affiliate", {}, {"firms.affiliate.role": "contract-manufacturer"}),
        "hazard_per_year": Try(10, {"day": None}),
    },
    "disruption.price-war": {"products": ["case"]},
    "disruption.technology-discontinuity": {
        "day": 84,
        "functions": ["component_mfg"],
        "mean_interval_days": Try(28, {"day": None}),
    },
    "policy.commitment-guarantee": {"covers_old_links": False, "markets": Try(["home"], {"purchases": 0.3})},
    "policy.diaspora-network": {"partners": ["cases"]},
    "policy.linkage-mix": {
        "stages": [{"policy": "policy.effort-subsidy", "lowest": 3}],
        "stages.policy": Try(
            [{"policy": "policy.patient-capital", "lowest": 2}],
        ),
        "stages.lowest": [{"policy": "policy.effort-subsidy", "lowest": 0}],
        "stages.highest": [{"policy": "policy.effort-subsidy", "lowest": 2, "highest": 2}],
    },
    "policy.local-content": {"is_preferred": False, "exemptions": ["board"]},
    "policy.public-research-lab": {"function": "component_mfg", "capacity": 1},
    "policy.skills-centre": {"function": "component_mfg", "seats": 1},
    "policy.supplier-development": {"seats": 1},
    "policy.targeting": {"policies": Try(["policy.skills-centre"]), "rule": "lagging"},
    "policy.trade-tariff": {
        "duties": [{"rate": 0.3}],
        "duties.product": [{"product": "case", "rate": 0.1}],
        "duties.day": [{"day": 56, "rate": 0.1}],
        "duties.rate": [{"rate": 0.5}],
        "regions": ["rich"],
        "protection_pull": Try(20, {}, {"location": EVEN}),
        "group": "foreign",
    },
}
"""Other values of parameters; where none is given, it is the end of the range to vary that lies further off."""


def witness(component: str, parameter: str) -> Witness:
    """Return the witness for a parameter of a component."""
    tried = _tried(component, parameter)
    around = AROUND.get(component, Around())
    beside = {**around.beside, **tried.beside}
    given = {**around.given, **tried.given}
    changed = {**given, parameter.partition(".")[0]: tried.value}
    return Witness(
        around.network, _in_force(component, changed, around), {**beside, **_in_force(component, given, around)}
    )


def in_force(component: str, parameter: str, value: Any) -> tuple[Network, Settings]:
    """Return the network of a witness with a *value* of the parameter."""
    tried, around = _tried(component, parameter), AROUND.get(component, Around())
    settings = {**around.given, **tried.given, parameter: value}
    return around.network, {**around.beside, **tried.beside, **_in_force(component, settings, around)}


def _in_force(component: str, given: Settings, around: Around) -> Settings:
    return {"components": [{"use": component, **given}, *({"use": other} for other in around.others)]}


def _tried(component: str, parameter: str) -> Try:
    own = TRIES.get(component, {})
    if parameter in own:
        value = own[parameter]
    elif component.startswith("policy.") and parameter in _POLICY:
        value = _POLICY[parameter]
    else:
        value = _far_end(component, parameter)
    return value if isinstance(value, Try) else Try(value)


def _far_end(component: str, parameter: str) -> float:
    """Return the end of the range to vary that is further from what is in force."""
    field = parameters(components()[component])[parameter]
    ends = range_to_vary(field)
    assert ends is not None, f"{component}.{parameter}: give another value in TRIES"
    usual = AROUND.get(component, Around()).given.get(parameter, field.default)
    return max(ends, key=lambda end: abs(end - float(usual or 0)))
