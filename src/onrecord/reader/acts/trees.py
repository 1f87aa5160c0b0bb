"""The words of a document as the rules of acts ask for them: what governs what, what a phrase is, where it ends.

Edges may be wrong or run in a circle: such heads become roots, and every walk is bounded.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from onrecord.model import Label, Name, Span
from onrecord.reader.acts.mending import mend
from onrecord.reader.acts.words import word_classes
from onrecord.reader.syntax import Syntax

STEPS = 24
"""Most edges that a walk towards the root follows."""
DEEP = 8
"""Most steps of any other walk: modifiers of modifiers, clauses in clauses."""
MODIFIERS = frozenset("amod compound nmod flat".split())
HYPHENS = "-‐‑"

_FAR = 80
"""Most words between a word and one that it governs; what lies further apart is a fault of the parser."""
_LEFT = frozenset("det amod compound nummod nmod advmod flat fixed cc conj punct case obl goeswith dep acl".split())
_CARDINAL = frozenset({"CD", "$", "%"})
_LOOSE = frozenset("according thanks owing prior next close contrary unlike despite".split())
"""First words of prepositions that lead to no role."""
_QUOTES = frozenset("\"'“”‘’«»``''")
BOUNDS = frozenset("over about around least than up under nearly almost some more fewer less".split())
"""Words that begin a number, whatever their tag."""
_BOUNDING_TAGS = frozenset("JJS RBS JJR RBR IN RB TO JJ".split())
IN_CHUNK = frozenset("DT PDT PRP PRP$ CD JJ JJR JJS NN NNS NNP NNPS POS $ HYPH VBN".split())
_BEFORE_HEAD = IN_CHUNK | frozenset("RB RBR RBS CC PDT FW LS SYM -LRB- -RRB- #".split()) - {"VBN"}
_BEFORE_HYPHEN, _BEHIND_HYPHEN = re.compile(r"[\w.]{1,20}[-‐‑]\Z"), re.compile(r"[-‐‑][\w.]{0,19}\w")
_MARTIAL = frozenset({"military", "arms"})
_OF_LABEL = {
    Label.PERSON: frozenset({"person", "name"}),
    Label.PLACE: frozenset({"place", "name"}),
    Label.FACILITY: frozenset({"infrastructure", "name"}),
    Label.ORGANIZATION: frozenset({"org", "name"}),
    Label.GROUP: frozenset({"people", "name"}),
    Label.PRODUCT: frozenset({"arms", "name"}),
}


class Tree:
    """The words of a document and the edges between them, mended.

    Args:
        text: the document's text.
        syntax: its trees.
        names: its names, which tell a weapon from a place.
        idle: spans that fill no place: expressions of time.
    """

    __slots__ = (
        "_classes", "children", "ends", "full", "heads", "idle", "labels", "lower", "opens", "relations", "starts",
        "tags", "text",
    )  # fmt: skip

    def __init__(self, text: str, syntax: Syntax, names: Sequence[Name] = (), idle: Sequence[Span] = ()) -> None:
        self.text, self.starts, self.ends = text, syntax.starts, syntax.ends
        spans = zip(syntax.starts, syntax.ends, strict=True)
        self.lower = [text[start:end].lower().replace("’", "'") for start, end in spans]
        self.opens = {
            word for word in range(1, len(self.lower)) if "\n" in text[self.ends[word - 1] : self.starts[word]]
        }
        edges = mend(self.lower, syntax, self.opens)
        self.heads, self.full, self.tags = edges.heads, edges.relations, edges.tags
        self.relations = [relation.partition(":")[0] for relation in self.full]
        self.children: list[list[int]] = [[] for _ in self.heads]
        for word, head in enumerate(self.heads):
            if head >= 0 and abs(word - head) <= _FAR:
                self.children[head].append(word)
        self.labels = {word: name for name in names for word in self.within(name.span)}
        self.idle = {word for span in idle for word in self.within(span)}
        self._classes: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self.lower)

    def within(self, span: Span) -> range:
        """The words that begin inside a span."""
        return range(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))

    def quoted(self, *words: int) -> str:
        """Words as a reason cites them."""
        return "“" + " ".join(self.text[self.starts[n] : self.ends[n]] for n in sorted(set(words))) + "”"

    def word_at(self, offset: int) -> int:
        """The word that begins at a code point, or the next one."""
        return bisect_left(self.starts, offset)

    def is_verb(self, word: int) -> bool:
        """Whether a word is tagged a verb."""
        return self.tags[word].startswith("VB")

    def is_capital(self, word: int) -> bool:
        """Whether a word begins with a capital."""
        return self.text[self.starts[word]].isupper()

    def is_idle(self, word: int) -> bool:
        """Whether a phrase only says when."""
        return word in self.idle or "time" in word_classes(self.lower[word])

    def follows(self, word: int, rest: Sequence[str]) -> list[int] | None:
        """The words of a phrase behind its first one: next to it, or a particle that it governs."""
        if not rest:
            return []
        beside = range(word + 1, word + 1 + len(rest))
        if beside.stop <= len(self) and all(self.lower[at] == part for at, part in zip(beside, rest, strict=True)):
            return list(beside)
        if len(rest) > 1:
            return None
        for child in self.children[word]:
            if child > word and self.lower[child] == rest[0] and self.relations[child] in ("compound", "advmod"):
                return [child]
        return None

    def preceded(self, word: int, before: str) -> bool:
        """Whether a word has the rest of its phrase before it, to the letter."""
        start = self.starts[word] - len(before)
        stands = start >= 0 and self.text[start : self.starts[word]].lower().replace("’", "'") == before
        return stands and (not before or start == 0 or not self.text[start - 1].isalnum())

    def prepositions(self, word: int) -> list[str]:
        """The prepositions of a phrase."""
        return [
            self.lower[child]
            for child in self.children[word]
            if self.relations[child] == "case" and child < word and not self.is_bound(child)
        ]

    def slot(self, word: int) -> str:
        """The place that a prepositional phrase fills: its last preposition; `result` of what something comes from."""
        before = self.prepositions(word)
        if not before:
            return ""
        if "result" in before or before[0] in ("because", "due"):
            return "result"
        if (
            before[0] in _LOOSE
            or (before[0] in ("along", "together") and len(before) > 1)
            or (before[0] == "as" and len(before) > 1)
        ):
            return ""
        fixed = [child for child in self.children[word] if self.relations[child] == "case" and self.children[child]]
        if fixed and any(self.lower[at] == "result" for at in self.children[fixed[0]]):
            return "result"
        return before[-1]

    def mark(self, word: int) -> str:
        """The word that opens a clause: that, if, to, for; empty if none does."""
        return next((self.lower[child] for child in self.children[word] if self.relations[child] == "mark"), "")

    def upwards(self, word: int) -> Iterator[int]:
        """A word's head, its head's head, and so on."""
        at = self.heads[word]
        for _ in range(STEPS):
            if at < 0:
                return
            yield at
            at = self.heads[at]

    # ---- what a phrase is

    def classes(self, word: int) -> frozenset[str]:
        """What a phrase is, by its head and what makes the head more precise: arms, people, a name, a number."""
        return frozenset().union(*map(self.classes_of, self.contents(word)))

    def contents(self, word: int) -> list[int]:
        """A head, what it counts, and what it holds: a package of aid."""
        found = self.things(word)
        last = found[-1]
        thing = self.of_phrase(last) if "holder" in self.classes_of(last) else None
        if thing is None and not self.classes_of(last).isdisjoint(("money", "number")):
            behind = (child for child in self.children[last] if child > last and self.relations[child] == "nmod")
            thing = next((child for child in behind if self.prepositions(child) == ["in"]), None)  # $61 billion in aid
        return [*found, thing] if thing is not None else found

    def things(self, word: int) -> list[int]:
        """A head, and behind it the thing itself if the head only counts it: dozens, drones."""
        found = [word]
        while len(found) < 4:
            at = found[-1]
            counts = self.tags[at] in _CARDINAL or not word_classes(self.lower[at]).isdisjoint(("quantity", "number"))
            thing = self.of_phrase(at) if counts else None
            if thing is None or ("number" in word_classes(self.lower[thing]) and self.tags[at] == "CD"):
                break
            found.append(thing)
        return found

    def of_phrase(self, word: int) -> int | None:
        """What stands with `of` behind a noun."""
        behind = (child for child in self.children[word] if child > word and self.relations[child] in ("nmod", "obl"))
        return next((child for child in behind if self.prepositions(child)[:1] == ["of"]), None)

    def classes_of(self, word: int) -> frozenset[str]:
        """What one word is, with what stands right before it and what hyphens join to it."""
        if word not in self._classes:
            found = word_classes(self.lower[word])
            start, end = self.starts[word], self.ends[word]
            if self.text[start - 1 : start] in HYPHENS or self.text[end : end + 1] in HYPHENS:
                before = _BEFORE_HYPHEN.search(self.text[max(0, start - 21) : start])
                behind = _BEHIND_HYPHEN.match(self.text[end : end + 21])
                whole = (before.group() if before else "") + self.text[start:end] + (behind.group() if behind else "")
                found |= word_classes(whole.lower())
            modifiers = [at for at in self.children[word] if at < word and self.relations[at] in MODIFIERS]
            if modifiers and modifiers[-1] == word - 1:
                found |= word_classes(f"{self.lower[word - 1]} {self.lower[word]}")
            if "generic" in found and any(_MARTIAL & word_classes(self.lower[at]) for at in modifiers):
                found |= {"arms"}
            if (name := self.labels.get(word)) is not None:
                found |= _OF_LABEL.get(name.label, frozenset())
            elif self.tags[word].startswith("NNP"):
                found |= {"name"}
            self._classes[word] = found
        return self._classes[word]

    # ---- phrases

    def phrase(self, head: int) -> Span:
        """A noun phrase without its preposition, relative clauses, appositions and conjuncts."""
        first = head
        for child in self.children[head]:
            if child < head and self.relations[child] in _LEFT:
                first = min(first, self.leftmost(child))
        first = max(first, self._chunk_start(head))
        while first < head and self._is_edge(first, head):
            first += 1
        last = self._rightmost(head, 0)
        start, end = self.starts[first], self.ends[last]
        if (name := self.labels.get(head)) is not None:
            start, end = min(start, name.span.start), max(end, name.span.end)
        while end - start > 1 and self.text[end - 1] in ",;:":
            end -= 1
        return Span(start, end)

    def _chunk_start(self, head: int) -> int:
        """Where the noun phrase begins by its tags alone; a tree may reach too far."""
        at = head
        while at > 0 and at not in self.opens and head - at < _FAR and self._in_phrase(at - 1):
            at -= 1
        return at

    def _in_phrase(self, word: int) -> bool:
        """Whether a word can stand before the head of a noun phrase."""
        tag = self.tags[word]
        if tag in ("VBG", "VBN"):
            return self.relations[word] in ("amod", "compound", "nmod")
        return tag in _BEFORE_HEAD or self.lower[word] in BOUNDS or self.lower[word] in ("at", *_QUOTES, *HYPHENS)

    def leftmost(self, word: int) -> int:
        """The first word of a modifier."""
        at = word
        for _ in range(DEEP):
            before = [child for child in self.children[at] if child < at and self.relations[child] in _LEFT]
            if not before:
                break
            at = before[0]
        return at

    def _is_edge(self, word: int, head: int) -> bool:
        """Whether a word at the left edge of a phrase is no part of it: a preposition, a conjunction, a mark."""
        if self.is_bound(word):
            return False
        loose = self.heads[word] == head and self.relations[word] in ("case", "mark", "cc", "punct")
        return loose or self.lower[word] in _QUOTES or self.tags[word] in ("IN", "TO", ",", ":", "CC", "-LRB-", "RB")

    def _rightmost(self, word: int, depth: int) -> int:
        last = word
        for child in self.children[word]:
            if child <= last or depth > DEEP:
                continue
            if self.leftmost(child) != last + 1:
                break
            relation = self.relations[child]
            of = relation == "nmod" and self.prepositions(child)[:1] == ["of"]
            bare = relation == "nmod" and self.full[child] in ("nmod:desc", "nmod:unmarked")
            named = (
                relation in ("appos", "nmod") and self.tags[last + 1].startswith("NNP") and not self.prepositions(child)
            )
            joined = relation in ("flat", "fixed", "compound", "nummod", "goeswith") and not self.prepositions(child)
            if joined or of or bare or named:
                last = self._rightmost(child, depth + 1)
            elif relation == "punct" and self.lower[child] in HYPHENS:
                last = child
            else:
                break
        return last

    def conjuncts(self, head: int) -> list[int]:
        """A phrase and what is joined to it by a conjunction."""
        joined = (child for child in self.children[head] if self.relations[child] == "conj" and not self.is_verb(child))
        return [head, *joined][:DEEP]

    def chunk_from(self, at: int) -> tuple[int, int]:
        """The head of the noun phrase that begins at a word, and where it ends; -1 if none does."""
        while at < len(self) and self.is_bound(at):
            at += 1
        head, start = -1, at
        while at < len(self) and at - start < DEEP * 2 and self.tags[at] in IN_CHUNK and at not in self.opens:
            if self.tags[at].startswith(("NN", "CD", "PRP")):
                head = at
            at += 1
        return head, at

    def is_bound(self, word: int) -> bool:
        """Whether a word, whatever its tag, begins a number: at least two, over 300, up to 40."""
        following = range(word + 1, min(word + 4, len(self)))
        if self.lower[word] == "at" and self.lower[word + 1 : word + 2] not in (["least"], ["most"]):
            return False
        return (
            self.lower[word] in BOUNDS or self.lower[word] in ("at", "least", "most", "to", "more", "as", "many")
        ) and any(
            self.tags[at] == "CD" and all(self.tags[n] in _BOUNDING_TAGS for n in range(word, at)) for at in following
        )

    def chunk_before(self, verb: int) -> int:
        """The noun phrase that ends right before a verb and its auxiliaries; -1 if none does."""
        at = verb - 1
        if verb in self.opens:
            return -1
        while at >= 0 and (self.tags[at] in ("RB", "MD", "TO") or self.relations[at] in ("aux", "cop")):
            if self.tags[at] == "TO" or at in self.opens:
                return -1
            at -= 1
        if at > 0 and self.tags[at] in ("WDT", "WP"):
            at -= 1
            at -= self.lower[at] == ","
        elif at > 0 and self.lower[at] == "," and self.tags[verb] in ("VBD", "VBZ", "VBP", "VBN"):
            # A missile, launched from a field, brought it down: over what stands between two commas.
            opening = next((n for n in range(at - 1, max(0, at - 2 * DEEP), -1) if self.lower[n] == ","), 0)
            at = opening - 1
        for _ in range(3):
            if at < 0 or not self.tags[at].startswith(("NN", "PRP", "CD")) or self.tags[at] == "PRP$":
                return -1
            start = at
            while start not in self.opens and start > 0 and self.tags[start - 1] in IN_CHUNK and at - start < DEEP:
                start -= 1
            if (
                start == 0
                or start in self.opens
                or self.tags[start - 1] not in ("IN", "TO")
                or self.is_bound(start - 1)
            ):
                return at
            before = start - 2
            if before < 0 or not self.tags[before].startswith(("NN", "CD")):
                return at
            at = before  # the missile in the field was fired
        return at

    def exists(self, verb: int) -> bool:
        """Whether a verb only says that there is something: there were strikes."""
        return any(self.relations[child] == "expl" for child in self.children[verb])

    def has_object(self, verb: int) -> bool:
        """Whether a verb has an object of its own."""
        return any(self.relations[child] in ("obj", "ccomp") for child in self.children[verb])

    def is_content_clause(self, verb: int) -> bool:
        """Whether a clause behind a noun tells what it says (reports that it fell), not which one is meant."""
        return self.relations[verb] == "acl" and any(
            self.lower[child] == "that" and self.relations[child] == "mark" for child in self.children[verb]
        )

    def noun_before(self, pronoun: int) -> int:
        """The noun that a relative pronoun stands behind, but for a preposition and a comma; else the pronoun."""
        at = pronoun - 1
        while at >= 0 and pronoun - at <= 3 and (self.tags[at] == "IN" or self.lower[at] == ","):
            at -= 1
        return at if at >= 0 and self.tags[at].startswith("NN") and self.tags[pronoun] == "WDT" else pronoun
