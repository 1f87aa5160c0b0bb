"""What words are replaced by: pools of words, names, places, publishers and numbers that fit the same code points.

How skewed each is: content words are 50,000, with frequencies as Zipf has them (Mandelbrot's form of 1953); persons and
organisations are 20,000, of whom a few speak often, and a tail of names that are met about once; a government's own
speakers come from a small pool of that country; publishers are 400; settlements are 2,000, with made-up ids and points.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from onrecord.model import ActType, Modifier, Stance, digest

VOCABULARY = 50_000
NAMES = 20_000
TAIL = 6
"""Names that are met about once, for each of those met again; and the share of uses that is theirs:"""
TAIL_SHARE = 0.15
PUBLISHERS = 400
PLACES = 2_000

Key = tuple[Any, ...]
"""What a pool is for: ``("word", 7)``, ``("person", 5, 6, "UA")``; all its entries fit the same code points."""
Floats = npt.NDArray[np.float64]


def _load_rows(name: str) -> list[tuple[str, ...]]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


COUNTRIES = _load_rows("countries.tsv")
CUES = {word: (Stance(stance), int(weight)) for word, stance, weight in _load_rows("cues.tsv")}
ACTS = {word: (ActType(record), kind, mode) for word, record, kind, mode in _load_rows("acts.tsv")}
NATIONS = frozenset(word for row in COUNTRIES for name in row[:4] for word in name.split())
FUNCTION_WORDS = frozenset(
    """a about above across after again against all almost alone along already also although always am among an and any
    anything apart are around as aside at away back be because been before behind being below between both but by can
    cannot could did do does doing done down during each either else enough even ever every everyone everything few for
    former from further gave get give given go goes going gone got had half has have he hence her here hers herself him
    himself his how however i if in indeed inside instead into is it its itself just know known last later least less
    let like likely made make makes many may me might more most much must my myself near neither never new next no
    nobody none nor not nothing now of off often old on once one only onto or other others our ours out outside over own
    part per perhaps put quite rather same saw say saying says she should since so some somebody something soon still
    such take taken than that the their theirs them themselves then there these they thing things this those though
    three through thus till to today together told too toward towards two under until up upon us very was way we well
    were what whatever when where whether which while who whole whom whose why will with within without would yet you
    your said year years month months week weeks day days time times government minister ministry president spokesman
    spokeswoman official officials secretary foreign state national military reporters statement don didn doesn isn
    wasn aren couldn wouldn ve ll re mr mrs ms""".split()
)
NUMBERS = dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True))
NUMBERS |= dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
MODIFIERS = {
    "more than": (("more than", Modifier.MORE_THAN), ("less than", Modifier.LESS_THAN)),
    "less than": (("less than", Modifier.LESS_THAN), ("more than", Modifier.MORE_THAN)),
    "about": (("about", Modifier.ABOUT), ("under", Modifier.LESS_THAN), ("above", Modifier.MORE_THAN)),
}
_COUNTED = """people drones troops civilians missiles soldiers rockets shells tanks aircraft children ships workers
    homes families prisoners vehicles protesters refugees villages votes attacks bodies women men boats
    trucks planes bombs hostages fighters officers schools bridges hospitals batteries launchers helicopters
    strikes countries companies barrels jobs cases deaths arrests students settlers migrants nurses doctors
    units crews police sites mines guns rifles radars jets camps firms banks buildings apartments warehouses
    containers documents inspectors shipments volunteers conscripts casualties households diplomats
    lawmakers ministers observers journalists""".split()
_TITLES = "Herald Times Courier Post Tribune Star Observer Gazette Chronicle Mail News Journal Dispatch".split()
_SCALES = {"": 1, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000}
_ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sp st str t th tr v w".split()
_NUCLEI = "a a e e i o u ai ea ee io oa ou".split()
_CODAS = "b ck d ft g l ld ll m mp n nd ng nt p r rd rk rm rn rt s sh ss st t th x".split()
_MARKED = dict(zip("aeoucsz", "áéöüćšž", strict=True))
_ENDINGS = ("", "s", "ed", "ing", "er", "ers", "ion", "ions", "al", "ly", "ment", "ness", "able")
_SYLLABLES = [
    onset + nucleus + coda for onset in _ONSETS for nucleus in _NUCLEI for coda in (*[""] * (len(_CODAS) // 2), *_CODAS)
]


def number_of(words: str) -> int | float:
    """What ``11,000``, ``1.2 million`` or ``three`` is."""
    if words in NUMBERS:
        return NUMBERS[words]
    numeral, _, scale = words.partition(" ")
    value = float(numeral.replace(",", "")) * _SCALES[scale]
    return round(value) if abs(value - round(value)) < 1e-6 else value


def draw_countries(rng: Random, count: int) -> list[tuple[str, ...]]:
    """Rows of the table, those in the news most often; the same may come again."""
    return rng.choices(COUNTRIES, [1 / (rank + 3) for rank in range(len(COUNTRIES))], k=count)


class Pools:
    """All pools in one table.

    Attributes:
        numbers: of the pools, by key.
        ends: the entries of pool g have cumulative weights in (g, g + 1], so that one search draws from many pools.
        values: what an entry stands for, aligned with ``ends``: a name, the row of a place, a number; None for words.
        strings: the entries in the forms that are needed (``seized``, ``Seized``, ``SEIZED``).
        shifts: what leads from an entry to its string, by key and form.
    """

    def __init__(self, uses: Counter[Key], forms: Set[tuple[Key, int]], known: Counter[str], seed: int) -> None:
        """Makes a pool for each key.

        Args:
            uses: how often the templates draw from each.
            forms: which forms of the entries of a pool they need.
            known: content words of the templates; they are the most frequent of the vocabulary.
            seed: of what is drawn.
        """
        of_kind: Counter[str] = Counter()
        for key, count in uses.items():
            of_kind[key[0]] += count
        vocabulary = list(dict.fromkeys([*(word for word, _ in known.most_common()), *_invent_words(seed, VOCABULARY)]))
        ranks: dict[int, list[int]] = {}
        for rank, word in enumerate(vocabulary):
            ranks.setdefault(len(word), []).append(rank)
        weights = _zipf(len(vocabulary), 1.1, 60.0)  # the words before these in rank are the ones that stay
        self.numbers: dict[Key, int] = {}
        self.values: list[Any] = []
        self.strings: list[str] = []
        self.shifts: dict[tuple[Key, int], int] = {}
        ends, first = [], 0
        for number, key in enumerate(sorted(uses, key=repr)):
            if key[0] == "word":
                chosen = ranks[key[1]]  # none is empty: the words of the templates are in it
                pool = _Pool(_forms([vocabulary[rank] for rank in chosen]), weights[chosen], [None] * len(chosen))
            else:
                pool = _make_pool(key, uses[key] / of_kind[key[0]], Random(repr((seed, key))))
            self.numbers[key] = number
            cumulative = np.cumsum(pool.weights) / pool.weights.sum()
            cumulative[-1] = 1.0
            ends.append(cumulative + number)
            self.values += pool.values
            for form, strings in enumerate(pool.forms):
                if (key, form) in forms:
                    self.shifts[key, form] = len(self.strings) - first
                    self.strings += strings
            first += len(pool.weights)
        self.ends: Floats = np.concatenate(ends)


@dataclass
class _Pool:
    forms: list[list[str]]
    weights: Floats
    values: Sequence[Any]


def _zipf(count: int, exponent: float, shift: float) -> Floats:
    """Weights of ranks 1 to ``count``: ``(rank + shift) ** -exponent``."""
    weights: Floats = np.power(np.arange(1, count + 1) + shift, -exponent)
    return weights


def _forms(words: Sequence[str]) -> list[list[str]]:
    return [list(words), [word.capitalize() for word in words], [word.upper() for word in words]]


def _invent(rng: Random, length: int) -> str:
    """A word of exactly ``length`` letters that could be English."""
    word = ""
    while len(word) < length:
        word += _SYLLABLES[int(rng.random() * len(_SYLLABLES))]
    return word[:length]


def _invent_name(rng: Random, length: int) -> str:
    """A capitalised one; a few have a letter with a mark."""
    word = _invent(rng, length)
    if rng.random() < 0.06 and length > 1 and word[-1] in _MARKED:
        word = word[:-1] + _MARKED[word[-1]]
    return word.capitalize()


@functools.cache
def _invent_words(seed: int, count: int) -> list[str]:
    """Words in families (``-s``, ``-ed``), most frequent first."""
    rng = Random(seed)
    invented: dict[str, float] = {}
    while len(invented) < count:
        stem = _invent(rng, rng.choice((3, 4, 4, 5, 5, 5, 6, 6, 7, 8)))
        for ending in rng.sample(_ENDINGS, 5):
            invented[stem + ending] = rng.random() * len(stem + ending)  # short words are the frequent ones
    return sorted(invented.keys() - FUNCTION_WORDS, key=invented.__getitem__)


def _make_pool(key: Key, share: float, rng: Random) -> _Pool:
    """The pool of a key other than words; ``share`` is its part in all uses of its kind."""
    kind = key[0]
    if kind == "person":
        return _make_persons(key, share, rng)
    if kind == "org":
        weights = _skewed_names(share, 1.05, TAIL)
        names = ["".join(_invent_name(rng, p) if isinstance(p, int) else p for p in key[1]) for _ in weights]
        initials = ["".join(re.findall(r"\b[^\W\d_a-z]", name)) for name in names]
        short = [(letters + "".join(rng.choices("ACDEFIMNOPRSTU", k=key[2])))[: key[2]] for letters in initials]
        return _Pool([names, [name.upper() for name in names], short], weights, names)
    if kind == "place":
        count = max(5, round(PLACES * share))
        names = list(dict.fromkeys(_invent_name(rng, key[1]) for _ in range(count)))
        codes = [country[-1] for country in draw_countries(rng, len(names))]
        rows = [
            (rng.randrange(100_000, 12_000_000), name, code, *_point(code, rng))
            for name, code in zip(names, codes, strict=True)
        ]
        return _Pool([names, [name.upper() for name in names]], _zipf(len(names), 1.0, 1.0), rows)
    if kind == "publisher":
        names = [f"{_invent_name(rng, rng.randrange(4, 10))} {rng.choice(_TITLES)}" for _ in range(PUBLISHERS)]
        names = [f"The {name}" if rng.random() < 0.4 else name for name in names]
        domains = [re.sub("[^a-z]", "", name.lower().removeprefix("the ")) + ".example" for name in names]
        return _Pool([names], _zipf(PUBLISHERS, 1.0, 1.0), list(zip(names, domains, strict=True)))
    if kind == "counted":
        words = [word for word in _COUNTED if len(word) == key[1]] + [_invent(rng, key[1]) for _ in range(40)]
        return _Pool(_forms(words), _zipf(len(words), 1.2, 1.0), [None] * len(words))
    if kind == "number":
        is_numeral = key[1][0].isdigit()
        made = list(_numerals(key[1], rng)) if is_numeral else [p for p in NUMBERS.items() if len(p[0]) == len(key[1])]
        return _Pool(_forms([word for word, _ in made]), np.ones(len(made)), [value for _, value in made])
    if kind == "modifier":
        several = MODIFIERS[key[1]]
        return _Pool(_forms([word for word, _ in several]), _zipf(len(several), 1.5, 1.0), [to for _, to in several])
    # A cue or an act: mostly the word that the template has, which stands for what the template says of it.
    others = [word for word in (CUES if kind == "cue" else ACTS) if len(word) == len(key[1]) and word != key[1]]
    frequencies = np.array([CUES[word][1] if kind == "cue" else 1.0 for word in others], dtype=np.float64)
    weights = np.concatenate([[1.5 * frequencies.sum() or 1.0], frequencies])
    table: dict[str, Any] = CUES if kind == "cue" else ACTS
    return _Pool(_forms([key[1], *others]), weights, [None, *((word, table[word]) for word in others)])


def _make_persons(key: Key, share: float, rng: Random) -> _Pool:
    """First and last names; those who speak for a government are few, and its first ones are heard all the time."""
    _, first, last, country = key
    weights = _skewed_names(share, 1.4, 0) if country else _skewed_names(share, 1.05, TAIL)
    given = [_invent_name(rng, first) for _ in range(200)]
    names = [(given[int(rng.random() * 200)], _invent_name(rng, last)) for _ in weights]
    forms = [[name[0] for name in names], [name[1] for name in names]]
    return _Pool([*forms, *([name.upper() for name in form] for form in forms)], weights, [" ".join(n) for n in names])


def _skewed_names(share: float, exponent: float, tail: int) -> Floats:
    known = max(4, round(NAMES * share))
    weights = _zipf(known, exponent, 0.5)
    once = np.full(tail * known, weights.sum() * TAIL_SHARE / (1 - TAIL_SHARE) / max(1, tail * known))
    return np.concatenate([weights, once])


def _numerals(pattern: str, rng: Random) -> Iterator[tuple[str, int | float]]:
    """Numbers with the digits of ``11,000`` or ``1.2 million``; noughts stay, first digits are as Benford has them."""
    for _ in range(200):
        numeral = re.sub("[1-9]", lambda _: str(rng.randrange(1, 10)), pattern)
        numeral = str(int(10 ** rng.random())) + numeral[1:]
        yield numeral, number_of(numeral)


def _point(country: str, rng: Random) -> tuple[float, float]:
    """Somewhere near the others of that country, degrees north and east."""
    at = int(digest(country), 16)
    return round(at % 110 - 40 + 4 * rng.random(), 5), round((at >> 20) % 300 - 150 + 4 * rng.random(), 5)
