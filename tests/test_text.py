"""Paragraphs, sentences, quotations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Kind, Span
from onrecord.text import find_paragraphs, find_quotations, find_sentences, kind_of


def words(text: str, spans: list[Span]) -> list[str]:
    return [span.of(text) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Osk denied it. The envoy did not.", ["Osk denied it.", "The envoy did not."]),
        ("Gen. A. Lomas of the U.S. Navy spoke. He left.", ["Gen. A. Lomas of the U.S. Navy spoke.", "He left."]),
        ("“We deny it.” She left.", ["“We deny it.”", "She left."]),
        ("It fell by 3.5 percent. Why? No one said!", ["It fell by 3.5 percent.", "Why?", "No one said!"]),
        ("A heading\nA sentence. Another", ["A heading", "A sentence.", "Another"]),
        ("On Dec. 9 it rained.", ["On Dec. 9 it rained."]),
        ("He answered no. She left.", ["He answered no.", "She left."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert words(text, find_sentences(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no" twice, "never" once.', ['"no"', '"never"']),
        ("“Yes,” he said. “No.”", ["“Yes,”", "“No.”"]),
        ("“First part.\n\n“Second part.”", ["“First part.", "“Second part.”"]),
        ("‘We don’t know,’ she said.", ["‘We don’t know,’"]),
        ("The workers’ claim isn’t quoted.", []),
        ('The 5" gun fired. "No," he said.', ['"No,"']),
        ("„Nein“ und «non»", ["„Nein“", "«non»"]),
        ("“He called it ‘a lie’ today”", ["“He called it ‘a lie’ today”"]),
        ("'I never touched it,' he said. 'It isn't mine.'", ["'I never touched it,'", "'It isn't mine.'"]),
        ("``It isn't ours,'' she said. ''Nor 'theirs'.''", ["``It isn't ours,''", "''Nor 'theirs'.''"]),
        ("The workers' claim and the owners' reply", []),
        ("The '90s ended; 'twas the owners' year, and they got 'em all by the workers' gate", []),
        ("It opened 'here\nand the workers' year", []),
        ("\"They call it 'a lie' here,\" he said.", ["\"They call it 'a lie' here,\""]),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert words(text, find_quotations(text)) == expected


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("“Yes,” he said. “No.”", ["“Yes,”", "“No.”"], Kind.DIRECT),
        ("He said it was a lie.", ["it was a lie"], Kind.INDIRECT),
        ("He said it was “a lie”.", ["it was “a lie”"], Kind.MIXED),
        ("“It is so,” he said, adding that it was.", ["“It is so,”", "that it was"], Kind.MIXED),
        ("“It is so,” he said.", ["It is so"], Kind.DIRECT),
    ],
)
def test_kinds(text: str, content: list[str], expected: Kind) -> None:
    pieces = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in content]
    assert kind_of(text, pieces, find_quotations(text)) is expected


@given(st.text(alphabet=st.sampled_from("aB. \"'“”‘’\n!?…)1"), max_size=120) | st.text(max_size=80))
def test_spans_are_in_order_apart_and_lose_no_word(text: str) -> None:
    for find in (find_paragraphs, find_sentences, find_quotations):
        spans = find(text)
        assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
        assert all(span.end <= len(text) for span in spans)
    for find in (find_paragraphs, find_sentences):
        covered = {at for span in find(text) for at in range(span.start, span.end)}
        assert all(at in covered or letter.isspace() for at, letter in enumerate(text))


@pytest.mark.parametrize(
    "text", [" " * 1_000_000, "." * 1_000_000, ".!" * 500_000 + "7", "a \n" * 300_000, " 'a" * 300_000]
)
def test_a_long_run_of_one_thing_is_read_in_one_pass(text: str) -> None:
    """Quadratic searches would not end on these within anybody's patience."""
    assert len(find_sentences(text)) <= 300_000
    assert find_quotations(text) == []
