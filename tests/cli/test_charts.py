"""`gpnde charts`: the list, and files of charts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
from gpnde.plugin.host import additions_taken_back
from gpnde.study.runner import run_study
from tests.small_studies import small_study

Gpnde = Callable[..., Result]

PLUGIN = """
import altair
import gpnde


@gpnde.chart("stock-lines", "Stock lines", needs=("tiers",), group="flow")
def draw(run):
    '''Show the stock of each tier.'''
    return altair.Chart(run.tables["tiers"]).mark_line().encode(x="day:Q", y="on_hand:Q", color="tier:N")


@gpnde.chart("broken", "Broken")
def fail(run):
    '''Show nothing.'''
    raise KeyError("no such column")


taken = gpnde.chart("map", "Taken")(len)


@gpnde.hookimpl
def gpnde_charts():
    return [draw, fail, taken]
"""


@pytest.fixture
def with_plugin(gpnde: Gpnde, tmp_path: Path) -> Iterator[Gpnde]:
    """Return a function that calls the command with a plugin that offers charts."""
    path = tmp_path / "charts_of_mine.py"
    path.write_text(PLUGIN, encoding="utf-8")
    with additions_taken_back():
        yield lambda *words: gpnde("--plugin", path, "charts", *words)


def test_every_chart_is_listed(gpnde: Gpnde) -> None:
    listed = gpnde("charts").stdout
    ours = CHARTS | STUDY_CHARTS
    assert all(f"{name} " in listed for name in ours)
    rows = json.loads(gpnde("charts", "--json").stdout)["charts"]
    assert [row["name"] for row in rows] == list(ours)
    assert set(rows[0]) == {"name", "title", "doc", "group", "needs", "by_day", "by_firm", "by_group", "owner"}
    assert [row["name"] for row in rows if row["by_day"]] == [kind.name for kind in CHARTS.values() if kind.by_day]


def test_all_charts_of_a_scenario_are_drawn(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    done = gpnde("charts", three_firms, "--out", tmp_path / "pictures")
    assert done.exit_code == 0
    files = list((tmp_path / "pictures").iterdir())
    assert {path.stem for path in files} == set(CHARTS)
    assert all(path.read_text(encoding="utf-8").startswith("<svg") for path in files)
    assert done.stdout.splitlines() == [str(tmp_path / "pictures" / f"{name}.svg") for name in CHARTS]


def test_runs_and_scenarios_are_drawn_side_by_side(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    gpnde("run", three_firms, "--out", tmp_path / "saved", "--days", 28)
    words = ("--only", "tiers", "--format", "json", "--out", tmp_path / "pictures", "--json")
    done = json.loads(gpnde("charts", tmp_path / "saved", three_firms, *words).stdout)["files"]
    assert [Path(one["file"]).parent.name for one in done] == ["saved", "three-firms"]
    ends = [json.loads(Path(one["file"]).read_text(encoding="utf-8"))["vconcat"] for one in done]
    assert [str(panels).count("[0, 28.0]") > 0 for panels in ends] == [True, False]


def test_statements_are_those_of_the_firm_that_is_named(gpnde: Gpnde, tmp_path: Path) -> None:
    words = ("charts", "taiwan-oem-pc", "--days", "91", "--only", "statements", "--format", "json")
    gpnde(*words, "--firm", "brand-leader-2", "--out", tmp_path / "pictures")
    drawn = json.loads((tmp_path / "pictures" / "statements.json").read_text(encoding="utf-8"))
    assert drawn["title"]["subtitle"].startswith("Income and balance sheet of a firm · brand-leader-2, by quarter, ")
    refused = gpnde(*words, "--firm", "brand-leader", "--out", tmp_path / "more")
    assert refused.exit_code == 2
    assert "firm 'brand-leader': unknown; did you mean 'brand-leader-" in refused.stderr


def test_flows_are_those_between_the_groups_that_are_named(gpnde: Gpnde, tmp_path: Path) -> None:
    words = (
        "charts",
        "taiwan-oem-pc",
        "--days",
        "91",
        "--only",
        "goods-flows",
        "--only",
        "service",
        "--format",
        "json",
    )
    gpnde(*words, "--by", "country", "--out", tmp_path / "pictures")
    drawn = json.loads((tmp_path / "pictures" / "goods-flows.json").read_text(encoding="utf-8"))
    assert "By country" in "".join(drawn["title"]["subtitle"]) and "Taiwan" in str(drawn["datasets"])
    assert "'tier', 'country', 'cluster'" in gpnde(*words, "--by", "firm", "--out", tmp_path / "more").stderr


def test_charts_of_plugins_join(with_plugin: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    listed = with_plugin("--json")
    last = json.loads(listed.stdout)["charts"][len(CHARTS | STUDY_CHARTS) :]
    assert [(row["name"], row["group"]) for row in last] == [("broken", "plugin"), ("stock-lines", "flow")]
    assert (last[1]["title"], last[1]["doc"]) == ("Stock lines", "The stock of each tier.")
    assert last[1]["needs"] == ["tiers"]
    assert "charts_of_mine" in last[0]["owner"]
    assert "chart 'map' of plugin 'charts_of_mine' (file" in listed.stderr
    done = with_plugin(three_firms, "--only", "stock-lines", "--out", tmp_path / "pictures")
    assert done.exit_code == 0
    assert (tmp_path / "pictures" / "stock-lines.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_plugin_that_raises_is_named_in_one_line(with_plugin: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    done = with_plugin(three_firms, "--only", "broken", "--out", tmp_path / "pictures")
    said = done.stderr
    assert done.exit_code == 2
    assert "chart 'broken' of plugin 'charts_of_mine'" in said and "KeyError: 'no such column'" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words, said",
    [
        (("beer-game",), "gpnde charts: beer-game: nowhere to draw it: add --out DIR, a new folder for the files"),
        (
            ("--out", "new"),
            "--out new: nothing to draw: name a scenario, or the folder of a run or study, before it",
        ),
        (("--only", "bulwhip"), "gpnde charts: --only 'bulwhip': no such chart; did you mean 'bullwhip'?"),
        (("beer-gam", "--out", "new"), "did you mean 'beer-game'?"),
    ],
)
def test_mistakes_are_told_in_one_line(gpnde: Gpnde, words: tuple[str, ...], said: str) -> None:
    done = gpnde("charts", *words)
    assert done.exit_code == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small study of two arms."""
    folder = tmp_path_factory.mktemp("study") / "results"
    wide = {"settings": {"ordering.review_days": 14}}
    run_study(small_study(arms={"baseline": {}, "wide": wide}, replications=3), folder, jobs=1)
    return folder


def test_charts_of_a_study_are_drawn(gpnde: Gpnde, study: Path, tmp_path: Path) -> None:
    done = gpnde("charts", study, "--out", tmp_path / "pictures", "--json")
    assert [one["chart"] for one in json.loads(done.stdout)["files"]] == ["effects", "spread"]
    assert (tmp_path / "pictures" / "effects.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    "words, said",
    [
        (("--only", "tiers"), "is a study, and tiers is a chart of a run: name a source of its kind"),
        (("--only", "sensitivity"), "nothing to draw for sensitivity: 'gpnde charts' says what each chart shows"),
    ],
)
def test_charts_that_a_study_does_not_have_are_refused(
    gpnde: Gpnde, study: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = gpnde("charts", study, *words, "--out", tmp_path / "pictures")
    assert done.exit_code == 2
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "pictures").exists()


def test_a_folder_that_holds_something_is_refused(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    done = gpnde("charts", three_firms, "--out", tmp_path)
    assert done.exit_code == 2
    assert str(tmp_path) in done.stderr
