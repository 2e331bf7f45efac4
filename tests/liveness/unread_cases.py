"""Small scenarios in each of which nothing reads some inputs that are given."""

from __future__ import annotations

from collections.abc import Mapping

from .network_witnesses import CITED, with_
from .rule_witnesses import LOCATION, OUTSOURCING
from .runs import Network, Settings

_NO_LEARNING: Settings = {"knowledge": None}
_SILENT: Settings = {
    **_NO_LEARNING,
    "selection": None,
    "location": None,
    "finance": None,
    "countries.south.currency": None,
}
_FIXED_COST: Settings = {"own_load_weight": 0.9, "idle_load": 0.2, "load_range": 1, "most_fixed": 1}
_LEVELS: Settings = {"policy": "base-stock", "level": 300}
_OF_SUCCESSORS: Settings = {"commitment_days": 91, "openness": 0.5, "incumbent_lock": 0.5}

_TERMS: Settings = {
    "task_share": 0.1,
    "buyer_gain": 0.1,
    "practice": {"engineering": 0.5},
    "teaching": {"engineering": 0.5},
    "bargaining_weight": 0.4,
    "switching": 0.3,
    "tender_share": 0.5,
    "inputs_chosen_by": "buyer",
    "package_margin": 0.2,
}
_STOCK: Settings = {"growth_per_year": 0.3, "decay_per_year": 0, "full_budget_per_year": 9}
_STILL: Settings = {"growth_per_year": 0, "decay_per_year": 0}
_SPENT: Settings = {"growth_per_year": 0, "budget_per_year": 5, "full_budget_per_year": 9}
_CELL: Settings = {"attainable": 0.5, "learning": 2, "churn_per_year": 0.2}
_CELL_OF_COSTS: Settings = {"services_share": 0.2, "changeover_share": 0.2}

