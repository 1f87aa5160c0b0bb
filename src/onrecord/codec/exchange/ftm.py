"""FollowTheMoney entities as JSON lines: articles, who is named in them, and what was said, each tied to its article.

A claim becomes an ``Event``, which is that somebody said it, and never what it says. Acts stay words in its
description: a ``Payment``, ``Sanction`` or ``Ownership`` would state as a fact what is only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from onrecord.codec.exchange.shared import (
    Addresses,
    Opened,
    body_id,
    encode_json,
    instant,
    open_entries,
    plain_day,
    web_address,
)
from onrecord.model import Attribution, Entry, KnownParty, MentionKind, Party, PartyKind, SpeaksFor, digest

# A place or a weapon is nobody in this model.
_SCHEMATA = {
    PartyKind.PERSON: "Person",
    PartyKind.GOVERNMENT: "PublicBody",
    PartyKind.ARMED_FORCE: "Organization",
    PartyKind.COMPANY: "Company",
    PartyKind.ORGANIZATION: "Organization",
    PartyKind.GROUP: "Organization",
    PartyKind.VESSEL: "Vessel",
    PartyKind.UNKNOWN: "LegalEntity",
}
_NOT_LEGAL = frozenset({PartyKind.VESSEL})

# The longest values the types of the model take; a longer one is left out, never cut.
_NAME, _STRING, _TEXT, _URL = 384, 1024, 65_000, 4096

_COUNTRY = re.compile("[A-Z]{2}", re.ASCII)
_WORDLIKE = re.compile(r"\w")
# ISO 639-1 to 639-3, for the languages of the model that news is often in.
_CODES = (
    "ar ara be bel bg bul bs bos cs ces da dan de deu el ell en eng es spa et est fa fas fi fin fr fra he heb hi hin hr"
    " hrv hu hun hy hye id ind it ita ja jpn ka kat ko kor lt lit lv lav nl nld no nor pl pol pt por ro ron ru rus sk"
    " slk sl slv sr srp sv swe tr tur uk ukr ur urd vi vie zh zho"
).split()
_LANGUAGES = dict(zip(_CODES[::2], _CODES[1::2], strict=True))


def encode_ftm(entries: Iterable[Entry], *, base: str = "") -> Iterator[bytes]:
    """Writes one entity a line; in flat memory.

    A party that several documents name is several lines of one id, which FollowTheMoney merges.

    Args:
        entries: what the ledger holds; those that could not be read say nothing.
        base: where the ledger answers; then ``sourceUrl`` leads there, too.

    Yields:
        Lines, with their line breaks.

    Raises:
        UsageError: the base is no address.
    """
    addresses = Addresses(base)
    return (encode_json(entity) + b"\n" for opened in open_entries(entries) for entity in _entities(opened, addresses))


Entity = dict[str, object]


def _entities(opened: Opened, addresses: Addresses) -> Iterator[Entity]:
    yield _article(opened, addresses)
    for party in opened.entry.reading.parties:
        yield from _party(opened, party, addresses)
    for one in opened.attributions.values():
        yield _event(opened, one, addresses)
        if one.about in opened.attributions:
            yield _entity(
                f"onrecord-link-{digest('about', one.id, one.about)}",
                "UnknownLink",
                subject=[_claim_id(one.id)],
                object=[_claim_id(one.about)],
                role=[_short(f"{one.stance}: is about")],
                proof=[_document_id(opened)],
                retrievedAt=[_utc(opened.entry.at)],
            )


def _article(opened: Opened, addresses: Addresses) -> Entity:
    document, entry, run = opened.document, opened.entry, opened.entry.reading.run
    return _entity(
        _document_id(opened),
        "Article",
        title=[_short(document.title)],
        sourceUrl=_urls(document.url, addresses.document(document.id)),
        publisher=[_short(document.publisher)],
        author=[_short(document.byline)],
        publishedAt=[_utc(document.published)],
        modifiedAt=[_utc(document.modified)],
        language=[_LANGUAGES.get(document.language, "")],
        processingAgent=[_short(f"onrecord {run.version}, {run.model}")],
        processedAt=[_utc(entry.at)],
    )


def _party(opened: Opened, party: Party, addresses: Addresses) -> Iterator[Entity]:
    known = opened.entry.parties.get(party.id)
    names = [m.span.of(opened.text) for m in party.mentions if m.kind is MentionKind.NAME]
    names = list(dict.fromkeys(_limited(name, _NAME) for name in names))
    schema = _SCHEMATA.get(known.kind if known else party.kind)
    article = _document_id(opened)
    has_entity = known is not None and schema is not None and bool(_limited(known.name, _NAME))
    if any(names) and schema is not None:
        yield _entity(
            f"onrecord-mention-{digest('mention', opened.entry.id, party.id)}",
            "Mention",
            document=[article],
            name=names,
            detectedSchema=[schema],
            resolved=[_party_id(known.id)] if known and has_entity and known.kind not in _NOT_LEGAL else [],
        )
    if known is None or schema is None or not has_entity:
        return
    yield _known(known, schema, article, addresses, [name for name in names if name != known.name])
    role = party.role.of(opened.text) if party.role else ""
    yield _entity(
        f"onrecord-documentation-{digest('documentation', opened.entry.id, known.id, party.id)}",
        "Documentation",
        document=[article],
        entity=[_party_id(known.id)],
        role=[_short(role)],
        retrievedAt=[_utc(opened.entry.at)],
    )
    said = opened.entry.body_of(party)
    if said and known.kind not in _NOT_LEGAL and body_id(said.body) != known.id and _limited(said.body, _NAME):
        body = _body(said)
        yield _known(body, _SCHEMATA[body.kind], article, addresses, [])
        yield _entity(
            f"onrecord-represents-{digest('represents', opened.entry.id, known.id, body.id)}",
            "Representation",
            agent=[_party_id(known.id)],
            client=[_party_id(body.id)],
            role=[_short(said.words.of(opened.text))],
            summary=[_limited(f"as the article has it: {said.reason}", _TEXT)],
            proof=[article],
            publisher=[_short(opened.document.publisher)],
            retrievedAt=[_utc(opened.entry.at)],
        )


def _known(known: KnownParty, schema: str, article: str, addresses: Addresses, others: list[str]) -> Entity:
    return _entity(
        _party_id(known.id),
        schema,
        name=[known.name],
        # Not alias: a surname alone would be matched against lists.
        weakAlias=others,
        country=[known.country.lower()] if _COUNTRY.fullmatch(known.country) else [],
        sourceUrl=_urls("", addresses.party(known.id)),
        proof=[article],
    )


def _body(said: SpeaksFor) -> KnownParty:
    kind = PartyKind.GOVERNMENT if said.country else PartyKind.ORGANIZATION
    return KnownParty(body_id(said.body), said.body, kind, said.country)


def _event(opened: Opened, one: Attribution, addresses: Addresses) -> Entity:
    known, document = opened.known(one), opened.document
    is_legal = known is not None and known.kind in _SCHEMATA and known.kind not in _NOT_LEGAL
    return _entity(
        _claim_id(one.id),
        "Event",
        name=[_limited(opened.title(one), _NAME) or one.stance],
        summary=[_limited(opened.words(one.content), _TEXT)],
        description=[_limited(opened.telling(one), _TEXT)],
        date=[plain_day(one.said_on) or ""],
        location=[_short(one.said_in.of(opened.text)) if one.said_in else ""],
        involved=[_party_id(known.id)] if known and is_legal and _limited(known.name, _NAME) else [],
        keywords=[one.stance, one.kind, f"voice: {one.voice}"],
        recordId=[one.id],
        sourceUrl=_urls(document.url, addresses.claim(one.id)),
        publisher=[_short(document.publisher)],
        proof=[_document_id(opened)],
        retrievedAt=[_utc(opened.entry.at)],
    )


# --- entities and values ---------------------------------------------------------------------------------------------


def _entity(identity: str, schema: str, **properties: list[str]) -> Entity:
    present = {name: kept for name, values in properties.items() if (kept := [value for value in values if value])}
    return {"id": identity, "schema": schema, "properties": present}


def _document_id(opened: Opened) -> str:
    return f"onrecord-document-{opened.document.id}"


def _claim_id(identity: str) -> str:
    return f"onrecord-claim-{identity}"


def _party_id(identity: str) -> str:
    return f"onrecord-party-{identity}"


def _limited(value: str, most: int) -> str:
    """The value, or nothing if the model would not take it: too long, or no letter or digit in it."""
    return value if len(value) <= most and _WORDLIKE.search(value) else ""


def _short(value: str) -> str:
    return _limited(value, _STRING)


def _urls(page: str, ours: str) -> list[str]:
    return [url for url in (web_address(page), web_address(ours)) if url and len(url) <= _URL]


def _utc(value: str) -> str:
    """A day, or a time in UTC without its zone, as the model has them; empty for anything else."""
    time = instant(value)
    return time.replace(tzinfo=None).isoformat(timespec="seconds") if time else plain_day(value) or ""
