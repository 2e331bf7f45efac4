"""Membership of clubs, and exchanges between members."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde_supplier_clubs.meetings import clubs_of, conversations, familiarity


@pytest.mark.parametrize("size", [2, 3, 5, 100])
def test_clubs_hold_members_of_one_cluster_and_are_no_larger_than_allowed(size: int) -> None:
    rng = np.random.default_rng(size)
    cluster = rng.integers(-1, 4, 60)
    is_member = rng.random(60) < 0.7
    clubs = clubs_of(cluster, is_member, size)
    assert not (clubs[~is_member | (cluster < 0)] >= 0).any()
    for club in set(clubs[clubs >= 0].tolist()):
        members = clubs == club
        assert len(np.unique(cluster[members])) == 1
        assert 2 <= members.sum() <= size


def test_all_members_talk_with_all_others_of_the_club_once_each_way() -> None:
    clubs = np.array([1, 0, -1, 1, 0, 1])
    teacher, learner = conversations(clubs)
    found = sorted(zip(teacher.tolist(), learner.tolist(), strict=True))
    assert found == [(i, j) for i in range(6) for j in range(6) if i != j and clubs[i] == clubs[j] >= 0]


def test_without_clubs_no_member_talks() -> None:
    teacher, learner = conversations(np.array([-1, -1]))
    assert len(teacher) == len(learner) == 0


def test_familiarity_grows_to_one_and_is_full_at_once_where_no_meetings_are_needed() -> None:
    assert familiarity(np.array([0.0, 2.0, 4.0, 8.0]), needed=4.0).tolist() == [0.2, 0.6, 1.0, 1.0]
    assert familiarity(np.zeros(2), needed=0.0).tolist() == [1.0, 1.0]
