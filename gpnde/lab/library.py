"""The libraries that draw charts, as a widget that all charts of a kernel share."""

from __future__ import annotations

import ipywidgets
import traitlets

from gpnde.charts.vega import library_source, vega_lite_version


class VegaLibrary(ipywidgets.Widget):
    """Hold the libraries for all charts of a kernel, so that a page gets their 900 kB once and not with each chart."""

    source = traitlets.Unicode().tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)


_of_this_kernel: list[VegaLibrary] = []


def shared_library() -> VegaLibrary:
    """Return the one library of this kernel; a new one if it was closed."""
    if not _of_this_kernel or _of_this_kernel[0].comm is None:
        _of_this_kernel[:] = [VegaLibrary(source=library_source(), version=vega_lite_version())]
    return _of_this_kernel[0]
