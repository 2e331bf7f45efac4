"""Merge the parts of a table into one file that is sorted by key, in little memory and always with the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpnde.study.folder import Folder

if TYPE_CHECKING:
    import pyarrow

ROWS_AT_ONCE = 150_000
"""Rows that are sorted in memory at once, and rows of a row group."""

_DIGITS = 16
_MOST_FILES = 256


class SortedTable:
    """Sorts rows by columns of which the first is a key of hexadecimal digits, which are spread evenly.

    Rows that fit into memory are sorted there. More are first dealt into files by the first digits of their keys, so
    that each file fits.
    """

    def __init__(self, schema: pyarrow.Schema, order: Sequence[str], rows: int) -> None:
        """Expect about so many *rows*; a wrong estimate affects memory only."""
        self._schema, self._order = schema, list(order)
        self._prefix = 0
        while rows > ROWS_AT_ONCE * _DIGITS**self._prefix and _DIGITS**self._prefix < _MOST_FILES:
            self._prefix += 1

    def write(self, folder: Folder, name: str, pieces: Iterable[pyarrow.Table]) -> None:
        """Write the rows of all *pieces*; equal rows in another order give the same bytes."""
        import pyarrow.parquet as parquet

        with (
            folder.writing(name) as file,
            parquet.ParquetWriter(file, self._schema, compression="zstd") as writer,
        ):
            for group in _row_groups(self._sorted(pieces), self._schema):
                writer.write_table(group, row_group_size=ROWS_AT_ONCE)

    def _sorted(self, pieces: Iterable[pyarrow.Table]) -> Iterator[pyarrow.Table]:
        """Yield the rows in order, in tables of any length."""
        import pyarrow as pa

        if not self._prefix:
            yield self._sort(pa.concat_tables([self._schema.empty_table(), *pieces]))
            return
        with tempfile.TemporaryDirectory(prefix="gpnde-") as place:
            for path in self._deal(Path(place), pieces):
                with pa.OSFile(str(path)) as file:
                    yield self._sort(pa.ipc.open_stream(file).read_all())
                path.unlink()

    def _deal(self, place: Path, pieces: Iterable[pyarrow.Table]) -> list[Path]:
        """Write the rows to files by the first digits of their keys, and return the files in their order."""
        import pyarrow as pa

        writers: dict[str, Any] = {}
        with ExitStack() as opened:
            for first, rows in self._dealt(pieces):
                if first not in writers:
                    file = opened.enter_context(pa.OSFile(str(place / first), "wb"))
                    writers[first] = opened.enter_context(pa.ipc.new_stream(file, self._schema))
                writers[first].write_table(rows)
        return [place / first for first in sorted(writers)]

    def _dealt(self, pieces: Iterable[pyarrow.Table]) -> Iterator[tuple[str, pyarrow.Table]]:
        """Yield the rows of each piece by the first digits of their keys."""
        import pyarrow.compute as compute

        for piece in pieces:
            digits: Any = compute.utf8_slice_codeunits(piece.column(0), 0, self._prefix)
            for first in sorted(compute.unique(digits).to_pylist()):
                yield first, piece.filter(compute.equal(digits, first))

    def _sort(self, table: pyarrow.Table) -> pyarrow.Table:
        return table.sort_by([(column, "ascending") for column in self._order])


def _row_groups(tables: Iterable[pyarrow.Table], schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """Yield the same rows in tables of equal length, the last one excepted, so that files show no seams."""
    import pyarrow as pa

    rest = schema.empty_table()
    for table in tables:
        rest = pa.concat_tables([rest, table])
        while rest.num_rows >= ROWS_AT_ONCE:
            # Combined, since chunks of other lengths would be written as other bytes.
            yield rest.slice(0, ROWS_AT_ONCE).combine_chunks()
            rest = rest.slice(ROWS_AT_ONCE)
    yield rest.combine_chunks()


def rows_where(table: pyarrow.Table, column: str, wanted: Callable[[str], bool]) -> pyarrow.Table:
    """Return the rows whose text in a column is wanted; each distinct text is checked once."""
    import pyarrow as pa
    import pyarrow.compute as compute

    coded: Any = table.column(column).combine_chunks().dictionary_encode()
    answers = pa.array([wanted(text) for text in coded.dictionary.to_pylist()], pa.bool_())
    return table.filter(compute.take(answers, coded.indices))
