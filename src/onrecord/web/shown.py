"""What the ledger holds, as pages for a browser and as JSON for a program: one function for each kind of address.

Nothing here knows the server. A function takes a ledger and what is wished for, and gives bytes; it is called on a
thread of its own.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from onrecord import web
from onrecord.codec import encode_decision, encode_reading
from onrecord.codec.exchange import FORMATS
from onrecord.codec.exchange.shared import Opened, encode_json
from onrecord.errors import NotFound, UsageError
from onrecord.ledger.excerpts import encode_lines, entries_of
from onrecord.model import (
    ActType,
    Attribution,
    Changes,
    Claim,
    Decision,
    Document,
    Entry,
    KnownParty,
    Question,
    Span,
    Stance,
    Status,
    ThingKind,
    Voice,
)
from onrecord.text import find_overlapping, find_sentences
from onrecord.web.asked import MOST, Asked, Pairs, in_words, read_question, written_value
from onrecord.web.marks import Entry as Outlined
from onrecord.web.marks import Role, acts_of, amount_of, name_of, outline, places_of, split_text

if TYPE_CHECKING:
    from jinja2 import Environment

    from onrecord.ledger import Ledger

_HTML, _JSON, _TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
_MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "jsonld": "application/ld+json",
    "annotations": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    "ftm": "application/x-ndjson",
    "stix": "application/stix+json;version=2.1",
    "prov": "application/ld+json",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
_ADDRESSES = {
    ThingKind.CLAIM: "/claims/",
    ThingKind.DOCUMENT: "/documents/",
    ThingKind.PARTY: "/parties/",
    ThingKind.READING: "/readings/",
    ThingKind.DECISION: "/decisions/",
}
_OF_A_PARTY = 10  # claims by it, and about it, on its page
_MOST_NAMES = 60  # that it is called by, on its page

POLICY = "default-src 'none'; style-src 'self'{}; img-src 'self'; form-action 'self'; base-uri 'none'"
"""What a page may load and do; ``{}`` is for the style of its own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for.

    Attributes:
        form: ``html``, ``json``, or the name of a format of exchange.
        base: where the server answers, ``http://localhost:8765``.
        identity: the id in the address, or its beginning; empty where there is none.
        pairs: the parameters.
    """

    form: str
    base: str
    identity: str = ""
    pairs: Pairs = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        body: its bytes.
        media_type: what they are.
        status: of HTTP.
        headers: further ones.
    """

    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[["Ledger", Wish], Answer]
"""A function that answers."""

# --- templates -------------------------------------------------------------------------------------------------------


@functools.cache
def load_style() -> str:
    """The style of all pages."""
    return web._load("page.css") + web._load("ledger.css")


@functools.cache
def style_address() -> str:
    """Where it is; another address for another style, so that it can be kept for ever."""
    return f"/style.css?v={hashlib.sha256(load_style().encode()).hexdigest()[:16]}"


@functools.cache
def _environment() -> Environment:
    from jinja2 import FunctionLoader

    # That of the page of readings, which shows control characters and escapes all else, and knows the other templates.
    environment = web._template().environment.overlay(loader=FunctionLoader(web._load))
    environment.globals = {
        **environment.globals,
        "style_address": style_address(),
        "show_date": web._show_date,
        "address_of": lambda kind, identity: _ADDRESSES[ThingKind(kind)] + identity,
        "is_link": lambda url: bool(web._HTTP.fullmatch(url)) and url == url.translate(web._UNSHOWABLE),
        "name_of": name_of,
        "formats": FORMATS.values(),
    }
    return environment


def _page(name: str, **values: object) -> Answer:
    return Answer(_environment().get_template(f"templates/{name}").render(values).encode(), _HTML)


def show_error(form: str, status: int, message: str) -> Answer:
    """An error, in the form in which an answer was wished for."""
    if form == "html":
        return dataclasses.replace(_page("error.html", status=status, message=message), status=status)
    if form == "json":
        return Answer(encode_json({"error": message, "status": status}) + b"\n", _JSON, status)
    line = " ".join(message.translate(web._UNSHOWABLE).split())
    return Answer(f"{line}\n".encode(), _TEXT, status)


def _redirect(location: str) -> Answer:
    return Answer(b"", _TEXT, 302, {"location": location})


