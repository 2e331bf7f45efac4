"""`gpnde check` and `gpnde doctor`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.cli.notes import BUSY, COARSE, expected_loads, notes_on
from gpnde.scenario import load_scenario, preset_names

Gpnde = Callable[..., Result]
Install = Callable[..., None]

EVERY_5 = {"markets.shops.demand.every_days": 5}


def rewrite(scenario: Path, old: str, new: str) -> None:
    text = scenario.read_text(encoding="utf-8")
    assert old in text
    scenario.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", preset_names())
def test_presets_are_valid_and_every_number_is_marked(gpnde: Gpnde, name: str) -> None:
    assert gpnde("check", name).exit_code == 0
    answer = json.loads(gpnde("doctor", name, "--json").stdout)
    assert answer["marks"]["unmarked"] == 0
    assert sum(answer["marks"].values()) > 0


def test_check_tells_the_sizes(gpnde: Gpnde, three_firms: Path) -> None:
    assert gpnde("check", three_firms).stdout.startswith("three-firms: valid: 3 products")
    assert json.loads(gpnde("check", three_firms, "--json").stdout)["links"] == 2


def test_expected_load_is_demand_through_the_bill_of_materials(three_firms: Path) -> None:
    settings = {"sites.boards.yield_rate": 0.5, "sites.chips.capacity_per_day": 1000}
    loads = {load.site: load for load in expected_loads(load_scenario(three_firms, settings))}
    assert loads["assembly"].utilisation == pytest.approx(100 / 130)
    assert loads["boards"].units_per_day == pytest.approx(200)
    assert loads["chips"].utilisation == pytest.approx(400 / 1000)


def test_busiest_site_stands_first_and_overload_is_counted(gpnde: Gpnde, three_firms: Path) -> None:
    rewrite(three_firms, "product: board, capacity_per_day: 130", "product: board, capacity_per_day: 50")
    answer = json.loads(gpnde("doctor", three_firms, "--json").stdout)
    assert [load["site"] for load in answer["utilisation"]] == ["boards", "assembly"]
    assert "1 of them above 100 %" in gpnde("doctor", three_firms).stdout


def test_rows_that_could_not_be_used_are_reported(gpnde: Gpnde, three_firms: Path) -> None:
    (three_firms.parent / "deliveries.csv").write_text("days\n3\n\n4\n-1\nsoon\n", encoding="utf-8")
    rewrite(three_firms, "lead_time: 2", "lead_time: {law: empirical, file: deliveries.csv, column: days}")
    result = gpnde("doctor", three_firms)
    assert result.exit_code == 0, result.output
    line = "links.boards<chips.lead_time: 2 of 4 rows of deliveries.csv, column days, not usable"
    assert line in result.stdout
    checked = gpnde("check", three_firms, "--json")
    assert json.loads(checked.stdout)["remarks"] == [line]
    assert checked.stderr.splitlines() == [line]
    assert line in gpnde("run", three_firms).stderr


def test_unmarked_numbers_are_counted(gpnde: Gpnde, three_firms: Path) -> None:
    text = three_firms.read_text(encoding="utf-8").partition("provenance:")[0]
    three_firms.write_text(text, encoding="utf-8")
    marks = json.loads(gpnde("doctor", three_firms, "--json").stdout)["marks"]
    assert marks["unmarked"] == sum(marks.values()) > 0


def test_inputs_that_nothing_reads_are_told_with_what_would_make_them_count(gpnde: Gpnde, three_firms: Path) -> None:
    rewrite(three_firms, "lead_time: 2", "lead_time: 2, priority: 3")
    line = "links.*.priority (1 given): the supplier does not ration by priority: give that site rationing: priority"
    assert f"given, but without effect here\n  {line}\n" in gpnde("doctor", three_firms).stdout
    found = json.loads(gpnde("doctor", three_firms, "--json").stdout)["without_effect"]
    assert [each["path"] for each in found] == ["links.*.priority"]


def test_without_such_inputs_doctor_tells_of_none(gpnde: Gpnde, three_firms: Path) -> None:
    assert "without effect" not in gpnde("doctor", three_firms).stdout
    assert json.loads(gpnde("doctor", three_firms, "--json").stdout)["without_effect"] == []


def test_a_tick_that_is_coarse_against_a_lead_time_is_told(gpnde: Gpnde, three_firms: Path) -> None:
    rewrite(three_firms, "clock: {days: 56}", "clock: {days: 56, tick_days: 7}")
    rewrite(three_firms, "every_days: 1", "every_days: 7")
    told = "links.boards<chips.lead_time: 2 days become 7 in whole ticks (and 1 more): give a shorter clock.tick_days"
    assert told in gpnde("check", three_firms).stderr
    assert told in json.loads(gpnde("doctor", three_firms, "--json").stdout)["remarks"][0]
    assert told in gpnde("run", three_firms).stderr


@pytest.mark.parametrize(("share", "is_told"), [(COARSE - 0.01, False), (COARSE + 0.01, True)])
def test_only_what_rounding_lengthens_by_the_documented_share_is_told(
    three_firms: Path, share: float, is_told: bool
) -> None:
    settings = {"links.0.lead_time": 5, "links.1.lead_time": 5 / (1 + share)}
    scenario = load_scenario(three_firms, {**settings, "clock.tick_days": 5, "ordering.review_days": 5, **EVERY_5})
    assert bool(notes_on(scenario)) is is_told


@pytest.mark.parametrize("command", ["check", "run", "doctor"])
def test_a_site_that_will_be_short_of_capacity_is_told(gpnde: Gpnde, three_firms: Path, command: str) -> None:
    rewrite(three_firms, "product: board, capacity_per_day: 130", "product: board, capacity_per_day: 100")
    answer = gpnde(command, three_firms)
    assert "sites.boards.capacity_per_day: 100 for 100 expected, 100% of it" in answer.stdout + answer.stderr


@pytest.mark.parametrize(("factor", "is_told"), [(1.01, False), (0.99, True)])
def test_a_site_is_told_from_the_documented_utilisation(three_firms: Path, factor: float, is_told: bool) -> None:
    settings = {"sites.boards.capacity_per_day": 100 / BUSY * factor}
    assert bool(notes_on(load_scenario(three_firms, settings))) is is_told


COMPONENTS = """
class Late(gpnde.Policy):
    name = "policy.late"

    days: float = param(3.0, gt=0, doc="Time.")

    @hookimpl
    def process(self, view):
        if self.days > len(view.sites):
            raise gpnde.GpndeError(f"days: {self.days:g}: must be at most {len(view.sites)}")

