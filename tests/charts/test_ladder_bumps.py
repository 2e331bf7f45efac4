"""Rows behind the bump chart of the ladder."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.charts.ladder_bumps import (
    MOST_POINTS,
    MOVERS,
    bump_rows,
    groups_of,
    label_rows,
    ladder_bumps,
    moves_of,
    ranks_of,
)
from gpnde.errors import ResultsError
from gpnde.results.history import History
from gpnde.results.run import Run


@pytest.fixture(scope="module")
def history() -> History:
    """Return three firms over two times: c overtakes the others by a rung, and d leaves."""
    capability, performed = np.zeros((2, 4, 8)), np.zeros((2, 4, 8), dtype=bool)
    performed[:, :, 2] = True
    performed[1, 2, 3] = True
    capability[:, :, 2] = [[0.5, 0.4, 0.3, 0.9], [0.4, 0.5, 0.3, 0.9]]
    return History(
        days=np.array([0.0, 91.0]), firms=["a", "b", "c", "d"], tiers=np.ones(4, dtype=np.int64),
        roles=["supplier"] * 4, clusters=[""] * 4, present=np.array([[True] * 4, [True, True, True, False]]),
        capability=capability, performed=performed,
    )  # fmt: skip


def test_ranks_go_by_rung_first_and_capability_second(history: History) -> None:
    assert ranks_of(history).tolist() == [[2, 3, 4, 1], [3, 2, 1, 0]]


def test_ranks_are_a_whole_count_at_each_time(run: Run) -> None:
    assert run.history is not None
    for ranks, there in zip(ranks_of(run.history), run.history.present, strict=True):
        assert sorted(ranks[ranks > 0].tolist()) == list(range(1, int(there.sum()) + 1))
        assert (ranks[~there] == 0).all()


def test_moves_lead_from_the_first_rank_to_the_last_that_a_firm_had(history: History) -> None:
    moves = moves_of(history, ranks_of(history))
    assert [(move.firm, move.first, move.last, move.climbed) for move in moves] == [
        ("c", 4, 1, 3), ("b", 3, 2, 1), ("d", 1, 1, 0), ("a", 2, 3, -1)
    ]  # fmt: skip
    assert groups_of(moves, "d") == {"c": "climbed most", "b": "climbed most", "a": "fell most", "d": "chosen"}


def test_a_firm_has_a_row_for_each_time_at_which_it_is_there(history: History) -> None:
    rows = bump_rows(history, ranks_of(history), {"c": "chosen"})
    found = {(row[0], row[1]): row[2] for row in rows.select("firm", "day", "rank").iter_rows()}
    assert found[("c", 91.0)] == 1 and ("d", 91.0) not in found and len(found) == 7
    assert rows.filter(rows["firm"] == "c")["function"].to_list() == ["Component making", "Engineering"]


def test_big_networks_keep_the_named_firms_and_few_rows(big_run: Run) -> None:
    assert big_run.history is not None
    ranks = ranks_of(big_run.history)
    moves = moves_of(big_run.history, ranks)
    groups = groups_of(moves, moves[-1].firm)
    rows = bump_rows(big_run.history, ranks, groups)
    assert rows.height <= MOST_POINTS and set(groups) <= set(rows["firm"])
    assert len(groups) <= 2 * MOVERS + 1


def test_names_do_not_cover_each_other(run: Run) -> None:
    assert run.history is not None
    ranks = ranks_of(run.history)
    moves = moves_of(run.history, ranks)
    places = label_rows(bump_rows(run.history, ranks, groups_of(moves, moves[0].firm)), 300.0, int(ranks.max()))
    assert (places["place"].diff().drop_nulls() >= 12.9).all()


def test_the_sentence_tells_the_ranks_of_the_chosen_firm(run: Run) -> None:
    assert run.history is not None
    move = moves_of(run.history, ranks_of(run.history))[-1]
    said = ladder_bumps(run, firm=move.firm).to_dict()["title"]["subtitle"]
    assert f"from rank {move.first} to {move.last}" in said or f"stayed at rank {move.last}" in said


def test_a_firm_that_there_is_not_is_refused(run: Run) -> None:
    with pytest.raises(ResultsError, match="firm: 'firm-x': no such firm"):
        ladder_bumps(run, firm="firm-x")
