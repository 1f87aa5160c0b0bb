"""What may happen to a ledger, and what may be asked of it, drawn by chance and told to an oracle as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.model import Added, Decision, Document, Question, Reading, Run, Stance, Status, Voice
from samples import failed_reading
from tests.store.oracle import DAYS, Facts, Oracle, Wanted, key_of, words_of
from tests.store.world import IRAN, PEOPLE, RUNS, URLS, read_otherwise, revised, small_readings

PAGES = {URLS[0]: "one", URLS[1]: "one", URLS[2]: "two", URLS[3]: "file", URLS[4]: ""}
SPLIT_OFF = "Second Maat"
_NAMES = ("Iran", "TEHRAN", IRAN, "Ána relvas", "ana relvas", "JORIS MAAT", "foreign ministry", SPLIT_OFF, "nobody")
_WORDS = ("denied", "deny", "drones", "CAFE", "Café", "quay", "strasse", "STRASSE", "1", "200", "naïve", "said", "iran")
_DAYS = ("2021", "2022-02-23", "2022-11-04", "2022-11-05", "2022-11", "2022", "2022-12-11", "2023", "2029-12-31")


class Clock:
    """Stands still until it is set on."""

    def __init__(self, now: datetime = datetime(2024, 1, 1, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class History:
    """A ledger and an oracle to which the same happens."""

    def __init__(self, where: str) -> None:
        self.clock = Clock()
        self.ledger = Ledger(where, create=True, who="Mila", clock=self.clock)
        self.oracle = Oracle(PAGES)
        self.readings: list[Reading] = []
        self.decisions: list[Decision] = []
        self.moments: list[datetime] = []

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.ledger.close()

    def go_on(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        """One thing happens."""
        self.clock.now += timedelta(hours=draw(st.integers(1, 40)))
        self.moments.append(self.clock.now)
        if not self.readings:
            self._add(draw)
            return
        steps = [self._add, self._add, self._revise, self._add_again, self._reread, self._correct, self._correct]
        said = [self._retract, self._merge, self._speak, self._split, self._note, self._undo]
        draw(st.sampled_from([*steps, *said]))(draw)

    # --- what happens ------------------------------------------------------------------------------------------------

    def add(self, *readings: Reading, is_live: bool = False) -> list[Added]:
        """Adds readings together."""
        added = self.ledger.add(readings, is_live=is_live)
        for reading, one in zip(readings, added, strict=True):
            self.oracle.add(reading, one.entry, self.clock.now, is_live=is_live)
        self.readings += [reading for reading in readings if reading.document]
        return added

    def _add(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.add(*draw(st.lists(small_readings(), min_size=1, max_size=3)), is_live=draw(st.booleans()))

    def _add_again(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if self.readings:
            several = st.lists(st.sampled_from(range(len(self.readings))), min_size=1, max_size=3)
            self.add(*(self.readings[at] for at in draw(several)), failed_reading(), is_live=draw(st.booleans()))

    def _revise(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        reading = self.readings[draw(st.integers(0, len(self.readings) - 1))]
        self.add(revised(reading, draw(st.sampled_from(("Updated.\n\n", "It was said again: ")))))

    def _reread(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        reader = _Rereader(draw(st.sampled_from(RUNS)), self.readings, lambda many: draw(st.integers(0, many - 1)))
        added = list(self.ledger.reread(load_reader=lambda *, threads=None: reader))
        for reading, one in zip(reader.made, added, strict=True):
            self.oracle.add(reading, one.entry, self.clock.now, "reread")
        self.readings += reader.made

    def _claim(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
        several = [claim.id for reading in self.readings for claim in reading.attributions]
        return self.ledger.get_claim(several[draw(st.integers(0, len(several) - 1))]) if several else None

    def _correct(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        claim = self._claim(draw)
        if claim is None:
            return
        fields = {"stance": ["deny", "fear"], "said_on": ["2022-11-04", "", "2022"], "party": [key_of(IRAN), ""]}
        if claim.acts:
            fields |= {f"act.{len(claim.acts)}.status": ["denied", "done"]}
        if claim.figures:
            fields |= {f"figure.{len(claim.figures)}.{name}": ["5", "0", "", "500000"] for name in ("low", "high")}
        field = draw(st.sampled_from(sorted(fields)))
        value = draw(st.sampled_from(fields[field]))
        if field == "party" and value and not self.ledger.find_things(value):
            return
        try:
            self._decided(self.ledger.correct(claim.id, field, value, why="seen"))
        except UsageError:  # low above high
            return

    def _decided(self, *decisions: Decision) -> None:
        for one in decisions:
            self.oracle.decide(one, self.clock.now)
        self.decisions += decisions

    def _retract(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if self.readings:
            reading = self.readings[draw(st.integers(0, len(self.readings) - 1))]
            assert reading.document is not None
            entry = self.ledger.get_entry(reading.document.id)
            identity = draw(st.sampled_from([reading.document.id, entry.id]))
            self._decided(self.ledger.retract(identity, why="withdrawn"))

    def _parties(self) -> list[str]:
        keys = (key_of(name) for name in (IRAN, *(who.words for who in PEOPLE)))
        return sorted({key for key in keys if self.ledger.find_things(key)})

    def _merge(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if len(parties := self._parties()) > 1:
            one, other = draw(st.permutations(parties))[:2]
            try:
                self._decided(self.ledger.merge(one, other, why="the same"))
            except UsageError:  # they were merged before
                return

    def _speak(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if len(parties := self._parties()) > 1:
            one, other = draw(st.permutations(parties))[:2]
            try:
                self._decided(self.ledger.speaks(one, other, why="it says so"))
            except UsageError:  # they were merged before
                return

    def _split(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if self.readings:
            reading = self.readings[draw(st.integers(0, len(self.readings) - 1))]
            assert reading.document is not None
            here = sorted(party.id for party in self.ledger.get_entry(reading.document.id).parties.values())
            if here:
                party = draw(st.sampled_from(here))
                try:
                    self._decided(*self.ledger.split(party, [reading.document.id], SPLIT_OFF, why="another"))
                except UsageError:  # it was split off before
                    return

    def _note(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if claim := self._claim(draw):
            self._decided(self.ledger.note(claim.id, "call them"))

    def _undo(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        if self.decisions:
            one = self.decisions[draw(st.integers(0, len(self.decisions) - 1))]
            self._decided(self.ledger.undo(one.id, why="a slip"))


class _Rereader:
    """Reads each text somewhat otherwise than before."""

    def __init__(self, run: Run, readings: list[Reading], choose: Callable[[int], int]) -> None:
        self.run = run
        self.made: list[Reading] = []
        self._before = {reading.document: reading for reading in readings}
        self._choose = choose

    def read(self, document: Document, *, read_on: str = "") -> Reading:
        self.made.append(read_otherwise(self._before[document], self._choose, self.run))
        return self.made[-1]


# --- what is asked ---------------------------------------------------------------------------------------------------


def _word(written: str) -> tuple[str, Wanted]:
    return written, Wanted(tuple(words_of(written)))


def _phrase(words: tuple[str, ...], is_prefix: bool) -> tuple[str, Wanted]:
    written = " ".join(words)
    return f'"{written}{"*" if is_prefix else ""}"', Wanted(tuple(words_of(written)), is_prefix)


def _prefix(word: str, length: int) -> tuple[str, Wanted]:
    (folded,) = words_of(word)
    return f"{folded[:length]}*", Wanted((folded[:length],), is_prefix=True)


_terms = st.one_of(
    st.builds(_word, st.sampled_from((*_WORDS, "Quay’s", "1,200", "naïve-quay"))),
    st.builds(_phrase, st.tuples(st.sampled_from(_WORDS), st.sampled_from(_WORDS)), st.booleans()),
    st.builds(_prefix, st.sampled_from(_WORDS), st.integers(1, 5)),
)
_fields: dict[str, st.SearchStrategy[Any]] = {
    "party": st.sampled_from((*_NAMES, key_of(IRAN), key_of("Joris Maat"))),
    "only_itself": st.booleans(),
    "about": st.sampled_from((*_NAMES, key_of(IRAN))),
    "stance": st.lists(st.sampled_from((Stance.ASSERT, Stance.DENY, Stance.CALL_FOR, Stance.FEAR)), max_size=2).map(
        tuple
    ),
    "place": st.sampled_from(("Odesa", "odessa", "Paris", "698740", "2988507", "port alder", "Nowhere")),
    "publisher": st.sampled_from(("Harven Courier", "HARVEN COURIER", "Elan", "Courier")),
    "said_before": st.sampled_from(_DAYS),
    "said_after": st.sampled_from(_DAYS),
    "acted_before": st.sampled_from(_DAYS),
    "acted_after": st.sampled_from(_DAYS[:5]),
    "act": st.sampled_from(("transfer", "AID", "aid", "support", "SUPPORT", "attack", "sanction")),
    "status": st.lists(st.sampled_from((Status.DENIED, Status.DONE, Status.UNDER_WAY)), max_size=2).map(tuple),
    "figure": st.sampled_from(("drones", "drone", "crane", "USD", "km", "people", "Quay")),
    "at_least": st.sampled_from((-10, 0, 0.3, 4, 5, 250, 10**6, 10**9)),
    "at_most": st.sampled_from((-5, 0, 0.25, 1, 4, 250, 10**6, 10**7)),
    "voice": st.sampled_from((None, Voice.PARTY, Voice.PUBLISHER)),
    "superseded": st.just(True),
}


def _of(facts: Facts, oracle: Oracle) -> dict[str, st.SearchStrategy[Any]]:
    """What a claim can be found by: of each field some values that it has."""
    (low, high, counted) = facts.figures[-1] if facts.figures else (None, None, ())
    several: dict[str, list[Any]] = {
        "party": oracle.names_of(facts.speaker or "") if facts.speaker else [],
        "about": [name for party in sorted(facts.about) for name in oracle.names_of(party)],
        "stance": [(facts.stance,), (facts.stance, Stance.FEAR)],
        "place": sorted(map(str, facts.places)),
        "publisher": [" ".join(facts.publisher)],
        "act": [kind for kinds, _, _ in facts.acts for kind in kinds],
        "status": [(status,) for _, status, _ in facts.acts],
        "figure": list(counted),
        "at_least": [low, high],
        "at_most": [low, high],
    }
    if facts.body:
        several["party"] += oracle.names_of(facts.body)
    return {
        name: st.sampled_from(given)
        for name, values in several.items()
        if (given := [value for value in values if value not in (None, "")])
    }


def _words_in(facts: Facts) -> st.SearchStrategy[tuple[str, Wanted]]:
    """One to three words as they stand in a claim, of the last perhaps only a part."""

    @st.composite
    def draw_words(draw: st.DrawFn) -> tuple[str, Wanted]:
        piece = draw(st.sampled_from([piece for piece in facts.pieces if piece]))
        start = draw(st.integers(0, len(piece) - 1))
        words = piece[start : start + draw(st.integers(1, 3))]
        kept = draw(st.integers(1, len(words[-1])))
        cut = (*words[:-1], words[-1][:kept])
        return draw(st.sampled_from([_phrase(words, is_prefix=False), _phrase(cut, is_prefix=True)]))

    return draw_words() if any(facts.pieces) else _terms


@st.composite
def questions(draw: st.DrawFn, history: History) -> tuple[Question, list[Wanted], datetime | None]:
    """A question, its words, and its moment; most often about a claim that there is."""
    facts = history.oracle.facts()
    one = draw(st.sampled_from(facts)) if facts and draw(st.integers(0, 3)) else None
    fields = _fields | (_of(one, history.oracle) if one else {})
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True))
    asked = {name: draw(fields[name]) for name in names}
    terms = draw(st.lists(_words_in(one) if one else _terms, max_size=2)) if draw(st.booleans()) else []
    asked.setdefault("voice", None)
    if {"at_least", "at_most"} <= asked.keys() and asked["at_least"] > asked["at_most"]:
        del asked["at_least"]
    for before, after in (("acted_before", "acted_after"), ("said_before", "said_after")):
        if not {before, after} <= asked.keys():
            continue
        (_, last), (first, _) = DAYS[asked[after]], DAYS[asked[before]]
        if last and first and (first - last).days < 2:  # nothing lies between
            del asked[after]
    as_of = draw(st.none() | st.sampled_from(history.moments))
    written = ""
    if as_of is not None and draw(st.booleans()):
        as_of = datetime.combine(as_of, time.max, UTC)
        written = as_of.date().isoformat()
    elif as_of is not None:
        as_of -= timedelta(microseconds=draw(st.integers(0, 1)))
        written = as_of.isoformat()
    question = Question(**asked, words=" ".join(word for word, _ in terms), as_of=written)
    return question, [wanted for _, wanted in terms], as_of