class Unknown(Component):
    name = "policy.unknown"

    @hookimpl
    def proces(self, clock):
        ...

class Unmarked(Component):
    name = "policy.unmarked"

    @hookimpl
    def process(self):
        ...

    def capacity(self):
        return 0.5

@hookimpl
def gpnde_components():
    return [Late, Unknown, Unmarked]
"""


@pytest.mark.parametrize(
    ("use", "said"),
    [
        ("policy.late, days: 2, group: all", ""),
        ("policy.late, days: -1", "policy.late.days = -1: must be above 0"),
        ("policy.late, days: 9", "policy.late: days: 9: must be at most 3"),
        ("policy.late, countries: [nort]", "policy.late.countries: 'nort': not in the scenario"),
        ("policy.unknown", "policy.unknown.proces: no such hook; did you mean 'process'?"),
        ("policy.unmarked", "policy.unmarked.capacity: Unmarked.capacity is called like a hook and is not marked as"),
        ("diffusion.peer-network", "diffusion.peer-network: works on knowledge, which the scenario lacks: add a block"),
    ],
)
def test_what_a_run_refuses_before_its_first_day_is_refused_in_the_same_words(
    gpnde: Gpnde, install: Install, three_firms: Path, use: str, said: str
) -> None:
    install("late", f"import gpnde\n{COMPONENTS}")
    with three_firms.open("a", encoding="utf-8") as file:
        file.write(f"components: [{{use: {use}}}]\n")
    checked, run = gpnde("check", three_firms), gpnde("run", three_firms, "--days", 1)
    assert checked.exit_code == run.exit_code == (2 if said else 0), checked.output
    assert (said or "valid") in checked.output
    assert [line.partition(": ")[2] for line in checked.stderr.splitlines()] == [
        line.partition(": ")[2] for line in run.stderr.splitlines()
    ] or not said


def test_doctor_runs_a_scenario_to_compare_what_it_takes_to_be_plausible(gpnde: Gpnde, three_firms: Path) -> None:
    text = three_firms.read_text(encoding="utf-8")
    bands = "{measure: flow.fill_rate, low: 0, high: 1, mark: assumption}, {measure: flow.bullwhip, low: 90, high: 99}"
    three_firms.write_text(f"{text}\nplausibility: [{bands}]\n", encoding="utf-8")
    shown = gpnde("doctor", three_firms).stdout
    assert "plausible in one run: 1 of 2 figures" in shown
    assert "DOES NOT HOLD (range not marked)" in shown
    answer = json.loads(gpnde("doctor", three_firms, "--json").stdout)
    assert [band["holds"] for band in answer["plausibility"]] == [True, False]


def test_doctor_tells_after_how_many_days_a_run_is_steady(gpnde: Gpnde, tmp_path: Path) -> None:
    shop = gpnde("doctor", "single-site", "--steady")
    assert shop.exit_code == 0, shop.output
    assert "days until steady in one run" in shop.stdout
    answer = json.loads(gpnde("doctor", "single-site", "--steady", "--json").stdout)["steady"]
    assert [each["series"] for each in answer["series"]] == ["fill rate", "stock", "backlog"]
    assert all(each["low"] <= each["mean"] <= each["high"] for each in answer["series"])
    assert "steady" not in json.loads(gpnde("doctor", "single-site", "--json").stdout)


def test_doctor_says_that_a_run_is_too_short_to_be_steady(gpnde: Gpnde) -> None:
    assert "too few rows to say" in gpnde("doctor", "beer-game", "--steady").stdout
