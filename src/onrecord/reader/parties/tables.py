"""The tables of this folder as lexicons; each table explains its own columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from onrecord.model import PartyKind
from onrecord.reader.inflection import inflected, irregular_verbs

TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-.&'’][^\W_]+)*")
"""A word: ``U.S.``, ``Iran's``, ``S-300``, ``Haijen-Smit``; the possessive is taken off by ``bare``."""


def bare(word: str) -> str:
    """A word without the possessive, with straight apostrophes."""
    word = word.replace("’", "'")
    return word[:-2] if word[-2:] in ("'s", "'S") and len(word) > 2 else word


def fold(word: str) -> str:
    """A word in lower case without accents: ``Müller`` and ``Muller`` are one."""
    if word.isascii():
        return word.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(sign))


def squash(word: str) -> str:
    """A folded name so that its usual spellings are one: Zelenskyy, Zelensky and Zelenskiy; al-Assad and Assad."""
    word = word.split("-", 1)[1] if word[:3] in ("al-", "el-") and len(word) > 4 else word
    word = word.replace("iy", "y").replace("ij", "y").replace("yi", "y").replace("ii", "y")
    word = re.sub(r"([^\W\d_])\1", r"\1", word)
    return word[:-1] + "y" if word.endswith("i") and len(word) > 3 else word


