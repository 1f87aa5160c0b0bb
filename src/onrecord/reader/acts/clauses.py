"""What fills the places around a verb or a noun: who, to whom, with what; its own phrases and those that it shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from onrecord.model import Label
from onrecord.reader.acts.trees import BOUNDS, DEEP, HYPHENS, IN_CHUNK, MODIFIERS, Tree
from onrecord.reader.acts.words import light_verbs, word_classes

_PASSIVE = frozenset("be is are was were been being get gets got getting gotten".split())
_OBJECT_CONTROL = frozenset("of for from against over about with as into".split())
"""Marks of a clause whose subject is the object of what governs it: accused them of supplying."""
_SUBJECT_CONTROL = frozenset("promise promises promised promising vowed pledged threatened use uses used using".split())
_REACHING = frozenset("reach reached reaches covered covers spanned affected affects rocked shook".split())
"""Verbs whose object is what an attack, their subject, is on."""
_BECOMING = frozenset("become becomes became becoming remain remains remained".split())
_TAKERS = frozenset({"name", "pronoun", "force", "body"})
_PARTIES = frozenset({Label.ORGANIZATION, Label.PERSON})
_EMPLOYING = frozenset("use uses used using employ employs employed employing deploy deploys deployed".split())


@dataclass(slots=True)
class Frame:
    """What stands in the places around a verb or a noun.

    Attributes:
        passive: whether the verb is one.
        slots: heads of what fills each place, by the names that ``roles.tsv`` explains.
    """

    passive: bool = False
    slots: dict[str, list[int]] = field(default_factory=dict)

    def add(self, slot: str, words: Iterable[int]) -> None:
        """Adds to a place, behind what stands there."""
        there = self.slots.setdefault(slot, [])
        there += [word for word in words if word not in there]

    def get(self, slot: str) -> list[int]:
        """What fills a place."""
        return self.slots.get(slot, [])


class Clauses:
    """The frames of a document's verbs and nouns, each made once.

    Args:
        tree: its words.
    """

    __slots__ = ("_carriers", "_frames", "_passive", "_subjects", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._carriers: dict[int, tuple[int, bool] | None] = {}
        self._frames: dict[int, Frame] = {}
        self._passive: dict[int, bool] = {}
        self._subjects: dict[int, list[int]] = {}

    # ---- verbs

    def is_passive(self, verb: int) -> bool:
        """Whether a verb is in the passive: by its auxiliary, or as a bare participle."""
        if verb not in self._passive:
            self._passive[verb] = False  # on the way: a circle finds nothing
            self._passive[verb] = self._find_passive(verb)
        return self._passive[verb]

    def _find_passive(self, verb: int) -> bool:
        tree = self.tree
        auxiliary = False
        for child in tree.children[verb]:
            if tree.full[child].endswith(":pass"):
                return True
            if tree.relations[child] == "aux":
                auxiliary = True
                if tree.lower[child] in _PASSIVE and tree.tags[verb] == "VBN":
                    return True
        if tree.tags[verb] != "VBN" or auxiliary:
            return False
        relation, head = tree.relations[verb], tree.heads[verb]
        if relation in ("acl", "amod", "advcl", "xcomp") and tree.full[verb] != "acl:relcl":
            return not self._own_subjects(verb)
        if relation == "conj" and head >= 0 and not self._own_subjects(verb):
            return tree.is_verb(head) and self.is_passive(head)
        # A headline: `Two killed in a strike`, `70 missiles shot down`.
        return not tree.has_object(verb)

    def _own_subjects(self, verb: int) -> list[int]:
        tree = self.tree
        found = [
            child
            for child in tree.children[verb]
            if tree.relations[child] in ("nsubj", "csubj") and tree.full[child] != "nsubj:outer"
        ]
        before = [child for child in found if child < verb]
        if len(found) > 1 and before:
            # `fired three missiles, the army said`: the army belongs to another verb.
            joined = "and" in tree.lower[before[0] : before[-1]] and before[-1] - before[0] <= DEEP
            found = before if joined else before[-1:]
        if not found and tree.tags[verb] != "VBG" and tree.relations[verb] not in ("acl", "xcomp", "amod"):
            # A noun before the verb that the parser knows no place for.
            found = [
                child
                for child in tree.children[verb]
                if child < verb
                and tree.full[child] in ("dep", "obl:unmarked", "nmod", "obl")
                and tree.tags[child].startswith(("NN", "PRP", "CD"))
                and not tree.prepositions(child)
                and not tree.is_idle(child)
            ][-1:]
        return found

    def subjects(self, verb: int, depth: int = 0) -> list[int]:
        """Who or what is the subject of a verb as it stands, its own or the one it shares."""
        if verb not in self._subjects:
            self._subjects[verb] = []  # on the way: a circle finds nothing
            found = [self.referred(child, verb) for child in self._own_subjects(verb)]
            self._subjects[verb] = found or (self._shared_subjects(verb, depth) if depth < DEEP else [])
        return self._subjects[verb]

    def _shared_subjects(self, verb: int, depth: int) -> list[int]:
        tree = self.tree
        head, relation = tree.heads[verb], tree.relations[verb]
        if head < 0 or tree.full[verb] == "acl:relcl":
            return []
        if relation in ("acl", "amod"):
            if tree.tags[verb] == "VBG" and tree.lower[verb - 1 : verb] == [","]:
                return self._clause_subjects(head, depth)  # came down in the town, killing two
            if tree.tags[verb] in ("VBG", "VBN") and not tree.mark(verb):
                return [head]
            return self._holders(head, depth)
        if relation != "conj" and self._is_finite(verb):
            return []
        if relation in ("advcl", "xcomp", "ccomp") and tree.mark(verb) in _OBJECT_CONTROL and tree.is_verb(head):
            accused = self.frame(head).get("obj")
            if accused:
                return accused[:1]
        if relation in ("xcomp", "ccomp", "csubj"):
            objects = [child for child in tree.children[head] if tree.relations[child] in ("obj", "iobj")]
            called = [child for child in tree.children[head] if tree.relations[child] == "obl" and child < verb]
            objects = objects or [child for child in called if tree.slot(child) in ("on", "upon")]  # called on them to
            if objects and objects[0] < verb and tree.lower[head] not in _SUBJECT_CONTROL:
                return [self.referred(objects[0], head)]
        if relation == "advcl" and not tree.mark(verb) and tree.is_verb(head) and self.is_passive(head):
            return self.frame(head).get("by")  # was shelled, killing 12: not the shelled one kills
        return self.subjects(head, depth + 1) if relation in ("conj", "xcomp", "ccomp", "csubj", "advcl") else []

    def _is_finite(self, verb: int) -> bool:
        """Whether a verb has a tense, its own or its auxiliary's; such a one has a subject of its own."""
        tree = self.tree
        own = tree.tags[verb] in ("VBZ", "VBP", "MD")
        return own or any(
            tree.relations[child] in ("aux", "cop") and tree.tags[child] in ("VBZ", "VBP", "VBD", "MD")
            for child in tree.children[verb]
        )

    def _clause_subjects(self, noun: int, depth: int) -> list[int]:
        """Who acts in the clause that a noun stands in."""
        tree = self.tree
        verb = next((at for at in tree.upwards(noun) if tree.is_verb(at)), -1)
        if verb < 0:
            return [noun]
        return self.frame(verb).get("by") if self.is_passive(verb) else self.subjects(verb, depth + 1)

    def _holders(self, noun: int, depth: int) -> list[int]:
        """Whose plan or promise it is: the possessor, or the subject of the verb that the noun is the object of."""
        tree = self.tree
        owners = [child for child in tree.children[noun] if tree.full[child] == "nmod:poss"]
        owners = owners or [
            child for child in tree.children[noun] if tree.tags[child] == "JJ" and tree.is_capital(child)
        ]
        head = tree.heads[noun]
        if not owners and head >= 0 and tree.relations[noun] in ("obj", "obl", "xcomp") and tree.is_verb(head):
            return self.subjects(head, depth + 1)
        if not owners and head < 0 and tree.tags[noun].startswith("NNP"):
            return [noun]  # a headline: Aldane to send tanks
        return owners

    def referred(self, word: int, verb: int) -> int:
        """A relative pronoun's noun; any other word itself."""
        tree = self.tree
        is_relative = tree.tags[word] in ("WDT", "WP", "WP$") or (
            tree.lower[word] == "that" and tree.tags[word] == "IN"
        )
        if not is_relative:
            return word
        noun = self._antecedent(verb)
        if noun >= 0 and tree.is_verb(noun):
            return tree.noun_before(word)
        if noun >= 0 and tree.lower[word] == "which" and not tree.classes_of(noun).isdisjoint(("people", "person")):
            return tree.noun_before(word)
        return noun if noun >= 0 else tree.noun_before(word)

    def _antecedent(self, verb: int) -> int:
        """The noun that a relative clause around a verb is about; -1 outside such clauses."""
        tree = self.tree
        at = verb
        for _ in range(DEEP):
            if tree.full[at] in ("acl:relcl", "advcl:relcl"):
                return tree.heads[at]
            if (
                tree.relations[at] not in ("conj", "xcomp", "ccomp", "advcl", "obl", "nsubj", "nmod")
                or tree.heads[at] < 0
            ):
                break
            at = tree.heads[at]
        return -1

    # ---- frames

    def frame(self, word: int) -> Frame:
        """What stands around a verb, or a noun."""
        if word not in self._frames:
            self._frames[word] = Frame()  # on the way: a circle finds nothing
            self._frames[word] = self._verb_frame(word) if self.tree.is_verb(word) else self._noun_frame(word)
        return self._frames[word]

    def _verb_frame(self, verb: int) -> Frame:
        tree = self.tree
        frame = Frame(self.is_passive(verb))
        subjects = [word for word in self.subjects(verb) if not tree.is_idle(word) and not self._asks(word)]
        self._take(frame, tree.children[verb], verb)
        head, relation = tree.heads[verb], tree.relations[verb]
        if relation == "conj" and head >= 0 and tree.is_verb(head):
            # `produced and supplied drones to Russia`: what stands behind both belongs to both.
            self._take(frame, [child for child in tree.children[head] if child > verb], head, ("obj", "obl", "iobj"))
        if not frame.get("obj") and not frame.passive:
            self._share_object(frame, verb)
        objects = frame.get("obj")
        if len(objects) > 1 and objects[0] < objects[1] and tree.classes_of(objects[0]) & _TAKERS:
            frame.slots["obj"], frame.slots["iobj"] = objects[1:], objects[:1]  # two objects: the first receives
        elif not objects and frame.get("iobj"):
            frame.slots["obj"], frame.slots["iobj"] = frame.get("iobj"), []
        if frame.passive:
            frame.add("subj", frame.get("by"))
            frame.add("iobj" if frame.get("obj") else "obj", subjects)
        else:
            frame.add("subj", subjects)
        self._take_beside(frame, verb)
        noun = self._gap(verb)
        if noun >= 0 and not frame.get("obj") and noun not in frame.get("subj"):
            frame.add("obj", [noun])
        for phrase in frame.get("obj")[:1]:
            self._take_from_object(frame, phrase)
            frame.add("owner", self._owners(phrase))
        where = tree.heads[verb] if tree.full[verb] == "acl:relcl" and not frame.get("in") else -1
        if where >= 0 and any(tree.lower[child] == "where" for child in tree.children[verb]):
            frame.add("in", [where])  # the village where it fell
        if relation in ("advcl", "xcomp", "acl") and tree.mark(verb) == "to":
            frame.add("means", self._means(verb))
        return frame

    def _take_beside(self, frame: Frame, verb: int) -> None:
        """Fills places that the tree leaves empty with what stands right beside a verb.

        A parser goes wrong where phrases are tacked on more often than a tagger where they begin and end.
        """
        tree = self.tree
        if not frame.get("subj" if not frame.passive else "obj"):
            subject = tree.chunk_before(verb)
            if subject >= 0 and not tree.is_idle(subject):
                frame.add("obj" if frame.passive else "subj", [subject])
        at, last = verb + 1, -1
        while at < len(tree) and tree.tags[at] in ("RB", "RP") and tree.lower[at] not in BOUNDS:
            at += 1
        for _ in range(DEEP):
            slot = "obj"
            if at < len(tree) and tree.tags[at] in ("IN", "TO") and not tree.is_bound(at):
                slot, at = tree.lower[at], at + 1
            elif at != verb + 1 and last >= 0:
                return
            head, end = tree.chunk_from(at)
            if head < 0:
                return
            if (
                not tree.is_idle(head)
                and not frame.get(slot)
                and not (slot == "obj" and frame.passive)
                and slot != "of"
            ):
                frame.add(slot, [head])
            at, last = end, head

    def _take_behind(self, frame: Frame, noun: int) -> None:
        """Fills places around a noun that the tree leaves empty with the phrases right behind it, and the possessor."""
        tree = self.tree
        if noun + 1 < len(tree) and tree.tags[noun + 1] in ("IN", "TO"):
            head, _ = tree.chunk_from(noun + 2)
            slot = tree.lower[noun + 1]
            if head >= 0 and not tree.is_idle(head) and not frame.get(slot):
                frame.add(slot, [head])
        at = noun - 1
        while at > 0 and tree.tags[at] in IN_CHUNK and tree.tags[at] not in ("POS", "PRP$", "DT") and noun - at < DEEP:
            at -= 1
        if at > 0 and tree.tags[at] == "POS" and not frame.get("poss") and not tree.is_idle(at - 1):
            frame.add("poss", [at - 1])

    def turned(self, verb: int) -> Frame | None:
        """The frame of a verb in the past tense without an object, read as a participle; None for any other."""
        tree = self.tree
        frame = self.frame(verb)
        bare = tree.tags[verb] in ("VBD", "VBN") and not any(tree.relations[at] == "aux" for at in tree.children[verb])
        if frame.passive or frame.get("obj") or not frame.get("subj") or not bare:
            return None
        slots = {slot: words for slot, words in frame.slots.items() if slot != "subj"}
        return Frame(True, {**slots, "obj": frame.get("subj"), "subj": frame.get("by")})

    def _asks(self, word: int) -> bool:
        """Whether a word is an interrogative: who launched it."""
        return self.tree.tags[word].startswith("W") and self.tree.lower[word] != "what"

    def _share_object(self, frame: Frame, verb: int) -> None:
        """Takes the object of a later verb, which may stand for both: build and ship the drones."""
        tree = self.tree
        later = [child for child in tree.children[verb] if tree.relations[child] == "conj" and tree.is_verb(child)]
        full = any(
            tree.relations[child] in ("obl", "ccomp", "xcomp", "compound") and child > verb
            for child in tree.children[verb]
        )
        if later and not full and later[-1] - verb <= 4:
            self._take(frame, tree.children[later[-1]], later[-1], ("obj",))

    def _means(self, verb: int) -> list[int]:
        """What is used to do something: using drones to strike."""
        tree = self.tree
        head = tree.heads[verb]
        if head >= 0 and tree.relations[verb] == "acl":
            return [head] if tree.relations[head] == "obj" and self._employs(tree.heads[head]) else []
        return self.frame(head).get("obj") if self._employs(head) else []

    def _employs(self, verb: int) -> bool:
        return verb >= 0 and self.tree.lower[verb] in _EMPLOYING

    def _owners(self, noun: int) -> list[int]:
        """Whose something is: the possessor, of whom it is, who holds it."""
        tree = self.tree
        for child in tree.children[noun]:
            if tree.full[child] == "nmod:poss":
                return [child]
        for child in tree.children[noun]:
            if tree.full[child] == "acl:relcl":
                return [word for word in self._own_subjects(child) if not self._asks(word)]
            if tree.relations[child] == "nmod" and tree.prepositions(child)[-1:] in (["of"], ["from"]):
                return [child]
        return []

    def _gap(self, verb: int) -> int:
        """The noun that a relative clause leaves out as an object: drones that it fired, that it plans to send."""
        tree = self.tree
        at = verb
        for _ in range(DEEP):
            if tree.full[at] == "acl:relcl":
                return tree.heads[at] if not tree.is_content_clause(at) else -1
            if tree.relations[at] not in ("xcomp", "conj") or tree.heads[at] < 0 or tree.has_object(tree.heads[at]):
                break
            at = tree.heads[at]
        return -1

    def _take(self, frame: Frame, children: Iterable[int], clause: int, only: Sequence[str] = ()) -> None:
        """Fills the places of a frame from some children of a clause."""
        tree = self.tree
        for child in children:
            relation = tree.relations[child]
            if (only and relation not in only) or tree.is_idle(child):
                continue
            if relation in ("obj", "iobj"):
                frame.add(relation, [self.referred(child, clause)])
            elif tree.lower[child] == "result" and (cause := tree.of_phrase(child)) is not None:
                frame.add("result", [cause])  # died as a result of the attack
            elif relation in ("obl", "nmod"):
                slot = tree.slot(child)
                if slot == "by" and "transport" in word_classes(tree.lower[child]) and len(tree.children[child]) == 1:
                    continue  # shipped by sea
                beside = not slot and tree.full[child] == "obl" and self._stands_beside(child, clause)
                if beside and not frame.get("obj") and not frame.passive:
                    slot = "obj"
                if slot:
                    frame.add(slot, [self.referred(child, clause)])
            elif relation in ("xcomp", "ccomp"):
                frame.add("xcomp" if relation == "xcomp" else "clause", [child])
            elif relation == "advmod":
                frame.add("mod", [child])

    def _stands_beside(self, phrase: int, verb: int) -> bool:
        """Whether nothing but a particle stands between a verb and a phrase."""
        tree = self.tree
        first = tree.leftmost(phrase)
        return first == verb + 1 or (first == verb + 2 and tree.tags[verb + 1] == "RP")

    def _take_from_object(self, frame: Frame, noun: int) -> None:
        """Prepositional phrases that stand with the object: gave a number of drones to Korvania."""
        tree = self.tree
        for thing in tree.things(noun):
            for child in tree.children[thing]:
                if tree.relations[child] == "nmod" and child > thing and not tree.is_idle(child):
                    slot = tree.slot(child)
                    if slot == "of":
                        frame.add("of", [child] if child not in tree.things(noun) else [])
                    elif slot and (slot == "in" or not frame.get(slot)):
                        frame.add(slot, [child])

    def _noun_frame(self, noun: int) -> Frame:
        tree = self.tree
        frame = Frame()
        for child in tree.children[noun]:
            relation = tree.relations[child]
            if tree.is_idle(child):
                continue
            if tree.full[child] == "nmod:poss":
                frame.add("poss", [child])
            elif relation in MODIFIERS and child < noun:
                self._take_modifier(frame, child)
            elif relation in ("nmod", "obl") and child > noun:
                if slot := tree.slot(child):
                    frame.add(slot, [self.referred(child, noun)])
            elif relation == "nsubj":
                frame.add("subject", [self.referred(child, noun)])
            elif relation == "nummod":
                frame.add("count", [child])
            elif relation == "case":
                frame.add(f"pre{tree.lower[child]}", [child])
        if "behind" in tree.prepositions(noun):
            frame.add("subj", frame.get("subject"))  # who is behind an attack
        self._take_behind(frame, noun)
        head = tree.heads[noun]
        if head >= 0 and tree.relations[noun] == "nmod":
            frame.add("head", [head])
        elif head >= 0 and (tree.relations[noun] == "xcomp" or tree.lower[head] in _BECOMING) and tree.is_verb(head):
            frame.add("subject", self.subjects(head))  # has become its backer
        return frame

    def _take_modifier(self, frame: Frame, child: int, depth: int = 0) -> None:
        """Puts a word before a noun where it belongs: Iranian, U.S., Ukraine, drone."""
        tree = self.tree
        name = tree.labels.get(child)
        joined = tree.text[tree.ends[child] : tree.ends[child] + 1] in HYPHENS or "-" in tree.lower[child]
        group = name is not None and name.label is Label.GROUP
        if group or (tree.tags[child] == "JJ" and tree.is_capital(child)):
            if not joined:
                frame.add("adj", [child])
        elif "agent" in word_classes(tree.lower[child]) or (name is not None and name.label in _PARTIES):
            frame.add("agent", [child])
        elif name is not None and name.label in (Label.PLACE, Label.FACILITY):
            frame.add("place", [child])
        elif tree.relations[child] != "amod" or "arms" in word_classes(tree.lower[child]):
            frame.add("compound", [child])
        if depth < 2 and tree.relations[child] != "amod":
            for inner in tree.children[child]:
                if inner < child and tree.relations[inner] in MODIFIERS:
                    self._take_modifier(frame, inner, depth + 1)

    # ---- event nouns and the verbs that carry them

    def carrier(self, noun: int) -> tuple[int, bool] | None:
        """The verb that lends an event noun its places (carried out strikes), and whether its subject suffers it."""
        if noun not in self._carriers:
            self._carriers[noun] = self._find_carrier(noun)
        return self._carriers[noun]

    def holder(self, noun: int) -> int:
        """The head of the phrase that an event noun stands in: itself, or what counts it or is joined to it."""
        tree = self.tree
        at = noun
        for _ in range(3):
            head, relation = tree.heads[at], tree.relations[at]
            counted = (
                relation == "nmod"
                and head >= 0
                and not word_classes(tree.lower[head]).isdisjoint(("quantity", "number"))
            )
            if head < 0 or tree.is_verb(head) or not (relation == "conj" or counted):
                break
            at = head
        return at

    def _find_carrier(self, noun: int) -> tuple[int, bool] | None:
        tree = self.tree
        first = self.holder(noun)
        head, relation = tree.heads[first], tree.relations[first]
        if head >= 0 and tree.is_verb(head):
            passive = self.is_passive(head)
            if relation in ("obj", "obl") or (relation == "nsubj" and passive):
                found = self._lends(head, tree.prepositions(first)[-1:] if relation == "obl" else [])
                if found:
                    return found
        for child in tree.children[first]:
            if tree.full[child] == "acl" and tree.is_verb(child) and first in self.frame(child).get("obj"):
                found = self._lends(child, [])
                if found:
                    return found
            if tree.full[child] == "acl:relcl" and tree.is_verb(child):
                for verb in [
                    child,
                    *(at for at in tree.children[child] if tree.relations[at] == "xcomp" and tree.is_verb(at)),
                ]:
                    found = self._lends(verb, []) if first in self.frame(verb).get("obj") else None
                    if found:
                        return found
        return None

    def _lends(self, verb: int, preposition: Sequence[str]) -> tuple[int, bool] | None:
        """Whether a verb lends an event noun its places, by the table; with the preposition that stands between."""
        tree = self.tree
        for rest, suffers in light_verbs().get(tree.lower[verb], ()):
            if preposition and list(rest[-1:]) == list(preposition) and tree.follows(verb, rest[:-1]) is not None:
                return verb, suffers
            if not preposition and tree.follows(verb, rest) is not None:
                return verb, suffers
        return None

    def event_frame(self, noun: int) -> Frame:
        """The places around an event noun, with those of what counts it and those that its carrier lends."""
        tree = self.tree
        own, carried, first = self.frame(noun), self.carrier(noun), self.holder(noun)
        head = tree.heads[first]
        if head >= 0 and tree.relations[first] == "nsubj" and tree.lower[head] in _REACHING:
            own.add("on", self.frame(head).get("obj"))
        if head >= 0 and tree.relations[first] == "obj" and tree.lower[head] in ("reported", "report", "reports"):
            own.add("reported", self.subjects(head))
        if carried is None and first == noun:
            return own
        frame = Frame(False, {slot: list(words) for slot, words in own.slots.items()})
        for slot, words in self.frame(first).slots.items() if first != noun and not tree.is_verb(first) else ():
            if not frame.get(slot):
                frame.add(slot, [word for word in words if word != noun])
        if carried is None:
            return frame
        verb, suffers = carried
        frame.add("carried", [verb])
        lent = self.frame(verb)
        for slot, words in lent.slots.items():
            if slot not in ("obj", "xcomp", "clause", "owner", "by", "mod"):
                name = {"subj": "victim" if suffers else "subj", "iobj": "victim"}.get(slot, slot)
                frame.add(name, [word for word in words if word not in (noun, first)])
        if not lent.get("iobj") and first not in lent.get("obj"):
            frame.add("victim", lent.get("obj"))
        return frame
