"""Mends the trees of a document where a parser goes wrong most: by the tags and the order of the words near by.

A tagger is right more often than a parser, and some edges are impossible beside certain tags: a participle right behind
a noun belongs to that noun, and so does a phrase with `of`; a finite verb behind a noun has that noun for its subject.
Every rule looks at a few words around one word, and none makes a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from onrecord.reader.acts.words import governors, triggers, word_classes
from onrecord.reader.syntax import Syntax

_OF_VERBS = frozenset(
    """accuse accuses accused accusing deprive deprives deprived depriving rob robs robbed robbing strip strips stripped
    stripping convict convicted suspect suspects suspected inform informed assure assured warn warns warned warning
    remind reminded notify notified clear cleared rid speak spoke speaks speaking boast consist consists tell told die
    died dies dying approve approves approved think thinks thought hear heard""".split()
)
"""Verbs with which a phrase with `of` can stand behind their object or themselves."""
_SPEAKING = frozenset({"feared", "alleged", "report", "know", "held", "believe", "promised", "denied", "considered"})
"""Effects of verbs behind which a clause can stand without `that`."""
_OF_PERSONS = frozenset({"accused", "suspected", "convicted", "charged"})
"""Participles of persons: of two nouns before one, the nearer is the person (sanctions on firms accused of)."""
_GIVING = frozenset(
    """give gives gave given giving send sends sent sending lend lends lent lending offer offers offered offering sell
    sells sold selling grant grants granted granting hand hands handed handing ship ships shipped""".split()
)
_PROMISING = frozenset(
    """promise promises promised promising pledge pledges pledged pledging pay pays paid paying award awards awarded
    awarding""".split()
)
"""With what gives, the verbs behind which two things stand: who gets something, and what."""
_PARTITIVE = frozenset({"them", "whom", "which"})
_IN_OBJECT = frozenset("DT PDT PRP$ CD JJ JJR JJS NN NNS NNP NNPS POS $ HYPH".split())
_CHUNK = 12
"""Most words between a verb and the head of the object right behind it."""
_FINITE_AUXILIARIES = frozenset("has have had is are was were 's will would may might could can must should".split())
_DASHES = frozenset({"-", "–", "—", "--"})
_OF_DATELINE = frozenset("NNP NNPS CD , . -LRB- -RRB- :".split())
_NEAR = 14
"""Most words between a noun and the verb that it is the subject of."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(slots=True)
class Edges:
    """The edges and tags of a document while they are mended; of each word its head, relation and tag.

    Attributes:
        opens: the words that begin a line.
    """

    lower: list[str]
    heads: list[int]
    relations: list[str]
    tags: list[str]
    opens: Collection[int]

    def has_case(self, word: int) -> bool:
        """Whether a preposition stands before a phrase, as far as its own words reach."""
        return any(
            self.heads[at] == word
            and self.relations[at] == "case"
            and self.lower[at] not in ("'s", "'")
            and self.lower[at + 1] not in ("least", "most")
            for at in range(max(0, word - 8), word)
        )

    def attach(self, word: int, head: int, relation: str) -> bool:
        """Hangs a word under another, unless that would make a circle."""
        at = head
        for _ in range(64):
            if at == word:
                return False
            if at < 0:
                self.heads[word], self.relations[word] = head, relation
                return True
            at = self.heads[at]
        return False


