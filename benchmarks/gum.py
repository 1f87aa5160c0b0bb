"""GUM (Zeldes 2017): documents of several genres with Universal Dependencies; its own split into parts.

Needs the labelled data, see ONRECORD_CORPORA.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polnear import corpora_folder
from onrecord.reader import Reader
from onrecord.reader.syntax import Syntax


@dataclass(frozen=True, slots=True)
class Treebanked:
    """One document: its text and its gold trees."""

    name: str
    text: str
    syntax: Syntax


def decode_conllu(name: str, lines: Sequence[str]) -> Treebanked:
    """Puts a document together again: one line a sentence, an empty line where a paragraph begins."""
    parts: list[str] = []
    length = cursor = first = 0
    opens = False
    starts: list[int] = []
    ends: list[int] = []
    heads: list[int] = []
    relations: list[str] = []
    tags: list[str] = []
    for line in lines:
        if line.startswith("# newpar"):
            opens = True
        elif line.startswith("# text = "):
            gap = "" if not parts else "\n\n" if opens else " "
            parts.append(gap + line.removeprefix("# text = "))
            cursor = length + len(gap)
            length += len(parts[-1])
            first, opens = len(starts), False
        elif line[:1].isdigit():
            number, form, _, _, tag, _, head, relation, *_ = line.split("\t")
            if not number.isdigit():
                continue  # a word as printed that is two words (don't), or an empty node
            at = parts[-1].index(form, cursor - length + len(parts[-1])) + length - len(parts[-1])
            starts.append(at)
            ends.append(at + len(form))
            heads.append(first + int(head) - 1 if head != "0" else -1)
            relations.append(relation)
            tags.append(tag)
            cursor = at + len(form)
    syntax = Syntax(tuple(starts), tuple(ends), tuple(heads), tuple(relations), tuple(tags))
    return Treebanked(name, "".join(parts), syntax)


def load_gum(part: str, folder: Path | None = None) -> Iterator[Treebanked]:
    """Loads the documents of ``train`` or of ``dev``, by the corpus' own lists, sorted by name.

    Raises:
        FileNotFoundError: the corpus is not there; the message says where it was looked for.
    """
    root = (folder or corpora_folder()) / "gum"
    try:
        lists = (root / "splits.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(f"{root}: GUM is not there; set ONRECORD_CORPORA to the folder above it") from None
    named: dict[str, str] = {}
    chosen = ""
    for line in lists.splitlines():
        if heading := re.match(r"#+\s*(train|dev|test\d?)\b", line):
            chosen = heading[1]
        elif document := re.match(r"\s*\*\s*(GUM_\w+)", line):
            named[document[1]] = chosen
    for path in sorted((root / "dep").glob("*.conllu")):
        if named.get(path.stem) == part:
            yield decode_conllu(path.stem, path.read_text(encoding="utf-8").splitlines())


def measure(reader: Reader | None = None) -> dict[str, float]:
    """Tags, heads, and heads with their relation that are right, of the words of the development documents.

    Marks of punctuation are left out. A word is right only if one of ours begins where it does; sentences are ours.

    Raises:
        FileNotFoundError: the corpus is not there.
    """
    reader = reader or Reader()
    counts: Counter[str] = Counter()
    for document in load_gum("dev"):
        gold, ours = document.syntax, reader.parse(document.text)
        places = {start: word for word, start in enumerate(ours.starts)}
        for word, (head, relation) in enumerate(zip(gold.heads, gold.relations, strict=True)):
            if relation == "punct":
                continue
            at = places.get(gold.starts[word], -1)
            is_right = at >= 0 and (
                (head < 0 and ours.heads[at] < 0)
                or (head >= 0 and ours.heads[at] >= 0 and ours.starts[ours.heads[at]] == gold.starts[head])
            )
            counts.update(words=1, tags=at >= 0 and ours.tags[at] == gold.tags[word], heads=is_right)
            counts["labelled"] += is_right and ours.relations[at] == relation
    return {name: counts[name] / counts["words"] for name in ("tags", "heads", "labelled")}
