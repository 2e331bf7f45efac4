"""Firms reckon what their places are worth by the rules that decide on prices, scores, shares and demand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.knowledge.coupling import Coupling
from gpnde.engine.markets.design import development_capability
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.prospects.alternatives import Alternatives, Shift
from gpnde.engine.run import Simulation
from gpnde.mechanics.capability_effects import response_level
from gpnde.mechanics.effort import discounted_days
from gpnde.mechanics.expectations import chance_beaten, expected_days, hazard_per_day
from gpnde.mechanics.rivalry import quality_gained, time_to_market
from gpnde.mechanics.scorecard import quality_mark, response_mark
from gpnde.mechanics.sourcing import allocation_shares
from gpnde.scenario.knowledge import Effects, Effort
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.layout import Floats

from ...learners import known
from ..conftest import Network, Start
from .conftest import EFFECTS, SHOP, Pair

HORIZON, RATE = 1456.0, 0.08 / YEAR_DAYS
BETA = 3.0
LINK = 0
"""The link from the shop to the plant."""

PRICE, COST = 6.0, 5.0


def _alternatives(simulation: Simulation, **rules: Any) -> Alternatives:
    return Alternatives(simulation.context, Effort(**rules), None)


def _worth(alternatives: Alternatives, shift: Shift | None = None) -> Floats:
    """Return what selling 10 units a day on each line is worth."""
    return alternatives.worth(np.full(len(alternatives.numbers), 10.0), shift or Shift()).lines


def test_a_link_is_worth_what_it_contributes_while_it_lasts(pair: Pair) -> None:
    days = discounted_days(RATE, 0.0, HORIZON)
    assert _worth(_alternatives(pair()))[LINK] == pytest.approx(10.0 * (PRICE - COST) * days)


@pytest.mark.parametrize("more", [0.03, -0.03, 0.5])
def test_more_capability_saves_cost_and_gives_part_of_it_away(pair: Pair, more: float) -> None:
    cost = COST * np.exp(-EFFECTS["productivity"] * more)
    price = PRICE * (cost / COST) ** EFFECTS["cost_passed_on"]
    worth = _worth(_alternatives(pair()), Shift(making=more))[LINK]
    assert worth == pytest.approx(10.0 * (price - cost) * discounted_days(RATE, 0.0, HORIZON))


def test_stated_prices_follow_cost_as_all_do(pair: Pair) -> None:
    stated = _worth(_alternatives(pair(link={"price": PRICE})), Shift(making=0.1))
    assert stated.tolist() == _worth(_alternatives(pair()), Shift(making=0.1)).tolist()


def test_a_further_function_raises_the_price_by_its_gain(pair: Pair) -> None:
    alternatives = _alternatives(pair())
    more = (_worth(alternatives, Shift(functions=0.1)) - _worth(alternatives))[LINK]
    assert more == pytest.approx(10.0 * 0.1 * PRICE * discounted_days(RATE, 0.0, HORIZON))


@pytest.mark.parametrize(("counts", "days"), [(True, 364.0), (False, 0.0)])
def test_commitment_lengthens_the_horizon_where_it_counts(pair: Pair, counts: bool, days: float) -> None:
    alternatives = _alternatives(pair(link={"commitment_days": 364}), commitment_counts=counts)
    kept = discounted_days(RATE, 0.0, max(HORIZON, days))
    assert _worth(alternatives)[LINK] == pytest.approx(10.0 * (PRICE - COST) * kept)


@pytest.mark.parametrize("protected", [0.0, 728.0])
def test_a_place_under_threat_is_lost_after_its_protection(pair: Pair, protected: float) -> None:
    rules = {"threshold": 0.5, "strikes": 2, "review_days": 91}
    simulation = pair(selection=rules, link={"commitment_days": protected})
    simulation.world.trade["score"][LINK] = 0.45
    hazard = hazard_per_day(0.45, 0.5, 0.08, 2, 91.0)
    kept = expected_days(hazard, RATE, protected, max(HORIZON, protected))
    assert _worth(_alternatives(simulation))[LINK] == pytest.approx(10.0 * (PRICE - COST) * kept)


@pytest.mark.parametrize(("threshold", "strikes"), [(0.4, 2), (0.5, 1), (0.5, 4)])
def test_a_threat_is_that_of_the_profile_of_the_buyer(pair: Pair, threshold: float, strikes: int) -> None:
    profiles = {"mine": {"threshold": threshold, "strikes": strikes}}
    simulation = pair(selection={"threshold": 0.9}, firms={"plant": {"profile": "mine"}}, profiles=profiles)
    simulation.world.trade["score"][LINK] = 0.45
    kept = expected_days(hazard_per_day(0.45, threshold, 0.08, strikes, 91.0), RATE, 0.0, HORIZON)
    assert _worth(_alternatives(simulation))[LINK] == pytest.approx(10.0 * (PRICE - COST) * kept)


@pytest.mark.parametrize(
    ("node_type", "threshold", "strikes"), [("subsidiary", -np.inf, 10), ("affiliate", 0.3, 6), ("partner", 0.5, 2)]
)
def test_a_firm_knows_what_its_owner_does_for_it(pair: Pair, node_type: str, threshold: float, strikes: int) -> None:
    belongs = {"owner": "plant", "node_type": node_type}
    simulation = pair(selection={"threshold": 0.5}, firms={"shop": belongs})
    simulation.world.trade["score"][LINK] = 0.28
    kept = expected_days(hazard_per_day(0.28, threshold, 0.08, strikes, 91.0), RATE, 0.0, HORIZON)
    assert _worth(_alternatives(simulation))[LINK] == pytest.approx(10.0 * (PRICE - COST) * kept)


def test_a_lock_leaves_only_the_threat_of_a_better_bid(pair: Pair) -> None:
    simulation = pair(others=("rival",), selection={"threshold": 0.5, "incumbent_lock": 0.2})
    simulation.world.trade["score"][:2] = 0.45, 0.65
    beaten = chance_beaten(np.array([0.45, 0.65]), 0.55, 0.2, 0.08)
    hazard = hazard_per_day(np.array([0.45, 0.65]), 0.5, 0.08, 2, 91.0, beaten)
    kept = expected_days(hazard, RATE, 0.0, HORIZON)
    assert _worth(_alternatives(simulation))[:2] == pytest.approx(10.0 * (PRICE - COST) * kept)


def test_by_the_relative_rule_a_firm_expects_the_bar_that_its_own_score_moves(pair: Pair) -> None:
    response = {"quality": 0, "delivery": 0, "price": 0, "response": 1}
    rules = {"rule": "relative", "threshold": 0.5, "weights": response}
    simulation = pair(others=("rival", "third"), selection=rules)
    simulation.world.trade["score"][:3] = scores = np.array([0.4, 0.6, 0.7])
    alternatives, shift = _alternatives(simulation), Shift(coordination=0.2)
    hours = 36.0 * np.array([1.0, float(response_level(0.2, Effects().response))])
    gained = float(np.diff(response_mark(hours, 24.0, 0.6))[0])
    bars = []
    for own in range(3):
        field = scores + gained * (np.arange(3) == own)
        bars.append(field.mean() - 1.25 * field.std())
    kept = expected_days(hazard_per_day(scores + gained, np.array(bars), 0.08, 2, 91.0), RATE, 0.0, HORIZON)
    assert gained > 0.0
    assert _worth(alternatives, shift)[:3] == pytest.approx(10.0 * (PRICE - COST) * kept, rel=1e-6)


def test_markets_cannot_dismiss(pair: Pair) -> None:
    market = 1
    places = pair(selection={"threshold": 1.0}), pair()
    threatened, safe = (_worth(_alternatives(each))[market] for each in places)
    assert threatened == safe > 0.0


def test_standing_staff_costs_its_wage_at_any_output(pair: Pair) -> None:
    simulation = pair(
        products={"unit": {"made_of": {"part": 1}}, "part": {"labour_days": 0.2}},
        clusters=[{"name": "park", "wage_per_day": 10}],
        site={"cluster": "park", "capacity_per_day": 20},
    )
    worth = _alternatives(simulation).worth(np.zeros(2), Shift())
    standing = float(simulation.world.factories["standing"][SHOP])
    assert standing > 0.0
    assert worth.lines.tolist() == [0.0, 0.0]
    assert worth.sites[SHOP] == pytest.approx(-10.0 * standing * discounted_days(RATE, 0.0, HORIZON))


def test_volume_follows_scores_as_shares_do(pair: Pair) -> None:
    weights = {"quality": 1, "delivery": 0, "price": 0, "response": 0}
    simulation = pair(
        others=("rival",),
        site={"yield_rate": 0.9},
        selection={"allocation": BETA, "threshold": 0, "weights": weights},
        products={"unit": {"made_of": {"part": 1}}, "part": {"value_added": 5}},
        knowledge={"effects": {"productivity": 0}},
    )
    world = simulation.world
    world.trade["score"][:2] = [0.6, 0.7]
    shares = np.array([0.3, 0.7])
    world.state.lines["share"][:2] = shares
    coupling = Coupling(simulation.context, Effects(productivity=0), known(simulation).capability)
    alternatives = Alternatives(simulation.context, Effort(), coupling)
    yields = coupling.yields(simulation.part(UnitCosts).capability + 0.1)[SHOP]
    scale = world.plants["lowest_yield"][SHOP], world.plants["highest_yield"][SHOP]
    gained = float(quality_mark(yields, *scale) - quality_mark(0.9, *scale))
    # Each supplier takes the score of the other one to stand still.
    then = [allocation_shares(shares, gained * (np.arange(2) == own), BETA)[own] for own in range(2)]
    factor = _worth(alternatives, Shift(making=0.1))[:2] / _worth(alternatives)[:2]
    assert gained > 0.0
    assert factor == pytest.approx(np.array(then) / shares)


def test_better_answers_to_quotations_raise_the_score_alone(pair: Pair) -> None:
    response = {"quality": 0, "delivery": 0, "price": 0, "response": 1}
    simulation = pair(others=("rival",), selection={"allocation": BETA, "threshold": 0, "weights": response})
    alternatives = _alternatives(simulation)
    more = _worth(alternatives, Shift(coordination=0.2)) / _worth(alternatives)
    assert (more[:2] > 1.0).all()
    assert more[2] == 1.0


def test_better_design_moves_only_brands_that_are_chosen_against_each_other(network: Network, start: Start) -> None:
    knows = {name: {"knowledge": {"product_dev": able}} for name, able in (("alpha", 0.9), ("beta", 0.6))}
    brand = {"product": "drive", "function": "assembly_test"}
    simulation = start(
        network(
            {"alpha": brand, "beta": brand, "heads": {"product": "head"}},
            [{"buyer": name, "supplier": "heads"} for name in ("alpha", "beta")],
            {"world": {"served_by": ["alpha", "beta"], "demand": {"law": 100}, "rivalry": {"price_sensitivity": 0.05}}},
            firms=knows,
            products={"drive": {"made_of": {"head": 1}, "generations": {"design_days": 300}}, "head": {}},
            knowledge={},
        )
    )
    alternatives = _alternatives(simulation)
    factor = _worth(alternatives, Shift(design=0.05)) / _worth(alternatives)
    rules = simulation.world.scenario.products["drive"].generations
    assert rules is not None
    days = time_to_market(rules.design_days, rules.design_effect, development_capability(simulation.world)[:2])
    gained = quality_gained(0.05, days, rules.design_effect, rules.obsolescence_per_year / YEAR_DAYS)
    others = 1.0 - simulation.world.state.lines["share"][alternatives.numbers[2:]]
    assert factor[:2].tolist() == [1.0, 1.0]
    assert factor[2:] == pytest.approx(np.exp(rules.quality_weight * others * gained))
