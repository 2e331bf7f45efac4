"""What is kept of each run: the measures of the study, and what comparisons of arms need besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpnde.errors import StudyError, nearest
from gpnde.results.columns import TABLES
from gpnde.results.metric import Metric
from gpnde.results.metrics import METRICS_DOC
from gpnde.study.ranges import component_of
from gpnde.study.resolve import component_names
from gpnde.study.schema import Precision, Study

if TYPE_CHECKING:
    from gpnde.results import Run

_OF_COMPONENTS = ("policy", "diffusion", "disruption", "metric")
"""Families whose metrics begin with the name of a component of the study."""

_ACCOUNTS = (".cost", ".revenue", ".beneficiaries", ".leakage")
_TERMS = tuple(f"upgrading.{term}" for term in ("within", "between", "cross", "entry", "exit"))


def check_measures(study: Study) -> None:
    """Refuse a measure or table of a resolved study that no run can have, before any run is made.

    Raises
    ------
    StudyError
        A name is unknown; the error gives the nearest one.
    """
    for table in study.tables:
        if table not in TABLES:
            raise StudyError(f"tables: {table!r}: no such table{nearest(table, TABLES)}: one of {', '.join(TABLES)}")
    used = component_names(study.scenario if isinstance(study.scenario, dict) else {}, study.arms)
    for name in study.measures:
        _check(f"measures: {name!r}", name.removesuffix("*").removesuffix("."), used, name.endswith("*"))
    if isinstance(study.replications, Precision):
        _check(f"replications.of: {study.replications.of!r}", study.replications.of, used, is_beginning=False)


def measure(run: Run, study: Study) -> list[Metric]:
    """Return the metrics of a run that are kept."""
    rows = run.metrics.select("metric", "value", "unit").iter_rows()
    return [metric for metric in (Metric(*row) for row in rows) if is_kept(metric.name, study)]


def is_kept(name: str, study: Study) -> bool:
    """Return whether a metric is a measure of the study or needed to compare arms.

    >>> study = Study(name="x", scenario="beer-game", measures=["flow.*"])
    >>> [is_kept(name, study) for name in ("flow.fill_rate", "tier_gap", "policy.tax.cost", "upgrading.within")]
    [True, False, True, True]
    """
    if name in _TERMS or name.startswith("policy.") and name.endswith(_ACCOUNTS):
        return True
    wanted = study.measures
    if isinstance(study.replications, Precision):
        wanted = (*wanted, study.replications.of)
    return any(covers(each, name) for each in wanted)


def covers(wanted: str, name: str) -> bool:
    """Return whether a measure as a study names it, such as ``flow.*``, takes the metric *name*.

    >>> covers("flow.*", "flow.fill_rate"), covers("flow", "flow.fill_rate")
    (True, False)
    """
    return name == wanted or wanted.endswith("*") and name.startswith(wanted[:-1])


def _check(where: str, name: str, used: Iterable[str], is_beginning: bool) -> None:
    family = name.partition(".")[0]
    if name in METRICS_DOC and name not in _OF_COMPONENTS or is_beginning and _begins_one(name):
        return
    if family in _OF_COMPONENTS:
        if component_of(f"{name}.", used) is None:
            raise StudyError(f"{where}: no such component in the study{nearest(name, used)}")
        return
    if not any(name.startswith(f"{known}.") for known in METRICS_DOC):
        known = [each for each in METRICS_DOC if each not in _OF_COMPONENTS]
        raise StudyError(
            f"{where}: no such measure{nearest(name, known)}; 'gpnde run PRESET --json' lists those of a run"
        )


def _begins_one(name: str) -> bool:
    return not name or any(known == name or known.startswith(f"{name}.") for known in METRICS_DOC)
