"""Ordering: what scenarios say of it, and the registers of policies and choices of suppliers that they choose from."""

from gpnde.scenario.ordering import catalogue, choices
from gpnde.scenario.ordering.blocks import Forecast, Ordering
from gpnde.scenario.ordering.choice import SUPPLIER_CHOICES, SupplierChoice, choice_fault
from gpnde.scenario.ordering.faults import ordering_fault
from gpnde.scenario.ordering.policy import POLICIES, OrderingPolicy

__all__ = [
    "POLICIES",
    "SUPPLIER_CHOICES",
    "Forecast",
    "Ordering",
    "OrderingPolicy",
    "SupplierChoice",
    "catalogue",
    "choice_fault",
    "choices",
    "ordering_fault",
]
