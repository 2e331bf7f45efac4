from __future__ import annotations

import numpy as np

from gpnde.scenario import preset_names
from gpnde.world import layout
from gpnde.world.knowledge import KnowledgeState
from tools.odd import state


def test_every_record_of_the_flow_says_what_it_is_and_names_its_variables() -> None:
    kinds = [kind for kind in vars(layout).values() if isinstance(kind, np.dtype) and kind.names]
    rows = state.records_in_markdown().splitlines()[2:]
    assert len(rows) == len(kinds)
    for row, kind in zip(rows, kinds, strict=True):
        _, said, variables = row.strip("| ").split(" | ")
        assert said.endswith(".")
        assert variables == ", ".join(f"`{name}`" for name in kind.names or ())


def test_every_variable_of_knowledge_is_named_with_or_without_a_meaning() -> None:
    text = state.knowledge_in_markdown()
    assert [name for name in KnowledgeState.__annotations__ if f"`{name}`" not in text] == []
    assert "| `first` | One firm of the pair. |" in text
    assert "And `places`." in text


def test_opening_knowledge_falls_from_tier_to_tier() -> None:
    rows = [row.strip("| ").split(" | ") for row in state.functions_in_markdown().splitlines()]
    assert rows[0][2:] == [
        "brand-leader",
        "contract-manufacturer",
        "lead-supplier",
        "supplier, price-breaker, capacity-buffer",
    ]
    for row in rows[2:]:
        brand_leader, _, higher, lower = map(float, row[2:])
        assert brand_leader > higher > lower


def test_every_preset_has_its_row() -> None:
    rows = state.presets_in_markdown().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(preset_names())
