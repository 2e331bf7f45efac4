"""Metrics of plants that make several products: how much of their time is work, set-up and idle."""

from __future__ import annotations

from collections.abc import Callable

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio, sums_by
from gpnde.results.names import slug

PLANTS = ("plant_lines",)

_TIMES = ("busy_days", "setup_days", "idle_days")

Sums = dict[str, float]


def _by_plant(evidence: Evidence) -> dict[str, Sums]:
    """Return the sums of the table over time and lines: by plant, and under an empty name of all of them."""
    columns = (*_TIMES, "changeovers", "setup_cost")
    rows = sums_by("plant", evidence.tables["plant_lines"], *columns).select("plant", *columns).iter_rows()
    found = {slug(name): dict(zip(columns, map(float, sums), strict=True)) for name, *sums in rows}
    return {"": {column: sum(sums[column] for sums in found.values()) for column in columns}, **found}


def _each(evidence: Evidence, measure: Callable[[Sums], float]) -> dict[str, float]:
    return {name: measure(sums) for name, sums in evidence.part(_by_plant).items()}


def _share(sums: Sums, column: str) -> float:
    return ratio(sums[column], sum(sums[name] for name in _TIMES))


@metric("plants.utilisation", unit="1", formula="Σ busy / Σ time", better="neither", source="definition", needs=PLANTS)
def utilisation(evidence: Evidence) -> dict[str, float]:
    """Return the share of their time that plants work, in all and by plant; set-ups are no work."""
    return _each(evidence, lambda sums: _share(sums, "busy_days"))


@metric("plants.setup_share", unit="1", formula="Σ set-up / Σ time", better="lower", source="definition", needs=PLANTS)
def setup_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of their time that plants lose by set-ups, in all and by plant."""
    return _each(evidence, lambda sums: _share(sums, "setup_days"))


@metric("plants.changeovers", unit="1", formula="Σ change-overs", better="lower", source="definition", needs=PLANTS)
def changeovers(evidence: Evidence) -> dict[str, float]:
    """Return the number of times that plants changed over to another line, in all and by plant."""
    return _each(evidence, lambda sums: sums["changeovers"])


@metric("plants.setup_cost", unit="money", formula="Σ set-up cost", better="lower", source="definition", needs=PLANTS)
def setup_cost(evidence: Evidence) -> dict[str, float]:
    """Return what change-overs cost, in all and by plant."""
    return _each(evidence, lambda sums: sums["setup_cost"])
