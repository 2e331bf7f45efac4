"""Access control of the page server: which requests it answers, and which files it serves."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from voila.static_file_handler import AllowListFileHandler

_FORBIDDEN, _NOT_FOUND = 403, 404


def guarded(route: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a route of a server whose handler refuses foreign requests, and serves files only with the token."""
    pattern, handler, *rest = route
    if handler is AllowListFileHandler:
        handler = OwnFiles
    return (pattern, type(handler.__name__, (_Guard, handler), {}), *rest)


class _Guard(tornado.web.RequestHandler):
    """Refuses requests that use the name of another host, or that come from another page.

    A page of another host whose name has been pointed at this machine (DNS rebinding) sends that name; one that calls
    from elsewhere sends its own origin.
    """

    async def prepare(self) -> None:
        """Refuse requests that are not addressed to this server."""
        fault = fault_of(self.request.host, self.request.headers)
        if fault:
            self.set_status(_FORBIDDEN)
            await self.finish(f"403: {fault}\n")
            return
        await ensure_async(super().prepare())

    def write_error(self, status_code: int, **_settings: Any) -> None:
        """Say in one line what is wrong; the pages of Jupyter for this need files that Voila does not serve."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {self._reason}\n")


class OwnFiles(JupyterHandler, AllowListFileHandler):
    """Serves the files that a page shows from below the served folder, to requests with the token."""

    @tornado.web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Hand out a file."""
        await AllowListFileHandler.get(self, path, include_body)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Return the path if it lies below the folder, links followed."""
        if not Path(absolute_path).resolve().is_relative_to(Path(root).resolve()):
            raise tornado.web.HTTPError(_NOT_FOUND)
        found: str | None = AllowListFileHandler.validate_absolute_path(self, root, absolute_path)
        return found


def fault_of(host: str, headers: Mapping[str, str]) -> str:
    """Return why a request to a host, with these headers, is refused, in one line; empty where it is not.

    >>> fault_of("evil.example:8866", {})
    "Host 'evil.example:8866': must be a name of this machine, such as localhost"
    >>> fault_of("localhost:8866", {"Origin": "http://evil.example"})
    "Origin 'http://evil.example': must be the page itself, http://localhost:8866"
    >>> fault_of("localhost:8866", {"Origin": "http://localhost:8866"})
    ''
    """
    if not is_this_machine(host):
        return f"Host {host!r}: must be a name of this machine, such as localhost"
    for name in ("Origin", "Sec-WebSocket-Origin"):
        origin = headers.get(name)
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return f"{name} {origin!r}: must be the page itself, http://{host}"
    return ""


def is_this_machine(host: str) -> bool:
    """Return whether a host, with or without a port, is this machine itself.

    >>> [is_this_machine(host) for host in ("localhost:8866", "127.0.0.1", "[::1]:80")]
    [True, True, True]
    >>> [is_this_machine(host) for host in ("10.0.0.1", "localhost.evil.example", "")]
    [False, False, False]
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
