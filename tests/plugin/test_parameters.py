"""Declarations of parameters."""

from __future__ import annotations

import pytest

from gpnde.plugin import Component, param


class Tariff(Component):
    name = "policy.tariff"

    rate: float = param(
        0.1, ge=0, lt=2, unit="1", source="literature, Krugman 1991", vary=(0.0, 0.5), doc="Share of the price."
    )
    start_day: float = param(30, gt=-1, le=1e6, unit="day", doc="First day in force.")
    region: str = param(doc="Region that levies it.")


def test_unit_source_range_and_bounds_are_in_the_schema() -> None:
    schema = Tariff.model_json_schema()
    rate, start = schema["properties"]["rate"], schema["properties"]["start_day"]
    assert (rate["unit"], rate["source"], rate["vary"]) == ("1", "literature, Krugman 1991", [0.0, 0.5])
    assert (rate["minimum"], rate["exclusiveMaximum"], rate["default"]) == (0, 2, 0.1)
    assert (start["exclusiveMinimum"], start["maximum"], start["source"]) == (-1, 1e6, "assumption")
    assert rate["description"] == "Share of the price."
    assert "vary" not in start


def test_parameter_without_default_is_required() -> None:
    assert Tariff.model_json_schema()["required"] == ["region"]


def test_source_that_is_none_of_the_four_is_refused() -> None:
    with pytest.raises(ValueError, match="source 'hearsay' of a parameter: must begin with chapter, derived"):
        param(1.0, source="hearsay", doc="A rumour.")
