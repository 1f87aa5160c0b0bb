"""The stance that the content of an attribution speaks for, where its cue leaves it open; and its hedges."""

from __future__ import annotations

from onrecord.model import Hedge, Kind, Stance
from onrecord.reader.stance.cases import Case, keys_of, sides_of
from onrecord.reader.stance.page import Entry, Page, is_in
from onrecord.text import QUOTATION_MARKS

RELAYS = ("outlet", "reports")
"""Kinds of sources that tell what others say."""
NOTHING = "nothing in it says otherwise"
"""The reason of a stance that no word of a content speaks for."""

_SENTENCES_READ = 3  # of a content, to decide its stance: a long quotation turns from its point to others
# What parties do; an analyst who says as much judges.
_OF_PARTIES = frozenset({Stance.ACCUSE, Stance.CONDEMN, Stance.DENY, Stance.PROMISE})
_OF_ITSELF = frozenset({Stance.ADMIT, Stance.DECLINE, Stance.PROMISE})  # what an outlet says of itself is no relay
_IN_MAIN_CLAUSE = frozenset({"call_for", "promise", "admit"})
_DENIABLE = frozenset({"accuse", "condemn", "fear", "confirm", "promise", "decline"})


def sense(page: Page, case: Case) -> tuple[Stance, str]:
    """The stance that a content speaks for, where its cue leaves it open, and why."""
    if case.kind in RELAYS:
        of_itself = _sense_of(page, case, case.own[0]) if case.own and _is_own_side(page, case, case.own[0]) else None
        if of_itself and of_itself[0] in _OF_ITSELF:
            return of_itself[0], page.quoted(of_itself[1])
        return Stance.REPORT, f"the source is of kind {case.kind}"
    for words in case.own[:_SENTENCES_READ]:
        if found := _sense_of(page, case, words):
            weighs = case.kind == "analyst" and found[0] in _OF_PARTIES
            reason = page.quoted(found[1]) + (", and the source is an analyst" if weighs else "")
            return Stance.ASSESS if weighs else found[0], reason
    if case.kind == "analyst":
        return Stance.ASSESS, "the source is an analyst"
    return Stance.ASSERT, NOTHING


def _sense_of(page: Page, case: Case, words: range) -> tuple[Stance, range] | None:
    """The stance that one sentence of a content speaks for; None if it says nothing else than that it is so.

    The order is one of strength: what clears or weighs comes before what accuses, as in `no indication of an attack`.
    """
    main = _main_clause(page, words)
    found: dict[str, range] = {}
    for place, entry in page.find("content", words):
        if (place.start in main or entry.means not in _IN_MAIN_CLAUSE) and _counts(page, case, words, place, entry):
            found.setdefault(entry.means, place)
    own = _is_own_side(page, case, words)
    if "decline" in found:
        return Stance.DECLINE, found["decline"]
    if "lie" in found and _own_statement(page, range(words.start, found["lie"].start)):
        return Stance.ADMIT, found["lie"]
    if "lie" in found:
        is_own = own or case.about is None or is_accused(page, case)
        return Stance.DENY if is_own else Stance.REJECT, found["lie"]
    if "innocent" in found and (own or page.has(main[:3], ("it", "we", "they", "i", "he", "she"))):
        return Stance.DENY, found["innocent"]
    if not {"admit", "assess", "fear"} & found.keys() and (denial := _own_denial(page, case, main)):
        return Stance.DENY, denial
    mishap = found.get("mishap")
    if mishap is not None and _is_own_side(page, case, range(words.start, mishap.start)):
        return Stance.ADMIT, mishap
    for stance in (Stance.ADMIT, Stance.FEAR):
        if stance in found:
            return stance, found[stance]
    for place, entry in page.find("hedge", words):
        if entry.means != "-":
            return Stance.ASSESS, place
    if judged := found.get("assess") or mishap:
        return Stance.ASSESS, judged
    order = next(page.find("imperative", words[:1], words.stop), None)
    if order and page.gap(words.start).endswith(tuple(QUOTATION_MARKS)):
        return Stance.CALL_FOR, order[0]
    if "call_for" in found and page.at(found["call_for"].stop) != "have":  # should have been: too late for a call
        return Stance.CALL_FOR, found["call_for"]
    if future := own_future(page, case, main):
        return Stance.PROMISE, future
    for stance in (Stance.PROMISE, Stance.ACCUSE, Stance.CONDEMN, Stance.CONFIRM, Stance.DOUBT):
        if stance in found:
            return stance, found[stance]
    if blow := _blow_of_another(page, case, words):
        return Stance.ACCUSE, blow
    for at in main:  # as it is spelled: `May` is a month
        if is_in(page.words[at], "modal") and page.at(at + 1) not in ("not", "no"):
            return Stance.ASSESS, range(at, at + 1)
    if counted := found.get("situation") or found.get("tally") or _counted(page, case, words, found.get("report")):
        return Stance.REPORT, counted
    futures = [range(at, at + 1) for at in main if page.lower[at] in ("will", "would") and page.at(at + 1) != "have"]
    is_decided = any(page.has(cue, "announcing") for cue in case.cue)  # what is announced is no forecast
    return (Stance.ASSESS, futures[0]) if futures and not is_decided else None


