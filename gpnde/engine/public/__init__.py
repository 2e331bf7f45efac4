"""The public sector in a run: what its budgets build up, and the taxes that it levies on profit."""
