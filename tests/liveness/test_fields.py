"""Every field of a scenario acts in a named network, changes a report, or is listed as without behaviour."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gpnde.engine.simulate import open_run
from gpnde.errors import GpndeError

from .descriptions import DESCRIBED, REFUSED
from .knowledge_witnesses import OF_KNOWLEDGE
from .market_witnesses import OF_MARKETS
from .network_witnesses import OF_THE_NETWORK
from .plant_witnesses import OF_PLANTS
from .rule_witnesses import OF_RULES
from .runs import Witness, numbers, scenario_of
from .speciality_witnesses import OF_SPECIALITIES
from .walk import fields
from .without_behaviour import FIELDS

pytestmark = pytest.mark.slow

WITNESSES: Mapping[str, Witness] = {
    **OF_THE_NETWORK,
    **OF_MARKETS,
    **OF_RULES,
    **OF_KNOWLEDGE,
    **OF_SPECIALITIES,
    **OF_PLANTS,
}


def test_every_field_has_one_witness_or_is_listed_as_without_behaviour() -> None:
    witnessed = [*WITNESSES, *DESCRIBED, *REFUSED, *FIELDS]
    assert sorted(witnessed) == sorted(fields())


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", WITNESSES)
def test_a_field_moves_numbers_of_its_witness(field: str) -> None:
    assert WITNESSES[field].moved()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", DESCRIBED)
def test_a_field_that_describes_changes_a_report(field: str) -> None:
    change, report, beside = DESCRIBED[field]
    assert report(scenario_of("tiny", {**beside, **change})) != report(scenario_of("tiny", beside))


@pytest.mark.parametrize("field", REFUSED)
def test_a_scenario_is_refused_for_a_field(field: str) -> None:
    change, complaint = REFUSED[field]
    with pytest.raises(GpndeError, match=complaint):
        open_run(scenario_of("tiny", change))


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_without_behaviour_moves_nothing(field: str) -> None:
    change, _ = FIELDS[field]
    assert numbers("tiny", change) == numbers("tiny", {})
