"""Readings of a small world: few words, parties, places and days, so that questions find what was drawn by chance.

Texts are written piece by piece, and every span is remembered as it is written: readings fit their texts by making.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from onrecord.model import (
    Act,
    ActType,
    Attribution,
    Document,
    Figure,
    Kind,
    Mention,
    MentionKind,
    Modifier,
    Party,
    PartyKind,
    Place,
    Precision,
    Reading,
    Run,
    Scope,
    Span,
    SpeaksFor,
    Stance,
    Status,
    TimeKind,
    Voice,
    When,
    act_id,
    attribution_id,
    party_id,
)

RUNS = (Run("1.0", "small@1111"), Run("1.1", "small@2222"))


# --- what texts are made of ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Who:
    """Somebody who speaks or is spoken of; without a name, somebody who is only described."""

    words: str
    kind: PartyKind = PartyKind.PERSON
    is_named: bool = True
    body: str = ""
    country: str = ""
    is_body: bool = False  # its own name says for whom it speaks, as a capital does


@dataclass(frozen=True)
class Spot:
    """A place."""

    words: str
    geonames: int | None = None
    name: str = ""
    country: str = ""


@dataclass(frozen=True)
class Number:
    """A figure: ``more than`` ``300`` ``boats``."""

    value: str
    low: float | int | None
    high: float | int | None
    before: str = ""
    unit: str = ""
    counted: str = ""


@dataclass(frozen=True)
class Time:
    """A time."""

    words: str
    edtf: str | None


@dataclass(frozen=True)
class Deed:
    """An act, with the times of its claim that stand before it."""

    words: str
    type: ActType = ActType.TRANSFER
    kind: str = "AID"
    status: Status = Status.DONE
    times: int = 1


@dataclass(frozen=True)
class Said:
    """A claim; each piece of its content is a list of words and things. A claim inside it is one of these."""

    pieces: Sequence[Sequence[str | Who | Spot | Number | Time | Deed | Said]]
    who: Who | None = None
    cue: str = "said"
    stance: Stance = Stance.ASSERT
    said_on: str | None = None
    voice: Voice = Voice.PARTY


@dataclass
class _Draft:
    said: Said
    parent: int | None
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    times: list[When] = field(default_factory=list)


class _Scribe:
    def __init__(self) -> None:
        self.text = ""
        self.claims: list[_Draft] = []
        self.times: list[When] = []
        self.figures: list[Figure] = []
        self.places: list[Place] = []
        self.mentions: dict[Who, list[Span]] = {}
        self.deeds: list[tuple[Deed, Span, int]] = []

    def put(self, words: str) -> None:
        self.text += words

    def write(self, words: str) -> Span:
        start = len(self.text)
        self.put(words)
        return Span(start, len(self.text))

    def claim(self, said: Said, parent: int | None = None) -> None:
        number = len(self.claims)
        draft = _Draft(said, parent)
        self.claims.append(draft)
        if said.voice is Voice.PARTY:
            if said.who:
                draft.source = (self.mention(said.who),)
                self.put(" ")
            draft.cue = (self.write(said.cue),)
            self.put(": ")
        content = []
        for piece in said.pieces:
            start = len(self.text)
            for at, thing in enumerate(piece):
                self.put(" " if at else "")
                self.thing(thing, number)
            content.append(Span(start, len(self.text)))
            self.put(" ... ")
        draft.content = tuple(content)
        self.put("\n\n" if parent is None else "")

    def mention(self, who: Who) -> Span:
        span = self.write(who.words)
        self.mentions.setdefault(who, []).append(span)
        return span

    def thing(self, thing: str | Who | Spot | Number | Time | Deed | Said, claim: int) -> None:
        if isinstance(thing, str):
            self.put(thing)
        elif isinstance(thing, Who):
            self.mention(thing)
        elif isinstance(thing, Spot):
            point = (1.5, -2.5, Precision.SETTLEMENT) if thing.geonames else (None, None, None)
            span = self.write(thing.words)
            self.places.append(Place(span, thing.geonames, thing.name, thing.country, *point, "as drawn"))
        elif isinstance(thing, Number):
            start = len(self.text)
            self.put(f"{thing.before} " if thing.before else "")
            value = self.write(thing.value)
            self.put(" " if thing.counted or thing.unit else "")
            counted = self.write(thing.counted) if thing.counted else None
            self.put(thing.unit if not thing.counted else "")
            span = Span(start, len(self.text))
            bounds = (thing.low, thing.high, Modifier.EXACT, thing.unit)
            self.figures.append(Figure(span, value, *bounds, counted, Scope.UNKNOWN, "", "as drawn"))
        elif isinstance(thing, Time):
            when = When(self.write(thing.words), TimeKind.DATE, thing.edtf, None, "as drawn")
            self.times.append(when)
            self.claims[claim].times.append(when)
        elif isinstance(thing, Deed):
            self.deeds.append((thing, self.write(thing.words), claim))
        else:
            self.claim(thing, claim)


def compose(
    *several: Said, url: str = "", published: str = "", publisher: str = "", title: str = "", run: Run = RUNS[0]
) -> Reading:
    """The reading of a text that says these things."""
    scribe = _Scribe()
    for said in several:
        scribe.claim(said)
    document = Document(url=url, text=scribe.text, title=title, published=published, publisher=publisher)
    parties = {who: _party(document, who, spans) for who, spans in scribe.mentions.items()}
    claims: list[Attribution] = []
    for draft in scribe.claims:
        claims.append(
            Attribution(
                id=attribution_id(document.id, draft.source, draft.cue, draft.content),
                kind=Kind.INDIRECT,
                voice=draft.said.voice,
                parent=claims[draft.parent].id if draft.parent is not None else None,
                source=draft.source,
                cue=draft.cue,
                content=draft.content,
                score=0.5,
                stance=draft.said.stance,
                said_on=draft.said.said_on,
                party=parties[draft.said.who].id if draft.source and draft.said.who else None,
            )
        )
    acts = [
        Act(
            id=act_id(document.id, words),
            words=words,
            type=deed.type,
            kind=deed.kind,
            mode="",
            status=deed.status,
            reason="as drawn",
            factuality=0.0,
            times=tuple(time.span for time in scribe.claims[claim].times[: deed.times]),
            claim=claims[claim].id,
        )
        for deed, words, claim in scribe.deeds
    ]
    return Reading(
        document=document,
        attributions=tuple(claims),
        failures=(),
        run=run,
        times=tuple(scribe.times),
        figures=tuple(scribe.figures),
        parties=tuple(parties.values()),
        places=tuple(scribe.places),
        acts=tuple(acts),
    )


def _party(document: Document, who: Who, spans: Sequence[Span]) -> Party:
    said = SpeaksFor(who.body, who.country, spans[0], "as drawn") if who.body else None
    if said and not who.is_body:  # another word says for whom: here, its first letter
        said = dataclasses.replace(said, words=Span(spans[0].start, spans[0].start + 1))
    kind = MentionKind.NAME if who.is_named else MentionKind.DESCRIPTION
    name = spans[0] if who.is_named else None
    mentions = tuple(Mention(span, kind) for span in spans)
    return Party(party_id(document.id, spans[0]), who.kind, name, mentions, None, said)


def text_of(words: str, content: str, *, url: str = "u", run: Run = RUNS[0], **taken: str) -> Reading:
    """A reading of one text, with one claim in it whose content these words are."""
    document = Document(url=url, text=words, **taken)
    at = words.index(content)
    spans = (Span(at, at + len(content)),)
    claim = Attribution(
        attribution_id(document.id, (), (), spans), Kind.INDIRECT, Voice.PARTY, None, (), (), spans, 0.5
    )
    return Reading(document, (claim,), (), run)


# --- what is drawn ---------------------------------------------------------------------------------------------------

IRAN = "Government of Iran"
PEOPLE = (
    Who("Ana Relvas", body="Government of Aldane", country="AL"),
    Who("ÁNA RELVAS"),
    Who("Joris Maat"),
    Who("Tehran", PartyKind.GOVERNMENT, body=IRAN, country="IR", is_body=True),
    Who("Iran", PartyKind.GOVERNMENT, body=IRAN, country="IR", is_body=True),
    Who("a senior official", is_named=False, body=IRAN, country="IR"),
    Who("Foreign Ministry", PartyKind.ORGANIZATION, body=IRAN, country="IR"),
    Who("someone", is_named=False),
)
WORDS = (
    *"denied deny denial drones café cafe cafés quay Quay’s straße strasse 1,200 number".split(),
    "naïve—quay",
    "…",
)
SPOTS = (
    Spot("Odesa", 698740, "Odesa", "UA"),
    Spot("Odessa", 698740, "Odesa", "UA"),
    Spot("Paris", 2988507, "Paris", "FR"),
    Spot("Paris", 4717560, "Paris", "US"),
    Spot("Port Alder"),
)
NUMBERS = (
    Number("Four", 4, 4, counted="cranes"),
    Number("one", 1, 1, counted="drone"),
    Number("hundreds", 200, 999, counted="drones"),
    Number("1.5 million", 1_500_001, None, before="more than", counted="people"),
    Number("40", None, 40, before="up to", unit="km"),
    Number("0.25", 0.25, 0.25, unit="USD/barrel"),
    Number("-5", -5, -5, unit="km"),
    Number("no", 0, 0, counted="drones"),
    Number("many", None, None, counted="quay cranes"),
)
DATES = (
    "2022-11-05",
    "2022-11-04",
    "2022-11",
    "2022",
    "2022-12-10/2022-12-11",
    "../2022-02-23",
    "2022-10/..",
    "2022-24",
    "2022-36",
    "202X",
    "XXXX-12-09",
    "2023-01-01T10:00",
)
DEEDS = tuple(
    Deed(words, act, kind, status, times)
    for words, act, kind, status, times in (
        ("supplied", ActType.TRANSFER, "AID", Status.DENIED, 1),
        ("sent", ActType.TRANSFER, "AID", Status.DONE, 2),
        ("hit", ActType.ATTACK, "ASSAULT", Status.UNDER_WAY, 1),
        ("backed", ActType.SUPPORT, "SUPPORT", Status.PLANNED, 0),
        ("helped", ActType.SUPPORT, "AID", Status.DONE, 1),
    )
)
# The same page by several addresses, and no address at all, where each text is a page of its own.
URLS = ("https://a.example/one", "https://A.example/one?utm_source=x", "https://a.example/two?id=1", "x.txt", "")
PUBLISHERS = ("Harven Courier", "harven  courier!", "Élan", "")
PUBLISHED = ("2022-11-05", "2022-11-04T23:59:00-05:00", "2022-11", "2022", "", "soon")
STANCES = (Stance.ASSERT, Stance.DENY, Stance.ADMIT, Stance.CALL_FOR)

_things = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(PEOPLE),
    st.sampled_from(SPOTS),
    st.sampled_from(NUMBERS),
    st.sampled_from(DEEDS),
    st.builds(Time, st.sampled_from(("Monday", "that winter")), st.sampled_from(DATES)),
)
_pieces = st.lists(st.lists(_things, min_size=1, max_size=5), min_size=1, max_size=2)


def _said(pieces: st.SearchStrategy[list[list[object]]], voices: Sequence[Voice]) -> st.SearchStrategy[Said]:
    return st.builds(
        Said,
        pieces,
        who=st.none() | st.sampled_from(PEOPLE),
        cue=st.sampled_from(("said", "denied")),
        stance=st.sampled_from(STANCES),
        said_on=st.none() | st.sampled_from(DATES),
        voice=st.sampled_from(voices),
    )


_inner = _said(_pieces, [Voice.PARTY])
_claims = st.lists(
    st.one_of(
        _said(_pieces, [Voice.PARTY, Voice.PARTY, Voice.PUBLISHER]),
        _said(st.builds(lambda piece, inner: [[*piece, inner]], st.lists(_things, max_size=2), _inner), [Voice.PARTY]),
    ),
    max_size=4,
)


@st.composite
def small_readings(draw: st.DrawFn) -> Reading:
    """A reading of a page of the small world."""
    url, publisher, published = (draw(st.sampled_from(several)) for several in (URLS, PUBLISHERS, PUBLISHED))
    run = draw(st.sampled_from(RUNS))
    return compose(*draw(_claims), url=url, publisher=publisher, published=published, run=run)


def revised(reading: Reading, before: str) -> Reading:
    """A later version of a page, with words before what it said: all of it stands elsewhere, and has other ids."""
    assert reading.document is not None
    document = dataclasses.replace(reading.document, text=before + reading.document.text)

    def shifted(value: Any) -> Any:
        if isinstance(value, Span):
            return Span(value.start + len(before), value.end + len(before))
        if isinstance(value, tuple):
            return tuple(map(shifted, value))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = (one.name for one in dataclasses.fields(value) if one.init)
            return dataclasses.replace(value, **{name: shifted(getattr(value, name)) for name in fields})
        return value

    whole = dataclasses.replace(shifted(dataclasses.replace(reading, document=None)), document=document)
    ids: dict[str | None, str | None] = {None: None}
    ids |= {one.id: party_id(document.id, one.mentions[0].span) for one in whole.parties}
    ids |= {one.id: act_id(document.id, one.words) for one in whole.acts}
    ids |= {one.id: attribution_id(document.id, one.source, one.cue, one.content) for one in whole.attributions}
    return dataclasses.replace(
        whole,
        parties=tuple(dataclasses.replace(one, id=ids[one.id]) for one in whole.parties),
        acts=tuple(dataclasses.replace(one, id=ids[one.id], claim=ids[one.claim]) for one in whole.acts),
        attributions=tuple(
            dataclasses.replace(one, id=ids[one.id], parent=ids[one.parent], party=ids[one.party])
            for one in whole.attributions
        ),
    )


def read_otherwise(reading: Reading, choose: Callable[[int], int], run: Run) -> Reading:
    """What another run might make of the same text: some claims are not found, some have another stance or party.

    Args:
        reading: what was read before.
        choose: of so many, which; a draw.
        run: that reads it.
    """
    kept: dict[str, Attribution] = {}
    for claim in reading.attributions:
        fate = choose(6)
        if fate == 0 or (claim.parent is not None and claim.parent not in kept):
            continue
        stance = STANCES[choose(len(STANCES))] if fate == 1 else claim.stance
        party = None if fate == 2 else claim.party
        if fate == 3 and len(claim.content) > 1:  # the same claim, a piece shorter: it has another id
            content = claim.content[:1]
            identity = attribution_id(reading.document.id if reading.document else "", claim.source, claim.cue, content)
            if claim.id not in {one.parent for one in reading.attributions} and identity not in kept:
                kept[identity] = dataclasses.replace(claim, id=identity, content=content)
                continue
        kept[claim.id] = dataclasses.replace(claim, stance=stance, party=party)
    acts = tuple(act for act in reading.acts if act.claim in kept)
    return dataclasses.replace(reading, attributions=tuple(kept.values()), acts=acts, run=run)
