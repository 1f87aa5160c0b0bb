"""A ledger that keeps everything in lists and looks at all of it for every question; what a real one must answer.

It knows nothing of indexes, facets, tables or dialects, and takes from the package only the nouns. Days are looked up
in a table of those that the small world has.
"""

from __future__ import annotations

import dataclasses
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from onrecord.errors import NotFound
from onrecord.model import (
    Act,
    Attribution,
    Claim,
    Decision,
    DecisionKind,
    Document,
    Figure,
    MentionKind,
    Question,
    Reading,
    Span,
    Stance,
    Status,
    Voice,
    digest,
    figure_id,
)
from onrecord.text import find_sentences

Days = tuple[date | None, date | None]

# What each date of the small world covers.
DAYS: Mapping[str, Days] = {
    "2021": (date(2021, 1, 1), date(2021, 12, 31)),
    "2022": (date(2022, 1, 1), date(2022, 12, 31)),
    "2023": (date(2023, 1, 1), date(2023, 12, 31)),
    "2022-11": (date(2022, 11, 1), date(2022, 11, 30)),
    "2022-02-23": (date(2022, 2, 23), date(2022, 2, 23)),
    "2022-11-04": (date(2022, 11, 4), date(2022, 11, 4)),
    "2022-11-04T23:59:00-05:00": (date(2022, 11, 4), date(2022, 11, 4)),
    "2022-11-05": (date(2022, 11, 5), date(2022, 11, 5)),
    "2022-12-11": (date(2022, 12, 11), date(2022, 12, 11)),
    "2022-12-10/2022-12-11": (date(2022, 12, 10), date(2022, 12, 11)),
    "2023-01-01T10:00": (date(2023, 1, 1), date(2023, 1, 1)),
    "2022-24": (date(2022, 12, 1), date(2023, 2, 28)),
    "2022-36": (date(2022, 10, 1), date(2022, 12, 31)),
    "202X": (date(2020, 1, 1), date(2029, 12, 31)),
    "2029-12-31": (date(2029, 12, 31), date(2029, 12, 31)),
    "../2022-02-23": (None, date(2022, 2, 23)),
    "2022-10/..": (date(2022, 10, 1), None),
}


def words_of(text: str) -> list[str]:
    """Lower case, no accents, letters and digits."""
    plain = [char for char in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(char)]
    return ["".join(run) for is_word, run in itertools.groupby(plain, str.isalnum) if is_word]


def key_of(name: str) -> str:
    """The permanent id of a party by its name."""
    return digest("party", " ".join(words_of(name)) or name)


