"""The door for plugins: components with parameters, the hooks that they fill, and what a run hands to them."""

from gpnde.plugin.component import Component
from gpnde.plugin.flow import Credit, Event, Lanes, PolicyFacts, Request, Review, Sharing
from gpnde.plugin.hooks import hookimpl
from gpnde.plugin.interfaces import Act, Clock, InTransit, Process, Streams, View
from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
from gpnde.plugin.offers import ScenarioOffer
from gpnde.plugin.parameters import param
from gpnde.plugin.policy import Policy, Programme
from gpnde.results.chart import ChartKind, chart
from gpnde.results.evidence import Evidence
from gpnde.results.metric import MetricKind, metric
from gpnde.world.layout import Flags, Floats, Integers

__all__ = [
    "Act",
    "ChartKind",
    "Clock",
    "Component",
    "Creation",
    "Credit",
    "Entrant",
    "Event",
    "Evidence",
    "Factors",
    "Flags",
    "Floats",
    "Forgetting",
    "InTransit",
    "Integers",
    "KnowledgeView",
    "Lanes",
    "Memory",
    "MetricKind",
    "Policy",
    "PolicyFacts",
    "Process",
    "Programme",
    "Request",
    "Review",
    "ScenarioOffer",
    "Sharing",
    "Streams",
    "Transfer",
    "View",
    "chart",
    "hookimpl",
    "metric",
    "param",
]
