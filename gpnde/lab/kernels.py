"""Kernels of the servers that gpnde starts: limited in number, ended when idle, and at work where the user is."""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer, Unicode

TOO_MANY = 503
"""The status of an answer: the server cannot do more for now."""


class LimitedKernels(AsyncMappingKernelManager):
    """Start no more than so many kernels at a time, in a folder that need not be the one of the notebooks."""

    most = Integer(8, config=True, help="Kernels at a time.")
    cull_interval = Integer(60, config=True, help="Seconds between two looks for idle kernels.")
    folder = Unicode("", config=True, help="Where kernels start; empty: where their notebook lies.")

    def __init__(self, **settings: Any) -> None:
        """Begin without kernels."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self._one_by_one = asyncio.Lock()

    async def start_kernel(self, **settings: Any) -> str:  # type: ignore[override]
        """Start a kernel and return its name, or refuse with `TOO_MANY`."""
        # A kernel takes a while to start, in which another request would not count it yet.
        async with self._one_by_one:
            if len(self) >= self.most:
                raise HTTPError(TOO_MANY, reason=f"{self.most} kernels are running: close a page or shut a kernel down")
            return str(await super().start_kernel(**(settings | {"path": settings.get("path") or ""})))

    def cwd_for_path(self, path: str, **settings: Any) -> str:
        """Return the folder in which the kernel of the notebook at *path* starts."""
        return self.folder or str(super().cwd_for_path(path, **settings))  # type: ignore[no-untyped-call]
