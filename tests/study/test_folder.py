"""A file of a study is there as a whole or not at all, wherever the folder is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpnde.errors import StudyError
from gpnde.study.folder import Folder


@pytest.fixture(params=["path", "file", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    addresses = {"path": str(tmp_path / "a study"), "file": f"file://{tmp_path}/study", "memory": f"memory:/{tmp_path}"}
    return Folder(addresses[request.param])


def test_what_is_written_is_read_and_listed(folder: Folder) -> None:
    folder.write("parts/b.txt", b"two")
    folder.write("parts/a.txt", b"one")
    folder.write("parts/a.txt", b"1")
    assert folder.names("parts") == ["a.txt", "b.txt"]
    assert (folder.read("parts/a.txt"), folder.read("parts/b.txt")) == (b"1", b"two")


def test_what_is_not_there_is_told_apart_from_what_cannot_be_read(folder: Folder) -> None:
    assert folder.names() == [] == folder.names("parts")
    assert not folder.exists("study.json")
    with pytest.raises(FileNotFoundError):
        folder.read("study.json")


def test_file_that_is_not_completed_leaves_nothing(folder: Folder) -> None:
    folder.write("whole.txt", b"old")
    with pytest.raises(ZeroDivisionError), folder.writing("whole.txt") as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert folder.names() == ["whole.txt"]
    assert folder.read("whole.txt") == b"old"


def test_appending_keeps_what_was_there(folder: Folder) -> None:
    with folder.locked():
        folder.append("failures.jsonl", b"1\n")
        folder.append("failures.jsonl", b"2\n")
    assert folder.read("failures.jsonl") == b"1\n2\n"


def test_cleaning_removes_what_a_killed_writer_left(folder: Folder) -> None:
    folder.write("parts/one.parquet", b"1")
    folder.write("parts/two.parquet.0a1b2c3d.partial", b"half")
    folder.clean("parts")
    assert folder.names("parts") == ["one.parquet"]


def test_other_name_takes_the_place_of_the_first(folder: Folder) -> None:
    folder.write("one", b"1")
    folder.rename("one", "one.broken")
    assert folder.names() == ["one.broken"]


def test_address_for_workers_does_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Folder("out/")
    assert (folder.name, folder.address) == ("out", str(tmp_path / "out"))


def test_unknown_kind_of_address_is_refused_in_one_line() -> None:
    with pytest.raises(StudyError, match="^nowhere://bucket: .*: name a folder that can be reached$"):
        Folder("nowhere://bucket")


def test_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StudyError, match="out/: cannot be written: File exists"), Folder(tmp_path / "out").locked():
        pass


def test_folder_is_for_one_process_at_a_time(tmp_path: Path) -> None:
    with Folder(tmp_path).locked():
        with pytest.raises(StudyError, match="another process works in this folder"), Folder(tmp_path).locked():
            pass
    with Folder(tmp_path).locked():
        pass


def test_full_disk_ends_in_one_line_and_leaves_nothing_half(small_disk: Path) -> None:
    folder = Folder(small_disk)
    folder.write("small", b"1")
    with pytest.raises(StudyError, match="large: cannot be written: No space left on device: make room and run"):
        folder.write("large", bytes(4 * 2**20))
    assert folder.names() == ["small"]
