"""The wall of policies: a row for each, in the order that is given, its cost beside its effect."""

from __future__ import annotations

import re

import vl_convert

from gpnde.charts.policy_wall import Panel, policy_wall, seed_rows, wall_rows
from gpnde.charts.vega import vega_lite_version
from gpnde.results.courses import MEASURES

LOWER = MEASURES["capability.lower_tier"]
PANELS = [
    Panel("policy.aid", "Aid", "better", 0.02, 0.015, 0.025, 1e6, 0.9e6, 1.1e6, 2, (0.018, 0.022)),
    Panel("policy.free", "Free", "not to be told from luck", 0.001, -0.002, 0.004, pairs=2, differences=(0.0, 0.002)),
    Panel("policy.waiting", "Waiting", ""),
    Panel("policy.tax", "Tax", "worse", -0.02, -0.03, -0.01, -2e6, -3e6, -1e6, 2, (-0.02, -0.02)),
]


def test_rows_are_those_with_a_finding_and_dots_those_of_pairs() -> None:
    assert wall_rows(PANELS)["component"].to_list() == ["policy.aid", "policy.free", "policy.tax"]
    assert seed_rows(PANELS).filter(label="Aid")["difference"].to_list() == [0.018, 0.022]


def test_title_counts_what_is_supported() -> None:
    assert policy_wall(PANELS, LOWER, "policies", "Net cost").to_dict()["title"]["text"] == (
        "Lower-tier capability: of 3 policies 1 better, 1 worse"
    )
    assert "none has an effect" in policy_wall(PANELS[1:2], LOWER, "policies", "Net cost").to_dict()["title"]["text"]


def test_nothing_is_said_before_a_run_is_done() -> None:
    assert "No run is done yet" in policy_wall(PANELS[2:3], LOWER, "shocks", "Loss").to_dict()["description"]


def test_cost_stands_beside_its_policy_where_another_has_none() -> None:
    picture = vl_convert.vegalite_to_svg(
        policy_wall(PANELS, LOWER, "policies", "Net cost (money)").to_dict(), vl_version=vega_lite_version()
    )
    heights = {
        text: float(found[1])
        for text in ("1 M", "-2 M")
        if (found := re.search(rf'translate\([\d.-]+,([\d.-]+)\)"[^>]*>{text}<', picture))
    }
    assert set(heights) == {"1 M", "-2 M"}
    assert round((heights["-2 M"] - heights["1 M"]) / 24) == 3
