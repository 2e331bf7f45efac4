"""The plan of a study: what each run simulates, and when two runs are the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import GpndeError
from gpnde.scenario import load_scenario
from gpnde.study.plan import Plan
from gpnde.study.schema import Range
from tests.small_studies import small_study

SUBSIDY = {"components": [{"use": "policy.effort-subsidy", "rate": 0.5}]}
ARMS = {"baseline": {}, "subsidy": SUBSIDY}
REVIEW = {"ordering.review_days": {"values": [7, 14]}}


def keys(plan: Plan, replications: int = 1) -> list[str]:
    return [spec.key for spec in plan.specs(range(replications))]


def policies(**changes: Any) -> Plan:
    given: dict[str, Any] = {"scenario": "small-open-economy", "arms": ARMS, **changes}
    return Plan(small_study(**given))


def test_every_arm_meets_every_point_under_the_same_seed_and_replications() -> None:
    plan = policies(uncertainties=REVIEW, design={"kind": "grid"})
    specs = list(plan.specs(range(3)))
    assert len(specs) == 2 * 2 * 3
    by_arm = {arm: [(s.point, s.replication, s.seed) for s in specs if s.arm == arm] for arm in ARMS}
    assert by_arm["baseline"] == by_arm["subsidy"]


def test_scenario_of_an_arm_has_its_components_settings_and_the_values_of_the_point() -> None:
    plan = policies(
        settings={"clock.days": 28, "ordering.review_days": 21},
        arms={"baseline": {}, "subsidy": {**SUBSIDY, "settings": {"clock.days": 14}}},
        uncertainties=REVIEW,
        design={"kind": "grid"},
    )
    one, other = plan.scenario("baseline", 1), plan.scenario("subsidy", 0)
    assert (one.clock.days, one.ordering.review_days) == (28, 14)
    assert (other.clock.days, other.ordering.review_days) == (14, 7)
    assert [use.parameters for use in other.components if use.use == "policy.effort-subsidy"] == [{"rate": 0.5}]


def test_value_of_a_component_holds_in_the_arms_that_have_it() -> None:
    arms = {"baseline": {}, "subsidy": {"components": [{"use": "policy.effort-subsidy"}]}}
    axes = {"policy.effort-subsidy.rate": {"values": [0.2, 0.8]}}
    plan = policies(arms=arms, uncertainties=axes, design={"kind": "grid"})
    shares = [plan.scenario("subsidy", i).components[-1].parameters["rate"] for i in (0, 1)]
    assert shares == [0.2, 0.8]
    found = {(spec.arm, spec.point): spec.key for spec in plan.specs(range(1))}
    assert found["baseline", 0] == found["baseline", 1]
    assert len(set(found.values())) == 3


def test_settings_name_groups_of_rows_and_links_by_name_and_points_go_by_what_was_written() -> None:
    axes = {"links.retailer<wholesaler.trust": {"values": [0.1, 0.9]}, "sites.tier=1.stock": {"values": [5]}}
    plan = Plan(small_study(scenario="serial-chain", uncertainties=axes, design={"kind": "grid"}))
    assert [list(point) for point in plan.points] == [list(axes)] * 2
    scenario = plan.scenario("baseline", 1)
    assert scenario.links[0].trust == 0.9
    assert [site.name for site in scenario.sites if site.stock == 5] == ["wholesaler"]
    assert plan.groups() == ["sites.tier=1.stock: set in 1 place"]


def test_arms_that_come_to_the_same_share_their_runs() -> None:
    arms = {"a": {}, "b": {"settings": {"clock.days": 14}}}
    first, second = keys(Plan(small_study(arms=arms)))
    assert first == second


def test_default_that_is_written_out_does_not_change_a_key() -> None:
    default = policies(arms={"subsidy": {"components": [{"use": "policy.effort-subsidy"}]}})
    use = default.scenario("subsidy", 0).components[-1]
    from gpnde.plugin.host import plugin_host

    whole = plugin_host().component(use.use).of({}).model_dump()
    written = policies(arms={"subsidy": {"components": [{"use": use.use, **whole}]}})
    assert keys(default) == keys(written)


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2}, {"settings": {"clock.days": 21}}, {"scenario": "beer-game"}, {"arms": {"baseline": SUBSIDY}}],
)
def test_whatever_decides_on_the_numbers_changes_the_keys(changes: dict[str, Any]) -> None:
    given: dict[str, Any] = {"scenario": "small-open-economy"}
    assert not set(keys(Plan(small_study(**given)), 2)) & set(keys(Plan(small_study(**given | changes)), 2))


def test_titles_do_not_change_keys() -> None:
    assert keys(Plan(small_study(title="one"))) == keys(Plan(small_study(title="other", settings={"clock.days": 14})))


def test_plan_is_the_same_in_another_process(tmp_path: Path) -> None:
    plan = policies(uncertainties=REVIEW, design={"kind": "grid"})
    (tmp_path / "study.json").write_text(plan.study.model_dump_json())
    code = (
        "from pathlib import Path\nfrom gpnde.study.plan import Plan\nfrom gpnde.study.schema import Study\n"
        "plan = Plan(Study.model_validate_json(Path('study.json').read_text()))\n"
        "print(plan.digest, *(spec.key for spec in plan.specs(range(2))))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [plan.digest, *keys(plan, 2)]


def test_resolved_study_holds_its_scenario_and_ranges() -> None:
    plan = policies(
        arms={"subsidy": {"components": [{"use": "policy.effort-subsidy"}]}},
        uncertainties={"policy.effort-subsidy.start_day": "vary"},
        design={"kind": "latin-hypercube", "samples": 2},
    )
    assert isinstance(plan.study.scenario, dict)
    assert plan.study.scenario["name"] == load_scenario("small-open-economy").name
    axis = plan.study.uncertainties["policy.effort-subsidy.start_day"]
    assert isinstance(axis, Range)
    assert axis.model_dump() == {
        "low": 0.0,
        "high": 1820.0,
        "integer": False,
    }
    assert Plan(plan.study).digest == plan.digest


def test_content_of_a_file_and_not_its_place_decides_on_the_key(tmp_path: Path) -> None:
    def planned(folder: str, text: str) -> list[str]:
        place = tmp_path / folder
        place.mkdir()
        (place / "outages.csv").write_text(text)
        use = {"use": "disruption.dated-outages", "file": str(place / "outages.csv")}
        return keys(Plan(small_study(arms={"shock": {"components": [use]}})))

    text = "site,day,days\nplant,3,2\n"
    assert planned("one", text) == planned("two", text) != planned("three", text.replace("3", "4"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scenario": "beer-gam"}, "'beer-gam': no such scenario.*beer-game"),
        ({"settings": {"clock.day": 3}}, "arm baseline, point 0: clock.day: no 'day'.*days"),
        ({"arms": {"a": {"components": [{"use": "policy.effort-subsidi"}]}}}, "no such component.*effort-subsidy"),
        ({"arms": {"a": {"components": [{"use": "policy.effort-subsidy", "rate": 3}]}}}, "rate = 3.*at most"),
        (
            {"uncertainties": {"clock.days": {"low": 0, "high": 28}}, "design": {"kind": "grid"}},
            "arm baseline, point 0: clock.days: .*must be above 0",
        ),
        (
            {"uncertainties": {"sites.plant.stock": "vary"}, "design": {"kind": "grid"}},
            "uncertainties.sites.plant.stock: 'vary': the parameter declares no range: give one",
        ),
        (
            {
                "scenario": "serial-chain",
                "arms": {"a": {"settings": {"sites.*.stock": 5}}},
                "uncertainties": {"sites[1].stock": {"low": 1, "high": 9}},
                "design": {"kind": "grid"},
            },
            r"arms.a.settings.sites.\*.stock: sites\[1\].stock: is the same place as one of the uncertainties",
        ),
        ({"design": {"kind": "table", "file": "absent.csv"}}, "design.file: 'absent.csv': no such file"),
    ],
)
def test_wrong_study_is_refused_before_any_run(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GpndeError, match=message) as caught:
        Plan(small_study(**changes))
    assert "\n" not in str(caught.value)
