"""Files that hold a whole ledger, as :meth:`Ledger.export` writes them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from onrecord.errors import DecodeError, InputError


def check_export(path: Path, *, on_row: Callable[[], None] | None = None) -> int:
    """Checks all of a file that :meth:`Ledger.export` wrote; returns how many rows it has.

    Raises:
        DecodeError: something in it is missing, doubled, out of order or changed.
    """
    from onrecord.store.proof import check_lines

    with open_export(path) as file:
        return check_lines(find_lines(file), on_row=on_row)


def open_export(path: Path) -> IO[bytes]:
    """A file of lines, plain or compressed with gzip.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            is_compressed = file.read(2) == b"\x1f\x8b"
    except OSError as error:
        what = f"cannot be read ({(error.strerror or 'unknown').lower()})"
        raise InputError(what, str(path), "check its permissions") from None
    return cast("IO[bytes]", gzip.open(path)) if is_compressed else path.open("rb")


def find_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of such a file, without their breaks.

    Raises:
        DecodeError: it is damaged.
    """
    try:
        for line in file:
            yield line.rstrip(b"\n")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DecodeError(f"is damaged or breaks off ({error}); nothing was taken in") from None
