"""Plugins are found, imported only on need, and listed even when they are broken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import ComponentError
from gpnde.plugin.component import API, Component
from gpnde.plugin.host import Host, host_of, plugin_host
from gpnde.scenario.schema import ComponentUse

Install = Callable[..., None]

GOOD = """
class Quota(Component):
    name = "policy.quota"
    share: float = param(0.5, ge=0, le=1, doc="Share.")

@hookimpl
def gpnde_components():
    return [Quota]
"""


def offering(*names: str, body: str = "") -> str:
    """Return the source of a plugin that offers components of these names."""
    kinds = [f"class Kind{i}(Component):\n    name = {name!r}\n    {body or 'pass'}\n" for i, name in enumerate(names)]
    listed = ", ".join(f"Kind{i}" for i in range(len(names)))
    return "\n".join([*kinds, "@hookimpl", "def gpnde_components():", f"    return [{listed}]"])


def row(host: Host, name: str) -> dict[str, Any]:
    return next(row for row in host.listing() if row["name"] == name)


def refusal(action: Callable[[], Any]) -> str:
    with pytest.raises(ComponentError) as caught:
        action()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def use(name: str, **parameters: Any) -> ComponentUse:
    return ComponentUse.model_validate({"use": name, **parameters})


def test_names_are_known_without_an_import(install: Install) -> None:
    install("quota", GOOD)
    host = Host()
    assert "quota" in host.names
    assert "plugin_quota" not in sys.modules
    assert host.component("policy.quota").name == "policy.quota"
    assert "plugin_quota" in sys.modules


def test_ready_plugin_is_listed_with_what_it_offers(install: Install) -> None:
    install("quota", GOOD, version="2.3")
    assert row(Host(), "quota") == {
        "name": "quota",
        "distribution": "gpnde-quota",
        "version": "2.3",
        "api": API,
        "status": "ready",
        "offers": ["policy.quota"],
        "scenarios": [],
        "supplier_choices": [],
        "charts": [],
        "metrics": [],
        "laws": [],
        "ordering_policies": [],
        "cause": "",
    }


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def oops(:", "SyntaxError: "),
        (
            "@hookimpl\ndef gpnde_components():\n    raise ValueError('two\\nlines')",
            "ValueError: two lines",
        ),
        ("@hookimpl\ndef gpnde_components(world):\n    return []", "PluginValidationError: "),
        ("@hookimpl\ndef gpnde_component():\n    return []", "no such hook; did you mean 'gpnde_components'?"),
        ("@hookimpl\ndef process(view):\n    return []", "process: a hook of components: make it a method of one"),
        (
            "def gpnde_components():\n    return []",
            "offers nothing: mark a function gpnde_components with @gpnde.hookimpl",
        ),
        ("@hookimpl\ndef gpnde_components():\n    return 3", "gpnde_components gave 3: must be a list"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class Odd(BaseException):\n    def __str__(self):\n        return 1 / 0\nraise Odd", "Odd"),
        ("@hookimpl\ndef gpnde_components():\n    return [3]", "gpnde_components gave 3: must be classes that derive"),
        (offering("Quota"), "Kind0.name = 'Quota': must be family.name, such as disruption.site-outage"),
        ("class A(Component):\n    pass\n@hookimpl\ndef gpnde_components():\n    return [A]", "A.name = ''"),
    ],
)
def test_broken_plugin_is_listed_with_its_cause_and_does_no_harm(install: Install, source: str, cause: str) -> None:
    install("broken", source)
    install("quota", GOOD)
    host = Host()
    listed = row(host, "broken")
    assert listed["status"] == "broken"
    assert cause in listed["cause"]
    assert "\n" not in listed["cause"]
    assert host.build([use("policy.quota", share=0.25)])[0].model_dump() == {"share": 0.25}


def test_unknown_component_gets_the_nearest_name_and_the_next_step(install: Install) -> None:
    install("quota", GOOD)
    text = refusal(lambda: Host().component("policy.qota"))
    assert text == "'policy.qota': no such component; did you mean 'policy.quota'? run 'gpnde plugins' for the list"


def test_component_that_may_be_in_a_broken_plugin_fails_with_the_stored_cause(install: Install) -> None:
    install("broken", "raise RuntimeError('no licence')")
    text = refusal(lambda: Host().component("tax.carbon-border"))
    assert text.endswith("; plugin 'broken' (gpnde-broken 1.0) is broken: RuntimeError: no licence")


def test_name_that_two_plugins_offer_is_refused_naming_both(install: Install) -> None:
    install("first", offering("policy.quota", "policy.first"))
    install("second", offering("policy.quota"), version="2.0")
    host = Host()
    text = refusal(lambda: host.component("policy.quota"))
    assert "plugin 'first' (gpnde-first 1.0) and plugin 'second' (gpnde-second 2.0)" in text
    assert row(host, "first")["offers"] == ["policy.first"]
    assert row(host, "first")["status"] == row(host, "second")["status"] == "broken"
    assert host.component("policy.first").name == "policy.first"


def test_name_that_one_plugin_offers_three_times_is_refused_too(install: Install) -> None:
    install("first", offering("policy.quota", "policy.quota", "policy.quota"))
    assert Host().components.keys().isdisjoint({"policy.quota"})
    assert row(Host(), "first")["status"] == "broken"


def test_name_that_one_plugin_offers_twice_is_refused(install: Install) -> None:
    install("first", offering("policy.quota", "policy.quota"))
    host = Host()
    assert "policy.quota is offered twice by plugin 'first'" in refusal(lambda: host.component("policy.quota"))


@pytest.mark.parametrize(("api", "is_taken"), [(API, True), (API - 1, True), (API + 1, False), (API - 2, False)])
def test_interface_of_today_and_the_one_before_are_taken(install: Install, api: int, is_taken: bool) -> None:
    install("aged", offering("policy.aged", body=f"api = {api}"))
    host = Host()
    if is_taken:
        assert row(host, "aged")["status"] == "ready"
        return
    assert row(host, "aged")["status"] == "incompatible"
    text = refusal(lambda: host.component("policy.aged"))
    assert text.startswith(f"policy.aged: made for interface {api} of gpnde, this is {API}: install another version")


def test_order_of_the_scenario_does_not_matter(install: Install) -> None:
    install("quota", GOOD)
    uses = [use("policy.quota", share=0.7), use("policy.quota"), use("policy.quota", share=0.2)]
    built = Host().build(uses)
    assert built == Host().build(uses[::-1])
    assert [component.model_dump()["share"] for component in built] == [0.2, 0.5, 0.7]


def test_disabled_component_is_as_good_as_absent(install: Install) -> None:
    install("quota", GOOD)
    assert Host().build([use("policy.quota", enabled=False)]) == []
    assert Host().build([use("policy.gone", enabled=False)]) == []


def test_component_that_needs_another_says_so(install: Install) -> None:
    install("pair", offering("policy.base") + "\n" + offering("policy.top", body='requires = ("policy.base",)'))
    text = refusal(lambda: Host().build([use("policy.top")]))
    assert text == "policy.top: needs policy.base: add it to the components of the scenario"


def test_plugins_that_come_with_gpnde_are_ready() -> None:
    listed = row(plugin_host(), "disruptions")
    assert (listed["distribution"], listed["status"]) == ("gpnde", "ready")
    assert listed["offers"] == [
        "disruption.calendar",
        "disruption.cluster-outage",
        "disruption.currency-crisis",
        "disruption.dated-events",
        "disruption.dated-outages",
        "disruption.demand-slump",
        "disruption.export-control",
        "disruption.flagship-insolvency",
        "disruption.link-outage",
        "disruption.price-war",
        "disruption.site-outage",
        "disruption.technology-discontinuity",
    ]


def test_scenario_without_components_imports_no_plugin(install: Install) -> None:
    install("quota", GOOD)
    host = Host()
    assert host.build([]) == []
    assert host.scenario_source("beer-game") == "beer-game"
    assert host.scenario_source("nowhere/scenario.yaml") == "nowhere/scenario.yaml"
    assert host.problems_met == ()
    assert "plugin_quota" not in sys.modules


def test_interruption_by_the_user_is_not_the_plugins_fault(install: Install) -> None:
    install("quota", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        Host().listing()


def test_what_a_plugin_prints_does_not_get_into_answers(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install("quota", "print('hello')" + GOOD)
    Host().listing()
    out, err = capsys.readouterr()
    assert (out, err) == ("", "hello\n")


def test_plugin_that_fails_half_way_offers_nothing(install: Install) -> None:
    hook = "@hookimpl\ndef gpnde_components():\n    yield A\n    raise OSError"
    install("half", f"class A(Component):\n    name = 'policy.half'\n{hook}")
    listed = row(Host(), "half")
    assert (listed["offers"], listed["cause"]) == ([], "OSError")


def test_broken_plugins_are_listed_first(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("quota", GOOD)
    install("zombie", "raise RuntimeError")
    install("newer", offering("policy.newer", body=f"api = {API + 1}"))
    monkeypatch.setenv("GPNDE_PLUGINS", "quota,zombie,newer")
    statuses = [each["status"] for each in Host().listing()]
    assert statuses == ["broken", "incompatible", "ready", "disabled", "disabled", "disabled"]


def test_version_of_the_interfaces_is_listed_though_it_is_refused(install: Install) -> None:
    install("newer", offering("policy.newer", body=f"api = {API + 1}"))
    assert row(Host(), "newer")["api"] == API + 1


def test_version_of_the_interfaces_that_is_no_number_is_refused(install: Install) -> None:
    install("odd", offering("policy.odd", body="api = '1'"))
    assert "policy.odd: api = '1': must be a whole number" in row(Host(), "odd")["cause"]


def test_component_that_is_refused_names_itself_once_and_its_owner(install: Install) -> None:
    install("odd", offering("policy.odd", body="api = '1'"))
    with pytest.raises(ComponentError) as caught:
        Host().component("policy.odd")
    error = caught.value
    line = "policy.odd: api = '1': must be a whole number, such as 1 (plugin 'odd' (gpnde-odd 1.0))"
    assert (str(error), error.where) == (line, "policy.odd")
    assert (error.component, error.plugin, error.distribution, error.version) == (
        *("policy.odd", "odd"),
        *("gpnde-odd", "1.0"),
    )


def test_distribution_without_metadata_is_no_obstacle(install: Install, tmp_path: Path) -> None:
    install("quota", GOOD)
    (tmp_path / "site-packages" / "gpnde_quota-1.0.dist-info" / "METADATA").unlink()
    assert row(Host(), "quota")["status"] == "ready"


def test_host_of_given_components_knows_no_others() -> None:
    class Given(Component):
        name = "policy.given"

    with host_of([Given]) as host:
        assert plugin_host() is host
        assert host.components == {"policy.given": Given}
    assert plugin_host() is not host


def test_owner_of_a_component_is_its_plugin(install: Install) -> None:
    install("quota", GOOD)
    assert str(Host().owner("policy.quota")) == "plugin 'quota' (gpnde-quota 1.0)"
    assert str(Host().owner("policy.gone")) == ""


def test_host_is_the_same_in_one_process() -> None:
    assert plugin_host() is plugin_host()


@pytest.fixture
def two_quotas(install: Install, tmp_path: Path) -> None:
    """Install two plugins of one name, from two distributions."""
    install("quota", GOOD)
    install("tax", offering("policy.tax"))
    entries = tmp_path / "site-packages" / "gpnde_tax-1.0.dist-info" / "entry_points.txt"
    entries.write_text("[gpnde]\nquota = plugin_tax\n")


def test_two_plugins_of_one_name_are_told_and_neither_is_used(two_quotas: None) -> None:
    told = [each for each in Host().listing() if each["name"] == "quota"]
    assert [(each["distribution"], each["status"], each["offers"]) for each in told] == [
        ("gpnde-quota", "broken", []),
        ("gpnde-tax", "broken", []),
    ]
    who = "plugins called 'quota' are brought by gpnde-quota 1.0 and gpnde-tax 1.0: uninstall one of them"
    assert {each["cause"] for each in told} == {who}
    with pytest.raises(ComponentError, match=who):
        Host().component("policy.quota")


def test_a_plugin_of_two_that_share_a_name_may_be_chosen(two_quotas: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPNDE_PLUGINS", "gpnde-tax")
    assert list(Host().components) == ["policy.tax"]


def test_two_versions_of_one_distribution_are_told(install: Install) -> None:
    install("quota", GOOD)
    install("quota", GOOD, version="1.1")
    told = [each for each in Host().listing() if each["name"] == "quota"]
    remedy = "uninstall all of them and install one: pip uninstall gpnde-quota"
    assert {each["cause"] for each in told} == {f"gpnde-quota is installed more than once: 1.0 and 1.1: {remedy}"}


def test_checkout_that_was_built_is_no_second_version(install: Install, tmp_path: Path) -> None:
    install("quota", GOOD)
    built = tmp_path / "site-packages" / "gpnde_quota.egg-info"
    built.mkdir()
    (built / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: gpnde-quota\nVersion: 0.9\n")
    (built / "entry_points.txt").write_text("[gpnde]\nquota = plugin_quota\n")
    (told,) = [each for each in Host().listing() if each["name"] == "quota"]
    assert (told["version"], told["status"]) == ("1.0", "ready")


def test_component_with_a_hook_that_is_not_marked_is_listed_and_refused(install: Install) -> None:
    install("quota", offering("policy.quota", body="def capacity(self):\n        return 0.5"))
    cause = row(Host(), "quota")["cause"]
    assert cause.startswith(
        "policy.quota.capacity: Kind0.capacity is called like a hook and is not marked as one: put @"
    )
    with pytest.raises(ComponentError) as caught:
        Host().component("policy.quota")
    assert str(caught.value) == f"{cause} (plugin 'quota' (gpnde-quota 1.0))"


def test_host_hook_that_is_not_marked_is_told(install: Install) -> None:
    install("quota", f"{GOOD}\ndef gpnde_charts():\n    return []")
    cause = row(Host(), "quota")["cause"]
    assert cause == "gpnde_charts: is called like a hook and is not marked as one: put @gpnde.hookimpl above it"


def test_direction_of_a_metric_that_there_is_not_is_refused(install: Install) -> None:
    install("odd", offering("policy.odd", body="better = {'served': 'more'}"))
    line = "policy.odd: better of served = 'more': must be higher or lower or neither"
    assert line in row(Host(), "odd")["cause"]
