"""All metrics of a run, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from gpnde.errors import ResultsError, nearest
from gpnde.results import (
    costs,
    diffusion,
    divide,
    finance,
    flow,
    policies,
    pyramid,
    resilience,
    selection,
    space,
    upgrading,
)
from gpnde.results.history import history_of
from gpnde.results.metric import Metric, MetricDoc, horizon_of

if TYPE_CHECKING:
    import polars as pl

METRICS_DOC: dict[str, MetricDoc] = {
    **flow.DOC,
    **resilience.DOC,
    **selection.DOC,
    **space.DOC,
    **finance.DOC,
    **costs.DOC,
    **diffusion.DOC,
    **upgrading.DOC,
    **divide.DOC,
    **pyramid.DOC,
    **policies.DOC,
}
"""Unit, meaning, formula and better direction of every metric, by the prefix of its name.

All who speak of metrics read this register: runs, studies, documents and charts.
"""


def all_metrics(
    scenario: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    statistics: Mapping[str, NDArray[Any]],
    dropouts: Mapping[str, int],
) -> list[Metric]:
    """Return every metric that the *tables* of a run define, in the order of subjects.

    *scenario* is plain data; *tables* are those of the contract (without metrics); *statistics* holds per-site sums of
    orders and demand as `gpnde.results.flow.bullwhip_ratios` reads them, or nothing; *dropouts* are counts by cause,
    which a run has even where it records no events.
    """
    horizon = horizon_of(scenario)
    return [
        *flow.flow_metrics(scenario, tables, statistics),
        *resilience.resilience_metrics(scenario, tables),
        *selection.selection_metrics(scenario, tables, dropouts),
        *space.space_metrics(scenario, horizon, space.firms_gone(tables["firms"], horizon)),
        *finance.finance_metrics(scenario, tables),
        *knowledge_metrics(scenario, tables),
    ]


def knowledge_metrics(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Metric]:
    """Return the metrics of learning and linkage; none for a run without knowledge, so that it is as ever."""
    history = history_of(tables)
    if history is None:
        return []
    return [
        *diffusion.diffusion_metrics(history, tables),
        *upgrading.upgrading_metrics(history, scenario, tables),
        *divide.divide_metrics(history),
        *pyramid.pyramid_metrics(scenario, tables),
    ]


def metrics_table(metrics: list[Metric]) -> pl.DataFrame:
    """Return metrics as the table of the contract.

    >>> metrics_table([Metric("flow.fill_rate", 0.97, "1")]).rows()
    [('flow.fill_rate', 0.97, '1')]
    """
    from gpnde.results.tables import make_table

    names, values, units = zip(*metrics, strict=True) if metrics else ((), (), ())
    return make_table("metrics", {"metric": names, "value": values, "unit": units})


def describe(name: str) -> MetricDoc:
    """Return what a metric means: the entry of the longest prefix of its name.

    Raises
    ------
    ResultsError
        No metric begins like this.

    >>> describe("flow.fill_rate.europe").formula
    'Σ f / Σ d'
    """
    for entry in _entries(name):
        if entry in METRICS_DOC:
            return METRICS_DOC[entry]
    raise ResultsError(f"metric {name!r}: unknown{nearest(name, METRICS_DOC)}: see gpnde.results.metrics.METRICS_DOC")


def _entries(name: str) -> Iterator[str]:
    """Yield under which names a metric may be documented, the most special first."""
    parts = name.split(".")
    if len(parts) > 2 and parts[0] in policies.FAMILIES:
        yield f"{parts[0]}.*.{parts[-1]}"
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])


def known_measures() -> list[str]:
    """Return the names under which metrics are documented that are not those of components.

    >>> "cost.total" in known_measures(), "policy" in known_measures()
    (True, False)
    """
    return [name for name in METRICS_DOC if name.partition(".")[0] not in policies.FAMILIES]
