"""The doors of the two servers, tried from outside: access, files that are served, and what is left at the end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from gpnde.cli.lab import write_notebook
from gpnde.lab.pages import voila_command

pytestmark = pytest.mark.slow
ADDRESS = re.compile(r"http://localhost:(\d+)/\S*\?token=([0-9a-f]+)")
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
NO_KERNEL = "/api/kernels/00000000-0000-0000-0000-000000000000/channels"
Headers = Mapping[str, str]
NOTHING: Headers = {}
PATIENCE = 120.0
"""Longer than anything here takes (s)."""


def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def words_of(process: psutil.Process) -> list[str]:
    """Return the command of a process, or nothing where it has just ended."""
    with contextlib.suppress(psutil.Error):
        words: list[str] = process.cmdline()
        return words
    return []


class Served:
    """A server in a process of its own, and the words that it has said."""

    def __init__(self, command: list[str], home: Path) -> None:
        self.log = home / "server.log"
        self.temporary = home / "temporary"
        self.work = home / "work"
        for folder in (self.temporary, self.work, home / "config"):
            folder.mkdir()
        (home / "config" / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"allow_root": True}}))
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, cwd=self.work, env=self._environment(home)
            )
        until(lambda: ADDRESS.search(self.said) or self.process.poll() is not None)
        found = ADDRESS.search(self.said)
        assert found, self.said
        self.port, self.token = int(found[1]), found[2]
        self.behind_the_door = "/api/status" if "/lab?" in found[0] else "/voila/files/none.png"

        until(self._listens)

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def _environment(self, home: Path) -> dict[str, str]:
        folders = {name: home / name.lower() for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
        own = {"JUPYTER_CONFIG_DIR": home / "config", "TMPDIR": self.temporary, **folders}
        return os.environ | {name: str(folder) for name, folder in own.items()}

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def kernels(self) -> list[psutil.Process]:
        """The kernels that live."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "ipykernel_launcher" in " ".join(words_of(child))]

    @property
    def cookie(self) -> str:
        """What a browser sends along once it has shown the token."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        path = f"{self.behind_the_door}?token={self.token}"
        connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", []))

    def ask(self, path: str, headers: Headers = NOTHING, *, token: bool = True, method: str = "GET") -> tuple[int, str]:
        """Ask for a path as it stands, and return status and text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {"Host": f"localhost:{self.port}", **headers}
        if token:
            given["Authorization"] = f"token {self.token}"
        connection.request(method, path, headers=given)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace") if answer.status != 101 else ""
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module", params=[[], ["--notebook"]], ids=["page", "jupyter-lab"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return the lab of a scenario, served in either way."""
    command = [sys.executable, "-m", "gpnde", "lab", "beer-game", *request.param, "--no-browser"]
    served = Served(command, tmp_path_factory.mktemp("lab"))
    yield served
    end(served)


def end(served: Served) -> None:
    if served.process.poll() is None:
        served.process.terminate()
    served.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def page(lab: Served) -> str:
    """Return where the lab shows itself."""
    return "/" if "gpnde.lab.page_server" in " ".join(command_of_server(lab)) else "/lab/tree/lab.ipynb"


def command_of_server(lab: Served) -> list[str]:
    (server,) = psutil.Process(lab.process.pid).children()
    return words_of(server)


def test_without_the_token_there_is_no_access(lab: Served, page: str) -> None:
    for path in (page, "/api/kernels", "/voila/files/a.png", "/api/contents", NO_KERNEL):
        status, text = lab.ask(path, token=False)
        assert status in (302, 403, 404) and "lab.ipynb" not in text, path
    assert lab.ask(NO_KERNEL, HANDSHAKE, token=False)[0] == 403
    assert lab.ask(page + "?token=guess", token=False)[0] in (302, 403)
    assert lab.kernels == []


def test_token_is_no_word_of_a_command_that_others_can_read(lab: Served) -> None:
    assert lab.token not in " ".join(command_of_server(lab))


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost.evil.example", "192.0.2.1", ""])
def test_name_of_another_host_is_refused(lab: Served, page: str, host: str) -> None:
    name = host.format(port=lab.port)
    for path in (page, "/api/kernels"):
        assert lab.ask(path, {"Host": name})[0] in (400, 403), path
    assert lab.ask(NO_KERNEL, {"Host": name, **HANDSHAKE})[0] in (400, 403)
    assert lab.kernels == []


@pytest.mark.parametrize("above", ["../", "..%2f", "%2e%2e/", "....//", "/"])
@pytest.mark.parametrize(
    "below",
    [
        "/voila/files/",
        "/voila/render/",
        "/voila/static/",
        "/voila/templates/gpnde/static/",
        "/files/",
        "/api/contents/",
    ],
)
def test_no_path_leads_out_of_the_folder(lab: Served, above: str, below: str) -> None:
    secret = lab.log.parent / "secret.png"
    secret.write_text("SECRET")
    for up in range(1, 9):
        climbed = above * up + str(secret if above == "/" else secret.name).lstrip("/")
        assert "SECRET" not in lab.ask(below + climbed)[1]
    assert "SECRET" not in lab.ask(below + above * 12 + quote(str(secret).lstrip("/")))[1]


