"""Every word that a field is chosen from is known to the code: to swap it for another one moves numbers or a report."""

from __future__ import annotations

import itertools

import pytest

from .descriptions import DESCRIBED
from .walk import words
from .without_behaviour import ALIKE, FIELDS
from .words import CHOICES, outcomes

pytestmark = pytest.mark.slow

CHOSEN = {field: found for field, found in words().items() if len(found) > 1}
"""Fields that leave a choice."""


def test_the_words_of_every_field_are_tried_or_the_field_is_known_to_move_no_numbers() -> None:
    assert sorted(CHOSEN.keys() - DESCRIBED.keys() - FIELDS.keys()) == sorted(CHOICES)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", CHOICES)
def test_to_swap_a_word_moves_numbers(field: str) -> None:
    found = {word: outcomes(field, word) for word in CHOSEN[field]}
    alike = {pair for pair in itertools.combinations(CHOSEN[field], 2) if found[pair[0]] == found[pair[1]]}
    assert alike == set(itertools.combinations(ALIKE.get(field, ((), ""))[0], 2))


def test_words_that_are_alike_are_words_of_their_field() -> None:
    for field, (alike, _) in ALIKE.items():
        assert set(alike) <= set(CHOSEN[field])
