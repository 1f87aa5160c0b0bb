"""Readings made by hand, and a reader that needs no model, for the tests of everything that comes after reading."""

from __future__ import annotations

import os
import re
from typing import Any

from hypothesis import strategies as st

from onrecord.errors import LanguageError, ModelError
from onrecord.model import (
    Act,
    ActType,
    Attribution,
    Cut,
    Document,
    Failure,
    Figure,
    Hedge,
    Kind,
    Label,
    Mention,
    MentionKind,
    Modifier,
    Name,
    Party,
    PartyKind,
    Place,
    Precision,
    Reading,
    Reason,
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

RUN = Run("0.1.0", "sample@000000000000", ("published=2023-03-03",))

TEXT = """HARVEN, March 3 — Deputy harbour minister Ana Relvas said on Tuesday that the northern quay would reopen \
within a month and that engineers had found “no structural fault” in its foundations.

The port workers’ union denied that any inspection had taken place. “Nobody has been down there since the collapse,” \
union secretary Joris Maat told reporters, adding that a leaked report shows the ministry feared a second slide.

Four cranes stood idle on Tuesday morning.

“We were promised pumps in January. They never came,” Maat went on.
"""


def attribution(
    document: Document,
    kind: Kind,
    source: tuple[Span, ...],
    cue: tuple[Span, ...],
    content: tuple[Span, ...],
    score: float = 0.9,
    parent: str | None = None,
    voice: Voice = Voice.PARTY,
    **taken: Any,
) -> Attribution:
    identity = attribution_id(document.id, source, cue, content)
    return Attribution(identity, kind, voice, parent, source, cue, content, score, **taken)


def sample_reading() -> Reading:
    """Direct, indirect and mixed, two deep, with cuts and a statement of the publisher's own."""

    def span(words: str) -> tuple[Span, ...]:
        assert TEXT.count(words) == 1, words
        start = TEXT.index(words)
        return (Span(start, start + len(words)),)

    document = Document(
        url="https://courier.example/quay",
        text=TEXT,
        title="Ministry says quay is safe; union calls it ‘a guess’",
        publisher="Harven Courier",
        byline="Mila Torv",
        published="2023-03-03T09:15:00+01:00",
        modified="2023-03-04",
        language="en",
        wire="HNA",
        dateline="HARVEN, March 3",
        cuts=(
            Cut(Reason.NAVIGATION, "Home  News  Sport", 0),
            Cut(Reason.TEASER, "Read also: ten harbours to visit", TEXT.index("“We were")),
            Cut(Reason.COMMENTS, "Comments (3)", len(TEXT)),
        ),
    )
    relvas = attribution(
        document,
        Kind.MIXED,
        span("Deputy harbour minister Ana Relvas"),
        span("said"),
        span(
            "that the northern quay would reopen within a month and that engineers had found “no structural fault”"
            " in its foundations"
        ),
        0.97,
        party=party_id(document.id, *span("Deputy harbour minister Ana Relvas")),
        party_reason="name",
        said_on="2023-02-28",
        said_on_reason="“on Tuesday”",
        said_in=span("HARVEN")[0],
    )
    denial = attribution(
        document,
        Kind.INDIRECT,
        span("The port workers’ union"),
        span("denied"),
        span("that any inspection had taken place"),
        stance=Stance.DENY,
        stance_reason="the cue denies",
        about=relvas.id,
    )
    told = attribution(
        document,
        Kind.DIRECT,
        span("union secretary Joris Maat"),
        span("told"),
        span("“Nobody has been down there since the collapse,”"),
        addressee=span("reporters"),
    )
    adding = attribution(
        document,
        Kind.INDIRECT,
        span("union secretary Joris Maat"),
        span("adding"),
        span("that a leaked report shows the ministry feared a second slide"),
    )
    shows = attribution(
        document,
        Kind.INDIRECT,
        span("a leaked report"),
        span("shows"),
        span("the ministry feared a second slide"),
        0.71,
        adding.id,
    )
    feared = attribution(
        document,
        Kind.INDIRECT,
        span("the ministry"),
        span("feared"),
        span("a second slide"),
        0.6,
        shows.id,
        stance=Stance.FEAR,
    )
    pieces = (*span("“We were promised pumps in January."), *span("They never came,”"))
    pumps = attribution(document, Kind.DIRECT, (), (), pieces, 0.55)
    cranes = attribution(
        document, Kind.INDIRECT, (), (), span("Four cranes stood idle on Tuesday morning."), voice=Voice.PUBLISHER
    )
    names = tuple(
        Name(*span(words), label, 0.9)
        for words, label in (("Ana Relvas", Label.PERSON), ("port workers’ union", Label.ORGANIZATION))
    )
    times = (When(*span("Tuesday morning"), TimeKind.DATE, "2023-02-28", None, "the last such day"),)
    figures = (
        Figure(
            *span("Four cranes"), *span("Four"), 4, 4, Modifier.EXACT, "", *span("cranes"), Scope.UNKNOWN, "", "word"
        ),
    )
    whole, name, she = span("Deputy harbour minister Ana Relvas"), span("Ana Relvas"), span("the ministry feared")
    parties = (
        Party(
            party_id(document.id, *whole),
            PartyKind.PERSON,
            *name,
            (Mention(*whole, MentionKind.NAME), Mention(*she, MentionKind.DESCRIPTION)),
            *span("Deputy harbour minister"),
            SpeaksFor("Government of Aldane", "", *span("Deputy harbour minister"), "minister"),
        ),
    )
    places = (
        Place(*span("HARVEN"), None, "", "", None, None, None, "not in the gazetteer"),
        Place(*span("northern quay"), 2643743, "London", "GB", 51.5, -0.1, Precision.SETTLEMENT, "population"),
    )
    promised, came = span("promised"), span("came")
    acts = (
        Act(
            act_id(document.id, *promised),
            *promised,
            ActType.TRANSFER,
            "AID",
            "",
            Status.PROMISED,
            "promised",
            1.0,
            target=(Span(promised[0].start - 8, promised[0].start - 6),),
            item=span("pumps"),
            times=times[0:0],
            grounds=span("since the collapse")[0],
            claim=pumps.id,
            exchange=act_id(document.id, *came),
        ),
        Act(act_id(document.id, *came), *came, ActType.SUPPORT, "AID", "", Status.DENIED, "never", -3.0),
    )
    claims = (relvas, denial, told, adding, shows, feared, pumps, cranes)
    return Reading(document, claims, (), RUN, names, times, figures, parties, places, acts)


def failed_reading() -> Reading:
    return Reading(None, (), (Failure("missing.txt", "there is no such file", "check the path"),), RUN)


# --- any reading at all ----------------------------------------------------------------------------------------------

TRICKY = "aé “”\n\r\t\0\x1b\x7f\x85\x9b\u2028\u2029\u202e\u2066\u200b\u00ad\ufeff\U0001f600<&\"'"
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters(exclude_categories=("Cs",))), max_size=60)


