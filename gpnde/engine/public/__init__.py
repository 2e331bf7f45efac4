"""The public sector in a run: what its budgets build up."""
