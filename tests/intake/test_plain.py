from __future__ import annotations

import textwrap
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.intake.plain import cut_text
from onrecord.model import Reason

LEAD = (
    "The ferry company said on Tuesday that two of its boats would stay in port until the engines had been checked, "
    "a day after one of them ran aground."
)
SECOND = (
    "“We have asked the yard for new parts,” Ann Example, who heads the company, told reporters at the pier, adding "
    "that passengers would get their money back."
)
THIRD = "The harbour office denied that it had known of the fault, and said the boats had passed every inspection."


def page(*lines: str) -> str:
    return "\n\n".join([LEAD, *lines, SECOND, THIRD])


def reasons(text: str) -> dict[str, Reason]:
    return {cut.text: cut.reason for cut in cut_text(text, url="x").cuts}


def test_a_teaser_card_in_the_text_is_cut_and_the_heading_kept() -> None:
    headline = "As Storms Return, Islands Look Abroad for Lifeboats"
    standfirst = "It’s a fine year for boatbuilders."
    text = "\n\n".join(
        [
            LEAD + "\n",
            f"{SECOND}\n\n{headline}\nMore Stories of Interest\n\n{headline}\n\n{standfirst}\n\n",
            THIRD + "\n\n",
            "Fines for the yard\n\n",
            "In May the harbour office fined the yard for painting over rust.",
        ]
    )
    document = cut_text(text, url="x")
    assert document.text.split("\n\n") == [
        LEAD,
        SECOND,
        THIRD,
        "Fines for the yard",
        "In May the harbour office fined the yard for painting over rust.",
    ]
    assert [cut.text for cut in document.cuts] == [headline, "More Stories of Interest", headline, standfirst]
    assert {cut.reason for cut in document.cuts} == {Reason.TEASER}
    assert {document.text[cut.at :][:20] for cut in document.cuts} == {THIRD[:20]}


def test_a_sentence_under_a_teaser_stays_if_it_speaks_of_the_report() -> None:
    card = ["Storms Return to the Outer Islands Again", "Storms Return to the Outer Islands Again"]
    for sentence in ("The ferry company’s engines were checked.", "“Nobody was hurt at all,” he said."):
        assert sentence in cut_text(page(*card, sentence), url="x").text


def test_headlines_listed_under_a_teasers_heading_are_cut_too() -> None:
    text = page("Related articles", "Ferries stay in port for a third day", "Union calls for a strike on Friday")
    assert list(reasons(text)) == [
        "Related articles",
        "Ferries stay in port for a third day",
        "Union calls for a strike on Friday",
    ]


def test_a_section_heading_that_could_be_a_teasers_stays_over_text() -> None:
    assert "Up next" in cut_text(page("Up next"), url="x").text
    assert "Up next" in reasons(page("Up next", "Union calls for a strike on Friday"))


def test_a_headline_printed_twice_above_the_report_is_cut_once() -> None:
    headline = "Two ferries stay in port after grounding"
    document = cut_text(f"{headline}\n\nBy Ann Example\n\n{headline}\n\n{page()}", url="x")
    assert document.title == headline
    assert document.text.startswith(headline + "\n\n" + LEAD)
    assert [cut.reason for cut in document.cuts] == [Reason.BYLINE, Reason.REPEATED]


def test_readers_comments_are_cut() -> None:
    comments = [
        "2 comments",
        "harbourfan",
        "They said the boat was safe. It was not!",
        "Reply",
        "Report",
        "gull7",
        "Lies.",
        "Reply",
    ]
    document = cut_text("\n".join([page(), *comments]), url="x")
    assert document.text == page()
    assert {cut.reason for cut in document.cuts} == {Reason.COMMENTS}


def test_a_comment_count_above_the_report_cuts_only_itself() -> None:
    assert reasons("12 comments\n\n" + page()) == {"12 comments": Reason.COMMENTS}


def test_menus_of_a_page_copied_whole_are_cut() -> None:
    menu = ["Home", "News", "Harbour Life", "Sport", "Weather", "Jobs"]
    document = cut_text("\n".join([*menu, *page().split("\n\n"), *menu]), url="x")
    assert document.text == page()


def test_bare_dates_inside_a_report_head_the_parts_of_a_chronicle() -> None:
    assert "12 December 2022" in cut_text(page("12 December 2022"), url="x").text
    assert "12 December 2022" in reasons("12 December 2022\n\n" + page())
    assert "Published 12 December 2022" in reasons(page("Published 12 December 2022"))


