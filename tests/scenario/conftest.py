"""A small scenario in raw form, and what loading a raw scenario says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario, load_scenario


@pytest.fixture
def raw() -> dict[str, Any]:
    """Return a valid scenario of two sites, as YAML would give it."""
    return {
        "name": "small",
        "products": {"drive": {"made_of": {"motor": 2}}, "motor": {}},
        "clusters": {"bangkok": {}},
        "firms": {"seagate": {"tier": 0}, "nidec": {}},
        "sites": {
            "teparuk": {"firm": "seagate", "product": "drive", "cluster": "bangkok", "capacity_per_day": 100},
            "rangsit": {"firm": "nidec", "product": "motor", "unlimited": True},
        },
        "links": [{"buyer": "teparuk", "supplier": "rangsit", "lead_time": "gamma(mean=3, cv=0.3)"}],
        "markets": {"world": {"product": "drive", "served_by": ["teparuk"], "demand": {"law": 30}}},
        "components": [{"use": "disruption.site-outage", "mean_up_days": 730}],
    }


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Scenario]:
    """Return a function that writes a raw scenario, or the text of one, to a file and loads it."""

    def write_and_load(given: Any, settings: Mapping[str, object] | None = None) -> Scenario:
        path = tmp_path / "scenario.yaml"
        path.write_text(given if isinstance(given, str) else yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
        return load_scenario(path, settings)

    return write_and_load


@pytest.fixture
def complaint(load: Callable[..., Scenario]) -> Callable[..., str]:
    """Return a function that loads a bad raw scenario and returns the one line that refuses it."""

    def refused(given: Any, settings: Mapping[str, object] | None = None) -> str:
        with pytest.raises(ScenarioError) as caught:
            load(given, settings)
        text = str(caught.value)
        assert "\n" not in text
        return text

    return refused
