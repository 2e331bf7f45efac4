"""The markers of hooks, and the host hooks, which are called once per process on the module that an entry point names.

The hooks of a run stand in `gpnde.plugin.spec`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from gpnde.numerics.laws.record import LawType
    from gpnde.plugin.component import Component
    from gpnde.plugin.offers import ScenarioOffer
    from gpnde.results.chart import ChartKind
    from gpnde.results.metric import MetricKind
    from gpnde.scenario.ordering import OrderingPolicy, SupplierChoice

PROJECT = "gpnde"
"""Name of the hooks' project and of the entry point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks the declaration of a hook; only gpnde declares hooks."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function or method that fills a hook; it may leave out arguments that it does not use."""


class HostHooks:
    """Hooks of a plugin's module."""

    @hookspec
    def gpnde_components(self) -> Iterable[type[Component]]:
        """Offer components.

        When: once per process, when a scenario names a component or `gpnde plugins` is asked for.
        Returns: the component classes, in any order; each name may be offered once among all plugins.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.strike"
        >>> @gpnde.hookimpl
        ... def gpnde_components():
        ...     return [Strike]
        """
        raise NotImplementedError

    @hookspec
    def gpnde_scenarios(self) -> Iterable[ScenarioOffer]:
        """Offer scenarios, which `gpnde run NAME` and `gpnde scenarios` then know.

        When: once per process, when a scenario is neither one of gpnde nor a path, or components are asked for.
        Returns: records of names and paths, in any order; each name may be offered once among all plugins, and the
        scenarios of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> from pathlib import Path
        >>> @gpnde.hookimpl
        ... def gpnde_scenarios():
        ...     yield gpnde.ScenarioOffer("port-closure", Path(__file__).parent / "port-closure.yaml")
        """
        raise NotImplementedError

    @hookspec
    def gpnde_charts(self) -> Iterable[ChartKind[...]]:
        """Offer charts of a run, which `gpnde charts` and the lab then list and draw.

        When: once per process, when components or charts are asked for. A chart is drawn when it is wanted.
        Returns: functions that `gpnde.chart` declares, in any order. Each takes a `gpnde.Run` and returns an Altair
        chart; each name may be offered once among all plugins, and the charts of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> @gpnde.chart("stock-lines", "Stock by tier", needs=("tiers",))
        ... def stock_lines(run):
        ...     '''Show the stock of each tier over time.'''
        ...     import altair
        ...     return altair.Chart(run.tables["tiers"]).mark_line().encode(x="day:Q", y="on_hand:Q", color="tier:N")
        >>> @gpnde.hookimpl
        ... def gpnde_charts():
        ...     return [stock_lines]
        """
        raise NotImplementedError

    @hookspec
    def gpnde_metrics(self) -> Iterable[MetricKind[Any]]:
        """Offer metrics, which `gpnde metrics` then lists, and which scenarios and studies may name.

        When: once per process, when a scenario or study names a metric, or components are asked for. A metric is
        measured at the end of each run whose scenario names it in `record: {metrics: [stock.peak]}`, and of each run
        of a study that names it among its measures.
        Returns: functions that `gpnde.metric` declares, in any order. Each takes the `gpnde.Evidence` of a run and
        returns a number, or numbers by what follows the name of the metric; NaN stands for what a run does not define.
        Each name may be offered once among all plugins; metrics of gpnde and of components keep their names.

        Examples
        --------
        >>> import gpnde
        >>> @gpnde.metric("stock.peak", unit="unit", formula="max stock", better="lower", source="definition")
        ... def peak_stock(evidence):
        ...     '''Return the highest stock that all tiers together had in a record.'''
        ...     return evidence.tables["tiers"].group_by("day").sum()["on_hand"].max()
        >>> @gpnde.hookimpl
        ... def gpnde_metrics():
        ...     return [peak_stock]
        """
        raise NotImplementedError

    @hookspec
    def gpnde_laws(self) -> Iterable[LawType]:
        """Offer probability laws, which scenarios may then name wherever they give a law.

        When: once per process, when a scenario names a law that gpnde does not have, or components are asked for.
        Returns: functions that `gpnde.law` declares, in any order. Each takes the parameters that a user gave and
        returns the row to draw from, which `gpnde.tabulated` makes of any quantile function. Each name may be offered
        once among all plugins; laws of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> @gpnde.law(
        ...     "power",
        ...     gpnde.LawParameter("high", "Largest value.", gt=0),
        ...     gpnde.LawParameter("exponent", "Above 1 most draws are near the largest value.", gt=0, le=100),
        ...     source="definition",
        ... )
        ... def power(high, exponent):
        ...     '''Draw between 0 and an end, near to which draws are dense.'''
        ...     return gpnde.tabulated(lambda chances: high * chances ** (1.0 / exponent))
        >>> @gpnde.hookimpl
        ... def gpnde_laws():
        ...     return [power]
        """
        raise NotImplementedError

    @hookspec
    def gpnde_ordering_policies(self) -> Iterable[OrderingPolicy]:
        """Offer ordering policies, which scenarios then name in `ordering: {policy: days-of-cover}`.

        When: once per process, when a scenario names a policy that gpnde does not have, or components are asked for.
        Returns: records, in any order. A policy orders by one of the rules of the flow, with numbers that the scenario
        gives or the policy fixes, or gives levels by a function of the `gpnde.plugin.Review` of the sites that follow
        it. Numbers of its own stand beside the others: `ordering: {policy: days-of-cover, cover_days: 14}`. Each name
        may be offered once among all plugins; the policies of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> def cover(review, cover_days):
        ...     return cover_days * review.demand_per_day
        >>> @gpnde.hookimpl
        ... def gpnde_ordering_policies():
        ...     yield gpnde.OrderingPolicy(
        ...         "days-of-cover",
        ...         doc="Up to so many days of recent demand.",
        ...         source="definition",
        ...         parameters={"cover_days": gpnde.param(14, ge=0, unit="day", doc="Days to cover.")},
        ...         levels=cover,
        ...     )
        """
        raise NotImplementedError

    @hookspec
    def gpnde_supplier_choices(self) -> Iterable[SupplierChoice]:
        """Offer rules for who gets an order, which scenarios then name in `ordering: {supplier_choice: nearest}`.

        When: once per process, when a scenario names a rule that gpnde does not have, or components are asked for.
        Returns: records, in any order. A rule is one of those of the flow under another name, or ranks suppliers by a
        function of the `gpnde.plugin.Supplies` of the sites that follow it and review. Each name may be offered once
        among all plugins; the rules of gpnde keep their names.

        Examples
        --------
        >>> import gpnde
        >>> @gpnde.hookimpl
        ... def gpnde_supplier_choices():
        ...     yield gpnde.SupplierChoice(
        ...         "most-in-stock",
        ...         doc="Who has most in stock.",
        ...         source="definition",
        ...         rule="ranked",
        ...         ranks=lambda supplies: -supplies.in_stock,
        ...     )
        """
        raise NotImplementedError
