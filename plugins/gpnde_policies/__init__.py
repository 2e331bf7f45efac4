"""Policies: sixteen ways in which the public sector intervenes in a network; one intervention a file."""