def test_blank_lines_are_evened_out_and_paragraphs_left_alone() -> None:
    text = f"\r\n\r\n  {LEAD}\t\r\n\r\n\r\n\r\n{SECOND}\r\n\u00a0\r\n{THIRD} \r\n"
    assert cut_text(text, url="x").text == f"{LEAD}\n\n{SECOND}\n\n{THIRD}"


def test_hard_wrapped_text_is_unwrapped() -> None:
    body = [LEAD, SECOND, "Fines for the yard", THIRD + " " + LEAD]
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in body)
    assert cut_text(wrapped, url="x").text == "\n\n".join(body)


def test_lines_that_are_paragraphs_are_not_joined() -> None:
    text = "\n".join([LEAD, SECOND, "Fines for the yard", THIRD])
    assert cut_text(text, url="x").text == text.replace("\n", "\n\n")


def test_what_is_known_wins_over_what_the_text_says() -> None:
    text = "\n\n".join(
        [
            "A headline of some words",
            "By Ann Example",
            "Published December 12, 2022",
            "Updated December 13, 2022",
            page(),
        ]
    )
    found = cut_text(text, url="x")
    assert (found.title, found.byline) == ("A headline of some words", "Ann Example")
    assert (found.published, found.modified, found.language) == ("2022-12-12", "2022-12-13", "en")
    given_ = cut_text(text, url="x", title="T", publisher="P", byline="B", published="2020", modified="2021")
    assert (given_.title, given_.publisher, given_.byline) == ("T", "P", "B")
    assert (given_.published, given_.modified) == ("2020", "2021")


def test_a_headline_that_is_given_is_not_also_text() -> None:
    document = cut_text(f"Boats stay in port\n\n{page()}", url="x", title="Boats stay in port")
    assert document.text == page()
    assert document.cuts[0].reason is Reason.REPEATED


def test_the_dateline_stays_in_the_text_and_the_credit_line_does_not() -> None:
    credit = "(Reporting by Ann Example; Editing by Bo Example)"
    document = cut_text(f"KYIV, Dec. 12 (Reuters) — {page()}\n\n{credit}", url="x")
    assert document.text == f"KYIV, Dec. 12 (Reuters) — {page()}"
    assert (document.dateline, document.wire) == ("KYIV, Dec. 12", "Reuters")
    assert [(cut.text, cut.reason, cut.at) for cut in document.cuts] == [(credit, Reason.BYLINE, len(document.text))]


FURNITURE = [
    "Read more: Ferries stay in port for a third day",
    "Related articles",
    "Analysis: Who pays for the boats",
    "Subscribe now",
    "Share this article",
    "2 comments",
    "Comments",
    "Reply",
    "An hour ago",
    "Spotted a mistake? Select it and press Ctrl+Enter",
    "Photo: Ann Example/AFP",
    "ADVERTISEMENT",
    "© 2023 Harbour News. All rights reserved.",
    "Menu",
    "By Ann Example | Dec. 12, 2022",
    "Ann Example and Bo Example | Harbour News",
    "12 December 2022",
    "18:20",
    "(Reporting by Ann Example; Editing by Bo Example)",
    f"{THIRD} Read more: Ferries stay in port",
]
LINES = st.sampled_from([LEAD, SECOND, *FURNITURE, "", "\r", "a", "“"])


@given(st.text() | st.lists(LINES).map("\n".join))
@example("")
@example("\x00")
@example("\x1c\x85\u2028")
@example("a\n" * 50)
@settings(deadline=None)  # the language identifier is loaded in the middle
def test_no_word_is_lost_and_none_is_changed(text: str) -> None:
    document = cut_text(text, url="x")
    kept = [paragraph for paragraph in document.text.split("\n\n") if paragraph]
    unwrapped = " ".join(text.split())
    assert all(paragraph in text or " ".join(paragraph.split()) in unwrapped for paragraph in kept)
    assert all(0 <= cut.at <= len(document.text) for cut in document.cuts)
    assert [cut.at for cut in document.cuts] == sorted(cut.at for cut in document.cuts)
    words = Counter(document.text.split()) + Counter(word for cut in document.cuts for word in cut.text.split())
    assert words == Counter(text.split())


