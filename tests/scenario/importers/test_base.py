"""Importers find their files by name, and every format gives a scenario that can be saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import load_scenario, save_scenario
from gpnde.scenario.importers import FORMATS
from gpnde.scenario.importers.base import named_files, read_rows, skipped

REAL_FILES = {
    "willems": ("willems2008/05_stages.csv", "willems2008/05_arcs.csv"),
    "mrio": ("mrio_pymrio_test",),
    "supplier-list": ("apple_suppliers/supplier_sites.csv",),
}


def touch(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.touch()
    return paths


def test_files_are_found_by_the_end_of_their_names(tmp_path: Path) -> None:
    arcs, stages = touch(tmp_path, "05_arcs.csv", "05-Stages.csv")
    assert named_files("any", [arcs, stages], ("stages", "arcs")) == {"arcs": arcs, "stages": stages}


def test_folder_stands_for_its_tables(tmp_path: Path) -> None:
    table, *_ = touch(tmp_path, "z.csv", "notes.txt")
    assert named_files("any", [tmp_path], ("Z",), ("Y",)) == {"Z": table}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.csv"], "any: b.csv not given: give a.csv, b.csv, and optionally c.csv"),
        (["a.csv", "1_a.csv"], "1_a.csv: two files for a: give one"),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        named_files("any", touch(tmp_path, *names), ("a", "b"), ("c",))
    assert str(caught.value).endswith(message)


def test_a_foreign_table_is_named_and_skipped(tmp_path: Path) -> None:
    paths = touch(tmp_path, "a.csv", "B.TXT", "d.csv", "e.tsv", "notes.md")
    assert named_files("any", [tmp_path], ("a", "b")) == {"a": paths[0], "b": paths[1]}
    assert skipped("any", [tmp_path], ("a", "b")) == ["any: d.csv, e.tsv skipped: not among a.csv, b.csv"]
    assert skipped("any", paths[:2], ("a", "b")) == []


def test_columns_are_found_in_any_case_and_spelling(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Supplier Name;N-SITES\nA;1.000,5\nB;2\n", encoding="utf-8")
    rows = read_rows(tmp_path / "a.csv", ("supplier_name", "n_sites"))
    assert rows == [{"supplier_name": "A", "n_sites": "1000.5"}, {"supplier_name": "B", "n_sites": "2"}]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,A\n1,2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="column 'a' stands twice"):
        read_rows(tmp_path / "a.csv", ("a",))


FOREIGN = {
    "willems": ("stages.csv", "stage,stage_cost,stage_time,avg_demand\na,1,1,10\n", "arcs.csv", "source,destination\n"),
    "tables": ("firms.csv", "name\na\n", "sites.csv", "name,firm,product\ns,a,p\n"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_importers_of_folders_tell_what_they_skip(name: str, tmp_path: Path) -> None:
    files = FOREIGN[name]
    for file, text in [*zip(files[::2], files[1::2], strict=True), ("extra.csv", "x\n1\n")]:
        (tmp_path / file).write_text(text, encoding="utf-8")
    if name == "tables":
        (tmp_path / "links.csv").write_text("buyer,supplier\n", encoding="utf-8")
    assert any("extra.csv skipped: not among" in note for note in FORMATS[name]([tmp_path]).notes)


@pytest.mark.parametrize("name", FORMATS)
def test_missing_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=f"{name}: .*absent.csv: no such file: give the path of a CSV file"):
        FORMATS[name]([tmp_path / "absent.csv"])


@pytest.mark.parametrize("name", REAL_FILES)
def test_imported_scenario_survives_saving(name: str, shared_data: Path, tmp_path: Path) -> None:
    scenario, _ = FORMATS[name]([shared_data / file for file in REAL_FILES[name]])
    save_scenario(scenario, tmp_path / "saved")
    assert load_scenario(tmp_path / "saved") == scenario
