"""Counter-based draws: known answers, equal bits compiled or not, and the right laws.

Draws are parts: called from here they are plain Python. The functions marked `compiled` below enter compiled code.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from gpnde.numerics import draws
from gpnde.numerics.compiled import compiled, compiled_part

ONES = 0xFFFFFFFF
NORMAL, GAMMA, BETA, POISSON = range(4)

words = st.integers(0, ONES)
digests = st.integers(-(2**63), 2**63 - 1)


@compiled
def compiled_philox(
    counter0: int, counter1: int, counter2: int, counter3: int, key0: int, key1: int
) -> tuple[int, int, int, int]:
    return draws.philox(counter0, counter1, counter2, counter3, key0, key1)


@compiled
def compiled_uniform(key0: int, key1: int, entity: int, occurrence: int, part: int) -> float:
    return draws.uniform(key0, key1, entity, occurrence, part)


@compiled_part
def draw(law: int, first: float, second: float, occurrence: int) -> float:
    """Return one draw from a law by number; it looks at as many of its parameters as it has."""
    if law == NORMAL:
        return draws.standard_normal(1, 2, 3, occurrence, 5)
    if law == GAMMA:
        return draws.gamma(first, 1, 2, 3, occurrence, 5)
    if law == BETA:
        return draws.beta(first, second, 1, 2, 3, occurrence, 5)
    return draws.poisson(first, 1, 2, 3, occurrence, 5)


@compiled
def fill(drawn: NDArray[np.float64], law: int, first: float, second: float) -> None:
    """Fill an array with draws at consecutive occurrences."""
    for occurrence in range(drawn.shape[0]):
        drawn[occurrence] = draw(law, first, second, occurrence)


@compiled
def compiled_together(drawn: NDArray[Any], count: int, key0: int, key1: int) -> None:
    draws.draw_together(drawn, count, key0, key1)


def draw_many(law: int, first: float = 0.0, second: float = 0.0, count: int = 20_000) -> NDArray[np.float64]:
    drawn = np.zeros(count)
    fill(drawn, law, first, second)
    return drawn


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert draws.philox(*counter, *key) == expected
    assert compiled_philox(*counter, *key) == expected


# The first call may compile, which takes longer than Hypothesis allows an example.
@settings(deadline=None)
@given(words, words, digests, words, st.integers(0, 2**20))
def test_uniform_is_open_and_the_same_interpreted(
    key0: int, key1: int, entity: int, occurrence: int, part: int
) -> None:
    value = compiled_uniform(key0, key1, entity, occurrence, part)
    assert 0.0 < value < 1.0
    assert draws.uniform(key0, key1, entity, occurrence, part) == value


def test_numpy_integers_serve_as_well_as_plain_ones() -> None:
    name: list[Any] = [np.int64(ONES), np.int64(7), np.int64(-(2**62)), np.int64(ONES), np.int64(9)]
    expected = draws.uniform(ONES, 7, -(2**62), ONES, 9)
    assert draws.uniform(*name) == compiled_uniform(*name) == expected


@pytest.mark.parametrize(("word", "expected"), [(0, 2.0**-53), (ONES, 1.0 - 2.0**-53)])
def test_extreme_words_stay_inside_the_unit_interval(word: int, expected: float) -> None:
    assert draws.to_unit(word, word) == expected


@settings(deadline=None)
@given(words, words, st.lists(st.tuples(digests, words), max_size=40))
def test_draws_made_together_equal_those_made_one_by_one(key0: int, key1: int, names: list[tuple[int, int]]) -> None:
    drawn = np.zeros(len(names) + 1, dtype=draws.DRAW)
    drawn["entity"][:-1], drawn["occurrence"][:-1] = np.array(names, dtype=np.int64).reshape(-1, 2).T
    interpreted = drawn.copy()
    compiled_together(drawn, len(names), key0, key1)
    draws.draw_together(interpreted, len(names), key0, key1)
    chances = [draws.uniform(key0, key1, entity, occurrence, 0) for entity, occurrence in names]
    assert drawn["chance"].tolist() == interpreted["chance"].tolist() == [*chances, 0.0]
    normals = [draws.normal_quantile(chance) for chance in chances]
    assert interpreted["normal"].tolist() == [*normals, 0.0]
    assert drawn["normal"] == pytest.approx([*normals, 0.0], rel=1e-14)


def test_every_coordinate_of_the_name_matters() -> None:
    names = [(1, 2, 3, 4, 5), (9, 2, 3, 4, 5), (1, 9, 3, 4, 5), (1, 2, 9, 4, 5), (1, 2, 3, 9, 5), (1, 2, 3, 4, 9)]
    names.append((1, 2, 3 + 2**32, 4, 5))
    names.append((1, 2, 3 - 2**63, 4, 5))
    assert len({draws.uniform(*name) for name in names}) == len(names)


def test_attempts_of_one_part_never_meet_another_part() -> None:
    parts = (0, 1, 63, 64, 65, 2**20 - 1, 2**20)
    attempts = (0, 1, 2, 64, 1023, 1024, 2047)
    pairs = {draws.uniform_pair(1, 2, 3, 4, part, attempt) for part, attempt in itertools.product(parts, attempts)}
    assert len(pairs) == len(parts) * len(attempts)


@settings(deadline=None)
@given(st.floats(1e-300, 1.0, exclude_max=True))
def test_normal_quantile_agrees_with_scipy(probability: float) -> None:
    assert draws.normal_quantile(probability) == pytest.approx(stats.norm.ppf(probability), rel=1e-13, abs=1e-15)


def test_normal_follows_its_law() -> None:
    assert stats.kstest(draw_many(NORMAL), stats.norm.cdf).pvalue > 0.001


@pytest.mark.parametrize("shape", [0.3, 1.0, 4.0, 50.0])
def test_gamma_follows_its_law(shape: float) -> None:
    assert stats.kstest(draw_many(GAMMA, shape), stats.gamma(shape).cdf).pvalue > 0.001


@pytest.mark.parametrize(("first", "second"), [(2.0, 5.0), (0.5, 0.5), (1.0, 1.0)])
def test_beta_follows_its_law(first: float, second: float) -> None:
    assert stats.kstest(draw_many(BETA, first, second), stats.beta(first, second).cdf).pvalue > 0.001


@pytest.mark.parametrize("mean", [0.0, 0.4, 29.9, 30.1, 250.0, 1e6])
def test_poisson_has_its_moments(mean: float) -> None:
    sample = draw_many(POISSON, mean)
    assert sample.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / len(sample)))
    assert sample.var() == pytest.approx(mean, rel=0.05)
    assert (sample == np.floor(sample)).all()


@pytest.mark.parametrize("mean", [12.0, 45.0])
def test_poisson_counts_are_as_frequent_as_they_should_be(mean: float) -> None:
    sample = draw_many(POISSON, mean)
    edges = np.unique(stats.poisson(mean).ppf(np.linspace(0.05, 0.95, 12)))
    cumulative = np.concatenate([[0.0], stats.poisson(mean).cdf(edges), [1.0]])
    observed = np.histogram(sample, np.concatenate([[-1.0], edges, [np.inf]]) + 0.5)[0]
    assert stats.chisquare(observed, np.diff(cumulative) * len(sample)).pvalue > 0.001


@pytest.mark.parametrize(
    ("law", "first"), [(NORMAL, 0.0), (GAMMA, 0.7), (GAMMA, 3.0), (BETA, 2.0), (POISSON, 6.0), (POISSON, 60.0)]
)
def test_compiled_draws_equal_interpreted_ones(law: int, first: float) -> None:
    interpreted = [draw(law, first, 0.5, occurrence) for occurrence in range(200)]
    assert draw_many(law, first, 0.5, 200) == pytest.approx(interpreted, rel=1e-12)


def test_beta_of_vanishing_shapes_is_a_number() -> None:
    assert 0.0 <= draws.beta(1e-6, 1e-6, 1, 2, 3, 4, 5) <= 1.0


def test_streams_differ_by_each_part_of_their_name() -> None:
    names = [(1, 0, "demand", "quantity"), (2, 0, "demand", "quantity"), (1, 1, "demand", "quantity")]
    names += [(1, 0, "demandq", "uantity"), (1, 0, "demand", "noise")]
    keys = [draws.stream_key(*name) for name in names]
    assert len(set(keys)) == len(names)
    assert all(0 <= word <= ONES for key in keys for word in key)


def test_generator_is_the_same_for_the_same_name_only() -> None:
    def first(*name: Any) -> float:
        return float(draws.generator(*name).random())

    assert first(1, 0, "policy.x", "visits", "firm-1") == first(1, 0, "policy.x", "visits", "firm-1")
    others = {first(1, 0, "policy.x", "visits", entity) for entity in ("", "firm-1", "firm-2")}
    others |= {first(2, 0, "policy.x", "visits"), first(1, 1, "policy.x", "visits")}
    assert len(others) == 5


def test_a_name_stands_for_the_same_number_whatever_stands_beside_it() -> None:
    alone, among = draws.entities(("Penang",)), draws.entities(("Osaka", "Penang", "Cavite"))
    assert alone[0] == among[1]
    assert len(set(among.tolist())) == 3


def test_several_names_together_stand_for_another_number_in_another_order() -> None:
    here, there, item = draws.entities(("Osaka", "Penang", "disk"))
    found = [draws.joined(*each) for each in itertools.permutations((here, there, item))]
    assert len({int(each) for each in found}) == 6
    assert draws.joined(draws.entities(("Osaka", "Penang")), item).tolist() == [
        int(draws.joined(here, item)),
        int(draws.joined(there, item)),
    ]


@given(words, words, st.lists(digests, max_size=20), st.lists(words, min_size=1, max_size=3))
def test_draws_of_an_array_equal_those_made_one_by_one(
    key0: int, key1: int, names: list[int], occurrences: list[int]
) -> None:
    who, when = np.array(names, dtype=np.int64), np.array(occurrences, dtype=np.int64)[:, None]
    chances, normals = (draw((key0, key1), who, when) for draw in (draws.uniforms, draws.normals))
    for row, occurrence in enumerate(occurrences):
        assert chances[row].tolist() == [draws.uniform(key0, key1, each, occurrence, 0) for each in names]
        assert normals[row].tolist() == [draws.standard_normal(key0, key1, each, occurrence, 0) for each in names]
