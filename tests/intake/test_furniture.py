from __future__ import annotations

import textwrap
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.intake.furniture import cut_text, find_byline, find_credits, find_reason
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


FURNITURE = {
    Reason.TEASER: [
        "Read more: Ferries stay in port for a third day",
        "RELATED: Minister says the harbour is safe",
        "Related articles",
        "READ ALSO: What we know about the grounding",
        "Also read",
        "See also:",
        "Most read",
        "Most Popular in Business",
        "You may also like...",
        "Recommended for you",
        "More Stories of Interest",
        "More on this story",
        "In case you missed it",
        "Don’t miss: Ten walks along the coast",
        "WATCH: Boat towed into harbour",
        "Watch now: The grounding, seen from the air",
        "Editor’s Picks",
        "Keep reading",
        "Trending now",
        "Follow AP's full coverage of the strike here",
        "Read the full story on our website",
    ],
    Reason.NEWSLETTER: [
        "Sign up for our newsletter",
        "Sign up here for the Harbour Briefing, our daily newsletter",
        "Subscribe now",
        "Subscribe to our newsletter and never miss a story.",
        "Get the latest news delivered to your inbox every morning",
        "Enter your email address",
        "Newsletter",
        "Download our free app for breaking news",
        "Support independent journalism: donate today",
        "Become a member and read without limits",
        "Already a subscriber? Log in",
        "Thank you for subscribing!",
    ],
    Reason.SHARE: [
        "Share",
        "Share this article",
        "Share on Facebook",
        "Facebook Twitter WhatsApp Email",
        "Facebook | X | LinkedIn",
        "Tweet",
        "Print this page",
        "Copy link",
        "Follow us on Twitter and Facebook",
        "Follow us on Telegram: @harbournews",
        "Like us on Facebook",
        "Join our Telegram channel",
        "1.2K shares",
        "Link copied!",
    ],
    Reason.COMMENTS: [
        "Comments (0)",
        "12 comments",
        "View Comments",
        "Leave a comment",
        "Write the first comment",
        "Be the first to comment",
        "Join the conversation",
        "Log in to comment",
        "Comments are closed.",
        "Your email address will not be published.",
    ],
    Reason.FEEDBACK: [
        "To suggest a correction, write to our desk",
        "You can also highlight a word and hit Ctrl+Enter",
        "Spotted a mistake? Select it and press Ctrl+Enter",
        "Report an error",
        "Was this article helpful?",
        "Have a news tip? Write to tips@harbour.example",
        "Do you have a story to share?",
        "Contact us at desk@harbour.example",
    ],
    Reason.PHOTO: [
        "Photo: Ann Example/AFP",
        "(Photo by Bo Example/Getty Images)",
        "Image: Harbour Office",
        "FILE PHOTO: A ferry leaves the harbour in May",
        "A ferry leaves the harbour on Monday. (AP Photo/Ann Example)",
        "The ferry aground off the pier. Photograph: Bo Example/EPA",
        "Bo Example / Reuters",
        "Image caption The boats in the yard",
        "Credit: Harbour Office",
        "Getty Images",
        "1 of 8",
    ],
    Reason.COOKIES: [
        "We use cookies to improve your experience on our site. By continuing you agree to this.",
        "This website uses cookies.",
        "Accept all cookies",
        "Manage consent",
        "By clicking Accept you agree to our privacy policy and the use of cookies",
        "We value your privacy",
    ],
    Reason.ADVERTISEMENT: [
        "ADVERTISEMENT",
        "- Advertisement -",
        "Sponsored content",
        "Article continues below advertisement",
        "Story continues after this ad",
        "Continue reading below",
        "Scroll to continue",
        "Ad",
    ],
    Reason.LEGAL: [
        "© 2023 Harbour News. All rights reserved.",
        "Copyright 2023 Harbour News",
        "All Rights Reserved",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "Terms of Use",
        "Privacy Policy",
    ],
    Reason.NAVIGATION: [
        "Skip to main content",
        "Menu",
        "Home > News > Harbour",
        "Back to top",
        "Load more",
        "Sign in",
        "Tags: ferries, harbour",
        "Filed under: Transport",
        "#ferries #harbour",
    ],
    Reason.BYLINE: [
        "By Ann Example",
        "By ANN EXAMPLE and BO EXAMPLE",
        "By Ann Example, Staff Writer",
        "By Ann Example in Harbour City",
        "By Ann Example | Dec. 12, 2022",
        "Written by Bo van Example",
        "12 December 2022",
        "Published 12:31 p.m. ET Dec. 12, 2022",
        "Updated: December 12, 2022 at 10:04 GMT",
        "3 hours ago",
        "5 min read",
        "Reuters",
        "Agence France-Presse",
        "(Reporting by Ann Example in Harbour City; Editing by Bo Example)",
        "Additional reporting by Ann Example",
        "With files from The Canadian Press",
        "Ann Example in Harbour City contributed to this report.",
        "ann@harbour.example",
    ],
    Reason.OTHER: [
        "Loading…",
        "Please enable JavaScript to view this page.",
        "Your browser does not support the video element.",
        "Play video",
        "Listen to this article: 4 min",
        "0:00 / 3:22",
        "|",
        "»",
    ],
}


