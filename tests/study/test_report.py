"""The report of a study: whole, readable offline, safe to open."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import StudyError
from gpnde.study.folder import Folder
from gpnde.study.report import study_report, write_study_report
from gpnde.study.results import StudyResults, open_study
from gpnde.study.runner import run_study
from gpnde.study.schema import Sobol
from tests.small_studies import small_study
from tests.study.found import made_up
from tests.study.test_sensitivity import ishigami, results_of, study_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = "--headless --no-sandbox --disable-gpu --no-first-run --virtual-time-budget=20000 --enable-logging=stderr --v=0"


def subsidy(point: int, replication: int) -> dict[str, float]:
    within = {"upgrading.within": 0.1, "upgrading.entry": 0.0}
    return {"y": 2.0 + 0.1 * replication + point, "policy.tax.cost": 7_000.0, **within}


def policy_results(**more: Any) -> StudyResults:
    arms = {"baseline": lambda p, r: {"y": 1.0, "upgrading.within": 0.0, "upgrading.entry": 0.0}, "subsidy": subsidy}
    return made_up(arms, points=2, measures=["y"], **more)


def charts_of(text: str) -> list[str]:
    found = re.search(r'<script type="application/json" id="specs">(.*?)</script>', text, re.DOTALL)
    assert found and '"url"' not in found[1]
    return list(json.loads(found[1]))


def words_of(text: str) -> str:
    return re.sub(r"<[^>]+>", " ", text.partition("<script")[0].partition("<main>")[2])


def test_a_policy_study_has_effects_terms_and_costs() -> None:
    text = study_report(policy_results(title="Does it help?"))
    assert charts_of(text) == ["effects", "effect-and-cost", "signs", "terms", "spread"]
    words = words_of(text)
    for expected in ("Does it help?", "subsidy", "y (1)", "+1.65", "within", "7,000", "Spending per improvement"):
        assert expected in words, expected


def test_a_sobol_study_has_indices() -> None:
    study = study_of(Sobol(samples=16, second_order=True))
    text = study_report(results_of(study, {"baseline": ishigami}))
    assert charts_of(text) == ["sensitivity", "spread"]
    assert "Share by both only" in text and "the study has one arm" in text


def test_what_is_missing_is_said() -> None:
    text = words_of(study_report(policy_results(status=lambda arm, p, r: "missing" if r else "ok")))
    assert "4 of 16 runs ok, 0 failed, 12 missing: only the runs that are ok count" in text
    study = study_of(Sobol(samples=4))
    results = results_of(study, {"baseline": ishigami})
    unfinished = StudyResults(
        study, results.runs[:-1].vstack(results.runs[-1:].with_columns(status=_missing())), results.outcomes
    )
    assert "indices need all runs" in words_of(study_report(unfinished))


def _missing() -> Any:
    import polars as pl

    return pl.lit("missing")


def test_text_of_a_user_cannot_become_markup() -> None:
    nasty = "</script><script>alert(1)</script>"
    arms = {"baseline": lambda p, r: {"y": 1.0}, nasty: lambda p, r: {"y": 2.0}}
    text = study_report(made_up(arms, title=nasty, measures=["y"], replications=2))
    assert nasty not in text


def test_nothing_is_loaded_from_any_address() -> None:
    text = study_report(policy_results())
    head = text.partition("<script")[0]
    assert "default-src 'none'" in head
    assert not re.search(r"\b(src|href)=", head)


def test_it_is_written_into_the_folder_or_where_it_is_wanted(tmp_path: Path) -> None:
    run_study(small_study(replications=2), tmp_path / "out", jobs=1)
    results = open_study(tmp_path / "out")
    assert write_study_report(results) == f"{tmp_path}/out/report.html"
    assert write_study_report(results, tmp_path / "else.html") == f"{tmp_path}/else.html"
    assert write_study_report(results, f"memory:/{tmp_path}/r.html") == f"memory:/{tmp_path}/r.html"
    text = (tmp_path / "out/report.html").read_text()
    assert text == (tmp_path / "else.html").read_text() == Folder(f"memory:/{tmp_path}").read("r.html").decode()
    assert "gpnde rerun DIR KEY" in text
    assert str(tmp_path) not in text


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    results = policy_results()
    with pytest.raises(StudyError, match="was not opened from a folder: name the file to write"):
        write_study_report(results)
    with pytest.raises(StudyError, match="is a folder: name the HTML file to write"):
        write_study_report(results, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="cannot be written"):
        write_study_report(results, tmp_path / "file" / "report.html")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install it to draw the report in a browser")
def test_a_browser_draws_every_chart_without_a_complaint(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_study_report(policy_results(), path)
    command = [str(CHROMIUM), *QUIET.split(), f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    figures = re.findall(r"<figure>.*?</figure>", done.stdout, re.DOTALL)
    assert ["<svg" in figure for figure in figures] == [True] * 5
    assert "CONSOLE" not in done.stderr
