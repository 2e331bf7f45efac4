"""Let Altair be imported without the grammars of web addresses, which take longer than all the rest of it.

Altair imports jsonschema, and that imports rfc3987-syntax where it is installed, as it is beside JupyterLab. On import
this compiles forty grammars of international web addresses, for three seconds; no chart has such an address.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

_NAME = "rfc3987_syntax"


def postpone_address_grammars() -> None:
    """Put the module of the grammars in place so that it is loaded when the first address is checked.

    Does nothing where it is not installed, or has been imported already.

    >>> postpone_address_grammars()
    """
    if _NAME in sys.modules:
        return
    spec = find_spec(_NAME)
    if spec is not None:
        sys.modules[_NAME] = _postponed(spec)


def _postponed(spec: ModuleSpec) -> ModuleType:
    """Return the module as jsonschema needs it on import; whatever else is asked of it loads it."""
    module = module_from_spec(spec)

    def loaded() -> ModuleType:
        # Taken away first, so that the module is loaded once and by nothing that loading asks of it.
        if module.__dict__.pop("__getattr__", None):
            assert spec.loader is not None
            spec.loader.exec_module(module)
        return module

    def attribute(name: str) -> Any:
        # Such names are looked up by every import, which must not load the module.
        if name.startswith("__"):
            raise AttributeError(f"module {_NAME!r} has no attribute {name!r}")
        return getattr(loaded(), name)

    module.__dict__["is_valid_syntax"] = lambda *given, **named: loaded().is_valid_syntax(*given, **named)
    module.__dict__["__getattr__"] = attribute
    return module
