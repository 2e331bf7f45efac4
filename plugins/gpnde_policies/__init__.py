"""Policies: programmes, subsidies, rules and guarantees by which states try to change who learns and who stays."""
