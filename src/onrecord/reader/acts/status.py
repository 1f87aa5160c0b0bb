"""How far an act has come and how certain the text has it, from the words that govern it.

From the word of the act outwards: its own tense, modals and negation; then every word that governs it (`seeks to`,
`accused of`, `a plan to`), up to the root of its sentence; the cue of an attribution in whose content it stands counts
as that attribution's stance does. The closest teller decides: what stands further out leaves the status as it is, and
so it does where an act is taken for granted, in a relative clause, after `since`, or beside a verb that says nothing of
it.

Factuality runs from -3 (certainly not) to 3 (certainly), the scale of UW (Lee et al. 2015) and of the unified
factuality corpora (Stanovsky et al. 2017). Each governing word scales what stands below it; the rows ``effect`` of
``status.tsv`` say by how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from onrecord.model import Attribution, Stance, Status, Voice
from onrecord.reader.acts.clauses import Clauses
from onrecord.reader.acts.trees import DEEP, STEPS
from onrecord.reader.acts.words import Effect, effects, governors

_NEGATIONS = frozenset("not n't never nt neither nor nowhere hardly cannot".split())
_NONE = frozenset("none nothing nobody neither".split())
_FUTURE = frozenset("will 'll shall wo".split())
_WOULD = frozenset("would 'd".split())
_DUTY = frozenset("should must ought".split())
_HAVE = frozenset("have has had having 've 's".split())
_CONDITIONS = frozenset("if unless whether provided lest".split())
_USING = frozenset("use uses used using employ employs employed employing help helps helped helping".split())
_NO_TELLER = frozenset(
    (
        *"planned foreseen sought considered agreed ordered allowed begun prevented ended possible likely".split(),
        "unlikely",
        "going on",
    )
)
"""Effects of cues that say how far an act has come: who is `considering` tells nobody anything."""
_STANCES = {
    Stance.ASSERT: "report", Stance.REPORT: "report", Stance.ASSESS: "judged", Stance.FEAR: "feared",
    Stance.PROMISE: "promised", Stance.CALL_FOR: "sought", Stance.ACCUSE: "alleged", Stance.CONFIRM: "know",
    Stance.ADMIT: "know", Stance.DENY: "denied", Stance.REJECT: "denied", Stance.CONDEMN: "know",
    Stance.DOUBT: "doubt", Stance.DECLINE: "report",
}  # fmt: skip
_BY_CUE = frozenset("denied alleged feared doubt promised sought".split())
_OPEN = frozenset({Status.PLANNED, Status.CONSIDERED, Status.SOUGHT, Status.PROMISED, Status.ORDERED})
_OF_THE_FUTURE = frozenset("promised threatened sought planned foreseen ordered considered allowed required".split())


@dataclass(slots=True)
class Evidence:
    """What the words so far make of an act.

    Attributes:
        status: how far it has come.
        certainty: from -3 to 3.
        words: the words that decided the status.
        settled: whether nothing further out bears on it.
        granted: whether that is because it is taken for granted.
        bare: whether its own form leaves its status to what governs it (`to supply`, `supplying`).
        future: whether it stands in the future.
        moved: whether a governing word has said anything of it.
    """

    status: Status = Status.DONE
    certainty: float = 3.0
    words: list[int] = field(default_factory=list)
    settled: bool = False
    granted: bool = False
    bare: bool = False
    future: bool = False
    moved: bool = False

    def grant(self) -> None:
        """Takes the act for granted, whatever governs it from further out."""
        self.settled = self.granted = True

    def apply(self, effect: Effect, negated: bool, words: Sequence[int]) -> None:
        """Takes in a word that governs all that stands so far."""
        if self.settled:
            return
        self.certainty *= (effect.negated if negated else effect.certainty) / 3.0
        status = _combined(self, effect, negated)
        if status is not None:
            self.words = [*words, *self.words] if status is self.status else [*words]
            self.status = status
        if effect.name not in ("report", "know", "judged", "happen"):
            self.bare, self.moved = False, True


def _combined(inner: Evidence, effect: Effect, negated: bool) -> Status | None:
    """The status that a governing word gives; None where that below it stays."""
    name, status = effect.name, effect.status
    if inner.status is Status.DENIED and name not in ("denied", "prevented"):
        return None
    if negated:
        if name in ("denied", "prevented"):
            return Status.CONSIDERED if name == "denied" else None
        if name in ("report", "know", "feared", "alleged", "judged", "begun", "ended", "doubt", "unlikely"):
            return None
        return Status.DENIED
    if name in ("held", "likely", "unlikely", "alleged"):
        return status if inner.status in (Status.DONE, Status.UNDER_WAY) or name == "alleged" else None
    if name in _OF_THE_FUTURE:
        # Of what has happened already nobody can promise, seek or plan anything: the word is about something else.
        return status if inner.bare or inner.future or inner.status in _OPEN else None
    if name in ("going on", "agreed", "purpose"):
        return status if inner.bare else None
    return status


class Judge:
    """Weighs the words around any word of a document.

    Args:
        clauses: the document's verbs and nouns.
        attributions: its attributions, with their stances.
    """

    __slots__ = ("_cues", "_inside", "attributions", "clauses", "tree")

    def __init__(self, clauses: Clauses, attributions: Sequence[Attribution]) -> None:
        self.clauses, self.tree = clauses, clauses.tree
        tree = self.tree
        self.attributions = {attribution.id: attribution for attribution in attributions}
        self._cues: dict[int, list[str]] = {}
        self._inside: dict[int, str] = {}
        for attribution in sorted(attributions, key=_size, reverse=True):
            for span in attribution.content:
                self._inside.update(dict.fromkeys(tree.within(span), attribution.id))
            for span in attribution.cue:
                for word in tree.within(span):
                    self._cues.setdefault(word, []).append(attribution.id)

    def standing_in(self, word: int) -> list[Attribution]:
        """The attributions in whose content a word stands, the closest first."""
        found: list[Attribution] = []
        at = self._inside.get(word)
        while at is not None and at in self.attributions and len(found) < STEPS:
            found.append(self.attributions[at])
            at = self.attributions[at].parent
        return found

    def weigh(self, word: int) -> Evidence:
        """What the document makes of the event that a word names: a verb, or a noun with or without its carrier."""
        tree = self.tree
        around = self.standing_in(word)
        evidence = Evidence()
        if tree.is_verb(word):
            self._own(word, evidence)
            self._climb(word, evidence, around)
        else:
            self._from_noun(word, evidence, around)
        for attribution in around:
            self._apply_stance(attribution, evidence)
        if not evidence.granted and self._is_asked(word):
            evidence.certainty *= 0.4
        if evidence.bare and not evidence.moved and evidence.status is Status.DONE and tree.mark(word) == "to":
            evidence.status, evidence.certainty = Status.PLANNED, min(evidence.certainty, 2.0)  # `Aldane to send tanks`
        return evidence

    def _is_asked(self, word: int) -> bool:
        """Whether a word is the root of a question, or governed by nothing but that."""
        tree, at = self.tree, word
        for _ in range(STEPS):
            if tree.heads[at] < 0:
                marks = [child for child in tree.children[at] if tree.relations[child] == "punct" and child > at]
                return bool(marks) and tree.lower[marks[-1]] == "?"
            if tree.relations[at] not in ("obj", "obl", "xcomp", "conj"):
                return False
            at = tree.heads[at]
        return False

    # ---- a verb by itself

    def _own(self, verb: int, evidence: Evidence, depth: int = 0) -> None:
        """Tense, modals and negation of a verb or of a predicate with a copula."""
        tree = self.tree
        auxiliaries = [child for child in tree.children[verb] if tree.relations[child] in ("aux", "cop")]
        head, tag = tree.heads[verb], tree.tags[verb]
        is_marked = any(tree.lower[child] == "to" and tree.relations[child] == "mark" for child in tree.children[verb])
        joined = tree.relations[verb] == "conj" and head >= 0 and tree.is_verb(head) and not (auxiliaries or is_marked)
        if joined and tag in ("VB", "VBN", "VBG") and depth < DEEP:
            self._own(head, evidence, depth + 1)  # will find and destroy
            self._negate(verb, evidence)
            return
        names = {tree.lower[child]: child for child in auxiliaries}
        perfect = any(name in _HAVE and tree.tags[names[name]].startswith("VB") for name in names) and tag != "VBG"
        evidence.bare = not perfect and (is_marked or (tag in ("VBG", "VB") and not auxiliaries))
        modal = next((child for name, child in names.items() if tree.tags[child] == "MD" or name in _FUTURE), -1)
        name = tree.lower[modal] if modal >= 0 else ""
        if name in _FUTURE or name in _WOULD:
            evidence.status, evidence.future = Status.PLANNED, True
            evidence.certainty = 2.3 if name in _FUTURE else -0.5 if perfect else 1.5
        elif name in governors("modal"):
            evidence.status, evidence.certainty = Status.CONSIDERED, 1.2
        elif name in _DUTY:
            evidence.status, evidence.certainty = Status.SOUGHT, 1.1
        elif (tag == "VBG" and auxiliaries) or "being" in names:
            past = any(tree.lower[child] in ("was", "were") for child in auxiliaries)
            evidence.status = Status.DONE if past else Status.UNDER_WAY
        if tag == "VB" and not auxiliaries and not is_marked and head < 0:
            evidence.certainty = 1.2  # an imperative
        evidence.words = [*auxiliaries, verb]
        for child in tree.children[verb]:
            if tree.tags[child].startswith("RB") and tree.relations[child] == "advmod":
                self._take_adverb(child, evidence)
        self._negate(verb, evidence)

    def _take_adverb(self, word: int, evidence: Evidence) -> None:
        for rest, effect in governors("adverb").get(self.tree.lower[word], ()):
            if not rest:
                evidence.certainty *= effect.certainty / 3.0
                if effect.status is not None and evidence.status in (Status.DONE, Status.UNDER_WAY):
                    evidence.status, evidence.words = effect.status, [word, *evidence.words]
                return

    def _negate(self, verb: int, evidence: Evidence) -> None:
        negation = self.negation(verb)
        if negation and evidence.status is not Status.DENIED:
            evidence.status, evidence.words = Status.DENIED, [*negation, *evidence.words]
            evidence.certainty = -abs(evidence.certainty)

    def negation(self, verb: int, but: int = -1) -> list[int]:
        """The words that negate a verb: not, no longer; or leave nothing of its subject or object: no strikes, none.

        Args:
            verb: the verb, or a predicate.
            but: an argument of it that does not count, since it has been weighed already.
        """
        tree = self.tree
        for child in tree.children[verb]:
            if child == but:
                continue
            lower, relation = tree.lower[child], tree.relations[child]
            if lower in _NEGATIONS and relation in ("advmod", "aux", "cc", "det") and not self._is_only(child):
                return [child]
            if lower == "longer" and tree.lower[child - 1 : child] == ["no"]:
                return [child - 1, child]
            if relation in ("nsubj", "obj"):
                if lower in _NONE:
                    return [child]
                found = [at for at in tree.children[child] if at < child and self.empties(at)]
                if found:
                    return found[:1]
        return []

    def empties(self, word: int) -> bool:
        """Whether a word before a noun leaves nothing of it: no strikes, not one drone, not a single one."""
        lower = self.tree.lower
        following = lower[word + 1 : word + 2]
        if lower[word] == "no":
            return following not in (["more"], ["fewer"], ["less"], ["doubt"])
        return (lower[word] == "not" and following in (["one"], ["a"])) or (
            lower[word] == "one" and lower[word - 1 : word] == ["not"]
        )

    def _is_only(self, word: int) -> bool:
        """Whether a negation is none: not only, not just."""
        return self.tree.lower[word + 1 : word + 2] in (["only"], ["just"], ["merely"], ["yet"])

    # ---- up the tree

    def _climb(self, verb: int, evidence: Evidence, around: list[Attribution]) -> None:
        """Takes in what governs a verb or a predicate, step by step to the root."""
        tree, at = self.tree, verb
        for _ in range(STEPS):
            head, relation = tree.heads[at], tree.relations[at]
            if head < 0 or evidence.settled:
                return
            if relation == "conj":
                if not (tree.is_verb(head) or self._is_predicate(head)):
                    return
            elif tree.full[at] in ("acl:relcl", "advcl:relcl") and not tree.is_content_clause(at):
                evidence.grant()
            elif relation == "advcl":
                if not self._take_adverbial(at, head, evidence, around):
                    return
            elif relation in ("acl", "amod"):
                self._take_noun_clause(at, head, evidence, around)
                return
            elif relation in ("xcomp", "ccomp", "csubj", "obj", "dep", "obl"):
                if not (tree.is_verb(head) or self._is_predicate(head)):
                    self._through_noun(head, at, evidence, around)
                    return
                if relation == "xcomp" and tree.lower[head] in _USING and tree.mark(at) == "to":
                    self._share(head, evidence)
                else:
                    self._govern(head, evidence, around, clause=relation == "xcomp")
            else:
                return
            at = head

    def _take_noun_clause(self, at: int, head: int, evidence: Evidence, around: list[Attribution]) -> None:
        """Takes in the noun that a clause belongs to: a plan to supply, drones targeting the city."""
        tree = self.tree
        above = tree.heads[head]
        told = tree.relations[head] == "nmod" and tree.prepositions(head)[-1:] == ["of"] and self._effect(above, "noun")
        if tree.tags[at] == "VBG" and not tree.mark(at) and told:
            self._through_noun(above, at, evidence, around)  # reports of missiles hitting a town
        elif tree.tags[at] in ("VBG", "VBN") and not tree.mark(at) and self._effect(head) is None:
            evidence.grant()
        elif tree.mark(at) == "to" and tree.relations[head] == "obj" and tree.lower[tree.heads[head]] in _USING:
            self._share(tree.heads[head], evidence)  # using drones to strike
            self._climb(tree.heads[head], evidence, around)
        else:
            self._through_noun(head, at, evidence, around)

    def _take_adverbial(self, at: int, head: int, evidence: Evidence, around: list[Attribution]) -> bool:
        """Takes in the head of an adverbial clause; False where that says nothing of the act."""
        tree, mark = self.tree, self.tree.mark(at)
        if mark in _CONDITIONS:
            evidence.apply(effects()["condition"], False, [at])
            evidence.grant()
            return False
        effect = self._effect(head)
        is_bare = tree.tags[at] in ("VBG", "VBN") and not any(tree.relations[c] == "aux" for c in tree.children[at])
        if mark == "to":
            if tree.lower[head] in _USING:
                self._share(head, evidence)
            elif effect is not None and effect.status is not None:
                self._govern(head, evidence, around)
            else:
                evidence.apply(effects()["purpose"], False, [at])
            return True
        if is_bare and mark in ("without", "than"):
            evidence.apply(
                effects()["denied"], False, [child for child in tree.children[at] if tree.relations[child] == "mark"]
            )
            return True
        if is_bare and mark and effect is not None and effect.status is not None:
            self._govern(head, evidence, around)
            return True
        if is_bare and mark in ("", "by", "in", "while", "through"):
            self._share(head, evidence)
            return True
        if mark in ("until", "before", "once") and tree.tags[at] in ("VBZ", "VBP"):
            evidence.certainty *= 0.6  # what is waited for has not happened
        evidence.grant()
        return False

    def _share(self, head: int, evidence: Evidence) -> None:
        """Gives an act the tense and mood of the verb that it goes along with."""
        shared = Evidence()
        self._own(head, shared)
        if evidence.status is not Status.DENIED:  # `killing no one`: the verb before does not undo that
            evidence.status, evidence.words = shared.status, shared.words
        evidence.certainty = min(evidence.certainty, shared.certainty)
        evidence.bare, evidence.future = shared.bare, shared.future

    def _govern(
        self, head: int, evidence: Evidence, around: list[Attribution], *, clause: bool = False, below: int = -1
    ) -> None:
        """Takes in one governing word with its modals and negation, or the stance of the attribution that it is cue of.

        Args:
            head: the word.
            evidence: what is known so far.
            around: the attributions whose stances are still to be taken in.
            clause: whether it governs an infinitive.
            below: the argument of it that names the act, -1 if a clause does.
        """
        effect = self._effect(head)
        cued = self._cue_among(head, around)
        if cued is not None and (effect is None or effect.name not in _NO_TELLER):
            around.remove(cued)
            self._apply_stance(cued, evidence)
            return
        if cued is not None:
            around.remove(cued)
        if effect is not None and effect.name == "foreseen" and (clause or self.clauses.is_passive(head)):
            effect = effects()["planned"]  # who expects to do something, or is expected to, plans it
        own = Evidence()
        self._own(head, own)
        negation = self.negation(head, below)
        negated = bool(negation)
        emptied = negated and self.tree.relations[negation[0]] in ("nsubj", "det")
        if emptied and self._speaks(effect):
            effect, negated = effects()["denied"], False  # nothing shows that
        if effect is not None:
            evidence.apply(effect, negated, [*negation, head])
        elif clause and evidence.bare and self.tree.lower[head] in ("have", "has", "had", "having"):
            evidence.apply(effects()["required"], negated, [*negation, head])  # has to go
        elif clause and evidence.bare and self.tree.tags[head].startswith("JJ"):
            evidence.apply(effects()["purpose"], False, [head])  # hard to find, easy to hit
        elif negated:
            evidence.apply(effects()["prevented"], False, negation)
        if negated:
            return
        if own.status is Status.CONSIDERED and not (self._speaks(effect) and self._is_able(head)):
            evidence.apply(effects()["possible"], False, own.words)
        elif own.status is Status.SOUGHT:
            evidence.apply(effects()["sought"], False, own.words)
        elif own.future and not evidence.settled:
            evidence.certainty *= abs(own.certainty) / 3.0
            evidence.moved = True
            if evidence.status in (Status.DONE, Status.UNDER_WAY):
                evidence.status, evidence.words, evidence.future = Status.PLANNED, own.words, True

    def _speaks(self, effect: Effect | None) -> bool:
        return effect is not None and effect.name in ("report", "know")

    def _is_able(self, verb: int) -> bool:
        """Whether a verb has `can` or `could` beside it: who can confirm something confirms it."""
        return any(self.tree.lower[child] in ("can", "could") for child in self.tree.children[verb])

    def _cue_among(self, word: int, around: Sequence[Attribution]) -> Attribution | None:
        """The closest of some attributions that a word is a cue of."""
        cued = self._cues.get(word, ())
        return next((attribution for attribution in around if attribution.id in cued), None)

    def _is_predicate(self, word: int) -> bool:
        tree = self.tree
        return tree.tags[word].startswith("JJ") or any(tree.relations[child] == "cop" for child in tree.children[word])

    def _effect(self, word: int, *parts: str) -> Effect | None:
        """What a word makes of what it governs, by its part of speech."""
        tag = self.tree.tags[word]
        order = (
            ("verb", "adjective")
            if tag.startswith("VB")
            else ("adjective", "verb")
            if tag.startswith("JJ")
            else ("noun",)
        )
        for part in parts or order:
            for rest, effect in governors(part).get(self.tree.lower[word], ()):
                if self.tree.follows(word, rest) is not None:
                    return effect
        return None

    # ---- nouns

    def _from_noun(self, noun: int, evidence: Evidence, around: list[Attribution]) -> None:
        """Weighs an event noun: what stands before it, what carries it, what it is an argument of."""
        tree = self.tree
        evidence.words = [noun]
        for child in tree.children[noun]:
            effect = self._effect(child, "adjective", "verb") if tree.relations[child] == "amod" else None
            if effect is not None and effect.status is not None and effect.name not in ("begun", "ended", "promised"):
                evidence.status, evidence.words, evidence.moved = effect.status, [child], True
                evidence.certainty *= effect.certainty / 3.0
        if found := [child for child in tree.children[noun] if child < noun and self.empties(child)]:
            evidence.status, evidence.words, evidence.certainty, evidence.moved = Status.DENIED, found, -3.0, True
        if self._is_predicate(noun):
            before = evidence.status
            self._own(noun, evidence)
            if evidence.status is Status.DONE:
                evidence.status = before
            self._climb(noun, evidence, around)
            return
        carried = self.clauses.carrier(noun)
        if carried is None:
            self._through_noun(noun, -1, evidence, around)
            return
        verb, before = carried[0], evidence.status
        self._own(verb, evidence)
        evidence.moved = True
        if before is Status.UNDER_WAY or (
            before is not Status.DONE and evidence.status in (Status.DONE, Status.UNDER_WAY)
        ):
            evidence.status, evidence.bare = before, False
        effect = self._effect(verb)
        if (
            effect is not None
            and effect.status is not None
            and effect.name != "going on"
            and not tree.lower[verb].startswith("agree")
        ):
            negated = evidence.status is Status.DENIED
            evidence.bare, evidence.status = True, Status.DONE
            evidence.certainty = abs(evidence.certainty)
            evidence.apply(effect, negated, [*self.negation(verb), verb])
        self._climb(verb, evidence, around)

    def _through_noun(self, noun: int, below: int, evidence: Evidence, around: list[Attribution]) -> None:
        """Goes on from a noun: a plan to supply, an accusation of it, the strikes that somebody called for.

        Args:
            noun: where to go on from.
            below: the clause or noun that it governs; -1 if it names the act itself.
            evidence: what is known so far.
            around: the attributions whose stances are still to be taken in.
        """
        tree, told = self.tree, False
        for _ in range(STEPS):
            if evidence.settled:
                return
            if below >= 0:
                self._take_noun(noun, below, evidence, around)
                told = told or self._effect(noun) is not None
            head, relation = tree.heads[noun], tree.relations[noun]
            if head < 0:
                return
            if relation == "conj" and not tree.is_verb(head):
                noun, below = head, -1
            elif relation in ("nmod", "appos", "compound", "conj") and not tree.is_verb(head):
                if "quantity" not in tree.classes(head) and self._effect(head) is None:
                    if not told:  # what a claim says stays a claim, whatever the claim is part of
                        evidence.grant()
                    return
                noun, below = head, noun if self._effect(head) is not None else -1
                evidence.bare = evidence.bare or below >= 0
            else:
                self._take_argument(noun, head, relation, evidence, around, told=told)
                return

    def _take_noun(self, noun: int, below: int, evidence: Evidence, around: list[Attribution]) -> None:
        """Takes in a noun that governs the act: accusations, a plan; one that says nothing makes it a purpose."""
        effect, cued = self._effect(noun), self._cue_among(noun, around)
        emptied = [child for child in self.tree.children[noun] if child < noun and self.empties(child)]
        if cued is not None:
            around.remove(cued)
            self._apply_stance(cued, evidence)
        elif effect is not None:
            evidence.apply(effect, bool(emptied), [*emptied, noun])
            if emptied and effect.status is None:
                evidence.apply(effects()["denied"], False, emptied)
        elif evidence.bare and self.tree.mark(below) == "to":
            evidence.apply(effects()["purpose"], False, [below])
        else:
            evidence.grant()

    def _take_argument(
        self, noun: int, head: int, relation: str, evidence: Evidence, around: list[Attribution], *, told: bool
    ) -> None:
        """Takes in the verb or adjective that an event noun is an argument of."""
        tree = self.tree
        effect = self._effect(head)
        active = relation == "nsubj" and tree.is_verb(head) and not self.clauses.is_passive(head)
        if active:
            speaks = effect is not None and effect.name in ("going on", "begun", "ended", "happen")
        elif relation == "obl":
            speaks = effect is not None and tree.prepositions(noun)[-1:] in _ABOUT
            speaks = speaks and (effect is None or effect.status is not None or effect.name == "happen")
        else:
            speaks = effect is not None and relation in ("obj", "nsubj", "xcomp", "ccomp")
        shares = relation in ("obj", "nsubj") and not self.is_definite(noun) and (not active or tree.exists(head))
        verdicts = [
            child for child in tree.children[head] if self._effect(child) is effects()["denied"] and child != noun
        ]
        if told and verdicts:
            evidence.apply(effects()["denied"], False, verdicts[:1])  # called the reports a lie
        if not speaks and not told and not shares:
            self._discount(head, evidence)
            evidence.grant()
        if not speaks and (told or evidence.settled):
            return
        evidence.bare = not tree.lower[head].startswith("agree")
        self._govern(head, evidence, around, below=noun)
        self._climb(head, evidence, around)

    def _discount(self, head: int, evidence: Evidence) -> None:
        """Makes an event less certain that is taken for granted where its whole clause is not certain."""
        own = Evidence()
        if self.tree.is_verb(head):
            self._own(head, own)
        if own.bare or own.future or own.status in (Status.CONSIDERED, Status.SOUGHT):
            evidence.certainty *= 0.8

    def is_definite(self, noun: int) -> bool:
        """Whether a noun is taken to be known: the strikes, their strikes; others share what governs them."""
        tree = self.tree
        return any(
            child < noun and (tree.full[child] == "nmod:poss" or tree.lower[child] in _DEFINITE)
            for child in tree.children[noun]
        )

    # ---- attributions

    def _apply_stance(self, attribution: Attribution, evidence: Evidence) -> None:
        """Takes in the stance of a teller; behind one who is named, no other decides."""
        if attribution.voice is Voice.PUBLISHER or evidence.settled:
            return
        cue = [word for span in attribution.cue for word in self.tree.within(span)]
        lexical = next((effect for word in cue if (effect := self._effect(word)) is not None), None)
        if lexical is not None and lexical.name in _NO_TELLER:
            return
        stance = _STANCES[attribution.stance]
        if lexical is not None and lexical.name == "denied":
            stance = "denied"  # refused to supply
        if stance in _BY_CUE and (lexical is None or lexical.name in ("report", "know")):
            stance = "report"  # `said`: the words said tell of the act, not what they amount to
        effect, negated = effects()[stance], False
        if effect.status is None and lexical is not None and lexical.status is not None:
            effect, negated = lexical, any(self.tree.lower[word] in _NEGATIONS for word in cue)
        evidence.apply(effect, negated, cue)
        evidence.settled = bool(attribution.source)


_DEFINITE = frozenset("the this that these those its their his her our".split())
_ABOUT = (["for"], ["of"], ["about"], ["against"], ["from"], ["to"], ["with"])


def _size(attribution: Attribution) -> int:
    return sum(span.end - span.start for span in attribution.content)
