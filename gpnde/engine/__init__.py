"""The run: SimPy's clock, the compiled flow of goods, and every irregular event of a network."""

from gpnde.engine.simulate import open_run, restore, simulate

__all__ = ["open_run", "restore", "simulate"]
