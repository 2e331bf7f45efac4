from __future__ import annotations

from typing import Literal

from pydantic import Field

from gpnde.plugin import Component, param
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.model import Block
from gpnde.scenario.parameters import Parameter, parameters
from tools.odd.parameters import blocks, parameters_in_markdown


class Part(Block):
    share: float = Field(0.5, ge=0, le=1, description="Share that stays (1).")
    days: float | None = Field(None, gt=0, description="Length (days).")
    law: Law = Field(default_factory=lambda: fixed(3), description="Time (days); 0 is at once.")
    mode: Literal["one", "two"] = "one"
    name: str


class Visit(Component):
    """Visitors come."""

    name = "test.visit"
    days: float = param(
        7, gt=0, lt=50, unit="day", source="literature, Keller (2002)", vary=(1, 9), doc="Length (all)."
    )


class Alone(Component):
    """Does something without parameters."""

    name = "test.alone"


def test_units_of_blocks_come_from_the_end_of_descriptions() -> None:
    share, days, law, mode, name = parameters(Part)
    assert share == Parameter("share", "0.5", "0 to 1", "", "", "", "Share that stays.")
    assert days == Parameter("days", "left out", "> 0", "days", "", "", "Length.")
    assert law == Parameter("law", "3", "law", "", "", "", "Time (days); 0 is at once.")
    assert mode.range == "one, two"
    assert name.default == "required"


def test_components_declare_unit_source_and_range_to_vary() -> None:
    expected = Parameter("days", "7", "> 0, < 50", "day", "1 to 9", "literature, Keller (2002)", "Length (all).")
    assert parameters(Visit) == [expected]


def test_a_component_without_parameters_has_no_table() -> None:
    assert parameters_in_markdown(Alone) == ""


def test_blocks_inside_of_blocks_are_found_once() -> None:
    found = blocks()
    assert {
        "clock",
        "knowledge",
        "knowledge.upgrading",
        "selection.quotation",
        "markets.demand.life_cycle",
    } <= found.keys()
    assert len(set(found.values())) == len(found)
