"""Templates: real readings, and where each can be changed without moving a code point."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import onrecord
from benchmarks.generated.pools import (
    ACTS,
    COUNTRIES,
    CUES,
    FUNCTION_WORDS,
    MODIFIERS,
    NATIONS,
    NUMBERS,
    Key,
    Pools,
    draw_countries,
    number_of,
)
from onrecord.codec import decode_reading, encode_reading
from onrecord.examples import find_examples
from onrecord.model import Cut, Document, MentionKind, Modifier, PartyKind, Precision, Reading, Span, digest
from onrecord.reader.network import SHIPPED, load_card

BUILD = Path(__file__).resolve().parents[2] / "build"
CASTS = 16
"""How often each example report is read, each time with other countries in it."""
BETWEEN = "\0"
"""Stands between the text, the title and so on, when all are put together as one; no template holds it."""

# The invented countries of the example reports: the words for each, in the order of the columns of countries.tsv.
_CAST = (
    ("Sardal", "Sardali", "Ishkar", ""),
    ("Korvania", "Korvanian", "", ""),
    ("Merrow", "Merrovian", "Port Alder", ""),
    ("Veldra", "Veldran", "Marisk", "Lomas"),
    ("Lethia", "", "Briar", ""),
)
_KEPT_IN_NAMES = frozenset(
    """of for and the on in institute agency works freight studies war herald daily courier tribune bank university
    council committee party group company ministry department street force office authority commerce chamber""".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[A-Z][^\W\d_]+")
_PLAIN_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?: (?:thousand|million|billion|trillion))?", re.ASCII)
_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:]\s+|[\n\0“\"‘(])[“\"‘(]*\Z")


def load_templates(casts: int = CASTS, folder: Path = BUILD) -> list[Reading]:
    """The example reports with real countries, each read ``casts`` times by the shipped model.

    That takes about a second for ten; what was read is kept as JSON lines in ``folder``, for this model alone. (Delete
    it to have the rules of another version read.)
    """
    path = folder / f"templates-{digest(load_card(SHIPPED).digest, casts, COUNTRIES)}.jsonl"
    if not path.exists():
        reader = onrecord.Reader()
        found = [reading.document for reading in onrecord.read_all(find_examples(), workers=1)]
        rng = Random(0)
        readings = [reader.read(_cast(document, rng)) for _ in range(casts) for document in found if document]
        folder.mkdir(exist_ok=True)
        unfinished = path.with_suffix(f".{time.time_ns()}")  # several processes may be at it
        unfinished.write_bytes(b"".join(encode_reading(reading) + b"\n" for reading in readings))
        unfinished.replace(path)
    return [decode_reading(line) for line in path.read_bytes().split(b"\n") if line]


def _cast(document: Document, rng: Random) -> Document:
    """The same report about other countries; one without a day gets the day of the story."""
    chosen: list[tuple[str, ...]] = []
    while len(chosen) < len(_CAST):
        chosen = list(dict.fromkeys([*chosen, *draw_countries(rng, 1)]))
    words = {
        before: after
        for invented, country in zip(_CAST, chosen, strict=True)
        for before, after in zip(invented, country, strict=False)
        if before
    }
    plural = words["Korvanian"]
    words["Korvanians"] = plural + "s" if plural.endswith(("an", "eli", "eni", "qi", "ari", "ali", "ani")) else plural
    words |= {before.upper(): after.upper() for before, after in words.items()}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})\b")

    def recast(text: str) -> str:
        return pattern.sub(lambda match: words[match.group()], text)

    return replace(
        document,
        text=recast(document.text),
        title=recast(document.title),
        dateline=recast(document.dateline),
        published=document.published or "2024-03-18",
        cuts=tuple(Cut(cut.reason, recast(cut.text), len(recast(document.text[: cut.at]))) for cut in document.cuts),
    )


def bounds_of(value: float, modifier: Modifier) -> tuple[float | None, float | None]:
    """Least and greatest, as the reader makes them of a number after a modifier."""
    one = 1 if isinstance(value, int) else 0
    return {
        Modifier.AT_LEAST: (value, None),
        Modifier.MORE_THAN: (value + one, None),
        Modifier.AT_MOST: (None, value),
        Modifier.LESS_THAN: (None, value - one),
    }.get(modifier, (value, value))


@dataclass
class _Slot:
    """Code points that are replaced, by which draw, in which form."""

    start: int
    end: int
    draw: int
    form: int
    is_word: bool = False
    before: int = -1
    """The draw of the word before; this one may be a favourite of it."""


class Template:
    """A real reading, taken apart: where it can be changed, and all that stays.

    Attributes:
        draws: the pools that are drawn from; most draws fill one slot, that of a name all its places, that of the
            publisher none.
        literals: text, title, byline, dateline, wire, the end of the address, and cuts in one, between the slots.
        claims: attributions, with the numbers of parent, statement that it is about, and party, the draw of its cue,
            and the draw in its ``party_reason`` with the words around it; -1 and None for what there is not.
        parties: with whether the body is called by the words of the text.
        figures: with the draws of number and modifier.
        places: with their draw.
        acts: with the numbers of their claim and of what they are in exchange for, and their draw.
        claim_ends, party_ends, act_ends: the arrays that their ids are digests of, after the document's id.
        day: of publication.
    """

    def __init__(
        self,
        reading: Reading,
        slug: Sequence[int],
        uses: Counter[Key],
        forms: set[tuple[Key, int]],
        known: Counter[str],
    ) -> None:
        """Takes it apart.

        Args:
            reading: one with a document.
            slug: lengths of the words at the end of its address.
            uses: counts how often each pool is drawn from.
            forms: takes in which forms of the entries of a pool are needed.
            known: counts the content words.
        """
        assert reading.document is not None
        self.reading, self.document = reading, reading.document
        self.draws: list[Key] = []
        self._slots: list[_Slot] = []
        self._entities: dict[str, int] = {}
        self._by_span: dict[tuple[str, Span], int] = {}
        document = self.document
        before = [document.text, document.title, document.byline, document.dateline, document.wire]
        address = "-".join("x" * length for length in slug)
        self.whole = BETWEEN.join([*before, address, *(cut.text for cut in document.cuts)])
        at = sum(map(len, before)) + len(before)
        self._address = Span(at, at + len(address))
        self._taken = bytearray(len(self.whole))
        self._find_names()
        self._find_cues_and_acts()
        self._find_figures()
        self._keep_the_rest()
        self._find_words(known)
        self.publisher = self._draw(("publisher",))
        uses.update(self.draws)
        forms.update((self.draws[slot.draw], slot.form) for slot in self._slots)
        self._slots.sort(key=lambda slot: slot.start)
        edges = [0, *(edge for slot in self._slots for edge in (slot.start, slot.end)), len(self.whole)]
        self.literals = [self.whole[a:b] for a, b in zip(edges, edges[1:], strict=False)]
        self._take_rows()

    def finish(self, pools: Pools) -> None:
        """Numbers of pools and strings in place of their keys, now that all are known."""
        slots = self._slots
        self.floors = np.array([float(pools.numbers[key]) for key in self.draws])
        self.of_slot = np.array([slot.draw for slot in slots], dtype=np.int64)
        self.shift = np.array([pools.shifts[self.draws[slot.draw], slot.form] for slot in slots], dtype=np.int64)
        self.words = np.array([n for n, slot in enumerate(slots) if slot.is_word], dtype=np.int64)
        self.text_words = sum(slot.is_word and slot.end <= len(self.document.text) for slot in slots)
        self.second = np.array([slot.draw for slot in slots if slot.before >= 0], dtype=np.int64)
        self.first = np.array([slot.before for slot in slots if slot.before >= 0], dtype=np.int64)
        self.originals = np.arange(len(self.words), dtype=np.int64) + len(pools.strings)
        pools.strings += [self.whole[slots[n].start : slots[n].end] for n in self.words]

    def _draw(self, key: Key) -> int:
        self.draws.append(key)
        return len(self.draws) - 1

    def _add(self, start: int, end: int, draw: int, form: int) -> None:
        """A slot, unless something else stands there."""
        if self._is_free(start, end):
            self._keep(start, end)
            self._slots.append(_Slot(start, end, draw, form))

    def _is_free(self, start: int, end: int) -> bool:
        return not any(self._taken[start:end])

    def _keep(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\1" * (end - start)

    def _find_names(self) -> None:
        """Persons, organisations and settlements, wherever their names stand."""
        text = self.document.text
        forms: dict[str, tuple[int, int]] = {}  # the draw and the form of a name, or of a part of one
        for party in self.reading.parties:
            name = party.name.of(text) if party.name else ""
            if not name or name in self._entities or NATIONS.intersection(_WORD.findall(name)):
                continue
            pieces = name.split()[-2:]
            if party.kind is PartyKind.PERSON and len(pieces) == 2 and all(map(_NAME.fullmatch, pieces)):
                country = party.speaks_for.country if party.speaks_for else ""
                self._add_person(pieces, country, forms)
            elif party.kind in (PartyKind.ORGANIZATION, PartyKind.COMPANY) and name[0].isupper():
                cut = re.split(r"([^\W\d_]+)", name)
                shape = tuple(
                    len(piece) if piece[:1].isupper() and piece.lower() not in _KEPT_IN_NAMES else piece
                    for piece in cut
                )
                if not any(isinstance(piece, int) for piece in shape):
                    continue
                others = {m.span.of(text) for m in party.mentions if m.kind is MentionKind.NAME} - {name}
                short = next((other for other in sorted(others) if other.isupper() and len(other) > 1), "")
                self._entities[name] = draw = self._draw(("org", shape, len(short)))
                forms |= {key: (draw, form) for form, key in enumerate((name, name.upper(), short)) if key}
        sides = {party.name.of(text) for party in self.reading.parties if party.name and party.kind != PartyKind.PLACE}
        for place in self.reading.places:
            name = place.span.of(text)
            name = name.capitalize() if name.isupper() else name
            if place.precision is not Precision.SETTLEMENT or not _NAME.fullmatch(name) or name in sides:
                continue
            if name not in self._entities and len(name) > 2:
                self._entities[name] = draw = self._draw(("place", len(name)))
                forms |= {name: (draw, 0), name.upper(): (draw, 1)}
        byline = self.document.byline.split()
        if len(byline) == 2 and all(map(_NAME.fullmatch, byline)) and byline[1] not in forms:
            self._add_person(byline, "", forms)
        if forms:
            names = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
            for match in re.finditer(rf"\b(?:{names})\b", self.whole):
                self._add(*match.span(), *forms[match.group()])

    def _add_person(self, pieces: Sequence[str], country: str, forms: dict[str, tuple[int, int]]) -> None:
        draw = self._draw(("person", len(pieces[0]), len(pieces[1]), country))
        self._entities[" ".join(pieces)] = draw
        for form, piece in enumerate((*pieces, pieces[0].upper(), pieces[1].upper())):
            forms.setdefault(piece, (draw, form))

    def _find_cues_and_acts(self) -> None:
        text = self.document.text
        kinds = {act.words: "act" for act in self.reading.acts}
        kinds |= {claim.cue[0]: "cue" for claim in self.reading.attributions if len(claim.cue) == 1}
        for span, kind in sorted(kinds.items()):
            # A cue of several words is changed at the one that decides: "has denied", "said in its report".
            for match in _WORD.finditer(text, span.start, span.end):
                word = match.group()
                if word.lower() in (CUES if kind == "cue" else ACTS) and word[1:].islower():
                    if self._is_free(*match.span()):
                        self._by_span[kind, span] = draw = self._draw((kind, word.lower()))
                        self._add(*match.span(), draw, int(word[0].isupper()))
                    break

    def _find_figures(self) -> None:
        """Those with one number, plainly bounded, by which no other figure is told; and what is counted."""
        text = self.document.text
        relations = {word for figure in self.reading.figures for word in figure.relation.split()}
        times = [time.span for time in self.reading.times]
        for figure in self.reading.figures:
            span, words = figure.value, figure.value.of(text)
            is_numeral = _PLAIN_NUMBER.fullmatch(words) is not None
            if not (is_numeral or words.lower() in NUMBERS) or words in relations or figure.relation:
                continue
            bounds = bounds_of(number_of(words.lower()), figure.modifier)
            if bounds != (figure.low, figure.high) or any(map(figure.span.overlaps, times)):
                continue
            if self._is_free(span.start, span.end):
                pattern = re.sub("[1-9]", "1", words) if is_numeral else words.lower()
                self._by_span["number", span] = draw = self._draw(("number", pattern))
                self._add(span.start, span.end, draw, int(words[0].isupper()))
                before = modifier_of(figure.span, span, text)
                if before and before.of(text).lower() in MODIFIERS and self._is_free(before.start, before.end):
                    modifier = before.of(text)
                    self._by_span["modifier", before] = draw = self._draw(("modifier", modifier.lower()))
                    self._add(before.start, before.end, draw, int(modifier[0].isupper()))
        for figure in self.reading.figures:
            head = [*_WORD.finditer(text, figure.counted.start, figure.counted.end)][-1:] if figure.counted else []
            for match in head:
                if self._is_free(*match.span()) and match.group().islower() and match.group() not in FUNCTION_WORDS:
                    self._add(*match.span(), self._draw(("counted", len(match.group()))), 0)

    def _keep_the_rest(self) -> None:
        """What says when, how much, who, and in what capacity stays as it is."""
        reading = self.reading
        kept = [span for claim in reading.attributions for span in (*claim.cue, *claim.addressee, *claim.channel)]
        kept += [hedge.span for claim in reading.attributions for hedge in claim.hedges]
        kept += [time.span for time in reading.times]
        kept += [act.words for act in reading.acts]
        kept += [mention.span for party in reading.parties for mention in party.mentions]
        kept += [span for party in reading.parties for span in (party.role, party.name) if span]
        kept += [party.speaks_for.words for party in reading.parties if party.speaks_for]
        kept += [Span(figure.span.start, figure.value.end) for figure in reading.figures]
        for span in kept:
            self._keep(span.start, span.end)

    def _find_words(self, known: Counter[str]) -> None:
        """Content words: in lower case, or with a capital where a sentence begins."""
        last: _Slot | None = None
        for match in _WORD.finditer(self.whole):
            (start, end), word = match.span(), match.group()
            opens = word[1:].islower() and _OPENS_SENTENCE.search(self.whole, max(0, start - 4), start)
            if len(word) < 3 or word.lower() in FUNCTION_WORDS or not (word.islower() or opens):
                continue
            if not self._is_free(start, end):
                continue
            slot = _Slot(start, end, self._draw(("word", len(word))), int(not word.islower()))
            self._slots.append(slot)
            slot.is_word = not self._address.start <= start < self._address.end
            known.update([word.lower()] if slot.is_word else [])
            if last is not None and last.before < 0 and self.whole[last.end : start] == " ":
                slot.before = last.draw
            last = slot

    def _take_rows(self) -> None:
        reading, text, draw_at = self.reading, self.document.text, self._by_span.get
        claims = {claim.id: n for n, claim in enumerate(reading.attributions)}
        parties = {party.id: n for n, party in enumerate(reading.parties)}
        acts = {act.id: n for n, act in enumerate(reading.acts)}
        self.claim_ends = [_ending(*map(_pairs, (c.source, c.cue, c.content))) for c in reading.attributions]
        firsts = [party.mentions[0].span for party in reading.parties]
        self.party_ends = [_ending("party", span.start, span.end) for span in firsts]
        self.act_ends = [_ending("act", act.words.start, act.words.end) for act in reading.acts]
        self.claims = [
            (
                claim,
                claims.get(claim.parent or "", -1),
                claims.get(claim.about or "", -1),
                parties.get(claim.party or "", -1),
                draw_at(("cue", claim.cue[0]), -1) if len(claim.cue) == 1 else -1,
                self._name_in(claim.party_reason),
            )
            for claim in reading.attributions
        ]
        self.parties = [
            (party, party.speaks_for is not None and party.speaks_for.body == party.speaks_for.words.of(text))
            for party in reading.parties
        ]
        self.figures = []
        for figure in reading.figures:
            before = modifier_of(figure.span, figure.value, text)
            modifier = draw_at(("modifier", before), -1) if before else -1
            self.figures.append((figure, draw_at(("number", figure.value), -1), modifier))
        named = {name: draw for name, draw in self._entities.items() if self.draws[draw][0] == "place"}
        named |= {name.upper(): draw for name, draw in named.items()}
        self.places = [(place, named.get(place.span.of(text), -1)) for place in reading.places]
        self.acts = [
            (act, claims.get(act.claim or "", -1), acts.get(act.exchange or "", -1), draw_at(("act", act.words), -1))
            for act in reading.acts
        ]
        day = self.document.published[:10]
        self.day = date.fromisoformat(day) if re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) else None

    def _name_in(self, reason: str) -> tuple[int, str, str] | None:
        for name, draw in self._entities.items():
            before, found, after = reason.partition(f"“{name}”")
            if found:
                return draw, before + "“", "”" + after
        return None


def modifier_of(whole: Span, value: Span, text: str) -> Span | None:
    """The words of a figure that stand before its number."""
    words = text[whole.start : value.start].rstrip()
    return Span(whole.start, whole.start + len(words)) if words else None


def _pairs(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _ending(*parts: Any) -> bytes:
    """The array that :func:`onrecord.model.digest` hashes, after its first element."""
    return json.dumps(parts, separators=(",", ":"))[1:].encode()
