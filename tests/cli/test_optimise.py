"""`gpnde optimise` and `gpnde safety-stock`: what they print, leave and refuse."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import gpnde as package

from .interrupting import interrupted

pytest.importorskip("optuna")
pytest.importorskip("stockpyl")

Gpnde = Callable[..., Result]

SEARCH = """\
name: small
scenario: single-site
replications: 4
settings: {clock.days: 56}
optimise:
  settings: {ordering.safety_factor: {low: 0, high: 3}}
  objectives: {flow.cover: minimise}
  constraints: {flow.fill_rate: {at_least: 0.5}}
  trials: 6
  first: 2
  together: 3
  confirm: 2
"""
WAITING = SEARCH.replace("optimise:", "arms: {only: {components: [{use: metric.trouble, how: wait}]}}\noptimise:")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SEARCH)
    return path


def test_optimise_tells_the_best_trial_and_leaves_a_scenario(gpnde: Gpnde, study: Path, out: Path) -> None:
    done = gpnde("optimise", study, "--out", out, "--jobs", 1)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("small: 6 trials, ") and lines[1].startswith("best: trial ")
    assert "at least 0.5: met" in done.stdout
    assert package.load_scenario(out / "best.yaml").clock.days == 56
    answer = json.loads(gpnde("optimise", study, "--out", out, "--jobs", 1, "--json").stdout)
    best = answer["best"]
    assert answer["trials"]["all"] == 6 and best["constraints"] == {"flow.fill_rate": "met"}
    assert best["change"]["flow.cover"]["low"] <= best["change"]["flow.cover"]["mean"]


def test_no_trial_that_keeps_the_constraints_is_exit_code_1(gpnde: Gpnde, study: Path, out: Path) -> None:
    study.write_text(SEARCH.replace("at_least: 0.5", "at_least: 1.5"))
    done = gpnde("optimise", study, "--out", out, "--jobs", 1)
    assert done.exit_code == 1
    assert "no trial keeps the constraints: flow.fill_rate at least 1.5: allow more" in done.stdout


def test_an_optimiser_without_bounds_is_one_line(gpnde: Gpnde, study: Path, out: Path) -> None:
    study.write_text(SEARCH.replace("{low: 0, high: 3}", ""))
    done = gpnde("optimise", study, "--out", out)
    assert (done.exit_code, done.stdout) == (2, "")
    line = "small.yaml: optimise.settings.ordering.safety_factor: no bounds: give them, such as {low: 0, high: 100}"
    assert done.stderr == f"gpnde optimise: {line}\n" and not out.exists()


def test_batch_names_the_command_for_a_search(gpnde: Gpnde, study: Path, out: Path) -> None:
    done = gpnde("batch", study, "--out", out)
    assert done.stderr == "gpnde batch: small.yaml: optimise: is for another command: gpnde optimise\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_ctrl_c_keeps_what_is_committed(study: Path, out: Path, trouble: None, environment: dict[str, str]) -> None:
    study.write_text(WAITING.replace("how: wait", "how: wait, share: 0.5"))
    words = ["gpnde", "optimise", str(study), "--out", str(out), "--jobs", "1"]
    ended = interrupted(words, out / "runs", environment)
    assert ended.exit_code == 130, ended.told
    line = f"gpnde optimise: interrupted: what is committed in {out} stays, the same command resumes\n"
    assert ended.told.endswith(line)


def test_safety_stocks_are_written_into_a_scenario(gpnde: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    costs = [word for name in ("assembly", "boards") for word in ("--set", f"sites.{name}.holding_cost=1")]
    placed = tmp_path / "placed.yaml"
    done = gpnde("safety-stock", three_firms, *costs, "--replications", 2, "--out", placed)
    assert done.exit_code == 0, done.output
    assert "the least by the model" in done.stdout and "flow.fill_rate" in done.stdout
    rules = {site.name: site.ordering for site in package.load_scenario(placed).sites}
    answer = json.loads(gpnde("safety-stock", three_firms, *costs, "--replications", 2, "--json").stdout)
    levels = {row["site"]: row["level"] for row in answer["stages"]}
    assert {name: rule.level for name, rule in rules.items() if rule} == levels
    more = json.loads(gpnde("safety-stock", three_firms, *costs, "--safety-factor", 2, "--json").stdout)
    assert more["cost_per_day"] == pytest.approx(answer["cost_per_day"] * 2 / 1.645)


def test_safety_stocks_need_costs_of_holding(gpnde: Gpnde, three_firms: Path) -> None:
    done = gpnde("safety-stock", three_firms)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "gpnde safety-stock: sites: no holding_cost above 0: give that of each site\n"
