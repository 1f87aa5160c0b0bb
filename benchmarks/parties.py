"""Sources resolved to the right party, with the attributions given: storyline-dev, GUM news, our own reports, PolNeAR.

The attributions are the gold's, at its spans; the names are those that the reader finds, so that its errors count. A
source is of one of four kinds by its words: a name, a description, a pronoun, or none (a quotation that floats).

storyline-dev gives every claim its speaker's resolved name. The party given is right when
- it carries the speaker. Where the speaker's full name stands anywhere in the article, a mention of the party by name
  must lie on it; else a mention must lie on another source of the same speaker, or on this one if it is the only one
  and no pronoun. A government is carried by a party that is it, or that speaks for it and has no name. A ministry or a
  service is carried, too, by a party whose own role names it (the set gives a spokesman's words to his ministry), and
  by one without a name that speaks for it. A speaker whom the set calls `(unnamed)` must have a party without name; and
- it carries no other speaker: no mention of it by name lies on the full name of another speaker of the article.
The halves are the articles with odd numbers, on which the rules were developed, and those with even numbers, whose
errors nobody has looked at.

GUM (train and dev documents of news) gives discourse units that attribute, syntax and coreference: the subject of the
verb of such a unit is the source. Right: the party has a mention by name on a name of the source's chain, if the chain
has one, else a mention on another noun of it, or on this one; and none by name on the name of another source's chain.

Our own reports (tests/golden) have the party of every source in gold/parties.json: a name that it must bear, and no
mention by a name of another one. PolNeAR has no parties, but contents that go on over paragraphs: each later paragraph
of one is taken as a quotation that floats, and is right when it gets the party of the source that its annotator gave.

    python -m benchmarks.parties                     # the table
    python -m benchmarks.parties --wrong odd         # and what is taken wrongly: odd, gum, golden, polnear
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder, load_polnear
from benchmarks.stance import attributions_of, load_claims
from onrecord.model import Attribution, Document, Kind, MentionKind, Name, Party, PartyKind, Span, Voice, attribution_id
from onrecord.reader.parties import Found, find_parties
from onrecord.reader.reading import Reader
from onrecord.text import find_quotations, kind_of

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"
KINDS = ("names", "descriptions", "pronouns", "floating")
_PRONOUNS = frozenset(
    "he she they it who which i we him her them his its their one whom himself herself that both".split()
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One source with what was made of it."""

    where: str
    kind: str
    right: bool
    words: str
    gold: str
    given: str
    reason: str


@cache
def _reader() -> Reader:
    return Reader(threads=1)


def _names(text: str) -> list[Name]:
    return list(_reader().read(Document("", text, language="en")).names)


