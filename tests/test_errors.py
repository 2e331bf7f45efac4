"""Errors hold what their line says, and keep it on their way between processes."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from gpnde.errors import (
    ComponentError,
    ComponentFailure,
    GpndeError,
    Origin,
    Owner,
    ScenarioError,
    StudyError,
    check_names,
    one_line,
)
from gpnde.plugin import Component, param
from gpnde.scenario import Scenario, load_scenario

ORIGIN = Origin("policy.quota#2", Owner("quota", "gpnde-quota", "1.0"), "process", 412.0)


class Quota(Component):
    """A component with a bound."""

    name = "policy.quota"

    days: float = param(3.0, gt=0, unit="day", doc="Days.")


class TwoPartError(GpndeError):
    """An error of a plugin that is made otherwise, and knows nothing of fields."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first}: {second}")


def refused_parameter() -> None:
    Quota.of({"days": -3})


def refused_scenario() -> None:
    load_scenario("beer-game", {"clock.days": -3})


def refused_name() -> None:
    check_names("policy.quota.sites", ["penag"], ["bangkok", "penang"])


def failed_component() -> None:
    raise ComponentFailure.of(ORIGIN, given="factor nan", expected="must be finite")


FIELDS = {
    refused_parameter: ("policy.quota.days", "-3 (day)", "must be above 0", Origin("policy.quota")),
    refused_scenario: ("clock.days", "-3", "must be above 0", Origin()),
    refused_name: ("policy.quota.sites", "'penag'", "not in the scenario; did you mean 'penang'?", Origin()),
    failed_component: ("", "factor nan", "must be finite", ORIGIN),
}


@pytest.mark.parametrize("act", FIELDS, ids=lambda act: act.__name__)
def test_error_holds_where_given_expected_and_origin(act: object) -> None:
    with pytest.raises(GpndeError) as caught:
        act()  # type: ignore[operator]
    error = caught.value
    assert (error.where, error.given, error.expected, error.origin) == FIELDS[act]  # type: ignore[index]
    for field in (error.given, error.expected):
        assert field in str(error)


@pytest.mark.parametrize("act", FIELDS, ids=lambda act: act.__name__)
def test_error_keeps_fields_and_text_when_it_is_pickled(act: object) -> None:
    with pytest.raises(GpndeError) as caught:
        act()  # type: ignore[operator]
    error = pickle.loads(pickle.dumps(caught.value))
    assert (type(error), str(error)) == (type(caught.value), str(caught.value))
    assert (error.where, error.given, error.expected, error.origin) == FIELDS[act]  # type: ignore[index]


def test_error_keeps_fields_and_text_across_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = pool.submit(load_scenario, "beer-game", {"clock.days": -3}).exception()
    with pytest.raises(GpndeError) as caught:
        refused_scenario()
    assert isinstance(error, GpndeError)
    assert (type(error), str(error)) == (type(caught.value), str(caught.value))
    assert (error.where, error.given, error.expected, error.origin) == FIELDS[refused_scenario]


def test_fields_of_the_origin_are_fields_of_the_error() -> None:
    error = ComponentError("text", origin=ORIGIN)
    assert (error.component, error.component_name) == ("policy.quota#2", "policy.quota")
    assert (error.plugin, error.distribution, error.version) == ("quota", "gpnde-quota", "1.0")
    assert (error.hook, error.day) == ("process", 412.0)


def test_error_passed_on_keeps_its_fields_and_gets_words_around() -> None:
    inner = ScenarioError(where="clock.days", given="-3", expected="must be above 0", origin=ORIGIN)
    outer = pickle.loads(pickle.dumps(StudyError.passing_on(inner, "arm tax", "fix it")))
    assert type(outer) is StudyError
    assert str(outer) == "arm tax: clock.days: -3: must be above 0: fix it"
    assert (outer.where, outer.given, outer.origin) == ("clock.days", "-3", ORIGIN)


def test_error_of_a_plugin_with_other_arguments_can_be_passed_on() -> None:
    passed = TwoPartError.passing_on(TwoPartError("share", "too much"), "arm tax")
    assert (str(passed), passed.where, passed.component) == ("arm tax: share: too much", "", "")


class PlainError(GpndeError):
    """An error of a plugin that takes a text alone."""

    def __init__(self, text: str) -> None:
        super().__init__(text)


def test_error_of_a_plugin_that_takes_a_text_alone_can_be_pickled() -> None:
    assert str(pickle.loads(pickle.dumps(PlainError("share: 3: too much")))) == "share: 3: too much"


@pytest.mark.parametrize("error", [GpndeError(where="days", given="3"), ComponentFailure.of(ORIGIN, "KeyError")])
def test_copy_by_arguments_keeps_all_fields(error: GpndeError) -> None:
    copy = type(error)(*error.args)
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_error_that_cannot_tell_its_words_is_still_told() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert one_line(Mute()) == "Mute"


def test_first_of_several_mistakes_is_held() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("beer-game", {"clock.days": -3, "clock.tick_days": -1})
    assert caught.value.where == "clock.days"
    assert str(caught.value).endswith("(and 1 more)")
    assert isinstance(load_scenario("beer-game"), Scenario)
