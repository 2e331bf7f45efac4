"""Find good settings of a scenario: trials within bounds, under common random numbers and a budget."""
