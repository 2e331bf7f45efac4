"""The run: SimPy's clock, the compiled flow of goods, and every irregular event of a network."""

from gpnde.engine.simulate import simulate

__all__ = ["simulate"]
