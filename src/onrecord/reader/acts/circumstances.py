"""What surrounds an act: when and where, under what authority, on what grounds, and what a ban is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from onrecord.model import Span
from onrecord.reader.acts.trees import Tree
from onrecord.reader.acts.words import plural, verb_forms, word_classes

_NOMINAL = frozenset("nmod obl obj nsubj appos flat compound nummod amod advmod conj iobj".split())
_CLIMB = 6
"""Most edges between an expression of time and the act that it belongs to."""
_UNDER = (("under",), ("pursuant", "to"), ("in", "line", "with"), ("in", "accordance", "with"))
_NAME = 16
"""Most words between the preposition and the end of a law's name."""
_IN_NAME = frozenset("DT PRP$ CD JJ NN NNS NNP NNPS POS CC HYPH VBG FW".split())
_NUMBERED = frozenset({"order", "e.o.", "eo", "orders", "section", "article", "chapter"})
"""Words that name a law only with a number, or with a word before them."""
_PARTS = frozenset({"section", "article", "chapter"})
_FORBID = ("ban", "bar", "prohibit", "forbid", "outlaw")
_BANS = ("ban", "prohibition")
_FAR = 40
"""Most words between a sanction and the ground that its words alone tell."""
_CLOSING = frozenset({".", "VBD", "VBZ", "VBP", "MD"})
_LONG = 120
"""Most words of a ground."""


def spans_by_center(
    tree: Tree, spans: Sequence[Span], centers: Mapping[int, int], after: Collection[str] = ()
) -> dict[int, tuple[Span, ...]]:
    """Times or places by the act in whose clause they stand.

    Args:
        tree: the document's trees.
        spans: of the times or the places.
        centers: of each word that names or carries an act, the word whose clause the act is.
        after: prepositions, one of which has to stand before; empty if none need.
    """
    found: dict[int, list[Span]] = {}
    for span in spans:
        words = tree.within(span)
        if not words:
            continue
        at = next((word for word in words if tree.heads[word] not in words), words.start)
        if after and not any(case in after for case in tree.prepositions(at)):
            continue  # who acts, or whose something is, and not where
        for _ in range(_CLIMB):
            if at in centers:
                found.setdefault(centers[at], []).append(span)
                break
            if tree.heads[at] < 0 or tree.relations[at] not in _NOMINAL:
                break
            at = tree.heads[at]
    return {center: tuple(sorted(set(spans))) for center, spans in found.items()}


def find_authorities(tree: Tree) -> tuple[Span, ...]:
    """Orders, laws and resolutions under which something is done, each with its preposition, in order.

    By the words, since trees go wrong around long names of laws: a preposition, the name up to the last noun that a law
    can be called, the number or the year behind it, or whose authority it is.
    """
    found: list[Span] = []
    at = 0
    while at < len(tree):
        behind = next((at + len(words) for words in _UNDER if tuple(tree.lower[at : at + len(words)]) == words), -1)
        end = _end_of_law(tree, behind) if behind >= 0 else -1
        if end >= 0:
            found.append(Span(tree.starts[at], tree.ends[end]))
        at = max(at, end) + 1
    return tuple(found)


def _end_of_law(tree: Tree, first: int) -> int:
    """The last word of the name of a law that begins at a word; -1 if none does."""
    end, at = -1, first
    while at < min(len(tree), first + _NAME) and at not in tree.opens and tree.tags[at] in _IN_NAME:
        if "law" in word_classes(tree.lower[at]):
            end = at
        at += 1
    if end < 0:
        return -1
    number = end + 1
    while tree.lower[number : number + 1] in (["no"], ["no."], ["number"], ["nos."]):
        number += 1
    if number < len(tree) and number not in tree.opens and tree.lower[number][0].isdigit():
        inner = tree.lower[end] in _PARTS and tree.lower[number + 1 : number + 2] == ["of"]
        return max(number, _end_of_law(tree, number + 2)) if inner else number
    if end == first and tree.lower[end] in _NUMBERED:
        return -1  # under orders
    while end + 1 < len(tree) and tree.lower[end + 1] == "of":
        head, _ = tree.chunk_from(end + 2)
        if head < 0 or tree.is_idle(head):
            break
        end = head
    return end


