"""The chart of an effect over time: what it draws are the courses, the band and the events of the runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import vl_convert

import gpnde
from gpnde.charts.effect_course import (
    CONTROL,
    MOST_DAYS,
    TREATED,
    Differences,
    course_rows,
    difference_rows,
    effect_over_time,
    event_rows,
)
from gpnde.charts.vega import vega_lite_version
from gpnde.lab.drawing import drawing_of
from gpnde.results.courses import MEASURES, Course

LOWER = MEASURES["capability.lower_tier"]
DAYS = np.array([0.0, 91.0, 182.0])
COURSES = {CONTROL: Course(DAYS, np.array([0.4, 0.45, 0.5])), TREATED: Course(DAYS, np.array([0.4, 0.46, 0.524]))}
APART = Differences(DAYS, np.array([0.0, 0.01, 0.024]), np.array([0.0, 0.0, 0.015]), np.array([0.0, 0.02, 0.033]))
NO_EVENTS = pl.DataFrame(schema={"day": pl.Float64, "what": pl.String, "label": pl.String})


def spec(differences: Differences | None = APART, events: pl.DataFrame = NO_EVENTS) -> dict[str, Any]:
    found: dict[str, Any] = effect_over_time(LOWER, COURSES, differences, events, 182.0).to_dict()
    return found


def test_rows_are_those_of_both_courses_and_of_the_band() -> None:
    assert course_rows(COURSES).filter(run=TREATED)["value"].to_list() == [0.4, 0.46, 0.524]
    assert difference_rows(APART)["high"].to_list() == [0.0, 0.02, 0.033]


def test_a_single_pair_has_no_band() -> None:
    nothing = np.full(3, np.nan)
    rows = difference_rows(Differences(DAYS, APART.mean, nothing, nothing))
    assert rows["low"].null_count() == rows["high"].null_count() == 3
    assert difference_rows(None).is_empty()


def test_long_courses_are_thinned_and_keep_their_ends() -> None:
    days = np.arange(5000.0)
    rows = course_rows({CONTROL: Course(days, days)})
    assert rows.height == MOST_DAYS and (rows["day"][0], rows["day"][-1]) == (0.0, 4999.0)


def test_title_states_what_is_found() -> None:
    assert spec()["title"]["text"] == "Lower-tier capability: higher by 0.024 at the end of this pair of runs"


def test_more_pairs_bring_rows_and_no_new_description() -> None:
    nothing = np.full(3, np.nan)
    one_pair = Differences(DAYS, APART.mean, nothing, nothing)
    assert drawing_of(spec()).fits(drawing_of(spec(one_pair)))


def test_policies_begin_and_end_and_shocks_strike_where_the_run_says() -> None:
    days = {"clock.days": 182.0}
    scenario = gpnde.load_scenario("small-open-economy", days)
    given = [use.model_dump() for use in scenario.components]
    policy = {"use": "policy.effort-subsidy", "start_day": 56.0, "end_day": 112.0}
    run = gpnde.simulate(gpnde.load_scenario("small-open-economy", {**days, "components": [*given, policy]}))
    rows = event_rows(run)
    marks = rows.filter(what="policy").select("day", "label").rows()
    assert marks == [(56.0, "Effort subsidy begins"), (112.0, "Effort subsidy ends")]
    struck = run.tables["events"].filter(
        pl.col("component") == "disruption.site-outage", pl.col("kind") == "site_struck"
    )
    assert set(struck["day"]) <= set(rows.filter(what="shock")["day"])


def test_picture_can_be_drawn(tmp_path: Path) -> None:
    picture = vl_convert.vegalite_to_svg(spec(), vl_version=vega_lite_version())
    assert "Lower-tier capability" in picture and "with your changes" in picture
