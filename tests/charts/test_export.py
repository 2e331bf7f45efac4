"""Files of charts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpnde.charts.export import FORMATS, write_chart
from gpnde.charts.flow import service_over_time
from gpnde.errors import ResultsError
from gpnde.results.run import Run

BEGINNINGS = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype html>", "json": b"{"}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_chart_is_written_in_the_format_of_its_ending(run: Run, tmp_path: Path, ending: str) -> None:
    path = write_chart(service_over_time(run), tmp_path / f"service.{ending}")
    assert path.read_bytes().startswith(BEGINNINGS[ending])


def test_a_page_holds_its_libraries_and_loads_nothing(run: Run, tmp_path: Path) -> None:
    page = write_chart(service_over_time(run), tmp_path / "service.html").read_text(encoding="utf-8")
    assert " src=" not in page.split("<script>")[0] and "cdn.jsdelivr" not in page
    assert "<title>Markets got " in page and len(page) > 500_000


def test_the_description_is_vega_lite(run: Run, tmp_path: Path) -> None:
    spec = json.loads(write_chart(service_over_time(run), tmp_path / "service.json").read_text(encoding="utf-8"))
    assert "vega-lite" in spec["$schema"]


def test_an_unknown_ending_and_a_missing_folder_are_refused(run: Run, tmp_path: Path) -> None:
    chart = service_over_time(run)
    with pytest.raises(ResultsError, match="ending 'svgg': unknown; did you mean 'svg'?"):
        write_chart(chart, tmp_path / "service.svgg")
    with pytest.raises(ResultsError, match="cannot be written: No such file or directory: name another file"):
        write_chart(chart, tmp_path / "none" / "service.svg")
