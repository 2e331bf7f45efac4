"""Plugins that are named with --plugin: files, packages and modules."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gpnde.errors import ComponentError
from gpnde.plugin.added import added_names, resolve, set_added_names
from gpnde.plugin.host import Host, add_plugin, additions_taken_back, plugin_host

Install = Callable[..., None]


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Leave the environment and the modules as they were."""
    modules = set(sys.modules)
    with additions_taken_back():
        yield
    for name in set(sys.modules) - modules:
        if name.startswith("taxes"):
            del sys.modules[name]


def offering(name: str) -> str:
    head = "import gpnde\n__version__ = '0.3'\n"
    kind = f"class One(gpnde.Component):\n    name = {name!r}\n"
    return f"{head}{kind}@gpnde.hookimpl\ndef gpnde_components():\n    return [One]\n"


def host_with(*names: Path | str, installed: tuple[str, ...] = ()) -> Host:
    set_added_names([resolve(str(name), installed) for name in names])
    return Host()


def row(host: Host, name: str) -> tuple[str, str, str, str]:
    found = next(row for row in host.listing() if row["name"] == name)
    return found["distribution"], found["version"], found["status"], found["cause"]


def refusal(given: str) -> str:
    with pytest.raises(ComponentError) as caught:
        resolve(given, ("diffusion", "disruptions"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_file_is_a_plugin_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "taxes.py").write_text(offering("policy.tax"))
    host = host_with(tmp_path / "taxes.py")
    assert "taxes" in host.names
    assert "taxes" not in sys.modules
    assert host.component("policy.tax").name == "policy.tax"
    assert row(host, "taxes") == ("(file)", "0.3", "ready", "")
    assert str(host.owner("policy.tax")) == "plugin 'taxes' (file 0.3)"


def test_package_may_import_its_own_modules(tmp_path: Path) -> None:
    package = tmp_path / "taxes_pack"
    package.mkdir()
    (package / "rates.py").write_text("RATE = 3\n")
    (package / "__init__.py").write_text(
        "from taxes_pack.rates import RATE\nfrom . import rates\n" + offering("policy.p")
    )
    assert host_with(package).component("policy.p").__module__ == "taxes_pack"


def test_module_that_can_be_imported_is_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "taxes_module.py").write_text(offering("policy.m"))
    host = host_with("taxes_module")
    assert row(host, "taxes_module") == ("(module)", "0.3", "ready", "")


def test_process_that_is_started_later_knows_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "taxes.py").write_text(offering("policy.tax"))
    host_with(tmp_path / "taxes.py")
    code = "from gpnde.plugin.host import plugin_host; print(plugin_host().component('policy.tax').__module__)"
    with os.popen(f'"{sys.executable}" -c "{code}"') as answer:
        assert answer.read() == "taxes\n"


def test_allow_list_does_not_hold_for_what_is_named(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("quota", offering("policy.quota"))
    (tmp_path / "taxes.py").write_text(offering("policy.tax"))
    monkeypatch.setenv("GPNDE_PLUGINS", "")
    assert sorted(host_with(tmp_path / "taxes.py").components) == ["policy.tax"]
    assert sorted(host_with("quota", installed=("quota",)).components) == ["policy.quota"]
    assert sorted(host_with("plugin_quota").components) == ["policy.quota"]


def test_checkout_takes_the_place_of_the_plugin_that_is_installed(install: Install, tmp_path: Path) -> None:
    install("quota", offering("policy.old"))
    (tmp_path / "plugin_quota.py").write_text(offering("policy.new"))
    host = host_with(tmp_path / "plugin_quota.py")
    assert "policy.new" in host.components
    assert "policy.old" not in host.components
    assert row(host, "quota")[2:] == ("disabled", f"replaced by --plugin {tmp_path / 'plugin_quota.py'}")


def test_file_that_hides_another_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(offering("policy.tax"))
    cause = row(host_with(tmp_path / "json.py"), "json")[3]
    assert cause.startswith(f"{tmp_path / 'json.py'}: there is a module 'json' already (")
    assert cause.endswith("): give the file another name")


def test_file_of_the_same_name_elsewhere_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "taxes.py").write_text(offering(f"policy.tax{number}"))
        assert f"policy.tax{number}" in host_with(tmp_path / number / "taxes.py").components


def test_file_that_fails_is_listed_and_leaves_no_module(tmp_path: Path) -> None:
    (tmp_path / "taxes.py").write_text("raise SystemExit('no licence')")
    host = host_with(tmp_path / "taxes.py")
    assert row(host, "taxes") == ("(file)", "0", "broken", "SystemExit: no licence")
    assert "disruption.site-outage" in host.components
    assert "taxes" not in sys.modules


def test_file_whose_name_is_no_word_gets_one(tmp_path: Path) -> None:
    (tmp_path / "taxes-of.today.py").write_text(offering("policy.tax"))
    assert host_with(tmp_path / "taxes-of.today.py").component("policy.tax").__module__ == "taxes_of_today"


def test_name_goes_before_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "diffusion").mkdir()
    (tmp_path / "diffusion" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    assert resolve("diffusion", ("diffusion",)) == "diffusion"
    assert resolve("./diffusion", ("diffusion",)) == str(tmp_path / "diffusion")
    assert resolve("diffusion", ()) == str(tmp_path / "diffusion")


def test_what_is_not_there_is_refused_with_the_nearest_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taxes.py").touch()
    wrong = "no such file, package, module or plugin"
    assert refusal("texes.py") == f"'texes.py': {wrong}; did you mean 'taxes.py'?"
    assert refusal("disruption") == f"'disruption': {wrong}; did you mean 'disruptions'?"
    assert refusal("") == f"'': {wrong}"
    assert refusal(str(tmp_path / "taxis.py")).endswith(f"did you mean {str(tmp_path / 'taxes.py')!r}?")


def test_folder_around_a_package_is_refused_with_the_package(tmp_path: Path) -> None:
    (tmp_path / "src" / "taxes").mkdir(parents=True)
    (tmp_path / "src" / "taxes" / "__init__.py").touch()
    text = refusal(str(tmp_path))
    assert "a folder without __init__.py: give the folder of a package; did you mean" in text
    assert str(tmp_path / "src" / "taxes") in text


def test_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taxes.txt").touch()
    assert refusal(str(tmp_path / "taxes.txt")).endswith(
        "must be a file that ends in .py, the folder of a package, or a name"
    )


def test_file_that_is_added_again_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "taxes.py"
    for name in ("policy.tax", "policy.other-tax"):
        file.write_text(offering(name), encoding="utf-8")
        add_plugin(file)
        assert plugin_host().component(name).name == name
    assert added_names() == (str(file),)
    assert "policy.tax" not in plugin_host().components


def test_plugin_that_does_not_exist_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(ComponentError, match=r"^'.*nothing\.py': no such file, package, module or plugin"):
        add_plugin(tmp_path / "nothing.py")
    assert added_names() == ()
