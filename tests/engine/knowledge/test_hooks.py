"""Answers of components: bad ones are refused in one line that names component, hook and day; good ones add up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Component, Creation, Entrant, Factors, Forgetting, Transfer, hookimpl
from gpnde.plugin.spec import FlowHooks, hook_names
from gpnde.vocabulary import FUNCTIONS

from ...learners import learning, simulated, three_firms

FIRMS, COUNT = 3, len(FUNCTIONS)
FLAGSHIP, LEAD = 0, 1

ONE = np.array([LEAD])


class Saying(Component):
    """Fills hooks with what a test puts there."""

    name = "test.saying"

    said: ClassVar[dict[str, Any]] = {}

    @hookimpl
    def knowledge_transfer(self) -> Any:
        return self._say("knowledge_transfer")

    @hookimpl
    def transfer_rate(self) -> Any:
        return self._say("transfer_rate")

    @hookimpl
    def knowledge_creation(self) -> Any:
        return self._say("knowledge_creation")

    @hookimpl
    def forgetting(self) -> Any:
        return self._say("forgetting")

    @hookimpl
    def absorptive_support(self) -> Any:
        return self._say("absorptive_support")

    @hookimpl
    def effort_cost(self) -> Any:
        return self._say("effort_cost")

    @hookimpl
    def lead_time(self) -> Any:
        return self._say("lead_time")

    @hookimpl
    def response_time(self) -> Any:
        return self._say("response_time")

    @hookimpl
    def forecast_error(self) -> Any:
        return self._say("forecast_error")

    @hookimpl
    def entrants(self) -> Any:
        return self._say("entrants")

    def _say(self, hook: str) -> Any:
        return self.said.get(hook)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the component says, by hook; empty at first."""
    answers: dict[str, Any] = {}
    monkeypatch.setattr(Saying, "said", answers)
    return answers


def transfer(**changes: Any) -> Transfer:
    """Return a good transfer from the flagship to the lead supplier, with parts of it replaced."""
    good = Transfer(ONE, np.array([0.01]), np.array([0.01]), "formal", teacher=np.array([FLAGSHIP]))
    return good._replace(**changes)


LEVELS = np.full((2, 1, COUNT), 0.5)

BAD: dict[str, tuple[str, Any, str]] = {
    "no transfer": ("knowledge_transfer", 3, "gave 3: must be a gpnde.Transfer or several"),
    "another kind": (
        "knowledge_transfer",
        Factors(ONE, ONE),
        "gave Factors(codified=array([1]), tacit=array([1]), of='all'): must",
    ),
    "one bad of several": ("knowledge_transfer", [transfer(), "x"], "gave 'x': must be a gpnde.Transfer"),
    "learner out of range": (
        "knowledge_transfer",
        transfer(learner=np.array([3])),
        "learner 3: must be between 0 and 2",
    ),
    "negative learner": ("knowledge_transfer", transfer(learner=np.array([-1])), "learner -1: must be"),
    "learner that is no number": (
        "knowledge_transfer",
        transfer(learner=np.array([0.5])),
        "type float64: must be a row",
    ),
    "learner of one number": ("knowledge_transfer", transfer(learner=1), "learner of shape ()"),
    "teacher out of range": (
        "knowledge_transfer",
        transfer(teacher=np.array([9])),
        "teacher 9: must be between 0 and 2",
    ),
    "teachers too many": (
        "knowledge_transfer",
        transfer(teacher=np.array([0, 0])),
        "2 teachers for 1 learners: give one for each",
    ),
    "neither source": ("knowledge_transfer", transfer(teacher=None), "a transfer has a teacher or levels: give one"),
    "both sources": ("knowledge_transfer", transfer(levels=LEVELS), "a transfer has a teacher or levels: give one"),
    "negative rate": (
        "knowledge_transfer",
        transfer(codified=np.array([-0.1])),
        "codified -0.1: must be finite and at least 0",
    ),
    "buyers that are no yes or no": (
        "knowledge_transfer",
        transfer(by_buyer="no"),
        "by_buyer 'no': must be True or False",
    ),
    "factors of nobody": ("transfer_rate", Factors(1.0, 1.0, of="peers"), "of 'peers': must be all or buyers"),  # type: ignore[arg-type]
    "rate not a number": ("knowledge_transfer", transfer(tacit=np.array([math.nan])), "tacit nan: must be finite"),
    "rate without end": ("knowledge_transfer", transfer(tacit=np.array([math.inf])), "tacit inf: must be finite"),
    "rate in words": ("knowledge_transfer", transfer(tacit="fast"), "tacit 'fast': must be numbers"),
    "rates per function without ties": (
        "knowledge_transfer",
        transfer(tacit=np.zeros(COUNT)),
        "tacit of shape (8, 1): must",
    ),
    "rates of too many ties": (
        "knowledge_transfer",
        transfer(tacit=np.zeros((2, COUNT))),
        "tacit of shape (2, 8): must",
    ),
    "unknown channel": (
        "knowledge_transfer",
        transfer(channel="rumour"),
        "channel 'rumour': must be formal or informal",
    ),
    "levels of a wrong shape": (
        "knowledge_transfer",
        transfer(teacher=None, levels=np.zeros((3, 1, COUNT))),
        "levels of shape (3, 1, 8): must have shape (2, 1, 8)",
    ),
    "levels beyond the frontier": (
        "knowledge_transfer",
        transfer(teacher=None, levels=3 * LEVELS),
        "levels 1.5: must be at most 1, the frontier",
    ),
    "factor without kinds": ("transfer_rate", np.ones(FIRMS), "must be a gpnde.Factors"),
    "negative factor": ("transfer_rate", Factors(1.0, -1.0), "tacit -1: must be finite and at least 0"),
    "factor of a wrong shape": (
        "transfer_rate",
        Factors(np.ones(5), np.ones(5)),
        "codified of shape (5,): must have shape",
    ),
    "creation of a wrong kind": ("knowledge_creation", 0.1, "gave 0.1: must be a gpnde.Creation"),
    "creation not a number": (
        "knowledge_creation",
        Creation(np.full((FIRMS, COUNT), math.nan), np.zeros((FIRMS, COUNT))),
        "codified nan: must be finite",
    ),
    "forgetting backwards": ("forgetting", Forgetting(-0.1, 0.0), "codified -0.1: must be finite and at least 0"),
    "forgetting of a wrong kind": ("forgetting", [0.1], "gave [0.1]: must be a gpnde.Forgetting"),
    "support of a wrong shape": ("absorptive_support", np.ones(4), "support of shape (4,): must have shape (3,)"),
    "negative support": ("absorptive_support", -np.ones(FIRMS), "support -1: must be finite and at least 0"),
    "cost not a number": ("effort_cost", np.full(FIRMS, math.nan), "factor nan: must be finite and at least 0"),
    "no time at all": ("lead_time", np.zeros(FIRMS), "factor 0: must be above 0"),
    "no response time at all": ("response_time", np.zeros(FIRMS), "factor 0: must be above 0"),
    "error in words": ("forecast_error", "low", "factor 'low': must be numbers"),
    "entrant of a wrong kind": ("entrants", [1], "gave 1: must be a gpnde.Entrant"),
    "entrant out of range": ("entrants", [Entrant(7, np.zeros(COUNT))], "entrant 7: must be between 0 and 2"),
    "entrant that is no number": (
        "entrants",
        [Entrant(1.5, np.zeros(COUNT))],  # type: ignore[arg-type]
        "entrant of shape (1,) and type float64",
    ),
    "entrant that is there": (
        "entrants",
        [Entrant(LEAD, np.zeros(COUNT))],
        "entrant 'lead': must be a firm that enters endog",
    ),
}
"""Hook, answer, and a part of what is said of it."""