@dataclass(frozen=True, slots=True)
class Named:
    """What a name of the tables stands for.

    Attributes:
        words: its words, as the table has them.
        part: country, adjective, people, capital, seat, outlet, or the value of a ``PartyKind``.
        key: one for all names of the same party.
        body: in whose name it speaks; empty for itself.
        country: ISO code, or the name where ISO has none; empty if it has no country.
        called: nouns by which a text may come back to it.
    """

    words: tuple[str, ...]
    part: str
    key: str
    body: str
    country: str
    called: frozenset[str]


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that says what somebody is.

    Attributes:
        words: its words in lower case, as inflected here.
        base: the words of its singular.
        part: person, plural, office, body or document.
        kind: see ``words.tsv``.
        gender: m, f or empty.
        body: in whose name such a one speaks, ``{}`` for the country; empty for itself.
        plural: whether it is one for several.
    """

    words: tuple[str, ...]
    base: str
    part: str
    kind: str
    gender: str
    body: str
    plural: bool


NO_NOUN = Noun((), "", "", "", "", "", plural=False)
"""Of what is described by no noun."""


def _rows(table: str, columns: int) -> list[list[str]]:
    """The rows of a table; empty cells are empty strings."""
    rows = []
    text = files("onrecord.reader.parties").joinpath(table).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            cells = ["" if cell == "-" else cell for cell in line.split("\t")]
            if len(cells) != columns:
                raise ValueError(f"{table}, line {number}: {columns} columns are needed, apart by tabs: {line!r}")
            rows.append(cells)
    return rows


def _tokens(words: str) -> tuple[str, ...]:
    return tuple(bare(match.group()) for match in TOKEN.finditer(words))


@cache
def governments() -> dict[str, str]:
    """Country, by its code, to the name as it stands in ``Government of …``."""
    return {row[0] or row[1]: row[1] for row in reversed(_rows("countries.tsv", 6))}


@cache
def named() -> dict[str, list[Named]]:
    """First word, in lower case, of every name of the tables to the names that begin with it, the longest first."""
    found: dict[str, list[Named]] = {}

    def add(words: str, part: str, key: str, body: str, country: str, called: str = "") -> None:
        entry = Named(_tokens(words), part, key, body, country, frozenset(filter(None, called.split("|"))))
        found.setdefault(entry.words[0].lower(), []).append(entry)

    for code, name, names, adjectives, people, capitals in _rows("countries.tsv", 6):
        country, body = code or name, f"Government of {name}"
        key = f"country {name.removeprefix('the ')}"
        for words in (name.removeprefix("the "), *filter(None, names.split("|"))):
            add(words, "country", key, body, country)
        for words in filter(None, adjectives.split("|")):
            add(words, "adjective", key, body, country)
        for words in filter(None, people.split("|")):
            add(words, "people", key, body, country)
        for words in filter(None, capitals.split("|")):
            add(words, "capital", key, body, country)
    keys: dict[str, str] = {}
    for names, kind, body, country, called in _rows("offices.tsv", 5):
        for one in names.split("|"):
            same = one.split("=")
            key = keys[body] if kind == "capital" else f"name {same[0]}"
            for words in same:
                keys[words] = key
                add(words, kind, key, body, country, called)
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry.words))
    return found


@cache
def nouns() -> dict[str, list[Noun]]:
    """First word of every noun for persons, offices, bodies and documents to the nouns, the longest first."""
    found: dict[str, list[Noun]] = {}
    taken: set[tuple[str, ...]] = set()
    for words, part, kind, gender, body in _rows("words.tsv", 5):
        if part not in ("person", "plural", "office", "body", "document"):
            continue
        for base in words.split("|"):
            forms = {base: part == "plural" or base.endswith("men")}
            if part != "plural" and not base.endswith(("s", "men")):
                forms[_plural(base)] = True
            elif part in ("office", "body", "document") and base.endswith("s"):
                forms[base] = True
            for form, plural in forms.items():
                entry = Noun(_tokens(form.lower()), base.lower(), part, kind, gender, body, plural)
                if entry.words not in taken:  # the first row that has a noun says what it is
                    taken.add(entry.words)
                    found.setdefault(entry.words[0], []).append(entry)
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry.words))
    return found


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return noun[:-3] + "men"
    if re.search(r"[^aeiou]y\Z", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)\Z", noun) else "s")


@cache
def words(part: str) -> dict[str, str]:
    """The single words of a part of ``words.tsv`` to what stands in the column kind, or gender, or to themselves."""
    found: dict[str, str] = {}
    for row, one, kind, gender, _ in _rows("words.tsv", 5):
        if one == part:
            for word in row.split("|"):
                found.setdefault(word, kind if part == "pronoun" else gender)
    return found


@cache
def pronouns() -> dict[str, tuple[str, str]]:
    """Pronoun, in lower case, to its kind and gender."""
    return {
        word.lower(): (kind, gender)
        for row, part, kind, gender, _ in _rows("words.tsv", 5)
        if part == "pronoun"
        for word in row.split("|")
    }


@cache
def verbs(part: str) -> frozenset[str]:
    """The forms of the verbs of a part of ``words.tsv``: ``acts``, ``onto``."""
    return frozenset(
        form
        for base in words(part)
        for form in inflected(base.split()[0], irregular_verbs().get(base, ()))
        if len(form) > 1
    )


@cache
def genders() -> dict[str, str]:
    """Given name, folded, to m or f."""
    return {name: gender for gender, names in _rows("given_names.tsv", 2) for name in names.split()}


@cache
def leaders() -> dict[str, str]:
    """Name of somebody who holds or held an office of state, squashed, to the code of the country.

    A surname alone stands here, too, if all that bear it are of one country.
    """
    found: dict[str, str] = {}
    surnames: dict[str, set[str]] = {}
    for country, names in _rows("leaders.tsv", 2):
        for name in names.split("|"):
            words_of_name = [squash(fold(word)) for word in _tokens(name) if word.lower() not in ("jr",)]
            found[" ".join(words_of_name)] = country
            surnames.setdefault(words_of_name[-1], set()).add(country)
    return {surname: min(countries) for surname, countries in surnames.items() if len(countries) == 1} | found


KINDS = {kind.value: kind for kind in PartyKind} | {
    "seat": PartyKind.GOVERNMENT,
    "outlet": PartyKind.ORGANIZATION,
    "country": PartyKind.PLACE,
    "capital": PartyKind.PLACE,
}
"""Part of a ``Named`` to what it is, before the text has shown that a place acts as a government."""
