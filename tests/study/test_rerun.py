"""The provenance round trip: a run of a study is repeated from its folder alone, and is the same bit by bit."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import polars as pl
import pytest

from gpnde.errors import StudyError
from gpnde.study.rerun import rerun
from gpnde.study.results import StudyResults, open_study
from gpnde.study.runner import run_study
from tests.small_studies import small_study

FAILING = {"components": [{"use": "metric.trouble", "how": "fail", "share": 0.5}]}
SPACE = {"uncertainties": {"clock.days": {"low": 7, "high": 28, "integer": True}}, "measures": ["flow.*"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a study with arms, points and a kept table."""
    out = tmp_path_factory.mktemp("study") / "out"
    arms = {"baseline": {}, "slower": {"settings": {"ordering.review_days": 7}}}
    design = {"kind": "latin-hypercube", "samples": 5}
    run_study(small_study(**SPACE, arms=arms, design=design, tables=["tiers"]), out, jobs=1)
    return out


@pytest.fixture
def results(folder: Path) -> StudyResults:
    return open_study(folder)


def test_ten_random_runs_are_repeated_bit_by_bit(results: StudyResults) -> None:
    for key in random.Random(6).sample(results.runs["key"].to_list(), 10):
        again = rerun(results, key)
        assert again.identical and again.versions == {}
        assert again.text() == f"identical: fingerprint {results.run(key)['fingerprint']}"


def test_a_changed_value_is_named(results: StudyResults) -> None:
    key = str(results.runs["key"][0])
    changed = pl.when((pl.col("key") == key) & (pl.col("measure") == "flow.cover")).then(0.5).otherwise(pl.col("value"))
    other = StudyResults(
        results.study,
        results.runs,
        results.outcomes.with_columns(value=changed),
        manifest=results.manifest,
        folder=results.folder,
    )
    again = rerun(other, key)
    assert again.differing == ("flow.cover",)
    assert "flow.cover differ: no version has changed" in again.text()
    assert not again.identical


def test_a_changed_table_is_named(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    table = pl.read_parquet(copy / "tables/tiers.parquet")
    table.with_columns(on_hand=pl.col("on_hand") + 1).write_parquet(copy / "tables/tiers.parquet")
    results = open_study(copy)
    assert rerun(results, str(results.runs["key"][0])).differing == ("tiers",)


def test_versions_that_changed_are_the_explanation(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    manifest = json.loads((copy / "study.json").read_text())
    manifest["software"]["numpy"] = "1.0"
    manifest["components"]["policy.tax"] = {"distribution": "gpnde-tax", "version": "2.0", "results_version": 3}
    (copy / "study.json").write_text(json.dumps(manifest))
    runs = pl.read_parquet(copy / "runs.parquet")
    runs.with_columns(fingerprint=pl.lit("0" * 16)).write_parquet(copy / "runs.parquet")
    results = open_study(copy)
    again = rerun(results, str(results.runs["key"][0]))
    assert again.versions["policy.tax"] == ("gpnde-tax 2.0 (results version 3)", None)
    assert again.text().startswith(
        f"different: fingerprint {'0' * 16} became {again.fingerprint_is}: numpy 1.0 became "
    )
    assert "policy.tax gpnde-tax 2.0 (results version 3) became missing" in again.text()


@pytest.mark.usefixtures("trouble")
def test_a_failure_fails_again(tmp_path: Path) -> None:
    run_study(small_study(arms={"failing": FAILING}), tmp_path / "out", jobs=1)
    results = open_study(tmp_path / "out")
    assert 0 < results.status().failed < 6
    for key, status in results.runs.select("key", "status").iter_rows():
        again = rerun(results, key)
        assert again.identical and again.status_is == status
        assert ("fails again: metric.trouble" in again.text()) == (status == "failed") == ("luck" in again.traceback)


def test_a_run_that_was_not_done_is_repeated_all_the_same(results: StudyResults) -> None:
    runs = results.runs.with_columns(status=pl.lit("missing"), fingerprint=pl.lit(None, pl.String))
    unfinished = StudyResults(
        results.study, runs, results.outcomes.clear(), manifest=results.manifest, folder=results.folder
    )
    again = rerun(unfinished, str(runs["key"][0]))
    assert (
        again.text()
        == f"nothing to compare with, the study has not done this run yet: fingerprint {again.fingerprint_is}"
    )


def test_unknown_runs_and_results_without_a_folder_are_refused(results: StudyResults) -> None:
    with pytest.raises(StudyError, match="run 'x': unknown: keys are in runs.parquet"):
        rerun(results, "x")
    with pytest.raises(StudyError, match="was not opened from a folder: use open_study"):
        rerun(StudyResults(results.study, results.runs, results.outcomes), "x")
