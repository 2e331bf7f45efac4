"""Witnesses for the parameters of components: a network in which each component acts, and other values to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_origin

from gpnde.scenario.parameters import range_to_vary
from gpnde.vocabulary import FUNCTIONS

from .network_witnesses import AT_START, EVEN, HARSH, LONGER
from .runs import FOLDER, Network, Settings, Witness
from .walk import components, parameters

ONE_IN_EACH_CELL: Settings = {
    "products.case.process": "flexible",
    "products.board.type": "differentiated",
    "products.chip": {"type": "differentiated", "process": "flexible"},
}
"""Products of which each lies in a cell of its own."""

MOVING: Settings = {"location": {**EVEN, "opens_sites": True}, "clock.days": 364}
"""Firms that move plants, for long enough."""


class Around(NamedTuple):
    """Where a component acts: parameters that it needs for it, and what stands in the network beside it."""

    given: Settings = {}
    beside: Settings = {}
    others: tuple[Settings, ...] = ()
    """Other components in force."""
    network: Network = "tiny"


class Try(NamedTuple):
    """Another value of a parameter, and what else has to be there for it to matter."""

    value: Any
    given: Settings = {}
    beside: Settings = {}


_TEACHERS: tuple[Settings, ...] = (
    {"use": "diffusion.spec-transfer"},
    {"use": "diffusion.licensing", "functions": list(FUNCTIONS)},
    {"use": "diffusion.design-debate"},
)
_SUBSIDY: Settings = {"use": "policy.effort-subsidy"}
_ENTRY: Settings = {"use": "diffusion.labour-mobility", "entry_per_year": 20}
_POOR: Settings = {"firms.cases.cash": 0, "firms.chips.cash": 0, "firms.local-boards.cash": 0}
_FAILING: Settings = {
    **_POOR,
    "firms.affiliate.cash": 0,
    **{f"firms.{name}.credit_months": 0 for name in ("chips", "cases", "affiliate")},
}

_CLOSED: Settings = {"what": "close", "target": "site", "name": "case-works", "start": 28, "days": 28}
_CAPPED: Settings = {**_CLOSED, "what": "cap", "factor": 0.5}

_CLOSING: Settings = {
    "sites.second.closes_day": 40,
    "sites.first.capacity_per_day": 400,
    "firms.second.knowledge": dict.fromkeys(FUNCTIONS, 0.9),
}
"""A plant closes beside another one that then has to hire."""

AROUND: Mapping[str, Around] = {
    "diffusion.digital-convergence": Around({"full_days": 100}, HARSH, _TEACHERS),
    "diffusion.imitation": Around({"lag_days": 28}, AT_START),
    "diffusion.joint-creation": Around({"trust_threshold": 0.1}),
    "diffusion.fdi-affiliate": Around({}, {"sites.chip-works.cluster": "park"}),
    "diffusion.labour-mobility": Around({"entry_per_year": 5}, {"sites.local-board-shop.firm": "affiliate"}),
    "diffusion.progressive-transfer": Around(others=_TEACHERS),
    "diffusion.released-workers": Around({}, _CLOSING, network="works"),
    "disruption.cluster-outage": Around({"mean_up_days": 60}),
    "disruption.currency-crisis": Around({"start_day": 28, "days": 56, "passed_on": 0.5}, _POOR),
    "disruption.dated-events": Around({"events": [_CLOSED]}),
    "disruption.dated-outages": Around({"file": str(FOLDER / "floods.csv"), "days_per_magnitude": 1}),
    "disruption.demand-slump": Around({"start_day": 28, "days": 56}),
    "disruption.export-control": Around({"start_day": 28, "days": 56}),
    "disruption.flagship-insolvency": Around({"day": 56}),
    "disruption.link-outage": Around({"mean_up_days": 40}),
    "disruption.price-war": Around({"mean_peace_days": 30}),
    "disruption.site-outage": Around({"mean_up_days": 40}),
    "disruption.technology-discontinuity": Around({"day": 56}),
    "policy.certification-support": Around({}, {**HARSH, **AT_START, **LONGER, "firms.affiliate.node_type": "partner"}),
    "policy.commitment-guarantee": Around({}, HARSH),
    "policy.fdi-attraction": Around({"group": "all"}, MOVING),
    "policy.linkage-broker": Around({}, {**HARSH, **AT_START, **LONGER}),
    "policy.linkage-mix": Around(
        {"stages": [{"policy": "policy.effort-subsidy", "lowest": 2}]},
        others=(_SUBSIDY, {"use": "policy.supplier-development"}),
    ),
    "policy.local-content": Around({"group": "all"}, HARSH),
    "policy.logistics": Around({"build_days": 56, "group": "all"}),
    "policy.macro-stabilisation": Around({}, _POOR),
    "policy.patient-capital": Around({}, _FAILING),
    "policy.public-research-lab": Around({"level": 0.9}),
    "policy.skills-centre": Around(others=_TEACHERS),
    "policy.supplier-development": Around({"joining_per_year": 1, "diagnosis_months": 1}),
    "policy.targeting": Around(others=(_SUBSIDY, {"use": "policy.supplier-development"}, _ENTRY)),
    "policy.trade-tariff": Around({"group": "all", "countries": ["south"]}),
}
"""Where components act that do not act with their defaults in the tiny network."""

_POLICY: Mapping[str, Any] = {
    "start_day": 84,
    "end_day": 84,
    "group": "foreign",
    "countries": Try(["north"], {"group": "all"}),
    "clusters": ["park"],
    "tiers": [2],
    "firms": ["cases"],
    "products": ["case"],
    "functions": ["component_mfg"],
    "cells": Try(
        ["differentiated-flexible"], {}, {"products.case.type": "differentiated", "products.case.process": "flexible"}
    ),
    "budget": 1,
    "noise": 1,
}
"""Other values of what all policies have."""

_CHOICE: Mapping[str, Any] = {
    "clusters": ["park"],
    "countries": ["north"],
    "in_transit": "lose",
    "up_law": "weibull",
    "down_law": "fixed",
    "up_shape": Try(8, {"up_law": "weibull"}),
    "down_cv": Try(0.3, {"down_law": "lognormal"}),
}
"""Other values of what chooses clusters that fail, and how."""

_NAMESAKES: Settings = {
    "countries": [{"name": name} for name in ("north", "south", "park")],
    "clusters.valley.country": "park",
}
"""A country that is called like a cluster of another one."""

_SITES: Mapping[str, Any] = {**_CHOICE, "tiers": [2], "sites": ["case-works"]}
"""Other values of what chooses sites that fail, and how."""

_ABROAD: Settings = {
    "firms.founders.owner": "flagship",
    "firms.founders.node_type": "subsidiary",
    "firms.founders.home": "port",
}
_ALL_RUNGS: Settings = {"policy": "policy.effort-subsidy", "lowest": 0}
_PATIENT: Settings = {"selection.quotation.deadline_hours": 500}
"""All bids are in time."""

_LOCAL: Settings = {
    **AT_START,
    "sites.case-works.cluster": "valley",
    "sites.garage.product": "case",
    "sites.garage.cluster": "valley",
    "sites.garage.price": 9,
    **_PATIENT,
    **LONGER,
}
"""A plant that buys part of its inputs in its own country, where one more firm could sell to it, at a higher price."""

TRIES: Mapping[str, Mapping[str, Any]] = {
    "diffusion.cluster-pool": {"relay": "all", "tiers": [1]},
    "diffusion.design-debate": {"functions": ["component_mfg"]},
    "diffusion.early-involvement": {"functions": ["component_mfg"]},
    "diffusion.joint-creation": {
        "start_day": Try(84, {"maximum": 1, "full_days": 56, "trust_threshold": 1}),
        "full_days": Try(28, {"maximum": 1, "trust_threshold": 1}),
        "maximum": Try(1, {"full_days": 56, "trust_threshold": 1}),
        "digital_threshold": Try(0.3, {"maximum": 1, "full_days": 120, "trust_threshold": 1}),
        "split": "equal",
    },
    "diffusion.labour-mobility": {
        "entry_demand": Try(10, {"entry_per_year": 1}),
        "entry_pool": Try(10, {"entry_per_year": 1}),
    },
    "diffusion.learning-by-doing": {"carried": Try(1, {}, {"products.set.life_cycle_days": 63})},
    "diffusion.licensing": {"tiers": [2], "firms": ["cases"], "functions": ["component_mfg"]},
    "diffusion.peer-network": {
        "mode": "barter",
        "rewiring": Try(1, {"degree": 2}),
        "cross_border": Try(1, {"degree": 2, "rewiring": 1}),
        "degree": 2,
    },
    "diffusion.progressive-transfer": {"turnkey_rungs": Try(3, {}, {"links.3.contract": "turnkey"})},
    "disruption.calendar": {
        **{name: _SITES[name] for name in ("tiers", "clusters", "countries", "sites")},
        "weekdays": ["mon", "tue"],
        "holidays": ["02-29", "2000-03-01"],
        "shutdowns": [["02-20", "03-10"]],
    },
    "disruption.cluster-outage": _CHOICE,
    "disruption.link-outage": {**_SITES, "countries": Try(["north"], {}, {"sites.case-works.cluster": "valley"})},
    "disruption.site-outage": _SITES,
    "disruption.currency-crisis": {"countries": ["north"], "start_day": 56},
    "disruption.dated-events": {
        "events": [{**_CLOSED, "days": 10}],
        "events.what": [{**_CLOSED, "what": "cap", "factor": 0}],
        "events.target": [{**_CLOSED, "target": "cluster", "name": "park"}],
        "events.name": [{**_CLOSED, "name": "chip-works"}],
        "events.start": [{**_CLOSED, "start": 40}],
        "events.days": [{**_CLOSED, "days": 40}],
        "events.factor": Try([{**_CAPPED, "factor": 0.1}], {"events": [_CAPPED]}),
        "events.in_transit": [{**_CLOSED, "in_transit": "delay"}],
        "file": str(FOLDER / "events.csv"),
    },
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
        "destinations": ["south"],
        "start_day": 56,
        "ends_links": True,
        "in_transit": "lose",
    },
    "disruption.flagship-insolvency": {
        "day": 84,
        "flagship": Try("affiliate", {}, {"firms.affiliate.role": "contract-manufacturer"}),
        "hazard_per_year": Try(10, {"day": None}),
    },
    "disruption.price-war": {
        "mean_war_days": 28,
        "products": ["case"],
        "cells": Try(["commodity-flexible"], {"products": ["set", "board", "case", "chip"]}, ONE_IN_EACH_CELL),
    },
    "disruption.technology-discontinuity": {
        "day": 84,
        "functions": ["component_mfg"],
        "mean_interval_days": Try(28, {"day": None}),
    },
    "policy.commitment-guarantee": {
        "covers_old_links": Try(False, {"start_day": 28}),
        "markets": Try(["home"], {"purchases": 0.3}),
    },
    "policy.diaspora-network": {
        "partners": ["cases"],
        "partners_per_firm": Try(1, {"partners": ["flagship", "affiliate"], "partners_per_firm": 2}),
    },
    "policy.effort-subsidy": {"cap_months": 0.001},
    "policy.fdi-attraction": {
        "pull": Try(50, {"countries": ["south"]}),
        "entry_per_year": Try(20, {}, _ABROAD),
        "parent_share": Try(1, {"entry_per_year": 20}, _ABROAD),
    },
    "policy.linkage-broker": {"recommendation": Try(1, {"firms": ["more-chips"], "noise": 0}, _PATIENT)},
    "policy.linkage-mix": {
        "stages": [{"policy": "policy.effort-subsidy", "lowest": 3}],
        "stages.policy": [{"policy": "policy.supplier-development", "lowest": 2}],
        "stages.lowest": [{"policy": "policy.effort-subsidy", "lowest": 0}],
        "stages.highest": Try([{**_ALL_RUNGS, "highest": 1}], {"stages": [_ALL_RUNGS]}),
    },
    "policy.local-content": {
        "share": Try(0.1, {}, _LOCAL),
        "is_preferred": Try(False, {}, _LOCAL),
        "exemptions": ["board"],
    },
    "policy.patient-capital": {
        "line_months": 0.01,
        "tenor_days": 28,
        "loss_share": Try(1, {"line_months": 0.2}),
    },
    "policy.public-research-lab": {"function": "component_mfg", "capacity": 1},
    "policy.skills-centre": {"function": "component_mfg", "seats": 1, "skills_last_days": 28},
    "policy.supplier-development": {"seats": 1, "plan_months": 1},
    "policy.targeting": {
        "policies": ["policy.supplier-development"],
        "rule": "lagging",
        "quantile": 0.9,
        "highest_tier": Try(0, {"rule": "higher-tier"}),
        "young_days": Try(28, {"rule": "young"}),
    },
    "policy.trade-tariff": {
        "duties": [{"rate": 0.3}],
        "duties.product": [{"product": "case", "rate": 0.1}],
        "duties.day": [{"day": 56, "rate": 0.1}],
        "duties.rate": [{"rate": 0.5}],
        "regions": ["rich"],
        "protection_pull": Try(20, {}, MOVING),
        "group": Try("foreign", {"countries": []}),
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
    is_list = get_origin(parameters(components()[component])[parameter].annotation) is tuple
    settings = {**around.given, **tried.given, parameter: [value] if is_list else value}
    return around.network, {**around.beside, **tried.beside, **_in_force(component, settings, around)}


def _in_force(component: str, given: Settings, around: Around) -> Settings:
    return {"components": [{"use": component, **given}, *around.others]}


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
