"""`gpnde plugins check` says in one line per check what is good and what is not, and ends in 0, 1 or 2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from gpnde.plugin.added import added_names
from gpnde.plugin.host import plugin_host
from gpnde.testing import CHECKS

Gpnde = Callable[..., Result]
Write = Callable[..., Path]

_HEAD = """
import gpnde
from gpnde.plugin import param
"""

_STRIKE = '''
class Strike(gpnde.Component):
    """Stops the plants of a tier for a while."""

    name = "disruption.strike"

    days: float = param(7.0, gt=0, unit="day", doc="Length of a strike.")

    @gpnde.hookimpl
    def process(self, clock, view, act):
        yield clock.until(30)
        act.disrupt_sites(view.site_numbers(tiers=[1]), self.days)
'''

_TAX = """
class Tax(gpnde.Component):
    name = "policy.tax"

    @gpnde.hookimpl
    def process(self, clock):
        yield clock.wait(1)
"""

_QUOTA = '''
class Quota(gpnde.Component):
    """Needs a level."""

    name = "policy.quota"

    level: float = param(ge=0, doc="Level.")

    @gpnde.hookimpl
    def process(self, clock):
        yield clock.wait(1)
'''


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Return a function that writes the file of a plugin with components, given as class and source."""
    monkeypatch.chdir(tmp_path)

    def write(**classes: str) -> Path:
        offer = f"\n@gpnde.hookimpl\ndef gpnde_components():\n    return [{', '.join(classes)}]\n"
        (tmp_path / "trial_plugin.py").write_text(_HEAD + "".join(classes.values()) + offer, encoding="utf-8")
        return Path("trial_plugin.py")

    yield write


def test_good_file_passes_with_a_line_per_check(gpnde: Gpnde, plugin: Write) -> None:
    result = gpnde("plugins", "check", plugin(Strike=_STRIKE))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "disruption.strike"
    assert [line.split()[:2] for line in lines[1 : 1 + len(CHECKS)]] == [["ok", name] for name in CHECKS]
    assert lines[-1] == "1 of 1 component passed"


@pytest.mark.thorough
def test_failed_check_is_exit_code_1_and_the_other_components_are_checked_too(gpnde: Gpnde, plugin: Write) -> None:
    result = gpnde("plugins", "check", plugin(Tax=_TAX, Strike=_STRIKE))
    assert result.exit_code == 1
    assert "  failed  documentation  class Tax has no docstring" in result.stdout
    assert result.stdout.endswith("1 of 2 components passed\n")


@pytest.mark.thorough
def test_parameter_that_is_missing_is_asked_for_and_can_be_given(gpnde: Gpnde, plugin: Write) -> None:
    file = plugin(Quota=_QUOTA)
    asked = gpnde("plugins", "check", file)
    assert asked.exit_code == 1
    assert "policy.quota.level: missing: this parameter has no default: give it with --set" in asked.stdout
    given = gpnde("plugins", "check", file, "--set", "level=3")
    assert given.exit_code == 0
    assert "policy.quota: changes nothing in tiny-network" in given.stderr


def test_json_is_one_object(gpnde: Gpnde) -> None:
    words = "disruption.price-war", "--set", "disruption.price-war.mean_peace_days=50"
    result = gpnde("plugins", "check", *words, "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["passed"], answer["problems"]) == (0, True, [])
    (component,) = answer["components"]
    assert component["component"] == "disruption.price-war"
    assert [check["name"] for check in component["checks"]] == list(CHECKS)
    assert "sites" in component["changes"]


def test_scenario_can_be_chosen(gpnde: Gpnde, three_firms: Path) -> None:
    words = "disruption.site-outage", "--set", "mean_up_days=20", "--scenario", three_firms
    result = gpnde("plugins", "check", *words)
    assert result.exit_code == 0
    assert "56 days of three-firms" in result.stdout


def test_component_that_is_refused_fails_the_plugin(gpnde: Gpnde, plugin: Write) -> None:
    old = _TAX.replace('name = "policy.tax"', 'name = "policy.tax"\n    api = 99')
    result = gpnde("plugins", "check", plugin(Strike=_STRIKE, Tax=old))
    assert result.exit_code == 1
    assert "refused: made for interface 99 of gpnde" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["policy.nothing"], "'policy.nothing': no such component; "),
        (["disruption"], "'disruption': no such plugin, component or file; did you mean 'disruptions'?"),
        (["nothing.py"], "nothing.py': no such file"),
        (["disruption.price-war", "--set", "depth=3"], "disruption.price-war.depth = 3: must be below 1"),
        (["disruption.price-war", "--set", "depht=0.3"], "no such parameter; did you mean 'depth'?"),
        (["disruption.price-war", "--set", "policy.tax.rate=1"], "no component 'policy.tax' is checked here"),
        (["disruption.price-war", "--scenario", "nowhere"], "'nowhere': no such scenario"),
    ],
)
def test_mistake_is_one_line_and_exit_code_2(gpnde: Gpnde, words: list[str], said: str) -> None:
    result = gpnde("plugins", "check", *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("gpnde plugins check: ")
    assert said in result.stderr


def test_file_that_does_not_exist_is_named_whole(gpnde: Gpnde, tmp_path: Path) -> None:
    result = gpnde("plugins", "check", tmp_path / "nothing.py")
    assert result.stderr.startswith(f"gpnde plugins check: {str(tmp_path / 'nothing.py')!r}: no such file, package, ")


def test_broken_file_is_exit_code_2_with_its_cause(gpnde: Gpnde, plugin: Write) -> None:
    result = gpnde("plugins", "check", plugin(Strike=_STRIKE + "\n1 / 0\n"))
    assert result.exit_code == 2
    assert "ZeroDivisionError: division by zero" in result.stderr


def test_file_is_forgotten_afterwards(gpnde: Gpnde, plugin: Write) -> None:
    gpnde("plugins", "check", plugin(Quota=_QUOTA))
    assert added_names() == ()
    assert "policy.quota" not in plugin_host().components
