"""The folder of a study: on this machine or at any address that fsspec knows, with atomic writes."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

from gpnde.errors import StudyError
from gpnde.extras import require_extra

PARTIAL = ".partial"
"""The suffix of a file that is being written; such files are never read."""

_LOCK = ".lock"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Folder:
    """Files under one address, which all workers of a study can reach.

    >>> folder = Folder("memory://example-of-a-folder")
    >>> folder.write("parts/one.txt", b"done")
    >>> folder.names("parts"), folder.read("parts/one.txt")
    (['one.txt'], b'done')
    """

    def __init__(self, address: str | os.PathLike[str]) -> None:
        """Take a path or an address such as ``s3://bucket/study``; nothing is made yet.

        Raises
        ------
        StudyError
            There is no such kind of address, or what it needs is not installed.
        MissingExtra
            The extra ``study`` is not installed.
        """
        # All work with a study begins here, and everything in its folder is Parquet.
        require_extra("study", "fsspec", "pyarrow")
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        self.name = os.fspath(address).rstrip("/") or os.fspath(address)
        """The address as it was given."""
        try:
            # Listings that fsspec keeps would hide what other machines have written since.
            files, root = url_to_fs(self.name, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise StudyError(
                where=self.name, given=str(error).rstrip("."), expected="name a folder that can be reached"
            ) from None
        self._files: Any = files
        self._root = str(root)
        self.is_local = isinstance(files, LocalFileSystem)
        """Whether it lies in the file system of this machine."""
        self.address = self._root if self.is_local else self.name
        """The address for processes that have another working directory."""

    def __truediv__(self, name: str) -> str:
        """Return the name of a file in the folder for messages."""
        return f"{self.name}/{name}"

    def path(self, name: str) -> str:
        """Return the path of a file as the file system knows it."""
        return f"{self._root}/{name}" if name else self._root

    def exists(self, name: str = "") -> bool:
        """Return whether there is such a file or folder."""
        with self._reading(name):
            return bool(self._files.exists(self.path(name)))

    def names(self, name: str = "") -> list[str]:
        """Return the names in a folder inside this one, in alphabetical order; none if it does not exist."""
        with self._reading(name):
            try:
                found = self._files.ls(self.path(name), detail=False)
            except FileNotFoundError:
                return []
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found)

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises
        ------
        FileNotFoundError
            There is none of that name.
        StudyError
            It cannot be read.
        """
        with self._reading(name):
            return bytes(self._files.cat_file(self.path(name)))

    def write(self, name: str, content: bytes) -> None:
        """Write a file atomically."""
        with self.writing(name) as file:
            file.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Yield a file that gets its name only when it is complete.

        Raises
        ------
        StudyError
            It cannot be written, say because the disk is full; nothing is left of it then.
        """
        # Each writer has a file of its own, as two may write the same one at a time.
        partial = f"{name}.{secrets.token_hex(4)}{PARTIAL}"
        try:
            with self._telling(name):
                self._files.makedirs(self.path(name).rpartition("/")[0], exist_ok=True)
                with self._files.open(self.path(partial), "wb") as file:
                    yield cast(BinaryIO, file)
                    # On disk before it gets its name, which a crash could otherwise leave on half a file.
                    self._flush(file)
                self._move(partial, name)
        except BaseException:
            self.remove(partial)
            raise

    def append(self, name: str, content: bytes) -> None:
        """Append to a file, which only one process may do."""
        if not self.is_local:
            before = self.read(name) if self.exists(name) else b""
            self.write(name, before + content)
            return
        with self._telling(name), open(self.path(name), "ab") as file:
            file.write(content)

    def rename(self, name: str, new: str) -> None:
        """Give a file another name."""
        with self._telling(name):
            self._move(name, new)

    def remove(self, name: str) -> None:
        """Remove a file, if there is one."""
        with suppress(OSError):
            self._files.rm_file(self.path(name))

    def clean(self, name: str) -> None:
        """Remove files and folders that were being written to a folder inside this one when their writer ended."""
        for each in self.names(name):
            if each.endswith(PARTIAL):
                with suppress(OSError):
                    self._files.rm(self.path(f"{name}/{each}" if name else each), recursive=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder, and keep other processes of this machine from working in it at the same time.

        Raises
        ------
        StudyError
            Another process works in it, or it cannot be made.
        """
        with self._telling(""):
            self._files.makedirs(self._root, exist_ok=True)
        if not self.is_local or os.name == "nt":
            yield
            return
        with self._telling(_LOCK):
            held = open(self.path(_LOCK), "ab")
        with held:
            self._lock(held)
            yield

    def _lock(self, file: BinaryIO) -> None:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StudyError(
                where=self.name,
                expected="another process works in this folder: wait until it is done, or name another folder",
            ) from None
        except OSError:
            # Some network file systems have no locks; two processes there only do the same runs twice.
            return

    def _flush(self, file: Any) -> None:
        if self.is_local:
            file.flush()
            os.fsync(file.fileno())

    def _move(self, name: str, new: str) -> None:
        if self.is_local:
            os.replace(self.path(name), self.path(new))
        else:
            self._files.mv(self.path(name), self.path(new))

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StudyError(
                where=self / name, expected=f"cannot be read: {_reason(error)}: fix this and retry"
            ) from None

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            advice = "name a folder that can be written"
            if error.errno in _FULL:
                advice = "make room and run the same command again, what is committed stays"
            raise StudyError(where=self / name, expected=f"cannot be written: {_reason(error)}: {advice}") from None


def _reason(error: OSError) -> str:
    return " ".join(str(error.strerror or error).split())