def mend(lower: list[str], syntax: Syntax, opens: Collection[int]) -> Edges:
    """The edges of a document's trees, mended.

    Args:
        lower: the words in lower case.
        syntax: the trees as they were parsed.
        opens: the words that begin a line; nothing reaches over them.
    """
    edges = Edges(lower, rooted(syntax.heads), list(syntax.relations), list(syntax.tags), opens)
    for word in (0, *sorted(opens)) if lower else ():
        _mend_dateline(edges, word)
    for word in range(len(lower)):
        _mend_order(edges, word)
    for word, relation in enumerate(edges.relations):
        head = edges.heads[word]
        if (
            relation == "obj"
            and 0 <= head < word
            and edges.tags[head][:2] in ("JJ", "NN")
            and lower[head] in triggers()[0]
        ):
            edges.tags[head] = "VBG" if lower[head].endswith("ing") else "VBD"  # only a verb has an object
    for word in range(len(lower)):
        tag, relation, head = edges.tags[word], edges.relations[word], edges.heads[word]
        if tag == "VBD" and relation in ("acl", "amod"):
            edges.tags[word] = tag = "VBN"
        if relation == "cop" and head >= 0:
            _mend_predicate(edges, word, head)
        elif relation.startswith("aux") and head > word:
            _mend_auxiliary(edges, word, head)
        elif tag in ("VBN", "VBD") and _is_loose(edges, word):
            edges.attach(word, word - 2, "acl")
            edges.tags[word] = "VBN"
        elif tag.startswith("VB") and relation in ("acl:relcl", "conj") and _lacks_subject(edges, word):
            _mend_finite(edges, word)
        elif tag == "VBN":
            _mend_participle(edges, word)
        elif tag == "VBG" and relation in ("compound", "amod") and word < head <= word + 3 and word > 0:
            _mend_gerund(edges, word, head)
        elif tag == "NNS" and relation == "root":
            _mend_headline(edges, word)
        elif tag == "NNP" and relation == "compound" and head > word and _receives(edges, word, head):
            edges.heads[word], edges.relations[word] = word - 1, "iobj"
        elif tag.startswith(("NN", "CD", "JJ")) and head >= 0:
            if _is_first_half(edges, word):
                _join_halves(edges, word)
            elif not tag.startswith("JJ"):
                _mend_noun(edges, word)
        elif relation == "mark" and lower[word] == "that" and head > word > 0:
            _mend_content_clause(edges, word, head)
    return edges


def _mend_order(edges: Edges, word: int) -> None:
    """Puts right what the order of the words alone tells, before anything else is mended."""
    lower, tags, relation, head = edges.lower, edges.tags, edges.relations[word], edges.heads[word]
    if tags[word] == "VBD" and lower[word] in _OF_PERSONS and lower[word + 1 : word + 2] == ["of"]:
        tags[word] = "VBN"  # whoever accuses somebody names him first
        if word > 0 and word not in edges.opens and tags[word - 1].startswith("NN"):
            edges.attach(word, word - 1, "acl")
    if relation in ("nsubj", "obj") and 0 <= head < word and _adjoins(edges, head, word):
        _mend_object(edges, word, head)
    if relation == "conj" and 0 <= head < word and tags[head].startswith("VB") and tags[word].startswith(("NN", "CD")):
        _mend_joined(edges, word, head)
    if relation == "obj" and head > word:
        _mend_early(edges, word)
    if tags[word] == "$" and head >= 0:
        _mend_sum(edges, word)
    if relation == "case" and head > word + 2:
        _mend_case(edges, word, head)
    if lower[word] == "pursuant" and lower[word + 1 : word + 2] == ["to"] and 0 <= head < word:
        for at in range(word + 2, min(word + 2 * _NEAR, len(lower))):
            if edges.heads[at] in (word, word + 1) and edges.relations[at] == "advcl":
                edges.attach(at, head, "advcl")  # what follows the law belongs to the verb
    if lower[word] == "of" and 0 < word < len(lower) - 2 and lower[word + 1] in _PARTITIVE:
        _mend_partitive(edges, word)


def _adjoins(edges: Edges, verb: int, noun: int) -> bool:
    """Whether nothing but its own words stands between a verb and a noun behind it."""
    between = range(verb + 1, noun)
    return len(between) < _CHUNK and noun not in edges.opens and all(edges.tags[at] in _IN_OBJECT for at in between)


def _mend_object(edges: Edges, noun: int, verb: int) -> None:
    """Makes what stands right behind a verb its object, and what stands before it the subject: designated a bank."""
    lower, tags = edges.lower, edges.tags
    known = lower[verb] in triggers()[0] or (lower[verb] in _OF_VERBS and edges.relations[noun] == "nsubj")
    if not known or "time" in word_classes(lower[noun]) or not tags[noun].startswith(("NN", "CD", "PRP")):
        return
    before, above = range(max(0, verb - _NEAR), verb), edges.heads[verb]
    has_subject = any(edges.heads[at] == verb and edges.relations[at] in ("nsubj", "nsubj:pass") for at in before)
    if edges.relations[verb] == "acl" and above == verb - 1 and edges.heads[above] < 0 and not has_subject:
        if not tags[verb].startswith("VB") or tags[verb] == "VBG" or tags[above] not in ("NNP", "NNPS"):
            return
        edges.heads[verb], edges.relations[verb] = -1, "root"
        edges.heads[above], edges.relations[above] = verb, "nsubj"
    elif edges.relations[noun] == "obj" or not has_subject:
        return
    helped = any(edges.heads[at] == verb and edges.relations[at].startswith("aux") for at in before)
    if tags[verb] == "VBN" and not helped:
        tags[verb] = "VBD"
    elif tags[verb].startswith("NN"):
        tags[verb] = "VBP"
    edges.relations[noun] = "obj"


