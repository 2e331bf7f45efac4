"""Inside an isolation scenarios can use the components given and no others; afterwards all is as before."""

from __future__ import annotations

import pytest

import gpnde
from gpnde.errors import ComponentError
from gpnde.plugin import Component
from gpnde.plugin.host import plugin_host
from gpnde.testing import isolated_plugins, tiny_network
from gpnde.testing.fixtures import IsolatedPlugins, TinyNetwork
from gpnde.testing.fixtures import isolated_plugins as isolated_plugins_fixture
from gpnde.testing.fixtures import tiny_network as tiny_network_fixture

from .components import Schools, Strikes

isolate = isolated_plugins_fixture
network = tiny_network_fixture


def test_run_uses_the_component_given() -> None:
    with isolated_plugins(Strikes):
        run = gpnde.simulate(tiny_network(**{"clock.days": 56}, components=[{"use": Strikes.name}]))
    assert run.components[0]["name"] == Strikes.name
    assert run.events.filter(run.events["component"] == Strikes.name).height > 0


def test_installed_components_are_out_of_sight_until_the_end() -> None:
    before = plugin_host()
    with isolated_plugins(Strikes), pytest.raises(ComponentError, match="'disruption.price-war': no such component"):
        gpnde.simulate(tiny_network(components=[{"use": "disruption.price-war"}]))
    assert plugin_host() is before


def test_inner_isolation_takes_the_place_of_the_outer_one() -> None:
    with isolated_plugins(Strikes), isolated_plugins(Schools) as inner:
        assert plugin_host() is inner
        assert list(inner.components) == [Schools.name]


def test_isolation_ends_after_an_error() -> None:
    before = plugin_host()
    with pytest.raises(ZeroDivisionError), isolated_plugins(Strikes):
        raise ZeroDivisionError
    assert plugin_host() is before


def test_component_that_cannot_be_offered_is_refused_at_once() -> None:
    class Nameless(Component):
        name = "nameless"

    with pytest.raises(ComponentError, match="must be family.name"), isolated_plugins(Nameless):
        pass


def test_fixtures_isolate_to_the_end_of_the_test(isolate: IsolatedPlugins, network: TinyNetwork) -> None:
    host = isolate(Schools)
    assert plugin_host() is host
    assert network(**{"clock.days": 28}).clock.days == 28


def test_refusal_names_component_and_plugin() -> None:
    class Misspelt(Component):
        name = "policy.misspelt"

        @gpnde.hookimpl
        def proces(self) -> None:
            """Fill a hook that there is not."""

    with pytest.raises(ComponentError, match="no such hook") as caught, isolated_plugins(Misspelt):
        pass
    assert (caught.value.where, caught.value.component) == ("policy.misspelt.proces", "policy.misspelt")
    assert caught.value.plugin
