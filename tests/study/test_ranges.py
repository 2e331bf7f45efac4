"""Ranges that parameters declare, found by the address of a setting."""

from __future__ import annotations

import pytest

from gpnde.errors import StudyError
from gpnde.study.ranges import component_set, declared_range

OUTAGE = "disruption.site-outage"


@pytest.mark.parametrize(
    "address", ["links.a<b.trust", "links[3].trust", "links.*.trust", 'links."st. a<b".trust', "links.buyer=a.trust"]
)
def test_rows_have_the_range_of_their_field_however_they_are_named(address: str) -> None:
    found = declared_range(address, [])
    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize("address", ["sites.tier=2.ordering.safety_factor", "sites.st. paul.ordering.safety_factor"])
def test_a_block_of_a_row_has_the_range_of_the_same_block_elsewhere(address: str) -> None:
    assert declared_range(address, []) == declared_range("ordering.safety_factor", [])


@pytest.mark.parametrize("address", [f"{OUTAGE}.mean_up_days", f"components.{OUTAGE}#2.mean_up_days"])
def test_a_parameter_of_a_component_has_its_range(address: str) -> None:
    assert declared_range(address, [OUTAGE]) == declared_range(f'components."{OUTAGE}".mean_up_days', [OUTAGE])


@pytest.mark.parametrize("address", ["links.a<b.nothing", "sites", "nothing.at.all", f"{OUTAGE}.mean_up_days.low"])
def test_an_address_without_a_range_is_refused(address: str) -> None:
    with pytest.raises(StudyError, match="the parameter declares no range"):
        declared_range(address, [OUTAGE])


def test_settings_of_the_scenario_lead_into_no_component() -> None:
    assert component_set("sites.a.stock", [OUTAGE]) is None
    assert component_set("components.*.enabled", [OUTAGE]) is None
