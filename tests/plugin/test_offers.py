"""Scenarios, charts and metrics that plugins offer."""

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


def test_plugin_one_of_whose_offers_raises_offers_nothing(install: Install) -> None:
    charts = giving("gpnde_charts", "chart('port', 'Port')(print)", "chart(Odd('x'), '')(print)")
    install("ports", f"class Odd(str):\n    def __hash__(self):\n        raise OSError\n{charts}")
    assert cause("ports") == "OSError"
    assert Host().charts == {}


DRAW = """
@chart("stock", "Stock of tiers", needs=("tiers",))
def draw(run):
    '''Show the stock of tiers.'''
    import altair
    return altair.Chart(run.tables["tiers"]).mark_line().encode(x="day:Q", y="on_hand:Q", color="tier:N")
"""


def test_chart_that_is_offered_draws_a_run(install: Install) -> None:
    install("charts", DRAW + giving("gpnde_charts", "draw"))
    kind = Host().charts["stock"]
    assert (kind.doc, kind.title, kind.needs, kind.by_day) == (
        "The stock of tiers.",
        "Stock of tiers",
        ("tiers",),
        False,
    )
    drawn = kind(simulate("single-site"))
    assert isinstance(drawn, altair.Chart)
    assert {"day", "on_hand", "tier"} <= set(drawn.data.columns)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ("'stock'", "gpnde_charts gave 'stock': must be functions under @gpnde.chart"),
        ("chart('Stock of tiers', '')(print)", "chart 'Stock of tiers': must be small letters"),
        ("chart('stock', '', group='study')(print)", "chart stock: group 'study': must be one of network, flow, "),
        ("*[chart('stock', '')(print)] * 2", "chart stock is offered twice by plugin 'charts'"),
    ],
)
def test_offer_of_a_chart_that_cannot_be_used_is_listed(install: Install, offer: str, expected: str) -> None:
    install("charts", giving("gpnde_charts", offer))
    assert expected in cause("charts")
    assert Host().charts == {}


def test_scenario_and_chart_may_share_a_name(install: Install, chain: str) -> None:
    charts = giving("gpnde_charts", "chart('port-closure', 'Closed')(print)")
    install("ports", f"{giving('gpnde_scenarios', chain)}\n{charts}")
    row = next(row for row in Host().listing() if row["name"] == "ports")
    assert (row["scenarios"], row["charts"], row["status"]) == (["port-closure"], ["port-closure"], "ready")


METRIC = """
@metric("stock.peak", unit="unit", formula="max stock", better="lower", source="definition", needs=("tiers",))
def peak(evidence):
    '''Return the highest stock of all tiers.'''
    return evidence.tables["tiers"].group_by("day").sum()["on_hand"].max()
"""


def test_metric_that_is_offered_is_known_with_its_meaning(install: Install) -> None:
    install("stock", METRIC + giving("gpnde_metrics", "peak"))
    kind = Host().metrics["stock.peak"]
    assert (kind.doc, kind.unit, kind.better) == ("Highest stock of all tiers.", "unit", "lower")
    assert [row["metrics"] for row in Host().listing() if row["name"] == "stock"] == [["stock.peak"]]


def named(name: str, better: str = "lower") -> str:
    """Return the source of a metric of that name."""
    return f"metric({name!r}, unit='1', formula='', better={better!r}, source='')(len)"


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        ("len", "gpnde_metrics gave <built-in function len>: must be functions under @gpnde.metric"),
        (named("Stock"), "metric 'Stock': must be small letters, digits, dots"),
        (named("flow"), "metric flow: names that begin with flow.bullwhip are taken by gpnde"),
        (named("flow.fill_rate.dry"), "names that begin with flow.fill_rate are taken by gpnde"),
        (named("policy.peak"), "names that begin with policy are taken by gpnde"),
        (named("stock", "more"), "metric stock: better = 'more': must be higher or lower or neither"),
        (f"*[{named('stock')}] * 2", "metric stock is offered twice by plugin 'stock'"),
    ],
)
def test_offer_of_a_metric_that_cannot_be_used_is_listed(install: Install, offer: str, expected: str) -> None:
    install("stock", giving("gpnde_metrics", offer))
    assert expected in cause("stock")
    assert [owner.plugin for owner in Host().metrics_named(list(Host().metrics)).values()] == ["diffusion"]


def test_metric_that_a_scenario_names_and_no_plugin_offers_gets_the_nearest_name(install: Install) -> None:
    install("stock", METRIC + giving("gpnde_metrics", "peak"))
    with pytest.raises(ScenarioError) as caught:
        Host().metrics_named(["stock.peek"])
    assert str(caught.value) == (
        "record.metrics: 'stock.peek': no plugin offers it; did you mean 'stock.peak'?: 'gpnde metrics' lists them"
    )
    with pytest.raises(ScenarioError, match="'flow.fill_rate': is measured in every run"):
        Host().metrics_named(["flow.fill_rate"])
