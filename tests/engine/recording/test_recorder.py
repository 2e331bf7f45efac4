"""The recorder's rows: stocks as they are, flows as changes, at the start, regularly and at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.recording.recorder import Recorder, Series
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.results.columns import TABLES
from gpnde.results.tables import make_table
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Chain = Callable[..., Simulation]

_RULE = {"policy": "base-stock", "level": 30, "review_days": 1}


@pytest.fixture(scope="session")
def chain(network: Network, start: Start) -> Chain:
    """Return a starter of a shop of tier 0 and its depot of tier 2, which both hold 30 and sell 10 a day."""

    def begin(**blocks: Any) -> Simulation:
        return start(
            network(
                {"shop": {"stock": 30, "ordering": _RULE}, "depot": {"stock": 30, "ordering": _RULE}},
                [{"buyer": "shop", "supplier": "depot", "lead_time": 2}, {"buyer": "depot", "lead_time": 1}],
                firms={"shop": {"tier": 0}, "depot": {"tier": 2}},
                clock={"days": 25},
                **blocks,
            )
        )

    return begin


def _finished(simulation: Simulation) -> Simulation:
    simulation.finish()
    return simulation


def texts(column: Any) -> list[str]:
    """Return a column of coded text as it is read."""
    return [column.names[code] for code in column.codes]


def test_stocks_are_noted_and_flows_are_differences() -> None:
    series = Series()
    series.add(0.0, {"stock": [1, 2]}, {"flow": [5, 5]})
    series.add(7.0, {"stock": [3, 4]}, {"flow": [6, 9]})
    columns = series.columns()
    assert columns["day"].tolist() == [0.0, 0.0, 7.0, 7.0]
    assert columns["stock"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert columns["flow"].tolist() == [5.0, 5.0, 1.0, 4.0]
    assert list(series.repeated([1, 2])) == [1, 2, 1, 2]
    assert texts(series.repeated(["a", "b"])) == ["a", "b", "a", "b"]


def test_entities_that_come_later_have_no_rows_before() -> None:
    series = Series()
    series.add(0.0, {"stock": [1]}, {"flow": [5]})
    series.add(7.0, {"stock": [3, 4]}, {"flow": [6, 9]})
    columns = series.columns()
    assert columns["day"].tolist() == [0.0, 7.0, 7.0]
    assert columns["flow"].tolist() == [5.0, 1.0, 9.0]
    assert list(series.repeated([1, 2])) == [1, 1, 2]
    assert texts(series.repeated(["a", "b"])) == ["a", "a", "b"]


def test_rows_come_at_the_start_every_period_and_at_the_end(chain: Chain) -> None:
    columns = _finished(chain(record={"every_days": 10})).part(Recorder).markets_table()
    assert columns["day"].tolist() == [0.0, 10.0, 20.0, 25.0]


def test_a_horizon_on_a_recorded_day_has_one_row(chain: Chain) -> None:
    columns = _finished(chain(record={"every_days": 5})).part(Recorder).markets_table()
    assert columns["day"].tolist() == [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]


@pytest.mark.parametrize("every_days", [1, 4, 25, 1000])
def test_flows_add_up_to_the_whole_however_often_they_are_noted(chain: Chain, every_days: float) -> None:
    simulation = _finished(chain(record={"every_days": every_days}))
    recorder, state = simulation.part(Recorder), simulation.world.state
    assert recorder.markets_table()["demanded"].sum() == 250.0
    assert recorder.sites_table()["shipped"].sum() == pytest.approx(state.sites["shipped"].sum())
    assert recorder.tiers_table()["demanded"].sum() == pytest.approx(state.sites["total_demand"].sum())


def test_totals_are_enough_where_entities_are_not_recorded(chain: Chain) -> None:
    recorder = _finished(chain(record={"every_days": 5, "entities": False})).part(Recorder)
    assert recorder.sites_table()["day"].tolist() == [25.0, 25.0]
    assert recorder.firms_table()["day"].tolist() == [25.0, 25.0]
    assert len(recorder.tiers_table()["day"]) == 6 * 3


def test_tables_have_the_columns_of_the_contract(chain: Chain) -> None:
    simulation = _finished(chain())
    recorder = simulation.part(Recorder)
    orders, sales = recorder.order_tables()
    for name, columns in (
        ("sites", recorder.sites_table()),
        ("firms", recorder.firms_table()),
        ("markets", recorder.markets_table()),
        ("tiers", recorder.tiers_table()),
        ("links", recorder.links_table()),
        ("orders", orders),
        ("sales", sales),
    ):
        assert make_table(name, columns).columns == list(TABLES[name])


def test_tiers_between_those_of_firms_are_empty(chain: Chain) -> None:
    columns = _finished(chain()).part(Recorder).tiers_table()
    last = {int(tier): up for tier, up in zip(columns["tier"][-3:], columns["sites_up"][-3:], strict=True)}
    assert last == {0: 1.0, 1: 0.0, 2: 1.0}


def test_drop_outs_count_in_the_tier_of_the_supplier(chain: Chain, reach: Reach) -> None:
    simulation = chain(record={"every_days": 5})
    reach(simulation, 8)
    simulation.part(Links).drop(0, "link_dropped", "score", "test")
    simulation.journal.firm("firm_failed", 1, "finance")
    simulation.journal.site("site_failed", 1, "outage")
    columns = _finished(simulation).part(Recorder).tiers_table()
    assert np.reshape(columns["dropouts"], (-1, 3))[:, 2].tolist() == [0.0, 0.0, 2.0, 0.0, 0.0, 0.0]
    assert np.reshape(columns["dropouts"], (-1, 3))[:, :2].sum() == 0.0


def test_links_are_shown_as_they_are_at_the_end(chain: Chain, reach: Reach) -> None:
    simulation = chain()
    reach(simulation, 8)
    simulation.part(Links).drop(0, "link_dropped", "score", "test")
    columns = _finished(simulation).part(Recorder).links_table()
    assert texts(columns["supplier"]) == ["depot", "outside"]
    assert list(columns["status"]) == ["ended", "active"]
    assert columns["closed_day"][0] == 8.0
    assert np.isnan(columns["closed_day"][1])
    whole = columns["received"] + columns["in_transit"]
    assert columns["shipped"].tolist() == whole.tolist()
    assert columns["ordered"][0] > columns["shipped"][0]


def test_delivery_times_are_in_days(network: Network, start: Start) -> None:
    clock = {"days": 25, "tick_days": 0.5, "steps": ["demand", "order", "receive", "supply"]}
    links = [{"buyer": "shop", "supplier": "outside", "lead_time": 3}]
    simulation = _finished(start(network({"shop": {"stock": 30, "ordering": _RULE}}, links, clock=clock)))
    columns = simulation.part(Recorder).links_table()
    assert columns["mean_delivery_days"].tolist() == [3.0]
    assert columns["on_time_share"].tolist() == [1.0]


def test_ended_orders_come_first_then_open_ones_by_link_and_age(chain: Chain) -> None:
    orders, sales = _finished(chain()).part(Recorder).order_tables()
    statuses = texts(orders["status"])
    assert statuses == sorted(statuses, key=["received", "open"].index)
    assert orders["order"].tolist() == list(range(len(statuses)))
    opened = [
        (link, day) for link, day, s in zip(orders["link"], orders["placed_day"], statuses, strict=True) if s == "open"
    ]
    assert opened == sorted(opened)
    assert sum(sales["quantity"]) == 250.0


def test_no_orders_are_shown_where_they_are_not_recorded(chain: Chain) -> None:
    orders, sales = _finished(chain(record={"orders": False})).part(Recorder).order_tables()
    assert len(orders["order"]) == len(sales["order"]) == 0


def test_a_site_is_up_where_nothing_holds_it_down(chain: Chain, reach: Reach) -> None:
    simulation = chain(record={"every_days": 5})
    reach(simulation, 8)
    simulation.part(Outages).fail_sites(np.array([1]), 4.0, "none", "test")
    columns = _finished(simulation).part(Recorder).sites_table()
    up = [bool(value) for value, site in zip(columns["up"], texts(columns["site"]), strict=True) if site == "depot"]
    assert up == [True, True, False, True, True, True]


def test_the_customers_of_a_shop_that_closes_are_cancelled_as_the_columns_say(network: Network, start: Start) -> None:
    late = {"stock": 0, "ordering": {**_RULE, "level": 0}, "closes_day": 10}
    simulation = start(network({"shop": late}, clock={"days": 20}))
    simulation.finish()
    _, sales = simulation.part(Recorder).order_tables()
    found = set(texts(sales["status"]))
    assert "cancelled" in found
    assert found <= set(TABLES["sales"]["status"].doc.rstrip(".").replace(" or ", ", ").split(", "))
