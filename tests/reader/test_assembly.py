"""Candidates to records, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.model import Attribution, Document, Kind, Span, Voice
from onrecord.reader.assembly import Candidate, assemble, extend, find_parents, part_floating, select_laminar, tidied
from onrecord.reader.decoding import TAGS
from onrecord.reader.tokens import CASES, GAPS, QUOTED, Tokens
from onrecord.text import find_paragraphs


def candidate(
    cue: range, source: range, content: range, score: float = 0.9, depth: int = 0, **flags: bool
) -> Candidate:
    return Candidate(tuple(cue), tuple(source), tuple(content), depth, (0.0, 0.0, 0.0), score, **flags)


NONE = range(0)


def test_of_two_that_claim_the_same_content_the_better_stands() -> None:
    weak = candidate(range(2, 3), range(2), range(3, 9), 0.5)
    strong = candidate(range(4, 5), range(3, 4), range(5, 12), 0.8)
    assert select_laminar([weak, strong], [], 0.4) == [strong]


def test_an_attribution_inside_a_content_is_nested_in_the_smallest_that_holds_it() -> None:
    outer = candidate(range(1, 2), range(1), range(2, 20))
    middle = candidate(range(4, 5), range(3, 4), range(5, 20), depth=1)
    inner = candidate(range(8, 9), range(7, 8), range(9, 15), depth=2)
    kept = select_laminar([outer], [], 0.4)
    kept += select_laminar([middle], kept, 0.4)
    kept += select_laminar([inner], kept, 0.4)
    parents = find_parents(kept)
    named = {
        one.cue[0]: None if parent is None else kept[parent].cue[0] for one, parent in zip(kept, parents, strict=True)
    }
    assert named == {1: None, 4: 1, 8: 4}


def test_a_mere_guess_neither_holds_another_nor_is_held() -> None:
    strong = candidate(range(4, 5), range(3, 4), range(5, 12), 0.8)
    around = candidate(range(1, 2), NONE, range(2, 12), 0.2)
    inside = candidate(range(7, 8), NONE, range(8, 12), 0.2)
    assert select_laminar([strong, around, inside], [], 0.4) == [strong]
    assert len(select_laminar([strong, around, inside], [], 0.1)) == 3


def test_two_attributions_may_share_a_source() -> None:
    first = candidate(range(1, 2), range(1), range(2, 8))
    second = candidate(range(9, 10), range(1), range(10, 15))
    assert len(select_laminar([first, second], [], 0.4)) == 2


@pytest.mark.parametrize(("goes_on", "expected"), [(True, range(2, 7)), (False, range(2, 5))])
def test_a_content_that_its_window_cut_off_goes_on_to_where_the_tags_end_it(goes_on: bool, expected: range) -> None:
    tags = np.zeros((10, len(TAGS)), dtype=np.float32)
    tags[2, TAGS.index("B-content")] = 0.9
    tags[3:7, TAGS.index("I-content")] = 0.9
    (extended,) = extend([candidate(range(1, 2), NONE, range(2, 5), goes_on=goes_on)], tags)
    assert extended.content == tuple(expected)


def test_a_content_that_began_before_its_window_is_carried_back_to_its_beginning() -> None:
    tags = np.zeros((12, len(TAGS)), dtype=np.float32)
    tags[2, TAGS.index("B-content")] = 0.9
    tags[3:9, TAGS.index("I-content")] = 0.9
    (extended,) = extend([candidate(range(9, 10), NONE, range(6, 9), from_before=True)], tags)
    assert extended.content == tuple(range(2, 9))


def test_a_content_does_not_go_on_into_another_attribution() -> None:
    tags = np.zeros((12, len(TAGS)), dtype=np.float32)
    tags[2:12, TAGS.index("I-content")] = 0.9
    first = candidate(range(1, 2), NONE, range(2, 5), goes_on=True)
    second = candidate(range(8, 9), range(7, 8), range(9, 12))
    assert extend([first, second], tags)[0].content == tuple(range(2, 7))


def test_what_cannot_stand_with_an_outer_attribution_does_not_stand_at_all() -> None:
    outer = candidate(range(1, 2), range(1), range(2, 10))
    across = candidate(range(4, 5), NONE, range(5, 14), depth=1)
    assert select_laminar([across], [outer], 0.4) == []


def spans(text: str, *pieces: str) -> tuple[Span, ...]:
    return tuple(Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces)


def test_a_quotation_in_the_next_paragraph_is_a_claim_of_its_own() -> None:
    text = "“We sent none of them,” Lomas said. “Not one.”\n\n“And we will not send any of them later.”"
    content = spans(text, "“We sent none of them,”", "“Not one.”", "“And we will not send any of them later.”")
    assert part_floating(text, content, *spans(text, "said")) == [
        spans(text, "“We sent none of them,”", "“Not one.”"),
        spans(text, "“And we will not send any of them later.”"),
    ]


def test_a_quotation_left_open_goes_on_in_the_next_paragraph() -> None:
    text = "Lomas said: “We sent none of them to anyone.\n\n“And we will not send any of them later.”"
    content = spans(text, "“We sent none of them to anyone.", "“And we will not send any of them later.”")
    assert part_floating(text, content, *spans(text, "said")) == [content]


def test_a_quotation_over_two_paragraphs_before_its_cue_stays_whole() -> None:
    text = "“We sent none of them to anyone.\n\n“And we will not send any of them later,” said Lomas."
    content = spans(text, "“We sent none of them to anyone.", "“And we will not send any of them later,”")
    assert part_floating(text, content, *spans(text, "said")) == [content]


def tokens_by_word(text: str) -> Tokens:
    starts, ends, at = [], [], 0
    for word in text.split():
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
        ends.append(at)
    count = len(starts)
    firsts = {paragraph.start for paragraph in find_paragraphs(text)}
    opens = np.array([start in firsts for start in starts])
    gaps = np.where(opens, GAPS - 1, 1)
    return Tokens(np.zeros(count, dtype=np.int64), np.array(starts), np.array(ends), gaps * CASES * QUOTED, opens)


def read(text: str, *candidates: Candidate, contentful: range = NONE) -> list[Attribution]:
    tokens = tokens_by_word(text)
    tags = np.zeros((len(tokens), len(TAGS)), dtype=np.float32)
    tags[list(contentful), TAGS.index("I-content")] = 0.8
    return list(assemble(Document(url="", text=text), tokens, candidates, tags, 0.5, 0.7))


def words(text: str, found: tuple[Span, ...]) -> list[str]:
    return [span.of(text) for span in found]


def test_what_stands_outside_all_attributions_is_the_publisher_s_own() -> None:
    text = "Osk denied that any drones were sent . Strikes left the harbour town dark for two days."
    found = read(text, candidate(range(1, 2), range(1), range(2, 7)))
    assert [one.voice for one in found] == [Voice.PARTY, Voice.PUBLISHER]
    assert words(text, found[1].content) == ["Strikes left the harbour town dark for two days."]
    assert found[1].source == found[1].cue == ()


def test_headings_are_no_statements() -> None:
    assert read("Sanctions against the drone makers of Osk") == []


def test_a_quotation_that_nothing_introduces_is_kept_if_the_tags_take_it_for_content() -> None:
    text = "The day was long.\n\n“We will rebuild every house in this town.”"
    found = read(text, contentful=range(4, 12))
    assert [(one.kind, words(text, one.content)) for one in found] == [
        (Kind.DIRECT, ["“We will rebuild every house in this town.”"])
    ]
    assert read(text) == [], "nobody is known to have said it, and the publisher does not vouch for it either"


def test_a_sentence_with_a_likely_cue_is_not_the_publisher_s_own() -> None:
    text = "The ministry put the figure at four dead and nine wounded."
    tokens = tokens_by_word(text)
    tags = np.zeros((len(tokens), len(TAGS)), dtype=np.float32)
    document = Document(url="", text=text)
    assert len(assemble(document, tokens, [], tags, 0.5, 0.7)) == 1
    tags[2, TAGS.index("B-cue")] = 0.4
    assert assemble(document, tokens, [], tags, 0.5, 0.7) == ()


def tidy(text: str, found: Candidate) -> Candidate | None:
    return tidied(text, tokens_by_word(text), found)


@pytest.mark.parametrize(
    "text",
    [
        "Q: Why did nobody ask them for six weeks?",
        "BRANDT: We found no such letter in any of the files.",
        "We left the gate open for the whole night.\n— Mira Holt, engineer",
    ],
)
def test_what_a_label_or_a_signature_gives_to_another_is_not_the_publisher_s_own(text: str) -> None:
    assert read(text) == []
    assert len(read("They left the gate open for the whole night.")) == 1


def test_a_nested_content_ends_before_the_closing_mark_of_what_holds_it() -> None:
    text = "“ They admit to sixty , ” she said"
    assert tidy(text, candidate(range(2, 3), range(1, 2), range(3, 7), depth=1)).content == (3, 4)
    assert tidy(text, candidate(range(8, 9), range(7, 8), range(7), depth=0)).content == tuple(range(7))
    marked = "they called it “ a lie ”"
    assert tidy(marked, candidate(range(1, 2), range(1), range(2, 7), depth=1)).content == tuple(range(2, 7))


def test_a_cue_across_a_quotation_mark_and_a_content_without_a_word_are_no_attributions() -> None:
    assert tidy("it had “ seen signs ”", candidate(range(1, 4), range(1), range(4, 5))) is None
    assert tidy("it said — .", candidate(range(1, 2), range(1), range(2, 4))) is None


def test_inside_a_quotation_its_marks_do_not_make_a_nested_claim_direct() -> None:
    text = "“Reports show that they were sent by rail,” said Kirl."
    outer = candidate(range(8, 9), range(9, 10), range(8))
    inner = candidate(range(1, 2), range(1), range(2, 8), depth=1)
    found = read(text, outer, inner)
    assert len(found) == 2
    assert [one.kind for one in found] == [Kind.DIRECT, Kind.INDIRECT]
    assert found[1].parent == found[0].id


def test_an_attribution_that_reaches_over_two_quotations_keeps_them_together() -> None:
    text = "“We sent none of them,” said Lomas.\n\n“Kirl claims that we sent them later.”\n\n“And that none came back.”"
    outer = candidate(range(5, 6), range(6, 7), (*range(5), *range(7, 19)))
    inner = candidate(range(8, 9), range(7, 8), range(9, 19), depth=1)
    found = read(text, outer, inner)
    inside = next(one for one in found if one.parent)
    assert inside.parent == next(one.id for one in found if one.cue and one.parent is None)
