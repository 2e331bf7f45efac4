"""Plugins that are named with ``--plugin``: a file, the folder of a package, or a module that can be imported.

What was named stands in an environment variable, so that processes that are started later know it too.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from gpnde.errors import ComponentError, nearest
from gpnde.plugin.offers import Plugin
from gpnde.scenario.reading import other_than_file

_VARIABLE = "_GPNDE_ADDED_PLUGINS"
_INIT = "__init__.py"

_loaded: set[str] = set()
"""Names of the modules that came from files in this process, which another file may replace."""


def added_names() -> tuple[str, ...]:
    """Return what was named with ``--plugin``: absolute paths, and names of plugins and modules."""
    return tuple(filter(None, os.environ.get(_VARIABLE, "").split("\n")))


def set_added_names(names: Sequence[str]) -> None:
    """Name plugins for this process and those that it starts."""
    if names:
        os.environ[_VARIABLE] = "\n".join(names)
    else:
        os.environ.pop(_VARIABLE, None)


def resolve(given: str, installed: Collection[str]) -> str:
    """Return the absolute path of a file or package, or the name of a plugin that is *installed* or of a module.

    A name goes before a folder of the same name: write ``./tax`` for the folder.

    Raises
    ------
    ComponentError
        There is no such thing.
    """
    looks_like_a_path = given.endswith(".py") or len(Path(given).parts) > 1 or given.startswith(".")
    looks_like_a_path = looks_like_a_path or (Path(given).suffix != "" and Path(given).exists())
    if not looks_like_a_path and (given in installed or _spec_of(given.partition(".")[0])):
        return given
    path = Path(given).expanduser().absolute()
    if not given.strip() or not path.exists():
        raise ComponentError(given=repr(given), expected=_what_is_missing(given, path, installed))
    kind = other_than_file(path)
    if kind and kind != "a folder":
        raise ComponentError(
            given=repr(given), expected=f"is {kind}: give a file that ends in .py, or the folder of a package"
        )
    if path.is_dir() and not (path / _INIT).is_file():
        raise ComponentError(
            given=repr(given), expected=f"a folder without {_INIT}: give the folder of a package{_inside(path)}"
        )
    if path.is_file() and path.suffix != ".py":
        raise ComponentError(
            given=repr(given), expected="must be a file that ends in .py, the folder of a package, or a name"
        )
    return str(path.resolve())


def _what_is_missing(given: str, path: Path, installed: Collection[str]) -> str:
    beside = [str(Path(given).parent / each.name) for each in _candidates(path.parent)]
    return f"no such file, package, module or plugin{nearest(given, [*beside, *sorted(installed)])}"


def _candidates(folder: Path) -> list[Path]:
    """Return the files and packages in a folder that may be plugins."""
    return sorted([*folder.glob("*.py"), *(init.parent for init in folder.glob(f"*/{_INIT}"))])


def _inside(folder: Path) -> str:
    inner = [init.parent for pattern in (f"*/{_INIT}", f"src/*/{_INIT}") for init in sorted(folder.glob(pattern))]
    found = [str(each) for each in inner if each.name != "tests"]
    return f"; did you mean {found[0]!r}?" if found else ""


def added_plugin(name: str, replaceable: Collection[str]) -> Plugin:
    """Return the plugin of a resolved *name*; a file may take the place of the modules that are *replaceable*."""
    if not Path(name).is_absolute():
        return Plugin(name, name, "(module)", "0", lambda: importlib.import_module(name))
    path = Path(name)
    module = "".join(letter if letter.isalnum() else "_" for letter in path.stem)
    return Plugin(module, module, "(file)", "0", lambda: _load(path, module, replaceable))


def _load(path: Path, name: str, replaceable: Collection[str]) -> ModuleType:
    """Import a file or package under the *name* that processes started later give it too."""
    file = path / _INIT if path.is_dir() else path
    if name in replaceable or name in _loaded:
        _forget(name)
    _refuse_to_shadow(name, file, replaceable)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ComponentError(where=str(file), expected="cannot be imported: give a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    _loaded.add(name)
    # Before its code runs, as in any import, so that the parts of a package find each other.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        # Half a module must not be what the next import finds.
        _forget(name)
        raise
    return module


def _refuse_to_shadow(name: str, file: Path, replaceable: Collection[str]) -> None:
    """Refuse a file that hides another module of the same name."""
    spec = _spec_of(name)
    if spec is None or name in replaceable or os.path.realpath(spec.origin or "") == str(file):
        return
    raise ComponentError(
        where=str(file), expected=f"there is a module {name!r} already ({spec.origin}): give the file another name"
    )


def _spec_of(name: str) -> ModuleSpec | None:
    """Return where a module comes from, without importing it; a folder without code is no module."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return ModuleSpec(name, None, origin="in use") if name in sys.modules else None
    return spec if spec and spec.origin else None


def _forget(name: str) -> None:
    for module in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
        del sys.modules[module]
