"""The EMA Workbench: results in its shape, and a scenario as one of its models."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import StudyError
from gpnde.extras import require_extra
from gpnde.study.schema import Range, Study, Table, Values

if TYPE_CHECKING:
    import pandas
    import polars as pl

    from gpnde.study.results import StudyResults

ARM = "arm"
"""The lever of a model that is made of a study: which of its arms."""


def to_ema(results: StudyResults, each_run: bool = False) -> tuple[pandas.DataFrame, dict[str, NDArray[np.float64]]]:
    """Return experiments and outcomes as ``perform_experiments`` of the EMA Workbench does.

    There is one experiment per arm and point of which a run is ok, with the means over its replications, or one per run
    with *each_run*. Experiments have a column per setting that is varied, then scenario (the point), policy (the arm),
    model, and replication with *each_run*. What was not measured is NaN.

    Raises
    ------
    StudyError
        No run is ok.
    MissingExtra
        The extra ``study``, which brings pandas, is not installed.
    """
    import polars as pl

    results.refuse_if_empty()
    require_extra("study", "pandas", "pyarrow")
    unit = ["point", "arm", "replication"] if each_run else ["point", "arm"]
    runs = results.runs.filter(pl.col("status") == "ok").unique(unit).sort(unit)
    wide = results.values.pivot("measure", index=unit, values="value", aggregate_function="mean")
    missing = [pl.lit(None, pl.Float64).alias(name) for name in results.measures if name not in wide.columns]
    table = runs.select(*unit, *results.settings).join(wide.with_columns(missing), on=unit, how="left").sort(unit)
    outcomes = {name: np.array(table[name].cast(pl.Float64).to_numpy(), np.float64) for name in results.measures}
    return _experiments(table, results, each_run), outcomes


def _experiments(table: pl.DataFrame, results: StudyResults, each_run: bool) -> pandas.DataFrame:
    import polars as pl

    # With texts as categories the scenario discovery of the workbench tells them from numbers.
    texts = [name for name in results.settings if table[name].dtype in (pl.String, pl.Boolean)]
    frame: pandas.DataFrame = table.select(results.settings).to_pandas()
    frame[texts] = frame[texts].astype("category")
    frame["scenario"] = table["point"].to_list()
    frame["policy"] = table["arm"].to_list()
    frame["model"] = _model_name(results.study.name)
    for name in ("scenario", "policy", "model"):
        frame[name] = frame[name].astype("category")
    if each_run:
        frame["replication"] = table["replication"].to_list()
    return frame


def ema_model(
    study: Study | str,
    *,
    uncertainties: Mapping[str, Any] | None = None,
    measures: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    seed: int = 1,
    replications: int = 1,
) -> Any:
    """Return a study, or a scenario by its name or path, as a ``Model`` of the EMA Workbench.

    The arms of a study are the lever ``arm``, its uncertainties those of the model, and its measures the outcomes,
    which are means over its replications. For a scenario all of these are given here, as in a study file. Every
    experiment uses the same random numbers.

    Raises
    ------
    StudyError
        A measure is not named in full, or an uncertainty is not given.
    MissingExtra
        The extra ``ema``, which brings the workbench, is not installed.
    """
    if isinstance(study, str):
        study = _study_of(study, uncertainties or {}, measures, settings or {}, seed, replications)
    elif uncertainties or measures or settings:
        raise StudyError(
            where=f"study {study.name}", expected="has its own uncertainties, measures and settings: change them there"
        )
    from gpnde.study.measures import check_measures
    from gpnde.study.resolve import resolve

    resolved = resolve(study)
    check_measures(resolved)
    unnamed = next((name for name in resolved.measures if name.endswith("*")), None)
    if unnamed:
        raise StudyError(where="measures", given=repr(unnamed), expected="a model needs each of them by its full name")
    return _model(resolved)


def _study_of(
    scenario: str,
    uncertainties: Mapping[str, Any],
    measures: Sequence[str],
    settings: Mapping[str, Any],
    seed: int,
    replications: int,
) -> Study:
    from gpnde.study.files import make_study

    given = {"name": scenario, "scenario": scenario, "measures": list(measures), "settings": dict(settings)}
    # The workbench has designs of its own; a study that varies anything has to name one.
    design = {"uncertainties": dict(uncertainties), "design": {"kind": "latin-hypercube", "samples": 2}}
    return make_study({**given, **(design if uncertainties else {}), "seed": seed, "replications": replications})


def _model(study: Study) -> Any:
    workbench = _workbench()
    model = workbench.Model(_model_name(study.name), function=Experiment(study))
    axes, fixed = study.uncertainties, _fixed(study)
    model.uncertainties = [_parameter(workbench, name, axis) for name, axis in axes.items() if name not in fixed]
    model.constants = [workbench.Constant(name, value) for name, value in fixed.items()]
    if len(study.arms) > 1:
        model.levers = [workbench.CategoricalParameter(ARM, list(study.arms))]
    model.outcomes = [workbench.ScalarOutcome(name) for name in study.measures]
    return model


def _fixed(study: Study) -> dict[str, Any]:
    """Return the settings with a single value, which the workbench does not count as uncertainties."""
    axes = {name: axis.values for name, axis in study.uncertainties.items() if isinstance(axis, Values)}
    return {name: values[0] for name, values in axes.items() if len(values) == 1}


def _parameter(workbench: Any, name: str, axis: Any) -> Any:
    if isinstance(axis, Values):
        return workbench.CategoricalParameter(name, list(axis.values))
    assert isinstance(axis, Range)
    if axis.integer:
        return workbench.IntegerParameter(name, int(axis.low), int(axis.high))
    return workbench.RealParameter(name, axis.low, axis.high)


@dataclass(frozen=True)
class Experiment:
    """One experiment of a model: settings in, measures out. It can be sent to other processes."""

    study: Study
    """A resolved study."""

    def __call__(self, **given: Any) -> dict[str, float]:
        """Return the mean of each measure over the replications; NaN for measures without a value.

        Raises
        ------
        GpndeError
            The values do not fit into the scenario.
        """
        from gpnde.engine import simulate
        from gpnde.study.measures import measure

        arm = str(given.pop(ARM, next(iter(self.study.arms))))
        scenario = self._plan(given).scenario(arm, 0)
        runs = (simulate(scenario, seed=self.study.seed, replication=number) for number in range(self._replications))
        found = [{metric.name: metric.value for metric in measure(run, self.study)} for run in runs]
        return {name: _mean([run[name] for run in found if name in run]) for name in self.study.measures}

    @property
    def _replications(self) -> int:
        wanted = self.study.replications
        return wanted if isinstance(wanted, int) else wanted.min

    def _plan(self, point: Mapping[str, Any]) -> Any:
        from gpnde.study.plan import Plan

        design = Table(points=(dict(point),)) if point else None
        return Plan(self.study.model_copy(update={"uncertainties": {}, "design": design}))


def _mean(values: list[float]) -> float:
    defined = [value for value in values if math.isfinite(value)]
    return float(np.mean(defined)) if defined else math.nan


def _model_name(name: str) -> str:
    """Return a name as the workbench wants it, of letters and digits only."""
    return "".join(letter for letter in name if letter.isalnum()) or "gpnde"


def _workbench() -> Any:
    require_extra("ema", "ema_workbench")
    with warnings.catch_warnings():
        # It warns of every kind of parallel computing that is not installed.
        warnings.simplefilter("ignore")
        import ema_workbench
    return ema_workbench