def _threes(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


@dataclass(frozen=True)
class Wanted:
    """Words that are asked for: a word, several in a row, of the last perhaps only its beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False

    def is_in(self, pieces: Sequence[Sequence[str]]) -> bool:
        many = len(self.words)
        return any(
            all(
                has.startswith(asked) if self.is_prefix and at == many - 1 else has == asked
                for at, (has, asked) in enumerate(zip(piece[start:], self.words, strict=False))
            )
            for piece in pieces
            for start in range(len(piece) - many + 1)
        )


@dataclass(frozen=True)
class Facts:
    """All that a claim can be asked for.

    Attributes:
        said: first and last day; None if unknown.
        acts: of each act its two kinds, its status and its times.
        figures: of each figure its bounds and the words for what is counted.
    """

    id: str
    number: int
    is_own: bool
    stance: Stance
    said: tuple[date, date] | None
    said_on: str | None
    pieces: tuple[tuple[str, ...], ...]
    speaker: str | None
    body: str | None
    about: frozenset[str]
    places: frozenset[int | str]
    publisher: tuple[str, ...]
    acts: tuple[tuple[tuple[str, str], Status, tuple[Days, ...]], ...]
    figures: tuple[tuple[float | None, float | None, tuple[str, ...]], ...]

    def profile(self) -> object:
        """What makes it another claim to whoever asks: only then is it entered anew."""
        kinds = {(kind.lower(), status) for both, status, _ in self.acts for kind in both}
        times = {days for _, _, several in self.acts for days in several}
        said = (self.stance, self.said, self.speaker, self.body, self.about, self.figures)
        return said, kinds, times


@dataclass
class Row:
    """A claim from when it was entered on, until it counted no more."""

    facts: Facts
    entry: str
    order: int
    since: int
    until: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a claim in an answer must show."""

    id: str
    entry: str
    stance: Stance
    said_on: str | None
    party: str | None


@dataclass(frozen=True)
class _Event:
    at: datetime
    verb: str
    reading: Reading | None = None
    entry: str = ""
    decision: Decision | None = None


@dataclass
class _State:
    """The ledger at a number of its log."""

    readings: dict[str, list[tuple[str, Reading]]] = field(default_factory=dict)  # by document
    filed: dict[str, str] = field(default_factory=dict)  # of each document, its page
    pages: dict[str, tuple[str, tuple[str, Reading] | None]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)
    order: int = 0


class Oracle:
    """See above.

    Args:
        pages: of each address, the page that it leads to; an empty one leads to a page for each text.
    """

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages
        self._events: list[_Event] = []
        self._states: dict[int, _State] = {}

    def add(self, reading: Reading, entry: str, at: datetime, verb: str = "add", *, is_live: bool = False) -> None:
        """A reading that the ledger was given; ``entry`` is the id that it got."""
        state = self._state(len(self._events))
        if reading.document is None:
            if not any(event.entry == entry for event in self._events):
                self._events.append(_Event(at, "fail", None, entry))
            return
        is_known = any(entry == one for one, _ in state.readings.get(reading.document.id, ()))
        shown = state.pages.get(self._page(state, reading))
        if is_known and (verb == "reread" or not is_live or (shown and shown[0] == reading.document.id)):
            return
        self._events.append(_Event(at, verb, reading, entry))

    def decide(self, decision: Decision, at: datetime) -> None:
        """Somebody decided."""
        self._events.append(_Event(at, "decide", decision=decision))

    @property
    def seq(self) -> int:
        """How many rows the log has."""
        return len(self._events)

    def facts(self) -> list[Facts]:
        """Of all claims that are or were in it."""
        return [row.facts for row in self._state(self.seq).rows]

    def names_of(self, party: str) -> list[str]:
        """What a party can be asked by."""
        return sorted({party, *(name for name, meant in self._state(self.seq).names.items() if party in meant)})

    # --- replaying ---------------------------------------------------------------------------------------------------

    def _page(self, state: _State, reading: Reading) -> str:
        document = reading.document
        assert document is not None
        own = f"text {document.id}"
        page = state.filed.get(document.id) or self._pages[document.url] or own
        if document.id in state.filed or page not in state.pages or "://" in document.url:
            return page
        # A name of a file is used again for something else, unless enough of what it said is said again.
        ((_, former), *_) = state.readings[state.pages[page][0]]
        assert former.document is not None
        threes, others = (_threes(one.text) for one in (former.document, document))
        least = min(len(threes), len(others))
        return page if not least or len(threes & others) >= 0.3 * least else own

    def _state(self, seq: int) -> _State:
        if seq not in self._states:
            state = _State()
            for number, event in enumerate(self._events[:seq], 1):
                if event.decision is not None:
                    self._replay_decision(state, event.decision, number)
                elif event.reading is not None:
                    self._replay_reading(state, event.reading, event.entry, event.verb, number)
            self._states[seq] = state
        return self._states[seq]

    def _replay_reading(self, state: _State, reading: Reading, entry: str, verb: str, seq: int) -> None:
        assert reading.document is not None
        document, page = reading.document.id, self._page(state, reading)
        state.filed[document] = page
        held = state.readings.setdefault(document, [])
        if entry not in [one for one, _ in held]:
            held.append((entry, reading))
            _name(state, reading, _known(reading, ()))
        if verb == "reread" and state.pages[page][0] != document:
            return
        self._show(state, page, document, seq)

    def _show(self, state: _State, page: str, document: str, seq: int) -> None:
        active = _of_page(state, document)
        retracted = {one.subject for one in active if one.kind is DecisionKind.RETRACT}
        current = next((pair for pair in reversed(state.readings[document]) if pair[0] not in retracted), None)
        if document in retracted:
            current = None
        former = state.pages.get(page)
        if former and former[1]:
            for row in state.rows:
                if row.entry == former[1][0] and row.until is None:
                    row.until = seq
        state.pages[page] = (document, current)
        if current:
            for facts in _effective(state, current[1], active):
                _enter(state, facts, current[0], seq)

    def _replay_decision(self, state: _State, decision: Decision, seq: int) -> None:
        page = state.filed.get(decision.document)
        if page is None:
            state.decisions.append(decision)
            return
        document, pair = state.pages[page]
        before = _effective(state, pair[1], _of_page(state, document)) if pair else []
        state.decisions.append(decision)
        active = _of_page(state, document)
        retracted = {one.subject for one in active if one.kind is DecisionKind.RETRACT}
        current = next((one for one in reversed(state.readings[document]) if one[0] not in retracted), None)
        if (None if document in retracted else current) != pair:
            self._show(state, page, document, seq)
            return
        if pair is None:
            return
        after = _effective(state, pair[1], active)
        changed = [new for old, new in zip(before, after, strict=True) if old.profile() != new.profile()]
        now = {facts.id: facts for facts in after}
        for row in state.rows:
            if row.until is None and row.facts.id in {facts.id for facts in changed}:
                row.until = seq
            elif row.until is None and row.facts.id in now:
                row.facts = now[row.facts.id]  # it is shown as corrected, and found as before
        for facts in changed:
            _enter(state, facts, pair[0], seq)

    # --- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: Question, wanted: Sequence[Wanted] = (), as_of: datetime | None = None) -> list[Answer]:
        """The claims that answer, in order.

        Args:
            question: all but its words and its ``as_of``.
            wanted: its words.
            as_of: the moment; None for now.

        Raises:
            NotFound: nobody is called so.
        """
        seq = len([event for event in self._events if as_of is None or event.at <= as_of])
        state = self._state(seq)
        names = self._state(len(self._events)).names
        roots = _roots(state.decisions)
        speakers = _resolve(question.party, names, roots)
        spokesmen: set[str] = set()
        for _ in state.decisions:  # a spokesman may have another one, and so on: as many steps at most
            spokesmen |= {
                roots.get(one.subject, one.subject)
                for one in _active(state.decisions)
                if one.kind is DecisionKind.SPEAKS and roots.get(one.value, one.value) in speakers | spokesmen
            }
        about = _resolve(question.about, names, roots)

        def root(party: str | None) -> str | None:
            return roots.get(party or "", party)

        def fits(facts: Facts) -> bool:
            return (
                (question.voice is None or facts.is_own == (question.voice is Voice.PUBLISHER))
                and (
                    not question.party
                    or root(facts.speaker) in speakers
                    or (root(facts.body) in speakers and not question.only_itself)
                    or (not question.only_itself and bool({root(facts.speaker), root(facts.body)} & spokesmen))
                )
                and (not question.about or bool({root(party) for party in facts.about} & about))
                and (not question.stance or facts.stance in question.stance)
                and all(one.is_in(facts.pieces) for one in wanted)
                and (not question.place or self._fits_place(question.place, facts.places))
                and (not question.publisher or tuple(words_of(question.publisher)) == facts.publisher)
                and _fits_said(question, facts.said)
                and _fits_acts(question, facts)
                and _fits_figures(question, facts)
            )

        if question.superseded:
            rows = [row for row in state.rows if row.until is not None]
            rows = [
                row
                for row in rows
                if not any(
                    row.until is not None and other.since >= row.until for other in state.rows if _same(row, other)
                )
            ]
        else:
            rows = [row for row in state.rows if row.until is None]
        rows = [row for row in rows if fits(row.facts)]
        rows.sort(key=lambda row: (row.facts.said[0] if row.facts.said else date.min, row.order), reverse=True)
        shown = []
        for row in rows:
            # What counts no more is shown as it counted last.
            then = roots if row.until is None else _roots(self._state(row.until - 1).decisions)
            party = then.get(row.facts.speaker or "", row.facts.speaker)
            shown.append(Answer(row.facts.id, row.entry, row.facts.stance, row.facts.said_on, party))
        return shown

    def _fits_place(self, asked: str, places: frozenset[int | str]) -> bool:
        if asked.isdecimal():
            return int(asked) in places
        name = " ".join(words_of(asked))
        meant = {
            place.geonames
            for event in self._events
            if event.reading is not None and event.reading.document is not None
            for place in event.reading.places
            if place.geonames is not None
            and name in {" ".join(words_of(n)) for n in (place.name, place.span.of(event.reading.document.text))}
        }
        return bool(places & {name, *meant})


def _same(row: Row, other: Row) -> bool:
    return row.facts.id == other.facts.id


def _enter(state: _State, facts: Facts, entry: str, seq: int) -> None:
    state.order += 1
    state.rows.append(Row(facts, entry, state.order, seq))


def _resolve(name: str, names: Mapping[str, set[str]], roots: Mapping[str, str]) -> set[str | None]:
    if not name:
        return set()
    known = {party for several in names.values() for party in several}
    meant = {name} & known or names.get(" ".join(words_of(name)), set())
    if not meant:
        raise NotFound(name)
    return {roots.get(party, party) for party in meant}


def _fits_said(question: Question, said: tuple[date, date] | None) -> bool:
    if question.said_before and not (said and said[1] < _ends(question.said_before)[0]):
        return False
    return not question.said_after or bool(said and said[0] > _ends(question.said_after)[1])


def _ends(asked: str) -> tuple[date, date]:
    first, last = DAYS[asked]
    assert first is not None
    assert last is not None
    return first, last


def _fits_acts(question: Question, facts: Facts) -> bool:
    if not (question.act or question.status or question.acted_before or question.acted_after):
        return True
    first = _ends(question.acted_after)[1] + timedelta(1) if question.acted_after else date.min
    last = _ends(question.acted_before)[0] - timedelta(1) if question.acted_before else date.max
    is_timed = bool(question.acted_before or question.acted_after)
    return any(
        (not question.act or question.act.lower() in [kind.lower() for kind in kinds])
        and (not question.status or status in question.status)
        and (not is_timed or any((a or date.min) <= last and (b or date.max) >= first for a, b in times))
        for kinds, status, times in facts.acts
    )


def _fits_figures(question: Question, facts: Facts) -> bool:
    (word,) = words_of(question.figure) or [""]
    several = {word, word + "s", word.removesuffix("s") if len(word) > 3 else word}

    def fits(low: float | None, high: float | None, counted: Sequence[str]) -> bool:
        return (
            (not word or bool(several & set(counted)))
            and (question.at_least is None or high is None or high >= question.at_least)
            and (question.at_most is None or low is None or low <= question.at_most)
        )

    if not word and question.at_least is None and question.at_most is None:
        return True
    return any(fits(*figure) for figure in facts.figures)


# --- what people decided ---------------------------------------------------------------------------------------------


def _active(decisions: Sequence[Decision]) -> list[Decision]:
    def holds(at: int) -> bool:
        return not any(
            later.kind is DecisionKind.UNDO and later.subject == decisions[at].id and holds(at + 1 + after)
            for after, later in enumerate(decisions[at + 1 :])
        )

    return [one for at, one in enumerate(decisions) if one.kind is not DecisionKind.UNDO and holds(at)]


def _of_page(state: _State, document: str) -> list[Decision]:
    """What was decided about any version of the page that a document is one of."""
    page = state.filed[document]
    return [one for one in _active(state.decisions) if state.filed.get(one.document) == page]


def _roots(decisions: Sequence[Decision]) -> dict[str, str]:
    into: dict[str, str] = {}

    def root(party: str) -> str:
        return root(into[party]) if party in into else party

    for one in _active(decisions):
        if one.kind is DecisionKind.MERGE and root(one.subject) != root(one.value):
            into[root(one.subject)] = root(one.value)
    return {party: root(party) for party in into}


def _known(reading: Reading, active: Iterable[Decision]) -> dict[str, tuple[str, str]]:
    """The party, and its name, that each named party of a reading is."""
    assert reading.document is not None
    known: dict[str, tuple[str, str]] = {}
    for party in reading.parties:
        if party.name is None:
            continue
        name = party.name.of(reading.document.text)
        if party.speaks_for and party.speaks_for.words == party.name:
            name = party.speaks_for.body
        known[party.id] = (key_of(name), name)
    for one in active:
        if one.kind is DecisionKind.SPLIT:
            for local, (party_key, _) in known.items():
                if party_key == one.subject:
                    known[local] = (key_of(one.value), one.value)
    return known


def _name(state: _State, reading: Reading, known: Mapping[str, tuple[str, str]]) -> None:
    assert reading.document is not None
    for party in reading.parties:
        names: list[tuple[str, str]] = []
        if party.speaks_for:
            names.append((party.speaks_for.body, key_of(party.speaks_for.body)))
        if party.id in known:
            key, name = known[party.id]
            names.append((name, key))
            names += [
                (mention.span.of(reading.document.text), key)
                for mention in party.mentions
                if mention.kind is MentionKind.NAME
            ]
        for name, key in names:
            state.names.setdefault(" ".join(words_of(name)), set()).add(key)


def _effective(state: _State, reading: Reading, active: Sequence[Decision]) -> list[Facts]:
    """The facts of a reading's claims, after what was decided; names that are new through it become known."""
    assert reading.document is not None
    known = _known(reading, active)
    _name(state, reading, known)
    claims, acts, figures = list(reading.attributions), list(reading.acts), list(reading.figures)
    given: dict[int, str] = {}  # claims that were given to a party of the ledger
    for said in active:
        if said.kind is not DecisionKind.CORRECT:
            continue
        kind, _, name = said.field.partition(".")
        one = _here(state, said, reading.document)
        if kind == "claim":
            at = _find(one, [(claim.id, (*claim.source, *claim.cue, *claim.content)) for claim in claims])
            if at is not None and name == "party":
                given[at] = one.value
            elif at is not None:
                changed: dict[str, Any] = {name: Stance(one.value) if name == "stance" else one.value or None}
                claims[at] = dataclasses.replace(claims[at], **changed)
        elif kind == "act":
            at = _find(one, [(act.id, (act.words,)) for act in acts])
            if at is not None:
                acts[at] = dataclasses.replace(acts[at], status=Status(one.value))
        else:
            document = reading.document.id
            at = _find(one, [(figure_id(document, figure.span), (figure.span,)) for figure in figures])
            try:
                if at is not None:
                    bound: dict[str, Any] = {name: float(one.value) if one.value else None}
                    figures[at] = dataclasses.replace(figures[at], **bound)
            except ValueError:  # low above high, since something else was decided
                continue
    return [_facts(reading, known, at, claim, acts, figures, given.get(at)) for at, claim in enumerate(claims)]


def _here(state: _State, decision: Decision, document: Document) -> Decision:
    """A correction with the places of its words in this version: in the same sentences, said once in each; or nowhere."""
    if decision.document == document.id:
        return decision
    former = state.readings[decision.document][0][1].document
    assert former is not None
    meant = {place for span in decision.words for place in range(span.start, span.end)}
    before, after = (list(find_sentences(text)) for text in (former.text, document.text))
    here = [at for at, one in enumerate(before) if meant & set(range(one.start, one.end))]
    run = [before[at].of(former.text) for at in range(here[0], here[-1] + 1)]

    def places(sentences: list[Span], text: str) -> list[int]:
        words = [one.of(text) for one in sentences]
        return [at for at in range(len(words)) if words[at : at + len(run)] == run]

    there = places(after, document.text)
    if len(there) != 1 or len(places(before, former.text)) != 1:
        return dataclasses.replace(decision, words=())
    to = {
        place: after[there[0] + at - here[0]].start + place - before[at].start
        for at in here
        for place in range(before[at].start, before[at].end)
    }
    words = tuple(Span(to[span.start], to[span.end - 1] + 1) for span in decision.words)
    return dataclasses.replace(decision, words=words)


def _find(decision: Decision, several: Sequence[tuple[str, Sequence[Span]]]) -> int | None:
    """What a correction is about: by its id, or else what has most characters in common with it, and three quarters at least."""
    for at, (identity, _) in enumerate(several):
        if identity == decision.subject:
            return at
    meant = _places(decision.words)
    if not meant:
        return None
    shares = [len(_places(spans) & meant) / len(_places(spans) | meant) for _, spans in several]
    best = max(shares, default=0.0)
    return shares.index(best) if best >= 0.75 else None


def _places(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def _facts(
    reading: Reading,
    known: Mapping[str, tuple[str, str]],
    number: int,
    claim: Attribution,
    acts: Sequence[Act],
    figures: Sequence[Figure],
    given: str | None,
) -> Facts:
    document = reading.document
    assert document is not None
    text = document.text

    def inside(span: Span) -> bool:
        return any(piece.start <= span.start and span.end <= piece.end for piece in claim.content)

    local = claim.party
    if given is not None:
        local = next((one for one, (key, _) in known.items() if key == given), None)
    speaker = (given or None) if given is not None else known.get(local or "", (None, ""))[0]
    body = None
    for party in reading.parties:
        if party.id == local and party.speaks_for:
            body = key_of(party.speaks_for.body)
            if party.speaks_for.words == party.name and known[local][0] != body:  # people said it is another here
                body = None
    said = DAYS.get(claim.said_on or "") or DAYS.get(document.published)
    ends = [day for day in said or () if day]
    times = {when.span: DAYS.get(when.edtf or "") for when in reading.times}
    return Facts(
        id=claim.id,
        number=number,
        is_own=claim.voice is Voice.PUBLISHER,
        stance=claim.stance,
        said=(min(ends), max(ends)) if ends else None,
        said_on=claim.said_on,
        pieces=tuple(tuple(words_of(piece.of(text))) for piece in claim.content),
        speaker=speaker,
        body=body,
        about=frozenset(
            known[party.id][0]
            for party in reading.parties
            if party.id in known and any(inside(mention.span) for mention in party.mentions)
        ),
        places=frozenset(
            place.geonames if place.geonames is not None else " ".join(words_of(place.span.of(text)))
            for place in reading.places
            if inside(place.span)
        ),
        publisher=tuple(words_of(document.publisher)),
        acts=tuple(
            ((act.type.value, act.kind), act.status, tuple(days for span in act.times if (days := times[span])))
            for act in acts
            if act.claim == claim.id
        ),
        figures=tuple(
            (
                figure.low,
                figure.high,
                (*words_of(figure.unit), *(words_of(figure.counted.of(text)) if figure.counted else ())),
            )
            for figure in figures
            if inside(figure.span)
        ),
    )


def answers(claims: Iterable[Claim]) -> list[Answer]:
    """What a ledger answered, in the same words."""
    return [
        Answer(
            claim.id,
            claim.entry.id,
            claim.attribution.stance,
            claim.attribution.said_on,
            claim.party.id if claim.party else None,
        )
        for claim in claims
    ]
