"""The list of subsystems holds all of them, and a run those that its scenario has rules for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import gpnde.engine
from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.capacity.expansion import Expansion
from gpnde.engine.capacity.openings import Openings
from gpnde.engine.capacity.workforce import Workforce
from gpnde.engine.context import Subsystem
from gpnde.engine.hooks.supplier_ranks import SupplierRanks
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.markets.own_brands import OwnBrands
from gpnde.engine.markets.rivalry import Rivalry
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.dividends import Dividends
from gpnde.engine.money.exchange import ExchangeRates
from gpnde.engine.money.insolvency import Insolvency
from gpnde.engine.money.services import Services
from gpnde.engine.money.statements import Statements
from gpnde.engine.prospects.prospects import Prospects
from gpnde.engine.public.sector import PublicSector
from gpnde.engine.public.taxes import Taxes
from gpnde.engine.recording.costs import CostRecorder
from gpnde.engine.recording.plant_lines import PlantLineRecorder
from gpnde.engine.recording.plants import PlantRecorder
from gpnde.engine.recording.trade import TradeRecorder
from gpnde.engine.recording.warm_up import WarmUp
from gpnde.engine.run import Simulation
from gpnde.engine.subsystems import SUBSYSTEMS
from gpnde.engine.trade.bargaining import Bargaining
from gpnde.engine.trade.outsourcing import MakeOrBuy
from gpnde.engine.trade.quotations import Quotations
from gpnde.engine.trade.scorecards import Scorecards
from gpnde.scenario.schema import Scenario

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Kinds = set[type[Subsystem]]

_LABOUR: Kinds = {Workforce, Equipment, PlantRecorder}
_MONEY: Kinds = {Cashbook, Statements}
_TRADE: Kinds = {Quotations, Scorecards, Expansion, Openings, Bargaining, MakeOrBuy, Rivalry, OwnBrands}
_STATE: Kinds = {PublicSector, Taxes}
_OTHERS: Kinds = {Insolvency, Dividends, KnowledgeModel, Prospects, ExchangeRates, Services, TradeRecorder}
_OPTIONAL: Kinds = {
    *_LABOUR,
    *_MONEY,
    *_TRADE,
    *_STATE,
    *_OTHERS,
    CostRecorder,
    PlantLineRecorder,
    WarmUp,
    SupplierRanks,
}


def _below(kind: type[Subsystem]) -> Iterator[type[Subsystem]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_every_subsystem_of_the_engine_is_listed_once() -> None:
    for module in pkgutil.walk_packages(gpnde.engine.__path__, "gpnde.engine."):
        importlib.import_module(module.name)
    found = {kind for kind in _below(Subsystem) if kind.__module__.startswith("gpnde.")}
    assert set(SUBSYSTEMS) == found
    assert len(SUBSYSTEMS) == len(found)


def test_names_of_subsystems_are_unique() -> None:
    assert len({kind.name for kind in SUBSYSTEMS}) == len(SUBSYSTEMS)


def _kinds(start: Start, scenario: Scenario) -> Kinds:
    return {type(part) for part in start(scenario).context.parts}


def test_a_scenario_without_rules_has_only_what_every_run_has(network: Network, start: Start) -> None:
    assert _kinds(start, network({"shop": {}})) == set(SUBSYSTEMS) - _OPTIONAL


@pytest.mark.parametrize(
    ("blocks", "added"),
    [
        ({"finance": {}}, {*_MONEY, Insolvency}),
        ({"finance": {"insolvency": False}}, _MONEY),
        (
            {"finance": {"insolvency": False}, "countries": [{"name": "here"}, {"name": "there"}]},
            {*_MONEY, TradeRecorder},
        ),
        ({"costs": {"holding_per_year": 0.2}}, {CostRecorder}),
        ({"clock": {"warm_up_days": 7}}, {WarmUp}),
        ({"selection": {}}, {Quotations, Scorecards}),
        ({"knowledge": {}}, {KnowledgeModel, Prospects}),
        ({"knowledge": {"enabled": False}}, set()),
        ({"location": {}}, {Expansion, Prospects}),
        ({"pricing": "bargaining"}, {Bargaining}),
        ({"services": {}, "cells": {}, "products": {"unit": {"labour_days": 1}}}, {*_LABOUR, Services}),
        ({"outsourcing": {}}, {MakeOrBuy}),
        ({"products": {"unit": {"labour_days": 1}}}, _LABOUR),
        (
            {"countries": [{"name": "here", "currency": {"volatility_per_year": 0.1}}], "finance": {}},
            {*_MONEY, Insolvency, ExchangeRates},
        ),
        ({"countries": [{"name": "here", "public": {}}]}, {PublicSector}),
        ({"countries": [{"name": "here", "profit_tax": 0.2}]}, set()),
        ({"countries": [{"name": "here", "profit_tax": 0.2}], "finance": {}}, {*_MONEY, Insolvency, Taxes}),
    ],
)
def test_rules_bring_their_subsystems_and_no_others(
    network: Network, start: Start, blocks: dict[str, Any], added: Kinds
) -> None:
    scenario = network({"shop": {"cluster": "town"}}, clusters=[{"name": "town"}], **blocks)
    assert _kinds(start, scenario) & _OPTIONAL == added


def test_owners_who_hold_a_share_bring_dividends(network: Network, start: Start) -> None:
    def kinds(**share: float) -> Kinds:
        owned = {"shop": {"owner": "works", "node_type": "affiliate", **share}}
        return _kinds(start, network({"shop": {}, "works": {}}, firms=owned, finance={})) & _OPTIONAL

    assert kinds() - kinds(equity_share=0.0) == {Dividends}
