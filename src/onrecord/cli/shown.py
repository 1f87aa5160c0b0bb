"""What the ledger holds, in lines for a terminal."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from typing import TYPE_CHECKING

from onrecord.cli.terminal import WIDEST, counted, one_line
from onrecord.errors import NotFound

if TYPE_CHECKING:
    from onrecord.ledger import Ledger
    from onrecord.model import Added, Attribution, Changes, Claim, Decision, Entry, KnownParty, Question, Reading

_ID = re.compile("[0-9a-f]{16}")

# Words that name or attribute a saying, by how they begin; with the stance that they most often have, if one.
_SAYING = {
    "deny": "deny",
    "deni": "deny",
    "admi": "admit",
    "conced": "admit",
    "confirm": "confirm",
    "reject": "reject",
    "dismiss": "reject",
    "condemn": "condemn",
    "accus": "accuse",
    "alleg": "accuse",
    "fear": "fear",
    "doubt": "doubt",
    "promis": "promise",
    "vow": "promise",
    "assess": "assess",
    "assert": "assert",
    "declin": "decline",
    "call": "call-for",
    "demand": "call-for",
    "urg": "call-for",
    "report": "report",
    "said": "",
    "say": "",
    "told": "",
    "tell": "",
    "claim": "",
}


class Names:
    """What the parties of a ledger are called; each is looked up once."""

    def __init__(self, held: Ledger) -> None:
        self._held = held
        self._claims: dict[str, str] = {}
        self.of = functools.cache(self._of)

    def _of(self, identity: str) -> str:
        """A party with its name: ``Merrow (32ca…)``; whatever else it is as it is."""
        with_name = self.known(identity)
        return f"{with_name.name} ({identity})" if with_name else identity

    def known(self, identity: str) -> KnownParty | None:
        """A party as it was before anything was merged; None if that is the id of none."""
        if not _ID.fullmatch(identity):
            return None
        try:
            return self._held.get_party(identity)[0]
        except NotFound:
            return None

    @functools.cached_property
    def _merged(self) -> dict[str, KnownParty]:
        merged = dict.fromkeys(one.subject for one in self._held.find_decisions() if one.kind == "merge")
        return {identity: self._held.find_parties(identity)[0] for identity in merged}

    def now(self, identity: str) -> KnownParty | None:
        """What a party was merged into; None if it was not."""
        party = self._merged.get(identity)
        return party if party and party.id != identity else None

    def claim_of(self, decision: Decision) -> str:
        """The id of the claim that an act or a figure, which was corrected, is in; empty if that cannot be told."""
        if decision.field.partition(".")[0] not in ("act", "figure"):
            return ""
        if decision.subject not in self._claims:
            self._claims[decision.subject] = self._find_claim(decision)
        return self._claims[decision.subject]

    def _find_claim(self, decision: Decision) -> str:
        try:
            reading = self._held.get_entry(decision.document).reading
        except NotFound:
            return ""
        for act in reading.acts:
            if act.id == decision.subject:
                return act.claim or ""
        holding = [
            claim.id
            for claim in reading.attributions
            if all(any(piece.covers(word) for piece in claim.content) for word in decision.words)
        ]
        return holding[0] if len(holding) == 1 and decision.field.startswith("figure.") else ""


def added_line(added: Added, reading: Reading) -> str:
    """What became of a report that was added."""
    title = reading.document.title or reading.document.url if reading.document else ""
    count = sum(1 for claim in reading.attributions if claim.voice == "party")
    what = counted(count, "claims")
    if changes := added.changes:
        now = len(changes.same) + len(changes.changed) + len(changes.appeared)
        what += f"; {'with the report’s own: ' if now != count else ''}{told(changes)}"
    if added.left_behind:
        several = ", ".join(f"{one.kind} {one.id}" for one in added.left_behind)
        what += f"; does not go over from before: {several}"
    return f"{added.document}  {added.outcome:<10}  {one_line(title)[: WIDEST - 30]}  ({what})"


def told(changes: Changes) -> str:
    """How many claims appeared, vanished, changed and stayed."""
    counts = {
        "appeared": len(changes.appeared),
        "vanished": len(changes.vanished),
        "changed": len(changes.changed),
        "as before": len(changes.same),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "no claims"


def claim_lines(claim: Claim) -> list[str]:
    """A claim in a few lines: what it is, who says it, the words, and where they stand."""
    attribution, document = claim.attribution, claim.document
    said = attribution.said_on or (f"by {document.published[:10]}" if document.published else "no date")
    stance = attribution.stance.replace("_", " ")
    source = one_line(claim.source) or "(nobody named)"
    who = [source] if claim.party is None or claim.party.name == source else [source, f"= {one_line(claim.party.name)}"]
    if claim.speaks_for and claim.speaks_for.body not in who[-1]:
        who.append(f"for {one_line(claim.speaks_for.body)}")
    lines = [f"{claim.id}  {said}  {stance}  {' '.join(who)}{'' if claim.is_current else '  (no longer counts)'}"]
    lines.append(f"    {one_line(claim.content)}")
    where = [one_line(document.publisher or document.url or document.title), document.published[:10]]
    where += dict.fromkeys(f"{act.type} {act.status}" for act in claim.acts)
    lines.append(f"    {' · '.join(filter(None, where))}")
    lines += _both_sides(claim)
    return lines


def _both_sides(claim: Claim) -> list[str]:
    """What a claim is about, and what answers it: an accusation is not shown without its denial."""
    text = claim.document.text
    lines = []
    for other in claim.entry.reading.attributions:
        is_on = other.id == claim.attribution.about
        if is_on or other.about == claim.id:
            source = one_line(" ".join(span.of(text) for span in other.source)) or "(nobody named)"
            words = one_line(" […] ".join(span.of(text) for span in other.content))
            lines.append(f"    {'on' if is_on else 'answered by'} {other.id}  {other.stance}  {source}: {words}")
    return lines


def show_claim(held: Ledger, claim: Claim) -> list[str]:
    """A claim in full: its fields, its sentence, what it stands in, its document, run and history."""
    from onrecord.model import figure_id

    lines = [f"claim {claim.id}{'' if claim.is_current else '  (no longer counts)'}"]
    if successor := held.find_successor(claim):
        lines.append(f"  in what counts now: {successor}")
    attribution, document, entry = claim.attribution, claim.document, claim.entry
    rows: list[tuple[str, str]] = [
        ("source", claim.source or "nobody is named"),
        ("party", f"{claim.party.name} ({claim.party.id})" if claim.party else "no name"),
        ("speaks for", claim.speaks_for.body if claim.speaks_for else ""),
        ("cue", claim.cue),
        ("says", claim.content),
        ("stance", f"{attribution.stance}{_because(attribution.stance_reason)}"),
        ("said on", f"{attribution.said_on or 'not told'}{_because(attribution.said_on_reason)}"),
        ("score", f"{attribution.score:.2f} ({attribution.kind})"),
    ]
    for number, act in enumerate(claim.acts, 1):
        rows.append((f"act.{number}", f"{act.type} ({act.kind}), {act.status}: {act.words.of(document.text)}"))
    for number, figure in enumerate(claim.figures, 1):
        bounds = f"low {_plain(figure.low)}, high {_plain(figure.high)}, {figure.modifier}"
        unit = figure.unit or (figure.counted.of(document.text) if figure.counted else "")
        rows.append((f"figure.{number}", f"{figure.span.of(document.text)}: {bounds}{f', {unit}' if unit else ''}"))
    lines += [f"  {name:<10}  {one_line(value)}" for name, value in rows if value]
    lines += ["", "in its words", *_context_lines(claim)]
    if sides := _both_sides(claim):
        lines += ["", "both sides", *(line[2:] for line in sides)]
    lines += ["", "inside", *_chain_lines(claim)] if attribution.parent else []
    lines += ["", f"document {document.id}", f"  {one_line(document.title or document.url)}"]
    lines.append(f"  {' · '.join(map(one_line, filter(None, (document.publisher, document.published, document.url))))}")
    run = entry.reading.run
    lines += [
        "",
        f"reading {entry.id}",
        f"  onrecord {run.version} · model {run.model} · recorded {entry.at} by {entry.who}",
    ]
    if run.settings:
        lines.append(f"  settings: {one_line(', '.join(run.settings))}")
    lines += ["", "what happened to it"]
    lines += [
        f"  {change.at}  {change.what}, by {one_line(change.who)} ({change.by})"
        for change in held.find_history(claim.id)
    ]
    subjects = {claim.id, *(act.id for act in claim.acts)}
    subjects |= {figure_id(document.id, figure.span) for figure in claim.figures}
    applied = {one.id for subject in subjects for one in entry.corrected.get(subject, ()) if one.subject != claim.id}
    names = Names(held)
    lines += [line for one in entry.decisions if one.id in applied for line in decision_lines(one, names)]
    return lines


def _because(reason: str) -> str:
    return f" — {reason}" if reason else ""


def _plain(value: float | None) -> str:
    return "open" if value is None else f"{value:,g}"


def _context_lines(claim: Claim) -> list[str]:
    """The sentences that a claim stands in, with its words in brackets."""
    from onrecord.text import find_sentences

    attribution, text = claim.attribution, claim.document.text
    spans = [*attribution.source, *attribution.cue, *attribution.content]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    sentences = [span for span in find_sentences(text) if span.start < last and first < span.end]
    begin = min((span.start for span in sentences), default=first)
    end = max((span.end for span in sentences), default=last)
    signs = []
    for several, (opens, closes) in ((attribution.source, "{}"), (attribution.cue, "<>"), (attribution.content, "[]")):
        signs += [(span.start, 1, opens) for span in several] + [(span.end, 0, closes) for span in several]
    marked, at = [], begin
    for place, _, sign in sorted(signs):
        marked += [text[at:place], sign]
        at = place
    marked.append(text[at:end])
    return [f"  {one_line(''.join(marked))}"]


def _chain_lines(claim: Claim) -> list[str]:
    claims = {one.id: one for one in claim.entry.reading.attributions}
    lines, parent, text = [], claim.attribution.parent, claim.document.text
    while parent in claims:
        outer = claims[parent]
        source = " ".join(span.of(text) for span in outer.source) or "(nobody named)"
        cue = " ".join(span.of(text) for span in outer.cue)
        lines.append(f"  {outer.id}  {one_line(source)} — {one_line(cue)}")
        parent = outer.parent
    return lines


def show_party(held: Ledger, identity: str) -> list[str]:
    """A party, what it is called, and where its claims are."""
    party, names = held.get_party(identity)
    lines = [
        f"party {party.id}",
        f"  {one_line(party.name)} · {party.kind}{f' · {party.country}' if party.country else ''}",
    ]
    lines.append(f"  called: {one_line(', '.join(names))}")
    (now,) = held.find_parties(identity)
    if now.id != party.id:
        lines.append(f"  merged into {one_line(now.name)} ({now.id})")
    lines.append(f"  its claims: onrecord claims --party {party.id}")
    return lines


def concerns_party(decision: Decision, identity: str) -> bool:
    """Whether a decision is about a party, or says of something else that it is it, or speaks for it."""
    from onrecord.codec.exchange.shared import body_id

    if decision.kind == "split" or decision.field == "claim.party":  # a name, that of a new party
        return identity in (decision.subject, decision.value, body_id(decision.value))
    return identity in (decision.subject, decision.value)


def show_document(held: Ledger, entry: Entry) -> list[str]:
    """A reading of a document: where it comes from, its versions, its claims."""
    document, run = entry.reading.document, entry.reading.run
    if document is None:
        return [f"reading {entry.id}", *(f"  {one_line(f'{one.where}: {one.what}')}" for one in entry.reading.failures)]
    facts = (document.publisher, document.published, f"by {document.byline}" if document.byline else "", document.url)
    lines = [
        f"document {document.id}",
        f"  {one_line(document.title)}" if document.title else "  (no title)",
        f"  {' · '.join(map(one_line, filter(None, facts)))}",
        f"  {counted(len(entry.reading.attributions), 'claims')} · reading {entry.id} · onrecord {run.version}"
        f" · model {run.model}",
        f"  recorded {entry.at} by {one_line(entry.who)}{'' if entry.is_current else ' · does not count now'}",
    ]
    versions = held.find_versions(document.id)
    if len(versions) > 1:
        lines.append("versions of its page")
        lines += [f"  {one}  {at}{'  (this one)' if one == document.id else ''}" for one, at in versions]
    if entry.revises:
        lines.append(f"against {entry.revises}: {told(held.compare_versions(entry.revises, document.id))}")
        lines.append(f"  in words: onrecord diff {entry.revises} {document.id}")
    lines.append("claims")
    text = document.text
    for claim in entry.reading.attributions:
        source = " ".join(span.of(text) for span in claim.source) or (
            "(the publisher)" if claim.voice == "publisher" else "(nobody named)"
        )
        content = one_line(" […] ".join(span.of(text) for span in claim.content))
        lines.append(f"  {claim.id}  {claim.stance}  {one_line(source)}: {content[:WIDEST]}")
    return lines


def decision_lines(decision: Decision, names: Names, *, is_undone: bool = False) -> list[str]:
    """What somebody decided, when and why."""
    what, value = f"{decision.kind} {names.of(decision.subject)}", names.of(decision.value)
    if decision.kind == "merge":
        what += f" into {value}"
    elif decision.kind == "speaks":
        what += f" for {value}"
    elif decision.kind == "split":
        what += f" off as {value} in document {decision.document}"
    elif claim := names.claim_of(decision):
        what += f" in claim {claim}"
    becomes = f"{decision.field} becomes {value or 'nothing'}" if decision.field else ""
    parts = (what, becomes, f"“{decision.why}”")
    undone = "  (undone)" if is_undone else ""
    return [
        f"decision {decision.id}  {decision.at}  {one_line(decision.who)}{undone}",
        f"  {one_line(' · '.join(filter(None, parts)))}",
    ]


def decision_json(decision: Decision, *, is_undone: bool) -> str:
    """A decision in a line of JSON: as the native export has it, and whether it was undone."""
    from onrecord.codec import encode_decision
    from onrecord.codec.exchange.shared import encode_json

    return encode_json(json.loads(encode_decision(decision)) | {"is_undone": is_undone}).decode()


def party_line(party: KnownParty, names: Names) -> str:
    """A party in a line of a list."""
    now = names.now(party.id)
    merged = f"merged into {one_line(now.name)} ({now.id})" if now else ""
    facts = (one_line(party.name), party.kind, party.country, merged)
    return f"{party.id}  {' · '.join(filter(None, facts))}"


def party_json(party: KnownParty) -> str:
    """A party in a line of JSON."""
    return json.dumps(dataclasses.asdict(party), ensure_ascii=False)


def document_json(entry: Entry) -> str:
    """What a document is and where it comes from, in a line of JSON."""
    document = entry.reading.document
    facts = {name: getattr(document, name) for name in ("id", "title", "publisher", "published", "url")}
    return json.dumps({**facts, "recorded": entry.at, "is_current": entry.is_current}, ensure_ascii=False)


def document_lines(entry: Entry) -> list[str]:
    """A document in a list: what it is, and where it comes from."""
    document = entry.reading.document
    if document is None:
        return []
    facts = (document.publisher, document.published[:10], document.url)
    counts = "" if entry.is_current else "  (does not count now)"
    return [
        f"{document.id}  {one_line(document.title) or '(no title)'}{counts}",
        f"    {' · '.join(map(one_line, filter(None, facts)))}",
    ]


def diff_lines(one: Entry, other: Entry, changes: Changes) -> list[str]:
    """What became of the claims of one reading in another, of the same document or another version of its page."""
    former, latter = ({claim.id: claim for claim in entry.reading.attributions} for entry in (one, other))
    document = other.reading.document or one.reading.document
    lines = [one_line(document.title or document.url)] if document else []

    def line(sign: str, claim: Attribution, entry: Entry) -> str:
        text = entry.reading.document.text if entry.reading.document else ""
        source = " ".join(span.of(text) for span in claim.source) or "(nobody named)"
        content = one_line(" […] ".join(span.of(text) for span in claim.content))
        return f"  {sign} {claim.id}  {claim.stance}  {one_line(source)}: {content[:WIDEST]}"

    lines += [line("-", former[vanished], one) for vanished in changes.vanished]
    lines += [line("+", latter[appeared], other) for appeared in changes.appeared]
    for old, new in changes.changed:
        lines += [line("<", former[old], one), line(">", latter[new], other)]
        lines.append(f"      {'; '.join(_differences((former[old], one), (latter[new], other))) or 'other words'}")
    return lines


def _differences(*sides: tuple[Attribution, Entry]) -> list[str]:
    """In what two claims differ, but for their words: ``stance: deny → admit``."""
    one, other = (_respects(claim, entry) for claim, entry in sides)
    differ = [name for name in one if one[name] != other[name]]
    if "act" in differ and "event" in differ:  # the act says it already
        differ.remove("event")
    return [f"{name}: {one[name]} → {other[name]}" for name in differ]


def _respects(claim: Attribution, entry: Entry) -> dict[str, str]:
    """What a claim can be asked for, in words."""
    reading = entry.reading
    text = reading.document.text if reading.document else ""
    party = next((party for party in reading.parties if party.id == claim.party), None)
    known = entry.parties.get(claim.party or "")
    name = party.name.of(text) if party and party.name else known.name if known else "nobody named"
    said = party.speaks_for if party else None
    acts = [act for act in reading.acts if act.claim == claim.id]
    return {
        "stance": claim.stance,
        "kind": claim.kind,
        "said on": claim.said_on or "not told",
        "party": one_line(name),
        "speaks for": one_line(said.body) if said else "nobody",
        "act": ", ".join(sorted(f"{act.type} {act.status}" for act in acts)) or "none",
        "event": ", ".join(sorted(act.kind for act in acts)) or "none",
    }


# --- why nothing is found --------------------------------------------------------------------------------------------


def find_hint(held: Ledger, question: Question) -> str:
    """Why nothing answers a question, in one line without a full stop; empty if there is nothing to say."""
    return held.find_hint(question) or _split_off(held, question) or _words_of_saying(question)


def _split_off(held: Ledger, question: Question) -> str:
    """Who the party that is asked for was said to be in some documents."""
    if not question.party:
        return ""
    names = Names(held)
    asked, undone = {party.id for party in held.find_parties(question.party)}, held.find_undone()
    splits: dict[str, list[str]] = {}
    for one in held.find_decisions():
        now = names.now(one.subject)
        if one.kind == "split" and one.id not in undone and asked & {one.subject, now.id if now else ""}:
            splits.setdefault(one.value, []).append(one.document)
    several = ", ".join(f"{name!r} in {', '.join(documents)}" for name, documents in splits.items())
    return f"{question.party!r} was split: it is {several}" if several else ""


def _words_of_saying(question: Question) -> str:
    for word, star in re.findall(r"([^\W_]+)(\*?)", question.words.casefold()):
        for begins, stance in _SAYING.items():
            if word.startswith(begins) or (star and len(word) > 2 and begins.startswith(word)):
                ask = f": ask --stance {stance}" if stance and not question.stance else ""
                return f"words are looked for in what is claimed, not in who says it or how{ask}"
    return ""
