"""The record: what readings are entered in, asked, corrected and proven."""

from __future__ import annotations

import dataclasses
import functools
import getpass
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from onrecord.errors import InputError, LedgerError, NotFound, UsageError
from onrecord.ledger.exported import check_export, find_lines, open_export
from onrecord.ledger.reading import LoadsReader, load_reader, read_all, read_found
from onrecord.ledger.remembering import load_remembering
from onrecord.model import (
    Act,
    Added,
    Attribution,
    Change,
    Changes,
    Claim,
    Decision,
    DecisionKind,
    Document,
    Entry,
    Fault,
    Figure,
    HeldRun,
    KnownParty,
    Page,
    Question,
    Reading,
    Span,
    ThingKind,
    figure_id,
)

if TYPE_CHECKING:
    from onrecord.intake import IntakeSettings
    from onrecord.intake.feeds import Feed
    from onrecord.ledger.watching import Event, Tally

DEFAULT = "onrecord.db"
"""The file that holds the ledger where nothing else is said: in the working folder."""

_MOST_TOGETHER = 500  # readings in one transaction
_PAGE = 200  # claims that are looked at together
_LONGEST_WAIT_S = 1.0  # until what was read is recorded


def ledger_name(given: str | os.PathLike[str] | None = None) -> str:
    """Where the ledger is: what was given, or else ``ONRECORD_LEDGER``, or else a file in the working folder."""
    return os.fspath(given) if given else os.environ.get("ONRECORD_LEDGER") or DEFAULT


def _user() -> str:
    try:
        return os.environ.get("ONRECORD_USER") or getpass.getuser()
    except (OSError, KeyError):  # nobody is logged in, as in a container
        return "unknown"


