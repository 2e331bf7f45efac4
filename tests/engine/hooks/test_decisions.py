"""A decision has one owner, wrappers look at what it decided, and a bad answer is put down to its author."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component, PolicyFacts, Request, Sharing, hookimpl
from gpnde.plugin.policy import Policy
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.testing import tiny_network
from gpnde.world.layout import Floats

from ...learners import begun, let_pass, simulated, three_firms

Wrapper = Generator[None, Any, Any]


class Even(Component):
    """Shares evenly."""

    name = "test.even"

    @hookimpl
    def allocate(self, sharing: Sharing) -> Floats:
        return np.ones(len(sharing.lines))


class Uneven(Component):
    """Shares unevenly."""

    name = "test.uneven"

    @hookimpl
    def allocate(self, sharing: Sharing) -> Floats:
        return np.arange(1.0, len(sharing.lines) + 1.0)


class Served(Policy):
    """Targets all firms."""

    name = "policy.served"


class Halving(Component):
    """Halves what every policy means."""

    name = "test.a-halving"

    @hookimpl(wrapper=True)
    def targets(self, policy: PolicyFacts) -> Wrapper:
        targeted = yield
        return 0.5 * targeted


class AddingATenth(Component):
    """Adds a tenth to what every policy means."""

    name = "test.b-adding"

    @hookimpl(wrapper=True)
    def targets(self) -> Wrapper:
        targeted = yield
        return targeted + 0.1


class Nobody(Component):
    """Targets no firm."""

    name = "test.nobody"

    @hookimpl
    def targets(self) -> float:
        return 0.0


def targets_of(*components: Component) -> list[float]:
    """Return how far a policy for all targets the three firms."""
    simulation = begun(three_firms(), Served(group="all", noise=0.0), *components)
    return [float(each) for each in simulation.hooks.programmes.of("policy.served").meant]


def test_two_owners_of_a_decision_are_refused_and_both_are_named() -> None:
    with pytest.raises(ComponentError, match=r"^allocate: test\.even and test\.uneven both decide: leave one"):
        compile_hooks([Even(), Uneven()])


def test_each_policy_has_its_own_rule_where_the_decision_has_no_owner() -> None:
    assert targets_of() == [1.0, 1.0, 1.0]


def test_owner_decides_instead_of_the_policy() -> None:
    assert targets_of(Nobody()) == [0.0, 0.0, 0.0]


def test_the_wrapper_that_comes_first_has_the_last_word() -> None:
    assert targets_of(Nobody(), Halving(), AddingATenth()) == [0.05, 0.05, 0.05]


def test_a_bad_decision_is_put_down_to_the_wrapper_that_made_it() -> None:
    with pytest.raises(ComponentError, match=r"^test\.b-adding failed in targets on day 0: target 1\.1: must be"):
        targets_of(Halving(), AddingATenth())


def test_owner_shares_the_volume_of_every_input_among_its_suppliers() -> None:
    simulation = begun(tiny_network(), Even())
    let_pass(simulation, 28)
    lines = simulation.world.state.lines
    reviewed = lines[(lines["supplier"] >= 0) & (lines["market"] < 0) & (lines["active"] == 1)]
    items, counts = np.unique(reviewed["input"], return_counts=True)
    several = items[counts > 1]
    assert len(several)
    for item in several:
        shares = reviewed["share"][reviewed["input"] == item]
        assert shares == pytest.approx(np.full(len(shares), shares.sum() / len(shares)))


class Picking(Component):
    """Answers requests for quotation with what a test says."""

    name = "test.picking"

    said: ClassVar[Any] = -1
    asked: ClassVar[list[Request]] = []

    @hookimpl
    def choose_supplier(self, request: Request) -> Any:
        self.asked.append(request)
        return self.said(request) if callable(self.said) else self.said


def awards(monkeypatch: pytest.MonkeyPatch, said: Any) -> list[tuple[Any, ...]]:
    """Return the awards of a run in which requests are answered so."""
    monkeypatch.setattr(Picking, "said", staticmethod(said) if callable(said) else said)
    monkeypatch.setattr(Picking, "asked", [])
    strict = tiny_network(**{"selection.threshold": 1.0, "selection.strikes": 1})
    rows = simulated(strict, Picking()).journal.rows
    assert Picking.asked
    return [row for row in rows if row[1] == "bid_awarded"]


def last_eligible(request: Request) -> int:
    able = np.flatnonzero(request.eligible)
    return int(able[-1]) if len(able) else -1


def test_no_supplier_wins_where_the_owner_chooses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert awards(monkeypatch, -1) == []


def test_supplier_that_the_owner_chooses_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    found = awards(monkeypatch, last_eligible)
    names = tiny_network().sites
    chosen = [request.bidders[last_eligible(request)] for request in Picking.asked if request.eligible.any()]
    assert found
    assert [row[4] for row in found] == [names[number].name for number in chosen]


@pytest.mark.parametrize(("said", "complaint"), [(99, "whole number from -1"), (0.5, "whole number"), ("x", "whole")])
def test_choice_that_is_no_bidder_is_refused(monkeypatch: pytest.MonkeyPatch, said: Any, complaint: str) -> None:
    with pytest.raises(ComponentError, match=rf"^test\.picking failed in choose_supplier on day \d+: .*{complaint}"):
        awards(monkeypatch, said)
