from __future__ import annotations

import pytest

from onrecord.intake.furniture import (
    Signature,
    find_byline,
    find_credits,
    find_names,
    find_reason,
    find_reporters,
    find_signature,
    find_trailing_teaser,
)
from onrecord.model import Reason

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
        "RELATED: The minister says the harbour is safe.",
        "Read more: The minister says the harbour is safe.",
        "See also: Why do ferries run aground?",
        "Video: Boat towed into harbour",
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
        "Subscribe to this weekly newsletter",
        "Subscribe to The Harbour Post and read on.",
        "You have 3 free articles left this month.",
        "Get unlimited access from $1 a week. Cancel anytime.",
        "€1 for four weeks, cancel any time",
        "Start your free trial to unlock the whole report",
        "This is premium content.",
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
        "112 View comments",
        "Readers' comments",
        "Click to rate",
    ],
    Reason.FEEDBACK: [
        "To suggest a correction, write to our desk",
        "You can also highlight a word and hit Ctrl+Enter",
        "Spotted a mistake? Select it and press Ctrl+Enter",
        "Report an error",
        "Was this article helpful?",
        "Have a news tip? Write to tips@harbour.example",
        "Do you have a story to share?",
        "Have you got a story? Email tips@harbour.example",
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
        "Image source: Harbour Office",
        "Video by Bo Example",
        "Pictured: The larger boat in May, before it ran aground",
        "Pictured above: The man who police say cut the rope",
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
        "This material may not be published or sold on without leave.",
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
        "By ANN EXAMPLE | PUBLISHED: 10:04 EST, 12 March 2025 | UPDATED: 11:30 EST, 12 March 2025",
        "Updated 13 March 2025 • Published 12 March 2025",
        "Sources: AFP, Reuters.",
        "Source: Reuters",
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
        "Related: she is his sister.",
        "Up next: the courts.",
        "Breaking news: the levee has failed.",
        "Topics: the pier, the boats and the money.",
        "Source: audit office",
        "Sources: three officers of the port",
        "Credit: the finance office, he argued, deserved it",
        "Subscribe to that view or not, the numbers are plain.",
        "By Monday",
        "Unlimited access to the sea is what the islands want.",
        "Either side can cancel at any time.",
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
        ("Dec 12 (Reuters) - Boats sailed.", "Dec 12", "Reuters"),
        ("LOS ANGELES --  ''The boats sail,'' he said.", "LOS ANGELES", ""),
        ("BEIJING - There was an element of doubt - as there is at sea.", "BEIJING", ""),
        ("LONDON - U.S. boats sailed.", "LONDON", ""),
        ("BOSTON, Mass.--(QUICK WIRE)--Boats, Inc. sails.", "BOSTON, Mass.", ""),
        ("THE GOVERNOR — WHO LIED — MUST GO. Boats sailed.", "", ""),
        ("HARBOUR BOARD — WHICH LIED — MUST GO. Boats sailed.", "", ""),
        ("HARBOUR BOARD — Ann Example’s own — MUST GO. Boats sailed.", "", ""),
        ("THE HAGUE — Boats sailed.", "THE HAGUE", ""),
        ("HAMAS — the boats’ owner, they say, sailed.", "", ""),
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


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Example", "Ann Example"),
        ("By Ann Example and Bo van Example", "Ann Example and Bo van Example"),
        ("By Ann Example, Staff Writer", "Ann Example"),
        ("By the time it rained", ""),
        ("By Monday it had rained.", ""),
        ("Ann Example", ""),
        ("By Monday", ""),
        ("By Brent Scott", "Brent Scott"),
        ("By " + "A" * 150, "A" * 150),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert find_byline(line) == names


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


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Example and Bo Example | Harbour News", "Ann Example and Bo Example"),
        ("Ann Example, Bo van Example and Éva Example • Harbour News", "Ann Example, Bo van Example and Éva Example"),
        ("Ann Example | 12 March 2025", "Ann Example"),
        ("Ann Example | Harbour News", ""),  # may be a section of an outlet
        ("Ann Example and Bo Example", ""),
        ("Boats and Piers | Harbour News", ""),
        ("Ann Example and Bo Example | they said so.", ""),
    ],
)
def test_names_with_an_outlet_sign_a_report(line: str, names: str) -> None:
    assert find_names(line) == names


@pytest.mark.parametrize(
    ("line", "signature"),
    [
        (
            "By ANN EXAMPLE | PUBLISHED: 10:04 EST, 12 March 2025 | UPDATED: 11:30 EST, 12 March 2025",
            Signature("ANN EXAMPLE", "2025-03-12T10:04-05:00", "2025-03-12T11:30-05:00"),
        ),
        ("Updated 13 March 2025 | Published 12 March 2025", Signature("", "2025-03-12", "2025-03-13")),
        ("Updated 13 March 2025 · 12 March 2025", Signature("", "2025-03-12", "2025-03-13")),
    ],
)
def test_a_line_of_several_credits_is_read_part_by_part(line: str, signature: Signature) -> None:
    assert find_signature([line]) == signature


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("(Reporting by Ann Example in Port and Bo Example in Bay; Editing by Cy Example)", "Ann Example, Bo Example"),
        ("Reuters reporting by Ann Example", "Ann Example"),
        ("Additional reporting by Ann Example", ""),
        ("Reporting by the harbour police", ""),
    ],
)
def test_reporters_are_named_in_the_credits(line: str, names: str) -> None:
    assert find_reporters([line]) == names


@pytest.mark.parametrize(
    ("text", "teaser"),
    [
        ("The boats sail, he said. Read more: Police say the owner lied", "Read more: Police say the owner lied"),
        ("“They sail.” READ ALSO: Mr. Example says so.", "READ ALSO: Mr. Example says so."),
        ("They sail. See also: Why do boats sail?", "See also: Why do boats sail?"),
        ("They sail. Read more: Boats sail again today. The office denied it.", ""),
        ("They sail. Related: two are missing, police said.", ""),
        ("They sail. See also: The annex is long.", ""),
        ("They sail, and told us to Read more: Boats", ""),
        ("They sail. Read more: why they do", ""),
        ("Read more: Boats sail", ""),
    ],
)
def test_a_teaser_at_the_end_of_a_paragraph_is_told_from_prose(text: str, teaser: str) -> None:
    start = find_trailing_teaser(text)
    assert (text[start:] if start else "") == teaser
