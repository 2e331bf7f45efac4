"""What a chart of a run is: a function that draws, with its name, title and the tables that it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, get_args

from gpnde.results.addresses import postpone_address_grammars
from gpnde.results.declared import Declared, Given, prose_of

if TYPE_CHECKING:
    import altair as alt

    from gpnde.results.run import Run

    Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.VConcatChart | alt.HConcatChart | alt.FacetChart

# Charts are made by functions that import Altair, of gpnde and of plugins; all of them have imported this module.
postpone_address_grammars()


class NotebookTable(Protocol):
    """What a notebook shows as HTML."""

    def _repr_html_(self) -> str: ...


Group = Literal["network", "flow", "learning", "policy", "finance", "study", "plugin"]
"""What a chart is about, in the order of lists; charts of plugins that name no group have one of their own."""

GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, eq=False)
class ChartKind(Declared[Given, "Chart"]):
    """A chart that can be drawn of any run, also of one that is not finished; those of a study are drawn of a table.

    It is called with a run; where `by_day` is true, also with ``day``, the day whose state is shown (the last one if
    left out), where `by_firm` is true, with ``firm``, the firm that is shown, and where `by_group` is true, with
    ``by``, tier, country or cluster. A chart of a study is called with the table that it needs.
    """

    title: str
    doc: str
    """What it shows, in one sentence."""
    group: Group
    needs: tuple[str, ...] = ()
    """Tables without which it has nothing to show; it says so then."""
    place: float = 100
    """Where it stands in lists of its group; those of one place stand by name."""
    table: Callable[[Run, str], NotebookTable] | None = None
    """What gives the figures of a firm, which the lab shows beneath the chart."""

    @property
    def by_day(self) -> bool:
        """Whether the day of the state that it shows can be chosen."""
        return "day" in signature(self.function).parameters

    @property
    def by_firm(self) -> bool:
        """Whether the firm that it shows can be chosen."""
        return "firm" in signature(self.function).parameters

    @property
    def by_group(self) -> bool:
        """Whether it can be chosen by what it groups firms and sites."""
        return "by" in signature(self.function).parameters

    @property
    def rank(self) -> tuple[int, float, str]:
        """The key by which lists of charts are sorted."""
        return GROUPS.index(self.group), self.place, self.name

    def can_show(self, run: Run) -> bool:
        """Return whether all the tables that the chart needs have rows.

        >>> from gpnde.charts.catalogue import CHARTS
        >>> import gpnde
        >>> CHARTS["gap"].can_show(gpnde.simulate("single-site"))
        False
        """
        return all(name in run.tables and not run.tables[name].is_empty() for name in self.needs)


def chart(
    name: str,
    title: str,
    *,
    needs: tuple[str, ...] = (),
    group: Group = "plugin",
    place: float = 100,
    table: Callable[[Run, str], NotebookTable] | None = None,
) -> Callable[[Callable[Given, Chart]], ChartKind[Given]]:
    """Declare the function below to draw a chart, which lists, the command line and the lab then offer.

    *name* is of small letters, digits and hyphens. The first sentence of the docstring says what the chart shows; the
    word "Show" before it is left out. *needs* names the tables without which there is nothing to show. A function
    with an argument ``day`` draws the state of a day, one with an argument ``firm`` what belongs to a firm, and one
    with an argument ``by`` groups by tier, country or cluster. *place* is the chart's place among those of its *group*.
    *table* gives the figures of a firm as a notebook shows them, which the lab puts beneath the chart.

    >>> @chart("stock-lines", "Stock by tier", needs=("tiers",))
    ... def stock_lines(run):
    ...     '''Show the stock of each tier.'''
    >>> stock_lines.doc, stock_lines.by_day
    ('The stock of each tier.', False)
    """

    def declare(function: Callable[Given, Chart]) -> ChartKind[Given]:
        said = re.split(r"(?<=\.)\s", prose_of(function, "Show"), maxsplit=1)[0]
        return ChartKind(name, function, title, said, group, needs, place, table)

    return declare