def find_grounds(tree: Tree, centers: Collection[int], targets: Sequence[int]) -> Span | None:
    """For what somebody is sanctioned: for supplying drones, over the war, accused of producing them.

    Args:
        tree: the document's trees.
        centers: the words whose clause the sanction is.
        targets: heads of who is sanctioned.
    """
    beside = [child for center in sorted(centers) for child in tree.children[center]]
    beside += [child for head in targets for at in tree.conjuncts(head) for child in tree.children[at]]
    for child in beside:
        relation = tree.relations[child]
        opening = tree.prepositions(child)[:1] or [tree.mark(child)]
        gives = (
            opening[0] in ("for", "over") and relation in ("advcl", "acl", "obl", "nmod") and not tree.is_idle(child)
        )
        accused = relation == "acl" and tree.lower[child] in ("accused", "suspected", "accuses")
        if gives or accused:
            return _whole(tree, child)
    for at in range(min(centers) + 1, min(min(centers) + _FAR, len(tree) - 1)):
        if tree.tags[at] in _CLOSING or at in tree.opens:
            break
        if tree.lower[at] == "for" and tree.tags[at + 1] == "VBG":  # by its words, where the tree lost it
            return Span(tree.starts[at], _whole(tree, at + 1).end)
    return None


def is_direct(tree: Tree, word: int, grounds: Span) -> bool:
    """Whether grounds tell of an act themselves, not in a clause that only says which drones or whose firm."""
    inside = tree.within(grounds)
    for at in (word, *tree.upwards(word)):
        if tree.heads[at] not in inside:
            break
        loose = tree.full[at] == "acl" and tree.tags[at] in ("VBG", "VBN") and not tree.mark(at)
        if loose or tree.full[at] in ("acl:relcl", "advcl:relcl"):
            return False
    return True


def is_banned(tree: Tree, word: int) -> bool:
    """Whether an act is what a ban forbids: banned the export, barred from selling, a ban on sales."""
    at = word
    for _ in range(_CLIMB):
        head, relation = tree.heads[at], tree.full[at]
        if head < 0:
            return False
        forbids = tree.lower[head] in _forbidding()
        opening = tree.prepositions(at)[:1] or [tree.mark(at)]
        if forbids and tree.is_verb(head):
            if relation in ("obj", "nsubj:pass", "xcomp", "ccomp") or opening[0] in ("from", "to"):
                return opening[0] not in ("for", "over")
            return False
        if forbids and opening[0] in ("on", "of"):
            return True
        beside = opening[0] == "from" and relation == "acl" and tree.lower[tree.heads[head]] in _forbidding()
        if beside and tree.heads[head] >= 0:
            return True  # two firms from exporting, taken for one phrase
        if tree.is_verb(head) or relation not in ("conj", "nmod", "compound", "obj", "acl"):
            return False
        at = head
    return False


@cache
def _forbidding() -> frozenset[str]:
    """The forms of the verbs and nouns that forbid."""
    verbs = {form for verb in _FORBID for form in verb_forms(verb)}
    return frozenset(verbs | {form for noun in _BANS for form in (noun, plural(noun))})


def _whole(tree: Tree, head: int) -> Span:
    """All that a word governs, without marks at its ends."""
    first = last = head
    waiting = [head]
    for _ in range(_LONG):
        if not waiting:
            break
        at = waiting.pop()
        first, last = min(first, at), max(last, at)
        waiting += tree.children[at]
    while last > head and tree.relations[last] == "punct":
        last -= 1
    while first < head and tree.relations[first] == "punct":
        first += 1
    return Span(tree.starts[first], tree.ends[last])
