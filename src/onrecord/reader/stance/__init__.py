"""How each attribution is meant: its stance, its hedges, and the occasion on which the words were said.

The stance is read from the cue and the words around it, and from the content where the cue leaves it open (`said`). The
words stand in ``cues.tsv``, which explains its own columns; this package holds the rules. Where they come from: the
stances are those of DESIGN.md; the bands are those of ICD 203, Analytic Standards (ODNI 2015), section D.6.e(2)(a).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onrecord.model import Attribution, Hedge, Party, Span, Stance, Voice
from onrecord.reader.stance.cases import Case, find_cases, keys_of, sides_of, spans_of
from onrecord.reader.stance.content import (
    NOTHING,
    RELAYS,
    find_hedges,
    find_lie,
    is_accused,
    noun_of_statement,
    own_future,
    sense,
)
from onrecord.reader.stance.occasion import find_occasion, goes_on
from onrecord.reader.stance.page import Page, is_in

__all__ = ["Taken", "take_stances"]


@dataclass(frozen=True, slots=True)
class Taken:
    """How one attribution is meant.

    Attributes:
        stance: what the source does by saying it.
        about: index of the statement that the stance is on, if it is on one and that is in the document.
        hedges: words of the cue and the content, less those of nested attributions, that say how sure the source is.
        addressee: to whom it was said.
        channel: through what, with its preposition: ``in a statement``.
        relay: outlets and agencies that the sentence says it comes from, by name, outermost first.
        reason: which words decided the stance.
    """

    stance: Stance
    about: int | None
    hedges: tuple[Hedge, ...]
    addressee: tuple[Span, ...]
    channel: tuple[Span, ...]
    relay: tuple[Span, ...]
    reason: str


_LOOK_BACK = 12  # attributions in which the statement is sought that a stance is on; further back is another subject
_ON_STATEMENTS = frozenset({Stance.DENY, Stance.REJECT, Stance.CONFIRM, Stance.ADMIT, Stance.DOUBT, Stance.DECLINE})
_EXPLAINED = frozenset({Stance.ACCUSE, Stance.ADMIT, Stance.CONDEMN, Stance.DENY, Stance.REJECT})


def take_stances(text: str, attributions: Sequence[Attribution], parties: Sequence[Party] = ()) -> list[Taken]:
    """How each attribution of one document is meant, in the order given.

    Args:
        text: the document's text, to which all spans refer.
        attributions: all of them, so that nested ones and those that others go on from are known.
        parties: those that the attributions' sources are, as far as they are known: a denial is of one's own side.
    """
    page = Page(text)
    in_order = find_cases(page, attributions, parties)
    marks = sorted({(span.start, span.end) for case in in_order for span in spans_of(case.attribution)})
    taken: dict[int, Taken] = {}
    before: Case | None = None
    for at, case in enumerate(in_order):
        case.about = _find_about(page, case, in_order[max(0, at - _LOOK_BACK) : at])
        case.stance, case.reason = _decide(page, case)
        addressee, channel, relay = find_occasion(page, case, marks, before)
        if before is not None and goes_on(page, before, case):
            if not (addressee or channel):
                # `told reporters in Harven …, adding that …`: one occasion.
                addressee, channel = taken[before.index].addressee, taken[before.index].channel
            is_open = case.reason.endswith(NOTHING) and before.stance in _EXPLAINED
            if is_open and is_in(page.lower[case.cue[0].start], "explaining"):
                # `denied the raid, saying its boats were in port`: that is how it is denied.
                case.stance, case.reason = before.stance, f"as what it explains: {before.reason}"
        about = case.about.index if case.about and (case.agrees or case.stance in _ON_STATEMENTS) else None
        hedges = find_hedges(page, case)
        taken[case.index] = Taken(case.stance, about, hedges, addressee, channel, relay, case.reason)
        if case.attribution.cue:
            before = case
    return [taken[n] for n in range(len(in_order))]


# ---- the stance: the cue

_FALLS_SHORT = frozenset({("yet", "to"), ("short", "of")})


def _decide(page: Page, case: Case) -> tuple[Stance, str]:
    """The stance of one attribution, and which words decided it."""
    if case.attribution.voice is Voice.PUBLISHER:
        return Stance.ASSERT, "the publisher's own words"
    opening, is_said = "the content", False
    for place, entry in case.entries:
        if is_in(page.lower[place.start], "refusal") and page.at(place.stop) == "to":
            continue  # the verb that follows says what is refused
        is_noun = not page.lower[place.start].endswith(("ing", "ed"))
        if is_said and is_noun and page.has(range(max(0, place.start - 3), place.start), "preposition"):
            continue  # `said in its report`: through what it was said
        first = _negation_before(page, case, place.start)
        means = entry.means if first is None else entry.negated
        words = page.quoted(range(place.start if first is None else first, place.stop))
        if means != "content":
            stance, more = _apply(page, case, means, place)
            return stance, f"the cue {words}{more}"
        opening, is_said = f"the cue {words}, and the content", True
    if any(page.has(words, "refusal") for words in case.cue):
        return _refusal(page, case)
    if named := _named_by_noun(page, case):
        stance, more = _apply(page, case, named[1], named[0])
        return stance, f"{opening}: {page.quoted(named[0])}{more}"
    stance, why = sense(page, case)
    return stance, f"{opening}: {why}"


def _named_by_noun(page: Page, case: Case) -> tuple[range, str] | None:
    """What is meant where the content itself names it: `expressed | their deep concern about`."""
    if not any(page.has(words, "expressing") for words in case.cue):
        return None
    first = _opening(page, case, 4)
    for place, entry in page.find("cue", first):
        if entry.part == "noun" and entry.means != "content":
            return place, entry.means
    return None


def _refusal(page: Page, case: Case) -> tuple[Stance, str]:
    """The stance of a refusal, the verb of which may stand in the content: `refused | to rule out a strike`."""
    first = case.own[0] if case.own else range(0)
    if len(first) > 1 and page.lower[first.start] == "to":
        place, entry = next(page.find("cue", first[1:2], first.stop), (first, None))
        if entry is not None and entry.negated not in ("content", "assert"):
            stance, more = _apply(page, case, entry.negated, place)
            return stance, f"the cue refuses {page.quoted(range(first.start, place.stop))}{more}"
    return Stance.DECLINE, "the cue refuses"


def _negation_before(page: Page, case: Case, at: int) -> int | None:
    """The negating word among the five before a word of the cue, in its clause and outside source and content.

    A source negates, too: `no group has claimed`.
    """
    others = (*case.attribution.source, *case.attribution.content)
    inside = any(span.start <= page.starts[at] < span.end for span in others)
    for before in range(at - 1, max(-1, at - 6), -1):
        start, word, after = page.starts[before], page.lower[before], page.at(before + 1)
        if is_in(word, "joining") or (page.cut(before + 1) and start < case.attribution.cue[0].start):
            return None
        if not inside and any(span.start <= start < span.end for span in others):
            break
        negates = is_in(word, "negation") and after not in ("only", "just", "merely", "doubt")
        if negates or is_in(word, "refusal") or is_in(word, "failure") or (word, after) in _FALLS_SHORT:
            return before
    for span in case.attribution.source[:1]:
        source = page.within(span.start, span.end)
        if source and source.start < at and page.lower[source.start] in ("no", "nobody", "none", "neither"):
            return source.start
    return None


def _apply(page: Page, case: Case, means: str, place: range) -> tuple[Stance, str]:
    """What a stance or a rule of the table comes to in this case."""
    if means in ("condemn", "criticize") and (lie := find_lie(page, case)):
        return Stance.REJECT, f" and {page.quoted(lie)}"
    if means == "assess" and case.kind in RELAYS:
        return Stance.REPORT, f", and the source is of kind {case.kind}"
    if means in frozenset(Stance):
        return Stance(means), ""
    if means not in _RULES:
        raise ValueError(f"cues.tsv: no rule is called {means!r}")
    return _RULES[means](page, case, place)


def _opening(page: Page, case: Case, most: int) -> range:
    """The first words of what is said."""
    return case.own[0][:most] if case.own else range(0)


def _warn(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    first = _opening(page, case, 8)
    if page.has(first, ("not",)) and page.has(first, ("to",)):
        return Stance.CALL_FOR, " … “not to”"
    future = own_future(page, case, case.own[0]) if case.own else None
    return (Stance.FEAR, "") if future is None else (Stance.PROMISE, f" and {page.quoted(future)}")


def _criticize(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    on_statement = case.about is not None and noun_of_statement(page, case) is not None
    return (Stance.REJECT, " on a statement") if on_statement else (Stance.CONDEMN, "")


def _dismiss(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    if is_accused(page, case):
        return Stance.DENY, ", and its own side is accused"
    if case.about is None and noun_of_statement(page, case) == "accuse" and not sides_of(page, case.own[:1]):
        return Stance.DENY, " of an accusation that nobody else is said to face"
    return Stance.REJECT, ""


def _agree(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    stance, why = sense(page, case)
    noun = noun_of_statement(page, case)
    if why == NOTHING and noun in frozenset(Stance):
        return Stance(noun), ", with another’s"
    return stance, f", with another, and the content: {why}"


def _ask(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    end = case.attribution.content[-1].end
    is_question = is_in(page.at(place.stop), "question") or page.has(_opening(page, case, 4), "question")
    if is_question or "?" in page.text[max(0, end - 2) : end + 1]:
        return Stance.ASSERT, ", a question"
    return Stance.CALL_FOR, ""


def _want(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    is_own = page.at(place.stop) == "to" or page.has(_opening(page, case, 1), ("to",))
    return (Stance.ASSERT, ", for itself") if is_own else (Stance.CALL_FOR, "")


def _open(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    stance, why = sense(page, case)
    if stance is Stance.ACCUSE:
        return stance, f", and the content: {why}"
    is_past = page.has(_opening(page, case, 40), ("had", "was", "were", "been"))
    return (Stance.ADMIT, " of what has happened") if is_past else (Stance.ASSESS, "")


def _exclude(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    if case.kind or page.has(_opening(page, case, 1), ("that",)):
        return Stance.ASSESS, " of what may have happened"
    return Stance.REJECT, " of what might be done"


def _grant(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    first = _opening(page, case, 1)
    if page.has(first, ("that", "it", "there", "this")) or page.has(first, "own"):
        return Stance.ADMIT, " that it is so"
    stance, why = sense(page, case)
    return stance, f", and the content: {why}"


def _suspect(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    is_clause = page.has(_opening(page, case, 1), ("that", "it", "there"))
    return (Stance.ASSESS, "") if is_clause else (Stance.ACCUSE, "")


def _question(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    is_passive = is_in(page.at(place.start - 1), "be")
    if is_passive or case.kind == "authority":
        return Stance.ASSERT, " of a person"
    return Stance.DOUBT, ""


def _complain(page: Page, case: Case, place: range) -> tuple[Stance, str]:
    stance, why = sense(page, case)
    if stance is not Stance.ASSERT:
        return stance, f", and the content: {why}"
    is_of_another = bool(sides_of(page, case.own[:1]) - case.sides)
    return (Stance.ACCUSE, " of another side") if is_of_another else (Stance.CONDEMN, "")


_Rule = Callable[[Page, Case, range], tuple[Stance, str]]
_RULES: dict[str, _Rule] = {
    "agree": _agree,
    "ask": _ask,
    "complain": _complain,
    "criticize": _criticize,
    "dismiss": _dismiss,
    "exclude": _exclude,
    "grant": _grant,
    "open": _open,
    "question": _question,
    "suspect": _suspect,
    "want": _want,
    "warn": _warn,
}


# ---- what the stance is on


def _find_about(page: Page, case: Case, before: Sequence[Case]) -> Case | None:
    """The statement that a stance is on: the nested one that its content names, or the one that the text named last."""
    if not case.attribution.cue:
        return None
    noun = noun_of_statement(page, case)
    opening = page.lower[case.own[0].start] if case.own else ""
    after = page.at(case.own[0].start + 1) if sum(map(len, case.own)) > 1 else "is"
    points = opening in ("this", "these") or (opening in ("it", "that") and after in ("is", "was", "isn't", "wasn't"))
    if noun is None and not case.agrees and not points:
        return None
    for child in case.children:
        if any(True for words in child.cue for _ in page.find("statement", words)):
            return child
    named = keys_of(page, [words[:8] for words in case.own[:1]])
    if case.agrees:
        between = page.within(case.attribution.cue[-1].end, case.attribution.content[0].start)
        named = keys_of(page, [between[:8]]) or named
    others = [
        other
        for other in reversed(before)
        if other.attribution.voice is Voice.PARTY
        and case not in (other, other.parent)
        and other is not case.parent
        and (not other.sides or other.sides != case.sides or _is_charged(page, case, other))
        and other.attribution.source != case.attribution.source
        and (noun is not None or other.stance not in (Stance.DENY, Stance.DECLINE))
    ]
    others.sort(key=lambda other: other.parent is not None)  # a whole statement before what it holds
    if noun not in (None, "any"):
        named_so = next((other for other in others if other.stance == noun), None)
        if named_so is None and noun == "accuse":
            # What one calls an accusation, the other may have called a finding.
            return next((other for other in others if other.stance in ("assert", "assess")), None)
        return named_so
    by_name = next((other for other in others if other.sides & named), None)
    return by_name or (None if case.agrees and named else next(iter(others), None))


def _is_charged(page: Page, case: Case, other: Case) -> bool:
    """Whether a pronoun is whom another statement of its sentence is on: `accuses Sardal of …, which it denies`."""
    home = page.sentence_at(case.attribution.cue[0].start)
    return case.refers and bool(other.attribution.cue) and home.covers(other.attribution.cue[0])
