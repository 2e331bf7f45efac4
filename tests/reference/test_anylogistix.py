"""A distributor under (r,Q) whose unit flows two other simulators agree on (anyLogistix and SupplyNetPy)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario.yaml_text import write_yaml


@pytest.fixture(scope="module")
def case(shared_data: Path) -> Mapping[str, Any]:
    cases = json.loads((shared_data / "anylogistix" / "cases.json").read_text(encoding="utf-8"))
    model: Mapping[str, Any] = cases["model_1"]
    return model


@pytest.fixture(scope="module")
def run(case: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("anylogistix") / "model-1.yaml"
    path.write_text(write_yaml(scenario_of(case["input"])), encoding="utf-8")
    return simulate(str(path))


def scenario_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model as a user would write it; transport is paid for by the order."""
    distributor, (demand,) = given["distributor"], given["demands"]
    ordering = {
        "policy": "r-Q",
        "reorder_point": distributor["r"],
        "quantity": distributor["Q"],
        "review_days": 0,
    }
    return {
        "name": "model-1",
        "clock": {"days": given["run_until"]},
        "products": {"unit": {}},
        "firms": {"supplier": {"tier": 1}, "distributor": {"tier": 0}},
        "sites": {
            "supplier": {"firm": "supplier", "product": "unit", "unlimited": True},
            "distributor": {
                "firm": "distributor",
                "product": "unit",
                "stock": distributor["initial"],
                "order_cost": given["transport_cost_per_order"],
                "ordering": ordering,
            },
        },
        "links": [{"buyer": "distributor", "supplier": "supplier", "lead_time": given["lead_time"]}],
        "markets": {
            "customers": {
                "product": "unit",
                "served_by": ["distributor"],
                "lead_time": given["delivery_lead_time"],
                "demand": {"law": demand["qty"], "every_days": demand["every"], "start_day": demand["first_at"]},
            }
        },
    }


def received(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.filter(pl.col("status") == "received")


def test_customers_order_and_get_what_the_other_simulators_say(run: Run, case: Mapping[str, Any]) -> None:
    expected, delivered = case["expected"], received(run.sales)
    assert run.sales.height == expected["customer_orders"]
    assert run.sales["quantity"].sum() == expected["customer_units"]
    assert delivered.height == expected["customer_orders_delivered"]
    assert delivered["quantity"].sum() == expected["customer_units_delivered"]
    assert run.markets["delivered"].sum() == expected["customer_units_delivered"]


def test_distributor_orders_and_gets_what_the_other_simulators_say(run: Run, case: Mapping[str, Any]) -> None:
    expected, arrived = case["expected"], received(run.orders)
    assert run.orders.height == expected["replenishment_orders"]
    assert run.orders["quantity"].sum() == expected["replenishment_units"]
    assert arrived.height == expected["replenishments_received"]
    assert arrived["quantity"].sum() == expected["units_received"]


def test_distributor_ends_with_the_stock_that_the_other_simulators_say(run: Run, case: Mapping[str, Any]) -> None:
    last = run.sites.filter(pl.col("day") == run.counts["days"], pl.col("site") == "distributor")
    assert last["on_hand"].item() == case["expected"]["end_stock"]
    assert last["backlog"].item() == 0.0


def test_transport_and_delivery_cost_what_the_other_simulators_say(run: Run, case: Mapping[str, Any]) -> None:
    shipped = run.sales.filter(pl.col("shipped_day").is_not_null()).height
    delivery = shipped * case["input"]["delivery_cost_per_order"]
    assert run.metric("cost.ordering") + delivery == case["expected"]["transport_plus_delivery_cost"]
