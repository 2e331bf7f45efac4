"""Studies from files."""

from __future__ import annotations

from pathlib import Path

import pytest

import gpnde
from gpnde.errors import GpndeError
from gpnde.scenario import load_scenario, save_scenario
from gpnde.study.files import load_study
from gpnde.study.plan import Plan

TEXT = """
scenario: beer-game
arms: {baseline: , late: {settings: {clock.days: 28}}}
design: {kind: table, file: points.csv}
measures: [flow.fill_rate]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my-study"
    place.mkdir()
    (place / "study.yaml").write_text(TEXT)
    (place / "points.csv").write_text("ordering.review_days,clock.tick_days\n7,7\n14,7\n")
    return place


def test_study_of_a_folder_is_named_after_it_and_holds_its_table(folder: Path) -> None:
    study = gpnde.load_study(folder)
    assert study == load_study(folder / "study.yaml")
    assert study.name == "my-study"
    assert Plan(study).points == [
        {"ordering.review_days": 7, "clock.tick_days": 7},
        {"ordering.review_days": 14, "clock.tick_days": 7},
    ]


def test_scenario_is_looked_for_beside_the_study(folder: Path) -> None:
    save_scenario(load_scenario("single-site"), folder / "own.yaml")
    (folder / "study.yaml").write_text(TEXT.replace("beer-game", "own.yaml"))
    assert load_study(folder).scenario["name"] == "single-site"  # type: ignore[index]


def test_settings_are_added_to_those_of_the_file(folder: Path) -> None:
    assert load_study(folder, {"clock.days": "70"}).settings == {"clock.days": "70"}
    assert Plan(load_study(folder, {"clock.days": "70"})).scenario("baseline", 0).clock.days == 70


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("measures", "mesures"), "study.yaml: unknown key 'mesures'"),
        (("beer-game", "beer-gam"), "study.yaml: 'beer-gam': no such scenario"),
        (("points.csv", "point.csv"), "design.file: 'point.csv': no such file"),
        (("scenario: beer-game", "- 3"), "study.yaml"),
    ],
)
def test_wrong_file_is_refused_in_one_line(folder: Path, change: tuple[str, str], message: str) -> None:
    (folder / "study.yaml").write_text(TEXT.replace(*change))
    with pytest.raises(GpndeError, match=message) as caught:
        load_study(folder)
    assert "\n" not in str(caught.value)


def test_column_that_stands_twice_is_refused(folder: Path) -> None:
    (folder / "points.csv").write_text("clock.tick_days,clock.tick_days\n7,14\n")
    with pytest.raises(GpndeError, match="points.csv: column 'clock.tick_days' stands twice"):
        load_study(folder)


def test_point_without_a_value_is_named_by_its_line(folder: Path) -> None:
    (folder / "points.csv").write_text("ordering.review_days,clock.tick_days\n7,7\n,7\n")
    with pytest.raises(GpndeError, match="points.csv line 3, ordering.review_days: empty"):
        load_study(folder)


def test_absent_file_is_told_with_the_nearest_name(folder: Path) -> None:
    with pytest.raises(GpndeError, match="no such study file.*'study.yaml'"):
        load_study(folder / "stdy.yaml")
    (folder / "study.yaml").unlink()
    with pytest.raises(GpndeError, match="is a folder of tables: make a scenario of it with"):
        load_study(folder)