def _json(value: object) -> Answer:
    return Answer(encode_json(value) + b"\n", _JSON)


def _exchange(entries: Iterable[Entry], wish: Wish, name: str) -> Answer:
    """Entries in a format of exchange, as a file to keep."""
    one = FORMATS[wish.form]
    table = next((value for key, value in wish.pairs if key == "table" and value), "")
    if table and not one.tables:
        raise UsageError(f"{one.name} has no tables; leave out table={table[:40]}")
    told = {"table": table or one.tables[0]} if one.tables else {"base": wish.base}
    body = b"".join(one.encode(entries, **told))
    file = f"{name}{f'-{table}' if table else ''}{one.suffix}"
    media_type = _MEDIA_TYPES.get(one.name, "application/octet-stream")
    return Answer(body, media_type, headers={"content-disposition": f'attachment; filename="{file}"'})


# --- claims ----------------------------------------------------------------------------------------------------------


class _Other(NamedTuple):
    """Another claim of the document that belongs to one."""

    how: str
    id: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim as a list of claims shows it.

    Attributes:
        claim: the claim.
        said: the day, as the text tells it; empty if it does not.
        published: the day of publication.
        content: what is said, piece by piece.
        body: in whose name, unless that is who says it.
        acts: what it tells of, each as its type and status.
        others: the claim that it is about, and those about it.
    """

    claim: Claim
    said: str
    published: str
    content: tuple[str, ...]
    body: str
    acts: tuple[str, ...]
    others: tuple[_Other, ...]


def _row(claim: Claim, opened: Opened) -> _Row:
    document, attribution = claim.document, claim.attribution
    body = claim.speaks_for.body if claim.speaks_for else ""
    return _Row(
        claim=claim,
        said=attribution.said_on or "",
        published=document.published[:10],
        content=_pieces(document, attribution.content),
        body="" if claim.party and claim.party.name == body else body,
        acts=tuple(f"{act.type}, {act.status}" for act in claim.acts),
        others=tuple(_others(opened, attribution)),
    )


def _rows(claims: Iterable[Claim]) -> list[_Row]:
    opened: dict[str, Opened] = {}
    rows = []
    for claim in claims:
        if claim.entry.id not in opened:
            opened[claim.entry.id] = Opened(claim.entry, claim.document)
        rows.append(_row(claim, opened[claim.entry.id]))
    return rows


def _pieces(document: Document, spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(span.of(document.text) for span in spans)


def _others(opened: Opened, one: Attribution) -> Iterator[_Other]:
    about = opened.attributions.get(one.about or "")
    if about is not None:
        yield _Other("on", about.id, opened.title(about), _pieces(opened.document, about.content))
    for answer in opened.answers.get(one.id, ()):
        yield _Other("answered", answer.id, opened.title(answer), _pieces(opened.document, answer.content))


def show_home(held: Ledger, wish: Wish) -> Answer:
    """The form to ask with, and the claims said last."""
    if wish.form != "html" or wish.pairs:
        raise UsageError("nothing can be asked here; ask /claims, or /claims.json")
    return _claims_page(held, Asked(Question(), 20, "", ()), is_home=True)


def show_claims(held: Ledger, wish: Wish) -> Answer:
    """The claims that answer a question, a page of them."""
    try:
        asked = read_question(wish.pairs)
        if wish.form == "html":
            if any(not value.strip() for _, value in wish.pairs):  # as a form sends what was left empty
                return _redirect(asked.address(after=asked.after))
            return _claims_page(held, asked)
    except (UsageError, NotFound) as error:
        if wish.form != "html":
            raise
        status = 404 if isinstance(error, NotFound) else 400
        return dataclasses.replace(_page("claims.html", error=str(error), **_form(wish.pairs)), status=status)
    page = held.ask(asked.question, limit=asked.limit, after=asked.after)
    following = asked.address("/claims.json" if wish.form == "json" else "/claims", after=page.after)
    if wish.form != "json":
        answer = _exchange(entries_of(page.claims), wish, "claims")
        following = asked.address(after=page.after, format=wish.form, table=dict(wish.pairs).get("table"))
    else:
        members = {
            "claims": b"[" + b",".join(encode_lines(page.claims, wish.base)) + b"]",
            "after": encode_json(page.after),
            "next": encode_json(wish.base + following if page.after else None),
            "meant": encode_json({name: [_party(one) for one in several] for name, several in _meant(held, asked)}),
        }
        answer = Answer(_object(members), _JSON)
    if page.after:
        link = {"link": f'<{wish.base}{following}>; rel="next"'}
        return dataclasses.replace(answer, headers={**answer.headers, **link})
    return answer


def _object(members: Mapping[str, bytes]) -> bytes:
    """A JSON object of members that are JSON already."""
    return b"{" + b",".join(encode_json(name) + b":" + value for name, value in members.items()) + b"}\n"


def _claims_page(held: Ledger, asked: Asked, *, is_home: bool = False) -> Answer:
    page = held.ask(asked.question, limit=asked.limit, after=asked.after)
    return _page(
        "claims.html",
        is_home=is_home,
        error="",
        asked=asked,
        parts=in_words(asked.question),
        rows=_rows(page.claims),
        following=asked.address(after=page.after) if page.after else "",
        hint="" if is_home or page.claims or asked.after else held.find_hint(asked.question),
        meant=[
            (dict(asked.given)[name], [(one, _narrowed(asked, name, one)) for one in several])
            for name, several in _meant(held, asked)
            if len(several) > 1
        ],
        **_form(asked.given),
    )


def _form(pairs: Pairs) -> dict[str, object]:
    """What the form holds: the values that were given, and what can be chosen from."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {
        "values": {name: several[-1] for name, several in values.items()},
        "chosen": {(name, value.casefold().replace("_", "-")) for name, several in values.items() for value in several},
        "stances": list(map(written_value, Stance)),
        "statuses": list(map(written_value, Status)),
        "act_types": list(map(written_value, ActType)),
        "most": MOST,
    }


