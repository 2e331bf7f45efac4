"""The divide: gaps between tiers, and inequality by tier and cluster."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.results.metrics import divide
from tests.results.measuring import measured

Told = Callable[..., dict[str, pl.DataFrame]]
ROLES = {"maker": "brand-leader", "lead": "lead-supplier"}


def values(tables: dict[str, pl.DataFrame]) -> dict[str, float]:
    return measured(divide, {}, tables)


def can(**able: float) -> dict[str, dict[str, float]]:
    return {firm: {"engineering": value} for firm, value in able.items()}


def test_the_gap_is_that_between_lead_suppliers_and_the_rest_without_flagships(told: Told) -> None:
    days = {0: can(maker=1, lead=0.5, a=0.3, b=0.3), 91: can(maker=1, lead=0.7, a=0.4, b=0.2)}
    found = values(told(days, roles=ROLES))
    assert found["tier_gap.start"] == pytest.approx(0.2)
    assert found["tier_gap"] == pytest.approx(0.4)


def test_functions_that_are_not_performed_do_not_count(told: Told) -> None:
    tables = told({0: can(lead=0.5, a=0.3)}, roles=ROLES)
    more = tables["knowledge"].with_columns(
        capability=pl.when(pl.col("performed") == 0).then(0.9).otherwise(pl.col("capability"))
    )
    assert values(tables | {"knowledge": more})["tier_gap"] == pytest.approx(0.2)


def test_function_taken_on_and_firm_that_left_do_not_move_the_gap(told: Told) -> None:
    first = can(maker=1, lead=0.5, a=0.3, b=0.1)
    more = {**first, "lead": {"engineering": 0.5, "product_dev": 0.1}}
    found = values(told({0: first, 91: more}, roles=ROLES, gone={(91, "b")}))
    assert found["tier_gap.start"] == found["tier_gap"] == pytest.approx(0.2)


def test_without_a_lower_tier_there_is_no_gap(told: Told) -> None:
    assert "tier_gap" not in values(told({0: can(lead=0.5)}, roles=ROLES))


def test_inequality_between_tiers_and_within_clusters_is_told_apart(told: Told) -> None:
    tables = told(
        {0: can(a=0.2, b=0.2, c=0.6, d=0.6)},
        tiers={"a": 2, "b": 2, "c": 1, "d": 1},
        cluster={"a": "Penang", "c": "Penang", "b": "Wuxi", "d": "Wuxi"},
    )
    found = values(tables)
    index = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert found["theil.tier.total"] == pytest.approx(index)
    assert found["theil.tier.between"] == pytest.approx(index)
    assert found["theil.tier.within"] == pytest.approx(0, abs=1e-12)
    assert found["theil.cluster.between"] == pytest.approx(0, abs=1e-12)
    assert found["theil.cluster.within"] == pytest.approx(index)


def test_firms_without_a_home_are_left_out_of_clusters(told: Told) -> None:
    found = values(told({0: can(a=0.2, b=0.6)}, cluster={"a": "Penang"}))
    assert found["theil.cluster.total"] == 0
    assert found["theil.tier.total"] > 0
    assert not [name for name in values(told({0: can(a=0.2)})) if name.startswith("theil.cluster")]