def _mend_joined(edges: Edges, noun: int, verb: int) -> None:
    """Joins a noun to the object before it, not to the verb: designated a firm and three vessels."""
    at = noun - 1
    while at > verb and edges.tags[at] in _IN_OBJECT and noun - at < _CHUNK:
        at -= 1
    last = at - 1
    if edges.tags[at] != "CC" or last <= verb or not edges.tags[last].startswith("NN"):
        return
    for _ in range(_CHUNK):  # up from the word before the conjunction
        if edges.heads[last] == verb and edges.relations[last] in ("obj", "nsubj:pass"):
            edges.heads[noun] = last
        if edges.heads[last] <= verb:
            return
        last = edges.heads[last]


def _mend_early(edges: Edges, noun: int) -> None:
    """Gives an object to the verb right before it, not to that of the next clause: pledged tanks, and they sent."""
    at = noun - 1
    while at > 0 and edges.tags[at] in _IN_OBJECT and at not in edges.opens and noun - at < _CHUNK:
        at -= 1
    gives = at >= 0 and edges.tags[at] in ("VBD", "VBZ", "VBP", "VB") and edges.lower[at] in triggers()[0]
    apart = edges.lower[noun + 1 : noun + 2] == [","] or edges.tags[noun + 1 : noun + 2] == ["CC"]
    if gives and apart and noun not in edges.opens:
        edges.attach(noun, at, "obj")


def _mend_sum(edges: Edges, sign: int) -> None:
    """Tells who gets a sum of money from the sum: promised Belgrade $50 million."""
    at = sign - 1
    while at > 0 and edges.tags[at] in _IN_OBJECT and at not in edges.opens and sign - at < _CHUNK:
        at -= 1
    taker = edges.heads[sign] if at < edges.heads[sign] < sign else sign - 1
    if at == sign - 1 or edges.lower[at] not in _GIVING | _PROMISING or not edges.tags[at].startswith("VB"):
        return
    if edges.heads[taker] == at and edges.attach(sign, at, "obj"):
        edges.relations[taker] = "iobj"


def _mend_case(edges: Edges, case: int, noun: int) -> None:
    """Gives a preposition to the noun right behind it, if another one opens what it was taken to open."""
    inner = next((at for at in range(case + 2, noun) if edges.heads[at] == noun and edges.relations[at] == "case"), -1)
    if inner < 0 or not edges.tags[inner - 1].startswith(("NN", "CD")) or edges.heads[inner - 1] in range(case, inner):
        return
    if all(edges.tags[at] in _IN_OBJECT for at in range(case + 1, inner)) and edges.heads[inner - 1] != noun:
        edges.heads[case] = inner - 1


def _mend_partitive(edges: Edges, of: int) -> None:
    """Keeps `two of them children` apart from the clause behind it, whose subject the parser joins to it."""
    head = of + 2
    if not edges.tags[of - 1].startswith(("CD", "JJ", "DT", "NN")) or not edges.tags[head].startswith("NN"):
        return
    for at in range(head + 1, min(head + _NEAR, len(edges.lower))):
        joined = edges.relations[at] in ("appos", "conj") and edges.tags[at].startswith(("CD", "NN"))
        if edges.heads[at] == head and joined and edges.relations[at + 1 : at + 2] == ["aux:pass"]:
            verb = edges.heads[at + 1]
            if verb > at and edges.attach(at, verb, "nsubj:pass"):
                return


