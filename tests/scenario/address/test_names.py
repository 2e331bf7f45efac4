"""Names of rows, and round trips: the address of a place reads and writes that place and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.scenario import load_scenario, preset_names
from gpnde.scenario.address.find import find
from gpnde.scenario.address.names import Key, part_of, row_names, text_of, written_rows
from gpnde.scenario.as_data import as_data
from gpnde.scenario.provenance import numbers
from gpnde.scenario.schema import Scenario
from gpnde.scenario.settings import apply_settings
from tests.scenario.address.test_grammar import NAMES

Location = tuple[Key, ...]
NEW = ("new",)
"""A value that no leaf has."""


def test_links_go_by_their_pair_and_by_product_where_the_pair_has_two() -> None:
    links = [
        {"buyer": "a", "supplier": "b"},
        {"buyer": "a", "product": "x"},
        {"buyer": "a", "product": "y"},
        {"buyer": "c", "supplier": "b", "contract": "OEM"},
        {"buyer": "c", "supplier": "b"},
    ]
    assert row_names(links) == ["a<b", "a<outside/x", "a<outside/y", "c<b#1", "c<b#2"]


def test_peers_go_by_both_firms() -> None:
    assert row_names([{"first": "a", "second": "b"}]) == ["a+b"]


def test_rows_that_no_name_tells_apart_go_by_number() -> None:
    links = [{"buyer": "a", "supplier": name} for name in ("b", "b", "b#1")]
    assert written_rows(links) == ["[0]", ".a<b#2", "[2]"]


def leaves(value: Any, location: Location = ()) -> Iterator[Location]:
    """Yield the places of plain data that hold no further places."""
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    inner = list(items)
    if not inner:
        yield location
    for key, item in inner:
        yield from leaves(item, (*location, key))


def changed(value: Any, new: Any, location: Location = ()) -> Iterator[Location]:
    """Yield the places at which plain data differ."""
    if value is new or value == new:
        return
    if isinstance(value, Mapping) and isinstance(new, Mapping) and value.keys() == new.keys():
        for key in value:
            yield from changed(value[key], new[key], (*location, key))
    elif isinstance(value, list) and isinstance(new, list) and len(value) == len(new):
        for number, pair in enumerate(zip(value, new, strict=True)):
            yield from changed(*pair, (*location, number))
    else:
        yield location


def writes(data: dict[str, Any], address: str) -> list[Location]:
    """Return which places of plain data a setting at an address changes."""
    new = dict(data)
    apply_settings(new, {address: NEW})
    return list(changed(data, new))


@cache
def preset(name: str) -> tuple[Scenario, dict[str, Any], list[Location]]:
    """Return a preset, its plain data and all their leaves."""
    scenario = load_scenario(name)
    data = as_data(scenario)
    return scenario, data, list(leaves(data))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(preset_names()), st.data())
def test_the_address_of_a_leaf_writes_that_leaf_and_no_other(name: str, draw: st.DataObject) -> None:
    _, data, all_leaves = preset(name)
    leaf = draw.draw(st.sampled_from(all_leaves))
    assert writes(data, text_of(data, leaf)) == [leaf]


@pytest.mark.parametrize("name", preset_names())
def test_the_address_of_every_leaf_reads_that_leaf_and_no_other(name: str) -> None:
    scenario, data, all_leaves = preset(name)
    # One leaf of each field and row kind would do; every seventh leaf meets all of them in a few seconds.
    for leaf in all_leaves[:: 7 if len(all_leaves) > 2000 else 1]:
        assert [place.location for place in find(scenario, text_of(data, leaf))] == [leaf]


@pytest.mark.parametrize("name", preset_names())
def test_all_leaves_have_different_addresses(name: str) -> None:
    _, data, all_leaves = preset(name)
    known: dict[Location, list[str]] = {}
    assert len({text_of(data, leaf, known) for leaf in all_leaves}) == len(all_leaves)


def test_numbers_of_a_scenario_stand_at_the_addresses_that_provenance_gives() -> None:
    scenario, _, _ = preset("serial-chain")
    for address, value in numbers(scenario):
        (place,) = find(scenario, address)
        assert part_of(place.value, "value") in (value, None) or place.value == value


@settings(max_examples=300, deadline=None)
@given(
    sites=st.lists(NAMES, max_size=5, unique=True),
    pairs=st.lists(st.tuples(NAMES, NAMES, st.none() | NAMES), max_size=6),
    uses=st.lists(NAMES | st.sampled_from(["a.b", "a.b.c", "a"]), max_size=4),
    products=st.lists(NAMES, max_size=4, unique=True),
)
def test_whatever_names_are_the_address_of_a_leaf_writes_it_alone(
    sites: list[str], pairs: list[tuple[str, str, str | None]], uses: list[str], products: list[str]
) -> None:
    data: dict[str, Any] = {
        "products": {name: {"margin": 1} for name in products},
        "sites": [{"name": name, "stock": 1} for name in sites],
        "links": [{"buyer": buyer, "supplier": by, "product": what, "share": 1} for buyer, by, what in pairs],
        "components": [{"use": name, "days": 1, "c": {"d": [1, 2]}} for name in uses],
    }
    for leaf in leaves(data):
        if len(leaf) > 2:
            assert writes(data, text_of(data, leaf)) == [leaf]
