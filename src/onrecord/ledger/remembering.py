"""Reading only what is not there: what the ledger holds by the same run is not read again."""

from __future__ import annotations

import dataclasses
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from onrecord.errors import LedgerError
from onrecord.ledger.reading import LoadsReader, ReadsDocuments, run_with
from onrecord.model import Document, Reading, Run

if TYPE_CHECKING:
    from onrecord.intake import IntakeSettings


class _Remembering:
    """A reader that answers from the ledger what the same run has read already."""

    def __init__(self, where: str, settings: IntakeSettings, reader: ReadsDocuments) -> None:
        from onrecord.store.store import Store

        self._store = Store(where, read_only=True)
        weakref.finalize(self, self._store.close)  # nobody is told when a reader is no longer needed
        self._reader = reader
        self._run = run_with(reader.run, settings)

    @property
    def run(self) -> Run:
        """Of the reader behind it."""
        return self._reader.run

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        """See :class:`ReadsDocuments`."""
        from onrecord.store.finding import find_reading

        held = None
        with suppress(LedgerError):  # it is no fault of the document; whoever records what is read here will say so
            held = find_reading(self._store, document.id, self._run)
        if held is not None and held.document == document:
            return dataclasses.replace(held, run=self.run)
        return self._reader.read(document, read_on=read_on)


def load_remembering(
    where: str, settings: IntakeSettings, load: LoadsReader, *, threads: int | None = None
) -> ReadsDocuments:
    """Loads a reader that takes what the same run has read already from the ledger; in each process that reads.

    Args:
        where: the ledger.
        settings: how inputs are taken in, which is part of the run.
        load: loads what reads the rest.
        threads: for that.
    """
    return _Remembering(where, settings, load(threads=threads))
