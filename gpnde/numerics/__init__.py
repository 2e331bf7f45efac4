"""Numerical ground floor: what is compiled, random draws, probability laws, bounds and sums by group."""
