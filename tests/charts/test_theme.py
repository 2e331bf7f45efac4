"""The look: colours that can be told apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from gpnde.charts.theme import BACKGROUND, COLOURS, DARK, INK, LADDER, MUTED, colour_of


def test_no_colour_is_used_twice() -> None:
    assert all(one != two for one, two in combinations(COLOURS, 2))


def test_tiers_follow_the_palette_and_start_again() -> None:
    scale = colour_of([str(index) for index in range(10)]).to_dict()
    assert scale["range"] == [*COLOURS, *COLOURS[:2]]


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((lightness(one), lightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS, *LADDER])
def test_marks_stand_out_from_a_dark_page(colour: str) -> None:
    assert contrast(DARK[colour], DARK[BACKGROUND]) > 3


@pytest.mark.parametrize("colour", [INK, MUTED])
def test_words_can_be_read_on_both_pages(colour: str) -> None:
    assert contrast(colour, BACKGROUND) > 4.5
    assert contrast(DARK[colour], DARK[BACKGROUND]) > 4.5


def test_twins_of_colours_are_as_many_as_the_colours() -> None:
    assert len({DARK[colour] for colour in COLOURS}) == len(COLOURS)
    assert len({DARK[colour] for colour in LADDER}) == len(LADDER)
