"""Storage: a folder is whole or it is not there, and what is read is what was written."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import jsonschema
import polars as pl
import pyarrow.parquet
import pytest

from gpnde.errors import ResultsError
from gpnde.results.columns import TABLES
from gpnde.results.example import example_run
from gpnde.results.run import Run
from gpnde.results.storage import MANIFEST, load_run, manifest_of, save_run

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schema" / "run-1.json"


@pytest.fixture(scope="module")
def run() -> Run:
    return example_run(sites=12, days=91)


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    return run.save(tmp_path / "out")


def change(folder: Path, **values: object) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_run_is_read_as_it_was_written(run: Run, folder: Path) -> None:
    loaded = load_run(folder)
    assert all(loaded.tables[name].equals(table) for name, table in run.tables.items())
    for field in dataclasses.fields(Run):
        if field.name != "tables":
            assert getattr(loaded, field.name) == getattr(run, field.name), field.name
    assert loaded.summary() == run.summary()


def test_each_table_carries_units_and_meanings(folder: Path) -> None:
    for name, columns in TABLES.items():
        schema = pyarrow.parquet.read_schema(folder / f"{name}.parquet")
        assert {field.name: field.metadata[b"unit"].decode() for field in schema} == {
            column: contract.unit for column, contract in columns.items()
        }


def test_run_json_meets_its_published_schema(run: Run, folder: Path) -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((folder / MANIFEST).read_text()), schema)
    assert set(schema["properties"]) == set(manifest_of(run))


def test_the_schema_refuses_a_key_that_it_does_not_know(run: Run) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest_of(run) | {"extra": 1}, json.loads(SCHEMA.read_text()))


def test_nothing_is_left_beside_the_folder(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_missing_parents_are_made(run: Run, tmp_path: Path) -> None:
    assert load_run(run.save(tmp_path / "a" / "b")).fingerprint == run.fingerprint


def test_an_empty_folder_is_filled(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert (run.save(tmp_path / "out") / MANIFEST).is_file()


def test_other_files_can_be_added_before_the_folder_is_whole(run: Run, tmp_path: Path) -> None:
    def add(folder: Path) -> None:
        assert not (folder / MANIFEST).exists()
        (folder / "report.html").write_text("report")

    assert (save_run(run, tmp_path / "out", also=add) / "report.html").read_text() == "report"


def test_a_folder_that_holds_anything_is_refused_and_kept(run: Run, folder: Path) -> None:
    before = (folder / MANIFEST).read_bytes()
    with pytest.raises(ResultsError, match="out: already holds 14 entries: name a new folder or empty it"):
        run.save(folder)
    assert (folder / MANIFEST).read_bytes() == before


def test_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ResultsError, match="is a file"):
        run.save(tmp_path / "out")


def test_a_parent_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ResultsError, match="cannot be made"):
        run.save(tmp_path / "file" / "out")


def test_a_save_that_breaks_off_leaves_nothing(run: Run, tmp_path: Path) -> None:
    def break_off(folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_run(run, tmp_path / "out", also=break_off)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_run_json_is_refused(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    with pytest.raises(ResultsError, match=r"no run\.json: name the folder of a finished run"):
        load_run(folder)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"no run\.json"):
        load_run(tmp_path / "nowhere")


def test_another_version_is_refused(folder: Path) -> None:
    change(folder, schema_version=2)
    with pytest.raises(ResultsError, match="schema_version 2: this version of gpnde reads 1"):
        load_run(folder)


def test_a_broken_run_json_is_refused(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ResultsError, match="broken"):
        load_run(folder)


def test_an_incomplete_run_json_is_refused(folder: Path) -> None:
    data = json.loads((folder / MANIFEST).read_text())
    del data["seed"]
    (folder / MANIFEST).write_text(json.dumps(data))
    with pytest.raises(ResultsError, match="no 'seed'"):
        load_run(folder)


def test_a_changed_table_is_refused(folder: Path) -> None:
    path = folder / "markets.parquet"
    pl.read_parquet(path).with_columns(pl.col("filled") * 2).write_parquet(path)
    with pytest.raises(ResultsError, match="tables were changed"):
        load_run(folder)


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_missing_or_broken_table_is_refused_in_one_line(folder: Path, content: bytes | None) -> None:
    path = folder / "markets.parquet"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ResultsError, match=r"markets\.parquet: cannot be read") as caught:
        load_run(folder)
    assert "\n" not in str(caught.value)


def test_a_balance_that_was_not_checked_stays_unchecked(run: Run, tmp_path: Path) -> None:
    unchecked = dataclasses.replace(run, conservation={"goods": math.nan})
    assert math.isnan(load_run(unchecked.save(tmp_path / "out")).conservation["goods"])
