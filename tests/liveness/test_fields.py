"""Every field of a scenario acts in a named network, is described in a report, or is listed as without behaviour."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .knowledge_witnesses import OF_KNOWLEDGE
from .market_witnesses import OF_MARKETS
from .network_witnesses import OF_THE_NETWORK
from .rule_witnesses import OF_RULES
from .runs import Witness

WITNESSES: Mapping[str, Witness] = {**OF_THE_NETWORK, **OF_MARKETS, **OF_RULES, **OF_KNOWLEDGE}


@pytest.mark.parametrize("field", WITNESSES)
def test_a_field_moves_what_its_witness_says(field: str) -> None:
    assert WITNESSES[field].moved()
