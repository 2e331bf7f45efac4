"""`gpnde resilience` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import Result

from gpnde.cli.resilience import read_hazard, resilience
from gpnde.errors import GpndeError
from gpnde.study.resilience.options import RankBy

Gpnde = Callable[..., Result]
QUICK = (
    "--seeds",
    "2",
    "--kinds",
    "site",
    "--watch-days",
    "21",
    "--outage-days",
    "7",
    "--from-day",
    "14",
    "--jobs",
    "1",
)


def test_it_ranks_outages_and_writes_tables_and_a_page(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    done = gpnde("resilience", three_firms, "--out", tmp_path / "out", *QUICK)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "three-firms: 8 of 8 runs ok, 0 failed, 0 missing"
    assert lines[1] == "3 sites, each out for 7 days from day 14, watched until day 42; 2 pairs of runs each."
    assert "assembly" in done.stdout and lines[-1].startswith("report.html and tables are in ")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"outages", "report.html", "things.csv", "parts.csv", "pairs.csv", "losses.csv", "risk.csv"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Without site assembly" in page and "time-to-recover" in page


def test_the_same_command_runs_nothing_again_and_prints_json(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    gpnde("resilience", three_firms, "--out", tmp_path / "out", *QUICK)
    done = gpnde("resilience", three_firms, "--out", tmp_path / "out", *QUICK, "--json", "--metric", "time-to-survive")
    answer = json.loads(done.stdout)
    assert (answer["day"], answer["end"], answer["ok"]) == (14, 42, 8)
    assert [row["rank"] for row in answer["things"]] == [1, 2, 3]
    assert {row["split"] for row in answer["parts"]} <= {"cause", "fate", "drop-outs"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--kinds", "site,ports"),
            "--kinds: unknown kind of outage 'ports'; there are cluster, country, hub, link, site",
        ),
        (("--kinds", "cluster"), "kinds: cluster: scenario three-firms has none of them"),
        (("--outage-days", "90"), "outage_days: 90 from day 14, and hold_days 14 after it: must end by day 56"),
        (("--outage-days", "-1"), "--outage-days: -1.0: must be at least 0"),
        (("--tolerance", "2"), "--tolerance: 2.0: must be below 1"),
        (("--risk-runs", "5"), "hazards: none, and scenario three-firms has no disruption: name one"),
        (("--hazard", "disruption.site-outage:often"), "must be KEY=VALUE"),
        (
            ("--hazard", "disruption.site-outage:tiers=[1"),
            "tiers=[1' line 2, column 1: did not find expected ',' or ']': fix the YAML there",
        ),
        (("--hazard", ""), "--hazard"),
        (("--set", "clock.dys=3"), "clock.dys"),
        (("--hazard", "disruption.sit-outage"), "did you mean 'disruption.site-outage'"),
        (
            ("--hazard", "disruption.site-outage:mean_up_days=-1"),
            "disruption.site-outage.mean_up_days = -1 (day): must be above 0",
        ),
        (("--hazard", "disruption.site-outage", "--risk-runs", "0"), "risk_runs 0 samples none"),
        (("--watch-days", "7", "--hold-days", "8"), "hold_days 8 is above watch_days 7"),
        (("--metric", "money"), "'money' is not one of"),
        (("--from-day", "nan"), "--from-day"),
    ],
)
def test_a_mistake_is_one_line_before_any_run(
    gpnde: Gpnde, three_firms: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = gpnde("resilience", three_firms, "--out", tmp_path / "out", *QUICK, *words)
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_ranks_is_what_the_options_know() -> None:
    option = next(each for each in resilience.params if each.name == "metric")
    assert isinstance(option.type, click.Choice) and tuple(option.type.choices) == get_args(RankBy)


def test_hazards_are_sampled(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    hazard = "disruption.site-outage:mean_up_days=14,mean_down_days=7,tiers=[0]"
    done = gpnde("resilience", three_firms, "--out", tmp_path / "o", *QUICK, "--hazard", hazard, "--risk-runs", "6")
    assert "With sampled disruptions, revenue lost or late is above" in done.stdout
    assert (tmp_path / "o" / "risk.csv").read_text().count("value-at-risk") == 12


def test_values_of_hazards_are_read_as_in_scenarios() -> None:
    assert read_hazard("disruption.site-outage:countries=[NO],mean_up_days=1e2")["countries"] == ["NO"]
    with pytest.raises(GpndeError, match="--hazard 'a.b:c=!!python/none x'"):
        read_hazard("a.b:c=!!python/none x")
