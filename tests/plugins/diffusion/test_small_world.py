"""Small worlds."""

from __future__ import annotations

import numpy as np
from gpnde_diffusion.small_world import lowest, pair_keys, rewired, ring
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(3, 40).flatmap(lambda nodes: st.tuples(st.just(nodes), st.integers(0, (nodes - 1) // 2))))
def test_every_node_of_a_ring_has_the_degree(size: tuple[int, int]) -> None:
    nodes, half = size
    first, second = ring(np.arange(nodes), 2 * half)
    ends = np.bincount(np.concatenate([first, second]), minlength=nodes)
    assert set(ends.tolist()) == {2 * half}
    assert len(np.unique(pair_keys(first, second, nodes))) == half * nodes


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_rewiring_keeps_the_number_of_ties_and_doubles_none(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    first, second = ring(rng.permutation(12), 4)
    ends = rewired(first, second, rng.integers(0, 12, len(first)), rng.random(len(first)) < share)
    assert not (first == ends).any()
    assert len(np.unique(pair_keys(first, ends, 12))) == len(first)


def test_without_rewiring_the_ring_stays() -> None:
    first, second = ring(np.arange(8), 2)
    proposed = np.full(8, 5)
    assert rewired(first, second, proposed, np.zeros(8, dtype=bool)).tolist() == second.tolist()


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_lowest_lot_among_the_allowed_is_drawn(rows: int, nodes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lots, allowed = rng.random((rows, nodes)), rng.random((rows, nodes)) < 0.5
    chosen = lowest(lots, allowed, np.full(rows, -1))
    for row, node in enumerate(chosen.tolist()):
        assert (node < 0) == (not allowed[row].any())
        assert node < 0 or lots[row, node] == lots[row][allowed[row]].min()
