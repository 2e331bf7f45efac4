"""Generated networks have the tiers, the suppliers and the spare capacity that they promise."""

from __future__ import annotations

import tracemalloc
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gpnde.errors import GpndeError
from gpnde.scenario import check_scenario, load_scenario, save_scenario
from gpnde.scenario.generate import LEAD_TIMES, generate, lead_time_between, tier_sizes
from gpnde.scenario.network import Cluster
from gpnde.scenario.schema import Scenario

from ..thorough import often

COMBINATIONS = st.tuples(st.integers(5, 300), st.integers(2, 8), st.integers(0, 2**32)).filter(lambda n: n[1] <= n[0])


def suppliers_of(scenario: Scenario) -> dict[str, list[str]]:
    suppliers = defaultdict(list)
    for link in scenario.links:
        suppliers[link.buyer].append(link.supplier)
    return dict(suppliers)


def loads(scenario: Scenario) -> dict[str, float]:
    """Return the units per day that each site delivers when every market buys its mean."""
    load: dict[str, float] = defaultdict(float)
    for market in scenario.markets:
        for name, share in market.shares().items():
            load[name] += share * (market.demand.law.mean or 0)
    suppliers = suppliers_of(scenario)
    for site in scenario.sites:
        for supplier in suppliers.get(site.name, ()):
            load[supplier] += load[site.name] / len(suppliers[site.name])
    return dict(load)


@pytest.mark.parametrize(
    ("firms", "tiers", "sizes"),
    [
        (1000, 4, (10, 90, 300, 600)),
        (100_000, 4, (1000, 9000, 30_000, 60_000)),
        (5, 4, (1, 1, 2, 1)),
        (10, 4, (1, 3, 3, 3)),
        (1300, 3, (100, 300, 900)),
        (34, 12, (1, *[3] * 11)),
        (5, 2, (1, 4)),
        (701, 701, (1,) * 701),
    ],
)
def test_firms_are_split_over_tiers(firms: int, tiers: int, sizes: tuple[int, ...]) -> None:
    assert tier_sizes(firms, tiers) == sizes


