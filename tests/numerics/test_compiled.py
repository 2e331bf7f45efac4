"""Compilation: same numbers either way, a cache of its own, no trace on numba's settings.

A compiled function and whatever it calls run in a fresh interpreter, because compilation is switched on at import.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gpnde.numerics import compiled as room
from gpnde.numerics import draws

PACKAGE = Path(room.__file__).parents[1]
NAME = (1, 2, 3, 4, 5)

SCRIPT = f"""
from gpnde.numerics import compiled, draws

@compiled.compiled
def entry(key0, key1, entity, occurrence, part):
    return draws.uniform(key0, key1, entity, occurrence, part)

print(compiled.is_compiled(), compiled.is_warm("script.entry"), entry{NAME}.hex())
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    """Return the path of a script that says whether it compiles, whether it did before, and what it draws."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return str(path)


def run_python(*arguments: str, **environment: str) -> str:
    """Return what a fresh interpreter prints in this environment."""
    path = os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_interpreted_and_compiled_runs_give_the_same_bits(script: str, tmp_path: Path) -> None:
    interpreted = run_python(script, GPNDE_COMPILE="0").split()
    compiled = run_python(script, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(tmp_path)).split()
    assert interpreted[:2] == ["False", "True"]
    assert interpreted[2] == compiled[2] == draws.uniform(*NAME).hex()


@pytest.mark.thorough
def test_second_process_finds_what_the_first_compiled(script: str, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    first = run_python(script, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(tmp_path)).split()
    second = run_python(script, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(tmp_path)).split()
    assert (first[:2], second[:2]) == (["True", "False"], ["True", "True"])
    assert first[2] == second[2]


def test_place_that_cannot_be_written_means_no_cache_and_no_error(script: str, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    words = run_python(script, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(blocked)).split()
    assert words == ["True", "False", draws.uniform(*NAME).hex()]


def test_mechanics_package_does_not_import_numba() -> None:
    assert run_python("-c", "import sys, gpnde.mechanics; print('numba' in sys.modules)") == "False"


@pytest.mark.parametrize("as_part", [room.compiled_part, room.inlined_part])
def test_part_is_the_plain_function_to_python(as_part: Callable[[Callable[[int], int]], Callable[[int], int]]) -> None:
    def triple(value: int) -> int:
        return 3 * value

    assert as_part(triple) is triple


@pytest.mark.parametrize("decorator", ["compiled_part", "inlined_part"])
def test_compiled_function_calls_its_parts_compiled(decorator: str, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    # Only machine code lets a product of two large integers wrap around.
    code = f"""
from gpnde.numerics.compiled import compiled, {decorator}
@{decorator}
def square(x):
    return x * x
@compiled
def entry(x):
    return square(x)
print(entry(2**32), square(2**32))
"""
    assert run_python("-c", code, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(tmp_path)) == f"0 {2**64}"


def test_numba_settings_are_as_before() -> None:
    numba = pytest.importorskip("numba")
    before = numba.config.CACHE_DIR
    room.compiled(lambda x: x + 1)
    assert numba.config.CACHE_DIR == before


@pytest.mark.parametrize(
    ("source", "counts"),
    [("mechanics/part.py", True), ("world/layout.py", True), ("mechanics/plain.py", False), ("results/new.py", False)],
)
def test_digest_changes_with_the_sources_of_compiled_code_only(source: str, counts: bool, tmp_path: Path) -> None:
    loop = "from gpnde.world.layout import SIZE\nfrom gpnde.mechanics.part import half\n@compiled\ndef loop(): ...\n"
    parts = {"engine/kernel/loop.py": loop, "mechanics/part.py": "@compiled_part\ndef half(): ...\n"}
    for name, text in {**parts, "mechanics/plain.py": "", "world/layout.py": "", "results/new.py": ""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = room.source_digest(tmp_path)
    (tmp_path / source).write_text("VALUE = 1\n")
    assert (room.source_digest(tmp_path) != before) is counts


def test_digest_covers_every_module_that_compiled_code_comes_from() -> None:
    """A module left out could change without its callers being compiled again."""
    covered = {PACKAGE / name for name in room.sources_of_compiled_code(PACKAGE)}
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
    with_code = {path for path, tree in trees.items() if has_compiled_code(tree)}
    assert PACKAGE / "engine" / "kernel" / "cohort.py" in with_code
    assert with_code <= covered
    assert {source for path in with_code for source in imported(trees[path])} <= covered


def has_compiled_code(tree: ast.Module) -> bool:
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    decorators = {ast.unparse(decorator) for function in functions for decorator in function.decorator_list}
    return not decorators.isdisjoint({"compiled", "compiled_part", "inlined_part"})


def imported(tree: ast.Module) -> Iterator[Path]:
    """Yield the files of gpnde that a module takes names from."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gpnde."):
            yield PACKAGE.parent.joinpath(*str(node.module).split(".")).with_suffix(".py")


def test_function_without_a_source_file_runs_all_the_same(tmp_path: Path) -> None:
    code = """
from gpnde.numerics.compiled import compiled
@compiled
def triple(x):
    return 3 * x
print(triple(5))
"""
    assert run_python("-c", code, GPNDE_COMPILE="1", XDG_CACHE_HOME=str(tmp_path)) == "15"
