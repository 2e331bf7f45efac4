"""The look: colours that can be told apart."""

from __future__ import annotations

from itertools import combinations

from gpnde.charts.theme import COLOURS, colour_of


def test_no_colour_is_used_twice() -> None:
    assert all(one != two for one, two in combinations(COLOURS, 2))


def test_colours_follow_the_order_of_values_and_start_again() -> None:
    scale = colour_of([str(index) for index in range(10)]).to_dict()
    assert scale["range"] == [*COLOURS, *COLOURS[:2]]
