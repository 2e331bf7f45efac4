"""Records that a decorator makes of the one function that does the work, and how those of a package are found."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import WRAPPER_ASSIGNMENTS
from importlib import import_module
from typing import Any, Generic, ParamSpec, TypeVar

from gpnde.errors import GpndeError

Given = ParamSpec("Given")
Answer = TypeVar("Answer", covariant=True)
_Record = TypeVar("_Record", bound="Declared[..., Any]")


@dataclass(frozen=True, eq=False)
class Declared(Generic[Given, Answer]):
    """A function under a name, with what has to be known of it; it is called like the function."""

    name: str
    function: Callable[Given, Answer]

    def __post_init__(self) -> None:
        """Take over name, module and docstring of the function, as a decorated function does."""
        taken: dict[str, Any] = {
            name: getattr(self.function, name) for name in WRAPPER_ASSIGNMENTS if hasattr(self.function, name)
        }
        vars(self).update(taken, __wrapped__=self.function)

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> Answer:
        """Return what the function returns."""
        return self.function(*given, **named)


def declared_in(package: str, kind: type[_Record]) -> dict[str, _Record]:
    """Return the records of one *kind* that the modules of a package declare, by name; all of them are imported.

    Raises
    ------
    GpndeError
        Two records have one name.

    >>> from gpnde.results.metric import MetricKind
    >>> "flow.fill_rate" in declared_in("gpnde.results.metrics", MetricKind)
    True
    """
    found: dict[str, _Record] = {}
    for record in _records(package, kind):
        if found.setdefault(record.name, record) is not record:
            raise GpndeError(
                where=package, given=f"{record.name!r} is declared twice", expected="give each a name of its own"
            )
    return found


def _records(package: str, kind: type[_Record]) -> Iterator[_Record]:
    for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        yield from (each for each in vars(import_module(module.name)).values() if isinstance(each, kind))


def prose_of(function: Callable[..., object], *leads: str) -> str:
    """Return what the docstring of a function says up to its first example, without the first of *leads* before it.

    >>> def stock(run):
    ...     '''Return the stock of all tiers.
    ...
    ...     Goods on the way do not count.
    ...
    ...     >>> 1 + 1
    ...     2
    ...     '''
    >>> prose_of(stock, "Return the")
    'Stock of all tiers. Goods on the way do not count.'
    """
    said = " ".join(inspect.cleandoc(function.__doc__ or "").partition(">>>")[0].split())
    lead = next((lead for lead in leads if said.startswith(f"{lead} ")), "")
    said = said[len(lead) :].lstrip()
    return said[:1].upper() + said[1:]
