"""Every parameter of the components of gpnde moves numbers in a named network, and so does every word of one."""

from __future__ import annotations

import itertools

import pytest

from gpnde.errors import ComponentError

from .components import AROUND, TRIES, in_force, witness
from .runs import numbers
from .walk import components, parameters, words_of
from .without_behaviour import PARAMETERS

pytestmark = pytest.mark.slow

NAMED = [(component, name) for component, kind in components().items() for name in parameters(kind)]
ACTING = [each for each in NAMED if ".".join(each) not in PARAMETERS]
WORDED = [(component, name) for component, kind in components().items() for name in words_of(kind)]


def test_witnesses_and_what_has_no_behaviour_name_parameters_that_there_are() -> None:
    named = {".".join(each) for each in NAMED}
    assert {f"{component}.{name}" for component, tries in TRIES.items() for name in tries} <= named
    assert PARAMETERS.keys() <= named
    assert AROUND.keys() <= components().keys()


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("component", "parameter"), ACTING)
def test_a_parameter_moves_numbers(component: str, parameter: str) -> None:
    assert witness(component, parameter).moved()


def test_parameters_without_behaviour_move_nothing() -> None:
    silent = [each for each in NAMED if each not in ACTING]
    assert not [each for each in silent if witness(*each).moved()]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("component", "parameter"), WORDED)
def test_to_swap_a_word_of_a_parameter_moves_numbers(component: str, parameter: str) -> None:
    words = words_of(components()[component])[parameter]
    found = {word: _outcome(component, parameter, word) for word in words}
    assert not [pair for pair in itertools.combinations(words, 2) if found[pair[0]] == found[pair[1]]]


def _outcome(component: str, parameter: str, word: str) -> object:
    """Return the numbers with a word of a parameter, or why it is refused, as where a policy would serve nobody."""
    try:
        return numbers(*in_force(component, parameter, word))
    except ComponentError as error:
        return str(error)
