"""The ODD page is what the code says, and leaves nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpnde.errors import ComponentError
from gpnde.mechanics.equations import EQUATIONS
from gpnde.plugin.host import plugin_host
from gpnde.plugin.spec import hook_names
from gpnde.results.columns import TABLES
from gpnde.scenario.schema import Scenario
from tools.odd import odd_page
from tools.odd.equations import callers, functions
from tools.odd.mechanisms import first_party
from tools.odd.page import REGISTERS
from tools.odd.parameters import blocks

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def page() -> str:
    return odd_page()


def test_it_has_the_seven_parts_of_the_protocol(page: str) -> None:
    assert re.findall(r"^## (\d)\. ", page, re.MULTILINE) == list("1234567")


def test_every_place_of_the_template_is_filled_from_a_register_of_its_own() -> None:
    template = (ROOT / "tools" / "odd" / "template.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\{\{ (\w+) \}\}", template)) == sorted(REGISTERS)


def test_every_component_that_comes_with_gpnde_has_its_section(page: str) -> None:
    names = [name for plugin in first_party() for name in plugin.offers]
    assert len(names) >= 20
    assert [name for name in names if f"##### `{name}`\n" not in page] == []


def test_every_parameter_of_a_component_has_its_row(page: str) -> None:
    kinds = [(name, kind) for plugin in first_party() for name, kind in plugin.offers.items()]
    for name, kind in kinds:
        section = page.partition(f"##### `{name}`\n")[2].partition("\n#####")[0]
        assert [field for field in kind.model_fields if f"| `{field}` |" not in section] == []


def test_every_function_of_the_model_that_is_called_has_its_row(page: str) -> None:
    called = {f"{each.module}.{each.name}" for each in functions()} & callers().keys()
    assert len(called) > 60
    assert [name for name in sorted(called) if f"| `{name}` |" not in page] == []


def test_every_equation_has_a_section_with_functions(page: str) -> None:
    named = {number for each in functions() for number in each.numbers}
    assert named == EQUATIONS.keys()
    assert [number for number in EQUATIONS if f"#### {number}. " not in page] == []


def test_every_block_of_a_scenario_has_its_section(page: str) -> None:
    assert [name for name, block in blocks().items() if f"#### {block.__name__}: `{name}`\n" not in page] == []


def test_every_field_of_a_scenario_is_named(page: str) -> None:
    assert [name for name in Scenario.model_fields if f"`{name}`" not in page] == []


def test_every_hook_and_every_result_table_is_there(page: str) -> None:
    assert [name for name in hook_names() if f"| `{name}` |" not in page] == []
    assert [name for name in TABLES if f"#### Table `{name}`\n" not in page] == []


def test_a_broken_plugin_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = first_party()[0]
    monkeypatch.setattr(plugin, "problems", [])
    plugin.refuse("ImportError: no module")
    with pytest.raises(ComponentError, match=rf"^plugin '{plugin.name}': ImportError: no module: fix it"):
        odd_page()


def test_plugins_of_others_are_left_out() -> None:
    assert {plugin.distribution for plugin in first_party()} == {"gpnde"}
    assert len(first_party()) <= len(plugin_host().plugins)