@pytest.fixture(scope="module")
def kernel(lab: Served, page: str) -> psutil.Process:
    """Return a kernel that was started with the token."""
    if page == "/":
        assert lab.ask(page)[0] == 200
    else:
        # JupyterLab starts kernels for its page, which is not open here.
        assert lab.ask("/api/kernels", method="POST")[0] == 201
    until(lambda: lab.kernels)
    (one,) = lab.kernels
    return one


def channels(kernel: psutil.Process) -> str:
    """Return the address at which one talks to a kernel."""
    found = re.search(r"kernel-([0-9a-f-]+)\.json", " ".join(words_of(kernel)))
    assert found
    return f"/api/kernels/{found[1]}/channels"


def test_page_of_the_server_may_talk_to_its_kernel(lab: Served, kernel: psutil.Process) -> None:
    own = {"Origin": f"http://localhost:{lab.port}", **HANDSHAKE}
    assert lab.ask(channels(kernel), {"Cookie": lab.cookie, **own}, token=False)[0] == 101
    assert lab.ask(channels(kernel), own, token=False)[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "https://localhost.evil.example"]
)
def test_page_of_another_origin_talks_to_no_kernel_although_the_browser_sends_the_cookie(
    lab: Served, kernel: psutil.Process, origin: str
) -> None:
    strange = {"Cookie": lab.cookie, "Origin": origin}
    assert lab.ask(channels(kernel), strange | HANDSHAKE, token=False)[0] == 403
    for method, path in (("POST", "/api/kernels"), ("DELETE", channels(kernel).removesuffix("/channels"))):
        status, _ = lab.ask(path, strange, token=False, method=method)
        assert status in (403, 404), method
    assert len(lab.kernels) == 1


@pytest.mark.sampled(2)
def test_kernel_works_where_the_user_is_and_the_end_leaves_nothing(lab: Served, kernel: psutil.Process) -> None:
    assert Path(kernel.cwd()) == lab.work
    everything = psutil.Process(lab.process.pid).children(recursive=True)
    assert len(everything) > 1 and len(list(lab.temporary.glob("gpnde-lab-*"))) == 1
    lab.process.send_signal(signal.SIGTERM)
    assert lab.process.wait(PATIENCE) == 0
    until(lambda: not any(process.is_running() for process in everything))
    assert [path.name for path in lab.temporary.iterdir() if path.name.startswith(("gpnde-lab", "voila"))] == []


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Served]:
    """Return a page server with a file beside the notebook and two kernels at most."""
    folder = tmp_path / "shown"
    folder.mkdir()
    (tmp_path / "outside.png").write_text("SECRET")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "beside.png").write_text("beside")
    notebook = write_notebook(folder / "lab.ipynb", "beer-game")
    notebook.write_text(notebook.read_text().replace("gpnde.lab", "print"))
    served = Served([*voila_command(notebook, browser=False), "--LimitedKernels.most=2"], tmp_path)
    yield served
    end(served)


def test_files_beside_the_notebook_need_the_token_and_links_lead_nowhere(strict: Served) -> None:
    assert strict.ask("/voila/files/beside.png") == (200, "beside")
    assert strict.ask("/voila/files/beside.png", token=False)[0] == 302
    assert strict.ask("/voila/files/link.png")[0] == 404
    assert strict.ask("/voila/files/lab.ipynb")[0] == 403


@pytest.mark.thorough
def test_kernels_are_limited_in_number(strict: Served) -> None:
    assert [strict.ask("/")[0] for _ in range(2)] == [200, 200]
    status, text = strict.ask("/")
    assert (status, text) == (503, "503: 2 kernels are running: close a page or shut a kernel down\n")
    assert len(strict.kernels) == 2


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Served]:
    """Return a page server that ends a kernel after a second without a page."""
    notebook = write_notebook(tmp_path / "lab.ipynb", "beer-game")
    patient = voila_command(notebook, browser=False)
    limits = ["--LimitedKernels.cull_idle_timeout=1", "--LimitedKernels.cull_interval=1"]
    served = Served([*(word for word in patient if "cull_idle_timeout" not in word), *limits], tmp_path)
    yield served
    end(served)


@pytest.mark.thorough
def test_unused_kernel_is_ended(hasty: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=PATIENCE)
    connection.request("GET", f"/?token={hasty.token}", headers={"Host": f"localhost:{hasty.port}"})
    until(lambda: hasty.kernels)
    until(lambda: not hasty.kernels)
    connection.close()
