"""Tables of a resilience report, made of pairs."""

from __future__ import annotations

import pytest

from gpnde.study.resilience.options import Options, RankBy, Window
from gpnde.study.resilience.pairs import FATES, Times
from gpnde.study.resilience.tables import Pair, part_rows, thing_rows
from gpnde.study.resilience.things import Thing

WINDOW = Window(day=10, end=110, every=1)


def pair(times: Times, units: float, revenue: float) -> Pair:
    fates = dict.fromkeys(FATES, (0.0, 0.0)) | {"lost": (units, revenue)}
    return Pair(times, fates, {"supply": (units, revenue)}, {"score": 2})


PAIRS = {
    Thing("site", "bulky"): [pair(Times(4.0, 30.0), 100.0, 10.0)],
    Thing("site", "dear"): [pair(Times(3.0, 20.0), 5.0, 500.0)],
    Thing("site", "slow"): [pair(Times(5.0, None), 1.0, 1.0)],
    Thing("site", "quick"): [pair(Times(1.0, 2.0), 2.0, 2.0)],
    Thing("site", "calm"): [pair(Times(None, 0.0), 0.0, 0.0)],
}


@pytest.mark.parametrize(
    ("metric", "first"),
    [("revenue", "dear"), ("units", "bulky"), ("time-to-recover", "slow"), ("time-to-survive", "quick")],
)
def test_each_metric_puts_its_worst_first_and_the_calm_one_last(metric: RankBy, first: str) -> None:
    names = thing_rows(PAIRS, WINDOW, Options(metric=metric))["name"].to_list()
    assert (names[0], names[-1]) == (first, "calm")


def test_a_time_that_is_not_known_is_at_least_what_was_watched() -> None:
    rows = {row["name"]: row for row in thing_rows(PAIRS, WINDOW, Options()).to_dicts()}
    assert (rows["slow"]["recover_days"], rows["slow"]["not_recovered"]) == (100.0, 1)
    assert (rows["calm"]["survive_days"], rows["calm"]["survived"]) == (None, 1)


def test_a_single_pair_has_no_interval_and_two_equal_ones_one_of_no_width() -> None:
    one, thing = pair(Times(4.0, 30.0), 100.0, 10.0), Thing("site", "works")
    single, double = (thing_rows({thing: pairs}, WINDOW, Options()).row(0, named=True) for pairs in ([one], [one, one]))
    assert (single["revenue"], single["revenue_low"], single["revenue_high"]) == (10.0, None, None)
    assert (double["revenue"], double["revenue_low"], double["revenue_high"]) == (10.0, 10.0, 10.0)


def test_parts_leave_out_what_is_nothing() -> None:
    rows = part_rows({Thing("site", "dear"): PAIRS[Thing("site", "dear")]}).select("split", "part", "units").rows()
    assert rows == [("cause", "supply", 5.0), ("fate", "lost", 5.0), ("drop-outs", "score", 2.0)]
