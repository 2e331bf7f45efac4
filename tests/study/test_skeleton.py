"""A new study is complete: it is planned without an error, and is as small as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde.errors import StudyError
from gpnde.study.files import load_study
from gpnde.study.measures import check_measures
from gpnde.study.plan import Plan
from gpnde.study.skeleton import write_study


def test_new_study_has_the_runs_that_its_page_promises(tmp_path: Path) -> None:
    write_study(tmp_path / "help")
    study = load_study(tmp_path / "help")
    check_measures(study)
    specs = list(Plan(study).specs(range(study.replications)))  # type: ignore[arg-type]
    assert study.name == "help"
    assert len({spec.key for spec in specs}) == 144
    assert "are 144 runs" in (tmp_path / "help/README.md").read_text()


def test_folder_with_something_in_it_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="not an empty folder"):
        write_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
