"""What a scenario requires is checked before any plugin is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from gpnde.errors import ScenarioError
from gpnde.plugin.host import Host
from gpnde.plugin.requirements import check_installed
from gpnde.scenario import load_scenario
from gpnde.scenario.schema import ComponentUse

Install = Callable[..., None]

NOTHING = "@hookimpl\ndef gpnde_components():\n    return []"


def refusal(*requires: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        check_installed(requires)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_distribution_comes_with_the_command_that_installs_it() -> None:
    assert refusal("gpnde-gone>=1") == (
        "requires gpnde-gone>=1: gpnde-gone is not installed: install it with pip install 'gpnde-gone>=1'"
    )


def test_distribution_that_is_too_old_is_named_with_its_version(install: Install) -> None:
    install("tax", NOTHING, version="1.4")
    check_installed(["gpnde-tax", "gpnde-tax>=1", "gpnde_tax>=1.4,<2"])
    assert refusal("gpnde-tax>=2") == (
        "requires gpnde-tax>=2: gpnde-tax 1.4 is installed: install it with pip install 'gpnde-tax>=2'"
    )


def test_one_command_installs_all_that_is_missing(install: Install) -> None:
    install("tax", NOTHING)
    text = refusal("gpnde-gone", "gpnde-tax>=1", "gpnde-tax>=2")
    assert text.startswith("requires gpnde-gone: gpnde-gone is not installed (and 1 more): ")
    assert text.endswith("pip install 'gpnde-gone' 'gpnde-tax>=2'")


@pytest.mark.parametrize(("version", "fits"), [("2.0.dev1", True), ("1.0rc1", False), ("1.0", True)])
def test_versions_before_a_release_are_as_old_as_they_say(install: Install, version: str, fits: bool) -> None:
    install("tax", NOTHING, version=version)
    if fits:
        check_installed(["gpnde-tax>=1"])
    else:
        assert f"gpnde-tax {version} is installed" in refusal("gpnde-tax>=1")


def test_version_that_is_none_is_as_good_as_wrong(install: Install) -> None:
    install("tax", NOTHING, version="unreadable")
    check_installed(["gpnde-tax"])
    assert "gpnde-tax unreadable is installed" in refusal("gpnde-tax>=1")


def test_check_comes_before_any_import(install: Install) -> None:
    install("tax", NOTHING)
    with pytest.raises(ScenarioError, match="gpnde-tax 1.0 is installed"):
        Host().build([ComponentUse(use="policy.tax")], ["gpnde-tax>=2"])
    assert "plugin_tax" not in sys.modules


@pytest.mark.parametrize("wrong", ["gpnde-x>>1", "", "gpnde-x[all]", "gpnde-x @ https://example.org/x.whl", "a; b"])
def test_scenario_refuses_what_is_no_name_with_versions(wrong: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("single-site", {"requires": [wrong]})
    assert str(caught.value) == f"requires: {wrong!r}: must be a name and versions, such as gpnde-x>=1"


def test_scenario_keeps_what_it_requires() -> None:
    assert load_scenario("single-site", {"requires": ["gpnde>=0.1"]}).requires == ("gpnde>=0.1",)
