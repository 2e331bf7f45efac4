"""Chains of stages and arcs keep their counts, costs and lead times on import."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import Imported
from gpnde.scenario.importers.willems import TICKS, import_willems
from gpnde.scenario.schema import Scenario

CHAINS = ("01", "03", "05", "07", "10", "12", "16", "20", "24", "31")

STAGES = """\
stage,stage_cost,rel_depth,classification,avg_demand,sd_demand,max_service_time,service_level,stage_time,sd_stage_time,\
stage_time_1,stage_time_prob_1,stage_time_2,stage_time_prob_2
shop,5,0,Retail,10,3,2,0.95,1,,,,,
plant,20,1,Manuf,,,,,2.25,0.5,,,,
part,7,2,Part,,,,,4,,3,0.75,7,0.25
"""
ARCS = "source,destination\npart,plant\nplant,shop\n"


VARIED = """\
stage,stage_cost,rel_depth,classification,avg_demand,sd_demand,max_service_time,service_level,stage_time,sd_stage_time
shop,5,0,Retail,10,100,0,0.95,4,40
idle,5,0,Retail,0,3,0,0.95,0,2
plant,20,1,Manuf,,,,,2,0
"""


def write(folder: Path, stages: str = STAGES, arcs: str = ARCS) -> list[Path]:
    paths = [folder / "stages.csv", folder / "arcs.csv"]
    for path, text in zip(paths, (stages, arcs), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def real_chain(shared_data: Path, chain: str, **options: bool) -> Imported:
    folder = shared_data / "willems2008"
    return import_willems([folder / f"{chain}_stages.csv", folder / f"{chain}_arcs.csv"], **options)


def expected(shared_data: Path, chain: str) -> Mapping[str, Any]:
    chains = json.loads((shared_data / "willems2008" / "expected.json").read_text(encoding="utf-8"))
    facts: Mapping[str, Any] = chains[str(int(chain))]
    return facts


def unit_costs(scenario: Scenario) -> Callable[[str], float]:
    """Return the function that rolls value added up the bill of materials."""

    @cache
    def cost(product: str) -> float:
        made = scenario.products[product]
        return (made.value_added or 0) + sum(units * cost(part) for part, units in made.made_of.items())

    return cost


def longest_times(scenario: Scenario) -> Callable[[str], float]:
    """Return the function that gives the longest way to a product in days of fixed stage times."""
    times = {site.product: site.processing.lowest() for site in scenario.sites}

    @cache
    def time(product: str) -> float:
        return times[product] + max(map(time, scenario.products[product].made_of), default=0.0)

    return time


def products_without(scenario: Scenario, dropped: str) -> set[str]:
    """Return the products that can no longer be made."""

    @cache
    def is_cut(product: str) -> bool:
        return product == dropped or any(map(is_cut, scenario.products[product].made_of))

    return {product for product in scenario.products if is_cut(product)}


@pytest.mark.parametrize("chain", CHAINS)
def test_real_chain_keeps_its_counts(shared_data: Path, chain: str) -> None:
    facts, scenario = expected(shared_data, chain), real_chain(shared_data, chain).scenario
    buyers, suppliers = {link.buyer for link in scenario.links}, {link.supplier for link in scenario.links}
    names = {site.name for site in scenario.sites}
    assert len(scenario.sites) == len(scenario.firms) == len(scenario.products) == facts["stages"]
    assert sum(sum(product.made_of.values()) for product in scenario.products.values()) == facts["arcs"]
    assert (len(names - buyers), len(names - suppliers)) == (facts["sources"], facts["sinks"])
    assert {product for product, made in scenario.products.items() if not made.made_of} == names - buyers


@pytest.mark.parametrize("chain", CHAINS)
def test_real_chain_keeps_its_unit_costs(shared_data: Path, chain: str) -> None:
    facts, scenario = expected(shared_data, chain), real_chain(shared_data, chain).scenario
    cost, sold = unit_costs(scenario), {market.product for market in scenario.markets}
    assert facts["unit_cost"] and set(facts["unit_cost"]) <= sold
    assert {product: cost(product) for product in facts["unit_cost"]} == pytest.approx(facts["unit_cost"])


@pytest.mark.parametrize("chain", CHAINS)
def test_real_chain_made_to_order_takes_its_longest_way(shared_data: Path, chain: str) -> None:
    facts = expected(shared_data, chain)
    scenario = real_chain(shared_data, chain, deterministic=True, make_to_order=True).scenario
    time = longest_times(scenario)
    listed = facts["make_to_order_lead_days"]
    assert {product: time(product) for product in listed} == pytest.approx(listed)
    assert max(time(market.product) for market in scenario.markets) == pytest.approx(facts["max_length_days"])


@pytest.mark.parametrize("chain", CHAINS)
def test_real_chain_keeps_its_mean_demand(shared_data: Path, chain: str) -> None:
    scenario = real_chain(shared_data, chain, deterministic=True).scenario
    demand = sum(market.demand.law.lowest() for market in scenario.markets)
    assert demand == pytest.approx(expected(shared_data, chain)["total_mean_daily_demand"])


@pytest.mark.parametrize("chain", CHAINS)
def test_stage_that_drops_out_starves_the_stages_it_should(shared_data: Path, chain: str) -> None:
    scenario = real_chain(shared_data, chain, deterministic=True).scenario
    demand = {market.product: market.demand.law.lowest() for market in scenario.markets}
    for stage, effect in expected(shared_data, chain)["single_dropout"].items():
        cut = [units for product, units in demand.items() if product in products_without(scenario, stage)]
        assert len(cut) == effect["demand_stages_cut"]
        assert sum(cut) / sum(demand.values()) == pytest.approx(effect["share_of_demand"])


@pytest.mark.parametrize("chain", [chain for chain in CHAINS if chain != "24"])
def test_tick_divides_the_stage_times_of_a_real_chain(shared_data: Path, chain: str) -> None:
    scenario, notes = real_chain(shared_data, chain, deterministic=True)
    ticks = [site.processing.lowest() / scenario.clock.tick_days for site in scenario.sites]
    assert ticks == pytest.approx([round(tick) for tick in ticks], abs=1e-9)
    assert notes == ()


def test_stage_times_finer_than_any_tick_are_noted(shared_data: Path) -> None:
    scenario, notes = real_chain(shared_data, "24", deterministic=True)
    assert scenario.clock.tick_days == TICKS[-1]
    assert notes == ("willems: some stage times are not whole ticks of 0.001 days: they are rounded up",)


def test_stage_becomes_a_firm_with_a_site_and_a_product(tmp_path: Path) -> None:
    scenario = import_willems(write(tmp_path)).scenario
    assert [(firm.name, firm.tier) for firm in scenario.firms] == [("shop", 0), ("plant", 1), ("part", 2)]
    assert [site.function for site in scenario.sites] == ["sales_distribution", "assembly_test", "component_mfg"]
    assert scenario.products["plant"].made_of == {"part": 1}
    assert [(link.supplier, link.buyer) for link in scenario.links] == [("part", "plant"), ("plant", "shop")]
    assert scenario.clock.tick_days == 0.25


def test_stage_time_follows_the_law_that_the_columns_give(tmp_path: Path) -> None:
    shop, plant, part = import_willems(write(tmp_path)).scenario.sites
    assert shop.processing.text() == "1"
    assert plant.processing.text() == "normal(mean=2.25, sd=0.5)"
    assert part.processing.text() == "discrete(values=3 7, weights=0.75 0.25)"


def test_deterministic_chain_keeps_the_means(tmp_path: Path) -> None:
    scenario = import_willems(write(tmp_path), deterministic=True).scenario
    assert [site.processing.text() for site in scenario.sites] == ["1", "2.25", "4"]
    assert scenario.markets[0].demand.law.text() == "10"


def test_demand_is_due_after_the_service_time(tmp_path: Path) -> None:
    (market,) = import_willems(write(tmp_path)).scenario.markets
    assert (market.served_by, market.service_days) == (("shop",), 2)
    assert market.demand.law.text() == "normal(mean=10, sd=3)"


def test_service_level_sets_the_safety_factor(tmp_path: Path) -> None:
    shop, plant, _ = import_willems(write(tmp_path)).scenario.sites
    assert shop.ordering is not None and shop.ordering.safety_factor == pytest.approx(1.6449, abs=1e-4)
    assert plant.ordering is None


def test_make_to_order_holds_no_stock(tmp_path: Path) -> None:
    scenario = import_willems(write(tmp_path), make_to_order=True).scenario
    assert scenario.ordering.policy == "make-to-order"
    assert [(site.stock, site.ordering) for site in scenario.sites] == [(0, None)] * 3


def test_arc_given_twice_counts_twice(tmp_path: Path) -> None:
    scenario = import_willems(write(tmp_path, arcs=ARCS + "part,plant\n")).scenario
    assert scenario.products["plant"].made_of == {"part": 2}
    assert len(scenario.links) == 2


@pytest.mark.parametrize(
    ("stages", "arcs", "message"),
    [
        (STAGES, ARCS + "parts,shop\n", "arcs.csv: 'parts': not a stage; did you mean 'part'?"),
        (STAGES, "from,to\n", "arcs.csv: no column 'source'"),
        (STAGES.replace("2.25", "two"), ARCS, "stage 'plant': stage_time: 'two': must be a number"),
        (STAGES.replace("2.25", "-2"), ARCS, "stage 'plant': stage_time: -2: must be 0 or more"),
        (STAGES.replace("0.95", "95"), ARCS, "stage 'shop': service_level: 95: must be between 0 and 1"),
        (STAGES.replace("part,", "plant,"), ARCS, "stage 'plant' is given twice"),
        (STAGES.replace("part,", ","), ARCS, "stage: ''"),
        (STAGES.replace("10,3,", ",,"), ARCS, "avg_demand: blank in every row"),
        (STAGES.splitlines()[0], ARCS, "no rows"),
        (STAGES.replace("7,0.25", "7,"), ARCS, "stage 'part': times (3.0, 7.0) with chances (0.75,): give each time"),
        (STAGES.replace("0.25\n", "-1\n"), ARCS, "stage 'part': times (3.0, 7.0) with chances (0.75, -1.0)"),
        (STAGES.replace("7,2,Part", "7,-2,Part"), ARCS, "stage 'part': rel_depth: -2: must be 0 or more"),
        (STAGES, ARCS + "shop,part\n", "a product cannot be made of itself"),
        (STAGES.replace("plant,20", "plant,,20"), ARCS, "line 3: 15 cells: must be 14, one for each column"),
    ],
)
def test_wrong_tables_are_refused_in_one_line(tmp_path: Path, stages: str, arcs: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        import_willems(write(tmp_path, stages, arcs))
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_spread_around_nothing_is_left_out_and_told(tmp_path: Path) -> None:
    paths = write(tmp_path, VARIED, "source,destination\nplant,shop\nplant,idle\n")
    scenario, notes = import_willems(paths)
    laws = {market.product: market.demand.law.text() for market in scenario.markets}
    assert laws == {"shop": "normal(mean=10, sd=100)", "idle": "0"}
    assert [note for note in notes if "left out" in note] == [
        "willems: stage 'idle': sd_stage_time around a mean of 0: left out",
        "willems: stage 'idle': sd_demand around a mean of 0: left out",
    ]
    assert not any("left out" in note for note in import_willems(paths, deterministic=True).notes)


def test_demand_below_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="stage 'shop': avg_demand: -10: must be 0 or more"):
        import_willems(write(tmp_path, STAGES.replace("Retail,10,3", "Retail,-10,3")))


def test_chances_that_do_not_sum_to_one_are_told(tmp_path: Path) -> None:
    scenario, notes = import_willems(write(tmp_path, STAGES.replace("7,0.25", "7,0.5")))
    assert "willems: stage 'part': chances of stage times sum to 1.25: divided by that" in notes
    assert not any("chances" in note for note in import_willems(write(tmp_path)).notes)
    (part,) = (site for site in scenario.sites if site.name == "part")
    assert (part.processing.values, part.processing.weights) == ((3, 7), (0.75, 0.5))
