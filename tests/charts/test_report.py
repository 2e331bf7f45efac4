"""The report: whole, readable offline, safe to open."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gpnde.charts.report import report, write_report
from gpnde.errors import ResultsError
from gpnde.results.run import Run
from gpnde.results.tables import empty_table
from tests.example import example_run

GOODS = ["network", "service", "tiers", "bullwhip", "lead-times", "dropouts"]
LEARNING = ["capability", "gap", "ladder", "trajectories", "receipts"]
MONEY = ["value-flows", "cash"]
CHARTS = [*GOODS, "scorecards", "targets", *LEARNING, *MONEY]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --virtual-time-budget=20000 --enable-logging=stderr --v=0"
)


class Page(HTMLParser):
    """What a page is made of: tags with their attributes, and the text of scripts and of the rest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        (self.scripts if self.tags and self.tags[-1][0] == "script" and len(data) > 1 else self.words).append(data)


def shown(page: Page) -> list[str | None]:
    """Return the names of the charts that have a place in a page."""
    return [attributes["id"] for tag, attributes in page.tags if tag == "div" and "id" in attributes]


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return report(run)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_nothing_is_loaded_from_any_address(page: Page) -> None:
    for tag, attributes in page.tags:
        assert not {"src", "href", "srcset", "data", "action"} & set(attributes), tag
    assert not any(tag in ("link", "iframe", "object", "img", "base") for tag, _ in page.tags)
    styles = " ".join(page.words)
    assert "url(" not in styles
    assert "@import" not in styles


def test_the_browser_is_told_to_load_nothing(page: Page) -> None:
    policies = [attributes["content"] or "" for tag, attributes in page.tags if "http-equiv" in attributes]
    assert [policy.startswith("default-src 'none';") for policy in policies] == [True]
    assert "http" not in policies[0]


def test_no_chart_refers_to_data_elsewhere(text: str) -> None:
    found = re.search(r'<script type="application/json" id="specs">(.*?)</script>', text, re.DOTALL)
    assert found
    specs = json.loads(found[1])
    assert sorted(specs) == sorted(CHARTS)
    assert '"url"' not in found[1]


def test_every_chart_has_a_place(page: Page) -> None:
    assert shown(page) == CHARTS


def test_the_first_page_answers_what_was_asked_and_found_how_surely_and_from_what(text: str) -> None:
    first = text.partition('<section class="summary"')[2].partition("</section>")[0]
    asked = ["What was asked", "What was found", "How sure this is", "What it rests on"]
    assert re.findall("<h3>(.*?)</h3>", first) == asked
    assert "one run" in first and "are assumptions" in first and "(figure 2)" in first


def test_figures_are_numbered_in_the_order_of_the_page_and_have_captions(text: str) -> None:
    numbers = [int(number) for number in re.findall(r"<figcaption><b>Figure (\d+)\.</b> \w", text)]
    assert numbers == list(range(1, len(CHARTS) + 1))


def test_measures_have_their_definitions(text: str) -> None:
    meant = text.partition("What the measures mean")[2].partition("</details>")[0]
    assert "flow.fill_rate" in meant and "Σ f / Σ d" in meant


def test_what_is_not_a_picture_is_folded(text: str) -> None:
    folded = re.findall('<details class="part"><summary><h2>(.*?)</h2>', text)
    assert "All measures" in folded and "Goods and service" not in folded


def test_paper_shows_what_is_folded_and_cuts_no_picture(text: str) -> None:
    paper = text.partition("@media print")[2].partition("</style>")[0]
    for rule in ("details-content", "max-width: 100%", "break-inside: avoid", "table-header-group"):
        assert rule in paper, rule


def test_a_run_without_knowledge_has_no_charts_of_it() -> None:
    page = Page(report(example_run(sites=12, days=91, knowledge=False)))
    assert shown(page) == [*GOODS, "targets", *MONEY]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name, table", [("expectations", "expectations"), ("statements", "accounts"), ("costs", "costs")]
)
def test_charts_of_firms_are_shown_where_their_table_has_rows(full_run: Run, name: str, table: str) -> None:
    without = dataclasses.replace(full_run, tables=full_run.tables | {table: empty_table(table)})
    assert [name in shown(Page(report(run))) for run in (full_run, without)] == [True, False]


def test_figures_targets_dropouts_and_origins_are_readable_without_scripts(run: Run, page: Page) -> None:
    words = " ".join(page.words)
    for expected in (
        f"{run.metric('flow.fill_rate'):.1%}",
        "space.hhi.sites.asia",
        "buffer-role",
        "assumption",
        "This run is made up",
        run.fingerprint,
        "mean_up_days = 730",
        "goods 2.1e-16",
    ):
        assert expected in words, expected


def test_a_result_that_is_missing_is_said_to_be(run: Run) -> None:
    targets = [{"measure": "flow.nothing", "value": 1.0}]
    assert "not measured" in report(dataclasses.replace(run, scenario=run.scenario | {"targets": targets}))


def test_text_of_a_user_cannot_become_markup(run: Run) -> None:
    nasty = "</script><script>alert(1)</script>"
    scenario = run.scenario | {"title": nasty, "description": nasty}
    renamed = [site | {"name": site["name"] + nasty} for site in run.scenario["sites"]]
    page = Page(report(dataclasses.replace(run, scenario=scenario | {"sites": renamed}, notes=(nasty,))))
    assert [tag for tag, _ in page.tags].count("script") == 4


def test_a_run_in_which_nothing_happened_has_a_report(bare_run: Run) -> None:
    page = Page(report(bare_run))
    assert "Targets and results" not in " ".join(page.words)


def test_the_file_is_written(run: Run, tmp_path: Path) -> None:
    path = write_report(run, tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_file_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="cannot be written: No such file or directory"):
        write_report(run, tmp_path / "nowhere" / "report.html")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: install it to draw the report in a browser")
def test_a_browser_draws_every_chart_without_a_complaint(run: Run, tmp_path: Path) -> None:
    path = write_report(run, tmp_path / "report.html")
    command = [str(CHROMIUM), *QUIET.split(), f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    figures = re.findall(r"<figure>.*?</figure>", done.stdout, re.DOTALL)
    assert ["<svg" in figure for figure in figures] == [True] * len(CHARTS)
    assert "CONSOLE" not in done.stderr
