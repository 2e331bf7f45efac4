"""The state of a run: tables of arrays, compiled from a scenario."""
