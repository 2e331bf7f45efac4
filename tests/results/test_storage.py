"""Storage: a folder is whole or it is not there, and what is read is what was written."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

from gpnde.errors import ResultsError
from gpnde.results.columns import TABLES
from gpnde.results.manifest import checked_manifest
from gpnde.results.run import Run
from gpnde.results.storage import MANIFEST, load_run, manifest_of, save_run
from gpnde.scenario.partial import partial_beside
from tests.example import example_run

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
        told = json.loads(pl.read_parquet_metadata(folder / f"{name}.parquet")["columns"])
        assert told == {column: contract._asdict() for column, contract in columns.items()}


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
    told = f"out: already holds {len(TABLES) + 1} entries: name a new folder or empty it"
    with pytest.raises(ResultsError, match=told):
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
    with pytest.raises(ResultsError, match="is one table of a run or study: name the folder that it lies in"):
        load_run(folder / "sites.parquet")


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
    with pytest.raises(ResultsError, match=r"run\.json: seed: missing"):
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


def places(value: object, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every key and entry of plain data."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*here, key)
        yield from places(inner, (*here, key))


def json_type(value: object) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


OTHERS: tuple[object, ...] = (None, True, 0.5, "text", [], {})


def damaged(manifest: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each manifest in which one key has a value of another type."""
    for way in places(manifest):
        for other in OTHERS:
            copy = json.loads(json.dumps(manifest))
            *path, last = way
            holder = copy
            for key in path:
                holder = holder[key]
            if json_type(holder[last]) != json_type(other):
                holder[last] = other
                yield ".".join(map(str, way)), copy


def test_every_key_of_another_type_is_refused_or_means_something(run: Run) -> None:
    """What is let through is null where null is allowed, and what the schema lets stand in another form."""
    manifest = json.loads(json.dumps(manifest_of(run)))
    schema = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    accepted = 0
    for place, copy in damaged(manifest):
        try:
            checked_manifest(Path("run.json"), copy)
        except ResultsError as error:
            assert str(error).startswith("run.json: ") and "\n" not in str(error), place
            assert "unexpected" not in str(error)
            continue
        accepted += 1
        assert schema.is_valid(copy), place
        assert dataclasses.replace(run, scenario=copy["scenario"], components=copy["components"]).summary()
    assert accepted < 400


def test_what_the_published_schema_refuses_is_refused(run: Run) -> None:
    manifest = json.loads(json.dumps(manifest_of(run)))
    schema = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    refused = [(place, copy) for place, copy in damaged(manifest) if not schema.is_valid(copy)]
    assert len(refused) > 100
    for _, copy in refused:
        with pytest.raises(ResultsError):
            checked_manifest(Path("run.json"), copy)


def test_a_key_of_another_type_is_named_with_what_is_given_and_wanted(folder: Path) -> None:
    change(folder, seed="one")
    with pytest.raises(ResultsError) as caught:
        load_run(folder)
    assert str(caught.value) == f"{folder / MANIFEST}: seed: 'one': must be a whole number"


def test_a_part_of_the_scenario_of_another_type_is_named(run: Run, folder: Path) -> None:
    scenario = json.loads(json.dumps(run.scenario))
    scenario["sites"][3]["firm"] = 5
    change(folder, scenario=scenario)
    with pytest.raises(ResultsError) as caught:
        load_run(folder)
    assert str(caught.value) == f"{folder / MANIFEST}: scenario: sites.site-3.firm: 5: must be text"


def test_another_table_under_the_name_of_a_table_is_named(folder: Path) -> None:
    rows = pl.read_parquet(folder / "sites.parquet").height
    other = pl.DataFrame({"key": ["a"] * rows})
    other.write_parquet(folder / "sites.parquet")
    with pytest.raises(ResultsError, match=r"sites\.parquet: without column 'day': another table"):
        load_run(folder)


def test_a_table_with_other_rows_or_types_is_named(folder: Path) -> None:
    rows = pl.read_parquet(folder / "sites.parquet").height
    pl.DataFrame({"day": [[1]] * rows}).write_parquet(folder / "sites.parquet")
    with pytest.raises(ResultsError, match=r"sites\.parquet: column 'day' of type List"):
        load_run(folder)
    pl.DataFrame({"day": [1]}).write_parquet(folder / "sites.parquet")
    with pytest.raises(ResultsError, match=rf"sites\.parquet: 1 rows: run\.json says {rows} rows"):
        load_run(folder)


def test_a_table_that_was_cut_anywhere_is_refused(folder: Path) -> None:
    path = folder / "metrics.parquet"
    content = path.read_bytes()
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        with pytest.raises(ResultsError, match=r"metrics\.parquet: ") as caught:
            load_run(folder)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [MANIFEST, "sites.parquet"])
def test_a_folder_or_a_pipe_where_a_file_should_be_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(ResultsError, match=rf"{name}: is a folder"):
        load_run(folder)
    (folder / name).rmdir()
    os.mkfifo(folder / name)
    with pytest.raises(ResultsError, match=rf"{name}: is a named pipe"):
        load_run(folder)


@pytest.mark.parametrize("text", ["", "[" * 100_000, "9" * 5000, "nul", "[1]", '"x"', "{}", '{"schema_version": true}'])
def test_a_run_json_that_says_anything_is_refused_in_one_line(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(ResultsError, match=r"run\.json: ") as caught:
        load_run(folder)
    assert "\n" not in str(caught.value)


def test_a_run_json_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_text().encode("utf-16"))
    with pytest.raises(ResultsError, match="is not UTF-8"):
        load_run(folder)


def test_what_a_killed_run_left_is_cleared_by_the_next(run: Run, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".out-{dead.pid}.partial"
    left.mkdir()
    (left / "sites.parquet").write_bytes(b"half")
    named = tmp_path / f".new.1234-{dead.pid}@{partial_beside(tmp_path).name.split('@')[1]}"
    named.mkdir()
    (named / "picture.svg").write_text("half")
    run.save(tmp_path / "next")
    assert [path.name for path in tmp_path.iterdir()] == ["next"]


def test_what_is_not_abandoned_or_not_ours_is_kept(run: Run, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = [
        f".other-{os.getppid()}.partial",
        f"out-{dead.pid}.partial",
        ".out.partial",
        ".out-x.partial",
        f".there-{dead.pid}@elsewhere.partial",
    ]
    for name in kept:
        (tmp_path / name).mkdir()
    strange = tmp_path / f".strange-{dead.pid}.partial"
    strange.mkdir()
    (strange / "thesis.docx").write_text("mine")
    (tmp_path / f".file-{dead.pid}.partial").write_text("mine")
    run.save(tmp_path / "next")
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {*kept, strange.name, f".file-{dead.pid}.partial", "next"}


def test_a_balance_that_was_not_checked_stays_unchecked(run: Run, tmp_path: Path) -> None:
    unchecked = dataclasses.replace(run, conservation={"goods": math.nan})
    assert math.isnan(load_run(unchecked.save(tmp_path / "out")).conservation["goods"])
