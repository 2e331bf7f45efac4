"""The preset small-open-economy: growing assembly on a thin support base, on which policies can act."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import polars as pl
import pytest

from gpnde.engine.simulate import simulate
from gpnde.results.run import Run
from gpnde.scenario.files import load_scenario
from gpnde.scenario.knowledge import Country
from gpnde.scenario.law import fixed
from gpnde.scenario.network import Firm, Site
from gpnde.scenario.schema import Scenario

from ..thorough import often

SMALL = "small economy"
SEEDS = range(1, 1 + often(3, 5))


@cache
def preset() -> Scenario:
    return load_scenario("small-open-economy")


@cache
def sites() -> dict[str, Site]:
    return {site.name: site for site in preset().sites}


@cache
def firms() -> dict[str, Firm]:
    return {firm.name: firm for firm in preset().firms}


def country(site: str) -> str | None:
    """Return the country that a site lies in."""
    return next(cluster.country for cluster in preset().clusters if cluster.name == sites()[site].cluster)


@cache
def local_firms() -> frozenset[str]:
    """Return the firms of the small economy without foreign owners."""
    at_home = {site.firm for site in preset().sites if country(site.name) == SMALL}
    return frozenset(name for name in at_home if firms()[name].owner is None)


@cache
def run(seed: int) -> Run:
    return simulate(preset(), seed=seed)


def local_capability(seed: int, last: bool) -> float:
    """Return the mean capability of local firms in the functions that they perform."""
    known = run(seed).tables["knowledge"].filter(pl.col("firm").is_in(local_firms()) & (pl.col("performed") == 1))
    day = known["day"].max() if last else known["day"].min()
    return float(known.filter(pl.col("day") == day)["capability"].to_numpy().mean())


def test_size_is_what_a_reader_can_survey() -> None:
    assert 30 <= len(preset().firms) <= 45
    assert preset().clock.days == 5 * 364


def test_flagships_are_abroad_and_assemble_in_the_small_economy() -> None:
    flagships = [firm.name for firm in preset().firms if firm.tier == 0]
    assembly = [site for site in preset().sites if site.product == "device" and site.function == "assembly_test"]
    assert len(flagships) == 3
    assert all(country(site.name) != SMALL for site in preset().sites if site.firm in flagships)
    assert {country(site.name) for site in assembly} == {SMALL}
    assert set(flagships) <= {firms()[site.firm].owner for site in assembly}


def test_every_local_supplier_shares_its_product_with_suppliers_abroad() -> None:
    makers: dict[str, set[str | None]] = defaultdict(set)
    for site in preset().sites:
        makers[site.product].add(country(site.name))
    for name in local_firms():
        product = next(site.product for site in preset().sites if site.firm == name)
        assert product == "device" or len(makers[product]) > 1, name


def test_the_support_base_is_smaller_than_that_of_the_hub() -> None:
    capacity: dict[str | None, float] = defaultdict(float)
    for site in preset().sites:
        if site.product not in ("device", "chip") and firms()[site.firm].enters == "at-start":
            capacity[country(site.name)] += (site.capacity_per_day or fixed(0)).lowest()
    assert capacity[SMALL] < capacity["regional hub"]


def volatility(country: Country) -> float:
    """Return the volatility of a currency, 0 for world money."""
    return 0.0 if country.currency is None else country.currency.volatility_per_year


def test_the_small_economy_has_least_research_and_credit_and_most_volatility() -> None:
    small, *others = preset().countries
    assert small.name == SMALL
    for other in others:
        assert (small.frontier, small.credit, small.institutions) < (other.frontier, other.credit, other.institutions)
        assert volatility(small) > volatility(other)


def test_firms_from_abroad_and_local_start_ups_wait_to_enter() -> None:
    waiting = [firm for firm in preset().firms if firm.enters == "endogenously"]
    assert {firm.owner is None for firm in waiting} == {True, False}
    assert {country(site.name) for site in preset().sites if site.firm in {firm.name for firm in waiting}} == {SMALL}


def test_the_chapter_s_numbers_are_the_life_cycle_and_the_quarter() -> None:
    paths = [entry.path for entry in preset().provenance if entry.mark == "chapter"]
    assert paths == ["products.*.life_cycle_days", "selection.review_days"]


@pytest.mark.parametrize("seed", SEEDS)
def test_network_lives_and_local_firms_learn_whatever_the_seed(seed: int) -> None:
    assert run(seed).metric("flow.fill_rate.north") > 0.6
    assert local_capability(seed, last=True) > local_capability(seed, last=False)
    assert all(imbalance < 1e-9 for imbalance in run(seed).conservation.values())


def test_buyers_dismiss_suppliers_in_most_runs() -> None:
    dismissed = [run(seed).events.filter(pl.col("cause").is_in(["score", "tender"])).height for seed in SEEDS]
    assert sum(count > 0 for count in dismissed) > len(SEEDS) / 2


def in_debt(seed: int) -> int:
    """Return how many local firms draw on credit at some time."""
    cash = run(seed).tables["firms"].filter(pl.col("firm").is_in(local_firms()) & (pl.col("active") == 1))
    return cash.filter(pl.col("cash") < 0)["firm"].n_unique()


def test_credit_limits_bind_for_some_local_firms_in_most_runs() -> None:
    found = [in_debt(seed) for seed in SEEDS]
    assert sum(count > 0 for count in found) > len(SEEDS) / 2
    assert max(found) < len(local_firms())


def test_local_firms_win_requests_and_firms_enter() -> None:
    events = pl.concat([run(seed).tables["events"] for seed in SEEDS])
    won = events.filter(pl.col("kind") == "bid_awarded")["firm"].to_list()
    assert local_firms() & set(won)
    assert "firm_entered" in events["kind"]
