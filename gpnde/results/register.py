"""The register of metrics: all that a run may be measured by, found in the modules that declare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from gpnde.errors import ResultsError, nearest
from gpnde.results.declared import declared_in
from gpnde.results.evidence import Evidence
from gpnde.results.metric import Metric, MetricKind
from gpnde.results.metrics.policies import FAMILIES

if TYPE_CHECKING:
    import polars as pl

Kinds = Mapping[str, MetricKind[Any]]


@cache
def metric_kinds() -> Kinds:
    """Return what is measured in every run, by the prefix of the names of metrics, in alphabetical order.

    >>> metric_kinds()["flow.fill_rate"].unit
    '1'
    """
    return dict(sorted(declared_in("gpnde.results.metrics", MetricKind).items()))


def all_metrics(evidence: Evidence) -> list[Metric]:
    """Return every metric that a run defines, by name."""
    return sorted(metric for kind in metric_kinds().values() for metric in kind.values(evidence))


def metrics_table(metrics: list[Metric]) -> pl.DataFrame:
    """Return metrics as the table of the contract.

    >>> metrics_table([Metric("flow.fill_rate", 0.97, "1")]).rows()
    [('flow.fill_rate', 0.97, '1')]
    """
    from gpnde.results.tables import make_table

    names, values, units = zip(*metrics, strict=True) if metrics else ((), (), ())
    return make_table("metrics", {"metric": names, "value": values, "unit": units})


def describe(name: str, added: Kinds | None = None) -> MetricKind[Any]:
    """Return the kind of a metric, which tells what it means: that of the longest prefix of its name.

    *added* are kinds that plugins offer.

    Raises
    ------
    ResultsError
        No metric begins like this.

    >>> describe("flow.fill_rate.europe").formula
    'Σ f / Σ d'
    """
    kinds = {**metric_kinds(), **(added or {})}
    for entry in _entries(name):
        if entry in kinds:
            return kinds[entry]
    raise ResultsError(where=f"metric {name!r}", expected=f"unknown{nearest(name, kinds)}: 'gpnde metrics' lists them")


def _entries(name: str) -> Iterator[str]:
    """Yield under which names a metric may be declared, the most special first."""
    parts = name.split(".")
    if len(parts) > 2 and parts[0] in FAMILIES:
        yield f"{parts[0]}.*.{parts[-1]}"
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
    if parts[0] in FAMILIES:
        yield "*"


def taken_beginning(name: str) -> str:
    """Return the name under which gpnde has metrics that one called *name* would be taken for, or an empty text.

    >>> taken_beginning("flow.fill_rate.dry"), taken_beginning("policy.tax.peak"), taken_beginning("flow.peak")
    ('flow.fill_rate', 'policy', '')
    """
    known = [*FAMILIES, *known_measures()]
    return next((each for each in known if f"{name}.".startswith(f"{each}.") or each.startswith(f"{name}.")), "")


def known_measures(added: Kinds | None = None) -> list[str]:
    """Return the names under which metrics are declared that are not those of components, *added* ones last.

    >>> "cost.total" in known_measures(), "policy.*.cost" in known_measures()
    (True, False)
    """
    return [name for name in (*metric_kinds(), *(added or {})) if "*" not in name]
