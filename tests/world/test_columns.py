"""What is kept per site, input and line grows with the lines, and new lines begin as strangers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.scenario import Scenario
from gpnde.vocabulary import CAUSES
from gpnde.world import columns
from gpnde.world.build import build_world
from gpnde.world.columns import NEW_TRUST, STAYS, cause_number
from gpnde.world.layout import Records
from gpnde.world.world import World

Describe = Callable[..., Scenario]

PRICE = 7.0

STRANGERS: dict[str, dict[str, float]] = {
    "trade": {
        "score": math.nan,
        "strikes": 0,
        "completed": 0,
        "on_time": 0,
        "placed": 0,
        "leaves": STAYS,
        "leaving_score": math.nan,
        "outside_option": 0,
        "option_slope": 0,
        "alternative": math.inf,
    },
    "money": {
        "base_price": PRICE,
        "least_price": 0,
        "is_set": False,
        "quoted_rate": 0,
        "placed_agreed": 0,
        "price_scale": 1,
        "tariff": 0,
        "freight": 0,
        "invoiced_units": 0,
        "invoiced": 0,
        "cancelled_settled": 0,
        "recent_units": 0,
        "owned_units": 0,
        "sales_part": 0,
    },
    "ties": {"trust": NEW_TRUST, "distance_km": math.nan, "shares_information": False, "shipped": 0},
}
"""What is kept of a line that begins now, at a price of 7, between two that do not know each other."""


@pytest.fixture
def world(describe: Describe) -> World:
    """Return a plant that buys its motors from another site, with a price, trust and finance."""
    link = {"buyer": "plant", "supplier": "motors", "price": 5, "trust": 0.8, "distance_km": 42}
    return build_world(describe(links=[{**link, "information_sharing": True}], finance={}))


def _grown(world: World, count: int = 1) -> World:
    """Return the world with new lines like its first one, but of the price of strangers."""
    rows = np.repeat(world.state.lines[:1], count)
    rows["price"] = PRICE
    world.add_lines(rows)
    return world


def _row(records: Records, number: int) -> dict[str, Any]:
    return dict(zip(records.dtype.names or (), records[number].tolist(), strict=True))


@pytest.mark.parametrize("name", STRANGERS)
def test_every_column_of_a_new_line_has_the_value_of_a_stranger(world: World, name: str) -> None:
    records = getattr(_grown(world, 2), name)
    assert len(records) == len(world.state.lines)
    for number in (-2, -1):
        assert _row(records, number) == pytest.approx(STRANGERS[name], nan_ok=True)


@pytest.mark.parametrize("name", STRANGERS)
def test_old_lines_keep_what_is_kept_of_them(world: World, name: str) -> None:
    records = getattr(world, name)
    for number, field in enumerate(records.dtype.names or ()):
        records[field] = number % 2 + 1
    before = records.tobytes()
    grown = getattr(_grown(world), name)
    assert grown.dtype == records.dtype
    assert grown[:-1].tobytes() == before


def test_open_invoices_have_a_column_for_every_line(world: World) -> None:
    world.invoices += 3.0
    settlements, lines = world.invoices.shape
    assert settlements > 1
    _grown(world, 2)
    assert world.invoices.shape == (settlements, lines + 2)
    assert (world.invoices[:, :lines] == 3.0).all()
    assert not world.invoices[:, lines:].any()


def test_what_is_kept_of_sites_and_inputs_does_not_grow_with_lines(world: World) -> None:
    before = world.plants.tobytes(), world.purchases.tobytes()
    _grown(world)
    assert (world.plants.tobytes(), world.purchases.tobytes()) == before
    assert (len(world.plants), len(world.purchases)) == (len(world.state.sites), len(world.state.inputs))


def test_lines_of_a_scenario_begin_as_it_says(world: World) -> None:
    assert _row(world.ties, 0) == {"trust": 0.8, "distance_km": 42.0, "shares_information": True, "shipped": 0.0}
    assert world.money["base_price"][0] == 5.0
    assert np.isnan(world.trade["score"]).all()
    assert set(world.trade["leaves"]) == {STAYS}


def test_sites_begin_at_what_is_kept_as_their_opening(world: World) -> None:
    plants = world.plants
    for name in ("unit_cost", "value_added"):
        assert plants[f"opening_{name}"].tolist() == plants[name].tolist()
    assert plants["opening_yield"].tolist() == world.state.sites["mean_yield"].tolist()
    assert plants["opening_safety"].tolist() == world.state.sites["safety"].tolist()
    assert set(plants["price_factor"]) == set(plants["capacity_factor"]) == {1.0}
    zeros = ("idle_capacity", "produced_settled", "produced_scored", "started_scored", "started_reviewed", "worked")
    assert not any(plants[name].any() for name in zeros)


@pytest.mark.parametrize("kind", ["PLANT", "PURCHASE", "TRADE", "MONEY", "TIE"])
def test_no_column_hides_behind_an_attribute_that_every_record_has(kind: str) -> None:
    assert [name for name in getattr(columns, kind).names if hasattr(np.record, name)] == []


def test_every_cause_has_a_number_of_its_own() -> None:
    numbers = [cause_number(cause) for cause in CAUSES]
    assert sorted(numbers) == list(range(len(CAUSES)))
    assert STAYS not in numbers
