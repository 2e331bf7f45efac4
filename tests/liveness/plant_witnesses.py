"""Witnesses for plants that several sites share, and for orders that are owed at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .runs import Settings, Witness

_NAMES = ("red-line", "green-line", "blue-line")
_LINE = "plants.works.lines.blue-line"
_OWED: Settings = {"links.1.opening_backlog": [{"quantity": 50}]}


def by_rule(rule: str, **of_blue: Any) -> Settings:
    """Return settings by which the three lines share their plant by a *rule*, with further fields of the blue line."""
    lines = {name: dict(of_blue if name == "blue-line" else {}) for name in _NAMES}
    cycle = {"cycle_days": 10} if rule == "cycle" else {}
    return {"plants": {"works": {"rule": rule, "lines": lines, **cycle}}}


def _shares(*shares: float) -> Settings:
    lines = {name: {"share": share} for name, share in zip(_NAMES, shares, strict=True)}
    return {"plants": {"works": {"rule": "shares", "lines": lines}}}


OF_PLANTS: Mapping[str, Witness] = {
    "Scenario.plants": Witness("lines", {"plants": {}}),
    "SharedPlant.lines": Witness("lines", {"plants.works.lines": {"red-line": {}, "green-line": {}}}),
    "SharedPlant.rule": Witness("lines", {"plants.works.rule": "run-out"}),
    "SharedPlant.minimum_run_days": Witness("lines", {"plants.works.minimum_run_days": 6}),
    "SharedPlant.cycle_days": Witness("lines", {"plants.works.cycle_days": 20}, by_rule("cycle")),
    "PlantLine.setup_days": Witness("lines", {f"{_LINE}.setup_days": 1.5}),
    "PlantLine.setup_cost": Witness("lines", {f"{_LINE}.setup_cost": 90}),
    "PlantLine.setup_days_after": Witness("lines", {f"{_LINE}.setup_days_after": {"red-line": 2}}),
    "PlantLine.setup_cost_after": Witness("lines", {f"{_LINE}.setup_cost_after": {"red-line": 90}}),
    "PlantLine.share": Witness("lines", _shares(0.3, 0.4, 0.3), _shares(0.2, 0.4, 0.4)),
    "PlantLine.priority": Witness("lines", by_rule("priority", priority=1), by_rule("priority")),
    "Link.opening_backlog": Witness("tiny", _OWED),
    "Market.opening_backlog": Witness("tiny", {"markets.world.opening_backlog": [{"quantity": 50}]}),
    "OwedOrder.quantity": Witness("tiny", {"links.1.opening_backlog": [{"quantity": 80}]}, _OWED),
    "OwedOrder.due_day": Witness("tiny", {"links.1.opening_backlog": [{"quantity": 50, "due_day": 60}]}, _OWED),
}