@pytest.mark.parametrize(("reason", "line"), [(reason, line) for reason, lines in FURNITURE.items() for line in lines])
def test_furniture_is_cut_with_its_reason(reason: Reason, line: str) -> None:
    assert find_reason(line) is reason


@pytest.mark.parametrize(
    "line",
    [
        "Sanctions against the yard",
        "What happens next",
        "Shares in the company fell by a tenth.",
        "Share prices fell after the minister said that the harbour would close.",
        "Photos of the boat showed a hole in its side, the coastguard said.",
        "Images from the pier show a hole in its side.",
        "Video of the grounding was published by the union.",
        "Related claims were made by the union, which said two men were hurt.",
        "Comments by the minister drew an angry answer.",
        "By Monday the water had risen to the windows.",
        "By then, Example had left the country.",
        "“We use cookies,” the head of the bakery said, “and flour.”",
        "The company said: “We use cookies on this site, and we told our customers so.”",
        "Advertisements for the ferry were withdrawn, the company said.",
        "Subscribe to his views or not, he said, the boat is safe.",
        "Copyright law does not cover the recording, the court said.",
        "Follow the money, she told the court.",
        "Most read the report as an admission.",
        "Reporting by the harbour police began in May.",
        "He kept writing by candlelight.",
        "Read more closely, the report says the opposite.",
        "More news – and worse – was to come.",
        "The drought contributed to the shortage.",
        "Two hours ago the boat sank, he said.",
        "On 12 December 2022 the ministry confirmed the order.",
        "Sign up, they told him, or leave.",
        "Contact was lost at 10:04.",
        "Watch the pier, he warned: it may not hold.",
        "In return, the union would end its strike.",
        "Correction: An earlier version of this report said that three boats were damaged; there were two.",
        "* * *",
        "___",
        "“Yes.”",
        "No.",
    ],
)
def test_what_reports_is_kept(line: str) -> None:
    assert find_reason(line) is None


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


@pytest.mark.parametrize(
    ("opening", "dateline", "wire"),
    [
        ("KYIV, Dec. 12 (Reuters) — Boats sailed.", "KYIV, Dec. 12", "Reuters"),
        ("WASHINGTON — Boats sailed.", "WASHINGTON", ""),
        ("PARIS/LONDON (AP) - Boats sailed.", "PARIS/LONDON", "AP"),
        ("KYIV, Ukraine (AP) — Boats sailed.", "KYIV, Ukraine", "AP"),
        ("ST. PAUL, Minn. (AP) — Boats sailed.", "ST. PAUL, Minn.", "AP"),
        ("MOSCOW, December 12. /TASS/. Boats sailed.", "MOSCOW, December 12", "TASS"),
        ("BEIJING, Dec. 12 (Xinhua) -- Boats sailed.", "BEIJING, Dec. 12", "Xinhua"),
        ("KYIV. Dec 12 (Interfax-Ukraine) – Boats sailed.", "KYIV. Dec 12", "Interfax-Ukraine"),
        ("Washington (AFP) – Boats sailed.", "Washington", "AFP"),
        ("(Reuters) - Boats sailed.", "", "Reuters"),
        ("(AP) Boats sailed.", "", "AP"),
        ("NATO — the alliance — sailed.", "", ""),
        ("UPDATE 2 - Boats sailed.", "", ""),
        ("The boats sailed - all of them.", "", ""),
        ("Ann Example — the owner — sailed.", "", ""),
        ("Boats sailed.", "", ""),
        ("", "", ""),
    ],
)
def test_datelines(opening: str, dateline: str, wire: str) -> None:
    assert find_credits(opening, []) == (wire, dateline)


