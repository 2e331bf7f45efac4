"""Every mistake in the input ends in one line that says where, what and what instead; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Gpnde = Callable[..., Result]

MISTAKES = {
    "broken YAML": ("sites:", "sites: [", "three-firms.yaml"),
    "unknown key": ("capacity_per_day: 130}\n  boards", "capcity_per_day: 130}\n  boards", "'capacity_per_day'"),
    "negative capacity": ("product: laptop, capacity_per_day: 130", "product: laptop, capacity_per_day: -130", "-130"),
    "a link to a firm that does not exist": ("supplier: boards", "supplier: bords", "'boards'"),
    "a firm that does not exist": ("firm: board-maker", "firm: bord-maker", "'board-maker'"),
    "a cycle in the bill of materials": ("chip: {}", "chip: {made_of: {laptop: 1}}", "made of itself"),
    "a market without a site": ("served_by: [assembly]", "served_by: []", "markets.shops.served_by"),
    "shares that do not sum to 1": ("share: 1,", "share: 0.7,", "must sum to 1"),
    "not a number": ("mean=100", "mean=nan", "nan"),
    "a billion days": ("days: 56", "days: 1000000000", "at most 1,000,000"),
    "an unknown law": ("normal(mean=100", "norml(mean=100", "'normal'"),
    "an unknown component": ("provenance:", "components: [{use: disruption.site-outge}]\nprovenance:", "site-outage"),
    "a parameter out of bounds": (
        "provenance:",
        "components: [{use: disruption.site-outage, mean_up_days: -3}]\nprovenance:",
        "disruption.site-outage.mean_up_days = -3 (day): must be above 0",
    ),
    "an unknown parameter": (
        "provenance:",
        "components: [{use: disruption.site-outage, mean_up_day: 3}]\nprovenance:",
        "'mean_up_days'",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_one_line_and_writes_nothing(
    gpnde: Gpnde, three_firms: Path, right: str, wrong: str, said: str
) -> None:
    text = three_firms.read_text(encoding="utf-8")
    assert right in text
    three_firms.write_text(text.replace(right, wrong), encoding="utf-8")
    refused(gpnde("run", three_firms, "--out", three_firms.parent / "out"), "gpnde run: ", said)
    refused(gpnde("check", three_firms), "gpnde check: ", said)
    assert list(three_firms.parent.iterdir()) == [three_firms]


def refused(result: Result, where: str, said: str) -> None:
    """Expect exit code 2, nothing on stdout and one line on stderr."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(where)
    assert said in result.stderr


def test_missing_file_is_refused(gpnde: Gpnde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(gpnde("run", "none.yaml", "--out", "out"), "gpnde run: ", "none.yaml")
    assert not list(tmp_path.iterdir())


def test_misspelt_preset_is_refused_with_the_nearest_name(gpnde: Gpnde) -> None:
    refused(gpnde("run", "beer-gane"), "gpnde run: ", "did you mean 'beer-game'?")


def test_table_with_wrong_columns_is_refused(gpnde: Gpnde, tmp_path: Path) -> None:
    assert gpnde("new", "scenario", tmp_path / "net", "--firms", 10).exit_code == 0
    sites = tmp_path / "net" / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace("capacity_per_day", "capacity"), encoding="utf-8")
    refused(gpnde("run", tmp_path / "net", "--out", tmp_path / "out"), "gpnde run: ", "'capacity_per_day'")
    assert [path.name for path in tmp_path.iterdir()] == ["net"]


def test_import_of_a_table_with_wrong_columns_is_refused(gpnde: Gpnde, tmp_path: Path) -> None:
    (tmp_path / "stages.csv").write_text("stag,stage_cost,stage_time\na,1,1\n", encoding="utf-8")
    (tmp_path / "arcs.csv").write_text("source,destination\na,a\n", encoding="utf-8")
    files = (tmp_path / "stages.csv", tmp_path / "arcs.csv")
    refused(gpnde("import", "willems", *files, "--out", tmp_path / "out"), "gpnde import: ", "'stage'")
    assert sorted(tmp_path.iterdir()) == sorted(files)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "beer-game", "--days", "1000000000"), "at most 1,000,000"),
        (("run", "beer-game", "--days", "-1"), "must be above 0"),
        (("run", "beer-game", "--days", "soon"), "must be a number"),
        (("run", "beer-game", "--days", "nan"), "finite"),
        (("run", "beer-game", "--seed", "-1"), "--seed"),
        (("run", "beer-game", "--replication", "x"), "--replication"),
        (("run", "beer-game", "--set", "clock.dys=3"), "'days'"),
        (("run", "beer-game", "--set", "clock.days"), "KEY=VALUE"),
        (("run", "beer-game", "--sed", "3"), "--seed"),
        (("new", "scenario", "net", "--firms", "4"), "must be from 5 to 100,000"),
        (("import", "wilems", "x.csv", "--out", "net"), "'willems'"),
        (("rnu",), "'run'"),
        (("run",), "SCENARIO"),
        (("rerun", "nowhere"), "run.json"),
    ],
)
def test_wrong_words_are_refused(
    gpnde: Gpnde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(gpnde(*words), "gpnde", said)
    assert not list(tmp_path.iterdir())


def test_folder_that_holds_something_is_refused_before_the_scenario_is_read(gpnde: Gpnde, tmp_path: Path) -> None:
    (tmp_path / "keep").write_text("mine", encoding="utf-8")
    refused(gpnde("run", "no such scenario", "--out", tmp_path), "gpnde run: ", "already holds 1 entry")
    refused(gpnde("new", "scenario", tmp_path, "--firms", 5), "gpnde new scenario: ", "already holds 1 entry")
    assert [path.name for path in tmp_path.iterdir()] == ["keep"]


def test_folder_that_cannot_be_made_is_refused(gpnde: Gpnde, three_firms: Path) -> None:
    refused(gpnde("run", three_firms, "--days", 7, "--out", three_firms / "out"), "gpnde run: ", str(three_firms))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc, which cannot be written")
def test_place_where_nothing_can_be_written_is_refused_before_the_run(gpnde: Gpnde) -> None:
    refused(gpnde("run", "no such scenario", "--out", "/proc/out"), "gpnde run: ", "/proc/out")