def _meant(held: Ledger, asked: Asked) -> Iterator[tuple[str, tuple[KnownParty, ...]]]:
    """The parties that the names in a question may mean, by parameter."""
    for name, value in (("party", asked.question.party), ("about", asked.question.about)):
        if value:
            yield name, held.find_parties(value)


def _narrowed(asked: Asked, name: str, party: KnownParty) -> str:
    """The address of the same question about one of several parties."""
    given = [(key, party.id if key == name else value) for key, value in asked.given]
    return dataclasses.replace(asked, given=given).address()


def _party(party: KnownParty) -> dict[str, object]:
    return {"id": party.id, "name": party.name, "kind": party.kind, "country": party.country}


# --- one thing by its id ---------------------------------------------------------------------------------------------


def _found(held: Ledger, wish: Wish, wanted: ThingKind) -> Answer | None:
    """A redirection to where the thing is, unless the address is its own; None if it is.

    Raises:
        NotFound: nothing has an id that begins so, or several things have.
    """
    found = held.find_things(wish.identity)
    fitting = [one for one in found if one[0] is wanted] or found
    kind, whole = fitting[0] if len(fitting) == 1 else held.get_thing(wish.identity)
    if kind is wanted and whole == wish.identity:
        return None
    pairs = "&".join(f"{quote(name)}={quote(value)}" for name, value in wish.pairs)
    return _redirect(f"{_ADDRESSES[kind]}{whole}{'.json' if wish.form == 'json' else ''}{pairs and f'?{pairs}'}")


def _known_parameters(wish: Wish) -> None:
    for name, _ in wish.pairs:
        if name not in ("format", "table"):
            raise UsageError(f"{name[:40]!r} is no parameter here; there are format, table")


