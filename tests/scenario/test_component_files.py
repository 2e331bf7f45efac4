"""Files of components: where they are looked for, and what is said where they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, load_scenario, save_scenario
from gpnde.scenario.component_files import find_component_files
from gpnde.scenario.problems import Locations

USE = "disruption.dated-outages"
TEXT = "date,country\n2011-10-08,THAILAND\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder beside that of a scenario."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a scenario that is the preset with outages after a list."""
    return put(tmp_path / "net", file="floods.csv")


def put(folder: Path, **fields: Any) -> Path:
    """Write the preset with a component into *folder*."""
    given = load_scenario("single-site").model_dump(mode="json")
    uses = [{"use": USE, **fields}]
    save_scenario(Scenario.model_validate({**given, "components": uses}), folder)
    return folder


def file_of(scenario: Scenario) -> Any:
    """Return the file that the component is to read."""
    return scenario.components[0].parameters["file"]


def test_the_folder_of_the_scenario_goes_before_the_working_directory(folder: Path, here: Path) -> None:
    (here / "floods.csv").write_text(TEXT)
    assert file_of(load_scenario(folder)) == str(here / "floods.csv")
    (folder / "floods.csv").write_text(TEXT)
    assert file_of(load_scenario(folder)) == str(folder / "floods.csv")


def test_a_path_may_lead_into_other_folders(folder: Path, here: Path) -> None:
    (folder / "lists").mkdir()
    (folder / "lists" / "floods.csv").write_text(TEXT)
    inside = load_scenario(folder, {f"{USE}.file": "lists/floods.csv"})
    outside = load_scenario(folder, {f"{USE}.file": "../net/lists/floods.csv"})
    assert file_of(inside) == file_of(outside) == str(folder / "lists" / "floods.csv")


def test_a_scenario_named_by_a_relative_path_has_full_paths(folder: Path, here: Path) -> None:
    (folder / "floods.csv").write_text(TEXT)
    assert file_of(load_scenario("../net")) == str(folder / "floods.csv")


def test_a_saved_scenario_finds_the_file_from_everywhere(
    folder: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "floods.csv").write_text(TEXT)
    scenario = load_scenario(folder)
    save_scenario(scenario, here / "copy")
    monkeypatch.chdir(folder.parent)
    assert load_scenario(here / "copy") == scenario


def test_a_file_that_is_nowhere_is_told_with_both_folders_and_the_nearest_name(folder: Path, here: Path) -> None:
    (here / "flods.csv").write_text(TEXT)
    with pytest.raises(ScenarioError) as error:
        load_scenario(folder)
    where = f"no such file in {folder} and none in {here}"
    assert (
        str(error.value)
        == f"components.disruption.dated-outages.file: 'floods.csv': {where}; did you mean 'flods.csv'?"
    )


def test_one_folder_is_named_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(ScenarioError) as error:
        load_scenario(folder)
    assert str(error.value).count(str(folder)) == 1


@pytest.mark.parametrize("use", ["text", {"use": USE}, {"use": USE, "file": 3}, {"use": USE, "enabled": False}])
def test_what_names_no_file_stays_as_it_is(tmp_path: Path, use: Any) -> None:
    given = {"components": [use]}
    find_component_files(given, tmp_path, Locations(given))
    assert given == {"components": [use]}


def test_a_component_that_is_switched_off_needs_no_file(tmp_path: Path, here: Path) -> None:
    folder = put(tmp_path / "off", file="floods.csv", enabled=False)
    assert file_of(load_scenario(folder)) == "floods.csv"
