"""Play the network: a run as moving goods and knowledge, with outages, ended and new links, and firms that climb.

The film of a run goes to the page once; the page plays it alone.
"""

from __future__ import annotations

import threading
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from gpnde.charts.film import film_of
from gpnde.errors import GpndeError
from gpnde.lab.film_files import film_file, require_film_maker

if TYPE_CHECKING:
    from gpnde.results.run import Run

_STATIC = files("gpnde.lab") / "static"
_SCRIPTS = ("page.js", "player_film.js", "player_stage.js", "player_page.js")
"""Parts of one module, which a page gets as a whole."""
_GROUP = "network"
"""Group of charts among which the lab offers the player."""


class Player(anywidget.AnyWidget):
    """Plays a run: drawn by the page on a canvas, with play, speed, time, arrangement and a firm to follow.

    The space bar plays and pauses, arrows go one period back and forth, Home and End to the ends. A page that asks for
    little motion gets one picture after the other and nothing that glides.

    Attributes
    ----------
    clicked
        The site that was clicked last: ``site`` and ``firm``, the firm empty where a point is a group of sites.
    saved
        The last film that was made: ``ending`` and ``content`` (bytes).
    """

    _esm = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    _css = (_STATIC / "player.css").read_text(encoding="utf-8")
    _film = traitlets.Dict().tag(sync=True)
    clicked = traitlets.Dict()
    saved = traitlets.Dict()

    def __init__(self, run: Run | None = None, **traits: Any) -> None:
        self._lock = threading.Lock()
        self._requests = 0
        self._pictures: dict[int, dict[int, bytes]] = {}
        self._name = "run"
        super().__init__(**traits)
        self.on_msg(self._receive)
        if run is not None:
            self.show(run)

    def show(self, run: Run) -> None:
        """Play another *run*; the arrangement stays."""
        film = film_of(run)
        self._name = run.name
        # As bytes, since a page takes those as they are and a list of numbers would be ten times as long.
        self._film = {"words": film.words, "columns": {name: one.tobytes() for name, one in film.columns.items()}}

    def save_picture(self, filename: str) -> None:
        """Make the browser save the picture that is shown as the PNG file *filename*."""
        self.send({"kind": "still", "filename": filename})

    def save_film(self) -> None:
        """Make the browser save the run as a GIF or, where Pillow is missing, as an MP4 by ffmpeg.

        Raises
        ------
        GpndeError
            Neither Pillow nor ffmpeg is there.
        """
        require_film_maker()
        with self._lock:
            self._requests += 1
            # Pictures of a film that was asked for before are of no use any more.
            self._pictures = {self._requests: {}}
        self.send({"kind": "shoot", "request": self._requests})

    def _receive(self, _widget: object, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """Take a message from the page; kinds that are not known are not for us."""
        kind = message.get("kind")
        if kind == "pick":
            self.clicked = {"site": str(message["site"]), "firm": str(message["firm"])}
        elif kind == "film":
            self._shoot()
        elif kind == "picture":
            self._keep(message, bytes(buffers[0]))

    def _shoot(self) -> None:
        try:
            self.save_film()
        except GpndeError as error:
            self.send({"kind": "told", "text": str(error)})

    def _keep(self, message: dict[str, Any], picture: bytes) -> None:
        """Keep a picture, and make the film when the last one has come; of two pages, the first one's count."""
        with self._lock:
            pictures = self._pictures.get(message["request"])
            if pictures is None:
                return
            pictures.setdefault(int(message["number"]), picture)
            if len(pictures) < message["of"]:
                return
            self._pictures = {}
        self._make([pictures[number] for number in sorted(pictures)])

    def _make(self, pictures: list[bytes]) -> None:
        try:
            film = film_file(pictures)
        except GpndeError as error:
            self.send({"kind": "told", "text": str(error)})
            return
        name = f"{self._name}.{film.ending}"
        self.saved = {"ending": film.ending, "content": film.content}
        self.send({"kind": "file", "filename": name, "type": film.type}, [film.content])
        self.send({"kind": "told", "text": f"saved {name}"})


class PlayPanel(ipywidgets.VBox):
    """A button among the pictures of the network that opens the player; nothing is made before it is pressed."""

    def __init__(self) -> None:
        """Begin without a run, closed."""
        self._run: Run | None = None
        self._group = _GROUP
        self.button = ipywidgets.ToggleButton(
            description="Play the network",
            icon="play",
            tooltip="Show the run as it moves",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.button.observe(lambda change: self._arrange(), "value")
        self.player: Player | None = None
        super().__init__([self.button])
        self.add_class("gpnde-play")
        self.layout.display = "none"

    def show(self, run: Run) -> None:
        """Offer a finished *run*, and play it at once where the player is open."""
        self._run = run
        self.set_group(self._group)
        self._arrange()

    def set_group(self, group: str) -> None:
        """Show the button where charts of the network are shown, and hide it beside others."""
        self._group = group
        self.layout.display = None if self._run is not None and group == _GROUP else "none"

    def _arrange(self) -> None:
        """Show the player where it is wanted, with the run that is there."""
        if self._run is None or not self.button.value:
            self.children = [self.button]
            return
        if self.player is None:
            self.player = Player()
        self.player.show(self._run)
        self.children = [self.button, self.player]