def show_claim(held: Ledger, wish: Wish) -> Answer:
    """A claim: its sentence, what it stands in, what else was said of it, its document, run and history."""
    _known_parameters(wish)
    if elsewhere := _found(held, wish, ThingKind.CLAIM):
        return elsewhere
    claim = held.get_claim(wish.identity)
    if wish.form not in ("html", "json"):
        return _exchange(entries_of([claim]), wish, f"claim-{claim.id}")
    history, successor = held.find_history(claim.id), held.find_successor(claim)
    opened = Opened(claim.entry, claim.document)
    decisions = _decided(held, claim.id, opened.decisions(claim.attribution))
    if wish.form == "json":
        (line,) = encode_lines([claim], wish.base)
        members = {
            "claim": line,
            "is_current": encode_json(claim.is_current),
            "successor": encode_json(successor),
            "history": encode_json([dataclasses.asdict(change) for change in history]),
            "decisions": _array(map(encode_decision, decisions)),
        }
        return Answer(_object(members), _JSON)
    reading, attribution = claim.entry.reading, claim.attribution
    chain = list(_chain(opened, attribution))
    return _page(
        "claim.html",
        row=_row(claim, opened),
        title=opened.title(attribution),
        document=claim.document,
        entry=claim.entry,
        passages=list(_passages(claim)),
        facts=[fact for fact in _facts(claim, opened) if fact[1]],
        chain=chain,
        inner=[one for one in _inner(opened, attribution) if one.id not in {outer.id for outer in chain}],
        acts=acts_of(dataclasses.replace(reading, acts=claim.acts), {}),
        figures=[(figure.span.of(claim.document.text), amount_of(figure), figure) for figure in claim.figures],
        places=places_of(dataclasses.replace(reading, places=claim.places)),
        history=history,
        decisions=decisions,
        successor=successor,
    )


