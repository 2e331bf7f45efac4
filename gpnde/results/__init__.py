"""Results: a run as tidy tables with units, its metrics, and the folder that it is kept in."""

from __future__ import annotations

from gpnde.results.run import Run
from gpnde.results.storage import load_run, save_run
from gpnde.results.tables import Coded, make_table, units

__all__ = ["Coded", "Run", "load_run", "make_table", "save_run", "units"]
