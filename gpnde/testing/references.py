"""References to classes that another process can follow, whether their module is installed or only a file."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple


class Reference(NamedTuple):
    """Where a class is found."""

    module: str
    """Name of its module."""
    file: str
    """File of its module, empty for a built-in one."""
    name: str
    """Qualified name within the module."""

    def load_module(self) -> ModuleType:
        """Import the module by name where that name leads to the file, else from the file."""
        if not self.file or _leads_to(self.module, self.file):
            return importlib.import_module(self.module)
        return load_file(Path(self.file), self.module)

    def load(self) -> Any:
        """Return the class."""
        found: Any = self.load_module()
        for part in self.name.split("."):
            found = getattr(found, part)
        return found


def reference_of(kind: type) -> Reference:
    """Return where *kind* is found.

    >>> from gpnde.plugin.component import Component
    >>> reference_of(Component).load() is Component
    True
    """
    module = sys.modules.get(kind.__module__)
    return Reference(kind.__module__, getattr(module, "__file__", None) or "", kind.__qualname__)


def load_file(file: Path, name: str) -> ModuleType:
    """Import a Python *file* as the module *name*; one in a package as part of it, so that it finds its siblings."""
    parts, folder = _place_in_package(file)
    if len(parts) > 1 and ".".join(parts) == name:
        sys.path.insert(0, str(folder))
        return importlib.import_module(name)
    known = sys.modules.get(name)
    if known is not None and _is_same(getattr(known, "__file__", None), file):
        return known
    return _executed(name, file)


def _executed(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file}: is no Python module")
    module = importlib.util.module_from_spec(spec)
    # Before its code runs, in which dataclasses look their module up there.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _place_in_package(file: Path) -> tuple[list[str], Path]:
    """Return the parts of the dotted name that a file has by its packages, and the folder that holds the outermost."""
    file = file.resolve()
    folder, parts = file.parent, [] if file.name == "__init__.py" else [file.stem]
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return parts, folder


def _leads_to(module: str, file: str) -> bool:
    """Return whether importing *module* by name gives the one from *file*."""
    with suppress(ImportError, AttributeError, ValueError):
        spec = importlib.util.find_spec(module)
        return spec is not None and _is_same(spec.origin, Path(file))
    return False


def _is_same(origin: str | None, file: Path) -> bool:
    return origin is not None and Path(origin).resolve() == file.resolve()
