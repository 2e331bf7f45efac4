"""Costs of a run as a person reads them: by kind, in all, a day, and as a share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gpnde.results.evidence import horizon_of
from gpnde.results.warm_up import measured_from
from gpnde.vocabulary import COST_KINDS

if TYPE_CHECKING:
    from gpnde.results.run import Run

TOTAL = "total"


class CostRow(NamedTuple):
    """What was spent on one kind of cost, or on all: in the run and a day (money), and its share of all (1)."""

    kind: str
    amount: float
    per_day: float
    share: float


def cost_rows(run: Run) -> list[CostRow]:
    """Return the costs of a run by kind, the largest first, and their total; nothing where nothing costs anything.

    >>> import gpnde
    >>> [row.kind for row in cost_rows(gpnde.simulate("beer-game"))]
    ['holding', 'stockout', 'total']
    """
    values = dict(run.metrics.select("metric", "value").iter_rows())
    whole, days = values.get("cost.total"), horizon_of(run.scenario) - measured_from(run.scenario)
    if not whole:
        return []
    found = {kind: values.get(f"cost.{kind}") or 0.0 for kind in COST_KINDS}
    spent = sorted((kind for kind in COST_KINDS if found[kind] > 0), key=lambda kind: -found[kind])
    rows = [CostRow(kind, found[kind], found[kind] / days, found[kind] / whole) for kind in spent]
    return [*rows, CostRow(TOTAL, whole, whole / days, 1.0)]
