"""Addresses: the text that names a place in a scenario, such as ``links.assembly<boards.share``."""
