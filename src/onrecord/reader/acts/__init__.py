"""Acts: who did, does or means to do what to whom, with what, when, where, in the words of whoever tells of it.

Rules and tables only. ``acts.tsv`` has the words that name acts, ``roles.tsv`` the places in which their roles stand,
and ``words.tsv`` says what is a weapon, a building, a sanction: most words of acts name other things as well (`struck a
deal`, `fired the minister`), and count only where what stands in their places fits. The grammar comes from the
document's trees (``mending.py``, ``trees.py``, ``clauses.py``), status and factuality from the words that govern an act
(``status.py``), time, place, authority, grounds and exchange from what surrounds it (``circumstances.py``,
``exchanges.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from onrecord.model import Act, ActType, Attribution, Figure, Name, Party, Place, Span, Status, Voice, When, act_id
from onrecord.reader.acts.circumstances import find_authorities, find_grounds, is_banned, is_direct, spans_by_center
from onrecord.reader.acts.clauses import Clauses, Frame
from onrecord.reader.acts.exchanges import is_given_back, link_exchanges
from onrecord.reader.acts.status import Evidence, Judge
from onrecord.reader.acts.trees import Tree
from onrecord.reader.acts.words import ROLES, Need, Trigger, effects, triggers
from onrecord.reader.parties.tables import named
from onrecord.reader.syntax import Syntax
from onrecord.text import find_sentences

_ANAPHORA = frozenset({"pronoun", "number", "quantity"})
_LOOK_BACK = 4
"""Acts before `them`, `none` or `sixty` among which the one is sought whose thing that is."""
_LOOK_AROUND = 8
"""Acts on either side of a law among which the one is sought that is done under it."""
_THINGS = frozenset({ActType.TRANSFER, ActType.ATTACK, ActType.INTERCEPTION})
_COUNTED = {
    ActType.TRANSFER: frozenset({"arms"}),
    ActType.ATTACK: frozenset({"flying"}),
    ActType.INTERCEPTION: frozenset({"flying"}),
    ActType.HARM: frozenset({"people"}),
}
"""What a bare number can count, by the type of the act."""
_WITHIN = 40
"""Words before a bare number among which the thing that it counts is sought."""
_GIVEN = frozenset({ActType.TRANSFER, ActType.SUPPORT})
_SITES = frozenset({"place", "settle", "building", "infrastructure"})
_NAMED_BY = frozenset({ActType.SANCTION, ActType.AGREEMENT})
"""Types whose nouns name the act before another noun, too: a sanctions package, a ceasefire deal."""
_HIT = frozenset({ActType.HARM, ActType.INTERCEPTION})
_TURNED = _HIT | _THINGS
"""Types whose verbs stand in headlines without their auxiliary: `85 missiles launched`, `Two killed`."""
_PARTITIVE = frozenset({"them", "whom"})
_OWN = frozenset("we i it he she they".split())


@dataclass(slots=True, eq=False)
class _Draft:
    """An act while it is being read; words are indices into the tree.

    Attributes:
        trigger: the line of the table.
        word: the verb or noun itself.
        words: all words that name it.
        center: the word whose clause it is: the verb, the noun, or the verb that carries the noun.
        roles: heads of what fills each role.
        span: from the first to the last of the words.
        spans: the phrases of the roles.
        counted: figures in them.
    """

    trigger: Trigger
    word: int
    words: list[int]
    center: int
    frame: Frame
    roles: dict[str, list[int]]
    span: Span
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    counted: dict[str, tuple[Span, ...]] = field(default_factory=dict)


_WHERE = frozenset("in at near on across over outside around inside throughout along off above".split())
"""Prepositions before the place of an act; `to Russia` and `from Iran` say who takes part."""


def find_acts(
    document_id: str,
    text: str,
    syntax: Syntax,
    attributions: Sequence[Attribution] = (),
    figures: Sequence[Figure] = (),
    times: Sequence[When] = (),
    names: Sequence[Name] = (),
    places: Sequence[Place] = (),
    parties: Sequence[Party] = (),
) -> tuple[Act, ...]:
    """The acts of a document, in order of the words that name them.

    Args:
        document_id: id of the document, part of each act's id.
        text: the document's text, to which all spans refer.
        syntax: its words and trees.
        attributions: with their stances, which tell whose claim an act is and how it is meant.
        figures: those that count an item, a target or a harm are named by their spans.
        times: likewise of when.
        names: they tell a weapon from a place and a nationality from any other adjective.
        places: likewise of where.
        parties: they tell whether who speaks of an act is who does it.
    """
    tree = Tree(text, syntax, names, [time.span for time in times])
    clauses = Clauses(tree)
    judge = Judge(clauses, attributions)
    sentences = [sentence.start for sentence in find_sentences(text)]
    reader = _Reader(clauses, judge, figures, sentences, parties)
    drafts = reader.find_drafts()
    centers = {word: draft.center for draft in drafts for word in (draft.word, draft.center)}
    # A length of time says nothing of when, unless the calendar tells.
    when = spans_by_center(tree, [time.span for time in times if time.edtf is not None], centers)
    where = spans_by_center(tree, [place.span for place in places], centers, _WHERE)
    acts, told = [], []
    for draft in drafts:
        evidence = judge.weigh(draft.word)
        news = evidence.moved and not evidence.granted and not judge.is_definite(draft.word)
        news = news or is_given_back(tree, draft.word)
        if any(draft.roles.values()) or draft.counted.get("self") or news:
            acts.append(reader.act_of(document_id, draft, evidence, when, where))
            told.append(draft)
    acts = reader.with_authority(acts, told)
    acts = _as_alleged(tree, acts, told)
    centers_by_id = {act.id: draft.center for act, draft in zip(acts, told, strict=True)}
    return link_exchanges(document_id, tree, acts, centers_by_id, reader.item_of)


def _as_alleged(tree: Tree, acts: Sequence[Act], drafts: Sequence[_Draft]) -> list[Act]:
    """The acts, with those that only the grounds of a sanction tell of as its allegations, and in its claim."""
    found = list(acts)
    effect, starts = effects()["alleged"], [act.words.start for act in acts]
    for sanction in acts:
        grounds = sanction.grounds
        if grounds is None:
            continue
        for at in range(bisect_left(starts, grounds.start), bisect_right(starts, grounds.end)):
            act, draft = found[at], drafts[at]
            lies = act.words.end <= grounds.end
            known = act.type not in _GIVEN and not draft.trigger.is_verb  # the war is nobody's allegation
            if not lies or known or act.type in _NAMED_BY or not is_direct(tree, draft.word, grounds):
                continue
            if act.status not in (Status.DENIED, Status.ALLEGED):
                act = replace(
                    act,
                    status=Status.ALLEGED,
                    reason=tree.quoted(tree.within(grounds).start),
                    factuality=_bounded(act.factuality * effect.certainty / 3.0),
                )
            own = {(span.start, span.end) for span in sanction.actor}
            if sanction.target and own & {(span.start, span.end) for span in act.actor}:
                act = replace(act, actor=sanction.target)  # sanctions on a firm for selling: the firm sells
            found[at] = replace(act, claim=act.claim or sanction.claim)
    return found


def find_factuality(
    text: str, syntax: Syntax, attributions: Sequence[Attribution], events: Sequence[Span]
) -> tuple[float | None, ...]:
    """How certain a text has it that some events take place, from -3 (certainly not) to 3 (certainly).

    Args:
        text: the text.
        syntax: its words and trees.
        attributions: with their stances.
        events: the words that name the events; of several words the first verb or noun counts.

    Returns:
        One number an event; None where no word of it is a verb or a noun.
    """
    tree = Tree(text, syntax)
    judge = Judge(Clauses(tree), attributions)
    found: list[float | None] = []
    for event in events:
        words = (word for word in tree.within(event) if tree.is_verb(word) or tree.tags[word].startswith("NN"))
        word = next(words, -1)
        found.append(_bounded(judge.weigh(word).certainty) if word >= 0 else None)
    return tuple(found)


def _around(starts: Sequence[int], offset: int) -> range:
    """The acts nearest to a place in the text, by their places in order."""
    at = bisect_left(starts, offset)
    return range(max(0, at - _LOOK_AROUND), min(len(starts), at + _LOOK_AROUND))


def _bounded(certainty: float) -> float:
    return round(max(-3.0, min(3.0, certainty)), 2)


class _Reader:
    """Reads the acts of one document."""

    __slots__ = ("_clauses", "_figures", "_judge", "_parties", "_sentences", "_starts", "_tree")

    def __init__(
        self,
        clauses: Clauses,
        judge: Judge,
        figures: Sequence[Figure],
        sentences: Sequence[int],
        parties: Sequence[Party],
    ) -> None:
        self._clauses, self._tree, self._judge = clauses, clauses.tree, judge
        self._parties = {party.id: party for party in parties}
        self._figures, self._starts = figures, [figure.span.start for figure in figures]
        self._sentences = sentences

    # ---- which words name an act

    def find_drafts(self) -> list[_Draft]:
        """The acts that the words of the text name, each once, in order."""
        verbs, nouns = triggers()
        tree = self._tree
        found: list[_Draft] = []
        for word in range(len(tree)):
            if tree.is_verb(word):
                rows = verbs.get(tree.lower[word], ())
            elif tree.tags[word].startswith("NN") or tree.lower[word] == "dead":
                rows = nouns.get(tree.lower[word], ())
            else:
                continue
            drafts = (self._draft(trigger, word, found) for trigger in rows)
            draft = next((draft for draft in drafts if draft is not None), None)
            if draft is not None and not (draft.trigger.type in _GIVEN and is_banned(tree, word)):
                found.append(draft)
        return list(_apart(tree, found))

    def _draft(self, trigger: Trigger, word: int, before: Sequence[_Draft]) -> _Draft | None:
        """The act that a word names by one line of the table; None if its needs are not met."""
        tree = self._tree
        if not tree.preceded(word, trigger.before):
            return None
        start = tree.starts[word] - len(trigger.before)
        if trigger.is_verb:
            rest = tree.follows(word, trigger.words[1:])
            if rest is None:
                return None
            words, center, frame = [word, *rest], word, self._clauses.frame(word)
            if rest and not frame.get("obj") and frame.get(tree.lower[rest[-1]]):
                # `hand over its jets`: the particle, taken for a preposition.
                frame = Frame(frame.passive, {**frame.slots, "obj": frame.get(tree.lower[rest[-1]])})
        else:
            if trigger.type not in _NAMED_BY and tree.relations[word] == "compound" and tree.heads[word] > word:
                return None  # attack drones
            carried = self._clauses.carrier(word)
            words, center, frame = [word], carried[0] if carried else word, self._clauses.event_frame(word)
        inside = range(tree.word_at(start), word)
        roles = {role: self._fillers(trigger, role, frame, inside) for role in ROLES}
        end = tree.ends[max(words)] if max(words) - word <= 2 else tree.ends[word]
        draft = _Draft(trigger, word, words, center, frame, roles, Span(start, end))
        if not all(self._is_met(draft, need, before) for need in trigger.needs):
            turned = self._clauses.turned(word) if trigger.is_verb and trigger.type in _TURNED else None
            if turned is None:
                return None
            draft.frame, draft.roles = turned, {role: self._fillers(trigger, role, turned, inside) for role in ROLES}
            if not draft.roles["target" if trigger.type in _HIT else "item"]:
                return None
            if not all(self._is_met(draft, need, before) for need in trigger.needs):
                return None
        self._settle_roles(draft, before)
        return draft

    def _fillers(self, trigger: Trigger, role: str, frame: Frame, inside: range) -> list[int]:
        """The heads in the first place of a role that is filled by what may stand there."""
        for place, kinds in trigger.roles[role]:
            heads = [
                head
                for head in frame.get(place)
                if head not in inside
                and (not kinds or kinds & self._tree.classes(head))
                and not is_given_back(self._tree, head)
            ]
            if heads:
                return heads
        return []

    def _is_met(self, draft: _Draft, need: Need, before: Sequence[_Draft]) -> bool:
        fillers = [word for place in need.places for word in draft.roles.get(place, draft.frame.get(place))]
        if need.sign == "?" and not fillers:
            return True
        if not need.classes:
            return not fillers
        if "*" in need.classes:
            return bool(fillers)
        joined = [word for filler in fillers for word in self._tree.conjuncts(filler)]
        found = frozenset[str]().union(*map(self._tree.classes, joined if need.sign != "!" else fillers))
        if need.sign == "!":
            return not found & need.classes
        if found & need.classes:
            return True
        # `We gave them drones, and we gave them before the war`: the thing that was spoken of last still is.
        refers = bool(found & _ANAPHORA) and not found - _ANAPHORA and draft.trigger.type in _THINGS
        return refers and any(earlier.trigger.type in _THINGS for earlier in before[-_LOOK_BACK:])

    # ---- roles

    def _settle_roles(self, draft: _Draft, before: Sequence[_Draft]) -> None:
        """Turns the heads of the roles into phrases, and finds the figures in them."""
        tree, roles = self._tree, draft.roles
        if draft.trigger.type is ActType.ATTACK:
            self._move_weapons(roles)
        if draft.trigger.type is ActType.HARM:
            roles["actor"] = [self._cause(head) for head in roles["actor"]]
        if draft.trigger.type is ActType.SANCTION:
            roles["actor"] = [head for head in roles["actor"] if tree.classes(head).isdisjoint(("measure",))]
        for role, heads in roles.items():
            spans: list[Span] = []
            counted: list[Span] = []
            for head in [joined for first in heads for joined in self._joined(first)]:
                span, figures = self._phrase(head, draft, role, before)
                spans.append(span)
                counted += figures
            draft.spans[role] = _disjoint(spans)
            draft.counted[role] = _disjoint(counted)
        if draft.trigger.type is ActType.SANCTION:  # nobody sanctions himself: rather nobody than the wrong one
            draft.spans["actor"] = tuple(
                span for span in draft.spans["actor"] if not any(map(span.overlaps, draft.spans["target"]))
            )
        if not draft.trigger.is_verb:
            draft.counted["self"] = tuple(self._figures_in(tree.phrase(draft.word)))

    def _joined(self, head: int) -> list[int]:
        """A phrase, what is joined to it, and what is joined to the thing it counts by a number of its own."""
        tree = self._tree
        found = tree.conjuncts(head)
        for thing in tree.things(head)[1:]:
            for child in tree.conjuncts(thing)[1:]:
                if child > head and any(tree.relations[at] == "nummod" for at in tree.children[child]):
                    found.append(child)  # 87 of the drones and four missiles
        return found

    def _move_weapons(self, roles: dict[str, list[int]]) -> None:
        """Makes a weapon that acts (`Russian missiles hit`) what it is done with, and whose it is the actor."""
        tree = self._tree
        weapons = [head for head in roles["actor"] if self._is_weapon(head)]
        if weapons:
            roles["item"] = roles["item"] or weapons
            roles["actor"] = [head for head in roles["actor"] if head not in weapons]
        for head in roles["item"] if not roles["actor"] else ():
            frame = self._clauses.frame(tree.things(head)[-1])
            roles["actor"] = next(filter(None, map(frame.get, ("poss", "adj", "agent"))), [])

    def _cause(self, head: int) -> int:
        """Who or what does harm: no place, but the attack on it (`an attack near the border that killed two`)."""
        tree = self._tree
        if tree.classes(head) & _SITES and tree.relations[head] == "nmod":
            events = (at for at in tree.upwards(head) if "blast" in tree.classes(at) and tree.tags[at].startswith("NN"))
            return next(events, head)
        return head

    def _is_weapon(self, head: int) -> bool:
        """Whether an actor is a weapon, or a bare number: `the seven that got through hit a terminal`."""
        found = self._tree.classes(head)
        return ("arms" in found and "force" not in found) or ("number" in found and found <= _ANAPHORA)

    def _phrase(self, head: int, draft: _Draft, role: str, before: Sequence[_Draft]) -> tuple[Span, list[Span]]:
        """The phrase of a role without the number that counts it, and the figures that stand in it."""
        span, figures = self._without_number(head)
        alone = next((figure for figure in figures if figure.start <= span.start and span.end <= figure.end), None)
        is_sum = "money" in self._tree.classes(head)
        if (alone is not None and not is_sum) or self._tree.lower[head] == "none":
            span = self._counted_by(alone, span, draft, role, before)
        return span, figures

    def _without_number(self, head: int) -> tuple[Span, list[Span]]:
        """The phrase of a noun without the number that counts it, and the figures that stand in it."""
        tree = self._tree
        things = tree.things(head)
        span = tree.phrase(things[-1])
        figures = self._figures_in(
            Span(min(tree.phrase(things[0]).start, span.start), max(tree.phrase(things[0]).end, span.end))
        )
        for figure in figures:
            if figure.start <= span.start < figure.end < tree.ends[things[-1]]:
                rest = tree.within(Span(figure.end, span.end))
                if rest:
                    span = Span(tree.starts[rest.start], span.end)
        return span, figures

    def _counted_by(self, figure: Span | None, span: Span, draft: _Draft, role: str, before: Sequence[_Draft]) -> Span:
        """What a number that stands alone counts, if its sentence says so: of the 24 drones, 17 were downed."""
        sentence = self._sentence_of(span)
        if figure is not None:
            whole = self._figures[bisect_right(self._starts, figure.start) - 1]
            counted = whole.counted
            if counted is not None and self._sentence_of(counted) == sentence and not counted.overlaps(draft.span):
                return counted
        for earlier in reversed(before[-_LOOK_BACK:] if draft.trigger.type in _THINGS else ()):
            for known in ("item", "target"):
                said = earlier.spans.get(known, ())
                same = said and self._sentence_of(said[0]) == sentence and earlier.trigger.type in _THINGS
                if same and not any(other.overlaps(said[0]) for other in self._figures_in(said[0])):
                    return said[0]
        kinds = _COUNTED.get(draft.trigger.type, frozenset())
        first = self._tree.word_at(span.start)
        for word in range(first - 1, max(-1, first - _WITHIN), -1):
            if self._sentence_of(Span(self._tree.starts[word], self._tree.ends[word])) != sentence:
                break
            if self._tree.tags[word] == "NNS" and kinds & self._tree.classes(word):
                phrase = self._tree.phrase(word)
                if draft.trigger.type is not ActType.HARM:
                    return phrase
                if self._tree.lower[word - 2 : word - 1] == ["of"] and self._tree.lower[word - 1] in _PARTITIVE:
                    continue  # two of them children
                # `killing three people and wounding 60`: the 60 are not among the three.
                among = self._tree.lower[self._tree.word_at(phrase.start) - 1 : word][:1] == ["of"]
                return phrase if among or not self._figures_in(phrase) else span
        return span

    def _sentence_of(self, span: Span) -> int:
        return bisect_right(self._sentences, span.start)

    def _figures_in(self, span: Span) -> list[Span]:
        """The figures that a stretch of text shares a character with."""
        at = max(0, bisect_right(self._starts, span.start) - 1)
        found: list[Span] = []
        while at < len(self._figures) and self._starts[at] < span.end:
            before = self._tree.text[max(0, self._starts[at] - 4) : self._starts[at]].lower()
            if self._figures[at].span.overlaps(span) and before != "not ":
                found.append(self._figures[at].span)
            at += 1
        return found

    # ---- what is known of an act

    def act_of(
        self,
        document_id: str,
        draft: _Draft,
        evidence: Evidence,
        when: dict[int, tuple[Span, ...]],
        where: dict[int, tuple[Span, ...]],
    ) -> Act:
        """The record of an act."""
        tree, trigger = self._tree, draft.trigger
        around = self._judge.standing_in(draft.word)
        places = (
            ("item", "target", "self")
            if trigger.type in (ActType.TRANSFER, ActType.ATTACK)
            else ("target", "self", "item")
        )
        figures = next(filter(None, (draft.counted.get(place) for place in places)), ())
        status = self._status(draft, evidence, around)
        certainty = evidence.certainty
        if status is trigger.status and status is not evidence.status and status.value in effects():
            certainty *= effects()[status.value].certainty / 3.0  # promised tanks: not yet given
        return Act(
            id=act_id(document_id, draft.span),
            words=draft.span,
            type=trigger.type,
            kind=trigger.kind,
            mode=trigger.mode,
            status=status,
            reason=tree.quoted(*(evidence.words or [draft.word])),
            factuality=_bounded(certainty),
            actor=draft.spans["actor"],
            target=draft.spans["target"],
            item=draft.spans["item"],
            figures=figures,
            times=when.get(draft.center, ()),
            places=where.get(draft.center, ()),
            grounds=find_grounds(tree, {draft.center, draft.word}, draft.roles["target"])
            if trigger.type is ActType.SANCTION
            else None,
            claim=around[0].id if around else None,
        )

    def with_authority(self, acts: Sequence[Act], drafts: Sequence[_Draft]) -> list[Act]:
        """The acts with the law that they are done under: that of their clause, or of the sentence for a sanction."""
        found, starts = list(acts), [act.words.start for act in acts]
        for law in find_authorities(self._tree):
            sentence, inside = self._sentence_of(law), self._tree.within(law)
            near = [
                at
                for at in _around(starts, law.start)
                if any(head in inside for head in drafts[at].frame.get("under"))
                or (drafts[at].trigger.type is ActType.SANCTION and self._sentence_of(drafts[at].span) == sentence)
            ]
            sanctions = [at for at in near if drafts[at].trigger.type is ActType.SANCTION]
            best = min(sanctions or near, key=lambda at: abs(acts[at].words.start - law.start), default=-1)
            if best >= 0 and found[best].authority is None:
                found[best] = replace(found[best], authority=law)
        return found

    def item_of(self, head: int) -> tuple[Span, tuple[Span, ...]]:
        """The phrase of a thing without the number that counts it, and the figures in it."""
        span, figures = self._without_number(head)
        return span, _disjoint(figures)

    def _status(self, draft: _Draft, evidence: Evidence, around: Sequence[Attribution]) -> Status:
        """The status by the words around, the word itself, and whether who tells of it is who does it."""
        status = evidence.status
        if draft.trigger.status is not None and status in (Status.DONE, Status.UNDER_WAY):
            return draft.trigger.status
        if draft.trigger.type is ActType.SUPPORT and status is Status.DONE and self._is_present(draft.word):
            return Status.UNDER_WAY
        teller = next((attribution for attribution in around if attribution.voice is Voice.PARTY), None)
        if status is Status.PLANNED and evidence.future and teller is not None:
            return Status.PROMISED if self._is_own(draft, teller) else Status.CONSIDERED
        return status

    def _is_present(self, word: int) -> bool:
        """Whether a verb stands in the simple present: who supports somebody goes on doing so."""
        tree = self._tree
        return tree.tags[word] in ("VBP", "VBZ") and not any(tree.relations[c] == "aux" for c in tree.children[word])

    def _is_own(self, draft: _Draft, teller: Attribution) -> bool:
        """Whether whoever tells of an act is who does it: by a pronoun, a word in common, or for whom it speaks."""
        tree = self._tree
        source = {tree.lower[word] for span in teller.source for word in tree.within(span)}
        if source & {"its", "their"}:  # Aldane will send tanks, its minister said
            return bool(draft.roles["actor"])
        if any(tree.lower[head] in _OWN or tree.lower[head] in source for head in draft.roles["actor"]):
            return True
        party = self._parties.get(teller.party or "")
        if party is None:
            return False
        if any(mention.span.overlaps(span) for mention in party.mentions for span in draft.spans["actor"]):
            return True
        country = party.speaks_for.country if party.speaks_for is not None else ""
        words = [
            tree.text[tree.starts[at] : tree.ends[at]] for span in draft.spans["actor"] for at in tree.within(span)
        ]
        return bool(country) and country in _countries(words)


def _countries(words: Sequence[str]) -> set[str]:
    """The countries that some words name, by their codes."""
    lower = [word.lower() for word in words]
    return {
        entry.country
        for at, word in enumerate(lower)
        for entry in named().get(word, ())
        if entry.country and [part.lower() for part in entry.words] == lower[at : at + len(entry.words)]
    }


def _apart(tree: Tree, drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Leaves out what names an act a second time.

    A noun that a verb of the same type has as its object (gave support), a verb that only carries a noun (put on the
    sanctions list), and a word inside a longer name of an act.
    """
    objects = {
        (draft.trigger.type, thing)
        for draft in drafts
        if draft.trigger.is_verb
        for head in draft.frame.get("obj")
        for thing in tree.contents(head)
    }
    used = {word for _, word in objects if tree.lower[word] in ("use", "deployment")}
    kept = [
        draft
        for draft in drafts
        if draft.trigger.is_verb or ((draft.trigger.type, draft.word) not in objects and draft.word not in used)
    ]
    verbs = {draft.word for draft in kept if draft.trigger.is_verb}
    kept = [
        draft
        for draft in kept
        if draft.trigger.type not in _GIVEN or draft.center == draft.word or draft.center not in verbs
    ]
    carriers = {draft.center for draft in kept if draft.center != draft.word}
    governed = {draft.word for draft in kept}
    kept = [
        draft
        for draft in kept
        if draft.word not in carriers
        and not (draft.trigger.type is ActType.AGREEMENT and governed & set(draft.frame.get("xcomp")))
    ]
    harmed = {head for draft in kept if draft.trigger.is_verb for head in draft.roles["target"]}
    harmed |= {thing for head in harmed for thing in tree.things(head)}
    kept = [
        draft
        for draft in kept
        if draft.trigger.is_verb or draft.trigger.type is not ActType.HARM or not harmed & set(draft.roles["target"])
    ]
    end = -1
    for draft in sorted(kept, key=lambda draft: (draft.span.start, -draft.span.end)):
        if draft.span.start >= end:
            end = draft.span.end
            yield draft


def _disjoint(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order and apart; of two that overlap, the first."""
    apart: list[Span] = []
    for span in sorted(set(spans)):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return tuple(apart)