def _fold(words: str) -> list[str]:
    """The words of a name without accents and the differences of its usual spellings."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", words.lower()) if not unicodedata.combining(sign))
    return [_spelled(word) for word in re.findall(r"[^\W_]+", plain)]


def _spelled(word: str) -> str:
    same = word.replace("iy", "y").replace("ii", "y").replace("ue", "u").replace("zh", "z")
    same = re.sub(r"(.)\1", r"\1", same)
    return re.sub(r"[iy]\Z", "y", same) if len(same) > 3 else same


def _kind_of_source(words: str, speaker: Iterable[str]) -> str:
    """A pronoun, a name (one of the speaker's own words stands in it), or a description."""
    tokens = words.split()
    if not tokens:
        return "floating"
    if len(tokens) == 1 and tokens[0].lower() in _PRONOUNS:
        return "pronouns"
    own = {word for one in speaker for word in _fold(one)}
    return "names" if any(word[0].isupper() and set(_fold(word)) & own for word in tokens) else "descriptions"


def _describe(text: str, party: Party | None) -> str:
    if party is None:
        return "nobody"
    return party.name.of(text) if party.name else f"({party.mentions[0].span.of(text)})"


# ---- storyline-dev

_OTHER_NAMES = {
    "Associated Press": ["AP"],
    "Piotr Müller": ["Piotr Mueller", "Piotr Muller"],
    "Oleksiy Danilov": ["Oleksii Danilov"],
    "Ukrainian Air Force": ["Air Force", "Air Command", "air defense forces", "air defence forces"],
    "Russian Defence Ministry": ["Defense Ministry", "defence ministry", "ministry of defence", "Russian ministry"],
    "Ukrainian Defence Ministry": ["defence ministry", "defense ministry"],
    "Belarusian Defence Ministry": ["defence ministry", "defense ministry"],
    "Japanese Defence Ministry": ["Defense Ministry", "Defence Ministry"],
    "Polish Foreign Ministry": ["Foreign Ministry", "ministry of foreign affairs"],
    "Russian Foreign Ministry": ["Foreign Ministry"],
    "US State Department": ["State Department"],
    "State Emergency Service of Ukraine": ["State Emergency Service"],
    "South Korean Joint Chiefs of Staff": ["Joint Chiefs of Staff"],
    "The Hague District Court": ["court"],
}
_PERSONS = {"Piotr Müller", "Oleksiy Danilov"}
_COUNTRY_NAMES = {"UK": "the United Kingdom", "US": "the United States", "USA": "the United States"}
_CAPITALS = """Kyiv Kiev Moscow Warsaw London Copenhagen Minsk Tehran Washington Ankara Berlin Beijing Pyongyang Seoul
    Tokyo""".split()


def _places(text: str, names: Sequence[str]) -> list[Span]:
    """Where one of some names stands in a text, in any of its spellings."""
    matches = [(match.start(), match.end(), _fold(match.group())) for match in re.finditer(r"[^\W_]+", text)]
    return [
        Span(matches[n][0], matches[n + len(words) - 1][1])
        for words in map(_fold, names)
        for n in range(len(matches) - len(words) + 1)
        if all(matches[n + k][2] == [word] for k, word in enumerate(words))
    ]


def _on(spans: Sequence[Span], places: Sequence[Span]) -> bool:
    return any(span.overlaps(place) for span in spans for place in places)


def judge_storyline(rest: int) -> Iterator[Judged]:
    """Every claim of the articles of one half.

    Raises:
        FileNotFoundError: the gold is not there; the message says where it was looked for.
    """
    for name, article, claims in load_claims():
        if int(name) % 2 == rest:
            text = article["text"]
            found = find_parties(name, text, _names(text), attributions_of(name, text, claims))
            yield from _judge_article(name, text, claims, found)


def _judge_article(article: str, text: str, claims: Sequence[dict[str, Any]], found: Found) -> Iterator[Judged]:
    parties = {party.id: party for party in found.parties}
    sources: dict[str, list[Span]] = defaultdict(list)
    full: dict[str, list[Span]] = {}
    for claim in claims:
        speaker = claim["speaker"]
        if claim["source_text"].lower() not in _PRONOUNS:
            start = claim["source_start"]
            sources[speaker].append(Span(start, start + len(claim["source_text"])))
        if speaker not in full:
            named = not speaker.endswith(")")
            full[speaker] = _places(text, [speaker, *_OTHER_NAMES.get(speaker, ())]) if named else []
    for claim, (party_id, reason) in zip(claims, found.sources, strict=True):
        speaker, words = claim["speaker"], claim["source_text"]
        party = parties.get(party_id or "")
        country = re.fullmatch(r"(.+) \((?:government|authorities)\)", speaker)
        own_names = [speaker, *_OTHER_NAMES.get(speaker, ()), *(_CAPITALS if country else ())]
        kind = _kind_of_source(words, own_names)
        start = claim["source_start"]
        right = party is not None and _is_right(
            party, speaker, country[1] if country else "", full, sources, Span(start, start + len(words)), kind
        )
        yield Judged(f"{article} {claim['id']}", kind, right, words, speaker, _describe(text, party), reason)


def _is_right(
    party: Party,
    speaker: str,
    country: str,
    full: dict[str, list[Span]],
    sources: dict[str, list[Span]],
    own: Span,
    kind: str,
) -> bool:
    named = [mention.span for mention in party.mentions if mention.kind is MentionKind.NAME]
    every = [mention.span for mention in party.mentions]
    same = {one for one in full if set(full[one]) & set(full[speaker])}
    if any(_on(named, places) for other, places in full.items() if other != speaker and other not in same):
        return False
    if country:
        body = f"Government of {_COUNTRY_NAMES.get(country, country)}"
        is_it = party.kind is PartyKind.GOVERNMENT or party.name is None
        return is_it and party.speaks_for is not None and party.speaks_for.body == body
    if speaker.endswith("(unnamed)"):
        return party.name is None and _on(every, sources[speaker])
    if full[speaker]:
        # A body is carried by whoever's own words name it (`foreign ministry spokesman`) and, if nobody is named, by
        # whoever speaks for it.
        of_body = [party.role] if party.role is not None else []
        if party.name is None and party.speaks_for is not None:
            of_body.append(party.speaks_for.words)
        is_body = speaker in _OTHER_NAMES and speaker not in _PERSONS
        is_described = speaker.rsplit(maxsplit=1)[-1].islower()  # `Polish media`
        return _on(named, full[speaker]) or ((is_body or is_described) and _on([*of_body, *every], full[speaker]))
    others = [span for span in sources[speaker] if span != own]
    return _on(every, others) if others else kind != "pronouns" and _on(every, [own])


# ---- GUM


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    upos: str
    head: int  # index in the document, -1 at the root
    relation: str
    span: Span
    sentence: int


def _load_gum(name: str, folder: Path) -> tuple[str, list[_Token]]:
    """The text of a document, put together from its words, and its words."""
    text, sentence, first, glued, after = "", -1, 0, 0, " "
    tokens: list[_Token] = []
    for line in (folder / "dep" / f"{name}.conllu").read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if line.startswith("# newpar") and "block" not in line and text:
            text = text.rstrip() + "\n\n"
        elif line.startswith("# sent_id"):
            sentence, first = sentence + 1, len(tokens)
        elif re.match(r"\d+-\d+\t", line):
            low, _, high = cells[0].partition("-")
            glued = int(high) - int(low) + 1
            after = "" if "SpaceAfter=No" in cells[9] else " "
        elif re.match(r"\d+\t", line):
            head = int(cells[6])
            tokens.append(
                _Token(
                    cells[1],
                    cells[3],
                    first + head - 1 if head else -1,
                    cells[7],
                    Span(len(text), len(text) + len(cells[1])),
                    sentence,
                )
            )
            text += cells[1]
            if glued:
                glued -= 1
                text += "" if glued else after
            elif "SpaceAfter=No" not in cells[9]:
                text += " "
    return text.rstrip(), tokens


def _load_chains(name: str, folder: Path) -> list[list[tuple[int, int]]]:
    """Coreference chains as ranges of words."""
    chains: dict[str, list[tuple[int, int]]] = defaultdict(list)
    opened: dict[str, list[int]] = defaultdict(list)
    lines = (folder / "coref" / "ontogum" / "conll" / f"{name}.conll").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    for at, (_, _, marks) in enumerate(rows):
        for begin, single, end in re.findall(r"\((\d+)(\))?|(\d+)\)", marks):
            if begin and not single:
                opened[begin].append(at)
            elif begin:
                chains[begin].append((at, at + 1))
            elif opened[end]:
                chains[end].append((opened[end].pop(), at + 1))
    return [sorted(mentions) for mentions in chains.values()]


def _head(tokens: Sequence[_Token], first: int, stop: int) -> int:
    return next((at for at in range(first, stop) if not first <= tokens[at].head < stop), first)


def _subtree(children: dict[int, list[int]], tokens: Sequence[_Token], word: int) -> list[int]:
    found, waiting = [], [word]
    while waiting:
        at = waiting.pop()
        found.append(at)
        waiting += [child for child in children[at] if at != word or tokens[child].relation not in _NOT_SOURCE]
    return sorted(found)


_NOT_SOURCE = frozenset({"acl:relcl", "punct", "parataxis", "conj", "cc", "case"})


def _gum_documents(folder: Path) -> list[str]:
    """The news documents of the parts train and dev."""
    parts = dict(
        re.findall(r"## (\S+)\n(.*?)(?=\n## |\Z)", (folder / "splits.md").read_text(encoding="utf-8"), re.DOTALL)
    )
    held_out = set(re.findall(r"\* (\S+)", parts["test"] + parts["test2"]))
    return sorted({path.stem for path in (folder / "rst" / "dependencies").glob("GUM_news_*.rsd")} - held_out)


def judge_gum() -> Iterator[Judged]:
    """Every source in GUM's news, less its test documents.

    Raises:
        FileNotFoundError: the corpus is not there; the message says where it was looked for.
    """
    folder = corpora_folder() / "gum"
    if not (folder / "splits.md").exists():
        raise FileNotFoundError(f"{folder}: GUM is not there; set ONRECORD_CORPORA to the folder that holds gum/")
    for name in _gum_documents(folder):
        yield from _judge_gum(name, folder)


def _judge_gum(name: str, folder: Path) -> Iterator[Judged]:
    text, tokens = _load_gum(name, folder)
    children: dict[int, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        children[token.head].append(at)
    units, at = [], 0
    for line in (folder / "rst" / "dependencies" / f"{name}.rsd").read_text(encoding="utf-8").splitlines():
        if line.strip():
            cells = line.split("\t")
            units.append((at, at + len(cells[1].split()), "attribution" in cells[7], int(cells[6]) - 1))
            at = units[-1][1]
    quotations = find_quotations(text)
    roles: list[tuple[int, Span, Span, tuple[Span, ...], int]] = []
    for first, stop, attributes, head in units:
        if not attributes:
            continue
        found = _gum_source(tokens, children, first, stop)
        if found is None:
            continue
        verb, words = found
        source = Span(tokens[words[0]].span.start, tokens[words[-1]].span.end)
        content = _gum_content(text, tokens, quotations, verb, range(first, stop))
        if not content:
            other = units[head]
            content = (Span(tokens[other[0]].span.start, tokens[other[1] - 1].span.end),)
        if not any(piece.overlaps(source) for piece in content):
            roles.append((words[0], source, tokens[verb].span, content, _head(tokens, words[0], words[-1] + 1)))
    attributions: list[Attribution] = []
    for n, (_, source, cue, content, _) in enumerate(roles):
        ids = attribution_id(name, (source,), (cue,), content)
        holders = [
            (
                sum(piece.end - piece.start for piece in other[3]),
                attribution_id(name, (other[1],), (other[2],), other[3]),
            )
            for k, other in enumerate(roles)
            if k != n
            and any(piece.covers(source) for piece in other[3])
            and not any(piece.covers(other[1]) for piece in content)
        ]
        parent = min(holders)[1] if holders else None
        attributions.append(
            Attribution(ids, kind_of(text, content, quotations), Voice.PARTY, parent, (source,), (cue,), content, 1.0)
        )
    chains = _load_chains(name, folder)
    heads = [[(mention, _head(tokens, *mention)) for mention in chain] for chain in chains]
    names = [
        [_name_span(tokens, children, head) for mention, head in chain if tokens[head].upos == "PROPN"]
        for chain in heads
    ]
    found_parties = find_parties(name, text, _names(text), attributions)
    parties = {party.id: party for party in found_parties.parties}
    of_source = [
        next((n for n, chain in enumerate(heads) for _, head in chain if head == role[4]), None) for role in roles
    ]
    others = {n for n in of_source if n is not None}
    for role, own, (party_id, reason) in zip(roles, of_source, found_parties.sources, strict=True):
        party = parties.get(party_id or "")
        token = tokens[role[4]]
        kind = "pronouns" if token.upos in ("PRON", "DET") else "names" if token.upos == "PROPN" else "descriptions"
        right = False
        if party is not None:
            named = [mention.span for mention in party.mentions if mention.kind is MentionKind.NAME]
            every = [mention.span for mention in party.mentions]
            right = not any(_on(named, names[n]) for n in others if n != own)
            if own is not None and names[own]:
                right = right and _on(named, names[own])
            elif own is not None:
                nouns = [tokens[head].span for _, head in heads[own] if tokens[head].upos != "PRON" and head != role[4]]
                right = right and (_on(every, nouns) if nouns else _on(every, [token.span]))
            else:
                right = right and _on(every, [token.span])
        gold = text[names[own][0].start : names[own][0].end] if own is not None and names[own] else "its chain"
        yield Judged(name, kind, right, role[1].of(text), gold, _describe(text, party), reason)


def _gum_content(
    text: str, tokens: Sequence[_Token], quotations: Sequence[Span], verb: int, unit: range
) -> tuple[Span, ...]:
    """What a unit attributes: the rest of its sentence, and the quotations of its paragraph if it has one."""
    same = [at for at, token in enumerate(tokens) if token.sentence == tokens[verb].sentence and at not in unit]
    pieces = [[at for at in same if at < unit.start], [at for at in same if at >= unit.stop]]
    spans = [Span(tokens[piece[0]].span.start, tokens[piece[-1]].span.end) for piece in pieces if piece]
    if any(quotation.overlaps(span) for quotation in quotations for span in spans):
        start = text.rfind("\n", 0, tokens[verb].span.start) + 1
        end = text.find("\n", tokens[verb].span.start)
        for quotation in quotations:
            inside = start <= quotation.start and (quotation.end <= end or end < 0)
            if inside and not any(quotation.overlaps(span) for span in spans):
                spans.append(quotation)
    return tuple(sorted(spans))


def _name_span(tokens: Sequence[_Token], children: dict[int, list[int]], head: int) -> Span:
    """A name without its titles: its head and the proper nouns that belong to it."""
    words = [head, *(child for child in children[head] if tokens[child].relation == "flat")]
    for child in children[head]:
        if tokens[child].relation == "appos" and tokens[child].upos == "PROPN" and child - head <= 3:
            words += [child, *(other for other in children[child] if tokens[other].relation == "flat")]
    return Span(tokens[min(words)].span.start, tokens[max(words)].span.end)


def _gum_source(
    tokens: Sequence[_Token], children: dict[int, list[int]], first: int, stop: int
) -> tuple[int, list[int]] | None:
    """Verb and source of a unit that attributes, as words; None if it has no subject."""
    if tokens[first].word.lower() == "according":
        words = [at for at in range(first + 2, stop) if tokens[at].upos != "PUNCT"]
        if not words:
            return None
        head = _head(tokens, words[0], words[-1] + 1)
        return first, [at for at in _subtree(children, tokens, head) if first + 2 <= at < stop]
    for verb in range(first, stop):
        for child in children[verb]:
            if tokens[child].relation.startswith("nsubj") and first <= child < stop:
                return verb, [at for at in _subtree(children, tokens, child) if first <= at < stop]
    return None


# ---- our own reports


def judge_golden() -> Iterator[Judged]:
    """Every source in the golden readings."""
    gold = json.loads((Path(__file__).parent / "gold" / "parties.json").read_text(encoding="utf-8"))
    for path in sorted(GOLDEN.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if path.stem not in gold:
            continue
        text = (GOLDEN / record["text"]).read_text(encoding="utf-8")
        rows = record["attributions"]
        ids = {row["name"]: f"{path.stem} {row['name']}" for row in rows}
        attributions = []
        for row in rows:
            source, cue, content = (tuple(_at(text, one) for one in row[role]) for role in ("source", "cue", "content"))
            # What has no cue floats: the golden readings give it the source of the one before.
            attributions.append(
                Attribution(
                    ids[row["name"]],
                    Kind(row["kind"]),
                    Voice.PARTY,
                    ids.get(row["parent"]),
                    source if cue else (),
                    cue,
                    content,
                    1.0,
                )
            )
        found = find_parties(path.stem, text, _names(text), attributions)
        parties = {party.id: party for party in found.parties}
        everybody = {one for value in gold[path.stem].values() for one in value.split("|") if one[0] not in "-("}
        for row, attribution, (party_id, reason) in zip(rows, attributions, found.sources, strict=True):
            wanted = gold[path.stem][row["name"]].split("|")
            party = parties.get(party_id or "")
            words = attribution.source[0].of(text) if attribution.source else ""
            kind = _kind_of_source(words, [one for one in wanted if one[0] not in "-("])
            right = any(_fits(text, party, one, everybody - set(wanted)) for one in wanted)
            yield Judged(
                f"{path.stem} {row['name']}", kind, right, words, "|".join(wanted), _describe(text, party), reason
            )


def _at(text: str, selector: dict[str, str]) -> Span:
    prefix, exact = selector.get("prefix", ""), selector["exact"]
    start = text.index(prefix + exact + selector.get("suffix", "")) + len(prefix)
    return Span(start, start + len(exact))


def _fits(text: str, party: Party | None, wanted: str, others: set[str]) -> bool:
    """Whether a party is the one that was wanted, and nobody else besides."""
    if wanted == "-" or party is None:
        return wanted == "-" and party is None
    every = [mention.span.of(text).lower() for mention in party.mentions]
    named = [mention.span.of(text) for mention in party.mentions if mention.kind is MentionKind.NAME]
    if any(other in named for other in others):
        return False
    if wanted[0] == "(":
        return party.name is None and any(
            wanted[1:-1].lower() in words or words in wanted[1:-1].lower() for words in every
        )
    return any(wanted in words for words in named)


# ---- PolNeAR


def judge_polnear() -> Iterator[Judged]:
    """Quotations that go on over paragraphs, with the source that their annotator gave them."""
    for article in load_polnear("train"):
        yield from _judge_polnear(article.name, article.text, article.annotations[0])


def _judge_polnear(name: str, text: str, relations: Sequence[dict[str, list[tuple[int, int]]]]) -> Iterator[Judged]:
    attributions: list[Attribution] = []
    floating: list[tuple[int, int]] = []  # index of the attribution that floats, and of the one it goes on from
    for relation in relations:
        source, cue, content = (
            tuple(Span(*span) for span in sorted(set(relation[role]))) for role in ("source", "cue", "content")
        )
        if not (source and cue and content) or any(a.end > b.start for a, b in zip(content, content[1:], strict=False)):
            continue
        pieces = [piece for span in content for piece in _by_paragraph(text, span)]
        end = text.find("\n", cue[0].start)
        later = [
            piece
            for piece in pieces
            if piece.start >= end > 0 and text[piece.start] in '"“' and len(piece.of(text).split()) > 4
        ]
        kept = tuple(piece for piece in pieces if piece not in later)
        if not kept or not source or any(a.end > b.start for a, b in zip(cue, cue[1:], strict=False)):
            continue
        n = len(attributions)
        attributions.append(Attribution(f"{name} {n}", Kind.MIXED, Voice.PARTY, None, source, cue, kept, 1.0))
        for piece in later:
            floating.append((len(attributions), n))
            attributions.append(
                Attribution(f"{name} {n} {piece.start}", Kind.DIRECT, Voice.PARTY, None, (), (), (piece,), 1.0)
            )
    if not floating:
        return
    found = find_parties(name, text, _names(text), attributions)
    parties = {party.id: party for party in found.parties}
    for at, source_at in floating:
        given, wanted = found.sources[at][0], found.sources[source_at][0]
        words = attributions[at].content[0].of(text)
        yield Judged(
            name, "floating", given is not None and given == wanted, words, _describe(text, parties.get(wanted or "")),
            _describe(text, parties.get(given or "")), found.sources[at][1],
        )  # fmt: skip


def _by_paragraph(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for line in span.of(text).splitlines(keepends=True):
        if line.strip():
            begin = start + len(line) - len(line.lstrip())
            yield Span(begin, start + len(line.rstrip()))
        start += len(line)


# ---- figures

SETS: dict[str, Callable[[], Iterator[Judged]]] = {
    "odd": lambda: judge_storyline(1),
    "even": lambda: judge_storyline(0),
    "gum": judge_gum,
    "golden": judge_golden,
    "polnear": judge_polnear,
}
_TITLES = {
    "odd": "storyline-dev, odd articles",
    "even": "storyline-dev, even articles",
    "gum": "GUM news",
    "golden": "our own reports",
    "polnear": "PolNeAR",
}


def share(judged: Sequence[Judged]) -> dict[str, float]:
    """The share of sources that are right, by kind."""
    totals = Counter(one.kind for one in judged)
    rights = Counter(one.kind for one in judged if one.right)
    return {kind: rights[kind] / totals[kind] for kind in KINDS if totals[kind]}


def measure() -> dict[str, float]:
    """Every figure of this benchmark: of all sets together, and of each.

    Raises:
        FileNotFoundError: the labelled data are not there.
    """
    judged = {name: list(judge()) for name, judge in SETS.items()}
    figures = share([one for several in judged.values() for one in several])
    for name, several in judged.items():
        figures |= {f"{kind}, {_TITLES[name]}": value for kind, value in share(several).items()}
    return figures


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", choices=[name for name in SETS if name != "even"], help="list what is taken wrongly")
    chosen = parser.parse_args()
    print_figures(measure)
    for one in SETS[chosen.wrong]() if chosen.wrong else ():
        if not one.right:
            print(f"{one.where}: {one.kind}: {one.words!r} is {one.gold}, taken as {one.given}, by {one.reason}")


if __name__ == "__main__":
    main()
