"""Entries of a ledger made by hand, and any entries at all, for the tests of the formats of exchange."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from onrecord.model import (
    Act,
    ActType,
    Decision,
    DecisionKind,
    Document,
    Entry,
    Figure,
    Hedge,
    Kind,
    KnownParty,
    Mention,
    MentionKind,
    Modifier,
    Party,
    PartyKind,
    Place,
    Precision,
    Reading,
    Scope,
    Span,
    SpeaksFor,
    Stance,
    Status,
    TimeKind,
    Voice,
    When,
    act_id,
    party_id,
)
from samples import RUN, attribution, failed_reading, readings, texts

TEXT = """Merrow's interior minister, Lena Droste, accused Harbour Line on March 2 of having carried about 400 rockets \
to Ishkar aboard the Grey Heron.

Harbour Line denied that it had carried any weapons. "We carry grain," a clerk of the company said.

A senior officer said Merrow may close its ports.

The Grey Heron lay at anchor on Friday.
"""
ACCUSED = "of having carried about 400 rockets to Ishkar aboard the Grey Heron"
DENIED = "that it had carried any weapons"

MINISTER = KnownParty("0123456789abcdef", "Lena Droste", PartyKind.PERSON)
COMPANY = KnownParty("fedcba9876543210", "Harbour Line", PartyKind.COMPANY)
SHIP = KnownParty("00112233445566aa", "Grey Heron", PartyKind.VESSEL)


def accusation(url: str = "https://post.example/ports?id=7&x=ü") -> Entry:
    """An accusation and its denial, a company, a ship, an unnamed officer, an act, a place, figures; corrected."""
    document = Document(
        url=url, text=TEXT, title="Minister accuses shipping line", publisher="Evening Post", published="2024-03-03"
    )

    def span(words: str, nth: int = 0) -> Span:
        start = -1
        for _ in range(nth + 1):
            start = TEXT.index(words, start + 1)
        return Span(start, start + len(words))

    droste, line, ship, clerk = (span(words) for words in ("Lena Droste", "Harbour Line", "the Grey Heron", "a clerk"))
    officer = span("A senior officer")
    ids = {name: party_id(document.id, at) for name, at in (("droste", droste), ("line", line), ("ship", ship))}
    minister = span("interior minister")
    parties = (
        Party(
            ids["droste"],
            PartyKind.PERSON,
            droste,
            (Mention(droste, MentionKind.NAME),),
            minister,
            SpeaksFor("Government of Merrow", "MW", minister, "minister"),
        ),
        Party(
            ids["line"],
            PartyKind.COMPANY,
            line,
            (
                Mention(line, MentionKind.NAME),
                Mention(span("Harbour Line", 1), MentionKind.NAME),
                Mention(span("it"), MentionKind.PRONOUN),
            ),
            None,
            None,
        ),
        Party(ids["ship"], PartyKind.VESSEL, ship, (Mention(ship, MentionKind.NAME),), None, None),
        Party(
            party_id(document.id, clerk), PartyKind.PERSON, None, (Mention(clerk, MentionKind.DESCRIPTION),), None, None
        ),
    )
    accused = attribution(
        document,
        Kind.INDIRECT,
        (droste,),
        (span("accused"),),
        (span(ACCUSED),),
        0.97,
        stance=Stance.ACCUSE,
        stance_reason="the cue accuses",
        party=ids["droste"],
        party_reason="name",
        said_on="2024-03-02",
        said_on_reason="“March 2”",
    )
    denied = attribution(
        document,
        Kind.INDIRECT,
        (span("Harbour Line", 1),),
        (span("denied"),),
        (span(DENIED),),
        0.99,
        stance=Stance.DENY,
        party=ids["line"],
        about=accused.id,
    )
    grain = attribution(document, Kind.DIRECT, (clerk,), (span("said"),), (span('"We carry grain,"'),), 0.9)
    close = attribution(
        document,
        Kind.INDIRECT,
        (officer,),
        (span("said", 1),),
        (span("Merrow may close its ports"),),
        0.8,
        stance=Stance.ASSESS,
        hedges=(Hedge(span("may"), ""),),
        said_on="2024-03-01/2024-03-03",
    )
    lay = attribution(
        document, Kind.INDIRECT, (), (), (span("The Grey Heron lay at anchor on Friday."),), voice=Voice.PUBLISHER
    )
    figure = Figure(
        span("about 400 rockets"),
        span("400"),
        400,
        400,
        Modifier.ABOUT,
        "",
        span("rockets"),
        Scope.UNKNOWN,
        "",
        "digits",
    )
    friday = When(span("Friday"), TimeKind.DATE, "2024-03-01", None, "the last such day")
    ishkar = Place(span("Ishkar"), 123, "Ishkar", "LY", 12.5, -45.25, Precision.SETTLEMENT, "population")
    carried = span("having carried")
    act = Act(
        act_id(document.id, carried),
        carried,
        ActType.TRANSFER,
        "AID",
        "",
        Status.ALLEGED,
        "accused",
        1.0,
        actor=(line,),
        target=(ishkar.span,),
        item=(span("rockets"),),
        figures=(figure.span,),
        places=(ishkar.span,),
        claim=accused.id,
    )
    reading = Reading(
        document,
        (accused, denied, grain, close, lay),
        (),
        RUN,
        (),
        (friday,),
        (figure,),
        parties,
        (ishkar,),
        (act,),
    )
    note = Decision(
        DecisionKind.NOTE,
        accused.id,
        "mila",
        "2024-03-05T08:00:00.000000Z",
        document=document.id,
        why="she said it on air",
    )
    corrected = Decision(
        DecisionKind.CORRECT,
        "ffffffffffffffff",  # its id in an earlier reading
        "mila",
        "2024-03-06T08:00:00.000000Z",
        "act.status",
        "alleged",
        document.id,
        (carried,),
        "no proof was given",
    )
    return Entry(
        "ab" * 8,
        reading,
        "2024-03-04T10:00:00.123456Z",
        "jo",
        True,
        {ids["droste"]: MINISTER, ids["line"]: COMPANY, ids["ship"]: SHIP},
        "cd" * 8,
        (note, corrected),
        {act.id: (corrected,)},
    )


def failed() -> Entry:
    return Entry("ee" * 8, failed_reading(), "2024-03-04T10:00:00.000000Z", "jo")


def made(reading: Reading, *, number: int = 0, **taken: Any) -> Entry:
    """An entry of a reading, in which every party with a name is one of the ledger."""
    text = reading.document.text if reading.document else ""
    known = {
        party.id: KnownParty(party.id, party.name.of(text), party.kind, "") for party in reading.parties if party.name
    }
    return Entry(f"{number:016x}", reading, "2024-03-04T10:00:00.000000Z", "jo", True, known, **taken)


_ids = st.integers(0, 2**64 - 1).map("{:016x}".format)
_times = st.datetimes(datetime(1970, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - zoned
    lambda at: at.isoformat(timespec="microseconds").replace("+00:00", "Z")
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Entries of any text, with parties and decisions anyhow, and with some of the claims not there."""
    reading = draw(readings())
    known: dict[str, KnownParty] = {}
    for party in reading.parties:
        if draw(st.booleans()):
            known[party.id] = KnownParty(draw(_ids), draw(texts), draw(st.sampled_from(PartyKind)), draw(texts))
    claims = tuple(one for one in reading.attributions if draw(st.integers(0, 5)))
    subjects = [one.id for one in reading.attributions] + [draw(_ids)]
    document = reading.document.id if reading.document else ""
    return Entry(
        draw(_ids),
        Reading(
            reading.document,
            claims,
            reading.failures,
            reading.run,
            reading.names,
            reading.times,
            reading.figures,
            reading.parties,
            reading.places,
            reading.acts,
        ),
        draw(_times),
        draw(texts),
        draw(st.booleans()),
        known,
        draw(st.just("") | _ids),
        tuple(
            Decision(
                draw(st.sampled_from(DecisionKind)),
                draw(st.sampled_from(subjects)),
                draw(texts),
                draw(_times),
                draw(texts),
                draw(texts),
                draw(st.sampled_from(["", document])),
                draw(st.sampled_from([(), *(one.content for one in reading.attributions)])),
                draw(texts),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


several = st.lists(entries(), max_size=3, unique_by=lambda entry: entry.id)
