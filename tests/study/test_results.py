"""Results are read from the folder of a study, finished or not, and what is wrong with it is one line."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pandas
import polars as pl
import pytest

from gpnde.errors import StudyError
from gpnde.study.compare import compare
from gpnde.study.folder import Folder
from gpnde.study.manifest import claim, make_manifest
from gpnde.study.plan import Plan
from gpnde.study.results import open_study
from gpnde.study.runner import run_study
from tests.small_studies import small_study

FAILING = {"components": [{"use": "metric.trouble", "how": "fail"}]}
TWO_ARMS = {"baseline": {}, "longer": {"settings": {"clock.days": 21}}}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished study, which tests must not change."""
    out = tmp_path_factory.mktemp("study") / "out"
    run_study(small_study(arms=TWO_ARMS, tables=["tiers"], measures=["flow.*"]), out, jobs=1)
    return out


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def drop_tables(folder: Path) -> None:
    """Leave what a killed batch leaves: committed parts, and no tables made of them."""
    for table in folder.glob("*.parquet"):
        table.unlink()


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_finished_study_is_read_whole(finished: Path) -> None:
    found = open_study(finished)
    assert found.status().text() == "12 of 12 runs ok, 0 failed, 0 missing"
    assert repr(found) == "<StudyResults of 'small': 12 of 12 runs ok, 0 failed, 0 missing>"
    assert "flow.fill_rate" in found.measures and found.units["flow.cover"] == "day"
    assert found.values.columns == ["arm", "point", "replication", "measure", "value", "unit"]
    assert found.table("tiers")["key"].n_unique() == 12
    assert found.notes == () and found.missing_note() == ""


def test_tables_open_in_polars_pandas_and_duckdb(finished: Path) -> None:
    runs, outcomes = finished / "runs.parquet", finished / "outcomes.parquet"
    query = (
        f"select arm, avg(value) from '{runs}' join '{outcomes}' using (key) where measure = 'flow.cover' group by arm"
    )
    by_duckdb = dict(duckdb.connect().execute(query).fetchall())
    frame = pandas.read_parquet(runs).merge(pandas.read_parquet(outcomes), on="key")
    by_pandas = frame[frame["measure"] == "flow.cover"].groupby("arm")["value"].mean().to_dict()
    joined = pl.read_parquet(runs).join(pl.read_parquet(outcomes), on="key").filter(measure="flow.cover")
    by_polars = dict(joined.group_by("arm").agg(pl.col("value").mean()).iter_rows())
    ours = compare(open_study(finished)).means.filter(measure="flow.cover")
    expected = pytest.approx(dict(ours.select("arm", "mean").iter_rows()))
    assert by_duckdb == expected and by_pandas == expected and by_polars == expected


def test_study_that_was_killed_is_read_from_its_parts(copy: Path, finished: Path) -> None:
    drop_tables(copy)
    found, whole = open_study(copy), open_study(finished)
    assert found.runs.equals(whole.runs)
    assert found.outcomes.equals(whole.outcomes)
    assert not list(copy.glob("*.parquet"))


def test_unfinished_study_is_compared_as_far_as_it_is(copy: Path) -> None:
    drop_tables(copy)
    part = max((copy / "parts").iterdir(), key=lambda path: path.stat().st_size)
    rows = pl.read_parquet(part)
    part.unlink()
    found = open_study(copy)
    lost = rows["key"].n_unique()
    assert found.status().missing == lost
    if lost == 12:
        with pytest.raises(StudyError, match="nothing to evaluate yet"):
            compare(found)
    else:
        assert f"{lost} missing" in compare(found).notes[-1]


def test_study_that_wants_more_replications_than_it_has_counts_them_as_missing(tmp_path: Path) -> None:
    run_study(small_study(arms=TWO_ARMS, replications=2), tmp_path, jobs=1)
    plan = Plan(small_study(arms=TWO_ARMS, replications=5))
    claim(Folder(tmp_path), make_manifest(plan), lambda _: None)
    found = open_study(tmp_path)
    assert found.status().text() == "4 of 10 runs ok, 0 failed, 6 missing"
    assert compare(found).effects["pairs"].unique().to_list() == [2]


@pytest.mark.usefixtures("trouble")
def test_failures_are_told_with_the_command_that_repeats_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_study(small_study(arms={"baseline": {}, "failing": FAILING}, replications=2), out, jobs=1)
    found = open_study(out)
    by_arm = {arm: (each.ok, each.failed) for arm, each in found.status_by_arm().items()}
    assert by_arm == {"baseline": (2, 0), "failing": (0, 2)}
    assert [one["arm"] for one in found.failures()] == ["failing", "failing"]
    with (out / "failures.jsonl").open("a") as file:
        file.write('{"key": "cut o')
    assert len(open_study(out).failures()) == 2


