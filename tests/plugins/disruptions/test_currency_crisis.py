"""Currency crises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_disruptions.currency_crisis import CurrencyCrisis

from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.scenario import Scenario
from gpnde.testing import tiny_network
from gpnde.world.build import build_world
from gpnde.world.layout import Flags, Floats

from ...learners import begun, footprint, let_pass, simulated

Deeds = Callable[..., list[Any]]
CRISIS: dict[str, Any] = {"countries": ("south",), "start_day": 60.0, "days": 70.0}
NONE = {"credit_factor": 1.0, "rate_added": 0.0, "foreign_debt": 0.0, "passed_on": 0.0}


@pytest.fixture
def tiny() -> Scenario:
    """Return the tiny network, in two countries."""
    return tiny_network()


def in_the_south(scenario: Scenario) -> Flags:
    return np.array([firm.name != "flagship" for firm in scenario.firms])


def credit(simulation: Simulation, day: float) -> Floats:
    """Return the credit lines on a day."""
    let_pass(simulation, day)
    return np.asarray(simulation.world.firms["credit"].copy())


def test_credit_shrinks_in_the_country_and_comes_back(tiny: Scenario) -> None:
    simulation = begun(tiny, CurrencyCrisis(**CRISIS, credit_factor=0.4))
    before, during, after = (credit(simulation, day) for day in (59, 61, 131))
    south = in_the_south(tiny)
    np.testing.assert_allclose(during[south], 0.4 * before[south])
    np.testing.assert_array_equal(during[~south], before[~south])
    np.testing.assert_allclose(after, before)


def test_interest_rises_in_the_country_while_the_crisis_lasts(tiny: Scenario) -> None:
    simulation = begun(tiny, CurrencyCrisis(**CRISIS, rate_added=0.2))
    let_pass(simulation, 61)
    np.testing.assert_allclose(simulation.world.firms["added_rate"], 0.2 * in_the_south(tiny))
    let_pass(simulation, 131)
    assert not np.any(simulation.world.firms["added_rate"])


def test_firms_in_debt_pay_what_foreign_debt_costs_more(tiny: Scenario) -> None:
    simulation = begun(tiny, CurrencyCrisis(**CRISIS, fall=0.5, foreign_debt=0.6, credit_factor=1, rate_added=0))
    quiet = begun(tiny, CurrencyCrisis(**CRISIS, **NONE))
    for each in (simulation, quiet):
        let_pass(each, 59)
        each.world.firms["credit"] = 1e9
        each.world.firms["cash"][[0, 1, 2]] = [-100.0, -100.0, 100.0]
        let_pass(each, 60)
    lost = quiet.world.firms["cash"] - simulation.world.firms["cash"]
    np.testing.assert_allclose(lost, [0, 60, 0, 0, 0, 0, 0, 0], atol=1e-9)


def test_exports_get_cheaper_by_what_is_passed_on_and_return(deeds: Deeds, tiny: Scenario) -> None:
    done = deeds(CurrencyCrisis(**CRISIS, fall=0.4, passed_on=0.5), tiny)
    down, up = (deed for deed in done if deed.what == "price")
    lines = build_world(tiny).state.lines
    sites = [site.name for site in tiny.sites]
    valley = sites.index("valley-plant")
    abroad = (lines["buyer"] == valley) | (lines["market"] == 0) & (lines["supplier"] == sites.index("park-plant"))
    assert down.numbers == up.numbers == np.flatnonzero(abroad & (lines["supplier"] >= 0)).tolist()
    assert (down.day, up.day, set(down.values)) == (60, 130, {0.8})
    assert down.values[0] * up.values[0] == pytest.approx(1.0)


def test_crisis_everywhere_hits_all_exports(deeds: Deeds, tiny: Scenario) -> None:
    everywhere = deeds(CurrencyCrisis(passed_on=0.5, start_day=10), tiny)
    south = deeds(CurrencyCrisis(passed_on=0.5, start_day=10, countries=("South",)), tiny)
    assert everywhere == south


@pytest.mark.parametrize("parameters", [{**CRISIS, **NONE}, {"start_day": 253.0}])
def test_crisis_without_strength_or_after_the_end_changes_nothing(tiny: Scenario, parameters: dict[str, Any]) -> None:
    assert footprint(simulated(tiny, CurrencyCrisis(**parameters))) == footprint(simulated(tiny))


def test_two_crises_on_top_of_each_other_multiply(tiny: Scenario) -> None:
    crisis = CurrencyCrisis(**CRISIS, credit_factor=0.5)
    simulation = begun(tiny, crisis, crisis)
    before, during = (credit(simulation, day) for day in (59, 61))
    np.testing.assert_allclose(during[1:], 0.25 * before[1:])


def test_unknown_country_is_refused_with_the_nearest(tiny: Scenario) -> None:
    with pytest.raises(ComponentError) as caught:
        begun(tiny, CurrencyCrisis(countries=("soth",)))
    assert "disruption.currency-crisis.countries: 'SOTH': not in the scenario; did you mean 'SOUTH'?" in str(
        caught.value
    )


def test_currency_that_loses_everything_is_refused() -> None:
    with pytest.raises(ComponentError) as caught:
        CurrencyCrisis.of({"fall": 1})
    assert str(caught.value) == "disruption.currency-crisis.fall = 1: must be below 1"


def test_network_without_finance_has_cheaper_exports_all_the_same(tiny: Scenario) -> None:
    plain = tiny_network(finance=None, selection=None, **{"countries.south.currency": None})
    simulation = begun(plain, CurrencyCrisis(**CRISIS, passed_on=1.0, fall=0.2))
    let_pass(simulation, 59)
    before = simulation.world.state.lines["price"].copy()
    let_pass(simulation, 60)
    cheaper = simulation.world.state.lines["price"] / before
    assert cheaper.min() == pytest.approx(0.8, rel=0.01)
