"""Questions: what is asked, as tokens of the index and bounds on ranks; and the claims that answer."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from onrecord.errors import NotFound, UsageError
from onrecord.model import ActType, Claim, KnownParty, Page, Question, Voice
from onrecord.store import schema
from onrecord.store.dialect import Phrase, Wanted
from onrecord.store.effective import load_effective, load_parties, load_roots, load_ties
from onrecord.store.schema import DAY, RANK_SHIFT, id_of, timestamp
from onrecord.store.store import Store
from onrecord.store.terms import (
    act_facet,
    asked_days,
    asked_magnitudes,
    find_days,
    fold,
    folded,
    place_facet,
    publisher_facet,
    status_facet,
    unit_words,
)

_PLOVER = frozenset(
    """ACCUSE AGREE AID ASSAULT COERCE CONSULT COOPERATE MOBILIZE PROTEST REJECT REQUEST SANCTION SUPPORT THREATEN
    YIELD""".split()
)
"""The types of events that acts have: those of the PLOVER codebook (2022), with CONCEDE and RETREAT as one, YIELD."""
_MOST_BEGINNINGS = 128  # words that one prefix may stand for; of more, the database looks for the beginning itself
_CLOSE = 5  # names that are suggested for one that is not there
_LOOKED_THROUGH = 100_000  # names, at most, in which its words are looked for: some 10 ms
_LOOKED_AT = 20  # claims from which names are taken that stand in no table
_SHORTEST = 3  # characters of such a name that are enough to suggest another
_BATCH = 256  # candidates looked at together, where not all of them answer
_PHRASE = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_ID = re.compile(r"[0-9a-f]{16}")
_RATE = re.compile(" (?:a|an|per) ")
_LAST_RANK = (1 << 63) - 1
_LONGEST_MARK = 15  # hexadecimal digits: what is longer is no number of ours, and too great for a database


@dataclass(slots=True)
class _Plan:
    """What a question comes to.

    Attributes:
        match: groups of phrases, of each of which a claim has one.
        bounds: conditions on rows of ``claim``.
        first: the least rank.
        end: the rank above the greatest; the index is walked from there, so the two are no conditions like others.
        check: what a claim that was found must still fulfil, None for nothing.
        parties: those that the name in the question was taken for.
        superseded: ask for claims that count no more.
    """

    match: list[list[Phrase]] = field(default_factory=list)
    bounds: list[ColumnElement[bool]] = field(default_factory=list)
    first: int = 0
    end: int = _LAST_RANK
    check: Callable[[Claim], bool] | None = None
    parties: tuple[KnownParty, ...] = ()
    superseded: bool = False

    def facets(self, *facets: str) -> None:
        """Asks for one of these facets."""
        self.match.append([Phrase((facet,)) for facet in facets])


def find_page(store: Store, question: Question, *, limit: int = 20, after: str = "") -> Page:
    """The claims that answer a question, the latest said first.

    Args:
        store: the ledger.
        question: what is asked.
        limit: most claims on the page.
        after: :attr:`Page.after` of the page before.

    Raises:
        UsageError: the question makes no sense.
        NotFound: the ledger knows no such party or place.
    """
    before, seq = _LAST_RANK, None
    if after:
        before, seq = _cursor(after)
    with store.reading() as connection:
        seq = seq if seq is not None else find_seq(connection, question.as_of)
        plan = make_plan(store, connection, question, seq)
        claims: list[Claim] = []
        ranks: list[int] = []
        for rank, claim in _candidates(store, connection, plan, before, seq, limit):
            if plan.check is None or plan.check(claim):
                claims.append(claim)
                ranks.append(rank)
                if len(claims) > limit:
                    break
    is_more = len(claims) > limit
    return Page(tuple(claims[:limit]), f"{ranks[limit - 1]:x}.{seq:x}" if is_more else "")


def _cursor(after: str) -> tuple[int, int]:
    rank, dot, seq = after.partition(".")
    try:
        if not dot or max(len(rank), len(seq)) > _LONGEST_MARK:
            raise ValueError(after)
        return int(rank, 16), int(seq, 16)
    except ValueError:
        raise UsageError(f"{after[:40]!r} follows no page; give what the page before ended with") from None


def find_seq(connection: Connection, as_of: str) -> int:
    """The number of the last row of the log at a time; now, if none is given."""
    last = select(func.max(schema.log.c.seq))
    if as_of:
        last = last.where(schema.log.c.at <= _moment(as_of))
    return connection.execute(last).scalar() or 0


def _horizon(connection: Connection, seq: int) -> int:
    """A rank that none was above at a number of the log: what was recorded later need not be walked through."""
    log, horizon = schema.log, schema.horizon
    at = connection.execute(select(log.c.at).where(log.c.seq == seq)).scalar()
    if at is None:  # before the first row
        return 0
    chosen = select(horizon.c.rank).where(horizon.c.day <= at // DAY).order_by(horizon.c.day.desc()).limit(1)
    return connection.execute(chosen).scalar() or 0


def _moment(as_of: str) -> int:
    """The last microsecond of a day, a month or a year, or the one that is named."""
    if "T" in as_of or " " in as_of:
        try:
            at = datetime.fromisoformat(as_of)
        except ValueError:
            raise UsageError(f"{as_of[:40]!r} is no time; write 2022-11-05 or 2022-11-05T10:00:00Z") from None
        return schema.microseconds(at if at.tzinfo else at.replace(tzinfo=UTC))
    day = date.fromordinal(_days(as_of)[1])
    return schema.microseconds(datetime(day.year, day.month, day.day, tzinfo=UTC)) + DAY - 1


def _days(written: str) -> tuple[int, int]:
    days = find_days(written.strip())
    if days is None or days[0] is None or days[1] is None:
        raise UsageError(f"{written[:40]!r} is no date; write 2022-11-05, 2022-11 or 2022")
    return days[0], days[1]


# --- from a question to tokens ---------------------------------------------------------------------------------------


def make_plan(store: Store, connection: Connection, question: Question, seq: int) -> _Plan:
    """What a question comes to in the index."""
    plan = _Plan(superseded=question.superseded)
    claim = schema.claim
    if question.party:
        plan.parties = find_parties(connection, question.party, seq)
        ids = _merged(connection, plan.parties, seq)
        speakers = [f":p={one}" for one in ids]
        if not question.only_itself:
            speakers += [f":f={one}" for one in ids]
            speakers += [f":{role}={one}" for one in _spokesmen(connection, plan.parties, seq) for role in "pf"]
        plan.facets(*speakers)
    if question.about:
        named = find_parties(connection, question.about, seq)
        plan.facets(*(f":m={one}" for one in _merged(connection, named, seq)))
    if question.stance:
        plan.facets(*(f":s={stance}" for stance in question.stance))
    for phrase in _phrases(question.words):
        plan.match.append(_beginnings(connection, phrase) if phrase.is_prefix else [phrase])
    if question.place:
        plan.facets(*_places(connection, question.place))
    if question.publisher:
        plan.facets(publisher_facet(question.publisher) or _no_words("publisher", question.publisher))
    _plan_acts(plan, question)
    _plan_figures(plan, question)
    if question.voice is not None:
        plan.bounds.append(claim.c.is_own == int(question.voice is Voice.PUBLISHER))
    if question.said_after:
        plan.first = (_days(question.said_after)[1] + 1) << RANK_SHIFT
    if question.said_before:
        day = _days(question.said_before)[0]
        plan.first, plan.end = max(plan.first, 1 << RANK_SHIFT), day << RANK_SHIFT
        if question.said_after and plan.first >= plan.end:
            raise UsageError(f"nothing is after {question.said_after} and before {question.said_before}")
        last_day = claim.c.rank.op(">>", return_type=BigInteger())(literal_column(str(RANK_SHIFT))) + claim.c.days
        plan.bounds.append(or_(claim.c.days == 0, last_day < day))
    if question.as_of:
        plan.end = min(plan.end, _horizon(connection, seq) + 1)
    return plan


def _no_words(what: str, written: str) -> str:
    raise UsageError(f"{written[:40]!r} has no word in it that a {what} could be found by")


def _phrases(words: str) -> Iterator[Phrase]:
    for match in _PHRASE.finditer(words):
        quoted = match[1] or match[2] or ""
        written = quoted or match[3] or ""
        is_prefix = written.endswith("*")
        if tokens := tuple(fold(written)):
            # A word with a hyphen in it is a phrase, as it is in the texts.
            yield Phrase(tokens, is_prefix)
    if words.strip() and not fold(words):
        _no_words("claim", words)


def _beginnings(connection: Connection, phrase: Phrase) -> list[Phrase]:
    """A phrase with each word that its last may stand for; the index walks through these, and need not gather them."""
    last = phrase.tokens[-1]
    words = connection.execute(
        select(schema.word.c.word)
        .where(schema.word.c.word >= last, schema.word.c.word < last + "\U0010ffff")
        .limit(_MOST_BEGINNINGS + 1)
    ).scalars()
    found = [word for word in words if word.startswith(last)]
    if len(found) > _MOST_BEGINNINGS:
        return [phrase]
    return [Phrase((*phrase.tokens[:-1], word)) for word in found] or [Phrase(phrase.tokens)]


def _plan_acts(plan: _Plan, question: Question) -> None:
    wants_days = bool(question.acted_before or question.acted_after)
    if question.act:
        kind = question.act
        if kind.lower() not in list(ActType) and kind.upper() not in _PLOVER:
            raise UsageError(f"{kind[:40]!r} is no act; write {', '.join(ActType)}, or a PLOVER type like AID")
        plan.facets(*(act_facet(kind, status) for status in question.status or ("",)))
    elif question.status:
        plan.facets(*(status_facet(status) for status in question.status))
    if wants_days:
        first = _days(question.acted_after)[1] + 1 if question.acted_after else None
        last = _days(question.acted_before)[0] - 1 if question.acted_before else None
        if first is not None and last is not None and first > last:
            raise UsageError(f"nothing is after {question.acted_after} and before {question.acted_before}")
        plan.facets(*asked_days((first, last)), ":da=")  # the last one has nobody: days may lie where none are indexed
        if question.act or question.status:  # the index knows that some act fits each; here one must fit all
            plan.check = lambda claim: _has_act(claim, question, first, last)


def _has_act(claim: Claim, question: Question, first: int | None, last: int | None) -> bool:
    days = {time.span: find_days(time.edtf) for time in claim.entry.reading.times}
    for act in claim.acts:
        if question.act and folded(question.act) not in (folded(act.type), folded(act.kind)):
            continue
        if question.status and act.status not in question.status:
            continue
        for span in act.times:
            if found := days.get(span):
                begin, end = found
                if (last is None or begin is None or begin <= last) and (first is None or end is None or end >= first):
                    return True
    return False


def _plan_figures(plan: _Plan, question: Question) -> None:
    low, high = question.at_least, question.at_most
    if not all(math.isfinite(value) for value in (low, high) if value is not None):
        raise UsageError("a figure is at least or at most a number; write one, like 100")
    if low is not None and high is not None and low > high:
        raise UsageError(f"nothing is at least {low:g} and at most {high:g}")
    counted = _counted(question.figure) if question.figure else []
    for group in counted:
        plan.facets(*(f":n={one}" for one in group))
    if low is None and high is None:
        return
    plan.facets(*asked_magnitudes(low, high))
    figure = schema.figure
    fits = [figure.c.rank == schema.claim.c.rank]
    if low is not None:
        fits.append(or_(figure.c.high.is_(None), figure.c.high >= low))
    if high is not None:
        fits.append(or_(figure.c.low.is_(None), figure.c.low <= high))
    fits += [or_(*(figure.c.counted.contains(f" {one} ", autoescape=True) for one in group)) for group in counted]
    plan.bounds.append(exists().where(*fits))


def _counted(asked: str) -> list[list[str]]:
    """What must be counted: of each group one word. A unit is found by its names, too: ``euros`` are EUR."""
    name = folded(asked)
    units = _units().get(name, [])
    parts = _RATE.split(name)
    if not units and len(parts) > 1 and parts[-1] and all(part in _unit_names() for part in parts[:-1]):
        return [group for part in parts for group in _counted(part)]  # dollars a barrel are USD/barrel
    if len(units) == 1 and len(units[0]) > 1:  # km/h is two words of the index, so are the kilometres per hour
        return [[word] for word in units[0]]
    words = unit_words(asked) or [_no_words("figure", asked)]
    if units and len(words) > 1:
        return [[word for unit in units for word in unit]]
    named = [[unit[0] for unit in _units().get(word, []) if len(unit) == 1] for word in words]
    return [list(dict.fromkeys([*_numbers_of(word), *also])) for word, also in zip(words, named, strict=True)]


def _numbers_of(word: str) -> list[str]:
    """A word in the singular and in the plural: who asks for drones means one drone, too."""
    if word.endswith("s") and len(word) > 3:
        return [word, word[:-1]]
    return [word, word + "s"]


@functools.cache
def _units() -> Mapping[str, list[list[str]]]:
    """The words of the index for each unit that a folded name, in the singular or plural, may stand for."""
    units: dict[str, list[list[str]]] = {}
    for line in Path(__file__).with_name("units.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            unit, names = line.split("\t")
            for name in names.split("|"):
                for one in dict.fromkeys((folded(name), folded(name + "s"))):
                    units.setdefault(one, []).append(unit_words(unit))
    return units


@functools.cache
def _unit_names() -> frozenset[str]:
    """All that a unit is called, its own name included."""
    return frozenset(_units()) | {" ".join(words) for several in _units().values() for words in several}


# --- names -----------------------------------------------------------------------------------------------------------


def find_parties(connection: Connection, name: str, seq: int) -> tuple[KnownParty, ...]:
    """The parties that a name or an id may mean, after those that were merged.

    Raises:
        NotFound: the ledger knows none; the message names some that are called much the same.
    """
    return find_named(connection, name, seq, merged=True)


def find_named(connection: Connection, name: str, seq: int, *, merged: bool) -> tuple[KnownParty, ...]:
    """Likewise, or before they were merged."""
    if _ID.fullmatch(name):
        parties = load_parties(connection, [name])
        if not parties:
            raise NotFound(f"the ledger knows no party {name}")
    else:
        wanted = folded(name)
        keys = connection.execute(select(schema.alias.c.party).where(schema.alias.c.name == wanted)).scalars()
        parties = load_parties(connection, [id_of(key) for key in keys])
        if not parties:
            raise NotFound(f"the ledger knows no party called {name[:60]!r}{_suggested(connection, wanted)}")
    if merged and (roots := load_roots(connection, seq)):
        parties = load_parties(connection, {roots.get(one, one) for one in parties})
    return tuple(sorted(parties.values(), key=lambda party: (party.name, party.id)))


def _suggested(connection: Connection, wanted: str) -> str:
    alias, party = schema.alias, schema.party
    close = _close(connection, alias, wanted)
    chosen = select(party.c.name).distinct().join(alias, alias.c.party == party.c.id).where(alias.c.name.in_(close))
    return _knows(connection.execute(chosen.limit(_CLOSE)).scalars())


def _knows(names: Iterable[str]) -> str:
    several = ", ".join(sorted(names))
    return f"; it knows {several}" if several else ""


def _close(connection: Connection, table: Table, wanted: str) -> list[str]:
    """Names in a table that are much like a folded one that is not there: a few.

    First those that have it in them from the beginning of a word on, as *elka dorn* has *dorn*, or that have the last
    of its words; else those that begin alike.
    """
    name = select(table.c.name).limit(_LOOKED_THROUGH).subquery().c.name
    spaced = literal(" ") + name + literal(" ")
    for words in filter(None, dict.fromkeys((wanted, wanted.rpartition(" ")[2]))):
        is_less_like = case((spaced.contains(f" {words} "), 0), else_=1)
        chosen = select(name).where(spaced.contains(f" {words}")).group_by(name).order_by(is_less_like, name)
        if names := list(connection.execute(chosen.limit(_CLOSE)).scalars()):
            return names
    for length in range(len(wanted) - 1, 1, -1):
        beginning = wanted[:length]
        chosen = select(table.c.name).distinct()
        chosen = chosen.where(table.c.name >= beginning, table.c.name < beginning + "\U0010ffff").limit(_CLOSE)
        if names := list(connection.execute(chosen).scalars()):
            return names
    return []


def _spokesmen(connection: Connection, parties: tuple[KnownParty, ...], seq: int) -> list[str]:
    """The ids of those of whom people say that they speak for parties, and of all that were merged into them.

    Who speaks for a spokesman speaks for whom that one speaks for, and so on.
    """
    roots, spokesmen = load_ties(connection, seq)
    speaking: set[str] = set()
    waiting = [party.id for party in parties]
    while waiting:
        new = {roots.get(one, one) for one in spokesmen.get(waiting.pop(), ())} - speaking
        speaking |= new
        waiting += new
    return sorted(speaking | {party for party, root in roots.items() if root in speaking})


def _merged(connection: Connection, parties: tuple[KnownParty, ...], seq: int) -> list[str]:
    """The ids of parties and of all that were merged into them, under which the index knows them."""
    wanted = {party.id for party in parties}
    merged = {party for party, root in load_roots(connection, seq).items() if root in wanted}
    return sorted(wanted | merged)


def _places(connection: Connection, name: str) -> list[str]:
    if name.isdecimal() and len(name) < 16:
        return [f":l={int(name)}"]
    wanted = folded(name) or _no_words("place", name)
    found = connection.execute(select(schema.place.c.geonames).where(schema.place.c.name == wanted)).scalars()
    return [*(f":l={geonames}" for geonames in found), place_facet(wanted)]


# --- why nothing is found --------------------------------------------------------------------------------------------


def find_hint(store: Store, question: Question) -> str:
    """Why nothing answers a question, in one line without a full stop; empty if there is nothing to say.

    That is so before the ledger began, where it knows no such place or outlet, and where what would answer has no known
    day.
    """
    with store.reading() as connection:
        seq = find_seq(connection, question.as_of)
        if question.as_of and not seq:
            began = connection.execute(select(func.min(schema.log.c.at))).scalar()
            exactly = "T" in question.as_of or " " in question.as_of
            return f"the ledger began on {timestamp(began)[: None if exactly else 10]}" if began else ""
        if question.place and (line := _no_place(store, connection, question.place, seq)):
            return line
        if question.publisher and (line := _no_publisher(store, connection, question.publisher, seq)):
            return line
        if (question.said_before or question.said_after) and _has_undated(store, connection, question, seq):
            return "some claims fit the rest, but nothing tells their day: ask without days, and they stand last"
    return ""


def _has_undated(store: Store, connection: Connection, question: Question, seq: int) -> bool:
    plan = make_plan(store, connection, dataclasses.replace(question, said_before="", said_after=""), seq)
    found = _candidates(store, connection, plan, 1 << RANK_SHIFT, seq, 1)  # ranks below are of no day
    return any(plan.check is None or plan.check(claim) for _, claim in found)


def _no_place(store: Store, connection: Connection, name: str, seq: int) -> str:
    facets = _places(connection, name)
    facet = facets[0]
    if len(facets) > 1 or not facet.startswith(place_facet("")) or _holds(store, connection, facet):
        return ""

    def named(claim: Claim) -> Iterator[tuple[str, str]]:
        for place in claim.places:
            words = place.span.of(claim.document.text)
            yield place_facet(folded(words)), words

    known = _begun(store, connection, [facet], len(facet) - len(place_facet("")), seq, named)
    known += _close(connection, schema.place, folded(name)) if len(known) < _CLOSE else []
    return f"the ledger knows no place called {name[:60]!r}{_knows(known[:_CLOSE])}"


def _no_publisher(store: Store, connection: Connection, name: str, seq: int) -> str:
    facet = publisher_facet(name)
    if _holds(store, connection, facet):
        return ""

    def named(claim: Claim) -> Iterator[tuple[str, str]]:
        yield publisher_facet(_without_article(claim.document.publisher)), claim.document.publisher

    bare = _without_article(name)
    facets = [publisher_facet(bare), publisher_facet(f"the {bare}")]
    known = _begun(store, connection, facets, len(bare), seq, named)
    return f"the ledger knows no outlet called {name[:60]!r}{_knows(known)}"


def _without_article(name: str) -> str:
    """A folded name without its article, which outlets have in common that have nothing else in common."""
    return folded(name).removeprefix("the ")


def _holds(store: Store, connection: Connection, facet: str) -> bool:
    """Whether any claim, whether it counts or not, has a facet."""
    wanted = Wanted([[Phrase((facet,))]], [], 0, _LAST_RANK, 1)
    return connection.execute(store.dialect.select_claims(connection, wanted)).first() is not None


def _begun(
    store: Store,
    connection: Connection,
    facets: list[str],
    length: int,
    seq: int,
    named: Callable[[Claim], Iterable[tuple[str, str]]],
) -> list[str]:
    """Names by which claims are found, with a facet that begins as one of these, or as much as any has; a few.

    No table has these names, so they are taken from the claims that were said last.

    Args:
        store: the ledger.
        connection: to it.
        facets: each ends with the name that is not there.
        length: of that name.
        seq: number of the log.
        named: the facets of a claim, each with the name that it is made from.
    """
    for cut in range(max(length - _SHORTEST, 0) + 1):
        begun = tuple(facet[: len(facet) - cut] for facet in facets)
        plan = _Plan(match=[[Phrase((one,), is_prefix=True) for one in begun]])
        found = _candidates(store, connection, plan, _LAST_RANK, seq, _LOOKED_AT)
        claims = [claim for _, claim in itertools.islice(found, _LOOKED_AT)]
        names = {name for claim in claims for facet, name in named(claim) if facet.startswith(begun)}
        if names:
            return sorted(names)[:_CLOSE]
    return []


# --- claims ----------------------------------------------------------------------------------------------------------


def _candidates(
    store: Store, connection: Connection, plan: _Plan, before: int, seq: int, limit: int
) -> Iterator[tuple[int, Claim]]:
    """Claims that the index finds, the latest first, each with its rank."""
    size = limit + 1
    while True:
        rows = connection.execute(_select(store, connection, plan, before, seq, size)).all()
        # A claim may be found by several of its terms; then it comes several times in a row.
        yield from _claims(store, connection, list({row.rank: row for row in rows}.values()), seq)
        if len(rows) < size:
            return
        before, size = rows[-1].rank, _BATCH


def _select(store: Store, connection: Connection, plan: _Plan, before: int, seq: int, size: int) -> Select[Any]:
    conditions = [*_validity(plan.superseded, seq), *plan.bounds]
    wanted = Wanted(plan.match, conditions, plan.first, min(before, plan.end), size)
    return store.dialect.select_claims(connection, wanted)


def explain_question(store: Store, question: Question, *, limit: int = 20) -> tuple[str, Any]:
    """The statement that finds the rows of a question, as the database is given it, with its parameters."""
    with store.reading() as connection:
        seq = find_seq(connection, question.as_of)
        plan = make_plan(store, connection, question, seq)
        chosen = _select(store, connection, plan, _LAST_RANK, seq, limit + 1)
        compiled = chosen.compile(dialect=store.dialect.reader.dialect, compile_kwargs={"render_postcompile": True})
    if compiled.positiontup is None:
        return str(compiled), compiled.params
    return str(compiled), tuple(compiled.params[name] for name in compiled.positiontup)


def _validity(superseded: bool, seq: int) -> list[ColumnElement[bool]]:
    """Whether a row counts at a number of the log, or is the last of a claim that counts no more by then."""
    claim = schema.claim
    if not superseded:
        return [claim.c.since <= seq, or_(claim.c.until.is_(None), claim.c.until > seq)]
    later = claim.alias("later")
    return [claim.c.until <= seq, ~exists().where(later.c.id == claim.c.id, later.c.since.between(claim.c.until, seq))]


def _claims(store: Store, connection: Connection, rows: Any, seq: int) -> Iterator[tuple[int, Claim]]:
    # A claim that counts no more is shown as it counted last, before whatever came then.
    seen = {row.rank: seq if row.until is None or row.until > seq else row.until - 1 for row in rows}
    entries = {
        at: load_effective(connection, list({row.reading for row in rows if seen[row.rank] == at}), at, store.readings)
        for at in set(seen.values())
    }
    for row in rows:
        entry = entries[seen[row.rank]][row.reading].entry
        yield row.rank, Claim(entry.reading.attributions[row.number], entry, row.until is None or row.until > seq)
