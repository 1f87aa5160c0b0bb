from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.model import Cut, Document, Failure, Figure, Kind, Modifier, Reading, Reason, Scope, Span, Voice
from onrecord.web import render_readings
from onrecord.web.marks import amount_of, outline, split_text
from samples import RUN, TEXT, attribution, failed_reading, readings, sample_reading


def parse(page: str) -> Element:
    return html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)


def find(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def words(element: Element) -> str:
    return "".join(element.itertext())


def article_text(root: Element) -> str:
    """What stands in the text column, without the cuts, which are not part of the text."""

    def without_cuts(element: Element) -> str:
        if element.get("class") == "cut":
            return ""
        return (element.text or "") + "".join(without_cuts(child) + (child.tail or "") for child in element)

    (section,) = find(root, "text")
    return without_cuts(section)


def on_a_page(text: str) -> str:
    """Control characters as their pictures, and those that would reorder others as U+FFFD."""
    pictures = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
    unsafe = [*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    return text.translate(pictures | dict.fromkeys(unsafe, 0xFFFD))


def without_space(text: str) -> str:
    """Also without what stands for controls that count as white space."""
    return re.sub(r"[\s\u240b\u240c\u241c-\u241f\ufffd]", "", text)


# --- laws -------------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(readings())
def test_the_text_stands_on_the_page_to_the_letter(reading: Reading) -> None:
    assert reading.document is not None
    assert article_text(parse(render_readings([reading]))) == on_a_page(reading.document.text)


@settings(deadline=None)
@given(readings())
def test_every_claim_is_shown_to_the_letter_and_linked_both_ways(reading: Reading) -> None:
    assert reading.document is not None
    text = reading.document.text
    root = parse(render_readings([reading]))
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    for number, entry in enumerate(outline(reading), 1):
        claim = by_id[f"r1c{number}"]
        for spans in (entry.attribution.source, entry.attribution.content, entry.attribution.cue):
            for span in spans if entry.attribution.voice is Voice.PARTY else entry.attribution.content:
                assert on_a_page(span.of(text)) in words(claim)
        assert f"r1c{number}t" in by_id
        assert f"#r1c{number}t" in {a.get("href") for a in claim.iter("a")}
        pieces = "".join(words(each) for each in find(root, f"r1c{number}"))
        covered = set().union(
            *(
                range(span.start, span.end)
                for spans in (entry.attribution.source, entry.attribution.cue, entry.attribution.content)
                for span in spans
            )
        )
        assert without_space(pieces) == without_space("".join(on_a_page(text[at]) for at in sorted(covered)))


@settings(deadline=None)
@given(readings())
def test_every_link_leads_somewhere_and_no_id_stands_twice(reading: Reading) -> None:
    root = parse(render_readings([reading, reading]))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in root.iter("a"):
        assert link.get("href", "").removeprefix("#") in ids


@settings(deadline=None)
@given(readings())
def test_every_cut_is_shown_with_its_reason_where_it_stood(reading: Reading) -> None:
    assert reading.document is not None
    root = parse(render_readings([reading]))
    found = [(words(cut.find("summary")), words(p)) for cut in find(root, "cut") for p in cut.findall("p")]
    assert [text for _, text in found] == [on_a_page(cut.text) for cut in reading.document.cuts]
    for (summary, _), cut in zip(found, reading.document.cuts, strict=True):
        assert summary.startswith(f"Cut: {cut.reason.value} ")
    (section,) = find(root, "text")
    position, places = 0, []
    inside = 0

    def walk(element: Element) -> None:
        nonlocal position, inside
        is_cut = element.get("class") == "cut"
        if is_cut:
            places.extend(position for _ in element.findall("p"))  # those of one reason at one place are shown as one
            inside += 1
        position += 0 if inside else len(element.text or "")
        for child in element:
            walk(child)
            position += 0 if inside else len(child.tail or "")
        inside -= is_cut

    walk(section)
    assert places == [cut.at for cut in reading.document.cuts]


@given(readings(), st.lists(st.integers(0, 60), max_size=3))
def test_segments_joined_are_the_text(reading: Reading, boundaries: list[int]) -> None:
    assert reading.document is not None
    text = reading.document.text
    segments = list(split_text(text, outline(reading), [edge for edge in boundaries if edge <= len(text)]))
    assert "".join(text[segment.start : segment.end] for segment in segments) == text


@given(readings())
def test_the_outline_leaves_nothing_out(reading: Reading) -> None:
    entries = outline(reading)
    assert sorted(entry.attribution.id for entry in entries) == sorted(each.id for each in reading.attributions)
    assert len({entry.label for entry in entries}) == len(entries)


# --- the sample -------------------------------------------------------------------------------------------------------


def test_claims_are_numbered_under_what_they_stand_in() -> None:
    labels = [(entry.label, entry.depth) for entry in outline(sample_reading())]
    assert labels == [("1", 0), ("2", 0), ("3", 0), ("4", 0), ("4.1", 1), ("4.1.1", 2), ("5", 0), ("P1", 0)]


def test_attributions_in_a_circle_are_shown_once() -> None:
    reading = sample_reading()
    first, second = reading.attributions[:2]
    circle = replace(reading, attributions=(replace(first, parent=second.id), replace(second, parent=first.id)))
    assert [entry.label for entry in outline(circle)] == ["1", "1.1"]


def test_words_belong_to_the_claim_closest_to_them() -> None:
    reading = sample_reading()
    entries = outline(reading)
    closest = {
        TEXT[s.start : s.end]: (entries[s.marks[-1].entry].label, s.marks[-1].role.value)
        for s in split_text(TEXT, entries)
        if s.marks
    }
    assert closest["that "] == ("4", "content")
    assert closest["a leaked report"] == ("4.1", "source")
    assert closest["feared"] == ("4.1.1", "cue")
    assert closest["a second slide"] == ("4.1.1", "content")
    assert closest["Four cranes stood idle on Tuesday morning."] == ("P1", "content")


def test_claims_are_nested_lists() -> None:
    root = parse(render_readings([sample_reading()]))
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    assert by_id["r1c6"] in list(by_id["r1c5"].iter("li"))
    assert by_id["r1c5"] in list(by_id["r1c4"].iter("li"))
    assert by_id["r1c7"] not in list(by_id["r1c4"].iter("li"))


def test_kinds_are_told_apart_by_words_too() -> None:
    root = parse(render_readings([sample_reading()]))
    kinds = [words(kind) for kind in find(root, "kind")]
    assert kinds == ["Mixed", "Indirect", "Direct", "Indirect", "Indirect", "Indirect", "Direct"]


def test_cuts_of_one_reason_at_one_place_are_shown_as_one_with_their_first_words() -> None:
    at = TEXT.index("“We were")
    teasers = [Cut(Reason.TEASER, text, at) for text in ("Read\n\nalso", "Ten harbours to visit " * 9)]
    cuts = (*teasers, Cut(Reason.SHARE, "Share", at), Cut(Reason.TEASER, "More", at), Cut(Reason.TEASER, "End", at + 1))
    root = parse(render_readings([Reading(Document("", TEXT, cuts=cuts), (), (), RUN)]))
    summaries = [words(cut.find("summary")) for cut in find(root, "cut")]
    assert summaries == [
        "Cut: teaser for another article (2) Read also · Ten harbours to visit Ten harbours to visit Ten…",
        "Cut: share buttons Share",
        "Cut: teaser for another article More",
        "Cut: teaser for another article End",
    ]


def test_claims_longer_than_their_paragraph_do_not_tear_the_text_apart() -> None:
    said = "Ana Relvas said the brakes of the tram were new. "
    paragraphs = [said * 4, said, "The line was full again by noon. " * 20, said, said * 2]
    document = Document("", "\n\n".join(paragraphs))
    claims = tuple(
        attribution(document, Kind.INDIRECT, (Span(at, at + 10),), (), (Span(at + 16, at + 47),))
        for at in (match.start() for match in re.finditer("Ana", document.text))
    )
    root = parse(render_readings([Reading(document, claims, (), RUN)]))
    rows = [len(row.findall("p")) for row in find(root, "row")]
    numbers = [[words(link) for link in group.iter("a")] for group in find(root, "group")]
    # Four claims are longer than their paragraph of four lines, so the next two paragraphs follow it without a gap.
    assert (rows, numbers) == ([3, 2], [["1", "2", "3", "4", "5"], ["6", "7", "8"]])


def test_the_score_is_explained_before_the_first_one() -> None:
    (legend,) = find(parse(render_readings([sample_reading()])), "legend")
    assert "score: the probability that the text attributes these words to this source" in words(legend)
    assert legend.get("aria-hidden") is None


def test_a_date_without_a_publisher_is_no_heading() -> None:
    for publisher, bold in (("", []), ("Harven Courier", ["Harven Courier"])):
        document = Document("", TEXT, publisher=publisher, published="2023-03-03")
        (kicker,) = find(parse(render_readings([Reading(document, (), (), RUN)])), "kicker")
        assert [words(each) for each in kicker.iter("b")] == bold
        assert "2023-03-03" in words(kicker)
    assert ".kicker b{" in render_readings([])
    assert not re.search(r"\.kicker\{[^}]*font-weight", render_readings([]))


def test_the_keyboard_stops_once_at_each_claim_in_the_text() -> None:
    root = parse(render_readings([sample_reading()]))
    stops = [link.get("href") for link in find(root, "m") if link.get("tabindex") != "-1"]
    assert sorted(stops) == [f"#r1c{n}" for n in range(1, 8)]


def test_paragraphs_are_paragraphs() -> None:
    root = parse(render_readings([sample_reading()]))
    (section,) = find(root, "text")
    paragraphs = [words(p) for p in section.iter("p") if p.get("dir") and "Home" not in words(p)]
    assert sum(p.startswith(("HARVEN", "The port", "Four", "“We")) for p in paragraphs) == 4


# --- safe -------------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_and_asks_nobody() -> None:
    page = render_readings([sample_reading(), failed_reading()])
    root = parse(page)
    names = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or key == "style"]
    (style,) = root.iter("style")
    assert "url(" not in words(style)
    assert "@import" not in words(style)
    (policy,) = [m.get("content") for m in root.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    fingerprint = base64.b64encode(hashlib.sha256(words(style).encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"


HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"' onclick='x' &lt; {{ 7 * 7 }}"


def test_the_page_says_at_its_beginning_who_wrote_it() -> None:
    reading = replace(sample_reading(), document=replace(sample_reading().document, title="x" * 10_000))
    for page in (render_readings([reading] * 2), render_readings([reading]), render_readings([])):
        assert '<meta name="generator" content="onrecord">' in page[:1000]


def test_hostile_words_stay_words() -> None:
    fields = ("title", "publisher", "byline", "published", "modified", "language", "wire", "dateline")
    document = Document(HOSTILE, HOSTILE, **dict.fromkeys(fields, HOSTILE), cuts=(Cut(Reason.OTHER, HOSTILE, 3),))
    claim = attribution(document, Kind.DIRECT, (Span(0, 9),), (), (Span(9, 40),))
    reading = Reading(document, (claim,), (Failure(HOSTILE, HOSTILE, HOSTILE),), replace(RUN, settings=(HOSTILE,)))
    root = parse(render_readings([reading]))
    names = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "img"}
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]
    assert words(next(root.iter("h1"))) == HOSTILE
    assert article_text(root) == HOSTILE


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://courier.example/a?b=c&d=e", True),
        ("HTTP://courier.example/", True),
        ("javascript:alert(1)", False),
        ("https://courier.example/ javascript:alert(1)", False),
        ("\njavascript:alert(1)//https://courier.example/", False),
        ("data:text/html,<script>", False),
        ("reports/story.txt", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, is_linked: bool) -> None:
    root = parse(render_readings([Reading(Document(url, TEXT), (), (), RUN)]))
    links = [link.get("href") for link in root.iter("a")]
    assert links == ([url] if is_linked else [])


@given(readings())
def test_nothing_on_the_page_commands_or_reorders(reading: Reading) -> None:
    page = render_readings([reading])
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


def test_an_address_that_cannot_be_shown_is_not_linked() -> None:
    root = parse(render_readings([Reading(Document("https://courier.example/\x1bquay", TEXT), (), (), RUN)]))
    assert not list(root.iter("a"))


def test_half_characters_do_not_break_the_page() -> None:
    page = render_readings([Reading(Document("", "left \ud800 right", title="\udc80"), (), (), RUN)])
    assert "left \ufffd right" in page.encode("utf-8").decode("utf-8")


# --- several ----------------------------------------------------------------------------------------------------------


def test_several_readings_have_an_index() -> None:
    root = parse(render_readings([sample_reading(), failed_reading(), sample_reading()]))
    (index,) = find(root, "index")
    assert [link.get("href") for link in index.iter("a")] == ["#r1", "#r2", "#r3"]
    assert "not read" in words(index)
    (failures,) = find(root, "failures")
    assert words(failures).split() == "Not read: missing.txt: there is no such file; check the path".split()
    assert [element.tag for element in find(root, "title")] == ["h2", "h2", "h2"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", "Untitled"),
        ("reports/quay.txt", "quay.txt"),
        ("C:\\quay.txt", "quay.txt"),
        ("https://courier.example/quay/", "quay"),
    ],
)
def test_a_report_without_a_title_is_named_by_its_file(url: str, name: str) -> None:
    assert words(next(parse(render_readings([Reading(Document(url, TEXT), (), (), RUN)])).iter("h1"))) == name


def test_no_reading_at_all_is_a_page_too() -> None:
    assert "0 readings" in words(parse(render_readings([])))


@pytest.mark.parametrize(
    ("date", "shown"), [("2023-03-03T09:15:00+01:00", "2023-03-03 09:15 +01:00"), ("2023", "2023")]
)
def test_dates_are_shown_for_people(date: str, shown: str) -> None:
    root = parse(render_readings([Reading(Document("", TEXT, published=date), (), (), RUN)]))
    (kicker,) = find(root, "kicker")
    assert words(kicker).strip() == shown
    assert [time.get("datetime") for time in kicker.iter("time")] == ([date] if "T" in date else [])


def test_lines_and_spaces_of_a_text_taken_as_it_is_are_kept() -> None:
    text = "First line\r\nsecond  line\r\n\r\nNew\tparagraph\r"
    page = render_readings([Reading(Document("", text), (), (), RUN)])
    assert article_text(parse(page)) == text
    classes = re.findall(r'<p dir="auto"(?: class="([a-z ]+)")?>', page.partition('class="text"')[2])
    assert classes == ["tight", "spaced", "spaced"]


@pytest.mark.parametrize(
    ("low", "high", "unit", "amount"),
    [
        (10, 10, "", "10"),
        (200, 999, "", "200 to 999"),
        (1_500_001, None, "", "at least 1,500,001"),
        (None, 40, "%", "at most 40 %"),
        (None, None, "km", ""),
    ],
)
def test_an_amount_in_digits(low: int | None, high: int | None, unit: str, amount: str) -> None:
    span = Span(0, 1)
    figure = Figure(span, span, low, high, Modifier.EXACT, unit, None, Scope.UNKNOWN, "", "")
    assert amount_of(figure) == amount
