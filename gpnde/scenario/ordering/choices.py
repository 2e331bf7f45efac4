"""The rules of gpnde for who gets an order; in all but the first, one supplier after the other is asked by rank.

A supplier that is asked takes what is still needed as far as its lots allow, and the next one the rest. Among equals
the lower `preference` of the link goes first, and then the name of the supplier.
"""

from gpnde.scenario.ordering.choice import SUPPLIER_CHOICES, SupplierChoice

_RULES = (
    SupplierChoice("shares", "Each supplier gets its share.", "definition", "shares"),
    SupplierChoice("first", "Who is preferred, as long as it is up.", "definition", "first"),
    SupplierChoice(
        "available", "Who is preferred of those that can send all of it from stock.", "definition", "available"
    ),
    SupplierChoice("cheapest", "Who is cheapest with freight, duties and discounts.", "definition", "cheapest"),
    SupplierChoice("fastest", "Who has the shortest lead time in the mean.", "definition", "fastest"),
    SupplierChoice("random", "Whoever is drawn, with the shares as chances.", "definition", "random"),
)

for _rule in _RULES:
    SUPPLIER_CHOICES.register(_rule)
