"""Scenarios and charts that plugins offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import altair
import pytest

from gpnde.engine import simulate
from gpnde.errors import ScenarioError
from gpnde.plugin.host import Host
from gpnde.scenario import load_scenario, save_scenario

Install = Callable[..., None]


def giving(hook: str, *offers: str) -> str:
    """Return the source of a plugin whose hook gives these offers."""
    return f"@hookimpl\ndef {hook}():\n    return [{', '.join(offers)}]"


def cause(name: str) -> str:
    row = next(row for row in Host().listing() if row["name"] == name)
    assert row["status"] == "broken"
    return str(row["cause"])


@pytest.fixture
def chain(tmp_path: Path) -> str:
    """Return the source of an offer of the scenario ``port-closure``."""
    save_scenario(load_scenario("single-site", {"clock.days": 28}), tmp_path / "port.yaml")
    return f"ScenarioOffer('port-closure', {str(tmp_path / 'port.yaml')!r})"


def test_scenario_that_is_offered_runs_by_its_name(install: Install, chain: str) -> None:
    install("ports", giving("gpnde_scenarios", chain))
    host = Host()
    assert list(host.scenarios) == ["port-closure"]
    assert load_scenario(host.scenario_source("port-closure")).clock.days == 28
    assert simulate("port-closure").scenario["clock"]["days"] == 28


def test_folder_of_a_scenario_may_be_offered(install: Install, tmp_path: Path) -> None:
    save_scenario(load_scenario("single-site"), tmp_path / "port")
    install("ports", giving("gpnde_scenarios", f"ScenarioOffer('port', {str(tmp_path / 'port')!r})"))
    assert Host().scenario_source("port") == str(tmp_path / "port")


def test_file_goes_before_the_scenario_of_a_plugin(
    install: Install, chain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("ports", giving("gpnde_scenarios", chain))
    (tmp_path / "port-closure").mkdir()
    monkeypatch.chdir(tmp_path)
    assert Host().scenario_source("port-closure") == "port-closure"


def test_scenario_that_two_offer_is_refused_naming_both(install: Install, chain: str) -> None:
    install("first", giving("gpnde_scenarios", chain))
    install("second", giving("gpnde_scenarios", chain), version="2.0")
    with pytest.raises(ScenarioError) as caught:
        Host().scenario_source("port-closure")
    assert str(caught.value) == (
        "scenario port-closure is offered by plugin 'first' (gpnde-first 1.0) and plugin 'second' (gpnde-second 2.0): "
        "uninstall one of them"
    )


def test_scenario_of_gpnde_keeps_its_name(install: Install, chain: str) -> None:
    install("ports", giving("gpnde_scenarios", chain.replace("port-closure", "beer-game")))
    assert cause("ports") == (
        "scenario beer-game is offered by gpnde itself and plugin 'ports' (gpnde-ports 1.0): give it another name"
    )
    assert Host().scenario_source("beer-game") == "beer-game"


def test_unknown_scenario_gets_the_nearest_name_of_all(install: Install, chain: str) -> None:
    install("ports", giving("gpnde_scenarios", chain))
    with pytest.raises(ScenarioError, match="one of beer-game, .*, port-closure; did you mean 'port-closure'"):
        Host().scenario_source("port-closer")


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ("3", "gpnde_scenarios gave 3: must be gpnde.ScenarioOffer"),
        ("ScenarioOffer('Port', 'x')", "scenario 'Port': must be small letters, digits and hyphens"),
        ("ScenarioOffer(3, 'x')", "scenario 3: must be small letters, digits and hyphens"),
        ("ScenarioOffer('port', 'nowhere.yaml')", "scenario port: nowhere.yaml: no such file"),
        ("ScenarioOffer('port', None)", "TypeError: "),
    ],
)
def test_offer_of_a_scenario_that_cannot_be_used_is_listed(install: Install, offer: str, expected: str) -> None:
    install("ports", giving("gpnde_scenarios", offer))
    assert expected in cause("ports")


DRAW = """
def draw(run):
    import altair
    return altair.Chart(run.tables["tiers"]).mark_line().encode(x="day:Q", y="stock:Q", color="tier:N")
"""


def test_chart_that_is_offered_draws_a_run(install: Install) -> None:
    install("charts", DRAW + giving("gpnde_charts", "ChartOffer('stock', 'Stock of tiers.', draw)"))
    offer = Host().charts["stock"]
    assert offer.doc == "Stock of tiers."
    assert isinstance(offer.draw(simulate("single-site")), altair.Chart)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ("'stock'", "gpnde_charts gave 'stock': must be gpnde.ChartOffer"),
        ("ChartOffer('Stock of tiers', '', print)", "chart 'Stock of tiers': must be small letters"),
        ("ChartOffer('stock', '', None)", "chart stock: draw = None: must be a function of a run"),
        ("*[ChartOffer('stock', '', print)] * 2", "chart stock is offered twice by plugin 'charts'"),
    ],
)
def test_offer_of_a_chart_that_cannot_be_used_is_listed(install: Install, offer: str, expected: str) -> None:
    install("charts", giving("gpnde_charts", offer))
    assert expected in cause("charts")
    assert Host().charts == {}


def test_scenario_and_chart_may_share_a_name(install: Install, chain: str) -> None:
    charts = giving("gpnde_charts", "ChartOffer('port-closure', 'Closed.', print)")
    install("ports", f"{giving('gpnde_scenarios', chain)}\n{charts}")
    row = next(row for row in Host().listing() if row["name"] == "ports")
    assert (row["scenarios"], row["charts"], row["status"]) == (["port-closure"], ["port-closure"], "ready")
