"""Write the outcome of an optimisation: a table of trials, a chart, and scenarios that run."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from gpnde.charts.frontier import frontier
from gpnde.charts.page import chart_page
from gpnde.scenario.files import scenario_text
from gpnde.study.folder import Folder
from gpnde.study.intervals import mean_interval
from gpnde.study.optimise.judge import kept_all
from gpnde.study.optimise.outcome import Outcome
from gpnde.study.optimise.race import as_json
from gpnde.study.optimise.trials import Trial

if TYPE_CHECKING:
    import polars as pl

    from gpnde.study.plan import Plan

RESULT = "optimise.json"
TRIALS = "trials"
BEST = "best.yaml"
CHART = "frontier.html"
_NONE = {"mean": None, "low": None, "high": None}


def write_outcome(folder: Folder, outcome: Outcome, plan: Plan) -> None:
    """Write ``trials.parquet``, ``trials.csv``, ``frontier.html``, ``best.yaml``, finalists and ``optimise.json``."""
    table = trials_table(outcome)
    parquet = io.BytesIO()
    table.write_parquet(parquet)
    folder.write(f"{TRIALS}.parquet", parquet.getvalue())
    folder.write(f"{TRIALS}.csv", table.write_csv().encode())
    chart = frontier(points_table(outcome)).to_dict()
    folder.write(CHART, chart_page(chart, f"{outcome.optimisation.study.name}: frontier").encode())
    for trial in outcome.finalists:
        folder.write(f"finalists/trial-{trial.number}.yaml", _scenario(plan, trial))
    if outcome.best:
        folder.write(BEST, _scenario(plan, outcome.best))
    # Last, so that everything else is complete once it exists.
    result = {**outcome.optimisation.to_json(), **outcome.to_json()}
    folder.write(RESULT, f"{json.dumps(result, indent=1, ensure_ascii=False)}\n".encode())


def _scenario(plan: Plan, trial: Trial) -> bytes:
    return scenario_text(plan.scenario(plan.arms[0], 0, as_json(trial.settings))).encode()


def trials_table(outcome: Outcome) -> pl.DataFrame:
    """Return a row per trial: settings, state, verdict, and each metric with its interval, also over fresh seeds."""
    import polars as pl

    return pl.DataFrame([_row(outcome, each) for each in outcome.trials], infer_schema_length=None)


def _row(outcome: Outcome, trial: Trial) -> dict[str, Any]:
    best = outcome.best
    row: dict[str, Any] = {"trial": trial.number, **{path: _cell(value) for path, value in trial.settings.items()}}
    row |= {"state": trial.state, "reason": trial.reason, "replications": _replications(trial)}
    row |= {"constraints": kept_all(trial.values, outcome.search) if trial.values else None}
    row |= {"finalist": trial in outcome.finalists, "best": trial is best}
    for label, values in (("", trial.values), ("fresh.", outcome.fresh.get(trial.number, {}))):
        for name in outcome.search.metrics:
            found = mean_interval(values[name])._asdict() if name in values else _NONE
            row |= {f"{label}{name}.{end}": value for end, value in found.items()}
    return row


def _replications(trial: Trial) -> int:
    return len(next(iter(trial.values.values()), ()))


def _cell(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str | None) else json.dumps(value)


def points_table(outcome: Outcome) -> pl.DataFrame:
    """Return what the chart of the frontier draws: a row per trial with results, and its place on two axes.

    The axes are the first two objectives, or a constraint and the objective, or the number of the trial and that.
    """
    import polars as pl

    search = outcome.search
    objectives, limits = list(search.objectives), list(search.constraints)
    across, up = (objectives[0], objectives[1]) if len(objectives) > 1 else (limits[0] if limits else "", objectives[0])
    limit = search.constraints.get(across)
    about = {
        "x_metric": across or "trial",
        "y_metric": up,
        "x_limit": limit.bound if limit else None,
        "limit": f"{across} {limit}" if limit else None,
        "goal": search.objectives[up],
        "objectives": len(objectives),
    }
    drawn = [each for each in outcome.trials if each.values]
    rows = [{**_point(outcome, each, across, up), **about} for each in drawn]
    types = {"x_limit": pl.Float64, "limit": pl.String}
    return pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None)


def _point(outcome: Outcome, trial: Trial, across: str, up: str) -> dict[str, Any]:
    y = outcome.interval(trial, up)
    x = outcome.interval(trial, across) if across else (float(trial.number),) * 3
    ends = dict(zip(("x", "x_low", "x_high", "y", "y_low", "y_high"), (*x, *y), strict=True))
    return {"trial": trial.number, "says": _says(outcome, trial), "verdict": outcome.verdict(trial), **ends}


def _says(outcome: Outcome, trial: Trial) -> str:
    if trial is outcome.best:
        return "best"
    if trial in outcome.finalists:
        return "finalist"
    return "dropped" if trial.state == "dropped" else "tried"
