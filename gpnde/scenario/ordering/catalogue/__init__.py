"""The ordering policies of gpnde, one a file: each registers its record, and a file that is added is found."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)
