"""The stored metrics of each run: the measures of the study, and those that comparisons of arms need."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpnde.errors import ComponentError, ResultsError, StudyError, nearest
from gpnde.results.columns import TABLES
from gpnde.results.metric import Better, Metric
from gpnde.results.metrics.policies import FAMILIES
from gpnde.results.metrics.upgrading import TERMS
from gpnde.results.register import Kinds, describe, known_measures, taken_beginning
from gpnde.study.ranges import component_of
from gpnde.study.resolve import component_names
from gpnde.study.schema import Precision, Study

if TYPE_CHECKING:
    from gpnde.results import Run

_ACCOUNTS = (".cost", ".revenue", ".net_cost", ".beneficiaries", ".leakage")


def check_measures(study: Study) -> None:
    """Raise an error for a measure or table that no run can have, before any run is made.

    Raises
    ------
    StudyError
        A name is unknown; the error gives the nearest one.
    """
    for table in study.tables:
        if table not in TABLES:
            raise StudyError(
                where="tables",
                given=repr(table),
                expected=f"no such table{nearest(table, TABLES)}: one of {', '.join(TABLES)}",
            )
    used = component_names(study.scenario if isinstance(study.scenario, dict) else {}, study.arms)
    for name in study.measures:
        _check(f"measures: {name!r}", _stem(name), used, name.endswith("*"))
    if isinstance(study.replications, Precision):
        _check(f"replications.of: {study.replications.of!r}", study.replications.of, used, is_beginning=False)


def plugin_metrics(study: Study) -> tuple[str, ...]:
    """Return the metrics of plugins that a study names among its measures, so that its runs compute them.

    What begins like a metric of gpnde, such as ``flow.*``, names none: an installed plugin changes no study.
    """
    from gpnde.plugin.host import plugin_host

    named = [name for name in _wanted(study) if _stem(name) and not taken_beginning(_stem(name))]
    return tuple(kind for kind in plugin_host().metrics if any(_names(each, kind) for each in named)) if named else ()


def _names(wanted: str, kind: str) -> bool:
    """Return whether a measure names a kind of metric or one of that kind."""
    return covers(wanted, kind) or f"{_stem(wanted)}.".startswith(f"{kind}.")


def _stem(name: str) -> str:
    return name.removesuffix("*").removesuffix(".")


def _wanted(study: Study) -> tuple[str, ...]:
    """Return the measures that a study names, that of its precision among them."""
    more = (study.replications.of,) if isinstance(study.replications, Precision) else ()
    return (*study.measures, *more)


def measure(run: Run, study: Study) -> list[Metric]:
    """Return the stored metrics of a run; NaN stands for a value that is not defined."""
    rows = run.metrics.select("metric", "value", "unit").iter_rows()
    kept = (row for row in rows if is_kept(row[0], study))
    return [Metric(name, math.nan if value is None else value, unit) for name, value, unit in kept]


def is_kept(name: str, study: Study) -> bool:
    """Return whether a metric is a measure of the study or needed to compare arms.

    >>> study = Study(name="x", scenario="beer-game", measures=["flow.*"])
    >>> [is_kept(name, study) for name in ("flow.fill_rate", "tier_gap", "policy.tax.cost", "upgrading.within")]
    [True, False, True, True]
    """
    if name in TERMS or name.startswith("policy.") and name.endswith(_ACCOUNTS):
        return True
    return any(covers(each, name) for each in _wanted(study))


def better_of(name: str, components: Iterable[str] = ()) -> Better:
    """Return the better direction of a metric; *components* are those of the study, which declare their own.

    >>> better_of("flow.fill_rate"), better_of("tier_gap"), better_of("policy.tax.cost")
    ('higher', 'lower', 'lower')
    """
    from gpnde.plugin.host import plugin_host

    owner = component_of(name, components)
    try:
        declared = plugin_host().component(owner).better if owner else {}
    except ComponentError:
        # The component is not installed here; its study can be read all the same.
        declared = {}
    if owner and (own := declared.get(name.removeprefix(f"{owner}."))):
        return own
    try:
        return describe(name, _added(name)).better
    except ResultsError:
        return "neither"


def covers(wanted: str, name: str) -> bool:
    """Return whether a measure as a study names it, such as ``flow.*``, takes the metric *name*.

    >>> covers("flow.*", "flow.fill_rate"), covers("flow", "flow.fill_rate")
    (True, False)
    """
    return name == wanted or wanted.endswith("*") and name.startswith(wanted[:-1])


def _check(where: str, name: str, used: Iterable[str], is_beginning: bool) -> None:
    known = known_measures(_added(name))
    if name in known or is_beginning and _begins_one(name, known):
        return
    if name.partition(".")[0] in FAMILIES:
        if component_of(f"{name}.", used) is None:
            raise StudyError(where=where, expected=f"no such component in the study{nearest(name, used)}")
        return
    if not any(name.startswith(f"{each}.") for each in known):
        raise StudyError(where=where, expected=f"no such measure{nearest(name, known)}; 'gpnde metrics' lists them")


def _added(name: str) -> Kinds:
    """Return the metrics that plugins offer; no plugin is imported for a name of gpnde or of a component."""
    from gpnde.plugin.host import plugin_host

    return {} if taken_beginning(name) else plugin_host().metrics


def _begins_one(name: str, known: Iterable[str]) -> bool:
    return not name or any(each == name or each.startswith(f"{name}.") for each in (*known, *FAMILIES))