@pytest.mark.parametrize("fault", BAD)
def test_bad_answer_is_refused_in_one_line(fault: str, said: dict[str, Any]) -> None:
    hook, answer, complaint = BAD[fault]
    said[hook] = answer
    with pytest.raises(ComponentError) as caught:
        simulated(three_firms(clock={"days": 60}), Saying())
    text = str(caught.value)
    day = 0 if hook in hook_names(FlowHooks) else 28
    assert text.startswith(f"test.saying failed in {hook} on day {day}: ")
    assert complaint in text
    assert "\n" not in text


class Stumbling(Component):
    """Fails while it goes through its transfers."""

    name = "test.stumbling"

    @hookimpl
    def knowledge_transfer(self) -> Iterator[Transfer]:
        yield transfer()
        raise KeyError("gone")


def test_failure_between_two_transfers_names_the_component() -> None:
    with pytest.raises(ComponentError, match=r"^test\.stumbling failed in knowledge_transfer on day 28: KeyError"):
        simulated(three_firms(clock={"days": 60}), Stumbling())


def test_answers_of_none_and_empty_answers_are_as_good_as_no_component(said: dict[str, Any]) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    empty = Transfer(nothing, np.zeros(0), np.zeros((0, COUNT)), "formal", teacher=nothing)
    said.update(knowledge_transfer=[empty], entrants=())
    state = learning(simulated(three_firms(), Saying())).state
    np.testing.assert_array_equal(state.stock, learning(simulated(three_firms())).state.stock)
    assert not state.waiting.any()


def test_answers_of_several_components_add_up_or_multiply(said: dict[str, Any]) -> None:
    said.update(knowledge_transfer=transfer(codified=0.001, tacit=0), transfer_rate=Factors(0.5, 0.5))
    two = learning(simulated(three_firms(clock={"days": 29}), Saying(), Saying()))
    said.update(knowledge_transfer=transfer(codified=0.002, tacit=0), transfer_rate=Factors(0.25, 1.0))
    one = learning(simulated(three_firms(clock={"days": 29}), Saying()))
    np.testing.assert_allclose(two.receipts.transferred, one.receipts.transferred)
    assert one.receipts.transferred.any()


def test_levels_may_lie_above_the_frontier_by_rounding_only(said: dict[str, Any]) -> None:
    said["knowledge_transfer"] = transfer(teacher=None, levels=2 * LEVELS + 1e-12, codified=1.0, tacit=1.0)
    state = learning(simulated(three_firms(), Saying())).state
    assert (state.stock + state.waiting.sum(axis=0)).max() <= 1.0
