"""The ledger as flat tables, and as CSV: claims, documents, parties, acts, figures, times, places, decisions, failures.

The same tables are what Parquet holds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from onrecord.codec.exchange.shared import Opened, open_entries
from onrecord.errors import UsageError
from onrecord.model import Act, Attribution, Entry, Span, figure_id

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]


class Type(Enum):
    """What a column holds; every cell can be empty."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    what: str
    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        what: one line on what a row is.
        columns: in order.
        rows: the rows of one entry, each with a cell for every column.
    """

    what: str
    columns: tuple[Column, ...]
    rows: Callable[[Entry], Iterator[Row]]


# --- the rows --------------------------------------------------------------------------------------------------------


def _spans(spans: Iterable[Span]) -> str:
    return " ".join(f"{span.start}..{span.end}" for span in spans)


def _of(opened: Opened, span: Span | None) -> str:
    return span.of(opened.text) if span else ""


def _opened(entry: Entry) -> Iterator[Opened]:
    return open_entries((entry,))


def _claims(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        document = opened.document
        for one in opened.attributions.values():
            known, party, said = opened.known(one), opened.party(one), opened.speaks_for(one)
            yield (
                *(one.id, document.id, entry.id, entry.is_current),
                *(known.id if known else "", opened.who(one), known.kind if known else party.kind if party else ""),
                *((said.body, said.country) if said else ("", "")),
                *(opened.words(one.source), opened.words(one.cue), opened.words(one.content), _spans(one.content)),
                *(one.stance, one.stance_reason, one.kind, one.voice),
                *(one.said_on, one.said_on_reason, _of(opened, one.said_in)),
                *(opened.words(one.addressee), opened.words(one.channel), opened.words(one.relay)),
                opened.words([hedge.span for hedge in one.hedges]),
                *(one.parent or "", one.about or ""),
                " ".join(answer.id for answer in opened.answers.get(one.id, ())),
                *(one.party_reason, one.score),
                *(document.title, document.publisher, document.published, document.url),
                " ".join(decision.id for decision in opened.decisions(one)),
                *(entry.at, entry.who),
            )


def _documents(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        document, run = opened.document, entry.reading.run
        yield (
            *(document.id, entry.id, entry.is_current, entry.revises),
            *(document.url, document.title, document.publisher, document.byline),
            *(document.published, document.modified, document.language, document.wire, document.dateline),
            *(len(opened.text), len(opened.attributions), len(document.cuts)),
            *(run.version, run.model, " ".join(run.settings), entry.at, entry.who),
        )


def _parties(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        for party in entry.reading.parties:
            known, said = entry.parties.get(party.id), entry.body_of(party)
            yield (
                *(party.id, opened.document.id, entry.id, entry.is_current),
                *((known.id, known.name, known.kind, known.country) if known else ("", "", "", "")),
                *(_of(opened, party.name), party.kind, _of(opened, party.role), len(party.mentions)),
                *(_of(opened, party.mentions[0].span), _spans(mention.span for mention in party.mentions)),
                *((said.body, said.country, _of(opened, said.words), said.reason) if said else ("", "", "", "")),
            )


def _acts(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):

        def words(spans: Sequence[Span], opened: Opened = opened) -> str:
            return opened.words(spans)

        for act in entry.reading.acts:
            claim = opened.attributions.get(act.claim or "")
            yield (
                *(act.id, opened.document.id, entry.id, entry.is_current),
                *(act.claim or "", opened.who(claim) if claim else "", claim.stance if claim else ""),
                " ".join(_answers(opened, act)),
                *(act.type, act.kind, act.mode, act.status, act.reason, act.factuality),
                *(_of(opened, act.words), act.words.start, act.words.end),
                *(words(act.actor), words(act.target), words(act.item)),
                *(words(act.figures), words(act.times), words(act.places)),
                *(_of(opened, act.authority), _of(opened, act.grounds), act.exchange or ""),
            )


def _answers(opened: Opened, act: Act) -> Iterator[str]:
    return (answer.id for answer in opened.answers.get(act.claim or "", ()))


def _holders(opened: Opened, find: Callable[[Attribution], Iterable[object]]) -> dict[int, list[str]]:
    """Of each thing that stands in claims, by its identity in memory: the ids of the claims."""
    holders: dict[int, list[str]] = {}
    for one in opened.attributions.values():
        for thing in find(one):
            holders.setdefault(id(thing), []).append(one.id)
    return holders


def _figures(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        claims = _holders(opened, opened.figures)
        for figure in entry.reading.figures:
            yield (
                *(figure_id(opened.document.id, figure.span), opened.document.id, entry.id, entry.is_current),
                *(" ".join(claims.get(id(figure), ())), _of(opened, figure.span), figure.span.start, figure.span.end),
                *(_of(opened, figure.value), figure.low, figure.high, figure.modifier, figure.unit),
                *(_of(opened, figure.counted), figure.scope, figure.relation, figure.reason),
            )


def _times(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        claims = _holders(opened, opened.times)
        for time in entry.reading.times:
            yield (
                *(opened.document.id, entry.id, entry.is_current, " ".join(claims.get(id(time), ()))),
                *(_of(opened, time.span), time.span.start, time.span.end),
                *(time.kind, time.edtf, time.duration, time.reason),
            )


def _places(entry: Entry) -> Iterator[Row]:
    for opened in _opened(entry):
        claims = _holders(opened, opened.places)
        for place in entry.reading.places:
            yield (
                *(opened.document.id, entry.id, entry.is_current, " ".join(claims.get(id(place), ()))),
                *(_of(opened, place.span), place.span.start, place.span.end),
                *(place.geonames, place.name, place.country, place.latitude, place.longitude),
                *(place.precision or "", place.reason),
            )


def _decisions(entry: Entry) -> Iterator[Row]:
    for decision in entry.decisions:
        yield (
            *(decision.id, entry.id, decision.kind, decision.subject, decision.field, decision.value),
            *(decision.document, _spans(decision.words), decision.why, decision.who, decision.at),
        )


def _failures(entry: Entry) -> Iterator[Row]:
    document = entry.reading.document
    for failure in entry.reading.failures:
        yield (
            *(entry.id, document.id if document else "", failure.where, failure.what, failure.hint),
            *(entry.at, entry.who),
        )


# --- the tables ------------------------------------------------------------------------------------------------------

_DOCUMENT: Final = Column("document", "id of the document")
_READING: Final = Column("reading", "id of the reading in the ledger")
_CURRENT: Final = Column(
    "is_current", "whether the reading counts: of the latest version, by the latest run, not retracted", Type.FLAG
)
_START: Final = Column("start", "first code point in the text", Type.INTEGER)
_END: Final = Column("end", "one past the last code point in the text", Type.INTEGER)
_IN_CLAIMS: Final = Column("claims", "ids of the claims in whose words it stands, with spaces between")

TABLES: Mapping[str, Table] = {
    "claims": Table(
        "a claim",
        (
            Column("id", "id of the claim"),
            *(_DOCUMENT, _READING, _CURRENT),
            Column("party", "id of the party in the ledger; empty if unnamed"),
            Column("who", "who said it: the party's name, or the words of the text"),
            Column("party_kind", "what the party is"),
            Column("speaks_for", "the government or body in whose name it was said"),
            Column("speaks_for_country", "ISO 3166-1 code of its country"),
            Column("source", "the words that name who is cited"),
            Column("cue", "the words that attribute"),
            Column("words", "what was said; […] stands between pieces"),
            Column("spans", "where these words stand: start..end in code points, with spaces between"),
            Column("stance", "what the source does by saying it"),
            Column("stance_reason", "which words decided that"),
            Column("kind", "direct, indirect or mixed"),
            Column("voice", "party or publisher"),
            Column("said_on", "EDTF, the day of the utterance; empty where nothing tells"),
            Column("said_on_reason", "the words or the rule that gave it"),
            Column("said_in", "where it was said"),
            Column("addressee", "to whom"),
            Column("channel", "through what"),
            Column("relay", "outlets and agencies that the text has it from"),
            Column("hedges", "words that say how sure the source is"),
            Column("parent", "id of the claim in whose words this one stands"),
            Column("about", "id of the claim that the stance is on: what a denial denies"),
            Column("answered_by", "ids of the claims about this one, with spaces between"),
            Column("party_reason", "how the source was resolved, or why it was not"),
            Column("score", "probability that the text attributes this to this source", Type.NUMBER),
            Column("title", "headline of the document"),
            Column("publisher", "its outlet"),
            Column("published", "its day of publication"),
            Column("url", "its address"),
            Column("corrections", "ids of the decisions about it, with spaces between"),
            Column("recorded_at", "when it was recorded"),
            Column("recorded_by", "by whom"),
        ),
        _claims,
    ),
    "documents": Table(
        "a reading of a document",
        (
            Column("id", "id of the document"),
            *(_READING, _CURRENT),
            Column("revises", "id of the document that this is a later version of"),
            Column("url", "address or path"),
            Column("title", "headline, as found"),
            Column("publisher", "outlet, as found"),
            Column("byline", "who signed it"),
            Column("published", "ISO 8601, as precise as the page says"),
            Column("modified", "likewise"),
            Column("language", "ISO 639-1"),
            Column("wire", "agency that is credited"),
            Column("dateline", "place and date an agency text opens with"),
            Column("characters", "length of the text in code points", Type.INTEGER),
            Column("claims", "how many claims were found in it", Type.INTEGER),
            Column("cuts", "how many pieces were cut from the page", Type.INTEGER),
            Column("version", "of onrecord"),
            Column("model", "name and digest"),
            Column("settings", "other than by default"),
            Column("recorded_at", "when the reading was recorded"),
            Column("recorded_by", "by whom"),
        ),
        _documents,
    ),
    "parties": Table(
        "a party in a document",
        (
            Column("id", "id of the party in the document"),
            *(_DOCUMENT, _READING, _CURRENT),
            Column("party", "id of the party in the ledger; empty if unnamed"),
            Column("party_name", "its name in the ledger"),
            Column("party_kind", "what it is in the ledger"),
            Column("country", "ISO 3166-1 code of the government or body that it is"),
            Column("name", "its fullest name in the text"),
            Column("kind", "what it is in the text"),
            Column("role", "the words that say what it is"),
            Column("mentions", "how often the text points to it", Type.INTEGER),
            Column("words", "the first words that do"),
            Column("spans", "where all of them stand: start..end, with spaces between"),
            Column("speaks_for", "the government or body in whose name it speaks"),
            Column("speaks_for_country", "ISO 3166-1 code of its country"),
            Column("speaks_for_words", "the words that say so"),
            Column("speaks_for_reason", "the rule that gave it"),
        ),
        _parties,
    ),
    "acts": Table(
        "an act that a document tells of",
        (
            Column("id", "id of the act"),
            *(_DOCUMENT, _READING, _CURRENT),
            Column("claim", "id of the claim that tells of it; empty if none does"),
            Column("who", "who made that claim"),
            Column("stance", "its stance"),
            Column("answered_by", "ids of the claims about that claim, with spaces between"),
            Column("type", "transfer, support, attack, interception, harm, sanction or agreement"),
            Column("kind", "PLOVER event type"),
            Column("mode", "PLOVER mode"),
            Column("status", "how far it has come, in the words of whoever tells of it"),
            Column("reason", "the words that decided the status"),
            Column("factuality", "from -3, told as not so, to 3, told as so", Type.NUMBER),
            Column("words", "the words that name it"),
            *(_START, _END),
            Column("actor", "who does it"),
            Column("target", "to whom"),
            Column("item", "what, or with what"),
            Column("figures", "how much"),
            Column("times", "when"),
            Column("places", "where"),
            Column("authority", "under what authority"),
            Column("grounds", "for what"),
            Column("exchange", "id of the act in return for which it is done"),
        ),
        _acts,
    ),
    "figures": Table(
        "a figure in a document",
        (
            Column("id", "id of the figure"),
            *(_DOCUMENT, _READING, _CURRENT, _IN_CLAIMS),
            Column("words", "the whole figure"),
            *(_START, _END),
            Column("value", "the number alone, in words"),
            Column("low", "least value; empty where nothing bounds it", Type.NUMBER),
            Column("high", "greatest value; likewise", Type.NUMBER),
            Column("modifier", "exact, at least, more than, at most, less than, about or vague"),
            Column("unit", "canonical name; empty for things counted whole"),
            Column("counted", "what is counted"),
            Column("scope", "what stretch of the world it covers"),
            Column("relation", "how it stands to another"),
            Column("reason", "how the number was read, or why it cannot be"),
        ),
        _figures,
    ),
    "times": Table(
        "an expression of time in a document",
        (
            *(_DOCUMENT, _READING, _CURRENT, _IN_CLAIMS),
            Column("words", "the expression"),
            *(_START, _END),
            Column("kind", "date, duration or set"),
            Column("edtf", "where it lies on the calendar"),
            Column("duration", "ISO 8601"),
            Column("reason", "the rule that gave the value, or why there is none"),
        ),
        _times,
    ),
    "places": Table(
        "a place that a document names",
        (
            *(_DOCUMENT, _READING, _CURRENT, _IN_CLAIMS),
            Column("words", "the words"),
            *(_START, _END),
            Column("geonames", "id in GeoNames", Type.INTEGER),
            Column("name", "name in GeoNames"),
            Column("country", "ISO 3166-1 code"),
            Column("latitude", "degrees north", Type.NUMBER),
            Column("longitude", "degrees east", Type.NUMBER),
            Column("precision", "how fine it is"),
            Column("reason", "what decided, or why there is no id"),
        ),
        _places,
    ),
    "decisions": Table(
        "a decision of a person that applies to a reading, as it holds now",
        (
            Column("id", "id of the decision"),
            _READING,
            Column("kind", "merge, split, correct, speaks, retract, note or undo"),
            Column("subject", "id of what it is about"),
            Column("field", "what is corrected"),
            Column("value", "what it becomes"),
            Column("document", "id of the document that the subject stands in"),
            Column("spans", "what the subject says: start..end, with spaces between"),
            Column("why", "in the words of who decided"),
            Column("who", "who decided"),
            Column("at", "when"),
        ),
        _decisions,
    ),
    "failures": Table(
        "something that could not be read",
        (
            _READING,
            Column("document", "id of the document; empty if there is none"),
            Column("where", "the input"),
            Column("what", "what is wrong"),
            Column("hint", "what to do about it"),
            Column("recorded_at", "when"),
            Column("recorded_by", "by whom"),
        ),
        _failures,
    ),
}


def get_table(name: str) -> Table:
    """One of the tables.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in TABLES:
        raise UsageError(f"there is no table {name[:40]!r}; there are: {', '.join(TABLES)}")
    return TABLES[name]


