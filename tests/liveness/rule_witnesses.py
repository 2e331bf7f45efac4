"""Witnesses for the fields of rules: clock, ordering, selection, contracts, money, location, outsourcing and record."""

from __future__ import annotations

from collections.abc import Mapping

from gpnde.vocabulary import FUNCTIONS

from .network_witnesses import AT_START, BARGAINING, CITED, HARSH, NEAR_MARKETS, TARIFF, with_
from .runs import FOLDER, Settings, Witness

_FLOODS: Settings = {"components": [{"use": "disruption.dated-outages", "file": str(FOLDER / "floods.csv")}]}

TIME: Mapping[str, Witness] = {
    "Clock.start": Witness("tiny", {"clock.start": "2000-02-01"}, _FLOODS),
    "Clock.days": Witness("tiny", {"clock.days": 140}),
    "Clock.tick_days": Witness("tiny", {"clock.tick_days": 0.5}),
    "Clock.warm_up_days": Witness("tiny", {"clock.warm_up_days": 56}, shows="metrics"),
    "Clock.steps": Witness("tiny", {"clock.steps": ["order", "receive", "demand", "supply"]}),
}

_AVERAGE: Settings = {"ordering.forecast": {"method": "moving-average"}}
_FIXED: Settings = {"ordering.forecast": {"method": "fixed", "mean": 20}}
_LEVELS: Settings = {"ordering": {"policy": "s-S", "reorder_point": 200, "level": 300}}
_LOTS: Settings = {"ordering": {"policy": "r-Q", "reorder_point": 200, "quantity": 100}}
_OUTAGES: Settings = {"components": [{"use": "disruption.site-outage", "mean_up_days": 30, "mean_down_days": 15}]}

ORDERS: Mapping[str, Witness] = {
    "Ordering.policy": Witness("tiny", {"ordering.policy": "smoothed"}),
    "Ordering.review_days": Witness("tiny", {"ordering.review_days": 14}),
    "Ordering.first_review_day": Witness("tiny", {"ordering.first_review_day": 3}),
    "Ordering.safety_factor": Witness("tiny", {"ordering.safety_factor": 0}),
    "Ordering.forecast": Witness("tiny", _AVERAGE),
    "Ordering.protection_days": Witness("tiny", {"ordering.protection_days": 30}),
    "Ordering.level": Witness("tiny", {"ordering.level": 400}, _LEVELS),
    "Ordering.reorder_point": Witness("tiny", {"ordering.reorder_point": 100}, _LEVELS),
    "Ordering.quantity": Witness("tiny", {"ordering.quantity": 50}, _LOTS),
    "Ordering.smoothing": Witness("tiny", {"ordering.smoothing": 0.1}, {"ordering.policy": "smoothed"}),
    "Ordering.supplier_down": Witness("tiny", {"ordering.supplier_down": "wait"}, _OUTAGES),
    "Ordering.supplier_choice": Witness("tiny", {"ordering.supplier_choice": "fastest"}),
    "Forecast.method": Witness("tiny", _AVERAGE),
    "Forecast.window": Witness("tiny", {"ordering.forecast.window": 2}, _AVERAGE),
    "Forecast.alpha": Witness("tiny", {"ordering.forecast.alpha": 0.9}),
    "Forecast.mean": Witness("tiny", {"ordering.forecast.mean": 30}, _FIXED),
    "Forecast.sd": Witness("tiny", {"ordering.forecast.sd": 30}),
    "Forecast.lead_time_alpha": Witness("tiny", {"ordering.forecast.lead_time_alpha": 0.5}),
}

_SPEC = with_("diffusion.spec-transfer")