def test_damaged_part_is_named_and_its_runs_are_missing(copy: Path) -> None:
    drop_tables(copy)
    part = next((copy / "parts").iterdir())
    runs = pl.read_parquet(part)["key"].n_unique()
    damage(part)
    found = open_study(copy)
    assert found.status().missing == runs
    assert found.notes == (f"{part}: damaged: its runs count as missing until gpnde batch does them again",)
    assert part.is_file()


def test_damaged_part_of_a_finished_study_is_found_if_asked(copy: Path) -> None:
    assert open_study(copy).damaged_parts() == []
    part = next((copy / "parts").iterdir())
    damage(part)
    found = open_study(copy)
    assert found.status().missing == 0 and found.damaged_parts() == [str(part)]


def test_study_of_which_nothing_is_done_has_all_runs_missing(copy: Path) -> None:
    drop_tables(copy)
    shutil.rmtree(copy / "parts")
    found = open_study(copy)
    assert found.status().text() == "0 of 12 runs ok, 0 failed, 12 missing"
    assert found.outcomes.is_empty()
    with pytest.raises(StudyError, match="nothing to evaluate yet"):
        compare(found)


def test_arms_that_share_their_runs_do_not_differ(tmp_path: Path) -> None:
    run_study(small_study(arms={"baseline": {}, "same": {}}, replications=3), tmp_path, jobs=1)
    found = compare(open_study(tmp_path)).effects
    assert found.select("pairs", "difference", "low", "high").rows() == [(3, 0.0, 0.0, 0.0)]


def test_precision_decides_how_many_runs_are_planned_also_before_tables_are_written(tmp_path: Path) -> None:
    precision = {"until": 0.02, "of": "flow.cover", "min": 2, "max": 40}
    run_study(small_study(replications=precision, measures=["flow.cover"]), tmp_path, jobs=1)
    written = open_study(tmp_path)
    assert written.status().planned == written.status().ok > 2
    drop_tables(tmp_path)
    assert open_study(tmp_path).runs.equals(written.runs)


def test_damaged_table_is_made_of_the_parts_instead(copy: Path, finished: Path) -> None:
    (copy / "outcomes.parquet").write_bytes(b"PAR1")
    found = open_study(copy)
    assert found.outcomes.equals(open_study(finished).outcomes)
    assert found.notes[0].startswith(f"{copy}/outcomes.parquet: cannot be read: ")
    shutil.rmtree(copy / "parts")
    with pytest.raises(StudyError, match="outcomes.parquet: cannot be read: .*: nothing is left to make it from"):
        open_study(copy)


def test_tables_alone_are_enough(copy: Path, finished: Path) -> None:
    shutil.rmtree(copy / "parts")
    assert open_study(copy).runs.equals(open_study(finished).runs)


def test_any_address_will_do(finished: Path, tmp_path: Path) -> None:
    address = f"memory:/{tmp_path}/out"
    folder = Folder(address)
    for path in finished.glob("*.*"):
        folder.write(path.name, path.read_bytes())
    assert compare(open_study(address)).effects.equals(compare(open_study(finished)).effects)


def test_folder_that_is_none_of_a_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"nowhere: no such folder: name the DIR of 'gpnde batch STUDY --out DIR'"):
        open_study(tmp_path / "nowhere")
    with pytest.raises(StudyError, match="is an empty folder: not a study: name the DIR"):
        open_study(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(StudyError, match="holds a saved run: read it with"):
        open_study(tmp_path)
    with pytest.raises(StudyError, match="run.json: is a file: name the DIR"):
        open_study(tmp_path / "run.json")


def test_damaged_study_json_is_refused(copy: Path) -> None:
    (copy / "study.json").write_text("{")
    with pytest.raises(StudyError, match="study.json: .*not a study of this version"):
        open_study(copy)


def test_unknown_names_are_refused_with_the_nearest(finished: Path) -> None:
    found = open_study(finished)
    key = str(found.runs["key"][0])
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    with pytest.raises(StudyError, match=f"run '{wrong}': unknown; did you mean '{key}'"):
        found.run(wrong)
    with pytest.raises(StudyError, match="table 'tier': not kept; did you mean 'tiers'"):
        found.table("tier")


@pytest.mark.usefixtures("trouble")
def test_plugin_that_is_gone_is_named_where_parts_have_to_be_read(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "with-plugin"
    run_study(small_study(arms={"baseline": {}, "other": {**FAILING}}, replications=1), out, jobs=1)
    monkeypatch.setenv("GPNDE_PLUGINS", "")
    from gpnde.plugin.host import forget_plugins

    forget_plugins()
    found = open_study(out)
    assert found.status().ok == 1
    assert "the study cannot be planned here: " in found.notes[0] and "metric.trouble" in found.notes[0]
