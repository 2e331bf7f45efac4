"""Addresses as texts: parts, quotes, groups, and where a value begins."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gpnde.errors import ScenarioError
from gpnde.scenario.address.grammar import (
    Group,
    Name,
    Position,
    beginnings,
    parse_address,
    split_setting,
    written,
    written_component,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8) | st.text(
    'ab."=,*[]<0 ', min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("clock.days", (Name("clock"), Name("days"))),
        ("links.a<b/c.share", (Name("links"), Name("a<b/c"), Name("share"))),
        ("links[3].in_transit[0]", (Name("links"), Position(3), Name("in_transit"), Position(0))),
        ('sites."st. paul".stock', (Name("sites"), Name("st. paul", is_quoted=True), Name("stock"))),
        ('links."st. paul"<b.share', (Name("links"), Name("st. paul<b", is_quoted=True), Name("share"))),
        ("sites.tier=2,product=a b.stock", (Name("sites"), Group((("tier", "2"), ("product", "a b"))), Name("stock"))),
        ('links.share="0.5".trust', (Name("links"), Group((("share", "0.5"),)), Name("trust"))),
    ],
)
def test_an_address_is_read_in_parts(address: str, parts: tuple[object, ...]) -> None:
    assert parse_address(address) == parts


def test_a_quote_mark_without_a_partner_is_refused() -> None:
    with pytest.raises(ScenarioError, match="a quote mark stands alone: close it"):
        parse_address('sites."st. paul.stock')


def test_a_quoted_star_is_a_star() -> None:
    assert [part.is_wild for part in parse_address('*."*".a*') if isinstance(part, Name)] == [True, False, True]


@given(NAMES)
@example('"')
@example("[0]")
@example("a=b")
def test_a_name_that_is_written_reads_as_itself_and_as_one_part(name: str) -> None:
    for text in (written(name), written(name, beginnings([f"{name}.x"]))):
        (part,) = parse_address(text)
        assert isinstance(part, Name)
        assert (part.text, part.is_wild) == (name, False)


def test_names_of_components_keep_their_dots_bare() -> None:
    assert written_component("policy.tax#2") == "policy.tax#2"
    assert written_component("policy.tax", beginnings(["policy.tax.more"])) == '"policy.tax"'


@pytest.mark.parametrize(
    "address",
    [
        "clock.days",
        "links.assembly<boards.share",
        "sites.tier=2.ordering.safety_factor",
        "sites.tier=2,product=drive.stock",
        "links.buyer=assembly.product=board.lead_time",
        'links.share="0.5".trust',
        'sites."a=b.c=d".stock',
        "sites.penang",
    ],
)
@pytest.mark.parametrize("value", ["5", "0.5", "gamma(mean=10.5, cv=0.3)", "{policy: s-S}", "[a.b, c]", ""])
def test_the_value_begins_behind_the_address(address: str, value: str) -> None:
    assert split_setting(f"{address}={value}") == (address, "=", value)


def test_a_text_without_a_value_is_all_address() -> None:
    assert split_setting("clock.days") == ("clock.days", "", "")