def _checked(text: str, what: str) -> str:
    """What somebody wrote, as it can be kept."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageError(f"{what} holds a character that cannot be kept; write it as UTF-8, without NUL")
    return text


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The record of who claims what, in a file or a database.

    Use it as a context manager, or close it. One thread uses it at a time; open another one for another thread.

    Args:
        where: path of a file, or ``postgresql://user@host/name``; None for ``ONRECORD_LEDGER`` or ``onrecord.db``.
        create: make the ledger if there is none.
        read_only: never write.
        who: the name that stands beside all that is recorded; by default ``ONRECORD_USER``, or who is logged in.
        clock: tells the time, with its zone.
        patience_s: seconds after which a question is given up; None for as long as it takes.

    Raises:
        LedgerError: there is no ledger, it is none, is of a later version, or cannot be opened.
    """

    def __init__(
        self,
        where: str | os.PathLike[str] | None = None,
        *,
        create: bool = False,
        read_only: bool = False,
        who: str = "",
        clock: Callable[[], datetime] = _now,
        patience_s: float | None = None,
    ) -> None:
        from onrecord.store.store import Store

        self._store = Store(ledger_name(where), create=create, read_only=read_only, patience_s=patience_s)
        self.name = self._store.name
        self.who = _checked(who or _user(), "the name of the user")
        self._clock = clock

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file or the database."""
        self._store.close()

    # --- adding ------------------------------------------------------------------------------------------------------

    def add(self, readings: Iterable[Reading], *, is_live: bool = False) -> list[Added]:
        """Records readings, in order, some hundred in a transaction; returns what became of each.

        Adding is idempotent: what is there already stays as it is. Of a page that changed, the claims of the later
        version count from now on.

        Args:
            readings: the later of two of one page is its later version.
            is_live: whether they are what their pages say at this moment, so that a page can say again what it said
                before. Else a reading that is there already changes nothing, however often a batch is added.
        """
        added: list[Added] = []
        for batch in _batched(readings, _MOST_TOGETHER):
            added += self._store.add(batch, who=self.who, at=self._clock(), is_live=is_live)
        return added

    def add_inputs(
        self,
        origins: Iterable[str | os.PathLike[str]],
        *,
        settings: IntakeSettings | None = None,
        workers: int | None = None,
        load_reader: LoadsReader = load_reader,
        stdin: BinaryIO | None = None,
        on_finished: Callable[[], None] | None = None,
        on_left_out: Callable[[str, str], object] | None = None,
    ) -> Generator[tuple[Reading, Added], None, None]:
        """Reads inputs, as :func:`onrecord.read_all` does, and records each as it is read.

        Parquet of readings, as `onrecord read --engine` writes it, is taken in as it is, and first. A document that was
        read by the same model with the same settings is not read again. Stopped at any moment, it can be begun again
        and does the rest.
        """
        from onrecord.intake import IntakeSettings, is_address

        settings = settings or IntakeSettings()
        load = functools.partial(load_remembering, self._store_name, settings, load_reader)
        inputs: list[str] = []
        for origin in (os.fspath(one) for one in origins):
            parts = _find_parts(origin)
            if parts is None:
                inputs.append(origin)
                continue
            for path in parts:
                yield from self._add_part(path)
            if on_finished:
                on_finished()
        if not inputs:
            return
        readings = read_all(
            inputs,
            settings=settings,
            workers=workers,
            load_reader=load,
            stdin=stdin,
            on_finished=on_finished,
            on_left_out=on_left_out,
        )
        is_fetched = all(map(is_address, inputs))
        waiting: list[Reading] = []
        since = time.monotonic()
        with closing(readings):
            for reading in readings:
                waiting.append(reading)
                if len(waiting) >= _MOST_TOGETHER or time.monotonic() - since > _LONGEST_WAIT_S:
                    yield from self._record(waiting, is_fetched=is_fetched)
                    waiting, since = [], time.monotonic()
        yield from self._record(waiting, is_fetched=is_fetched)

    def _add_part(self, path: Path) -> Iterator[tuple[Reading, Added]]:
        """Takes in a file of readings, some hundred in a transaction."""
        from onrecord.codec import decode_reading
        from onrecord.ledger.archive import find_readings

        for lines in _batched(find_readings(path), _MOST_TOGETHER):
            readings = [decode_reading(line) for line in lines]
            added = self._store.add(readings, lines=lines, who=self.who, at=self._clock())
            yield from zip(readings, added, strict=True)

    @property
    def _store_name(self) -> str:
        return self._store.where

    def _record(self, readings: Sequence[Reading], *, is_fetched: bool) -> Iterator[tuple[Reading, Added]]:
        # What is fetched, and what is in a file, is what its page says now; what an archive has may be long ago.
        def is_live(reading: Reading) -> bool:
            return is_fetched or (reading.document is not None and "://" not in reading.document.url)

        for live, several in itertools.groupby(readings, is_live):
            some = list(several)
            added = self._store.add(some, who=self.who, at=self._clock(), is_live=live)
            yield from zip(some, added, strict=True)

    def reread(
        self, *, load_reader: LoadsReader = load_reader, on_read: Callable[[], None] | None = None
    ) -> Iterator[Added]:
        """Reads every document whose current reading is of another run again, from the text that is kept.

        The new reading counts from then on; the earlier ones stay, and what people corrected is applied to the new.
        What cannot be read this time is recorded as a failure, and the earlier reading goes on counting.
        """
        from onrecord.intake import IntakeSettings
        from onrecord.store.finding import find_entries

        reader = load_reader()
        for entry in find_entries(self._store):
            document, run = entry.reading.document, entry.reading.run
            if document is None or run == dataclasses.replace(reader.run, settings=run.settings):
                continue
            today = self._clock().date().isoformat()
            reading = read_found(document, reader, IntakeSettings(), document.url, read_on=today)
            reading = dataclasses.replace(reading, run=dataclasses.replace(reading.run, settings=run.settings))
            yield from self._store.add([reading], who=self.who, at=self._clock(), verb="reread")
            if on_read:
                on_read()

    def watch(
        self,
        feeds: Iterable[Feed],
        *,
        settings: IntakeSettings | None = None,
        once: bool = False,
        every_s: float | None = None,
        load_reader: LoadsReader = load_reader,
        on_event: Callable[[Event], object] = lambda _: None,
        on_added: Callable[[Reading, Added], object] = lambda *_: None,
        sleep: Callable[[float], object] = time.sleep,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Tally:
        """Watches feeds and records what is new, until it is stopped; see :func:`onrecord.ledger.watching.watch`.

        What is remembered of each feed is kept in the ledger. The model is loaded when there is something to read.
        """
        from onrecord.intake import IntakeSettings
        from onrecord.ledger.watching import EVERY_S, watch
        from onrecord.store.feeds import save_feed

        settings = settings or IntakeSettings()
        load = functools.cache(functools.partial(load_remembering, self._store_name, settings, load_reader))

        def add(found: list[Document | InputError]) -> None:
            readings = [
                read_found(one, load(), settings, one.where if isinstance(one, InputError) else one.url)
                for one in found
            ]
            for reading, added in self._record(readings, is_fetched=True):
                on_added(reading, added)

        return watch(
            feeds,
            load_state=self.find_feeds,
            save_state=lambda feed: save_feed(self._store, feed.url, dataclasses.asdict(feed)),
            add=add,
            settings=settings,
            once=once,
            every_s=EVERY_S if every_s is None else every_s,
            clock=self._clock,
            sleep=sleep,
            should_stop=should_stop,
            on_event=on_event,
        )

    def find_feeds(self) -> list[Feed]:
        """What is remembered of each feed that was watched."""
        from onrecord.intake.feeds import Feed
        from onrecord.store.feeds import load_feeds

        return [Feed(**state) for state in load_feeds(self._store)]

    # --- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: Question | None = None, *, limit: int = 20, after: str = "") -> Page:
        """A page of the claims that answer a question, the latest said first; see :class:`Question`.

        Raises:
            UsageError: the question makes no sense.
            NotFound: the ledger knows no such party.
        """
        from onrecord.store.questions import find_page

        if limit < 1:
            raise UsageError(f"a page of {limit} claims holds none; ask for 1 at least")
        return find_page(self._store, question or Question(), limit=limit, after=after)

    def explain(self, question: Question, *, limit: int = 20) -> tuple[str, Any]:
        """The SQL statement behind :meth:`ask`, with its parameters, for whoever wants to look into the database."""
        from onrecord.store.questions import explain_question

        return explain_question(self._store, question, limit=limit)

    def find_claims(self, question: Question | None = None) -> Iterator[Claim]:
        """All claims that answer a question, a page at a time; of one state of the ledger."""
        after = ""
        while True:
            page = self.ask(question, limit=_PAGE, after=after)
            yield from page.claims
            if not (after := page.after):
                return

    def find_parties(self, name: str) -> tuple[KnownParty, ...]:
        """The parties that a name or an id may mean.

        Raises:
            NotFound: the ledger knows none.
        """
        from onrecord.store.questions import find_parties, find_seq

        with self._store.reading() as connection:
            return find_parties(connection, name, find_seq(connection, ""))

    def find_things(self, identity: str) -> list[tuple[ThingKind, str]]:
        """What has an id that begins so: its kind, and its whole id."""
        from onrecord.store.finding import find_things

        return find_things(self._store, identity)

    def get_thing(self, identity: str) -> tuple[ThingKind, str]:
        """What has this id, or the only one that begins so.

        Raises:
            NotFound: nothing has, or several do.
        """
        found = self.find_things(identity)
        if len(found) > 1:
            several = ", ".join(f"{kind} {one}" for kind, one in found)
            raise NotFound(f"{identity[:20]!r} begins several ids; write more of it: {several}")
        if not found:
            hint = "an id is 16 digits and letters a to f, of which the first 4 are enough if no other begins so"
            raise NotFound(f"the ledger holds nothing with the id {identity[:20]!r}; {hint}")
        return found[0]

    def get_claim(self, identity: str) -> Claim:
        """A claim by its id, as it counts or counted last."""
        from onrecord.store.finding import get_claim

        return get_claim(self._store, self._whole(identity, ThingKind.CLAIM))

    def get_entry(self, identity: str) -> Entry:
        """The latest reading of a document, or a reading, by its id."""
        from onrecord.store.finding import get_entry, get_reading

        kind, whole = self.get_thing(identity)
        if kind is ThingKind.READING:
            return get_reading(self._store, whole)
        return get_entry(self._store, self._whole(identity, ThingKind.DOCUMENT))

    def get_party(self, identity: str) -> tuple[KnownParty, tuple[str, ...]]:
        """A party by its id, and the folded names that documents call it by."""
        from onrecord.store.finding import get_party

        return get_party(self._store, self._whole(identity, ThingKind.PARTY))

    def get_decision(self, identity: str) -> Decision:
        """A decision by its id."""
        from onrecord.store.finding import get_decision

        return get_decision(self._store, self._whole(identity, ThingKind.DECISION))

    def find_successor(self, claim: Claim) -> str:
        """The id of what a claim that counts no more is now, in other words or the same; empty if it is gone."""
        from onrecord.store.changes import compare_readings
        from onrecord.store.finding import find_shown

        shown = None if claim.is_current else find_shown(self._store, claim.document.id)
        if shown is None:
            return ""
        changes = compare_readings(claim.entry.reading, shown.reading)
        return dict((*changes.same, *changes.changed)).get(claim.id, "")

    def find_history(self, claim: str) -> list[Change]:
        """What happened to a claim, from its first recording on."""
        from onrecord.store.finding import find_history

        return find_history(self._store, self._whole(claim, ThingKind.CLAIM))

    def find_decisions(self, subject: str = "") -> Iterator[Decision]:
        """People's decisions in order, all or those about one thing."""
        from onrecord.store.finding import find_decisions

        return find_decisions(self._store, subject)

    def find_undone(self) -> set[str]:
        """The ids of decisions that were undone."""
        from onrecord.store.finding import find_undone

        return find_undone(self._store)

    def find_orphans(self) -> Iterator[tuple[Decision, str]]:
        """Corrections and retractions without effect on what counts now, each with the reading's id that they miss."""
        from onrecord.store.finding import find_orphans

        return find_orphans(self._store)

    def find_versions(self, document: str) -> list[tuple[str, str]]:
        """The versions of the page that a document is one of, in order: document id, and when it was recorded."""
        from onrecord.store.finding import find_versions

        return find_versions(self._store, self._whole(document, ThingKind.DOCUMENT))

    def find_entries(self, question: Question | None = None, *, everything: bool = False) -> Iterator[Entry]:
        """The readings that count now, or all there are; or those with the claims that answer a question.

        Of a reading that is found by a question only those claims are in it, with what they cannot be told without. In
        a large ledger one may come several times, each time with other claims.
        """
        from onrecord.store.finding import find_entries

        if question is None:
            yield from find_entries(self._store, everything=everything)
            return
        from onrecord.ledger.excerpts import entries_of

        claims = self.find_claims(question)
        while some := list(itertools.islice(claims, _PAGE)):
            yield from entries_of(some)

    def find_runs(self) -> list[HeldRun]:
        """The runs whose readings the ledger holds."""
        from onrecord.store.finding import find_runs

        return find_runs(self._store)

    def compare_runs(self, former: str, latter: str) -> Iterator[tuple[Entry, Entry, Changes]]:
        """What became of the claims of each document that two runs both read.

        Args:
            former: id of a run, or the beginning of one, or its version or model if only one run has it.
            latter: likewise.
        """
        from onrecord.store.changes import compare_readings
        from onrecord.store.finding import find_pairs

        for one, other in find_pairs(self._store, self._run(former), self._run(latter)):
            yield one, other, compare_readings(one.reading, other.reading)

    def compare_versions(self, former: str, latter: str) -> Changes:
        """What became of the claims of one document, or reading, in another."""
        from onrecord.store.changes import compare_readings

        return compare_readings(self.get_entry(former).reading, self.get_entry(latter).reading)

    def count_things(self) -> dict[str, int]:
        """How much the ledger holds, by what it is."""
        from onrecord.store.finding import count_things

        return count_things(self._store)

    def list_parties(self, words: str = "", *, limit: int = 20, after: str = "") -> tuple[list[KnownParty], str]:
        """A page of the parties by name, and the mark to go on after; words are beginnings of words of a name."""
        from onrecord.store.finding import list_parties

        return list_parties(self._store, words, limit=limit, after=after)

    def list_documents(self, words: str = "", *, limit: int = 20, after: str = "") -> tuple[list[Entry], str]:
        """A page of the documents, the last recorded first, and the mark; words are pieces of the address."""
        from onrecord.store.finding import list_documents

        return list_documents(self._store, words, limit=limit, after=after)

    def find_hint(self, question: Question) -> str:
        """Why nothing answers a question, if something can be said of it; else empty."""
        from onrecord.store.questions import find_hint

        return find_hint(self._store, question)

    def _run(self, named: str) -> str:
        fits = [
            held.id
            for held in self.find_runs()
            if held.id.startswith(named)
            or named in (held.run.version, held.run.model, held.run.model.partition("@")[2])
        ]
        if len(fits) != 1:
            what = "names several runs" if fits else "names no run"
            raise NotFound(f"{named[:40]!r} {what} of this ledger; `onrecord runs` lists them with their ids")
        return fits[0]

    def _whole(self, identity: str, wanted: ThingKind) -> str:
        kind, whole = self.get_thing(identity)
        if kind is not wanted:
            raise NotFound(f"{whole} is a {kind}, and a {wanted} is asked for")
        return whole

    # --- people's decisions ------------------------------------------------------------------------------------------

    def merge(self, party: str, into: str, *, why: str) -> Decision:
        """Says that two parties are one; each by its id, or by a name that only it has."""
        one, other = self._party(party, merged=False), self._party(into)
        if other.id in {one.id, *(now.id for now in self.find_parties(one.id))}:
            raise UsageError(f"{one.name} ({one.id}) is the same party already")
        return self._decide(DecisionKind.MERGE, one.id, value=other.id, why=why)

    def split(self, party: str, documents: Iterable[str], name: str, *, why: str) -> list[Decision]:
        """Says that in these documents another party is meant than elsewhere, and what it is called."""
        from onrecord.store.finding import find_known

        one = self._party(party)
        if not _folded(name) or _folded(name) == _folded(one.name):
            raise UsageError("the party that is split off needs a name, and another than it has")
        meant: list[tuple[str, str]] = []
        for document in documents:
            whole = self._whole(document, ThingKind.DOCUMENT)
            # A party that was merged into it is split off under its own id: the merger may be undone.
            here = find_known(self._store, whole, one.id)
            if not here:
                raise UsageError(f"{one.name} does not occur in document {whole}")
            meant += [(whole, known) for known in here]
        return [
            self._decide(DecisionKind.SPLIT, known, value=name, document=document, why=why) for document, known in meant
        ]

    def correct(self, claim: str, field: str, value: str, *, why: str, is_new: bool = False) -> Decision:
        """Corrects a field of a claim, or of an act or a figure in it; of what it is now, if it counts no more.

        Args:
            claim: its id.
            field: ``stance``, ``said_on``, ``party``; ``act.1.status`` and so on for its first act, with ``type``,
                ``kind`` and ``mode``; ``figure.1.low`` for its first figure, with ``high``, ``modifier``, ``unit`` and
                ``scope``.
            value: what it is; for a party, its id or a name that only it has, or nothing if nobody is named.
            why: in your words.
            is_new: the party is one that the ledger does not know; the value is its name.
        """
        from onrecord.store.decisions import check_correction, words_of_claim

        held = self.get_claim(claim)
        if not held.is_current:
            if not (successor := self.find_successor(held)):
                raise UsageError(f"{held.id} counts no more, and nothing in its place; there is nothing to correct")
            held = self.get_claim(successor)
        subject, name = _subject_of(held, field)
        if is_new:
            self._check_new(name, value)
        elif name == "party" and value:
            value = self._party(value).id
        check_correction(subject, name, value)
        if isinstance(subject, Attribution):
            kind, identity, words = "claim", subject.id, words_of_claim(subject)
        elif isinstance(subject, Act):
            kind, identity, words = "act", subject.id, (subject.words,)
        else:
            kind, identity, words = "figure", figure_id(held.document.id, subject.span), (subject.span,)
        return self._decide(
            DecisionKind.CORRECT,
            identity,
            field=f"{kind}.{name}",
            value=value,
            document=held.document.id,
            words=words,
            why=why,
        )

    def _check_new(self, field: str, name: str) -> None:
        """Whether a name can be that of a party which the ledger does not know."""
        from onrecord.store.schema import is_id

        if field != "party":
            raise UsageError(f"{field[:40]} is nothing that could be new; only a party is")
        if not _folded(name) or is_id(name):
            raise UsageError(f"{name[:40]!r} is no name of a party; write one with letters or digits, which is no id")
        with suppress(NotFound):
            known = ", ".join(f"{party.name} ({party.id})" for party in self.find_parties(name))
            raise UsageError(f"{name[:60]!r} is nobody new; the ledger knows {known}")

    def speaks(self, party: str, body: str, *, why: str) -> Decision:
        """Says that a party speaks for another, in all documents; each by its id, or by a name that only it has.

        Its claims, and those of who speaks for it, then answer questions about the other.
        """
        one, other = self._party(party, merged=False), self._party(body)
        if other.id in {one.id, *(now.id for now in self.find_parties(one.id))}:
            raise UsageError(f"{one.name} ({one.id}) is the same party, and speaks for itself already")
        return self._decide(DecisionKind.SPEAKS, one.id, value=other.id, why=why)

    def retract(self, identity: str, *, why: str) -> Decision:
        """Takes a reading out of what counts, or a document with all its readings, later ones too; nothing is lost."""
        kind, whole = self.get_thing(identity)
        if kind not in (ThingKind.READING, ThingKind.DOCUMENT):
            raise UsageError(f"{whole} is a {kind}; what can be retracted is a document or a reading")
        document = self.get_entry(whole).reading.document
        if document is None:
            raise UsageError(f"{whole} is an input that could not be read; there is nothing to retract")
        return self._decide(DecisionKind.RETRACT, whole, document=document.id, why=why)

    def note(self, identity: str, text: str) -> Decision:
        """Puts a note beside anything that has an id."""
        if not text.strip():
            raise UsageError("the note is empty")
        kind, whole = self.get_thing(identity)
        document = self.get_claim(whole).document.id if kind is ThingKind.CLAIM else ""
        if kind is ThingKind.DOCUMENT:
            document = whole
        return self._decide(DecisionKind.NOTE, whole, document=document, why=text)

    def undo(self, decision: str, *, why: str) -> Decision:
        """Undoes a decision; undoing can be undone."""
        undone = self.get_decision(decision)
        return self._decide(DecisionKind.UNDO, undone.id, document=undone.document, why=why)

    def _decide(
        self,
        kind: DecisionKind,
        subject: str,
        *,
        why: str,
        field: str = "",
        value: str = "",
        document: str = "",
        words: tuple[Span, ...] = (),
    ) -> Decision:
        if not _checked(why, "the reason").strip():
            raise UsageError("a decision needs a reason; say why")
        _checked(value, "the value")
        now = self._clock()
        decision = Decision(
            kind=kind,
            subject=subject,
            who=self.who,
            at=now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            field=field,
            value=value,
            document=document,
            words=words,
            why=why,
        )
        self._store.decide(decision, at=now)
        return decision

    def _party(self, named: str, *, merged: bool = True) -> KnownParty:
        """The only party of this id or name, or whose id begins so: after mergers, or as it was before."""
        from onrecord.store.questions import find_named, find_seq

        with self._store.reading() as connection:
            seq = find_seq(connection, "")
            try:
                found = find_named(connection, named, seq, merged=merged)
            except NotFound:
                begun = [one for kind, one in self.find_things(named) if kind is ThingKind.PARTY]
                if len(begun) != 1:
                    raise
                found = find_named(connection, begun[0], seq, merged=merged)
        if len(found) > 1:
            several = ", ".join(f"{party.name} ({party.id})" for party in found)
            raise NotFound(f"{named[:60]!r} may mean several parties; give the id of one: {several}")
        return found[0]

    # --- proving, in and out -----------------------------------------------------------------------------------------

    def verify(self, *, deep: bool = False, on_row: Callable[[int, int], None] | None = None) -> Iterator[Fault]:
        """Everything in the ledger that is not as it was recorded; nothing, if all is.

        Args:
            deep: also build everything that is derived from the record anew, in a ledger of its own in the folder for
                temporary files, and compare row by row. That takes as long as filling the ledger took, and its room.
            on_row: called with the row of the log that was checked and the number of rows.
        """
        from onrecord.store.proof import find_derived_faults, find_faults
        from onrecord.store.store import Store

        is_sound = True
        for fault in find_faults(self._store, on_row=on_row):
            is_sound = False
            yield fault
        if deep and is_sound:
            with tempfile.TemporaryDirectory() as folder:
                anew = Store(str(Path(folder, "anew.db")), create=True)
                yield from find_derived_faults(self._store, anew)
                anew.close()

    def get_head(self) -> tuple[int, str]:
        """The number of rows of the log, and the hash of the last, which proves them all; empty if there is none."""
        from onrecord.store.proof import get_head

        return get_head(self._store)

    def has_row(self, hash_: str) -> bool:
        """Whether a row of the log has this hash.

        If :meth:`verify` finds no fault, then everything up to that row is as it was when the hash was noted.
        """
        from onrecord.store.proof import has_row

        return has_row(self._store, hash_)

    def export(self) -> Iterator[bytes]:
        """The whole ledger as lines, from which :meth:`import_file` makes the same again."""
        from onrecord.store.proof import find_export

        return find_export(self._store)

    def import_file(self, path: Path, total: int = 0, *, on_row: Callable[[], None] | None = None) -> int:
        """Takes in what :meth:`export` wrote; returns how many rows are new.

        Args:
            path: the file.
            total: how many rows it has, if :func:`check_export` found it right; else that is done first.
            on_row: called for each row.

        Raises:
            DecodeError: the file is not all right; nothing was taken in.
            LedgerError: the ledger holds something else.
        """
        from onrecord.store.proof import import_lines

        total = total or check_export(path)
        with open_export(path) as file:
            return import_lines(self._store, find_lines(file), total, on_row=on_row)

    def back_up(self, target: Path) -> None:
        """Copies the ledger into a new file, which is a ledger itself, while others read and write."""
        if target.exists():
            raise LedgerError(f"{target}: is there already; name a new file for the backup")
        if not target.parent.is_dir():
            raise LedgerError(f"{target}: its folder is not there; name a file in one that is")
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            if not self._store.copy_to(beside):
                with tempfile.TemporaryDirectory(dir=target.parent) as folder:
                    lines = Path(folder, "ledger.jsonl")
                    with lines.open("wb") as file:
                        file.writelines(self.export())
                    with Ledger(beside, create=True, clock=self._clock) as copy:
                        copy.import_file(lines)
            beside.replace(target)
        except OSError as error:
            raise LedgerError(f"{target}: cannot be written ({(error.strerror or 'unknown').lower()})") from None
        finally:
            for leftover in (beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm", "-journal"))):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)


def _find_parts(origin: str) -> list[Path] | None:
    """The files of readings that an input is, or has in its folder; None if it is an input like others."""
    from onrecord.ledger.archive import holds_readings

    path = Path(origin)
    if path.is_dir():
        return sorted(path.glob("part-*.parquet")) if (path / "manifest.jsonl").is_file() else None
    return [path] if path.suffix == ".parquet" and holds_readings(path) else None


T = TypeVar("T")


def _batched(several: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for one in several:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _folded(name: str) -> str:
    from onrecord.store.terms import folded

    return folded(name)


def _subject_of(claim: Claim, field: str) -> tuple[Attribution | Act | Figure, str]:
    """What a field belongs to, and its name there."""
    kind, *rest = field.split(".")
    if not rest:
        return claim.attribution, field
    several: Sequence[Act | Figure] = claim.acts if kind == "act" else claim.figures if kind == "figure" else ()
    if len(rest) != 2 or not rest[0].isdecimal() or not 1 <= int(rest[0]) <= len(several):
        numbers = f"act.1 to act.{len(claim.acts)}" if claim.acts else "no acts"
        figures = f"figure.1 to figure.{len(claim.figures)}" if claim.figures else "no figures"
        raise UsageError(f"{field[:40]!r} is no field of this claim; it has {numbers} and {figures}")
    return several[int(rest[0]) - 1], rest[1]
