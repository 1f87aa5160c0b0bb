"""What the ledger holds, in lines for a terminal."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from onrecord.cli.terminal import WIDEST, counted, one_line

if TYPE_CHECKING:
    from onrecord.ledger import Ledger
    from onrecord.model import Added, Attribution, Changes, Claim, Decision, Entry, KnownParty, Reading


def added_line(added: Added, reading: Reading) -> str:
    """What became of a report that was added."""
    title = reading.document.title or reading.document.url if reading.document else ""
    count = sum(1 for claim in reading.attributions if claim.voice == "party")
    what = counted(count, "claims")
    if added.changes:
        what += f"; {told(added.changes)}"
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
    where += [f"{act.type} {act.status}" for act in claim.acts]
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
    lines += [line for one in entry.decisions if one.id in applied for line in decision_lines(one)]
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


def decision_lines(decision: Decision, *, is_undone: bool = False) -> list[str]:
    """What somebody decided, when and why."""
    what = f"{decision.field} becomes {decision.value or 'nothing'}" if decision.field else decision.value
    parts = (f"{decision.kind} {decision.subject}", what, f"“{decision.why}”")
    undone = "  (undone)" if is_undone else ""
    return [
        f"decision {decision.id}  {decision.at}  {one_line(decision.who)}{undone}",
        f"  {one_line(' · '.join(filter(None, parts)))}",
    ]


def party_line(party: KnownParty) -> str:
    """A party in a line of a list."""
    return f"{party.id}  {one_line(party.name)} · {party.kind}{f' · {party.country}' if party.country else ''}"


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
    return lines
