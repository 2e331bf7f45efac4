"""The hooks of one run: checked before day 0, in an order of their own, with culprits named."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.views import RunClock
from gpnde.errors import ComponentError, GpndeError, Origin, Owner
from gpnde.plugin import Component, hookimpl, param
from gpnde.plugin.run_hooks import Hooks, compile_hooks, labels


class Idle(Component):
    """Does nothing."""

    name = "policy.idle"


class Waiting(Component):
    """Waits, then says so."""

    name = "disruption.waiting"

    days: float = param(3.0, unit="day", doc="Time to wait.")

    @hookimpl
    def process(self, clock: Any, act: Any) -> Any:
        yield clock.wait(self.days)
        act.note(clock.now)


class Failing(Component):
    """Fails on day 5."""

    name = "disruption.failing"

    @hookimpl
    def process(self, clock: Any) -> Any:
        yield clock.until(5)
        raise KeyError("F7")


def run(hooks: Hooks, days: int = 10) -> list[float]:
    """Run the processes on the engine's clock and return what they noted."""
    timeline, noted = Timeline(1.0, days), list[float]()
    clock: Any = RunClock(timeline, datetime.date(2000, 1, 1))
    nothing: Any = None
    for _, start in hooks.processes:
        timeline.start(start(clock, nothing, SimpleNamespace(note=noted.append), nothing))
    timeline.run()
    return noted


def refusal(component: Component) -> str:
    with pytest.raises(ComponentError) as caught:
        compile_hooks([component])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_component_without_hooks_costs_nothing() -> None:
    assert compile_hooks([Idle()]) == Hooks(labels=("policy.idle",))


def test_process_gets_only_the_arguments_that_it_asks_for() -> None:
    assert run(compile_hooks([Waiting(days=4.0)])) == [4.0]


def test_processes_stand_in_the_order_of_the_components() -> None:
    hooks = compile_hooks([Failing(), Idle(), Waiting(days=1), Waiting(days=2)])
    assert [label for label, _ in hooks.processes] == [
        "disruption.failing",
        "disruption.waiting",
        "disruption.waiting#2",
    ]


def test_two_uses_with_equal_parameters_are_two_processes() -> None:
    assert run(compile_hooks([Waiting(), Waiting()])) == [3.0, 3.0]


def test_labels_count_the_uses_of_each_component() -> None:
    components = [Idle(), Waiting(days=1), Waiting(days=2), Waiting(days=2)]
    expected = ("policy.idle", "disruption.waiting", "disruption.waiting#2", "disruption.waiting#3")
    assert labels(components) == expected


def test_failure_names_component_owner_hook_and_day() -> None:
    hooks = compile_hooks([Failing()], owner=lambda name: Owner("x", "gpnde-x", "2.1"))
    with pytest.raises(ComponentError) as caught:
        run(hooks)
    error = caught.value
    assert str(error) == "disruption.failing of plugin 'x' (gpnde-x 2.1) failed in process on day 5: KeyError: 'F7'"
    assert error.origin == Origin("disruption.failing", Owner("x", "gpnde-x", "2.1"), "process", 5.0)


def test_failure_before_day_zero_is_named_too() -> None:
    class Early(Component):
        name = "policy.early"

        @hookimpl
        def process(self) -> Any:
            return 1 / 0

    with pytest.raises(ComponentError, match="^policy.early failed in process on day 0: ZeroDivisionError"):
        run(compile_hooks([Early()]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("days: 3: too long", "policy.picky: days: 3: too long"),
        ("policy.picky.days = 3: no", "policy.picky.days = 3: no"),
    ],
)
def test_mistake_of_the_user_keeps_its_words_and_gets_the_name_of_the_component(text: str, shown: str) -> None:
    class Picky(Component):
        name = "policy.picky"

        @hookimpl
        def process(self) -> Any:
            raise GpndeError(text)

    with pytest.raises(ComponentError) as caught:
        run(compile_hooks([Picky()]))
    assert str(caught.value) == shown


def test_process_may_be_nothing() -> None:
    class Nothing(Component):
        name = "policy.nothing"

        @hookimpl
        def process(self) -> None:
            return None

    ((_, start),) = compile_hooks([Nothing()]).processes
    nothing: Any = None
    clock: Any = SimpleNamespace(now=0.0)
    assert start(clock, nothing, nothing, nothing) is None


def test_process_that_is_no_generator_is_refused() -> None:
    class Wrong(Component):
        name = "policy.wrong"

        @hookimpl
        def process(self) -> Any:
            return [1, 2]

    expected = r"^policy.wrong failed in process on day 0: gave \[1, 2\]: must be a generator or None$"
    with pytest.raises(ComponentError, match=expected):
        run(compile_hooks([Wrong()]))


def test_argument_that_the_hook_does_not_have_is_refused() -> None:
    class Greedy(Component):
        name = "policy.greedy"

        @hookimpl
        def process(self, clock: Any, world: Any) -> Any:
            return None

    text = refusal(Greedy())
    given = "clock, view, act, streams, memory, programme"
    assert text == f"policy.greedy.process(clock, world): no argument 'world'; there are {given}"


def test_hook_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    class Typo(Component):
        name = "policy.typo"

        @hookimpl
        def proces(self, clock: Any) -> Any:
            return None

    assert refusal(Typo()).startswith("policy.typo.proces: no such hook; did you mean 'process'?")


def test_wrapper_is_refused() -> None:
    class Around(Component):
        name = "policy.around"

        @hookimpl(wrapper=True)
        def process(self) -> Any:
            yield

    decisions = "choose_supplier, allocate, order_up_to, award, targets"
    text = f"is a wrapper: must be a plain hookimpl; wrapper=True is for {decisions}"
    assert refusal(Around()) == f"policy.around.process: {text}"
