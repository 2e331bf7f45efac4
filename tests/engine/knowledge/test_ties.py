"""Ties: what links between two firms amount to."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gpnde.contracts import CONTRACTS
from gpnde.engine.knowledge.ties import TieBook, generation_days
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.plugin.knowledge import Ties
from gpnde.scenario import Scenario
from gpnde.scenario.network import Product
from gpnde.world.columns import NEW_TRUST

from ...learners import begun, changed, learning, let_pass, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
PLANT, SHOP = 1, 2


def book_of(simulation: Simulation) -> TieBook:
    """Return what finds the ties of a simulation from now on."""
    world = simulation.world
    return TieBook(world, simulation.timeline, world.places, learning(simulation).rules)


def ties(simulation: Simulation, book: TieBook | None = None) -> Ties:
    """Return the ties of the moment, weighed by what was sent since the last step of learning."""
    book = book or book_of(simulation)
    return book.ties(book.sent())


def two_plants(share: float = 0.25, **second: Any) -> Scenario:
    """Return three firms whose lead supplier delivers from two plants, a *share* from the second."""
    plain = three_firms().model_dump()
    plain["sites"] += ({**plain["sites"][PLANT], "name": "plant-2"},)
    first = {**plain["links"][0], "share": 1.0 - share}
    plain["links"] = (
        first,
        {**first, "supplier": "plant-2", "share": share, **second},
        plain["links"][1],
        {**plain["links"][1], "buyer": "plant-2"},
    )
    return Scenario.model_validate(plain)


def test_buyers_can_teach_their_suppliers() -> None:
    found = ties(begun(three_firms()))
    assert found.teacher.tolist() == [FLAGSHIP, LEAD]
    assert found.learner.tolist() == [LEAD, LOWER]
    assert found.trust.tolist() == [0.6, 0.4]
    assert found.information.tolist() == [True, False]
    assert found.life_cycle_days.tolist() == [182, math.inf]
    assert [CONTRACTS[number] for number in found.contract] == ["OEM", "OEM"]
    assert found.access.tolist() == [1.0, 0.25]


@pytest.mark.parametrize(
    ("owner", "node_type", "access"),
    [
        ("lead", "subsidiary", 1.0),
        ("lead", "affiliate", 0.7),
        ("lead", "partner", 0.5),
        ("flagship", "subsidiary", 0.25),
    ],
)
def test_owners_let_lower_tiers_further_in(owner: str, node_type: str, access: float) -> None:
    firms = three_firms().model_dump()["firms"]
    firms[LOWER].update(owner=owner, node_type=node_type)
    assert ties(begun(three_firms(firms=firms))).access.tolist() == [1.0, access]


def test_owners_let_no_firm_in_less_than_others() -> None:
    firms = three_firms().model_dump()["firms"]
    firms[LEAD].update(owner="flagship", node_type="partner")
    assert ties(begun(three_firms(firms=firms))).access.tolist() == [1.0, 0.25]


def test_links_between_the_same_firms_make_one_tie_weighted_by_what_was_sent() -> None:
    simulation = begun(two_plants(trust=0.2, contract="ODM", information_sharing=False))
    book = book_of(simulation)
    let_pass(simulation, 300)
    found = ties(simulation, book)
    assert found.teacher.tolist() == [FLAGSHIP, LEAD]
    grown = math.exp(-0.1 * 300 / 364)
    assert found.trust[0] == pytest.approx(1 - (0.75 * 0.4 + 0.25 * 0.8) * grown, abs=0.01)
    assert CONTRACTS[int(found.contract[0])] == "OEM"
    assert found.information[0]
    assert found.volume.tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(("share", "contract"), [(0.25, "OEM"), (0.75, "ODM"), (0.5, "ODM")])
def test_the_contract_of_a_tie_is_that_of_its_heaviest_link(share: float, contract: str) -> None:
    """Of two links of equal weight the one that was opened last counts."""
    simulation = begun(two_plants(share, contract="ODM"))
    book = book_of(simulation)
    let_pass(simulation, 27)
    found = ties(simulation, book)
    assert [CONTRACTS[number] for number in found.contract] == [contract, "OEM"]


def test_each_tie_has_the_contract_and_the_life_cycle_of_its_own_link() -> None:
    plain = three_firms().model_dump()
    first, second = plain["links"]
    plain["links"] = ({**second, "contract": "arms-length"}, {**first, "contract": "ODM"})
    found = ties(begun(Scenario.model_validate(plain)))
    assert found.learner.tolist() == [LEAD, LOWER]
    assert [CONTRACTS[number] for number in found.contract] == ["ODM", "arms-length"]
    assert found.life_cycle_days.tolist() == [182, math.inf]


def test_plants_of_one_firm_make_no_tie() -> None:
    plain = three_firms().model_dump()
    plain["sites"][SHOP]["firm"] = "lead"
    assert ties(begun(Scenario.model_validate(plain))).learner.tolist() == [LEAD]


def test_ended_links_make_no_tie() -> None:
    simulation = begun(three_firms())
    let_pass(simulation, 10)
    simulation.part(Links).drop(1, "link_dropped", "score", "test")
    assert ties(simulation).learner.tolist() == [LEAD]


def test_new_links_begin_as_strangers_on_the_same_contract() -> None:
    simulation = begun(two_plants())
    let_pass(simulation, 100)
    opened = simulation.part(Links).open(2, 3, 0.5, 1.0)
    assert simulation.world.ties["trust"][opened] == NEW_TRUST
    found = ties(simulation)
    assert found.teacher.tolist() == [FLAGSHIP, LEAD]
    assert [CONTRACTS[number] for number in found.contract] == ["OEM", "OEM"]


def test_trust_grows_as_long_as_a_link_lasts() -> None:
    simulation = begun(changed(three_firms(), "knowledge", trust_growth_per_year=1.0))
    trust = []
    for day in (0, 182, 363):
        let_pass(simulation, day)
        trust.append(float(ties(simulation).trust[0]))
    assert trust[0] == 0.6
    assert trust[2] == pytest.approx(1 - 0.4 * math.exp(-363 / 364))
    assert trust == sorted(trust)


def test_given_distance_counts_more_than_that_of_places() -> None:
    between_places = ties(begun(three_firms())).distance_km
    assert 10_000 < between_places[0] < 11_000
    assert between_places[1] == pytest.approx(0.0)
    plain = three_firms().model_dump()
    plain["links"][0]["distance_km"] = 42
    assert ties(begun(Scenario.model_validate(plain))).distance_km[0] == pytest.approx(42)


def test_length_of_a_generation_is_given_or_that_of_able_designers() -> None:
    designed = Product.model_validate({"generations": {"design_days": 800, "design_effect": 1}})
    assert generation_days(designed) == pytest.approx(800 / math.e)
    assert generation_days(Product(life_cycle_days=182)) == 182
    assert generation_days(Product()) == math.inf
