"""Importers: functions that turn files of other formats into a scenario, by the name of the format."""

from __future__ import annotations

from gpnde.scenario.importers.base import Imported, Importer
from gpnde.scenario.importers.bom import import_bom
from gpnde.scenario.importers.mrio import import_mrio
from gpnde.scenario.importers.supplier_list import import_supplier_list
from gpnde.scenario.importers.tables import import_tables
from gpnde.scenario.importers.willems import import_willems

FORMATS: dict[str, Importer] = {
    "willems": import_willems,
    "tables": import_tables,
    "mrio": import_mrio,
    "supplier-list": import_supplier_list,
    "bom": import_bom,
}
"""Every format that can be imported, with the function that reads its files."""

__all__ = [
    "FORMATS",
    "Imported",
    "Importer",
    "import_bom",
    "import_mrio",
    "import_supplier_list",
    "import_tables",
    "import_willems",
]
