"""Courses end in the metric of their name, and say by how much a measure must move to matter."""

from __future__ import annotations

import numpy as np
import pytest

import gpnde
from gpnde.results.courses import MEASURES, Measure, courses_of
from gpnde.results.register import describe
from gpnde.results.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return gpnde.simulate(
        gpnde.load_scenario("small-open-economy", {"clock.days": 182, "record.metrics": ["capability"]})
    )


@pytest.mark.parametrize("name", MEASURES)
def test_course_ends_in_its_metric(run: Run, name: str) -> None:
    course = courses_of(run)[name]
    assert course.values[-1] == pytest.approx(run.metric(name), rel=1e-12)
    assert len(course.days) == len(course.values) and (np.diff(course.days) > 0).all()


def test_gap_is_the_distance_of_the_two_tiers_all_along(run: Run) -> None:
    found = courses_of(run)
    higher, lower = found["capability.higher_tier"].values, found["capability.lower_tier"].values
    assert found["tier_gap"].values == pytest.approx(higher - lower, abs=1e-12)


def test_capability_is_measured_where_it_is_named_only(run: Run) -> None:
    plain = gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 91}))
    assert not [name for name in plain.metrics["metric"] if name.startswith("capability")]
    assert {"capability.lower_tier", "capability.higher_tier"} <= set(run.metrics["metric"])
    gap = run.metric("capability.higher_tier") - run.metric("capability.lower_tier")
    assert run.metric("tier_gap") == pytest.approx(gap, abs=1e-12)


def test_run_without_knowledge_has_no_courses_of_it() -> None:
    assert list(courses_of(gpnde.simulate("single-site"))) == ["flow.fill_rate"]


@pytest.mark.parametrize(("matters", "smallest"), [(None, 0.05), (0.2, 0.2)])
def test_smallest_difference_is_declared_or_a_hundredth_of_the_scale(matters: float | None, smallest: float) -> None:
    measure = Measure("upgrading.functional", "Level", lambda run: None, scale=5.0, matters=matters)
    assert measure.smallest == smallest


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_a_metric_that_says_which_way_is_better(name: str) -> None:
    from gpnde.plugin.host import plugin_host

    assert describe(name, plugin_host().metrics).better in ("higher", "lower")
