"""The door for plugins: components with parameters, the hooks that they fill, and what a run hands to them."""

from gpnde.plugin.component import Component
from gpnde.plugin.flow import Credit, Event, Lanes, PolicyFacts, Request, Review, Sharing
from gpnde.plugin.hooks import hookimpl
from gpnde.plugin.interfaces import Act, Clock, InTransit, Process, Streams, View
from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
from gpnde.plugin.offers import ChartOffer, ScenarioOffer
from gpnde.plugin.parameters import param
from gpnde.plugin.policy import Policy, Programme
from gpnde.world.layout import Flags, Floats, Integers

__all__ = [
    "Act",
    "ChartOffer",
    "Clock",
    "Component",
    "Creation",
    "Credit",
    "Entrant",
    "Event",
    "Factors",
    "Flags",
    "Floats",
    "Forgetting",
    "InTransit",
    "Integers",
    "KnowledgeView",
    "Lanes",
    "Memory",
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
    "hookimpl",
    "param",
]