def _counts(page: Page, case: Case, words: range, place: range, entry: Entry) -> bool:
    """Whether an entry means here what the table says: not negated, and of whom it must be to count."""
    before = range(max(words.start, place.start - 4), place.start)
    if entry.means in _DENIABLE and any(is_in(page.lower[at], "negation") for at in before):
        return False
    if entry.means == "lie":
        return not _is_attribute(page, place, words)
    if entry.means == "admit":  # `made a mistake` is said of somebody else, unless it is of the speaker
        return _is_own(page, case, range(before.start, place.stop))
    if entry.means == "promise":  # `ready to be shipped`
        return page.at(place.stop) != "be"
    if entry.means == "call_for":  # `if I need to`, `what we have to say`
        return not page.has(before[-3:], "condition") and page.at(place.stop) != "say"
    if entry.means == "tally":
        return any(_is_count(page, at) for at in before[-3:])
    if entry.means == "report":  # `the Dead Sea`
        return page.words[place.start].islower() or place.start == words.start
    return True


def _is_own_side(page: Page, case: Case, words: range) -> bool:
    """Whether the speaker's side is named in some words: `our`, `its`, its country or name."""
    return page.has(words, "own") or bool(case.sides & keys_of(page, [words]))


def _is_own(page: Page, case: Case, words: range) -> bool:
    """Whether the speaker or his side is named in some words."""
    return page.has(words, ("he", "she", "it", "they")) or _is_own_side(page, case, words)


def _is_attribute(page: Page, place: range, words: range) -> bool:
    """Whether a word for untrue only describes the thing named after it: `a false passport`, but not `false claims`."""
    after = place.stop
    if after >= words.stop or page.cut(after):
        return False
    word = page.lower[after]
    is_noun = not (is_in(word, "boundary") or is_in(word, "joining") or word.endswith("ly"))
    return is_noun and not any(True for _ in page.find("statement", range(after, after + 1)))


_RELATIVE = frozenset({"which", "who", "whose", "whom", "where"})
_FEW = 4  # words before a `that` with which no main clause has ended yet: `the U.S. that …`


def _main_clause(page: Page, words: range) -> range:
    """A sentence up to its first subordinate clause: what stands there is not what is promised or called for."""
    for at in words:
        if page.lower[at] in _RELATIVE and (at == words.start or "," in page.gap(at)):
            return range(words.start, at)
        if at > words.start + _FEW and is_in(page.lower[at], "subordinate"):
            return range(words.start, at)
    return words


def _own_denial(page: Page, case: Case, main: range) -> range | None:
    """A negation of which the source's own side is the subject or the thing denied: `no Sardali drone`, `not ours`."""
    for at in main:
        word = page.lower[at]
        if is_in(word, "future") or is_in(word, "modal") or word in ("can", "cannot", "can't"):
            return None
        spares = word in ("without", "nobody", "hardly", "nor", "neither") or is_in(page.at(at + 1), "no_denial")
        spares = spares or (at + 1 < main.stop and page.cut(at + 1))  # `no, we must go`
        if is_in(word, "negation") and not spares:
            near = range(max(main.start, at - 6), min(main.stop, at + 3))
            if page.has(near, ("ours", "our", "its", "we")) or case.sides & keys_of(page, [near]):
                return range(at, at + 1)
    return None


def own_future(page: Page, case: Case, main: range) -> range | None:
    """`we will`, `Sardal would`: a future of which the source is the subject."""
    for at in main[:14]:
        word = page.lower[at]
        contracted = word.endswith("'ll") and is_in(word[:-3], "first")
        if contracted or is_in(word, "future"):
            subject = range(max(main.start, at - 4), at)
            is_own = page.has(subject, "first") or page.has(subject, ("his", "her", "its", "their", "own"))
            before = page.at(at - 1) if at - main.start in (1, 2) else ""
            if case.attribution.kind is not Kind.DIRECT:  # who is quoted says `we` of himself, and not `they`
                is_own |= before in ("he", "she") or (before == "it" and page.at(at + 1) != "be")
                is_own |= before == "they" and _are_several(page, case)
            is_own |= contracted or bool(case.sides & keys_of(page, [subject]))
            return range(max(main.start, at - 1), at + 1) if is_own else None
    return None


def _own_statement(page: Page, words: range) -> bool:
    """Whether some words name a statement of the speaker's own: `our report`, `its earlier figures`."""
    for place, _ in page.find("statement", words):
        if page.has(range(max(words.start, place.start - 2), place.start), "own"):
            return True
    return False


