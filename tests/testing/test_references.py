"""References lead another process to a class, by the name of its module or by its file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpnde.testing.process import environment
from gpnde.testing.references import Reference, load_file, reference_of

from .components import Strikes

_FOLLOW = """
import json, sys
from gpnde.testing.references import Reference
found = Reference(*json.loads(sys.argv[1])).load()
print(found.__module__, found.__qualname__, sys.modules[found.__module__].__file__)
"""


def followed(reference: Reference) -> list[str]:
    """Return module, name and file of what another process finds."""
    command = [sys.executable, "-P", "-c", _FOLLOW, json.dumps(reference)]
    return subprocess.run(command, env=environment(), check=True, capture_output=True, text=True).stdout.split()


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """Return a package of two modules, one of which needs the other."""
    folder = tmp_path / "tolls"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "rates.py").write_text("RATE = 3\n")
    (folder / "toll.py").write_text(
        "from tolls.rates import RATE\nfrom . import rates\nclass Toll:\n    class Box: ...\n"
    )
    before = sys.path[:]
    yield folder
    sys.path[:] = before
    for name in [each for each in sys.modules if each.startswith("tolls")]:
        del sys.modules[name]


def test_installed_class_is_found_by_name() -> None:
    assert reference_of(Path).load() is Path


def test_class_of_a_test_is_found_by_its_file() -> None:
    module, name, file = followed(reference_of(Strikes))
    assert (module, name) == (Strikes.__module__, "Strikes")
    assert Path(file).name == "components.py"


def test_file_of_a_package_finds_its_siblings(package: Path) -> None:
    module = load_file(package / "toll.py", "tolls.toll")
    assert followed(reference_of(module.Toll.Box))[:2] == ["tolls.toll", "Toll.Box"]


def test_file_is_loaded_once(tmp_path: Path) -> None:
    file = tmp_path / "loaded_once.py"
    file.write_text("class Toll: ...\n")
    assert load_file(file, "loaded_once") is load_file(file, "loaded_once")


def test_file_goes_before_another_module_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "wave.py"
    file.write_text("class Toll: ...\n")
    assert followed(Reference("wave", str(file), "Toll")) == ["wave", "Toll", str(file)]
