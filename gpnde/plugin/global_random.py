"""A cheap look at the global random generators, which finds out who draws from them."""

from __future__ import annotations

import ctypes
import random
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random.mtrand import get_bit_generator

_WORDS = 624
"""Words of the state of a Mersenne Twister (Matsumoto & Nishimura, 1998)."""

_BYTES = 4 * (_WORDS + 1)
"""Size of such a state in memory: its words, and the position of the next one."""

Look = Callable[[], object]


def _memory(address: int) -> Callable[[], bytes]:
    """Return a reader of the state at an address; it takes a tenth of a microsecond, other ways take ten and more."""
    place = (ctypes.c_char * _BYTES).from_address(address)
    return lambda: place.raw


def _words(read: Callable[[], bytes]) -> list[int]:
    return array("I", read()).tolist()


def _plain() -> Look:
    """Return a reader of the state of `random`, out of memory if it lies where it is expected."""
    generator: random.Random = random.random.__self__  # type: ignore[attr-defined]
    if type(generator).__basicsize__ < object.__basicsize__ + _BYTES:
        return generator.getstate
    read = _memory(id(generator) + object.__basicsize__)
    position, *words = _words(read)
    return read if (*words, position) == generator.getstate()[1] else generator.getstate


def _legacy(generator: Any) -> Look:
    """Return a reader of the state of the generator behind the functions of `numpy.random`."""
    if isinstance(generator, np.random.MT19937):
        read = _memory(generator.ctypes.state_address)
        state: Any = generator.state["state"]
        if _words(read) == [*state["key"].tolist(), state["pos"]]:
            return read
    return lambda: repr(generator.state)


class GlobalRandom:
    """The generators behind the functions of `random` and `numpy.random`.

    >>> before = GlobalRandom().look()
    >>> _ = np.random.default_rng(1).random(), random.Random(1).random()
    >>> before == GlobalRandom().look()
    True
    """

    def __init__(self) -> None:
        """Find the generators."""
        self._owner: random.Random = random.random.__self__  # type: ignore[attr-defined]
        self._plain = _plain()
        self._attend(get_bit_generator())

    def _attend(self, generator: Any) -> None:
        # The reader knows an address only; the reference keeps alive what is there.
        self._generator, self._legacy = generator, _legacy(generator)

    def look(self) -> tuple[object, ...]:
        """Return the states; they differ after a draw or a new seed.

        A second normal number of a pair that `numpy.random` has in store is drawn unseen.
        """
        generator = get_bit_generator()
        if generator is not self._generator:
            self._attend(generator)
        return self._plain(), self._owner.gauss_next, self._legacy()  # type: ignore[attr-defined]
