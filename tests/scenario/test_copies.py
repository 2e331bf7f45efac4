"""Copies of scenarios: the files that are cited, as they were written, and the same run."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde import simulate
from gpnde.errors import ScenarioError
from gpnde.scenario import load_scenario, preset_names
from gpnde.scenario.copies import copy_scenario


@pytest.mark.parametrize("name", preset_names())
def test_a_copy_of_a_preset_is_an_equal_scenario(tmp_path: Path, name: str) -> None:
    copy_scenario(name, tmp_path / "mine")
    assert load_scenario(tmp_path / "mine") == load_scenario(name)


def test_a_copy_runs_to_the_same_fingerprint(tmp_path: Path) -> None:
    copy_scenario("beer-game", tmp_path / "mine")
    runs = [simulate(load_scenario(source), seed=3) for source in ("beer-game", tmp_path / "mine")]
    assert runs[0].fingerprint == runs[1].fingerprint


def test_comments_and_files_of_columns_and_components_are_copied(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "days.csv").write_text("days\n3\n", encoding="utf-8")
    (home / "floods.csv").write_text("site,day\n", encoding="utf-8")
    (home / "other.csv").write_text("x\n", encoding="utf-8")
    text = (
        "# a comment\nname: x\nlinks: [{lead_time: {law: empirical, file: data/days.csv, column: days}}]\n"
        "components: [{use: a, file: floods.csv}, {use: b, enabled: false, file: lost.csv}, {use: c, file: /x.csv}]\n"
    )
    (home / "scenario.yaml").write_text(text, encoding="utf-8")
    assert copy_scenario(home, tmp_path / "mine") == ["scenario.yaml", "data/days.csv", "floods.csv"]
    assert (tmp_path / "mine" / "scenario.yaml").read_text(encoding="utf-8") == text
    assert (tmp_path / "mine" / "data" / "days.csv").read_text(encoding="utf-8") == "days\n3\n"


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ScenarioError, match="exists and is not an empty folder: give another name"):
        copy_scenario("beer-game", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_file_outside_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("name: x\nsites: ../sites.csv\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"'\.\./sites\.csv': lies outside of its folder"):
        copy_scenario(tmp_path, tmp_path / "mine")
