"""The door for plugins: components with parameters, the hooks that they fill, and what a run hands to them."""

from gpnde.plugin.component import Component
from gpnde.plugin.hooks import hookimpl
from gpnde.plugin.interfaces import Act, Clock, InTransit, Process, Streams, View
from gpnde.plugin.parameters import param

__all__ = ["Act", "Clock", "Component", "InTransit", "Process", "Streams", "View", "hookimpl", "param"]
