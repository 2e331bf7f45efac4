"""A real browser and the two front ends: JupyterLab, and Voila with the page template of gpnde.

Servers and browser start once for all files of this folder and only when a test asks for them; they end with it, since
no other test could run a loop of events beside that of the browser. Every page is watched: a request to another host or
an error in the page fails the test that it belongs to. ``GPNDE_SCREENSHOTS`` names a folder that takes a picture of
each page as its test left it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

from gpnde.lab.pages import jupyter_lab_command, voila_command

from ..browsers import found_browser
from ..conftest import MEASURED
from ..thorough import THOROUGH
from .servers import free_port, served

PATIENCE = 300_000.0
"""Longer than anything takes that is waited for, on a machine with other work too (ms)."""
_HERE = Path(__file__).parent
_LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:", "about:")
_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--enable-precise-memory-info"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
"""The last one cuts the network: no name of another host is known."""
_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
"""Without a name, JupyterLab asks which kernel to start."""

Opener = Callable[[Path], Page]
"""Opens a notebook and returns its page, in which all cells run."""

PageMaker = Callable[[str], AbstractContextManager[Page]]
"""Makes a page, named after what it is for, that is watched until the block ends."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return a function that puts a line of numbers into the report of the tests, whichever process makes it."""
    return lambda line: record_property(MEASURED, line)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the browser, or skip and say how to get one."""
    found = found_browser()
    if not found:
        pytest.skip("no browser found: install Chromium, or name its program in GPNDE_BROWSER")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def new_page(browser: Browser) -> PageMaker:
    """Return the maker of pages for what outlives a test; a test itself takes `page`."""

    @contextlib.contextmanager
    def watched(name: str) -> Iterator[Page]:
        context = browser.new_context(viewport=ViewportSize(width=1280, height=800), accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        outside: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: None if request.url.startswith(_LOCAL) else outside.append(request.url))
        page.on("pageerror", lambda error: errors.append(error.stack or str(error)))
        try:
            yield page
        finally:
            take_picture(page, name)
            context.close()
        assert (outside, errors) == ([], []), "requests to other hosts, errors in the page"

    return watched


def take_picture(shown: Page | Locator, name: str) -> None:
    """Keep a picture of what is *shown* where the user wants pictures."""
    folder = os.environ.get("GPNDE_SCREENSHOTS")
    if folder:
        shown.screenshot(path=Path(folder) / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower()).strip('-')}.png")


@pytest.fixture
def page(new_page: PageMaker, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a new page; it must ask no other host for anything and raise no error until the test ends."""
    with new_page(request.node.name) as one:
        yield one


def _sheet(cells: Sequence[str]) -> dict[str, Any]:
    """Return a notebook whose code is folded away, so that pictures show what comes out of it."""
    folded = {"jupyter": {"source_hidden": True}}
    common: dict[str, Any] = {"cell_type": "code", "metadata": folded, "outputs": [], "execution_count": None}
    made = [{"id": f"cell-{place}", "source": cell, **common} for place, cell in enumerate(cells)]
    return {"cells": made, "metadata": {"kernelspec": _KERNEL}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="package")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a maker of notebooks out of the sources of their cells."""

    def make(*cells: str) -> Path:
        path = tmp_path_factory.mktemp("notebook") / "notebook.ipynb"
        path.write_text(json.dumps(_sheet(cells)), encoding="utf-8")
        return path

    return make


class FrontEnd:
    """A server that shows notebooks out of one folder."""

    def __init__(self, name: str, folder: Path, address: str) -> None:
        self.name, self.folder, self.address = name, folder, address
        self._numbers = count()

    def open(self, page: Page, notebook: Path, query: str = "") -> Page:
        """Show a copy of *notebook* in *page*, run its cells, and return the page."""
        self.show(page, notebook, query)
        if self.name != "voila":
            page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        return page

    def show(self, page: Page, notebook: Path, query: str = "") -> None:
        """Show a copy of *notebook* in *page*; Voila runs its cells, JupyterLab is ready to."""
        copy = f"{notebook.stem}-{next(self._numbers)}.ipynb"
        shutil.copy(notebook, self.folder / copy)
        if self.name == "voila":
            page.goto(f"{self.address}/voila/render/{copy}?token=test&{query}")
        else:
            self._open_in_lab(page, copy)

    def _open_in_lab(self, page: Page, copy: str) -> None:
        page.goto(f"{self.address}/lab/workspaces/w{time.time_ns()}/tree/{copy}?token=test")
        session = "window.jupyterapp?.shell?.currentWidget?.context?.sessionContext"
        page.wait_for_function(f"{session}?.session?.kernel?.connectionStatus == 'connected'")

    def end_kernels(self) -> None:
        """End the kernels of JupyterLab, which outlive their pages."""
        with urllib.request.urlopen(f"{self.address}/api/kernels?token=test") as answer:
            kernels = [kernel["id"] for kernel in json.load(answer)]
        for kernel in kernels:
            request = urllib.request.Request(f"{self.address}/api/kernels/{kernel}?token=test", method="DELETE")
            # A test may have ended it already.
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(request).close()


@pytest.fixture(scope="package")
def jupyter_lab_started(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    """Return the one JupyterLab of all tests; *browser* comes first, since nothing else would look at it."""
    home, folder, port = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("shown"), free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        *jupyter_lab_command(folder, port, browser=False),
        *("--allow-root", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
        *("--IdentityProvider.token=test", "--LabApp.expose_app_in_browser=True"),
    ]
    with served(command, f"{address}/api/status?token=test", home):
        yield FrontEnd("jupyter-lab", folder, address)


@pytest.fixture(scope="module")
def jupyter_lab_server(jupyter_lab_started: FrontEnd) -> Iterator[FrontEnd]:
    """Return JupyterLab, whose kernels end with the tests of a file."""
    yield jupyter_lab_started
    jupyter_lab_started.end_kernels()


@pytest.fixture(scope="package")
def voila_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    """Return the one Voila of all tests. Its start page would run a notebook, so a file of its own is probed."""
    home, folder, port = tmp_path_factory.mktemp("voila"), tmp_path_factory.mktemp("shown"), free_port()
    address = f"http://127.0.0.1:{port}"
    command = [*voila_command(folder, port, browser=False), "--Voila.port_retries=0", "--Voila.ip=127.0.0.1"]
    command.append("--Voila.token=test")
    with served(command, f"{address}/voila/static/voila.js", home):
        yield FrontEnd("voila", folder, address)


@pytest.fixture
def jupyter_lab(jupyter_lab_server: FrontEnd, page: Page) -> Opener:
    """Return what opens a notebook in JupyterLab and runs its cells."""
    return lambda notebook: jupyter_lab_server.open(page, notebook)


@pytest.fixture
def voila(voila_server: FrontEnd, page: Page) -> Opener:
    """Return what opens a notebook as a page of Voila."""
    return lambda notebook: voila_server.open(page, notebook)


@pytest.fixture(scope="module", params=["jupyter_lab", "voila"] if THOROUGH else ["voila"])
def front_end(request: pytest.FixtureRequest) -> FrontEnd:
    """Return each front end in turn; the page and the kernel are the same in both."""
    server: FrontEnd = request.getfixturevalue(f"{request.param}_server")
    return server