@pytest.mark.parametrize(
    ("line", "wire"),
    [
        ("With files from The Canadian Press and Agence France-Presse", "Canadian Press, Agence France-Presse"),
        ("Reuters reporting by Ann Example", "Reuters"),
        ("Copyright 2023 The Associated Press. All rights reserved.", "Associated Press"),
        ("By Ann Example, AP", "AP"),
        ("The Associated Press (AP)", "Associated Press"),
        ("By Ann Example, Harrisburg, PA", ""),
        ("Reporting by Ann Example; Editing by Bo Example", ""),
    ],
)
def test_wire_credits(line: str, wire: str) -> None:
    assert find_credits("Boats sailed.", [line]).wire == wire


def test_the_dateline_stays_in_the_text_and_the_credit_line_does_not() -> None:
    credit = "(Reporting by Ann Example; Editing by Bo Example)"
    document = cut_text(f"KYIV, Dec. 12 (Reuters) — {page()}\n\n{credit}", url="x")
    assert document.text == f"KYIV, Dec. 12 (Reuters) — {page()}"
    assert (document.dateline, document.wire) == ("KYIV, Dec. 12", "Reuters")
    assert [(cut.text, cut.reason, cut.at) for cut in document.cuts] == [(credit, Reason.BYLINE, len(document.text))]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Example", "Ann Example"),
        ("By Ann Example and Bo van Example", "Ann Example and Bo van Example"),
        ("By Ann Example, Staff Writer", "Ann Example"),
        ("By the time it rained", ""),
        ("By Monday it had rained.", ""),
        ("Ann Example", ""),
        ("By " + "A" * 150, "A" * 150),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert find_byline(line) == names


LINES = st.sampled_from([LEAD, SECOND, *(line for lines in FURNITURE.values() for line in lines), "", "\r", "a", "“"])


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


@pytest.mark.parametrize(
    ("opening", "wire", "dateline"),
    [
        ("PORT EXAMPLE, March 18 (QXN) - The ferries sail again.", "QXN", "PORT EXAMPLE, March 18"),
        ("PORT EXAMPLE (QXN) — The ferries sail again.", "QXN", "PORT EXAMPLE"),
        ("UNITED HARBOURS (UH) — The ferries sail again.", "", ""),
        ("The port (QXN) — a large one — is closed.", "", ""),
    ],
)
def test_an_agency_that_is_not_listed_is_told_by_its_place(opening: str, wire: str, dateline: str) -> None:
    assert find_credits(opening, []) == (wire, dateline)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Follow us on our channels and share this story with your friends", Reason.SHARE),
        ("Please be respectful. Comments with threats in them are deleted.", Reason.COMMENTS),
        ("Comments are open to members.", Reason.COMMENTS),
        ("This article was provided by the Harbour Wire.", Reason.BYLINE),
        ("Do you know more about this? Contact our newsroom at the pier.", Reason.FEEDBACK),
        ("- Advertisement - Nets and lines at the old pier", Reason.ADVERTISEMENT),
        ("The larger boat on Tuesday. Photograph: Ann Example/Harbour News", Reason.PHOTO),
        ("Posted Sunday, March 17, 2024", Reason.BYLINE),
        ("This article was published by a company that no longer exists, the court found.", None),
        ("Be kind.", None),
        ("They know more? Nobody at the pier thought so.", None),
    ],
)
def test_lines_around_a_report(line: str, reason: Reason | None) -> None:
    assert find_reason(line) is reason


def test_the_outlet_under_a_byline_is_part_of_it() -> None:
    document = cut_text(f"Ferries stay in port today\n\nBy Ann Example\nHarbour Evening Post\n\n{page()}", url="x")
    assert document.text == f"Ferries stay in port today\n\n{page()}"
    assert [cut.text for cut in document.cuts] == ["By Ann Example", "Harbour Evening Post"]