def sorted_ends(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    return (high, low) if low is not None and high is not None and low > high else (low, high)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Readings of any text, with spans anywhere that the model allows and parents in any order."""
    text = draw(texts)
    document = Document(
        url=draw(texts),
        text=text,
        **{name: draw(texts) for name in ("title", "publisher", "byline", "published", "modified", "language")},
        cuts=tuple(
            Cut(draw(st.sampled_from(Reason)), draw(texts), at)
            for at in sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
        ),
    )

    def spans(least: int) -> tuple[Span, ...]:
        edges = draw(st.sets(st.integers(0, len(text)), min_size=2 * least, max_size=6))
        ordered = sorted(edges)
        return tuple(Span(a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False))

    parties: dict[str, Party] = {}
    for _ in range(draw(st.integers(0, 3)) if len(text) >= 2 else 0):
        said = spans(1)
        parties.setdefault(
            party_id(document.id, said[0]),
            Party(
                party_id(document.id, said[0]),
                draw(st.sampled_from(PartyKind)),
                draw(st.none() | st.sampled_from(said)),
                tuple(Mention(span, draw(st.sampled_from(MentionKind))) for span in said),
                draw(st.none() | st.sampled_from(said)),
                draw(st.none() | st.builds(SpeaksFor, texts, texts, st.sampled_from(said), texts)),
            ),
        )
    attributions: dict[str, Attribution] = {}
    for _ in range(draw(st.integers(0, 5)) if len(text) >= 2 else 0):
        voice = draw(st.sampled_from(Voice))
        is_party = voice is Voice.PARTY
        made = attribution(
            document,
            draw(st.sampled_from(Kind)),
            spans(0) if is_party else (),
            spans(0) if is_party else (),
            spans(1),
            draw(st.floats(0, 1)),
            draw(st.none() | st.sampled_from(sorted(attributions))) if attributions and is_party else None,
            voice,
            stance=draw(st.sampled_from(Stance)),
            stance_reason=draw(texts),
            about=draw(st.none() | st.sampled_from(sorted(attributions))) if attributions and is_party else None,
            hedges=tuple(Hedge(span, draw(texts)) for span in spans(0)),
            addressee=spans(0),
            channel=spans(0),
            relay=spans(0),
            party=draw(st.none() | st.sampled_from(sorted(parties))) if parties else None,
            party_reason=draw(texts),
            said_on=draw(st.none() | texts),
            said_on_reason=draw(texts),
            said_in=draw(st.none() | st.sampled_from(spans(1))),
        )
        attributions.setdefault(made.id, made)
    failures = tuple(Failure(draw(texts), draw(texts), draw(texts)) for _ in range(draw(st.integers(0, 2))))
    names = tuple(Name(span, draw(st.sampled_from(Label)), draw(st.floats(0, 1))) for span in spans(0))
    times = tuple(
        When(span, draw(st.sampled_from(TimeKind)), draw(st.none() | texts), draw(st.none() | texts), draw(texts))
        for span in spans(0)
    )
    bounds = st.none() | st.integers(-(2**53), 2**53) | st.floats(-1e12, 1e12)
    figures = tuple(
        Figure(
            span,
            span,
            *sorted_ends(draw(bounds), draw(bounds)),
            draw(st.sampled_from(Modifier)),
            draw(texts),
            draw(st.none() | st.just(span)),
            draw(st.sampled_from(Scope)),
            draw(texts),
            draw(texts),
        )
        for span in spans(0)
    )
    places = tuple(
        Place(
            span,
            draw(st.none() | st.integers(1, 10**9)),
            draw(texts),
            draw(texts),
            draw(st.none() | st.floats(-90, 90)),
            draw(st.none() | st.floats(-180, 180)),
            draw(st.none() | st.sampled_from(Precision)),
            draw(texts),
        )
        for span in spans(0)
    )
    acts: dict[str, Act] = {}
    for words in spans(0):
        acts[act_id(document.id, words)] = Act(
            act_id(document.id, words),
            words,
            draw(st.sampled_from(ActType)),
            draw(texts),
            draw(texts),
            draw(st.sampled_from(Status)),
            draw(texts),
            draw(st.floats(-3, 3)),
            *(spans(0) for _ in range(6)),
            draw(st.none() | st.just(words)),
            draw(st.none() | st.just(words)),
            draw(st.none() | st.sampled_from(sorted(attributions))) if attributions else None,
            draw(st.none() | st.sampled_from(sorted(acts))) if acts else None,
        )
    claims = tuple(draw(st.permutations(list(attributions.values()))))
    return Reading(
        document,
        claims,
        failures,
        RUN,
        names,
        times,
        figures,
        tuple(parties.values()),
        places,
        tuple(acts.values()),
    )


# --- a reader without a model ----------------------------------------------------------------------------------------


class SampleReader:
    """Finds "X said …" and does as the text tells it: crashes, breaks, or finds the text in another language."""

    def __init__(self, run: Run = RUN) -> None:
        self.run = run

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        if "CRASH" in document.text:
            os._exit(3)
        if "BREAK" in document.text:
            raise ZeroDivisionError("broken on purpose")
        language = "la" if "LINGUA" in document.text else document.language
        if language not in ("", "en"):
            what = f"is in '{language}', and the model reads en"
            raise LanguageError(what, document.url or "text", "leave it out, or give --language if that is wrong")
        found = [
            attribution(document, Kind.INDIRECT, (Span(*said.span(1)),), (Span(*said.span(2)),), (Span(*said.span(3)),))
            for said in re.finditer(r"(\w+) (said) ([^.\n]+)", document.text)
        ]
        return Reading(document, tuple(found), (), self.run)


def load_sample_reader(*, threads: int | None = None) -> SampleReader:
    return SampleReader()


def load_no_reader(*, threads: int | None = None) -> SampleReader:
    raise ModelError("the model folder is damaged")


def load_telling_reader(*, threads: int | None = None) -> SampleReader:
    """One whose run says in which process it reads."""
    return SampleReader(Run("0.1.0", str(os.getpid())))