def _mend_dateline(edges: Edges, first: int) -> None:
    """Takes the place and date that a line opens with, up to a dash, out of its first sentence."""
    tags = edges.tags
    end = next((at for at in range(first, min(first + _NEAR, len(tags))) if edges.lower[at] in _DASHES), -1)
    if end <= first or not all(tags[at] in _OF_DATELINE or not edges.lower[at].isalnum() for at in range(first, end)):
        return
    for at in range(end + 1, min(end + _NEAR, len(tags))):
        if first <= edges.heads[at] < end:
            place = edges.heads[at]
            outside = edges.heads[place]
            if not first <= outside <= end:
                edges.heads[at], edges.relations[at] = outside, edges.relations[place]
                edges.heads[place] = -1
    for at in range(first, end):
        if not first <= edges.heads[at] <= end and edges.heads[at] >= 0:
            edges.heads[at], edges.relations[at] = -1, "dep"


def _mend_predicate(edges: Edges, copula: int, predicate: int) -> None:
    """Takes a predicate that is a participle for a verb: the assets are frozen."""
    is_participle = edges.tags[predicate] == "JJ" and edges.lower[predicate].endswith(("ed", "en"))
    if is_participle and edges.lower[predicate] in triggers()[0]:
        edges.tags[predicate], edges.relations[copula] = "VBN", "aux:pass"


def _mend_auxiliary(edges: Edges, word: int, head: int) -> None:
    """Gives an auxiliary to the first verb behind it that is none: are considering working together."""
    for at in range(word + 1, min(head, word + 6)):
        if edges.tags[at].startswith("VB") and not edges.relations[at].startswith(("aux", "cop", "amod", "acl")):
            edges.heads[word] = at
            return


def _lacks_subject(edges: Edges, word: int) -> bool:
    """Whether a verb is finite, by an auxiliary, and has neither a subject nor a relative pronoun."""
    near = [at for at in range(max(0, word - 8), word) if edges.heads[at] == word]
    finite = any(edges.relations[at].startswith("aux") and edges.lower[at] in _FINITE_AUXILIARIES for at in near)
    return finite and not any(
        edges.relations[at].startswith(("nsubj", "csubj", "mark", "expl")) or edges.tags[at].startswith("W")
        for at in near
    )


def _mend_finite(edges: Edges, word: int) -> None:
    """Makes the noun before a finite verb its subject: none of them has fallen; …, and two men were killed."""
    noun, near = edges.heads[word], range(max(0, word - 4), word)
    passive = any(edges.heads[at] == word and edges.relations[at] == "aux:pass" for at in near)
    subject = "nsubj:pass" if passive else "nsubj"
    if noun < 0 or noun > word or edges.tags[noun].startswith("VB"):
        return
    if edges.relations[word] == "conj":
        joined = [
            at
            for at in range(max(noun + 1, word - _NEAR), word)
            if edges.heads[at] == noun and edges.relations[at] == "conj" and edges.tags[at].startswith(("NN", "CD"))
        ]
        above = edges.heads[noun]
        if joined and above >= 0 and edges.attach(word, above, "conj"):
            edges.heads[joined[-1]], edges.relations[joined[-1]] = word, subject
    elif word - noun <= _NEAR:
        above = edges.heads[noun]
        edges.heads[word], edges.relations[word] = above, "root" if above < 0 else "ccomp"
        edges.heads[noun], edges.relations[noun] = word, subject


def _is_loose(edges: Edges, word: int) -> bool:
    """Whether a participle goes with the noun before the comma: flight 12, shot down over the sea."""
    tags, relation = edges.tags, edges.relations[word]
    if word < 2 or word in edges.opens or edges.lower[word - 1] != "," or not tags[word - 2].startswith(("NN", "CD")):
        return False
    loose = ("parataxis", "dep", "advcl", "conj") if tags[word] == "VBN" else ("parataxis", "dep", "advcl")
    behind = tags[word + 1 : word + 2] in (["IN"], ["TO"], ["RP"])
    full = any(
        edges.heads[at] == word and edges.relations[at].startswith(("obj", "aux", "nsubj", "mark", "ccomp"))
        for at in range(max(0, word - 12), min(len(tags), word + 8))
    )
    return relation in loose and behind and not full and edges.lower[word] in triggers()[0]


