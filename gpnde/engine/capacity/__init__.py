"""Capacity: outages, sites that open and close, and expansion."""
