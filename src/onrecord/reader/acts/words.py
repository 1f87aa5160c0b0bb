"""The tables of this package, each read once: words of acts, places of roles, classes of nouns, words of status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from onrecord.model import ActType, Status
from onrecord.reader.inflection import inflected

ROLES = ("actor", "target", "item")

_DESIGNATION = re.compile(r"[a-z]{1,8}[-‑]\d{1,4}[a-z]{0,3}")
"""Names that makers give to weapons (S-300, Tu-95), in lower case."""
_DIGITS = re.compile(r"[\d.,]*\d[\d.,]*(?:bn|m|k|mln)?")
_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
    millions billion dozen dozens none many most several all some both half few any another others fewer more rest
    total""".split()
)
_PRONOUNS = frozenset(
    """it they them these those he him she her we us i me you that this which who whom what themselves itself nothing
    nobody its their his our my your whose""".split()
)


@dataclass(frozen=True, slots=True)
class Need:
    """What must stand in a role or a place.

    Attributes:
        places: roles or places, any of which may hold it.
        classes: what it must be; empty for nothing at all, ``*`` for anything.
        sign: ``=`` must, ``?`` must if it is there, ``!`` must not.
    """

    places: tuple[str, ...]
    classes: frozenset[str]
    sign: str


Place = tuple[str, frozenset[str]]
"""A place that may hold a role, and what must stand there; no classes: anything."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One line of ``acts.tsv`` for one word of it.

    Attributes:
        words: base forms; of a verb the first is inflected, of a noun the last.
        before: what stands before the key word and is joined to it, hyphens and blanks included (``co-``, ``air ``).
        roles: of each role, the places that may hold it.
        status: how far the act has come by the word alone.
    """

    words: tuple[str, ...]
    before: str
    is_verb: bool
    type: ActType
    kind: str
    mode: str
    roles: dict[str, tuple[Place, ...]]
    needs: tuple[Need, ...]
    status: Status | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a word makes of the act that it governs.

    Attributes:
        name: of its row.
        certainty: factuality of what it governs, if that is certain (3) by itself.
        negated: the same, when the word itself is negated.
        status: the status that it gives, None where the status stays.
    """

    name: str
    certainty: float
    negated: float
    status: Status | None


Governor = tuple[tuple[str, ...], Effect]
"""The words that follow a governing word, and what it makes of what it governs."""


def rows(table: str, *columns: int) -> Iterator[tuple[str, ...]]:
    """The lines of one table of this package, each with one of the numbers of columns given."""
    text = files("onrecord.reader.acts").joinpath(table).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            cells = tuple(line.split("\t"))
            if len(cells) not in columns:
                raise ValueError(f"{table}, line {number}: {columns} columns are needed, apart by tabs: {line!r}")
            yield cells


def plural(noun: str) -> str:
    """The regular plural of a noun, or of a phrase that ends with it."""
    if re.search(r"[^aeiou]y\Z", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)\Z", noun) else "s")


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return {base: tuple(forms.split()) for base, forms in rows("forms.tsv", 2)}


def verb_forms(base: str) -> set[str]:
    """The forms of a verb; of one with a hyphen (``co-produce``), those of its last part behind the rest."""
    prefix, hyphen, last = base.rpartition("-")
    return {prefix + hyphen + form for form in inflected(last, _irregular().get(last, ()))}


@cache
def classes() -> dict[str, frozenset[str]]:
    """The classes of each noun and phrase, singular and plural."""
    found: dict[str, set[str]] = {}
    for name, words in rows("words.tsv", 2):
        for word in words.split("|"):
            for form in (word, plural(word)):
                found.setdefault(form, set()).add(name)
    return {word: frozenset(names | ({"arms"} if "flying" in names else set())) for word, names in found.items()}


@cache
def word_classes(word: str) -> frozenset[str]:
    """The classes of one word by its letters alone: those of the table, ``number`` and ``pronoun``."""
    found = classes().get(word, frozenset())
    if word in _NUMBERS or _DIGITS.fullmatch(word):
        found |= {"number"}
    if word in _PRONOUNS:
        found |= {"pronoun"}
    if _DESIGNATION.fullmatch(word) and not word.startswith("covid"):
        found |= {"arms"}
    return found


@cache
def light_verbs() -> dict[str, tuple[tuple[tuple[str, ...], bool], ...]]:
    """Verbs that lend an event noun their places, by form: what follows, and whether the subject suffers the event."""
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for name, words in rows("words.tsv", 2):
        if name in ("light", "suffer"):
            for phrase in words.split("|"):
                first, *rest = phrase.split()
                for form in verb_forms(first):
                    found.setdefault(form, []).append((tuple(rest), name == "suffer"))
    return {form: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for form, entries in found.items()}


Triggers = dict[str, tuple[Trigger, ...]]
Groups = Mapping[str, Sequence[str]]


@cache
def triggers() -> tuple[Triggers, Triggers]:
    """The triggers of acts: verbs by the forms of their first word, nouns by the forms of their last."""
    verbs: dict[str, list[Trigger]] = {}
    nouns: dict[str, list[Trigger]] = {}
    lines = list(rows("acts.tsv", 2, 7))
    groups = {line[0]: line[1].split("|") for line in lines if len(line) == 2}
    places = {
        name: {
            role: tuple(_place(one, groups) for one in cell.split(",")) if cell != "-" else ()
            for role, cell in zip(ROLES, cells, strict=True)
        }
        for name, *cells in rows("roles.tsv", 4)
    }
    for alternatives, part, kept_as, kind, roles, needs, status in (line for line in lines if len(line) == 7):
        event, _, mode = kind.partition("/")
        for alternative in alternatives.split("|"):
            words = tuple(alternative.split())
            forms = verb_forms(words[0]) if part == "verb" else {alternative, plural(alternative)}
            for form in forms:
                cut = re.search(r"[^ -]+\Z", form)
                key = cut.group() if cut else form
                trigger = Trigger(
                    words=words,
                    before=form[: len(form) - len(key)],
                    is_verb=part == "verb",
                    type=ActType(kept_as),
                    kind=event,
                    mode=mode,
                    roles=places[roles],
                    needs=tuple(_need(one, groups) for one in needs.split(";")) if needs != "-" else (),
                    status=Status(status) if status != "-" else None,
                )
                side = verbs if part == "verb" else nouns
                side.setdefault(key, []).append(trigger)
                if "-" in form and " " not in form:  # one word to one tokenizer, three to another
                    side.setdefault(form, []).append(replace(trigger, before=""))
    return _longest_first(verbs), _longest_first(nouns)


def _longest_first(found: dict[str, list[Trigger]]) -> Triggers:
    return {form: tuple(sorted(found[form], key=lambda row: (-len(row.words), -len(row.before)))) for form in found}


def _place(words: str, groups: Groups) -> Place:
    place, _, kinds = words.partition(":")
    return place, _classes_named(kinds.split("/"), groups)


def _classes_named(words: Iterable[str], groups: Groups) -> frozenset[str]:
    return frozenset(kind for word in words if word for kind in groups.get(word, (word,)))


def _need(words: str, groups: Groups) -> Need:
    match = re.fullmatch(r"([a-z|]+)(!=|\?=|=|-)(\S*)", words)
    if match is None:
        raise ValueError(f"acts.tsv: not a need: {words!r}")
    sign = {"!=": "!", "?=": "?", "=": "=", "-": "="}[match[2]]
    return Need(tuple(match[1].split("|")), _classes_named(match[3].split("|"), groups), sign)


@cache
def effects() -> dict[str, Effect]:
    """The effects by name."""
    return {
        row[0]: Effect(row[0], float(row[2]), float(row[3]), Status(row[4]) if row[4] != "-" else None)
        for row in rows("status.tsv", 3, 5)
        if row[1] == "effect"
    }


@cache
def governors(part: str) -> dict[str, tuple[Governor, ...]]:
    """Words of status of one part of speech, by form, those with the most words first."""
    known = effects()
    found: dict[str, list[Governor]] = {}
    for row in rows("status.tsv", 3, 5):
        for phrase in row[0].split("|") if row[1] == part else ():
            first, *rest = phrase.split()
            forms = verb_forms(first) if part == "verb" else {first, plural(first)} if part == "noun" else {first}
            for form in forms:
                found.setdefault(form, []).append((tuple(rest), known[row[2]]))
    return {form: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for form, entries in found.items()}
