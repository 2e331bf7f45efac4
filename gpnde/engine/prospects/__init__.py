"""Prospects: what firms expect of more capability, further functions and more capacity, by the rules that decide."""