def _are_several(page: Page, case: Case) -> bool:
    """Whether a source is several people: `the farmers`, `union leaders`, `they`."""
    source = [at for span in case.attribution.source for at in page.within(span.start, span.end)]
    return any(page.words[at] == "they" or (page.words[at].islower() and page.words[at][-1] == "s") for at in source)


def _blow_of_another(page: Page, case: Case, words: range) -> range | None:
    """`Sardali missiles have struck our port`: harm done to the speaker's side by another that is named.

    Who counts what befell (police, an air force) reports it.
    """
    if case.kind == "authority" or not _is_own(page, case, words):
        return None
    for place, _ in page.find("blow", words):
        before = range(max(words.start, place.start - 8), place.start)
        is_passive = any(is_in(page.lower[at], "be") for at in before[-2:])
        agent = range(place.stop + 1, min(words.stop, place.stop + 6)) if page.at(place.stop) == "by" else range(0)
        doer = agent if is_passive else before
        sides = sides_of(page, [doer])
        if sides - case.sides and not sides & case.sides:
            return place
    return None


def _counted(page: Page, case: Case, words: range, befell: range | None) -> range | None:
    """What makes a sentence a tally: a count of what befell, or, from those who count it, what befell.

    `They killed two people` is no tally when `they` are another side: that is said of somebody.
    """
    count = next((at for at in words if _is_count(page, at)), None)
    if befell is None:
        return range(count, count + 1) if count is not None and case.kind == "authority" else None
    before = range(words.start, befell.start)
    if any(is_in(page.lower[at], "negation") and page.lower[at] != "without" for at in before):
        return None
    if case.kind == "authority" or page.has(before[-2:], ("was", "were", "been")):
        return befell
    is_blow = page.lower[befell.start] in ("killed", "struck", "hit", "injured", "wounded")
    others = sides_of(page, [before]) - case.sides
    return None if count is None or (is_blow and others) else befell


def _is_count(page: Page, at: int) -> bool:
    """Whether a word counts something: a number that is no date and no part of a name (S-300, Article 4)."""
    word = page.lower[at]
    is_joined = at > 0 and page.gap(at) in ("-", "–") and page.words[at - 1][-1].isalpha()
    is_year = len(word) == 4 and word[:2] in ("19", "20")
    beside = is_in(page.at(at - 1), "month") or is_in(page.at(at + 1), "month")
    return is_in(word, "number") or (word.isdecimal() and not (is_joined or is_year or beside))


# ---- statements that a content is on


def find_lie(page: Page, case: Case) -> range | None:
    """The words of a content that call a statement untrue."""
    for words in case.own:
        for place, entry in page.find("content", words):
            if entry.means == "lie" and not _is_attribute(page, place, words):
                return place
    return None


def noun_of_statement(page: Page, case: Case) -> str | None:
    """What a noun for a statement means, in the content's first words or before a passive cue in its sentence."""
    piece, cue = case.attribution.content[0], case.attribution.cue
    places = [page.within(piece.start, piece.end)[:9]]
    if cue:
        places.append(page.within(page.sentence_at(cue[0].start).start, cue[0].start)[-8:])
    return next((entry.means for words in places for _, entry in page.find("statement", words)), None)


def is_accused(page: Page, case: Case) -> bool:
    """Whether what is dismissed is an accusation of the source's own side."""
    if case.sides & keys_of(page, case.own):
        return True
    pieces = [page.within(piece.start, piece.end)[:20] for piece in case.attribution.content]
    words = {page.lower[at] for piece in pieces for at in piece[1:]}
    # In `dismissed Sardal's statement that it sent sixty`, it is Sardal; in `Sardal's accusation that it`, it is not.
    is_another_s = bool(keys_of(page, pieces)) and noun_of_statement(page, case) != "accuse"
    if words & {"we", "our", "us"} or (words & {"it", "its", "they", "their", "he", "she"} and not is_another_s):
        return True
    return case.about is not None and bool(case.sides & keys_of(page, [words[:40] for words in case.about.own[:3]]))


# ---- hedges


def find_hedges(page: Page, case: Case) -> tuple[Hedge, ...]:
    """The words of the cue and the content, less those of nested attributions, that say how sure the source is."""
    found: list[Hedge] = []
    for words in filter(None, (*case.cue, *case.own)):
        for place, entry in page.find("hedge", words):
            after = page.at(place.stop)
            is_month = page.words[place.start] == "May" and place.start != words.start
            is_bound = page.lower[place.start] != "up" or after.isdecimal() or after == "a" or is_in(after, "number")
            is_ability = page.lower[place.start] == "could" and after == "not"
            if is_bound and not is_month and not is_ability:
                found.append(Hedge(page.span(place), entry.means.replace("-", "")))
    return tuple(sorted(set(found), key=lambda hedge: hedge.span))
