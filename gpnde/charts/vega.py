"""Vega for pages without internet: the libraries that draw charts, as one script out of vl-convert."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from gpnde.extras import require_extra

_SNIPPET = '(globalThis.gpndeVega ??= {{}})["{version}"] = {{ vega: vegaEmbed.vega, vegaEmbed }};'


def vega_lite_version() -> str:
    """Return the version of Vega-Lite that the installed Altair writes for, such as 6.4."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


@functools.cache
def library_source() -> str:
    """Return the script that puts Vega and vega-embed into ``globalThis.gpndeVega`` under the version of Vega-Lite.

    Making it takes over a second, so it is kept in the user's cache folder.

    Raises
    ------
    MissingExtra
        The extra ``pictures``, which brings the libraries, is not installed.
    """
    require_extra("pictures", "vl_convert")
    snippet = _SNIPPET.format(version=vega_lite_version())
    kept = _folder() / f"vega-{version('vl-convert-python')}-{sha256(snippet.encode()).hexdigest()[:8]}.js"
    with contextlib.suppress(OSError):
        return kept.read_text(encoding="utf-8")
    source = _make(snippet)
    with contextlib.suppress(OSError):
        # A folder that cannot be written to only costs the time to make the script again.
        _keep(kept, source)
    return source


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "gpnde"


def _make(snippet: str) -> str:
    import vl_convert

    return str(vl_convert.javascript_bundle(snippet, vl_version=vega_lite_version()))


def _keep(path: Path, text: str) -> None:
    """Write *text* to *path* in one go, so that another process never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)