SELECTION: Mapping[str, Witness] = {
    "Selection.review_days": Witness("tiny", {"selection.review_days": 14}),
    "Selection.threshold": Witness("tiny", HARSH),
    "Selection.strikes": Witness("tiny", {"selection.strikes": 3}, HARSH),
    "Selection.rule": Witness("tiny", {"selection.rule": "relative"}, HARSH),
    "Selection.weights": Witness("tiny", {"selection.weights": {"price": 5}}),
    "Selection.commitment_days": Witness(
        "tiny", {"selection.commitment_days": 91}, {**HARSH, "selection.certification": 7}
    ),
    "Selection.openness": Witness("tiny", {"selection.openness": 0}, {**HARSH, **AT_START}),
    "Selection.incumbent_lock": Witness(
        "tiny", {"selection.incumbent_lock": 0.9}, {**HARSH, "selection.incumbent_lock": 0}
    ),
    "Selection.teaching": Witness("tiny", {"selection.teaching": 3}, _SPEC),
    "Selection.minimum_cash_months": Witness("tiny", {"selection.minimum_cash_months": 24}),
    "Selection.maximum_leverage": Witness("tiny", {"selection.maximum_leverage": 0}, {"firms.cases.cash": 0}),
    "Selection.volume_fall": Witness("tiny", {"selection.volume_fall": 0.01}),
    "Selection.replace": Witness("tiny", {"selection.replace": False}, HARSH),
    "Selection.quotation": Witness("tiny", {"selection.quotation": {"bidders": 1}}, HARSH),
    "Selection.certification": Witness("tiny", {"selection.certification": 7}, HARSH),
    "Selection.allocation": Witness("tiny", {"selection.allocation": 5}),
    "Selection.reference_hours": Witness("tiny", {"selection.reference_hours": 9}),
    "Selection.fill_order": Witness("tiny", {"selection.fill_order": "higher-tier-first"}),
    "Selection.price_breaker_probability": Witness("tiny", {"selection.price_breaker_probability": 0}),
    "Selection.price_breaker_share": Witness("tiny", {"selection.price_breaker_share": 0.5}),
    **{
        f"Weights.{name}": Witness("tiny", {f"selection.weights.{name}": 3})
        for name in ("delivery", "quality", "price", "response")
    },
    "Quotation.deadline_hours": Witness("tiny", {"selection.quotation.deadline_hours": 2}, HARSH),
    "Quotation.response_hours": Witness("tiny", {"selection.quotation.response_hours": 200}, HARSH),
    "Quotation.response_sigma": Witness("tiny", {"selection.quotation.response_sigma": 3}, HARSH),
    "Quotation.digital_index": Witness("tiny", {"selection.quotation.digital_index": 1}, HARSH),
    "Quotation.digital_effect": Witness(
        "tiny", {"selection.quotation.digital_effect": 5}, {**HARSH, "selection.quotation.digital_index": 1}
    ),
    "Quotation.bidders": Witness("tiny", {"selection.quotation.bidders": 1}, {**HARSH, **AT_START}),
    "Quotation.retry_days": Witness(
        "tiny", {"selection.quotation.retry_days": 3}, {**HARSH, "selection.quotation.deadline_hours": 2}
    ),
}


def _of_profile(field: str, value: object, beside: Settings | None = None) -> Witness:
    """Return what a field of a profile moves that one firm cites."""
    return Witness("tiny", {f"profiles.own.{field}": value}, {**(beside or {}), **CITED})


PROFILES: Mapping[str, Witness] = {
    "Profile.threshold": _of_profile("threshold", 0.9),
    "Profile.strikes": _of_profile("strikes", 3, HARSH),
    "Profile.rule": _of_profile("rule", "relative", HARSH),
    "Profile.weights": _of_profile("weights", {"price": 5}),
    "Profile.reference_hours": _of_profile("reference_hours", 9),
    "Profile.commitment_days": _of_profile("commitment_days", 91, {**HARSH, "selection.certification": 7}),
    "Profile.openness": _of_profile("openness", 0, {**HARSH, **AT_START, "sites.garage.product": "case"}),
    "Profile.incumbent_lock": _of_profile("incumbent_lock", 0.9, HARSH),
    "Profile.teaching": _of_profile("teaching", 3, _SPEC),
    **{
        f"WeightChanges.{name}": _of_profile(f"weights.{name}", 3)
        for name in ("delivery", "quality", "price", "response")
    },
}

CHOSEN_FOR: Settings = {"firms.flagship.profile": "closed-relational", **HARSH}
"""Rules by which it matters who chooses the suppliers of a supplier."""


AWARDED_BY_BUYERS: Settings = {
    "knowledge.upgrading": {
        "awarded_by": "buyers",
        "award_chance": 1,
        "award_score": 0,
        "cost_months": 0,
        "thresholds": dict.fromkeys(FUNCTIONS, 0.1),
        "review_days": 28,
    },
    "firms.chips.knowledge": {"product_dev": 0.5},
    "firms.affiliate.knowledge": {"product_dev": 0.9},
}
"""Functions within reach of all, which buyers award who gain by it."""


def _of_contract(field: str, value: object, beside: Settings | None = None, contract: str = "OEM") -> Witness:
    """Return what a term of a contract moves that means what the package says otherwise."""
    return Witness("tiny", {f"contracts.{contract}.{field}": value}, {**(beside or {}), "contracts": {contract: {}}})


