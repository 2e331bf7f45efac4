"""Governance profiles at work: two buyers under one block selection judge, keep and replace by rules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import simulate
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Quotations
from gpnde.engine.trade.strike_bars import strike_bars
from gpnde.scenario import load_scenario
from gpnde.scenario.rules import Governance
from gpnde.scenario.schema import Scenario
from gpnde.world.columns import STAYS
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Buyers = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}
_QUALITY = {"delivery": 0, "quality": 1, "price": 0, "response": 0}
YIELDS = {"good": 1.0, "fair": 0.8, "bad": 0.5, "spare": 0.95}
TINY = str(files("gpnde.testing") / "tiny-network.yaml")


@pytest.fixture(scope="session")
def buyers(network: Network, start: Start) -> Buyers:
    """Return a starter of two plants, *one* and *two*, that buy from good, fair and bad suppliers; one is spare.

    Scores are the yields; reviews come every 28 days. *mine* is the profile that the first plant cites.
    """

    def begin(mine: Mapping[str, Any] | None, *, first: tuple[str, ...] = ("good", "fair", "bad"), **rules: Any) -> Any:
        parts = {
            name: {"product": "part", "ordering": _RULE, "stock": 90, "processing": 1, "yield_rate": share}
            for name, share in YIELDS.items()
        }
        links = [{"buyer": "one", "supplier": name, "lead_time": 1} for name in first]
        links += [{"buyer": "two", "supplier": name, "lead_time": 1} for name in ("good", "fair", "bad")]
        plant = {"product": "unit", "ordering": _RULE, "stock": 60}
        given = {"review_days": 28, "threshold": 0.3, "certification": 10, "weights": _QUALITY, **rules}
        return start(
            network(
                {"one": plant, "two": plant, **parts},
                links,
                {
                    f"market of {each}": {"served_by": [each], "demand": {"law": 9, "every_days": 1}}
                    for each in ("one", "two")
                },
                products={"unit": {"made_of": {"part": 1}}, "part": {}},
                firms={"one": {"profile": "mine"}} if mine is not None else None,
                profiles={"mine": mine} if mine is not None else {},
                selection={"quotation": {"response_hours": 1, "response_sigma": 0}, **given},
                clock={"days": 400},
            )
        )

    return begin


def _dropped(simulation: Simulation) -> list[tuple[float, str, str]]:
    return [(row[0], row[4], row[5]) for row in simulation.journal.rows if row[1] == "link_dropped"]


def test_buyers_with_other_profiles_dismiss_others(buyers: Buyers, reach: Reach, check: Check) -> None:
    simulation = buyers({"threshold": 0.9, "strikes": 1}, strikes=2, threshold=0.6)
    check(reach(simulation, 60))
    assert _dropped(simulation) == [(28.0, "fair", "one"), (28.0, "bad", "one"), (56.0, "bad", "two")]


@pytest.mark.parametrize("threshold", [0.4, 0.6, 0.9])
def test_a_stricter_profile_dismisses_no_fewer_and_leaves_other_buyers_alone(
    buyers: Buyers, reach: Reach, threshold: float
) -> None:
    mild, strict = (buyers({"threshold": each}) for each in (0.3, threshold))
    for simulation in (mild, strict):
        reach(simulation, 60)
    assert len(_dropped(strict)) == sum(share < threshold for share in (1.0, 0.8, 0.5))
    assert _dropped(mild) == []
    assert {buyer for _, _, buyer in _dropped(strict)} <= {"one"}


def test_to_cite_a_profile_that_repeats_the_block_changes_nothing() -> None:
    settings: dict[str, Any] = {"clock.days": 112, "selection.threshold": 0.8, "selection.incumbent_lock": 0.1}
    scenario = load_scenario(TINY, settings)
    assert scenario.selection is not None
    stated = scenario.selection.model_dump(include=set(Governance.model_fields), exclude_none=True)
    cited = {f"firms.{firm.name}.profile": "same" for firm in scenario.firms}
    repeated = load_scenario(TINY, {**settings, "profiles": {"same": stated}, **cited})
    assert simulate(scenario).fingerprint == simulate(repeated).fingerprint


def test_weights_of_a_profile_decide_what_its_buyer_scores(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"weights": {"quality": 0, "delivery": 1}})
    reach(simulation, 28)
    scores = simulation.world.trade["score"]
    assert scores[3:6].tolist() == pytest.approx([1.0, 0.8, 0.5])
    assert scores[:3].tolist() != pytest.approx([1.0, 0.8, 0.5])


def test_reference_hours_of_a_profile_decide_the_mark_for_response(buyers: Buyers, reach: Reach) -> None:
    response = {"quality": 0, "response": 1}
    slow = {"response_hours": 30, "response_sigma": 0}
    simulation = buyers({"reference_hours": 48, "weights": response}, weights={**_QUALITY, **response}, quotation=slow)
    reach(simulation, 28)
    assert simulation.world.trade["score"][[0, 3]].tolist() == [1.0, 0.0]


def test_by_the_relative_rule_strikes_go_to_those_far_behind_the_others(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"rule": "relative", "threshold": 0.5, "strikes": 1}, threshold=0)
    reach(simulation, 28)
    scores = np.array([1.0, 0.8, 0.5] * 2)
    assert 0.5 < scores.mean() - 1.25 * scores.std() < 0.8
    assert _dropped(simulation) == [(28.0, "bad", "one")]


def test_by_the_relative_rule_nobody_strikes_among_equals(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"rule": "relative", "threshold": 1, "strikes": 1, "weights": {"quality": 0, "price": 1}})
    simulation.world.trade["score"][:] = 1.0
    bars = strike_bars(simulation.world, np.arange(3), np.full(3, 0.1))
    assert (bars < 0.1).all()


def test_a_firm_looks_at_the_bar_that_moves_with_its_own_score_alone(buyers: Buyers) -> None:
    simulation = buyers({"rule": "relative", "threshold": 0.5})
    scores, raised = np.array([1.0, 0.8, 0.5, 1.0, 0.8, 0.5]), 0.1
    bars = strike_bars(simulation.world, np.arange(6), scores, scores + raised)
    for number in range(3):
        then = scores + raised * np.isin(np.arange(6), [number, number + 3])
        assert bars[number] == pytest.approx(then.mean() - 1.25 * then.std(), abs=1e-8)
    assert bars[3:].tolist() == [0.3] * 3


def test_the_commitment_of_a_profile_binds_to_new_links(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"threshold": 0.7, "strikes": 1, "commitment_days": 150}, threshold=0.7, strikes=1)
    state = reach(simulation, 60)
    new = state.lines[state.lines["opened"] > 0]
    assert dict(zip(new["buyer"].tolist(), new["commitment"].tolist(), strict=True)) == {0: 150, 1: 0}


def test_closed_buyers_ask_only_firms_that_deliver_to_them_already(buyers: Buyers) -> None:
    for openness, asked in ((0.0, []), (1.0, ["bad", "spare"])):
        simulation = buyers({"openness": openness}, first=("good", "fair"))
        found = simulation.part(Quotations).candidates(0)
        assert sorted(simulation.world.names.sites[site] for site in found) == asked


def test_openness_is_a_factor_on_how_many_newcomers_are_asked(buyers: Buyers) -> None:
    numbers = {}
    for openness in (0.4, 1.0, 2.0):
        simulation = buyers({"openness": openness}, first=("good",), quotation={"bidders": 1, "response_hours": 1})
        numbers[openness] = len(simulation.part(Quotations).candidates(0))
    assert numbers == {0.4: 0, 1.0: 1, 2.0: 2}


def _challenged(buyers: Buyers, reach: Reach, lock: float | None) -> Simulation:
    """Return what happened where the first buyer strikes off a fair supplier, and a spare one bids."""
    simulation: Simulation = buyers({"threshold": 0.9, "strikes": 1, "incumbent_lock": lock}, first=("good", "fair"))
    reach(simulation, 50)
    return simulation


def test_without_a_lock_the_supplier_goes_at_once(buyers: Buyers, reach: Reach) -> None:
    simulation = _challenged(buyers, reach, None)
    assert _dropped(simulation) == [(28.0, "fair", "one")]


@pytest.mark.parametrize(("lock", "is_beaten"), [(0.0, True), (0.7, True), (0.8, False), (1.0, False)])
def test_a_locked_supplier_goes_only_for_a_bid_that_closes_its_gap_so_far(
    buyers: Buyers, reach: Reach, check: Check, lock: float, is_beaten: bool
) -> None:
    simulation = _challenged(buyers, reach, lock)
    check(simulation.world.state)
    # The spare supplier closes 0.15 of the 0.2 that the fair one lacks.
    assert _dropped(simulation) == ([(39.0, "fair", "one")] if is_beaten else [])
    kept = [row[0] for row in simulation.journal.rows if row[1] == "supplier_kept"]
    assert kept == ([] if is_beaten else [29.0])


def test_a_supplier_that_was_kept_begins_with_a_clean_record(buyers: Buyers, reach: Reach) -> None:
    simulation = _challenged(buyers, reach, 1.0)
    trade = simulation.world.trade[1]
    assert (trade["strikes"], trade["leaves"], simulation.world.state.lines[1].active) == (0, STAYS, 1)
    reach(simulation, 60)
    kept = [row[0] for row in simulation.journal.rows if row[1] == "supplier_kept"]
    assert kept == [29.0, 57.0]


def test_a_lock_does_not_hold_a_supplier_that_has_closed(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"threshold": 0.9, "strikes": 1, "incumbent_lock": 1.0}, first=("good", "fair"))
    reach(simulation, 28)
    fair = simulation.world.names.sites.index("fair")
    simulation.part(Exits).close(fair)
    state = reach(simulation, 60)
    assert state.lines[1].active == 0
    assert any((state.lines["buyer"] == 0) & (state.lines["opened"] > 28))


def test_where_nobody_is_replaced_a_lock_keeps_nobody(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"threshold": 0.9, "strikes": 1, "incumbent_lock": 1.0}, first=("good", "fair"), replace=False)
    reach(simulation, 50)
    assert _dropped(simulation) == [(28.0, "fair", "one")]


def test_a_tender_is_held_against_the_lock(buyers: Buyers, reach: Reach) -> None:
    simulation = buyers({"incumbent_lock": 1.0})
    simulation.part(Links).retire(1, "tender", 0.5)
    assert simulation.part(Quotations).is_locked(1)
    simulation.part(Links).retire(1, "finance", 0.5)
    assert not simulation.part(Quotations).is_locked(1)
