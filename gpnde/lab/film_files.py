"""Films as files: pictures in, a GIF by Pillow or an MP4 by ffmpeg out, whichever is there."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gpnde.errors import GpndeError

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURES_PER_SECOND = 10
_MISSING = "needs Pillow (pip install pillow) for a GIF, or ffmpeg on the PATH for an MP4"
_SECONDS = 120.0
_COLOURS = 128
_SAMPLES = 6
"""Pictures, evenly spread over the film, whose colours it has."""


class FilmFile(NamedTuple):
    """A film as a file."""

    ending: str
    """gif or mp4."""
    type: str
    """Media type."""
    content: bytes


def require_film_maker() -> None:
    """Refuse to go on where nothing is installed that makes films.

    Raises
    ------
    GpndeError
        Neither Pillow nor ffmpeg is there.
    """
    if not _has_pillow() and not shutil.which("ffmpeg"):
        raise GpndeError(where="film", expected=_MISSING)


def film_file(pictures: Sequence[bytes]) -> FilmFile:
    """Return pictures (PNG, all of one size) as a film of ten a second.

    Raises
    ------
    GpndeError
        Neither Pillow nor ffmpeg is there, or ffmpeg fails.

    >>> import io
    >>> from PIL import Image
    >>> def png(grey):
    ...     buffer = io.BytesIO()
    ...     Image.new("L", (4, 4), grey).save(buffer, "PNG")
    ...     return buffer.getvalue()
    >>> film_file([png(0), png(255)]).content[:6]
    b'GIF89a'
    """
    require_film_maker()
    if _has_pillow():
        return FilmFile("gif", "image/gif", _gif(pictures))
    return FilmFile("mp4", "video/mp4", _mp4(pictures))


def _has_pillow() -> bool:
    return importlib.util.find_spec("PIL") is not None


def _gif(pictures: Sequence[bytes]) -> bytes:
    from PIL import Image

    images = [Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
    # Rounded up, so that no more pictures than that are taken.
    palette = _sheet(images[:: -(-len(images) // _SAMPLES)]).quantize(_COLOURS)
    # One palette for all pictures, or colours would flicker from one to the next.
    few = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    buffer = io.BytesIO()
    few[0].save(buffer, "GIF", save_all=True, append_images=few[1:], duration=1000 // PICTURES_PER_SECOND, loop=0)
    return buffer.getvalue()


def _sheet(images: Sequence[Image]) -> Image:
    """Return pictures as one, below each other."""
    from PIL import Image as images_of_pillow

    width, height = images[0].size
    sheet = images_of_pillow.new("RGB", (width, height * len(images)))
    for number, image in enumerate(images):
        sheet.paste(image, (0, number * height))
    return sheet


def _mp4(pictures: Sequence[bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        # Players want an even width and height, and colours in this form.
        command = [
            *("ffmpeg", "-y", "-loglevel", "error", "-f", "image2pipe", "-framerate", str(PICTURES_PER_SECOND)),
            *("-i", "-", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p", str(target)),
        ]
        done = subprocess.run(command, input=b"".join(pictures), capture_output=True, timeout=_SECONDS, check=False)
        if done.returncode or not target.is_file():
            said = " ".join(done.stderr.decode(errors="replace").split())[:200]
            raise GpndeError(where="ffmpeg", given=said or "made no file", expected="install Pillow for a GIF instead")
        return target.read_bytes()