@given(numbers=st.tuples(st.integers(5, 100_000), st.integers(2, 40)).filter(lambda n: n[1] <= n[0]))
def test_every_tier_has_firms_for_any_split(numbers: tuple[int, int]) -> None:
    firms, tiers = numbers
    sizes = tier_sizes(firms, tiers)
    assert sum(sizes) == firms and len(sizes) == tiers and sizes[0] >= 1
    assert min(sizes[1:]) >= min(3, (firms - 1) // (tiers - 1))


@settings(deadline=None, max_examples=40)
@given(numbers=COMBINATIONS)
def test_any_generated_network_is_a_valid_scenario(numbers: tuple[int, int, int]) -> None:
    firms, tiers, seed = numbers
    scenario = generate("any", firms, tiers, seed)
    check_scenario(scenario)
    assert len(scenario.firms) == len(scenario.sites) == firms
    assert [firm.name for firm in scenario.firms] == [site.firm for site in scenario.sites]


@settings(deadline=None, max_examples=40)
@given(numbers=COMBINATIONS)
def test_firms_above_the_lowest_tier_have_three_suppliers_in_the_next(numbers: tuple[int, int, int]) -> None:
    firms, tiers, seed = numbers
    scenario = generate("any", firms, tiers, seed)
    sizes, tier = tier_sizes(firms, tiers), {firm.name: firm.tier for firm in scenario.firms}
    suppliers = suppliers_of(scenario)
    for name, here in tier.items():
        expected = min(3, sizes[here + 1]) if here + 1 < tiers else 0
        assert len(set(suppliers.get(name, ()))) == len(suppliers.get(name, ())) == expected
        assert all(tier[supplier] == here + 1 for supplier in suppliers.get(name, ()))


@settings(deadline=None, max_examples=40)
@given(numbers=COMBINATIONS)
def test_capacity_exceeds_the_expected_load_by_three_tenths(numbers: tuple[int, int, int]) -> None:
    scenario = generate("any", *numbers)
    load = loads(scenario)
    assert {
        site.name: site.capacity_per_day.lowest() for site in scenario.sites if site.capacity_per_day
    } == pytest.approx({site.name: 1.3 * load[site.name] for site in scenario.sites})


def test_firms_without_a_buyer_sell_to_an_open_market() -> None:
    scenario = generate("open", 200)
    chosen = {link.supplier for link in scenario.links}
    flagships = {firm.name for firm in scenario.firms if firm.tier == 0}
    served = Counter(name for market in scenario.markets for name in market.served_by)
    assert set(served) == {site.name for site in scenario.sites} - chosen
    assert set(served.values()) == {1}
    assert all(len(market.served_by) == 1 for market in scenario.markets if set(market.served_by) & flagships)


def test_suppliers_are_chosen_uniformly() -> None:
    scenario = generate("large", 10_000, seed=3)
    chosen = Counter(link.supplier for link in scenario.links)
    third_tier = [firm.name for firm in scenario.firms if firm.tier == 2]
    assert stats.chisquare([chosen[name] for name in third_tier]).pvalue > 0.01


def test_every_triple_of_suppliers_is_equally_likely() -> None:
    assert tier_sizes(16, 3) == (1, 4, 11)
    triples = Counter(frozenset(suppliers_of(generate("triples", 16, 3, seed))["flagship-1"]) for seed in range(400))
    assert len(triples) == 4
    assert stats.chisquare(list(triples.values())).pvalue > 0.01


def test_equal_arguments_give_equal_scenarios() -> None:
    assert generate("twin", 120, 5, seed=7) == generate("twin", 120, 5, seed=7)


def test_another_seed_gives_another_network() -> None:
    assert generate("one", 120, seed=7).links != generate("one", 120, seed=8).links


def test_roles_follow_the_tiers() -> None:
    roles = defaultdict(set)
    for firm in generate("roles", 300).firms:
        roles[firm.tier].add(firm.role)
    assert dict(roles) == {
        0: {"brand-leader"},
        1: {"lead-supplier"},
        2: {"supplier"},
        3: {"supplier", "price-breaker", "capacity-buffer"},
    }


def test_lowest_tier_is_raw_and_others_need_one_unit_of_the_next() -> None:
    products = generate("chain", 20, tiers=3).products
    assert [dict(product.made_of) for product in products.values()] == [{"tier-1-part": 1}, {"tier-2-part": 1}, {}]


def test_lead_time_follows_the_distance_between_clusters() -> None:
    scenario = generate("distances", 500)
    cluster = {site.name: site.cluster for site in scenario.sites}
    region = {place.name: place.region for place in scenario.clusters}
    for link in scenario.links:
        here, there = cluster[link.buyer], cluster[link.supplier]
        near = "region" if region[str(here)] == region[str(there)] else "world"
        assert link.lead_time == LEAD_TIMES["cluster" if here == there else near]


def test_clusters_without_a_region_are_far_apart() -> None:
    here, there = Cluster(name="a"), Cluster(name="b")
    assert lead_time_between(here, there) == LEAD_TIMES["world"]


def test_equal_lead_times_are_one_object() -> None:
    assert len({id(link.lead_time) for link in generate("shared", 300).links}) == len(LEAD_TIMES)


@pytest.mark.parametrize(
    ("firms", "orders", "entities"), [(1000, True, True), (1001, False, True), (2001, False, False)]
)
def test_large_networks_record_less(firms: int, orders: bool, entities: bool) -> None:
    record = generate("record", firms).record
    assert (record.orders, record.entities) == (orders, entities)


def test_selection_finance_and_outages_are_on() -> None:
    scenario = generate("rules", 10)
    assert scenario.selection is not None and scenario.finance is not None
    assert [(use.use, use.parameters) for use in scenario.components] == [
        ("disruption.site-outage", {"mean_up_days": 730, "mean_down_days": 14})
    ]
    assert {mark.mark for mark in scenario.provenance} == {"assumption"}


def test_clusters_can_be_given() -> None:
    places = (Cluster(name="a", region="east", wage_per_day=0), Cluster(name="b", wage_per_day=3))
    scenario = generate("places", 50, clusters=places)
    check_scenario(scenario)
    assert {site.cluster for site in scenario.sites} == {"a", "b"}
    assert [region.name for region in scenario.regions] == ["east"]


def test_generated_scenario_survives_saving(tmp_path: Path) -> None:
    scenario = generate("saved", 60)
    save_scenario(scenario, tmp_path / "saved")
    assert load_scenario(tmp_path / "saved") == scenario


def test_a_firm_takes_less_than_20_kilobytes() -> None:
    generate("warm", 10)
    tracemalloc.start()
    scenario = generate("measured", 2000)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(scenario.firms) < 20_000


@pytest.mark.slow
def test_large_network_is_sound() -> None:
    firms = often(10_000, 100_000)
    scenario = generate("large", firms)
    check_scenario(scenario)
    sizes = Counter(firm.tier for firm in scenario.firms)
    assert [100 * sizes[tier] for tier in sorted(sizes)] == [firms, 9 * firms, 30 * firms, 60 * firms]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"firms": 4}, "firms: 4: must be from 5 to 100,000"),
        ({"firms": 100_001}, "firms: 100001: must be from 5 to 100,000"),
        ({"tiers": 1}, "tiers: 1: must be from 2 to the number of firms, 10"),
        ({"tiers": 11}, "tiers: 11: must be from 2 to the number of firms, 10"),
        ({"seed": -1}, "seed: -1: must be a whole number from 0 to 9,223,372,036,854,775,807"),
        ({"firms": 2000, "tiers": 1001}, "tiers: 1001: must be at most 1,000"),
        ({"name": ""}, "name: '': give the scenario a name"),
        ({"clusters": ()}, "clusters: none given: give at least one"),
    ],
)
def test_numbers_out_of_bounds_are_refused_in_one_line(arguments: dict[str, object], message: str) -> None:
    given: dict[str, object] = {"name": "bad", "firms": 10} | arguments
    with pytest.raises(GpndeError) as caught:
        generate(**given)  # type: ignore[arg-type]
    assert str(caught.value) == message
