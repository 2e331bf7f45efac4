"""The benchmark of the economy compares one network with all that firms do about money and knowledge, and without."""

from __future__ import annotations

import pytest

from benchmarks.economy import memory_per_firm, network
from benchmarks.measure import ratio_in_turn, whole_run
from gpnde.engine import simulate
from gpnde.results.run import Run

FIRMS, DAYS = 60, 728.0
OF_MONEY = ("plants", "accounts", "exchange", "generations", "agreements", "expectations", "learners")


@pytest.fixture(scope="module")
def whole() -> Run:
    return simulate(network(FIRMS, DAYS))


@pytest.fixture(scope="module")
def flow() -> Run:
    return simulate(network(FIRMS, DAYS, has_economy=False))


def test_economy_fills_every_table_of_money_and_knowledge(whole: Run) -> None:
    assert [name for name in OF_MONEY if whole.tables[name].is_empty()] == []


def test_flow_alone_has_neither_money_nor_knowledge(flow: Run) -> None:
    assert [name for name in OF_MONEY if not flow.tables[name].is_empty()] == []


def test_both_begin_with_the_same_network_and_demand() -> None:
    whole, flow = (network(FIRMS, DAYS, has_economy) for has_economy in (True, False))
    assert [(link.buyer, link.supplier, link.lead_time) for link in whole.links] == [
        (link.buyer, link.supplier, link.lead_time) for link in flow.links
    ]
    assert [site.capacity_per_day for site in whole.sites] == [site.capacity_per_day for site in flow.sites]
    assert [market.demand for market in whole.markets] == [market.demand for market in flow.markets]


def test_nearly_all_firms_stay_in_business(whole: Run) -> None:
    failed = (whole.events["kind"] == "firm_failed").sum()
    assert failed <= 0.1 * FIRMS
    assert whole.metric("flow.fill_rate") > 0.8


def test_ratio_in_turn_is_that_of_the_measures() -> None:
    whole, flow = (network(FIRMS, 7.0, has_economy) for has_economy in (True, False))
    assert ratio_in_turn(lambda scenario: 6.0 if scenario.finance else 2.0, whole, flow, pairs=2) == 3.0
    assert ratio_in_turn(whole_run, whole, flow, pairs=1) > 1.0


@pytest.mark.thorough
@pytest.mark.slow
def test_economy_needs_memory_of_its_own() -> None:
    assert memory_per_firm(300, 728.0) > 0.0
