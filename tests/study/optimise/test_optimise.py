"""An optimiser finds what theory says, keeps its constraints, and leaves the same results however it is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from queue import LifoQueue
from threading import Thread
from typing import Any

import polars as pl
import pytest
from scipy.stats import norm

import gpnde
from gpnde.errors import StudyError
from gpnde.scenario import Scenario
from gpnde.scenario.as_data import as_data
from gpnde.study.optimise.files import load_optimisation, make_optimisation
from gpnde.study.optimise.outcome import Outcome
from gpnde.study.optimise.run import run_optimisation
from gpnde.study.runner import Progress
from tests.theory.chains import chain

pytest.importorskip("optuna")

MEAN, SD, LEFT_OVER, SHORT = 100.0, 20.0, 2.0, 6.0
BEST = MEAN + SD * float(norm.ppf(SHORT / (LEFT_OVER + SHORT)))
"""The best stock of the newsvendor."""


def stall(days: float = 400) -> Scenario:
    """Return a newsvendor who begins every day with a stock that is to be found."""
    ordering = {"policy": "base-stock", "level": MEAN, "review_days": 1}
    stage = {"ordering": ordering, "holding_cost": LEFT_OVER, "stockout_cost": SHORT}
    return chain([stage], [1], {"law": f"normal(mean={MEAN}, sd={SD})"}, {"days": days})


def level_of(scenario: Scenario) -> str:
    return f"sites.{scenario.sites[0].name}.ordering.level"


def optimise(
    out: Path,
    days: float = 400,
    replications: int = 4,
    jobs: int = 1,
    progress: Progress | None = None,
    executor: Executor | None = None,
    **search: Any,
) -> Outcome:
    scenario = stall(days)
    whole = {
        "settings": {level_of(scenario): {"low": 60, "high": 160}},
        "objectives": {"cost.per_day": "minimise"},
        "trials": 24,
        "first": 3,
        "confirm": 4,
    }
    given = {"name": "stall", "scenario": json.loads(json.dumps(as_data(scenario), default=str))}
    made = make_optimisation({**given, "replications": replications, "optimise": whole | search})
    return run_optimisation(made, out, jobs=jobs, executor=executor, progress=progress)


def files(folder: Path) -> dict[str, bytes]:
    names = ("trials.csv", "trials.parquet", "best.yaml", "frontier.html", "optimise.json")
    return {name: (folder / name).read_bytes() for name in names}


def test_the_stock_of_the_newsvendor_is_found(tmp_path: Path) -> None:
    """A fifth of a standard deviation off raises the cost by less than two per cent; a search comes about so near."""
    outcome = optimise(tmp_path, trials=40)
    assert outcome.best is not None
    (level,) = outcome.best.settings.values()
    assert level == pytest.approx(BEST, abs=SD / 4)
    expected = (LEFT_OVER + SHORT) * SD * float(norm.pdf((BEST - MEAN) / SD))
    assert outcome.interval(outcome.best, "cost.per_day").mean == pytest.approx(expected, rel=0.05)


def test_a_constraint_that_binds_moves_the_best_trial_to_its_bound(tmp_path: Path) -> None:
    """Demand is met in full on Φ(z) of all days: 95 % of them need 1.645 standard deviations, not 0.674."""
    outcome = optimise(tmp_path, trials=40, constraints={"flow.full_service": {"at_least": 0.95}})
    assert outcome.best is not None
    (level,) = outcome.best.settings.values()
    bound = MEAN + SD * float(norm.ppf(0.95))
    assert bound - SD / 10 <= level <= bound + SD / 2
    assert outcome.verdict(outcome.best) == "met"


def test_results_do_not_depend_on_workers_or_interruptions(tmp_path: Path) -> None:
    optimise(tmp_path / "one", 28, together=4)
    optimise(tmp_path / "two", 28, together=4, jobs=2)
    calls = iter([False] * 5 + [True])

    def stop(*_: int) -> None:
        if next(calls):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        optimise(tmp_path / "stopped", 28, together=4, progress=stop)
    assert not (tmp_path / "stopped" / "optimise.json").exists()
    optimise(tmp_path / "stopped", 28, together=4)
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "stopped")


class LastFirst(Executor):
    """One thread that always does next what was submitted last, so that results come in another order."""

    def __init__(self) -> None:
        self._waiting: LifoQueue[Callable[[], None] | None] = LifoQueue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        self._waiting.put(lambda: done.set_result(fn(*args, **kwargs)))
        return done

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            task()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._waiting.put(None)
        self._thread.join()


def test_a_trial_is_chosen_after_each_that_is_told_whoever_was_first(tmp_path: Path) -> None:
    optimise(tmp_path / "in-order", 28, together=4)
    with LastFirst() as executor:
        optimise(tmp_path / "last-first", 28, jobs=4, executor=executor, together=4)
    assert files(tmp_path / "in-order") == files(tmp_path / "last-first")


def test_more_replications_are_for_promising_trials_only(tmp_path: Path) -> None:
    outcome = optimise(tmp_path, 100, replications=6)
    states = {each.state: len(each.values["cost.per_day"]) for each in outcome.trials}
    assert states == {"complete": 6, "dropped": 3}
    table = pl.read_parquet(tmp_path / "trials.parquet")
    assert table.filter(state="dropped")["reason"].str.starts_with("worse than trial ").all()
    runs = json.loads((tmp_path / "optimise.json").read_text())
    assert runs["trials"]["dropped"] == table.filter(state="dropped").height > 0


def test_the_best_scenario_runs_and_has_the_settings_of_its_trial(tmp_path: Path) -> None:
    outcome = optimise(tmp_path, 28)
    assert outcome.best is not None
    scenario = gpnde.load_scenario(tmp_path / "best.yaml")
    assert scenario.sites[0].ordering is not None
    assert scenario.sites[0].ordering.level == next(iter(outcome.best.settings.values()))
    run = gpnde.simulate(scenario, replication=4)
    assert run.metric("cost.per_day") == outcome.fresh[outcome.best.number]["cost.per_day"][0]


def test_two_objectives_leave_a_frontier(tmp_path: Path) -> None:
    goals = {"cost.holding": "minimise", "flow.full_service": "maximise"}
    outcome = optimise(tmp_path, 100, objectives=goals)
    rows = [[float(pl.Series(each.values[name]).mean() or 0) for name in goals] for each in outcome.finalists]  # type: ignore[arg-type]
    assert len(rows) > 3
    assert not any(a[0] <= b[0] and a[1] >= b[1] for a in rows for b in rows if a is not b)


def test_a_choice_is_made_from_values(tmp_path: Path) -> None:
    path = level_of(stall())
    outcome = optimise(tmp_path, 100, settings={path: {"values": [20, 113, 300]}}, trials=12)
    assert outcome.best is not None and outcome.best.settings == {path: 113}


def test_no_best_trial_where_none_keeps_the_constraints(tmp_path: Path) -> None:
    outcome = optimise(tmp_path, 28, trials=4, constraints={"flow.full_service": {"at_least": 1.5}})
    assert outcome.best is None and not (tmp_path / "best.yaml").exists()
    assert {each.state for each in outcome.trials} == {"dropped"}


def test_failed_trials_are_left_out_and_all_failed_is_an_error(tmp_path: Path) -> None:
    path = level_of(stall()).replace("level", "review_days")
    outcome = optimise(tmp_path / "some", 28, settings={path: {"values": [1, -1]}}, trials=8)
    assert {each.state for each in outcome.trials} >= {"failed"} and outcome.best is not None
    assert outcome.best.settings == {path: 1}
    with pytest.raises(StudyError, match="must be at least 0"):
        optimise(tmp_path / "all", 28, settings={path: {"low": -3, "high": -1}})


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("{}", "optimise.settings: missing: name settings with their bounds, such as ordering.safety_factor"),
        ("{settings: {ordering.safety_factor: }}", "optimise.settings.ordering.safety_factor: no bounds: give them"),
        ("{settings: {clock.days: {low: 9}}}", "optimise.settings.clock.days: high is missing: give them"),
        ("{settings: {clock.days: {low: 9, high: 1}}}", "optimise.settings.clock.days: low 9 and high 1: low must be"),
        ("{settings: {clock.days: {low: 1, high: 9}}}", "optimise.objectives"),
    ],
)
def test_a_wrong_section_is_one_line(section: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"name: wrong\nscenario: beer-game\noptimise: {section}\n")
    with pytest.raises(StudyError) as found:
        load_optimisation(path)
    assert str(found.value).startswith(f"wrong.yaml: {line}") and "\n" not in str(found.value)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StudyError, match="holds thesis.txt and no optimisation"):
        optimise(tmp_path, 28)
