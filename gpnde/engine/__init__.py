"""The run: SimPy's clock, the compiled flow of goods, and everything irregular that happens to a network."""

from gpnde.engine.simulate import simulate

__all__ = ["simulate"]