# --- CSV -------------------------------------------------------------------------------------------------------------

# A spreadsheet runs a cell that begins with one of these as a formula; the wide ones are forms of the same that some
# take for them. The apostrophe itself is among them so that taking one away always gives the text back.
_FORMULA = re.compile("^['=+\\-@＝＋－＠]")  # noqa: RUF001 - these very characters
# All that a reader of lines, a terminal or the order of writing obeys, and the backslash, so that this too is undone.
_UNSAFE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


def encode_csv(entries: Iterable[Entry], *, table: str = "claims") -> Iterator[bytes]:
    r"""Writes one table as CSV: RFC 4180, UTF-8 without a mark, CRLF, a first row of names; in flat memory.

    Text is made harmless and can be had back with :func:`decode_cell`: a cell that a spreadsheet would take for a
    formula begins with an apostrophe, and control characters, line breaks and the backslash are ``\uXXXX``, so that a
    row is a line. Numbers are numbers; flags are ``true`` and ``false``.

    Args:
        entries: what the ledger holds.
        table: one of :data:`TABLES`.

    Yields:
        The first row, then the rows of each entry.

    Raises:
        UsageError: there is no such table.
    """
    chosen = get_table(table)
    return _csv(chosen, entries)


def _csv(table: Table, entries: Iterable[Entry]) -> Iterator[bytes]:
    yield _lines([tuple(column.name for column in table.columns)])
    for entry in entries:
        if lines := _lines(table.rows(entry)):
            yield lines


def _lines(rows: Iterable[Row]) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerows(map(_cell, row) for row in rows)
    return into.getvalue().encode()


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        plain = _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", cell)
        return f"'{plain}" if _FORMULA.match(plain) else plain
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell


def decode_cell(cell: str) -> str:
    """The text of a cell of text that :func:`encode_csv` wrote."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), cell.removeprefix("'"))