CONTRACTS: Mapping[str, Witness] = {
    "ContractTerms.task_share": _of_contract("task_share", 0.9, AWARDED_BY_BUYERS, "ODM"),
    "ContractTerms.buyer_gain": _of_contract("buyer_gain", -0.9, AWARDED_BY_BUYERS, "ODM"),
    "ContractTerms.practice": _of_contract("practice", {"product_dev": 1}, with_("diffusion.learning-by-doing")),
    "ContractTerms.teaching": _of_contract("teaching", {"assembly_test": 0, "component_mfg": 0}, _SPEC),
    "ContractTerms.bargaining_weight": _of_contract("bargaining_weight", 0.9, BARGAINING),
    "ContractTerms.switching": _of_contract("switching", 2, BARGAINING),
    "ContractTerms.tender_share": _of_contract(
        "tender_share", 0, {**BARGAINING, "sites.case-works.value_added": 9}, "arms-length"
    ),
    "ContractTerms.notice_quarters": _of_contract("notice_quarters", 4, HARSH, "arms-length"),
    "ContractTerms.payment_days_more": _of_contract("payment_days_more", 84),
    "ContractTerms.inputs_chosen_by": _of_contract("inputs_chosen_by", "supplier", CHOSEN_FOR),
    "ContractTerms.package_margin": _of_contract("package_margin", 0.5, BARGAINING),
    "ContractTerms.consigned_share": _of_contract("consigned_share", 0),
}

_PRICING: Settings = {
    "review_days": 56,
    "lead_weight": 0.9,
    "lower_weight": 0.9,
    "switching": 0.5,
    "capability_value": 2,
    "own_load_weight": 1,
    "idle_load": 0.2,
    "load_range": 1,
    "most_fixed": 0.5,
    "quoted_in": "seller",
}

AGREED: Mapping[str, Witness] = {
    "Pricing.rule": Witness("tiny", {"pricing.rule": "bargaining"}),
    "Pricing.tender_share": Witness(
        "tiny", {"pricing.tender_share": 1}, {**BARGAINING, "sites.case-works.value_added": 9}
    ),
    **{f"Pricing.{name}": Witness("tiny", {f"pricing.{name}": value}, BARGAINING) for name, value in _PRICING.items()},
}

_POOR: Settings = {"firms.cases.cash": 0, "firms.chips.cash": 0}
_FAILING: Settings = {**_POOR, "firms.chips.credit_months": 0, "firms.cases.credit_months": 0}

MONEY: Mapping[str, Witness] = {
    "Costs.every_days": Witness("tiny", {"costs.every_days": 14}, {"costs": {}}),
    "Costs.holding_per_year": Witness("tiny", {"costs.holding_per_year": 0.2}, {"costs": {}}),
    "Costs.pipeline_per_year": Witness("tiny", {"costs.pipeline_per_year": 0.2}, {"costs": {}}),
    "Costs.capital_per_year": Witness("tiny", {"costs.capital_per_year": 0.2}, {"costs": {}}),
    "Finance.settle_days": Witness("tiny", {"finance.settle_days": 14}),
    "Finance.payment_days": Witness("tiny", {"finance.payment_days": 56}),
    "Finance.interest_per_year": Witness("tiny", {"finance.interest_per_year": 0.5}, _POOR),
    "Finance.spread_per_year": Witness("tiny", {"finance.spread_per_year": 0.5}, _POOR),
    "Finance.fixed_cost_share": Witness("tiny", {"finance.fixed_cost_share": 0.5}),
    "Finance.recovery": Witness("tiny", {"finance.recovery": 0.9}, _FAILING),
    "Finance.means_share": Witness("works", {"finance.means_share": 0.01}),
    "Finance.payout_per_year": Witness("works", {"finance.payout_per_year": 1}, {"finance.kept_months": 0}),
    "Finance.kept_months": Witness("works", {"finance.kept_months": 1}, {"finance.payout_per_year": 1}),
    "Finance.insolvency": Witness("tiny", {"finance.insolvency": False}, _FAILING),
    "Labour.hired_per_quarter": Witness("works", {"labour.hired_per_quarter": 5}, {"sites.first.employment": 5}),
    "Labour.released_per_quarter": Witness(
        "works", {"labour.released_per_quarter": 1}, {"sites.first.employment": 500}
    ),
    "Labour.overtime_premium": Witness("works", {"labour.overtime_premium": 3}, {"sites.first.employment": 5}),
    "Labour.standing_share": Witness("works", {"labour.standing_share": 0.8}),
    "Labour.normal_load": Witness("works", {"labour.normal_load": 0.5}),
}

LOCATION: Settings = {
    "review_days": 182,
    "utilisation": 0.6,
    "step": 1,
    "spread": 10,
    "agglomeration": 1,
    "coordination": 5,
    "market_distance": 5,
    "opens_sites": False,
    "entry_share": 5,
    "carried_experience": 0,
    "severance_days": 3000,
}
_LEARNT: Settings = {
    "products.part.learning_rate": 0.3,
    "knowledge": {},
    "firms.flagship.home": "south",
    "location.utilisation": 0.7,
}
"""People in the south know something, and what a firm has made already counts."""

