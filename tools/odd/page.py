"""The page: a template whose places in double braces are filled from the registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.odd import equations, mechanisms, parameters, schedule, state, streams

_PLACE = re.compile(r"\{\{ (\w+) \}\}")

REGISTERS: Mapping[str, Callable[[], str]] = {
    "records": state.records_in_markdown,
    "knowledge": state.knowledge_in_markdown,
    "scales": state.scales_in_markdown,
    "functions": state.functions_in_markdown,
    "phases": schedule.phases_in_markdown,
    "flow_steps": schedule.flow_steps_in_markdown,
    "learning_steps": schedule.learning_steps_in_markdown,
    "hooks": mechanisms.hooks_in_markdown,
    "streams": streams.streams_in_markdown,
    "tables": state.tables_in_markdown,
    "metrics": state.metrics_in_markdown,
    "charts": state.charts_in_markdown,
    "opening": state.opening_in_markdown,
    "presets": state.presets_in_markdown,
    "inputs": state.inputs_in_markdown,
    "scenario": parameters.names_of_blocks,
    "equations": equations.equations_in_markdown,
    "blocks": parameters.blocks_in_markdown,
    "mechanisms": mechanisms.mechanisms_in_markdown,
}
"""What fills each place of the template."""


def odd_page() -> str:
    """Return the ODD page of this version of gpnde and of the plugins that come with it.

    Raises
    ------
    ComponentError
        One of these plugins is broken.
    """
    template = Path(__file__).with_name("template.md").read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: REGISTERS[place[1]](), template)
