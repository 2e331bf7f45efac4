"""The door for plugins: components with parameters, the hooks that they fill, and what a run hands to them.

Words of the model, equations and helpers are here, too, so that a plugin imports from `gpnde` and `gpnde.plugin` alone.
They are imported from their rooms when they are first used, which keeps a plugin that needs none of them light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from gpnde.errors import ComponentError, GpndeError, check_names, nearest
from gpnde.numerics.laws.kinds import LawRow
from gpnde.numerics.laws.quantiles import tabulated
from gpnde.numerics.laws.record import LawParameter, LawType, law
from gpnde.plugin.component import Component
from gpnde.plugin.flow import Credit, Event, Lanes, PolicyFacts, Request, Review, Sharing, Supplies
from gpnde.plugin.hooks import hookimpl
from gpnde.plugin.interfaces import Act, Clock, InTransit, Process, Streams, View
from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
from gpnde.plugin.offers import ScenarioOffer
from gpnde.plugin.parameters import param
from gpnde.plugin.policy import Group, Policy, Programme
from gpnde.results.chart import ChartKind, chart
from gpnde.results.evidence import Evidence
from gpnde.results.metric import MetricKind, metric
from gpnde.scenario.law import Law, law_of
from gpnde.scenario.ordering import OrderingPolicy, SupplierChoice
from gpnde.world.layout import Flags, Floats, Integers

if TYPE_CHECKING:
    from gpnde.cells import CELLS, CellName
    from gpnde.contracts import CONTRACTS, INTRA_FIRM
    from gpnde.mechanics.creation import cognitive_distance_response, contribution_share, joint_output
    from gpnde.mechanics.entry import (
        carried_by_movers,
        entry_chance,
        entry_hazard,
        hired_from_pool,
        rate_of_mixing,
        still_searching,
    )
    from gpnde.mechanics.learning import (
        carried_experience,
        experience,
        gatekeeper_weights,
        learning_by_doing,
        pool_rate,
    )
    from gpnde.mechanics.transfer import (
        codified_carrying,
        distance_decay,
        openness,
        reach,
        shared_hours,
        tacit_carrying,
        visit_frequency,
    )
    from gpnde.numerics.draws import normal_quantile
    from gpnde.numerics.groups import add_rows
    from gpnde.scenario.tables import open_csv
    from gpnde.vocabulary import FUNCTIONS, LADDER, MONTH_DAYS, YEAR_DAYS, Function

__all__ = [
    "Act",
    "CELLS",
    "CONTRACTS",
    "CellName",
    "ChartKind",
    "Clock",
    "Component",
    "ComponentError",
    "Creation",
    "Credit",
    "Entrant",
    "Event",
    "Evidence",
    "FUNCTIONS",
    "Factors",
    "Flags",
    "Floats",
    "Forgetting",
    "Function",
    "GpndeError",
    "Group",
    "INTRA_FIRM",
    "InTransit",
    "Integers",
    "KnowledgeView",
    "LADDER",
    "Lanes",
    "Law",
    "LawParameter",
    "LawRow",
    "LawType",
    "MONTH_DAYS",
    "Memory",
    "MetricKind",
    "OrderingPolicy",
    "Policy",
    "PolicyFacts",
    "Process",
    "Programme",
    "Request",
    "Review",
    "ScenarioOffer",
    "Sharing",
    "Streams",
    "SupplierChoice",
    "Supplies",
    "Transfer",
    "View",
    "YEAR_DAYS",
    "add_rows",
    "carried_by_movers",
    "carried_experience",
    "chart",
    "check_names",
    "codified_carrying",
    "cognitive_distance_response",
    "contribution_share",
    "distance_decay",
    "entry_chance",
    "entry_hazard",
    "experience",
    "gatekeeper_weights",
    "hired_from_pool",
    "hookimpl",
    "joint_output",
    "law",
    "law_of",
    "learning_by_doing",
    "metric",
    "nearest",
    "normal_quantile",
    "open_csv",
    "openness",
    "param",
    "pool_rate",
    "rate_of_mixing",
    "reach",
    "shared_hours",
    "still_searching",
    "tabulated",
    "tacit_carrying",
    "visit_frequency",
]

_ROOMS = {
    "CELLS": "gpnde.cells",
    "CellName": "gpnde.cells",
    "CONTRACTS": "gpnde.contracts",
    "FUNCTIONS": "gpnde.vocabulary",
    "Function": "gpnde.vocabulary",
    "INTRA_FIRM": "gpnde.contracts",
    "LADDER": "gpnde.vocabulary",
    "MONTH_DAYS": "gpnde.vocabulary",
    "YEAR_DAYS": "gpnde.vocabulary",
    "add_rows": "gpnde.numerics.groups",
    "carried_by_movers": "gpnde.mechanics.entry",
    "carried_experience": "gpnde.mechanics.learning",
    "codified_carrying": "gpnde.mechanics.transfer",
    "cognitive_distance_response": "gpnde.mechanics.creation",
    "contribution_share": "gpnde.mechanics.creation",
    "distance_decay": "gpnde.mechanics.transfer",
    "entry_chance": "gpnde.mechanics.entry",
    "entry_hazard": "gpnde.mechanics.entry",
    "experience": "gpnde.mechanics.learning",
    "gatekeeper_weights": "gpnde.mechanics.learning",
    "hired_from_pool": "gpnde.mechanics.entry",
    "joint_output": "gpnde.mechanics.creation",
    "learning_by_doing": "gpnde.mechanics.learning",
    "normal_quantile": "gpnde.numerics.draws",
    "open_csv": "gpnde.scenario.tables",
    "openness": "gpnde.mechanics.transfer",
    "pool_rate": "gpnde.mechanics.learning",
    "rate_of_mixing": "gpnde.mechanics.entry",
    "reach": "gpnde.mechanics.transfer",
    "shared_hours": "gpnde.mechanics.transfer",
    "still_searching": "gpnde.mechanics.entry",
    "tacit_carrying": "gpnde.mechanics.transfer",
    "visit_frequency": "gpnde.mechanics.transfer",
}


def __getattr__(name: str) -> Any:
    """Import a word, an equation or a helper from its room at first use."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'gpnde.plugin' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_ROOMS[name]), name)
    return value


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted({*globals(), *__all__})
