"""Entry: firms that wait are not in the network; they enter once, with what their founders know, and bid then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component, Entrant, KnowledgeView, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FUNCTIONS, TACIT

from ...learners import Teaching, begun, learning, let_pass, simulated, three_firms

FLAGSHIP, LEAD, LOWER, WAITING = range(4)

COUNT = len(FUNCTIONS)


class Founding(Component):
    """Lets a firm enter, again and again, from a day on."""

    name = "test.founding"

    firm: int = param(WAITING, doc="Firm.")
    day: float = param(0, unit="day", doc="First day.")
    tacit: tuple[float, ...] = param((0.5,) * COUNT, doc="Knowledge of the founders.")

    @hookimpl
    def entrants(self, knowledge: KnowledgeView) -> list[Entrant] | None:
        return [Entrant(self.firm, np.array(self.tacit))] * 2 if knowledge.day >= self.day else None


def waiting(days: float = 364, **changes: Any) -> Scenario:
    """Return three firms and one that waits; its plant makes parts, like that of the lower-tier supplier."""
    plain = three_firms(clock={"days": days}, **changes).model_dump()
    plain["firms"] += ({"name": "new", "tier": 2, "enters": "endogenously", "knowledge": {"engineering": 0.6}},)
    plain["sites"] += ({"name": "garage", "firm": "new", "product": "part", "cluster": "park"},)
    return Scenario.model_validate(plain)


def test_firm_that_waits_is_not_in_the_network() -> None:
    teaching = Teaching(pairs=((FLAGSHIP, WAITING), (WAITING, LOWER)), codified=1.0)
    simulation = simulated(waiting(), teaching)
    world, side = simulation.world, learning(simulation)
    assert world.firms["active"].tolist() == [1, 1, 1, 0]
    assert world.state.sites["started"][3] == 0
    assert world.firms["expense"][WAITING] == 0
    assert not side.receipts.transferred.any()
    assert side.state.effort[WAITING] == 0
    assert side.receipts.created[:, WAITING].tolist() == [0.0, 0.0]


def test_firm_enters_once_with_what_its_founders_know() -> None:
    simulation = begun(waiting(), Founding(day=100))
    let_pass(simulation, 111)
    assert simulation.world.firms["active"][WAITING] == 0
    let_pass(simulation, 112)
    side, world = learning(simulation), simulation.world
    assert world.firms["active"][WAITING] == 1
    assert world.state.sites["down"][3] == 0
    stock = side.state.stock[:, WAITING]
    engineering = FUNCTIONS.index("engineering")
    assert stock[TACIT, engineering] == pytest.approx(0.6)
    assert stock[TACIT].tolist() == pytest.approx([0.6 if name == "engineering" else 0.5 for name in FUNCTIONS])
    assert stock[CODIFIED, 1] == pytest.approx(0.45)
    let_pass(simulation, 300)
    assert world.state.sites["down"][3] == 0
    events = simulation.journal.columns()
    kinds = [
        (kind, who) for kind, who in zip(events["kind"], events["component"], strict=True) if "entered" in str(kind)
    ]
    assert kinds == [("firm_entered", "test.founding")]


def test_firm_learns_and_creates_after_its_entry() -> None:
    teaching = Teaching(pairs=((FLAGSHIP, WAITING),), codified=1.0)
    side = learning(simulated(waiting(), teaching, Founding(day=100)))
    assert side.receipts.transferred[:, :, WAITING].sum() > 0
    assert side.state.effort[WAITING] >= 0


@pytest.mark.parametrize(("day", "gets_a_link"), [(1000.0, False), (0.0, True)])
def test_firm_bids_for_links_after_its_entry_only(day: float, gets_a_link: bool) -> None:
    weights = {"delivery": 1, "quality": 0, "price": 0, "response": 0}
    selection = {"threshold": 0.9, "review_days": 28, "weights": weights, "quotation": {"deadline_hours": 1e4}}
    plain = waiting(728, selection=selection, finance=None).model_dump()
    # The only maker of parts is late every time: its buyer looks for another.
    plain["links"][1].update(lead_time=5, promise_days=1)
    lines = simulated(Scenario.model_validate(plain), Founding(day=day)).world.state.lines
    assert bool((lines["supplier"] == 3).any()) is gets_a_link


@pytest.mark.parametrize(
    ("founding", "complaint"),
    [
        (Founding(firm=9), "entrant 9: must be between 0 and 3"),
        (Founding(firm=-1), "entrant -1: must be between 0 and 3"),
        (Founding(firm=LEAD), "entrant 'lead': must be a firm that enters endogenously"),
        (Founding(tacit=(0.5,) * 3), "tacit knowledge of an entrant of shape (3,): must have shape (8,)"),
        (Founding(tacit=(1.5,) * COUNT), "tacit knowledge of an entrant 1.5: must be at most 1, the frontier"),
        (Founding(tacit=(-0.5,) * COUNT), "tacit knowledge of an entrant -0.5: must be finite and at least 0"),
    ],
)
def test_bad_entrant_is_refused(founding: Founding, complaint: str) -> None:
    with pytest.raises(ComponentError) as caught:
        simulated(waiting(), founding)
    assert str(caught.value) == f"test.founding failed in entrants on day 28: {complaint}"


def test_firm_that_waits_has_no_ties_though_it_has_suppliers() -> None:
    plain = waiting().model_dump()
    plain["products"]["part"]["made_of"] = {"ore": 1}
    plain["products"]["ore"] = {}
    plain["sites"][2]["unlimited"] = True
    plain["firms"] += ({"name": "mine", "tier": 3},)
    plain["sites"] += ({"name": "pit", "firm": "mine", "product": "ore", "unlimited": True},)
    plain["links"] += ({"buyer": "garage", "supplier": "pit"},)
    seen: dict[float, list[int]] = {}

    class Watching(Component):
        name = "test.watching"

        @hookimpl
        def knowledge_transfer(self, knowledge: KnowledgeView) -> None:
            seen[knowledge.day] = knowledge.ties.teacher.tolist()

    simulated(Scenario.model_validate(plain), Watching(), Founding(day=100))
    assert WAITING not in seen[112.0]
    assert WAITING in seen[140.0]
