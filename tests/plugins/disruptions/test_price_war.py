"""Price wars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_disruptions.price_war import PriceWar

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario
from gpnde.world.build import build_world

from ...learners import begun, three_firms

Deeds = Callable[..., list[Any]]


def with_type(network: Scenario, kind: str, only: str | None = None) -> Scenario:
    """Return the network with products of that type; all, or *only* one."""
    products = {
        name: product.model_copy(update={"type": kind if only in (None, name) else "differentiated"})
        for name, product in network.products.items()
    }
    return network.model_copy(update={"products": products})


def test_war_and_peace_alternate_and_prices_return(deeds: Deeds) -> None:
    done = deeds(PriceWar(mean_peace_days=100, mean_war_days=50, depth=0.25, products=()))
    factors = [deed.values[0] for deed in done]
    assert len(factors) > 10
    assert set(factors[::2]) == {0.75}
    assert np.prod(factors[: len(factors) // 2 * 2]) == pytest.approx(1.0)


def test_share_of_war_is_its_mean_over_the_mean_cycle(deeds: Deeds, network: Scenario) -> None:
    clock = network.clock.model_copy(update={"days": 200_000.0, "tick_days": 7.0})
    long = network.model_copy(update={"clock": clock})
    done = deeds(PriceWar(mean_peace_days=120, mean_war_days=40), long)
    war = sum(end.day - begin.day for begin, end in zip(done[::2], done[1::2], strict=False))
    assert war / 200_000 == pytest.approx(0.25, abs=4 * 0.1875 * (2 / 1250) ** 0.5)


def test_only_commodities_get_cheaper_on_links_and_to_markets(deeds: Deeds, network: Scenario) -> None:
    name = list(network.products)[1]
    mixed = with_type(network, "commodity", only=name)
    lines = build_world(mixed).state.lines
    expected = np.flatnonzero(lines["product"] == 1).tolist()
    assert deeds(PriceWar(mean_peace_days=100), mixed)[0].numbers == expected
    assert len(expected) < len(lines)


def test_named_products_get_cheaper_whatever_their_type(deeds: Deeds, network: Scenario) -> None:
    name = list(network.products)[0]
    done = deeds(PriceWar(mean_peace_days=100, products=(name,)), with_type(network, "differentiated"))
    lines = build_world(network).state.lines
    assert done[0].numbers == np.flatnonzero(lines["product"] == 0).tolist()


def test_network_without_commodities_is_refused(deeds: Deeds, network: Scenario) -> None:
    with pytest.raises(ComponentError, match="no product is a commodity; name the products"):
        deeds(PriceWar(), with_type(network, "differentiated"))


def test_unknown_product_is_refused(deeds: Deeds) -> None:
    with pytest.raises(ComponentError, match="^disruption.price-war.products: 'gold': not in the scenario"):
        deeds(PriceWar(products=("gold",)))


def test_regime_too_short_to_follow_is_refused(deeds: Deeds) -> None:
    with pytest.raises(ComponentError, match="must be at least 0.0"):
        deeds(PriceWar(mean_peace_days=1e-6, mean_war_days=1e-6))


def test_war_of_a_cell_spares_who_works_elsewhere(deeds: Deeds, network: Scenario) -> None:
    name = list(network.products)[1]
    products = {**network.products, name: network.products[name].model_copy(update={"process": "flexible"})}
    mixed = network.model_copy(update={"products": products})
    lines = build_world(mixed).state.lines
    expected = np.flatnonzero((lines["product"] == 1) & (lines["supplier"] >= 0)).tolist()
    assert deeds(PriceWar(mean_peace_days=100, cells=("commodity-flexible",)), mixed)[0].numbers == expected
    assert 0 < len(expected) < len(lines)
    assert deeds(PriceWar(mean_peace_days=100, cells=("differentiated-mass",)), mixed)[0].numbers == []


def test_a_firm_that_moves_to_another_cell_leaves_the_war() -> None:
    war = PriceWar(mean_peace_days=20, mean_war_days=20, cells=("commodity-mass",))
    rules = {"review_days": 28, "transition_days": 1, "base": 20, "cost_months": 0, "price_gain": 0.1, "dip": 0}

    def lowest(knowledge: dict[str, Any]) -> float:
        """Return the lowest factor of war on the prices of the lead supplier after it may have moved."""
        simulation = begun(three_firms(selection=None, knowledge=knowledge), war, seed=3)
        money, supplier = simulation.world.money, simulation.world.state.lines["supplier"]
        found = 1.0
        for day in range(120, 360, 5):
            simulation.advance(day)
            found = min(found, float(money["price_scale"][supplier == 1].min()))
        return found

    assert lowest({}) == pytest.approx(0.8)
    assert lowest({"specialisation": rules}) == pytest.approx(1.0)
