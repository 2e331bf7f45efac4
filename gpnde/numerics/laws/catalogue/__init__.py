"""The probability laws of gpnde, one file each: to add a law, add a file that declares it.

`LAWS` finds them here; the schema, help and documents of scenarios follow, and so do checks and draws.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from gpnde.numerics.laws.record import LawType
from gpnde.registry import Registry

LAWS: Registry[LawType] = Registry("law")
"""All laws by name: those of gpnde, and those that plugins bring."""

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    for _record in vars(import_module(_module.name)).values():
        if isinstance(_record, LawType):
            LAWS.register(_record)