def _mend_gerund(edges: Edges, word: int, noun: int) -> None:
    """Makes a noun the object of the gerund before it: accused of bombing schools."""
    before = word - 1
    alone = all(edges.relations[at] == "compound" for at in range(word + 1, noun))
    is_clause = alone and edges.tags[before] == "IN" and edges.heads[before] == noun and edges.heads[noun] < before
    if is_clause and edges.lower[word] in triggers()[0] and edges.lower[noun] not in triggers()[1]:
        edges.heads[word], edges.relations[word] = edges.heads[noun], "advcl"
        edges.heads[noun], edges.relations[noun] = word, "obj"
        edges.heads[before], edges.relations[before] = word, "mark"


def _mend_headline(edges: Edges, word: int) -> None:
    """Takes a plural noun that all of a headline hangs on for the verb that it also is: rocket lands in village."""
    is_verb = edges.lower[word] in triggers()[0] and edges.tags[word + 1 : word + 2] != [] and word > 0
    if is_verb and edges.heads[word - 1] == word and edges.tags[word - 1].startswith("NN"):
        edges.tags[word] = "VBZ"
        edges.relations[word - 1] = "nsubj"
        for at in range(word + 1, min(len(edges.lower), word + 12)):
            if edges.heads[at] == word and edges.relations[at] == "nmod":
                edges.relations[at] = "obl" if _opening(edges, at) >= 0 else "obj"


def _receives(edges: Edges, word: int, thing: int) -> bool:
    """Whether a name between a verb of giving and a thing is who gets it: gave Veldra tanks, not sent Leopard tanks."""
    named = word_classes(edges.lower[word]).isdisjoint(("arms", "agent"))
    verb = word - 1
    gives = verb >= 0 and edges.lower[verb] in _GIVING | _PROMISING and word not in edges.opens
    beside = thing == word + 1 or (edges.tags[word + 1] == "CD" and _adjoins(edges, word, thing))
    return named and gives and beside and edges.heads[thing] == verb and edges.relations[thing] == "obj"


def _mend_participle(edges: Edges, word: int) -> None:
    """Gives a bare participle to the noun right before it: companies accused of helping, four hundred launched."""
    before = word - 1
    if (
        before < 0
        or word in edges.opens
        or not edges.tags[before].startswith(("NN", "CD"))
        or edges.relations[word] in ("root", "amod")
        or (edges.relations[word] == "acl" and edges.lower[word] not in _OF_PERSONS)
    ):
        return
    near = range(max(0, word - 4), word)
    if any(edges.heads[at] == word and edges.relations[at].startswith(("aux", "cop", "mark", "nsubj")) for at in near):
        return
    if edges.heads[before] == word:
        if edges.relations[before] in ("obl:unmarked", "obj", "dep", "nmod") and edges.tags[before] != "NNP":
            edges.relations[before] = "nsubj:pass"
    elif edges.relations[word] in ("advcl", "conj", "ccomp", "dep", "xcomp", "parataxis", "acl"):
        edges.attach(word, before, "acl")


def _mend_noun(edges: Edges, word: int) -> None:
    """Puts right the relation of a noun that has a preposition, or that a finite verb behind it needs."""
    relation, head = edges.relations[word], edges.heads[word]
    opening = _opening(edges, word)
    marked = any(edges.heads[at] == head and edges.relations[at] == "mark" for at in range(max(0, head - 2), head))
    if relation == "nsubj" and word > head and marked and edges.tags[head].startswith("VB"):
        edges.relations[word] = relation = "obj"  # to sanction people
    if relation in ("obj", "iobj", "nsubj", "nsubj:pass") and opening >= 0 and head < word and edges.has_case(word):
        relation = "obl:agent" if edges.lower[opening] == "by" and edges.tags[head] == "VBN" else "obl"
        edges.relations[word] = relation
    if relation == "obl" and opening > 0 and edges.lower[opening] == "of" and edges.lower[head] not in _OF_VERBS:
        before = opening - 1
        if edges.tags[before].startswith(("NN", "CD")) and before != head:
            edges.attach(word, before, "nmod")
    if edges.relations[word] == "obj" and head < word and edges.tags[head].startswith("VB"):
        _mend_subject(edges, word, head)