@pytest.mark.parametrize("text", ["", " \n\t\n", "Share", "\x00" * 10])
def test_text_without_a_report_gives_an_empty_document(text: str) -> None:
    assert cut_text(text, url="x").text in {"", "\x00" * 10}


def test_the_outlet_under_a_byline_is_part_of_it() -> None:
    document = cut_text(f"Ferries stay in port today\n\nBy Ann Example\nHarbour Evening Post\n\n{page()}", url="x")
    assert document.text == f"Ferries stay in port today\n\n{page()}"
    assert [cut.text for cut in document.cuts] == ["By Ann Example", "Harbour Evening Post"]


@pytest.mark.parametrize(
    "headline",
    [
        "Analysis: Why the yard denies everything",
        "Live: Ferries sail from noon",
        "Video: Owner admits the engines were old",
        "Breaking news: the pier has burnt",
    ],
)
def test_the_first_line_over_a_report_is_its_headline_whatever_it_begins_with(headline: str) -> None:
    document = cut_text(f"Menu\n\n{headline}\n\nBy Ann Example\n\n{page()}", url="x")
    assert document.title == headline
    assert document.text == f"{headline}\n\n{page()}"
    assert headline in reasons(f"Two ferries stay in port today\n\n{headline}\n\n{page()}")
    assert headline in reasons(page(headline))


def test_a_subhead_that_looks_like_a_byline_stays_between_two_paragraphs() -> None:
    inside = f"{LEAD}\n\n{SECOND}\n\nBy Any Means\n\n{THIRD}"
    assert cut_text(inside, url="x").text == inside
    assert "By Any Means" in reasons(f"{LEAD}\n\nBy Any Means\n\n{SECOND}")
    assert "By Ann Example" in reasons(
        f"{LEAD}\n\n{SECOND}\n\nStorms return to the islands\n\nBy Ann Example\n\n{THIRD}"
    )


def test_a_teaser_at_the_end_of_a_paragraph_is_cut() -> None:
    teaser = "Read more: Owner says the engines were new"
    document = cut_text(f"{LEAD}\n\n{SECOND} {teaser}\n\n{THIRD}", url="x")
    assert document.text == page()
    assert [(cut.text, cut.reason, cut.at) for cut in document.cuts] == [
        (teaser, Reason.TEASER, document.text.index(THIRD))
    ]


def test_comments_under_a_heading_without_a_count_are_cut_by_their_marks() -> None:
    comments = ["Comments", "Bert, Port Town, 1 hour ago", "He should resign.", "Click to rate", "Reply"]
    document = cut_text("\n".join([page(), *comments]), url="x")
    assert document.text == page()
    assert {cut.reason for cut in document.cuts} == {Reason.COMMENTS}
    unmarked = cut_text("\n\n".join([page(), "Comments", "The office wants to hear from owners.", "Reply"]), url="x")
    assert "The office wants to hear from owners." in unmarked.text


def test_the_times_of_a_live_blog_stay_over_what_they_head() -> None:
    entries = [
        "18:20",
        "Boats reach the pier",
        LEAD,
        "17:55",
        SECOND,
        "17:02",
        "Photo: Ann Example/AFP",
        "16:30",
        "Share",
    ]
    document = cut_text("\n\n".join(["Storm at sea: what we know", "10:04 GMT, 12 March 2025", *entries]), url="x")
    assert document.text.split("\n\n") == ["Storm at sea: what we know", *entries[:5]]
    assert [cut.text for cut in document.cuts] == ["10:04 GMT, 12 March 2025", *entries[5:]]
    assert "18:20" in reasons(f"18:20\n\n{page()}")


def test_names_under_a_headline_are_the_byline_and_reporters_below_are_if_there_is_none() -> None:
    headline = "Ferries stay in port today"
    document = cut_text(f"{headline}\n\nAnn Example and Bo Example | Harbour News\n\n{page()}", url="x")
    assert document.byline == "Ann Example and Bo Example"
    assert document.text == f"{headline}\n\n{page()}"
    credit = "(Reporting by Cy Example in Port; Editing by Di Example)"
    assert cut_text(f"{page()}\n\n{credit}", url="x").byline == "Cy Example"
    assert cut_text(f"By Ann Example\n\n{page()}\n\n{credit}", url="x").byline == "Ann Example"
