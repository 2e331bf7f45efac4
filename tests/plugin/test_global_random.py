"""Every draw from the global generators shows in their state; draws from others do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.random.mtrand import get_bit_generator, set_bit_generator

from gpnde.plugin import global_random
from gpnde.plugin.global_random import GlobalRandom


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the global generators back as they were."""
    plain, generator, legacy = random.getstate(), get_bit_generator(), np.random.get_state()
    yield
    random.setstate(plain)
    set_bit_generator(generator)
    np.random.set_state(legacy)


DRAWS: dict[str, Callable[[], object]] = {
    "random.random": random.random,
    "random.randint": lambda: random.randint(1, 6),
    "random.shuffle": lambda: random.shuffle([1, 2, 3]),
    "random.gauss": lambda: random.gauss(0, 1),
    "random.seed": lambda: random.seed(3),
    "numpy.random.rand": np.random.rand,
    "numpy.random.normal": np.random.normal,
    "numpy.random.permutation": lambda: np.random.permutation(4),
    "numpy.random.seed": lambda: np.random.seed(3),
    "another generator": lambda: set_bit_generator(np.random.PCG64(3)),
}


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("cheap", [True, False])
def test_draw_is_seen(draw: str, cheap: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not cheap:
        monkeypatch.setattr(global_random, "_plain", lambda: random.getstate)
        monkeypatch.setattr(global_random, "_words", lambda read: [])
    seen = GlobalRandom()
    before = seen.look()
    assert seen.look() == before
    DRAWS[draw]()
    assert seen.look() != before


def test_second_normal_number_of_a_pair_is_seen_in_random() -> None:
    random.gauss(0, 1)
    seen = GlobalRandom()
    before = seen.look()
    random.gauss(0, 1)
    assert seen.look() != before


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937])
def test_draw_from_another_generator_put_in_place_is_seen(kind: Callable[[int], np.random.BitGenerator]) -> None:
    seen = GlobalRandom()
    set_bit_generator(kind(3))
    before = seen.look()
    assert seen.look() == before
    np.random.rand()
    assert seen.look() != before


def test_generators_of_ones_own_are_free() -> None:
    seen = GlobalRandom()
    before = seen.look()
    random.Random(1).random()
    np.random.default_rng(1).random()
    np.random.RandomState(1).rand()
    assert seen.look() == before


def test_states_are_read_where_they_lie_in_memory() -> None:
    assert isinstance(global_random._plain()(), bytes)
    assert isinstance(global_random._legacy(get_bit_generator())(), bytes)
