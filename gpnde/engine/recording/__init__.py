"""What a run records: events, rows of the tables, balances, and what observers see while it runs."""
