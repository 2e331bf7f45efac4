"""Ordering: what scenarios say of it, and the register of policies that they choose from."""

from gpnde.scenario.ordering import catalogue
from gpnde.scenario.ordering.blocks import Forecast, Ordering
from gpnde.scenario.ordering.faults import ordering_fault
from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

__all__ = ["POLICIES", "Forecast", "Ordering", "OrderingPolicy", "catalogue", "ordering_fault"]
