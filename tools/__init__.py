"""What is run from a checkout to write parts of it, and is not installed."""