CASES: Mapping[str, tuple[Network, Settings]] = {
    "contracts alike in all that counts": ("tiny", {"contracts": {"OEM": _TERMS}}),
    "a contract without a link": ("rivals", {"contracts": {"turnkey": {"switching": 0.3}}}),
    "contracts without selection": (
        "tiny",
        {
            "selection": None,
            "pricing": "bargaining",
            "contracts": {"OEM": {"tender_share": 0.5, "notice_quarters": 2}},
        },
    ),
    "contracts without money": (
        "tiny",
        {
            "finance": None,
            "countries.south.currency": None,
            "contracts": {"OEM": {"payment_days_more": 28, "consigned_share": 0.5}},
        },
    ),
    "own brands that nobody can come to": ("brands", {"knowledge": None}),
    "own brands without retaliation": (
        "brands",
        {"markets.world.own_brands": {"sites": ["maker"], "retaliation": 0, "cut": 0.3, "cut_days": 91}},
    ),
    "a cell in which nothing is made": ("tiny", {"cells": {"differentiated-mass": {"learning": 2}}}),
    "cells that nobody moves into": (
        "rivals",
        {"cells": {"commodity-mass": {"entry_years": 0.3, "minimum_scale": 0.5}}},
    ),
    "cells without knowledge": ("rivals", {"cells": {"commodity-mass": {**_CELL, **_CELL_OF_COSTS}}}),
    "cells without rivals and bargaining": (
        "tiny",
        {"cells": {"commodity-mass": {"price_sensitivity": 2, "quality_weight": 2}}},
    ),
    "a hub that nothing closes": ("tiny", {"links.3.via": ["strait"]}),
    "labels": ("tiny", {"products.set.process": "flexible"}),
    "no price-breaker rounds": (
        "tiny",
        {"selection.price_breaker_probability": 0, "selection.price_breaker_share": 0.3},
    ),
    "no price breaker": ("tiny", {"firms.cheap-cases.role": "supplier", "selection.price_breaker_share": 0.3}),
    "no buffer": ("tiny", {"firms.more-chips.role": "supplier", "selection.volume_fall": 0.5}),
    "no money": (
        "tiny",
        {
            "finance": None,
            "selection.minimum_cash_months": 3,
            "selection.maximum_leverage": 1,
            "products.chip.learning_rate": 0.2,
            "knowledge.upgrading.cost_months": 5,
            "countries.south.currency": None,
        },
    ),
    "no money and labour": (
        "works",
        {
            "finance": None,
            "labour.overtime_premium": 1,
            "countries.south.currency.foreign_debt_share": 0.5,
            "countries.south.credit": 0.5,
        },
    ),
    "no replacement": (
        "tiny",
        {
            "selection.threshold": 0.9,
            "selection.replace": False,
            "selection.certification": 90,
            "selection.quotation": {"bidders": 3, "retry_days": 7, "digital_effect": 2},
            **{f"selection.{name}": value for name, value in _OF_SUCCESSORS.items()},
        },
    ),
    "no replacement by profile": (
        "tiny",
        {**CITED, "selection.threshold": 0.9, "selection.replace": False, "profiles.own": _OF_SUCCESSORS},
    ),
    "no profile of any use": (
        "tiny",
        {
            "selection.teaching": 2,
            "profiles": {
                "idle": {"threshold": 0.9, "weights": {"price": 2}},
                "mild": {"teaching": 2, "reference_hours": 9, "weights": {"response": 0}},
            },
            "firms.flagship.profile": "mild",
            "firms.chips.profile": "idle",
        },
    ),
    "no selection": (
        "tiny",
        {
            "selection": None,
            "profiles": {"own": {"teaching": 2}},
            "firms.flagship.profile": "own",
            "firms.cases.response_hours": 9,
            "knowledge.effort": {
                "fixed": 0.5,
                "score_spread": 0.2,
            },
            "knowledge.effects.response": 3,
            "knowledge.effects.reference_capability": 0.9,
            "knowledge.trust_growth_per_year": 1,
            "knowledge.lower_tier_access": 1,
            "knowledge.absorption": {
                "internalised_per_month": 1,
                "stale_per_month": 1,
                "tolerance": 1,
                "tolerance_slope": 2,
            },
            "sites.case-works.unlimited": True,
            "sites.case-works.yield_rate": 0.5,
            "links.1.priority": 3,
        },
    ),
    "nothing taught": ("tiny", {"knowledge.absorption.gap_response": "logistic"}),
    "logistic gap": (
        "tiny",
        {
            "knowledge.absorption": {"gap_response": "logistic", "tolerance": 1, "tolerance_slope": 2},
            **with_("diffusion.spec-transfer"),
        },
    ),
    "no learning": (
        "tiny",
        {
            **_SILENT,
            "countries.north.frontier": 0.8,
            "firms.cases.knowledge": {"engineering": 0.9},
            "firms.cases.functions": ["engineering"],
            "links.1.distance_km": 500,
            "products.set.uncertainty": 0.9,
            "products.set.price_erosion_per_week": 0,
            "clusters": [],
            "sites": [
                {"name": "valley-plant", "firm": "flagship", "product": "set", "price": 50},
                {"name": "park-plant", "firm": "flagship", "product": "set", "price": 50},
                {"name": "affiliate-boards", "firm": "affiliate", "product": "board"},
                {"name": "local-board-shop", "firm": "local-boards", "product": "board"},
                {"name": "case-works", "firm": "cases", "product": "case"},
                {
                    "name": "case-shed",
                    "firm": "cheap-cases",
                    "product": "case",
                    "unlimited": True,
                    "capacity_per_day": 9,
                    "servers": 1,
                    "yield_loss": 1,
                    "yield_rate": 0.5,
                    "processing": 3,
                    "rationing": "priority",
                },
                {"name": "chip-works", "firm": "chips", "product": "chip"},
                {"name": "chip-shed", "firm": "more-chips", "product": "chip"},
                {"name": "garage", "firm": "founders", "product": "chip"},
            ],
            "firms.flagship.home": None,
            "products.set.margin": 0.5,
            "products.set.outside_cost": 9,
        },
    ),
    "no distances": ("tiny", {**_SILENT, "firms.cases.cash_months": 3, "firms.cases.cash": 50}),
    "knowledge switched off": ("tiny", {"knowledge": {"enabled": False, "period_days": 14, "effort": {"fixed": 1}}}),
    "no payouts": ("works", {"finance.kept_months": 3}),
    "no failures": ("tiny", {"finance": {"insolvency": False, "recovery": 0.5}}),
    "no response": ("tiny", {"selection.weights.response": 0, "selection.reference_hours": 9}),
    "no tenders": (
        "tiny",
        {"pricing": {"rule": "bargaining", "tender_share": 1}, "selection": None, "sites.case-works.value_added": 9},
    ),
    "no fixed cost": (
        "rivals",
        {"pricing": {"rule": "bargaining", "capability_value": 2, **_FIXED_COST}, "finance": None},
    ),
    "all prices agreed upon": (
        "rivals",
        {"pricing": "bargaining", "knowledge": {"effects": {"cost_passed_on": 0}}},
    ),
    "no such function": (
        "works",
        {"products.part.by_function": {"sales_distribution": {"labour_days": 0.1}}},
    ),
    "a tax without money": (
        "tiny",
        {"finance": None, "countries.south.currency": None, "countries.south.profit_tax": 0.3},
    ),
    "public stocks without learning": (
        "works",
        {"knowledge": None, "countries.south.public": {"institutions": _STOCK, "research": _STOCK}},
    ),
    "public stocks that stand still": (
        "works",
        {"knowledge": {}, "countries.south.public": {"institutions": _STILL, "research": _STILL}},
    ),
    "public stocks without a budget": (
        "works",
        {
            "knowledge": {},
            "countries.north.public": {"institutions": _SPENT, "research": _SPENT},
            "countries.south.public": {"institutions": _STOCK, "research": _STOCK},
        },
    ),
    "expertise that nothing uses": ("works", {"countries.south.public": {"expertise": {"decay_per_year": 0}}}),
    "expertise without evaluation": (
        "tiny",
        {"countries.south.public": {"expertise": {"full_budget_per_year": 9}}, **with_("policy.effort-subsidy")},
    ),
    "costs that nobody keeps": ("tiny", {"sites.case-works.disposal_cost": 1}),
    "costs of their own": (
        "sisters",
        {
            "costs": {"holding_per_year": 0.2, "pipeline_per_year": 0.2},
            **{
                f"sites.{name}.{rate}_cost": 1
                for name in ("plant", "sister", "shop")
                for rate in ("holding", "pipeline")
            },
        },
    ),
    "all takes labour": (
        "works",
        {"finance.fixed_cost_share": 0.5, "products.part.plant.building_days": 91},
    ),
    "nothing to clear": (
        "rivals",
        {"products.drive.generations.clearance_share": 0, "products.drive.generations.clearance_recovery": 0.1},
    ),
    "no room to grow": ("rivals", {"location": LOCATION, "clusters": [{"name": "town"}]}),
    "one plant each": (
        "works",
        {"location": LOCATION, "knowledge": None},
    ),
    "services without help": (
        "works",
        {
            **_NO_LEARNING,
            "cells": {},
            "services": {"support": 0.1, "response": 0.1, "ramp_up": 0.1},
            "products.device.life_cycle_days": None,
            "products.device.experience_carried": 1,
        },
    ),
    "nothing learnt": ("places", {"location.carried_experience": 0.2}),
    "no region": (
        "tiny",
        {**_NO_LEARNING, "location": LOCATION, "markets.world.region": None, "markets.home.region": None},
    ),
    "nothing made and bought": ("rivals", {"outsourcing": OUTSOURCING}),
    "orderings of their own": (
        "sisters",
        {"ordering": _LEVELS, **{f"sites.{name}.ordering": _LEVELS for name in ("plant", "sister", "shop")}},
    ),
    "one supplier of each input": (
        "rivals",
        {
            "ordering.supplier_choice": "cheapest",
            "sites.alpha.ordering": {"review_days": 7, "supplier_choice": "first"},
            "links.0.preference": 3,
            "products.drive.minimum_order": 40,
            "products.drive.order_multiple": 20,
            "products.drive.maximum_order": 200,
            "products.drive.whole_units": True,
            "products.drive.price_breaks": {"100": 0.05},
        },
    ),
    "discounts without money": (
        "places",
        {
            "finance": None,
            "location": None,
            "components": [],
            "products.part.price_breaks": {"10": 0.1},
            "links.0.price_breaks": {"10": 0.2},
        },
    ),
    "laws of outages": (
        "tiny",
        {"components": [{"use": "disruption.site-outage", "mean_up_days": 60, "up_shape": 3, "down_cv": 0.5}]},
    ),
}
"""A network and its settings, by what is missing there."""
