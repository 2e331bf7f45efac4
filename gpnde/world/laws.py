"""From laws as users write them to rows of the table that the compiled steps draw from."""

from __future__ import annotations

from gpnde.numerics.laws.table import LawTable
from gpnde.scenario.law import Law


class LawBook:
    """Numbers the laws of a scenario; rows that share a law object are looked up only once."""

    def __init__(self) -> None:
        """Start with no laws."""
        self.table = LawTable()
        self._known: dict[int, tuple[Law, int]] = {}

    def number(self, law: Law) -> int:
        """Return the row of *law*.

        >>> book = LawBook()
        >>> book.number(Law.model_validate(3)), book.number(Law.model_validate("gamma(mean=3, cv=0.3)"))
        (0, 1)
        """
        found = self._known.get(id(law))
        if found is None:
            # The law is kept as well, or another one could get its id once it is gone.
            found = (law, self.table.add(*law.row()))
            self._known[id(law)] = found
        return found[1]
