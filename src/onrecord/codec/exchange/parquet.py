"""The ledger's tables as Parquet, for analysis; needs pyarrow, which comes with ``onrecord[parquet]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from onrecord.codec.exchange.tables import Cell, Row, Table, Type, get_table
from onrecord.errors import OnrecordError
from onrecord.model import Entry

_ROWS = 10_000
"""Rows that are held before they are written as one row group: what bounds the memory."""


def encode_parquet(entries: Iterable[Entry], *, table: str = "claims") -> Iterator[bytes]:
    """Writes one table as a Parquet file (columns as in :data:`~onrecord.codec.exchange.tables.TABLES`, zstd).

    Ten thousand rows are held at a time, so memory is flat in the number of entries but for the directory of row
    groups at the end of the file.

    Args:
        entries: what the ledger holds.
        table: one of the tables.

    Yields:
        Pieces of the file, in order.

    Raises:
        UsageError: there is no such table.
        OnrecordError: pyarrow is not installed.
    """
    chosen = get_table(table)
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise OnrecordError("Parquet needs pyarrow; install it with: pip install 'onrecord[parquet]'") from None
    return _parquet(chosen, entries, arrow, parquet)


def _parquet(table: Table, entries: Iterable[Entry], arrow: Any, parquet: Any) -> Iterator[bytes]:
    types = {
        Type.TEXT: arrow.string(),
        Type.INTEGER: arrow.int64(),
        Type.NUMBER: arrow.float64(),
        Type.FLAG: arrow.bool_(),
    }
    schema = arrow.schema(
        [
            arrow.field(column.name, types[column.type], metadata={"description": column.what})
            for column in table.columns
        ]
    )
    sink = _Sink()
    writer = parquet.ParquetWriter(arrow.PythonFile(sink, mode="w"), schema, compression="zstd")
    try:
        held: list[Row] = []
        for entry in entries:
            held.extend(table.rows(entry))
            while len(held) >= _ROWS:
                writer.write_table(_columns(held[:_ROWS], table, schema, arrow))
                del held[:_ROWS]
                yield from sink.drain()
        if held:
            writer.write_table(_columns(held, table, schema, arrow))
    finally:
        writer.close()
    yield from sink.drain()


def _columns(rows: list[Row], table: Table, schema: Any, arrow: Any) -> Any:
    columns = zip(*rows, strict=True)
    return arrow.table(
        [
            arrow.array([_cell(cell, column.type) for cell in cells], schema.field(column.name).type)
            for column, cells in zip(table.columns, columns, strict=True)
        ],
        schema=schema,
    )


def _cell(cell: Cell, kind: Type) -> Cell:
    if kind is Type.NUMBER and isinstance(cell, int):
        try:
            return float(cell)
        except OverflowError:  # more than 300 digits; the words of the figure still say it
            return None
    return str(cell) if kind is Type.TEXT and cell is not None else cell


class _Sink:
    """What pyarrow takes for a file, and what was written to it since it was last drained."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0
        self.closed = False

    def write(self, piece: Any) -> int:
        """Keeps the bytes; pyarrow hands over its own buffers, which it will use again."""
        self._pieces.append(bytes(piece))
        self._at += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self.closed = True

    def drain(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        return (piece for piece in pieces if piece)
