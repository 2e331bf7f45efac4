"""GPNDE_PLUGINS says which of the installed plugins may be used; the others are not even imported."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from gpnde.errors import ComponentError
from gpnde.plugin.host import Host

Install = Callable[..., None]


def offering(name: str) -> str:
    return f"class One(Component):\n    name = {name!r}\n@hookimpl\ndef gpnde_components():\n    return [One]"


@pytest.fixture
def allow(install: Install, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Host]:
    """Install two plugins, and return a function that gives a host for a value of GPNDE_PLUGINS."""
    install("tax", offering("policy.tax"))
    install("fair_trade", offering("policy.fair"))

    def host(names: str) -> Host:
        monkeypatch.setenv("GPNDE_PLUGINS", names)
        return Host()

    return host


Allow = Callable[[str], Host]


def ready(host: Host) -> list[str]:
    return sorted(row["name"] for row in host.listing() if row["status"] == "ready")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("tax", ["tax"]),
        ("tax, disruptions", ["disruptions", "tax"]),
        ("gpnde-fair-trade", ["fair_trade"]),
        ("GPNDE_Fair.Trade,", ["fair_trade"]),
        ("fair-trade", ["fair_trade"]),
        ("gpnde", ["diffusion", "disruptions", "policies"]),
        ("", []),
        (" , ", []),
    ],
)
def test_plugins_are_allowed_by_their_name_or_that_of_their_distribution(
    allow: Allow, names: str, expected: list[str]
) -> None:
    assert ready(allow(names)) == expected


def test_unset_means_all(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("tax", offering("policy.tax"))
    monkeypatch.delenv("GPNDE_PLUGINS", raising=False)
    assert ready(Host()) == ["diffusion", "disruptions", "policies", "tax"]


def test_what_is_left_out_is_not_imported_and_says_why(allow: Allow) -> None:
    host = allow("tax")
    row = next(row for row in host.listing() if row["name"] == "fair_trade")
    assert (row["status"], row["cause"], row["offers"]) == ("disabled", "switched off by GPNDE_PLUGINS", [])
    assert "plugin_fair_trade" not in sys.modules
    assert "plugin_tax" in sys.modules


def test_component_of_a_plugin_that_is_left_out_is_refused_with_the_reason(allow: Allow) -> None:
    with pytest.raises(
        ComponentError, match="; switched off by GPNDE_PLUGINS: diffusion, disruptions, fair_trade, policies$"
    ):
        allow("tax").component("policy.fair")


def test_unknown_name_is_refused_with_the_nearest_when_plugins_are_needed(allow: Allow) -> None:
    host = allow("tex")
    assert host.build([]) == []
    with pytest.raises(ComponentError, match="GPNDE_PLUGINS: 'tex': no such plugin; did you mean 'tax'?"):
        host.listing()
