"""Insolvency of a flagship."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from gpnde_disruptions.flagship_insolvency import FlagshipInsolvency

import gpnde
from gpnde.errors import ComponentError
from gpnde.testing import isolated_plugins, tiny_network

from ...learners import footprint, simulated, three_firms

Deeds = Callable[..., list[Any]]


def network(**changes: Any) -> gpnde.Scenario:
    """Return a network in which two flagships compete, the second one larger."""
    flagship = {"role": "brand-leader", "tier": 0, "cash": 1e6}
    return three_firms(
        firms=[
            {"name": "small", **flagship},
            {"name": "large", **flagship},
            {"name": "lead", "role": "lead-supplier", "tier": 1},
            {"name": "lower", "role": "supplier", "tier": 2},
        ],
        sites=[
            {"name": "small-hq", "firm": "small", "product": "set"},
            {"name": "large-hq", "firm": "large", "product": "set"},
            {"name": "plant", "firm": "lead", "product": "board"},
            {"name": "shop", "firm": "lower", "product": "part"},
        ],
        links=[
            {"buyer": "small-hq", "supplier": "plant"},
            {"buyer": "large-hq", "supplier": "plant"},
            {"buyer": "plant", "supplier": "shop"},
        ],
        markets=[
            {
                "name": "world",
                "product": "set",
                "served_by": {"small-hq": 0.3, "large-hq": 0.7},
                "demand": {"law": 100, "every_days": 7},
            }
        ],
        knowledge=None,
        **changes,
    )


def test_largest_flagship_fails_on_its_day(deeds: Deeds) -> None:
    (deed,) = deeds(FlagshipInsolvency(day=100), network())
    assert (deed.day, deed.what, deed.numbers, deed.in_transit) == (100, "close", [1], "finance")


def test_named_flagship_fails_whatever_its_size(deeds: Deeds) -> None:
    (deed,) = deeds(FlagshipInsolvency(day=100, flagship="small"), network())
    assert deed.numbers == [0]


def test_failure_comes_by_the_hazard(deeds: Deeds) -> None:
    failing = [bool(deeds(FlagshipInsolvency(hazard_per_year=1.0), network(), seed)) for seed in range(100)]
    assert sum(failing) == pytest.approx(63.2, abs=4 * 4.8)


@pytest.mark.parametrize("parameters", [{"hazard_per_year": 0.0}, {"day": 365.0}, {"day": 5000.0}])
def test_failure_that_never_comes_changes_nothing(parameters: dict[str, Any]) -> None:
    assert footprint(simulated(network(), FlagshipInsolvency(**parameters))) == footprint(simulated(network()))


def test_network_loses_flagship_links_and_sales() -> None:
    with isolated_plugins(FlagshipInsolvency):
        uses = [{"use": "disruption.flagship-insolvency", "day": 100}]
        run = gpnde.simulate(tiny_network(components=uses), seed=1)
    failed = run.tables["events"].filter(pl.col("kind") == "firm_failed").row(0, named=True)
    assert (failed["day"], failed["cause"], failed["firm"]) == (100, "finance", "flagship")
    assert failed["component"] == "disruption.flagship-insolvency"
    sold = run.tables["markets"].filter(pl.col("day") > 130)["filled"].to_numpy()
    assert sold.sum() == 0
    assert all(imbalance < 1e-9 for imbalance in run.conservation.values())


def test_flagship_that_has_left_does_not_fail_again() -> None:
    twice = FlagshipInsolvency(day=50, flagship="large"), FlagshipInsolvency(day=60, flagship="large")
    assert footprint(simulated(network(), *twice)) == footprint(simulated(network(), twice[0]))


def test_firm_that_is_no_flagship_is_refused(deeds: Deeds) -> None:
    with pytest.raises(ComponentError) as caught:
        deeds(FlagshipInsolvency(day=100, flagship="lead"), network())
    assert str(caught.value) == (
        "disruption.flagship-insolvency.flagship: 'lead': no flagship of the scenario; there are small, large"
    )


def test_network_without_flagship_is_refused(deeds: Deeds) -> None:
    given = network().model_dump()
    leaderless = gpnde.Scenario.model_validate(
        {**given, "firms": [{**firm, "role": "supplier"} for firm in given["firms"]]}
    )
    with pytest.raises(ComponentError, match="no firm is a flagship: give one the role brand-leader"):
        deeds(FlagshipInsolvency(), leaderless)


def test_negative_hazard_is_refused() -> None:
    with pytest.raises(ComponentError) as caught:
        FlagshipInsolvency.of({"hazard_per_year": -1})
    assert str(caught.value) == ("disruption.flagship-insolvency.hazard_per_year = -1 (1/year): must be at least 0")
