"""Loads the golden readings that stand beside this file; README.md says how they were made and what they mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.examples import REPORTS
from onrecord.model import Kind, Reason, Span

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class GoldenAttribution:
    name: str
    kind: Kind
    parent: str | None
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldenCut:
    reason: Reason | None  # None where more than one reason would do
    words: str


@dataclass(frozen=True, slots=True)
class GoldenReading:
    name: str
    report: Path
    number: int  # which document of the report: a feed holds several
    text: str
    document: dict[str, str]
    cuts: tuple[GoldenCut, ...]
    attributions: tuple[GoldenAttribution, ...]  # empty where nobody has annotated the report
    publisher_voice: tuple[Span, ...]


def get_span(text: str, selector: dict[str, str]) -> Span:
    """The one place in `text` that a quote-with-context selector fits; ValueError if it fits none, or several."""
    prefix, exact = selector.get("prefix", ""), selector["exact"]
    whole = prefix + exact + selector.get("suffix", "")
    if text.count(whole) != 1:
        raise ValueError(f"{selector} fits {text.count(whole)} places")
    start = text.index(whole) + len(prefix)
    return Span(start, start + len(exact))


def load_golden(path: Path) -> GoldenReading:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    text = (FOLDER / record["text"]).read_text(encoding="utf-8")

    def spans(selectors: list[dict[str, str]]) -> tuple[Span, ...]:
        return tuple(get_span(text, selector) for selector in selectors)

    return GoldenReading(
        name=path.stem,
        report=REPORTS / record["report"],
        number=record.get("number", 1),
        text=text,
        document=record["document"],
        cuts=tuple(GoldenCut(Reason(cut["reason"]) if cut["reason"] else None, cut["exact"]) for cut in record["cuts"]),
        attributions=tuple(
            GoldenAttribution(
                name=row["name"],
                kind=Kind(row["kind"]),
                parent=row["parent"],
                source=spans(row["source"]),
                cue=spans(row["cue"]),
                content=spans(row["content"]),
                optional=row.get("optional", False),
            )
            for row in record.get("attributions", [])
        ),
        publisher_voice=spans(record.get("publisher_voice", [])),
    )


def find_golden() -> list[GoldenReading]:
    """Every golden reading, in the order of the story."""
    return [load_golden(path) for path in sorted(FOLDER.glob("*.json"))]