_BESIDE: Mapping[str, Settings] = {
    "severance_days": {},
    "market_distance": {**NEAR_MARKETS, "sites.hq.cluster": "south"},
}

SERVICES: Settings = {
    "half_purchases": 1e5,
    "adjustment_per_year": 9,
    "premium": 1,
    "support": 0.8,
    "response": 2,
    "ramp_up": 0.9,
}
SERVICED: Settings = {
    "cells": {},
    "services": {},
    "selection": {},
    "components": [{"use": "diffusion.spec-transfer"}],
}
"""Plants buy services, answer requests, and learn from the brand."""

OUTSOURCING: Settings = {
    "review_days": 56,
    "sensitivity": 50,
    "adjustment": 1,
    "capital_charge": 1,
    "hedge_value": 1,
    "coordination": 1,
    "risk": 1,
    "strategic_complexity": 0.1,
}

WHERE: Mapping[str, Witness] = {
    **{
        f"Location.{name}": Witness("places", {f"location.{name}": value}, _BESIDE.get(name, _LEARNT))
        for name, value in LOCATION.items()
    },
    **{f"Services.{name}": Witness("works", {f"services.{name}": value}, SERVICED) for name, value in SERVICES.items()},
    **{
        f"Outsourcing.{name}": Witness("sisters", {f"outsourcing.{name}": value}) for name, value in OUTSOURCING.items()
    },
}

KEPT: Mapping[str, Witness] = {
    "Record.every_days": Witness("tiny", {"record.every_days": 7}, shows="rows"),
    "Record.orders": Witness("tiny", {"record.orders": False}, shows="rows"),
    "Record.events": Witness("tiny", {"record.events": False}, shows="rows"),
    "Record.entities": Witness("tiny", {"record.entities": False}, shows="rows"),
}

BLOCKS: Mapping[str, Witness] = {
    "ComponentUse.use": Witness("tiny", with_("diffusion.licensing"), _SPEC),
    "ComponentUse.enabled": Witness("tiny", with_("diffusion.spec-transfer", enabled=False), _SPEC),
    "Scenario.clock": Witness("tiny", {"clock": {"days": 84}}),
    "Scenario.products": Witness("tiny", {"products.case": {"value_added": 9}}),
    "Scenario.countries": Witness("tiny", {"countries": []}),
    "Scenario.regions": Witness(
        "tiny", {"regions": [{"name": each, "country": "south"} for each in ("rich", "rising")]}, TARIFF
    ),
    "Scenario.clusters": Witness("tiny", {"clusters.valley": {"name": "valley"}}),
    "Scenario.firms": Witness("tiny", {"firms.cases": {"name": "cases", "cash": 0}}),
    "Scenario.sites": Witness("tiny", {"sites.case-works": {"name": "case-works", "firm": "cases", "product": "case"}}),
    "Scenario.links": Witness("tiny", {"links.1": {"buyer": "valley-plant", "supplier": "case-works"}}),
    "Scenario.peers": Witness("tiny", {"peers": []}, with_("diffusion.peer-network", degree=2)),
    "Scenario.markets": Witness(
        "tiny", {"markets.home": {"name": "home", "product": "set", "served_by": ["park-plant"], "demand": {"law": 1}}}
    ),
    "Scenario.ordering": Witness("tiny", {"ordering": {"review_days": 14}}),
    "Scenario.labour": Witness("works", {"labour": {"normal_load": 0.5}}),
    "Scenario.profiles": Witness("tiny", {"profiles": {"own": {"threshold": 0.9}}}, CITED),
    "Scenario.contracts": Witness("tiny", {"contracts": {}}),
    "Scenario.selection": Witness("tiny", {"selection": None}),
    "Scenario.costs": Witness("tiny", {"costs": {}}),
    "Scenario.finance": Witness("tiny", {"finance": None}, {"countries.south.currency": None}),
    "Scenario.pricing": Witness("tiny", {"pricing": "bargaining"}),
    "Scenario.knowledge": Witness("tiny", {"knowledge": None}),
    "Scenario.location": Witness("tiny", {"location": None}),
    "Scenario.outsourcing": Witness("sisters", {"outsourcing": None}),
    "Scenario.services": Witness("works", {"services": None}, SERVICED),
    "Scenario.components": Witness("tiny", _SPEC),
    "Scenario.record": Witness("tiny", {"record": {"every_days": 7}}, shows="rows"),
}

OF_RULES: Mapping[str, Witness] = {
    **TIME,
    **ORDERS,
    **SELECTION,
    **PROFILES,
    **CONTRACTS,
    **AGREED,
    **MONEY,
    **WHERE,
    **KEPT,
    **BLOCKS,
}
