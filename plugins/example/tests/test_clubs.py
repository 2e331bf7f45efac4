"""What clubs do in a run, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import gpnde
import pytest
from gpnde.testing import isolated_plugins

import gpnde_supplier_clubs
from gpnde_supplier_clubs.clubs import SupplierClubs

NAME = "policy.supplier-clubs"
SCENARIO = Path(gpnde_supplier_clubs.__file__).parent / "supplier-clubs.yaml"


@pytest.fixture(autouse=True)
def only_this_plugin() -> Iterator[None]:
    """Make the policy available to runs, whether or not it is installed, and nothing else."""
    with isolated_plugins(SupplierClubs):
        yield


def run(days: float = 728, **parameters: object) -> gpnde.Run:
    """Return a run of the scenario with the policy alone, from day 0, without errors of the administration."""
    use = {"use": NAME, "noise": 0.0, **parameters}
    return gpnde.simulate(gpnde.load_scenario(SCENARIO, {"clock.days": days, "components": [use], "requires": []}))


def learnt(finished: gpnde.Run) -> float:
    """Return the mean capability of suppliers at the end."""
    firms = finished.to_pandas("knowledge")
    last = firms[firms["day"] == firms["day"].max()]
    return float(last[last["firm"] != "brand"]["capability"].mean())


def test_members_know_more_than_without_clubs() -> None:
    assert learnt(run()) > learnt(run(enabled=False))


def test_all_members_meet_every_month_at_full_attendance() -> None:
    finished = run(days=364, attendance=1.0)
    assert finished.metric(f"{NAME}.meetings") == 2 * 13, "two clubs, on days 28 to 364"
    assert finished.metric(f"{NAME}.members-per-meeting") == 3.5
    assert finished.metric(f"{NAME}.beneficiaries") == 7


def test_cost_is_so_many_months_of_the_cost_of_members() -> None:
    cheap, dear = (run(days=364, attendance=1.0, cost=cost) for cost in (0.01, 0.03))
    assert dear.metric(f"{NAME}.cost") == pytest.approx(3 * cheap.metric(f"{NAME}.cost"))
    assert cheap.metric(f"{NAME}.cost-per-meeting") == pytest.approx(cheap.metric(f"{NAME}.cost") / 26)


def test_a_budget_is_never_exceeded_and_ends_the_clubs() -> None:
    plenty = run(days=364, attendance=1.0)
    short = run(days=364, attendance=1.0, budget=plenty.metric(f"{NAME}.cost") / 2)
    assert short.metric(f"{NAME}.cost") == pytest.approx(plenty.metric(f"{NAME}.cost") / 2)
    assert short.metric(f"{NAME}.meetings") < plenty.metric(f"{NAME}.meetings")
    assert learnt(short) < learnt(plenty)


@pytest.mark.parametrize("off", [{"attendance": 0.0}, {"start_day": 9999}, {"end_day": 1}])
def test_no_firm_meets_and_nothing_is_spent_where_no_firm_comes(off: dict[str, object]) -> None:
    finished = run(days=364, **off)
    assert finished.metric(f"{NAME}.meetings") == 0
    assert finished.metric(f"{NAME}.cost") == 0
    assert math.isnan(finished.metric(f"{NAME}.members-per-meeting"))
    assert learnt(finished) == learnt(run(days=364, enabled=False))


def test_a_network_without_clusters_is_refused_in_one_line() -> None:
    scenario = {
        "name": "lonely",
        "clock": {"days": 28},
        "products": {"laptop": {}},
        "firms": [{"name": "brand", "tier": 0}],
        "sites": [{"name": "plant", "firm": "brand", "product": "laptop"}],
        "markets": [{"name": "shops", "product": "laptop", "served_by": ["plant"], "demand": {"law": 1}}],
        "knowledge": {},
        "components": [{"use": NAME}],
    }
    with pytest.raises(gpnde.GpndeError, match=rf"^{NAME}: no cluster has two firms: give sites of several"):
        gpnde.simulate(gpnde.Scenario.model_validate(scenario))


@pytest.mark.parametrize(("parameter", "value"), [("size", 1), ("attendance", 1.1), ("cost", -1)])
def test_a_parameter_out_of_bounds_is_refused_in_one_line(parameter: str, value: float) -> None:
    with pytest.raises(gpnde.GpndeError, match=rf"^{NAME}\.{parameter} = {value}.*: must be at"):
        SupplierClubs.of({parameter: value})
