"""The journal tells what happened, to whom and why, in the order in which it happened."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.recording.journal import COLUMNS, Journal
from gpnde.engine.run import Simulation
from gpnde.results.columns import TABLES
from gpnde.scenario.schema import Scenario

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]


@pytest.fixture
def journal(network: Network, start: Start) -> Journal:
    """Return the journal of a shop of firm *chain* that buys from a depot and outside."""
    links = [{"buyer": "shop", "supplier": "depot", "share": 0.5}, {"buyer": "shop", "share": 0.5}]
    return start(network({"shop": {"firm": "chain"}, "depot": {}}, links)).journal


def test_the_columns_are_those_of_the_table() -> None:
    assert set(COLUMNS) == set(TABLES["events"])


def test_an_event_of_a_site_names_its_firm(journal: Journal) -> None:
    journal.site("site_opened", 0, component="policy.test", value=3.0)
    assert journal.rows == [(0.0, "site_opened", "", "chain", "shop", "", "policy.test", 3.0)]


def test_an_event_of_a_link_names_supplier_and_buyer(journal: Journal) -> None:
    journal.line("link_dropped", 0, "score", value=0.5)
    assert journal.rows == [(0.0, "link_dropped", "score", "depot", "depot", "shop", "engine", 0.5)]


def test_outside_has_no_firm(journal: Journal) -> None:
    journal.line("link_ended", 1, "finance")
    assert journal.rows[0][3:6] == ("", "", "shop")


def test_an_event_of_a_firm_names_no_site(journal: Journal) -> None:
    journal.firm("firm_failed", 1, "finance", value=-5.0)
    assert journal.rows == [(0.0, "firm_failed", "finance", "depot", "", "", "engine", -5.0)]


def test_an_event_between_sites_needs_no_link(journal: Journal) -> None:
    journal.pair("bid_placed", 1, 0, value=20.0)
    assert journal.rows == [(0.0, "bid_placed", "", "depot", "depot", "shop", "engine", 20.0)]


def test_many_at_once_read_like_one_after_another(journal: Journal) -> None:
    numbers, values = np.array([1, 0]), np.array([2.0, 3.0])
    journal.sites("site_failed", numbers, "outage", "test", values)
    journal.lines("link_failed", numbers, "outage", "test", values)
    together = journal.rows
    for number, value in zip(numbers.tolist(), values.tolist(), strict=True):
        journal.site("site_failed", number, "outage", "test", value)
    for number, value in zip(numbers.tolist(), values.tolist(), strict=True):
        journal.line("link_failed", number, "outage", "test", value)
    assert journal.rows == together + together


def test_dropouts_are_counted_by_cause_and_tier_even_where_no_events_are_kept(network: Network, start: Start) -> None:
    found = []
    for events in (True, False):
        blocks = {"firms": {"depot": {"tier": 2}}, "record": {"events": events}}
        scenario = network({"shop": {}, "depot": {}}, [{"buyer": "shop", "supplier": "depot"}], **blocks)
        journal = start(scenario).journal
        journal.sites("site_failed", np.array([0, 1]), "outage", "test", np.array([2.0, 3.0]))
        journal.sites("site_recovered", np.array([0, 1]), "", "test", np.array([2.0, 3.0]))
        journal.line("link_dropped", 0, "score")
        journal.firm("firm_failed", 1, "finance")
        assert len(journal.rows) == (6 if events else 0)
        found.append((list(journal.dropouts.items()), journal.dropouts_by_tier.tolist()))
    assert found[0] == found[1] == ([("finance", 1), ("outage", 2), ("score", 1)], [0.0, 0.0, 2.0])


def test_events_become_columns_in_their_order(journal: Journal) -> None:
    journal.site("site_closed", 0)
    journal.site("site_opened", 1)
    columns = journal.columns()
    assert columns["kind"] == ["site_closed", "site_opened"]
    assert all(math.isnan(value) for value in columns["value"] if isinstance(value, float))
