"""Small worlds."""

from __future__ import annotations

import numpy as np
from gpnde_diffusion.small_world import draw_inside_or_outside, pair_keys, rewired, ring
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


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=20), st.floats(0, 1, exclude_max=True), st.booleans())
def test_chosen_node_is_of_the_group_asked_for(groups: list[int], draw: float, outside: bool) -> None:
    nodes = np.array(groups)
    rows = len(nodes)
    chosen = draw_inside_or_outside(nodes, np.full(rows, outside), np.full(rows, draw), nodes)
    for group, node in zip(groups, chosen.tolist(), strict=True):
        if node < 0:
            assert outside and set(groups) == {group}
        else:
            assert (groups[node] != group) == outside


def test_draws_reach_every_node_alike() -> None:
    groups = np.array([0, 1, 0, 2, 1])
    draws = (np.arange(300) + 0.5) / 300
    chosen = draw_inside_or_outside(np.full(300, 1), np.full(300, True), draws, groups)
    assert np.bincount(chosen, minlength=5).tolist() == [100, 0, 100, 100, 0]