def _array(members: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(members) + b"]"


def _decided(held: Ledger, subject: str, others: Iterable[Decision] = ()) -> list[Decision]:
    """People's decisions about a thing and others that apply to it, in order, each followed by those about it."""
    several = {one.id: one for one in (*held.find_decisions(subject), *others)}
    for one in tuple(several):
        several |= {about.id: about for about in held.find_decisions(one)}
    return sorted(several.values(), key=lambda one: one.at)


def _chain(opened: Opened, one: Attribution) -> Iterator[_Other]:
    """The claims that one stands in, the outermost first."""
    outer: list[Attribution] = []
    parent = opened.attributions.get(one.parent or "")
    while parent is not None and parent is not one and parent not in outer:
        outer.append(parent)
        parent = opened.attributions.get(parent.parent or "")
    return (_Other("in", each.id, opened.title(each), _pieces(opened.document, each.content)) for each in outer[::-1])


def _inner(opened: Opened, one: Attribution) -> Iterator[_Other]:
    """The claims that stand in one."""
    for each in opened.attributions.values():
        if each.parent == one.id and each is not one:
            yield _Other("holds", each.id, opened.title(each), _pieces(opened.document, each.content))


_Fact = tuple[str, str, str, str]
"""What it is, its value, the reason for it, and the address that it leads to."""


def _facts(claim: Claim, opened: Opened) -> Iterator[_Fact]:
    one, party, body = claim.attribution, claim.party, claim.speaks_for
    own = "the publisher" if one.voice is Voice.PUBLISHER else "nobody is named"
    yield "Source", claim.source or own, "", ""
    yield "Party", party.name if party else "", one.party_reason, f"/parties/{party.id}" if party else ""
    yield "For", body.body if body else "", body.reason if body else "", ""
    yield "Cue", claim.cue, "", ""
    yield "Stance", one.stance.value.replace("_", " "), one.stance_reason, ""
    yield "Said on", one.said_on or "not told", one.said_on_reason, ""
    yield "Said in", opened.words([one.said_in] if one.said_in else []), "", ""
    yield "To", opened.words(one.addressee), "", ""
    yield "Through", opened.words(one.channel), "", ""
    yield "From", opened.words(one.relay), "", ""
    hedges = (f"{hedge.span.of(opened.text)}{f' ({hedge.band})' if hedge.band else ''}" for hedge in one.hedges)
    yield "Hedged", ", ".join(hedges), "", ""
    yield "Score", f"{one.score:.2f}", "the probability that the text attributes these words to this source", ""


class _Piece(NamedTuple):
    text: str
    classes: str


def _passages(claim: Claim) -> Iterator[list[_Piece]]:
    """The sentences of a claim, with the one before and the one after; what is left out between them divides them."""
    one, text = claim.attribution, claim.document.text
    spans = sorted({*one.source, *one.cue, *one.content})
    sentences = find_sentences(text)
    numbers = {sentence.start: number for number, sentence in enumerate(sentences)}
    kept: set[int] = set()
    for span in spans:
        for sentence in find_overlapping(sentences, span):
            number = numbers[sentence.start]
            kept |= {number - 1, number, number + 1}
    ranges: list[tuple[int, int]] = []
    for number in sorted(kept & set(range(len(sentences)))):
        sentence = sentences[number]
        if ranges and number - 1 in kept:
            ranges[-1] = (ranges[-1][0], sentence.end)
        else:
            ranges.append((sentence.start, sentence.end))
    ranges = ranges or [(spans[0].start, max(span.end for span in spans))]
    edges = list(itertools.chain.from_iterable(ranges))
    segments = list(split_text(text, [Outlined("", 0, None, one)], edges))
    for start, end in ranges:
        pieces = []
        for segment in segments:
            if start <= segment.start and segment.end <= end:
                roles = dict.fromkeys(mark.role for mark in segment.marks)
                kind = f" {one.kind}" if Role.CONTENT in roles else ""
                pieces.append(_Piece(text[segment.start : segment.end], " ".join(roles) + kind))
        yield pieces


def show_document(held: Ledger, wish: Wish) -> Answer:
    """A document as it was read last: the text with its claims, its versions, and what changed."""
    _known_parameters(wish)
    if elsewhere := _found(held, wish, ThingKind.DOCUMENT):
        return elsewhere
    return _show_entry(held, wish, held.get_entry(wish.identity), f"document-{wish.identity}")


def show_reading(held: Ledger, wish: Wish) -> Answer:
    """A reading: the same, as one run read it."""
    _known_parameters(wish)
    if elsewhere := _found(held, wish, ThingKind.READING):
        return elsewhere
    return _show_entry(held, wish, held.get_entry(wish.identity), f"reading-{wish.identity}")


def _show_entry(held: Ledger, wish: Wish, entry: Entry, name: str) -> Answer:
    if wish.form not in ("html", "json"):
        return _exchange([entry], wish, name)
    document = entry.reading.document
    versions = held.find_versions(document.id) if document else []
    former = held.get_entry(entry.revises) if entry.revises else None
    changes = _changes(held, former, entry) if former else None
    decisions = _decided(held, document.id, entry.decisions) if document else []
    decisions += [one for one in _decided(held, entry.id) if one not in decisions]
    if wish.form == "json":
        members = {
            "document": encode_json(document.id if document else None),
            "entry": encode_json(
                {
                    "id": entry.id,
                    "address": f"{wish.base}/readings/{entry.id}",
                    "recorded_at": entry.at,
                    "recorded_by": entry.who,
                    "is_current": entry.is_current,
                    "revises": entry.revises or None,
                }
            ),
            "versions": encode_json(
                [{"id": one, "address": f"{wish.base}/documents/{one}", "recorded_at": at} for one, at in versions]
            ),
            "changes": encode_json(dataclasses.asdict(changes) if changes else None),
            "parties": encode_json({local: _party(known) for local, known in entry.parties.items()}),
            "decisions": _array(map(encode_decision, decisions)),
            "reading": encode_reading(entry.reading),
        }
        return Answer(_object(members), _JSON)
    page = web._page("r1", entry.reading)
    rules = "".join(web._rules(page.id, claim.id) for claim in page.claims + page.own)
    style = load_style() + rules
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = POLICY.format(f" 'sha256-{fingerprint}'")
    speakers = {one.party for one in entry.reading.attributions}
    known = {one.id: one for local, one in entry.parties.items() if local in speakers}
    answer = _page(
        "document.html",
        pages=[page],
        runs=[entry.reading.run],
        style=_ours(style),
        policy=policy,
        is_cuts=lambda part: isinstance(part, web._Cuts),
        entry=entry,
        page_id=document.id if document else "",
        versions=versions,
        former=former,
        told=_told(former, entry, changes) if former and changes else [],
        same=len(changes.same) if changes else 0,
        parties=sorted(known.values(), key=lambda one: (one.name, one.id)),
        decisions=decisions,
        is_reading=name.startswith("reading"),
    )
    return dataclasses.replace(answer, headers={"content-security-policy": policy})


def _ours(style: str) -> str:
    from markupsafe import Markup

    return Markup(style)  # noqa: S704 - to the last character: files beside this one, and rules made of our own ids


def _changes(held: Ledger, former: Entry, entry: Entry) -> Changes | None:
    if former.reading.document is None or entry.reading.document is None:
        return None
    return held.compare_versions(former.id, entry.id)


class _Told(NamedTuple):
    """What became of one claim from one version to the next."""

    how: str
    id: str
    title: str
    words: tuple[str, ...]


def _told(former: Entry, entry: Entry, changes: Changes) -> list[_Told]:
    was, now = former.reading.document, entry.reading.document
    if was is None or now is None:
        return []
    before, after = Opened(former, was), Opened(entry, now)

    def tell(how: str, opened: Opened, identity: str) -> _Told:
        one = opened.attributions[identity]
        return _Told(how, one.id, opened.title(one), _pieces(opened.document, one.content))

    order = {line.attribution.id: number for number, line in enumerate(outline(entry.reading))}
    told = [tell("Vanished", before, one) for one in changes.vanished]
    told += [tell("Appeared", after, one) for one in sorted(changes.appeared, key=lambda one: order.get(one, 0))]
    for old, new in changes.changed:
        told += [tell("Before", before, old), tell("Now", after, new)]
    return told


def show_party(held: Ledger, wish: Wish) -> Answer:
    """A party: what it is called, what people decided about it, and what it said last, and what was said about it."""
    _known_parameters(wish)
    if wish.form not in ("html", "json"):
        raise UsageError(f"a party cannot be had as {wish.form}; its claims can: /claims?party=ID&format={wish.form}")
    if elsewhere := _found(held, wish, ThingKind.PARTY):
        return elsewhere
    party, names = held.get_party(wish.identity)
    (now,) = held.find_parties(party.id)
    decisions = _decided(held, party.id)
    if wish.form == "json":
        members = {
            "party": encode_json(_party(party)),
            "names": encode_json(names),
            "merged_into": encode_json(_party(now) if now.id != party.id else None),
            "decisions": _array(map(encode_decision, decisions)),
            "claims": encode_json(f"{wish.base}/claims.json?party={party.id}"),
            "about": encode_json(f"{wish.base}/claims.json?about={party.id}"),
        }
        return Answer(_object(members), _JSON)
    by = held.ask(Question(party=party.id), limit=_OF_A_PARTY)
    about = held.ask(Question(about=party.id), limit=_OF_A_PARTY)
    return _page(
        "party.html",
        party=party,
        names=names[:_MOST_NAMES],
        further=max(0, len(names) - _MOST_NAMES),
        now=now,
        by=_rows(by.claims),
        about=_rows(about.claims),
        is_more_by=bool(by.after),
        is_more_about=bool(about.after),
        decisions=decisions,
    )


def show_decision(held: Ledger, wish: Wish) -> Answer:
    """A decision: who decided what about which thing, when and why, and what was decided about it since."""
    _known_parameters(wish)
    if wish.form not in ("html", "json"):
        raise UsageError(f"a decision cannot be had as {wish.form}; leave out format, or write format=json")
    if elsewhere := _found(held, wish, ThingKind.DECISION):
        return elsewhere
    decision = held.get_decision(wish.identity)
    if wish.form == "json":
        return Answer(encode_decision(decision) + b"\n", _JSON)
    things = [one for one in held.find_things(decision.subject) if one[1] == decision.subject]
    into = [one for one in held.find_things(decision.value) if one[1] == decision.value and one[0] is ThingKind.PARTY]
    return _page(
        "decision.html",
        decision=decision,
        thing=things[0] if things else None,
        into=into[0] if into else None,
        since=_decided(held, decision.id),
    )


def show_status(held: Ledger, wish: Wish) -> Answer:
    """That the ledger answers, and what proves all of it: the number of rows and the hash of the last."""
    _known_parameters(wish)
    rows, last = held.get_head()
    values: dict[str, Any] = {"ledger": short_name(held.name), "rows": rows, "hash": last, "onrecord": web_version()}
    return _page("status.html", **values) if wish.form == "html" else _json(values)


def short_name(name: str) -> str:
    """What a ledger is called, without where it lies: the name of its file or of its database."""
    return name.partition("?")[0].replace("\\", "/").rstrip("/").rpartition("/")[2]


def web_version() -> str:
    """Of onrecord."""
    from onrecord import __version__

    return __version__
