"""What is drawn otherwise than it reads is told; what reads as it is drawn is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario import Scenario, preset_names
from gpnde.scenario.files import load_scenario
from gpnde.scenario.remarks import placed_laws, remarks

Load = Callable[..., Scenario]


def told(load: Load, raw: dict[str, Any], **demand: Any) -> list[str]:
    raw["markets"]["world"]["demand"] = {"every_days": 1, **demand}
    return remarks(load(raw))


@pytest.mark.parametrize("name", preset_names())
def test_presets_read_as_they_are_drawn(name: str) -> None:
    assert remarks(load_scenario(name)) == []


def test_a_normal_law_of_large_spread_is_told(load: Load, raw: dict[str, Any]) -> None:
    line = (
        "markets.world.demand.law: normal(mean=10, sd=100) keeps mean and deviation above 0 by drawing 0 in "
        "98 % of cases"
    )
    assert told(load, raw, law="normal(mean=10, sd=100)") == [line]
    assert told(load, raw, law="normal(mean=10, sd=4)") == []
    assert told(load, raw, law="normal(mean=10, sd=100, truncated=false)") == []


def test_autocorrelation_that_lifts_the_mean_is_told(load: Load, raw: dict[str, Any]) -> None:
    line = "markets.world.demand: autocorrelation 0.9 takes demand below 0, which counts as 0: its mean is about 10.22"
    assert told(load, raw, law="normal(mean=10, sd=3)", autocorrelation=0.9) == [f"{line}, not 10"]
    assert told(load, raw, law="normal(mean=10, sd=3)", autocorrelation=0.5) == []
    assert told(load, raw, law="normal(mean=10, sd=3, truncated=false)", autocorrelation=0.9) == []


def test_every_law_of_a_scenario_is_looked_at(load: Load, raw: dict[str, Any]) -> None:
    places = [placed.place for placed in placed_laws(load({**raw, "selection": {}}))]
    assert places[:2] == ["selection.certification", "links.teparuk<rangsit.lead_time"]
    assert [place.rpartition(".")[2] for place in places if place.startswith("sites.teparuk")] == [
        "capacity_per_day",
        "processing",
        "yield_loss",
    ]
    assert places[-2:] == ["markets.world.demand.law", "markets.world.lead_time"]
