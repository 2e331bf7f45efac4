"""A study folder that was damaged or changed ends in one line that says what is wrong, whatever it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from gpnde.cli import commands
from gpnde.errors import GpndeError, StudyError
from gpnde.study.files import load_study
from gpnde.study.folder import Folder
from gpnde.study.manifest import digest, read_manifest
from gpnde.study.resolve import resolve
from gpnde.study.results import open_study
from gpnde.study.runner import run_study
from gpnde.study.schema import Study
from tests.small_studies import small_study, tables_of

OTHERS: tuple[Any, ...] = (None, True, 7, -1.5, "text", [], [1], {}, {"a": 1})
COMMANDS = ("status", "compare", "sensitivity")
DRAWING = ("report", "charts")

Gpnde = Callable[..., Any]


def damaged_study() -> Study:
    return small_study(
        arms={"tight": {}, "wide": {"settings": {"ordering.review_days": 14}}},
        uncertainties={"ordering.safety_factor": {"low": 0, "high": 2}},
        design={"kind": "morris", "samples": 2},
        replications=1,
        tables=["tiers"],
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "out"
    assert run_study(damaged_study(), folder, jobs=1).missing == 0
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "out")


def changed(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield each copy of plain data in which one value is of another JSON type, after the path of that value."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        for other in OTHERS:
            if type(other) is not type(value):
                yield str(key), _replaced(data, key, other)
        for path, inside in changed(value):
            yield f"{key}.{path}", _replaced(data, key, inside)


def _replaced(data: Any, key: Any, value: Any) -> Any:
    again = data.copy()
    again[key] = value
    return again


@pytest.fixture
def gpnde() -> Gpnde:
    runner = CliRunner()
    return lambda *words: runner.invoke(commands, [str(word) for word in words])


def line_of_refusal(action: Callable[[], object]) -> str:
    with pytest.raises(GpndeError) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_key_of_the_manifest_with_every_other_type_is_refused_by_name(copy: Path) -> None:
    file, folder = copy / "study.json", Folder(copy)
    manifest = json.loads(file.read_text())
    count = 0
    for path, given in changed(manifest):
        file.write_text(json.dumps(given))
        try:
            read_manifest(folder)
        except StudyError as error:
            line = str(error)
        else:
            pytest.fail(f"{path}: taken")
        assert "\n" not in line
        assert line.startswith(f"{copy}/study.json: "), path
        assert path.split(".")[0] in line or "study" in line, (path, line)
        count += 1
    assert count > 500


def test_study_that_was_changed_to_another_valid_one_is_refused_by_its_digest(copy: Path) -> None:
    manifest = json.loads((copy / "study.json").read_text())
    manifest["study"]["scenario"]["components"] = 5
    (copy / "study.json").write_text(json.dumps(manifest))
    found = digest(manifest["study"])
    wanted = f"study.json: study: has the digest {found}: must be {manifest['digest']}, so it was changed"
    assert wanted in line_of_refusal(lambda: open_study(copy))
    assert wanted in line_of_refusal(lambda: run_study(damaged_study(), copy, jobs=1))


def test_every_type_in_a_study_file_is_valid_or_told_in_one_line(tmp_path: Path) -> None:
    given = resolve(damaged_study()).model_dump(mode="json")
    file, refused = tmp_path / "study.yaml", 0
    for path, study in changed(given):
        file.write_text(json.dumps(study))
        try:
            load_study(file, {"clock.days": 14})
        except GpndeError as error:
            refused += 1
            assert "\n" not in str(error), path
    assert refused > 100


OTHER_TABLES = {
    "empty": pl.DataFrame(),
    "other": pl.DataFrame({"name": ["a"], "price": [1.0]}),
    "types": pl.DataFrame({"key": [1], "arm": ["tight"], "point": ["0"], "measure": [2.0], "value": ["x"]}),
}


@pytest.mark.parametrize("table", OTHER_TABLES.values(), ids=list(OTHER_TABLES))
@pytest.mark.parametrize("name", ["runs", "outcomes"])
def test_another_table_is_told_and_made_of_the_committed_parts(copy: Path, name: str, table: pl.DataFrame) -> None:
    wanted = open_study(copy).outcomes
    table.write_parquet(copy / f"{name}.parquet")
    found = open_study(copy)
    assert found.outcomes.equals(wanted)
    assert found.notes[0].startswith(f"{copy}/{name}.parquet: column ")
    assert "must be" in found.notes[0]


@pytest.mark.parametrize("column", ["arm", "status"])
def test_runs_of_another_study_are_told(copy: Path, column: str) -> None:
    runs = pl.read_parquet(copy / "runs.parquet").with_columns(pl.lit("elsewhere").alias(column))
    runs.write_parquet(copy / "runs.parquet")
    assert f"runs.parquet: {column} 'elsewhere': must be " in open_study(copy).notes[0]


def test_another_table_with_nothing_left_to_make_it_from_is_refused(copy: Path) -> None:
    shutil.rmtree(copy / "parts")
    OTHER_TABLES["other"].write_parquet(copy / "runs.parquet")
    line = line_of_refusal(lambda: open_study(copy))
    assert f"{copy}/runs.parquet: column key: missing: must be String" in line


def test_another_kept_table_is_refused(copy: Path) -> None:
    OTHER_TABLES["types"].write_parquet(copy / "tables/tiers.parquet")
    line = line_of_refusal(lambda: open_study(copy).table("tiers"))
    assert line.startswith(f"{copy}/tables/tiers.parquet: column key: Int64: must be String")


@pytest.mark.parametrize("name", ["study.json", "runs.parquet", "outcomes.parquet"])
@pytest.mark.parametrize("how", ["cut", "empty", "folder", "bytes"])
def test_no_damage_of_a_file_is_unexpected_to_any_command(gpnde: Gpnde, copy: Path, name: str, how: str) -> None:
    _damage(copy / name, how)
    for command in (*COMMANDS, *(DRAWING if how == "bytes" else ())):
        done = gpnde(command, copy, *(["--out", copy / "drawn"] if command == "charts" else []))
        assert "unexpected" not in done.stderr, command
        assert "Traceback" not in done.stderr, command
    assert "unexpected" not in gpnde("rerun", copy, "0" * 16).stderr


def _damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    path.unlink()
    if how == "folder":
        path.mkdir()
        return
    path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "bytes": b"\xff\xfe\x00" * 50}[how])


def test_damaged_tables_are_written_again_by_the_next_batch(copy: Path) -> None:
    wanted = tables_of(copy)
    for name in wanted:
        _damage(copy / name, "bytes")
    assert run_study(damaged_study(), copy, jobs=1).simulated == 0
    assert tables_of(copy) == wanted


@pytest.mark.parametrize("how", ["cut", "folder", "bytes"])
def test_damaged_part_is_set_aside_and_its_runs_run_again(copy: Path, how: str) -> None:
    wanted = tables_of(copy)
    part = next((copy / "parts").glob("*.parquet"))
    _damage(part, how)
    told: list[str] = []
    run_study(damaged_study(), copy, jobs=1, tell=told.append)
    assert any(line.startswith(f"{part}: damaged: kept as") for line in told)
    assert tables_of(copy) == wanted


def test_lines_of_failures_that_are_no_failures_count_for_nothing(copy: Path) -> None:
    lines = ["[]", "1", '"text"', "{", '{"key": 5}', '{"key": "a"}', '{"key": "a", "error": null}']
    (copy / "failures.jsonl").write_text("\n".join(lines))
    assert open_study(copy).failures() == []


def test_what_a_killed_writer_left_is_cleared_by_the_next_batch(copy: Path) -> None:
    left = [copy / "runs.parquet.0badcafe.partial", copy / "parts/0.parquet.0badcafe.partial"]
    for path in left:
        path.write_bytes(b"half")
    (copy / "run.partial").mkdir()
    (copy / "run.partial/tiers.parquet").write_bytes(b"half")
    run_study(damaged_study(), copy, jobs=1)
    assert list(copy.rglob("*.partial*")) == []