def _is_first_half(edges: Edges, word: int) -> bool:
    """Whether an adjective stands where the noun behind its partner should: military and technical support."""
    if (
        word + 3 >= len(edges.lower)
        or edges.tags[word + 1] != "CC"
        or not edges.tags[word + 2].startswith(("JJ", "NN"))
    ):
        return False
    adjective = edges.tags[word] == "JJ" or "military" in word_classes(edges.lower[word])
    places = ("obj", "obl", "nsubj", "nsubj:pass", "nmod", "iobj")
    return adjective and edges.tags[word + 3].startswith("NN") and edges.relations[word] in places


def _join_halves(edges: Edges, word: int) -> None:
    """Gives the place of the adjective to the noun that both halves belong to."""
    noun, head, relation = word + 3, edges.heads[word], edges.relations[word]
    if head in (word + 2, noun):
        return
    cases = [at for at in range(max(0, word - 4), word) if edges.heads[at] == word]
    edges.heads[noun], edges.relations[noun] = head, relation
    for at in (word, word + 2):
        edges.heads[at], edges.relations[at] = noun, "amod"
    edges.heads[word + 1] = word + 2
    for at in cases:
        edges.heads[at] = noun


def _opening(edges: Edges, word: int) -> int:
    """The preposition that opens the phrase of a noun; -1 if none does."""
    for at in range(word - 1, max(-1, word - 8), -1):
        if edges.heads[at] == word and edges.relations[at] == "case":
            return at
    return -1


def _mend_subject(edges: Edges, noun: int, governor: int) -> None:
    """`feared Sardal also intends to`: the noun is no object but the subject of the clause behind it."""
    speaks = any(
        effect.name in _SPEAKING for rest, effect in governors("verb").get(edges.lower[governor], ()) if not rest
    )
    at = noun + 1
    while at < len(edges.lower) and edges.tags[at] == "RB":
        at += 1
    if not speaks or at >= len(edges.lower) or edges.tags[at] not in _FINITE:
        return
    verb = edges.heads[at] if edges.relations[at].startswith(("aux", "cop")) else at
    if verb < at or any(
        edges.heads[n] == verb and edges.relations[n].startswith("nsubj") for n in range(noun, min(verb, noun + 8))
    ):
        return
    if edges.attach(verb, governor, "ccomp"):
        edges.heads[noun], edges.relations[noun] = verb, "nsubj"


def _mend_content_clause(edges: Edges, mark: int, verb: int) -> None:
    """Gives a clause with `that` to the noun right before it, or the verb above, that says something."""
    noun = mark - 1
    if edges.tags[noun] == "CC":
        earlier = [at for at in range(max(0, mark - 2 * _NEAR), mark) if edges.lower[at] == "that"]
        marked = [edges.heads[at] for at in earlier if edges.relations[at] == "mark" and edges.heads[at] < mark]
        if marked and marked[-1] >= 0:
            edges.attach(verb, marked[-1], "conj")  # said that it had one, or that it expects one
        return
    says = edges.tags[noun].startswith("NN") and edges.lower[noun] in governors("noun")
    if says:
        if edges.heads[verb] != noun:
            edges.attach(verb, noun, "acl")
        return
    above = edges.heads[verb]
    if above < 0 or not edges.tags[above].startswith(("NN", "CD")) or edges.lower[above] in governors("noun"):
        return
    # `denied on Monday that`: the last verb before it that can say something, for no day says anything.
    said = [at for at in range(max(0, mark - 8), mark) if edges.tags[at].startswith("VB")]
    if said and edges.lower[said[-1]] in governors("verb"):
        edges.attach(verb, said[-1], "ccomp")


def rooted(heads: Sequence[int]) -> list[int]:
    """Heads that all lead to a root: one that points nowhere, to itself or into a circle becomes a root.

    Args:
        heads: of each word, the word that governs it; -1 for a root.
    """
    count = len(heads)
    found = [head if 0 <= head < count and head != word else -1 for word, head in enumerate(heads)]
    state = bytearray(count)  # 0 not seen, 1 on the way, 2 known to lead to a root
    for word in range(count):
        path: list[int] = []
        at = word
        while at >= 0 and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = found[at]
        if at >= 0 and state[at] == 1:
            found[at] = -1
        for passed in path:
            state[passed] = 2
    return found
