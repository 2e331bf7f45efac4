"""What the player sends and keeps; that a page plays it is tested in a browser."""

from __future__ import annotations

import importlib.util
import io
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpnde.charts.film import film_of
from gpnde.errors import GpndeError
from gpnde.lab import film_files
from gpnde.lab.film_files import film_file, require_film_maker
from gpnde.lab.player import Player, PlayPanel
from gpnde.results.run import Run
from tests.example import example_run


class Page(Player):
    """A player whose messages are kept instead of sent."""

    def __init__(self, run: Run | None = None) -> None:
        self.messages: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        super().__init__(run)

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        self.messages.append(content)
        self.files += buffers or []

    def answer(self, *buffers: bytes, **message: Any) -> None:
        self._receive(self, message, [memoryview(one) for one in buffers])

    @property
    def told(self) -> list[str]:
        return [message["text"] for message in self.messages if message["kind"] == "told"]


@pytest.fixture(scope="module")
def run() -> Run:
    return example_run(sites=12, days=182)


def png(grey: int) -> bytes:
    image = pytest.importorskip("PIL.Image").new("L", (6, 5), grey)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def without_pillow(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(film_files, "_has_pillow", lambda: False)
    patch.setenv("PATH", str(folder))


def fake_ffmpeg(folder: Path, script: str) -> None:
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_the_film_goes_as_bytes_that_are_those_of_the_columns(run: Run) -> None:
    state = Page(run).get_state("_film")["_film"]
    film = film_of(run)
    assert state["words"] == film.words
    assert set(state["columns"]) == set(film.columns)
    goods = np.frombuffer(state["columns"]["goods"], dtype=np.float32)
    assert goods.tolist() == film.columns["goods"].tolist()


def test_a_site_that_is_clicked_is_told_with_its_firm(run: Run) -> None:
    page = Page(run)
    site = run.network["sites"][0]
    page.answer(kind="pick", site=site["name"], firm=site["firm"])
    assert page.clicked == {"site": site["name"], "firm": site["firm"]}
    page.answer(kind="unheard-of")


@pytest.mark.skipif(importlib.util.find_spec("PIL") is None, reason="needs Pillow")
def test_a_film_is_made_once_all_pictures_have_come_in_any_order(run: Run) -> None:
    page = Page(run)
    page.answer(kind="film")
    request = page.messages[-1]["request"]
    for number in (2, 0, 1, 1, 0):
        page.answer(png(90 * number), kind="picture", request=request, number=number, of=3)
    assert page.saved["ending"] == "gif" and page.saved["content"][:4] == b"GIF8"
    assert page.files == [page.saved["content"]]
    assert page.told == [f"saved {run.name}.gif"]
    from PIL import Image, ImageSequence

    film = Image.open(io.BytesIO(page.files[0]))
    pictures = [one.convert("L").tobytes()[0] for one in ImageSequence.Iterator(film)]
    assert len(pictures) == 3 and pictures == sorted(pictures)


def test_pictures_of_a_film_that_was_asked_for_before_are_dropped(run: Run) -> None:
    pytest.importorskip("PIL")
    page = Page(run)
    page.save_film()
    page.save_film()
    page.answer(png(0), kind="picture", request=1, number=0, of=1)
    assert page.saved == {}


def test_what_is_missing_for_a_film_is_said_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_pillow(monkeypatch, tmp_path)
    page = Page(run)
    page.answer(kind="film")
    assert page.told == ["film: needs Pillow (pip install pillow) for a GIF, or ffmpeg on the PATH for an MP4"]
    with pytest.raises(GpndeError, match="needs Pillow"):
        require_film_maker()


def test_ffmpeg_makes_the_film_where_pillow_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_ffmpeg(tmp_path, 'for last; do :; done; while read -r line; do echo "$line" >> "$last"; done')
    without_pillow(monkeypatch, tmp_path)
    film = film_file([b"one\n", b"two\n"])
    assert (film.ending, film.content) == ("mp4", b"one\ntwo\n")


def test_ffmpeg_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_ffmpeg(tmp_path, "while read -r line; do :; done; echo 'no such' >&2; echo codec >&2; exit 1")
    without_pillow(monkeypatch, tmp_path)
    with pytest.raises(GpndeError, match="^ffmpeg: no such codec: install Pillow"):
        film_file([b"one\n"])


def test_the_panel_makes_nothing_before_it_is_opened(run: Run) -> None:
    panel = PlayPanel()
    assert panel.layout.display == "none"
    panel.show(run)
    assert panel.layout.display is None and panel.player is None
    panel.button.value = True
    assert panel.player is not None and panel.children[-1] is panel.player
    assert panel.player.get_state("_film")["_film"]["words"]["name"] == run.name
    panel.button.value = False
    assert panel.children == (panel.button,)


def test_the_panel_stands_among_pictures_of_the_network_alone(run: Run) -> None:
    panel = PlayPanel()
    panel.show(run)
    panel.set_group("learning")
    assert panel.layout.display == "none"
    panel.show(run)
    assert panel.layout.display == "none"
    panel.set_group("network")
    assert panel.layout.display is None


def test_an_open_panel_plays_the_next_run(run: Run) -> None:
    panel = PlayPanel()
    panel.show(run)
    panel.button.value = True
    assert panel.player is not None
    before = panel.player.get_state("_film")["_film"]["words"]
    panel.show(example_run(sites=15, days=182))
    assert len(panel.player.get_state("_film")["_film"]["words"]["nodes"]) > len(before["nodes"])
