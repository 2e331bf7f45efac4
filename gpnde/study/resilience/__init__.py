"""Resilience: what a network loses when each site, link, cluster or country is taken out in turn, and value at risk."""
