from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.errors import FormatError, NoArticle
from onrecord.intake.page import find_in_page
from onrecord.model import Document, Reason

URL = "https://harbour.example/ferries"
TITLE = "Two ferries stay in port after grounding"
COPYRIGHT = "© 2022 Harbour News. All rights reserved."
BODY = [
    "The ferry company said on Tuesday that two of its boats would stay in port until their engines had been checked.",
    "“We have asked the yard for new parts,” Ann Example, who heads the company, told reporters at the pier.",
    "The harbour office denied that it had known of the fault, and said both boats had passed every inspection.",
    "Some four hundred passengers had spent the night on the larger boat, which ran aground in fog on Monday.",
    "The union of seamen called for an inquiry. It said that two of its members had reported the fault in May.",
]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


def page(body: str = paragraphs(*BODY), *, head: str = "", before: str = "", after: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><title>{TITLE} | Harbour News</title>{head}</head><body>
<header class="site-header"><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav></header>
{before}<main><article><h1>{TITLE}</h1><div class="article-body">{body}</div></article></main>{after}
<footer>{COPYRIGHT}</footer></body></html>"""


def read(html: str) -> Document:
    return next(document for document in find_in_page(html, url=URL) if isinstance(document, Document))


def json_ld(**known: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **known})}</script>'


def test_the_report_is_kept_and_all_else_is_cut() -> None:
    document = read(page())
    assert document.text == "\n\n".join(BODY)
    assert document.title == TITLE
    assert document.language == "en"
    assert [(cut.reason, cut.at) for cut in document.cuts] == [
        (Reason.NAVIGATION, 0),
        (Reason.LEGAL, len(document.text)),
    ]


@pytest.mark.parametrize(
    ("piece", "text", "reason"),
    [
        ('<p><a href="/x">Union calls for a strike on Friday</a></p>', "Union calls for a strike on Friday", "TEASER"),
        ('<div class="related"><a href="/x">Storm is coming</a></div>', "Storm is coming", "TEASER"),
        ("<p>Read more: Storm is coming</p>", "Read more: Storm is coming", "TEASER"),
        ('<div class="newsletter-box"><p>News in your mailbox</p></div>', "News in your mailbox", "NEWSLETTER"),
        ('<div class="share-buttons"><button>Send</button></div>', "Send", "SHARE"),
        ("<figure><img><figcaption>The boat.</figcaption></figure>", "The boat.", "PHOTO"),
        ("<p>Photo: Bo Example/AFP</p>", "Photo: Bo Example/AFP", "PHOTO"),
        ("<p>ADVERTISEMENT</p>", "ADVERTISEMENT", "ADVERTISEMENT"),
        ('<div class="ad-slot">Buy a boat</div>', "Buy a boat", "ADVERTISEMENT"),
        ("<p>Spotted a mistake? Write to us.</p>", "Spotted a mistake? Write to us.", "FEEDBACK"),
        ("<p>By Ann Example</p>", "By Ann Example", "BYLINE"),
        ("<p>We use cookies on this site.</p>", "We use cookies on this site.", "COOKIES"),
    ],
)
def test_pieces_inside_the_report_are_cut_one_by_one(piece: str, text: str, reason: str) -> None:
    document = read(page(paragraphs(*BODY[:2]) + piece + paragraphs(*BODY[2:])))
    assert document.text == "\n\n".join(BODY)
    (cut,) = (cut for cut in document.cuts if cut.text == text)
    assert cut.reason is Reason[reason]
    assert document.text[cut.at :].startswith(BODY[2])


def test_far_regions_are_cut_in_one_piece_each() -> None:
    comments = '<section class="comments"><h2>Comments</h2><p>Lies, all of it!</p><p>I saw it myself.</p></section>'
    sidebar = '<aside><h3>Most read</h3><a href="/a">Storm is coming</a><p><a href="/b">Bread is dear</a></aside>'
    document = read(page(before='<div id="cookie-banner"><p>We like cookies.</p></div>', after=comments + sidebar))
    assert document.text == "\n\n".join(BODY)
    assert [(cut.reason, cut.text) for cut in document.cuts] == [
        (Reason.NAVIGATION, "Home\nNews"),
        (Reason.COOKIES, "We like cookies."),
        (Reason.COMMENTS, "Comments\nLies, all of it!\nI saw it myself."),
        (Reason.NAVIGATION, "Most read\nStorm is coming\nBread is dear"),
        (Reason.LEGAL, COPYRIGHT),
    ]


def test_every_visible_word_is_text_title_or_cut() -> None:
    aside = '<aside class="x"><p>Weather: <b>rain</b>, later fog.</p></aside>'
    html = page(paragraphs(*BODY[:3]) + aside + paragraphs(*BODY[3:]), after="<div>Imprint<br>Jobs</div>")
    document = read(html)
    seen = " ".join([document.title, document.text, *(cut.text for cut in document.cuts)]).split()
    visible = ["Home News", TITLE, *BODY, "Weather: rain, later fog.", "Imprint Jobs", COPYRIGHT]
    assert sorted(seen) == sorted(" ".join(visible).split())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ("un<b>bold</b>ed", "unbolded"),
        ("<em>Both</em><em>one</em>", "Bothone"),
        ('the <a href="/x">ferry </a>company', "the ferry company"),
        ("the <a href='/x'>ferry</a>, she said", "the ferry, she said"),
        ("one<br>two", "one two"),
        ("one <br/> two", "one two"),
        ("a   wide\n\t space", "a wide space"),
        ("tea &amp; cake &lt;now&gt; &#8220;yes&#8221; &mdash; no", "tea & cake <now> “yes” — no"),
        ("har&shy;bour mas&#8203;ter\ufeff", "harbour master"),
        ("10&nbsp;km", "10\u00a0km"),
        ("'single' \"double\" -- ... – ‘x’", "'single' \"double\" -- ... – ‘x’"),
        ("a <q>short</q> quotation", "a “short” quotation"),
        ("H<sub>2</sub>O", "H2O"),
        ("seen <span hidden>not </span><i style='display: none'>nor </i>this", "seen this"),
        ("seen <!-- not --><script>nor()</script>this", "seen this"),
        ("caf\u0065\u0301", "caf\u0065\u0301"),
        ("nul\x00 and \x1b[31mescape", "nul and [31mescape"),
    ],
)
def test_text_is_what_the_page_shows(source: str, shown: str) -> None:
    text = "The owner of the ferry wrote in a letter to the harbour office: {} and nothing more was heard of it."
    assert read(page(paragraphs(*BODY[:2], text.format(source), *BODY[2:]))).text.split("\n\n")[2] == text.format(shown)


def test_headings_lists_quotations_and_broken_lines_are_paragraphs_of_their_own() -> None:
    body = (
        paragraphs(*BODY[:2])
        + "<h2>What the office says</h2>"
        + f"<p>{BODY[2]}</p><ul><li>The engines were tested in April by the yard.</li>"
        + "<li>The pumps were tested in May by the crew.</li></ul>"
        + "<blockquote class='social-post'><p>We told them so in May. Nobody listened to us at all.</p>"
        + "— A seaman</blockquote>"
        + f"<p>{BODY[3]}<br><br>{BODY[4]}</p>"
    )
    assert read(page(body)).text.split("\n\n") == [
        *BODY[:2],
        "What the office says",
        BODY[2],
        "The engines were tested in April by the yard.",
        "The pumps were tested in May by the crew.",
        "We told them so in May. Nobody listened to us at all.",
        "— A seaman",
        *BODY[3:],
    ]


def test_a_preformatted_release_has_its_paragraphs() -> None:
    release = "\n\n".join(paragraph.replace(" that ", "\nthat ") for paragraph in BODY)
    html = f"<html><body><h1>{TITLE}</h1><pre>{release}</pre></body></html>"
    assert read(html).text == "\n\n".join(BODY)


def test_a_report_in_the_html_of_another_age() -> None:
    body = "<br><br>\n".join(BODY)
    cell = f"<FONT SIZE=2><B>{TITLE}</B><P>{body}</FONT>"
    html = f"<TITLE>{TITLE}</TITLE><TABLE><TR><TD><A HREF=x>Home</A><TD>{cell}</TABLE>"
    assert read(html).text == "\n\n".join(BODY)


def test_malformed_and_truncated_pages_are_read_as_far_as_they_go() -> None:
    whole = page()
    document = read(whole[: whole.index("in fog on Monday")])
    assert document.text.split("\n\n")[:3] == BODY[:3]
    assert read(page("<div><b>" + paragraphs(*BODY) + "</i></span></table>")).text == "\n\n".join(BODY)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + paragraphs(*BODY) + "</div>" * 10_000,
        paragraphs(*BODY) + "<blockquote>" * 10_000,
        paragraphs(*BODY) + "<span class=author>" * 10_000,
        paragraphs(*BODY) + f"<p class='{'x ' * 100_000}'></p>",
        paragraphs(*BODY) + "<script type='application/ld+json'>" + "[" * 50_000 + "</script>",
        paragraphs(*BODY) + "<!--" * 10_000,
    ],
    ids=["divs", "quotations", "spans", "attribute", "json", "comments"],
)
def test_hostile_pages_keep_their_report(body: str) -> None:
    assert read(page(body)).text == "\n\n".join(BODY)


def test_ten_thousand_quotation_marks_and_a_line_of_a_megabyte() -> None:
    marks = "“" * 10_000 + " she said " + "”" * 10_000
    line = "The harbour master said that it rained. " * 25_000
    assert read(page(paragraphs(*BODY, marks, line.strip()))).text.split("\n\n")[:5] == BODY


def test_metadata_from_json_ld_wins() -> None:
    head = json_ld(
        headline=TITLE,
        author=[{"@type": "Person", "name": "Ann Example"}, {"name": "By Bo Example"}],
        publisher={"name": "Harbour News"},
        datePublished="2022-12-12T10:04:00+02:00",
        dateModified="2022-12-13",
    )
    metas = '<meta property="og:site_name" content="Other"><meta name="author" content="Other">'
    document = read(page(head=metas + head))
    assert (document.byline, document.publisher) == ("Ann Example, Bo Example", "Harbour News")
    assert (document.published, document.modified) == ("2022-12-12T10:04:00+02:00", "2022-12-13")


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["ReportageNewsArticle"], "datePublished": "2022-12-12"}]}',
        '[{"@type": "Organization"}, {"@type": "Article", "datePublished": "2022-12-12",}]',
        '<!-- {"@type": "http://schema.org/NewsArticle", "datePublished": "2022-12-12"} -->',
        '{"@type": "Organization"}\n{"@type": "NewsArticle", "datePublished": "2022-12-12"};',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "datePublished": "2022-12-12"}}',
        '{"@type": "NewsArticle", "headline": "a\nb", "datePublished": "2022-12-12"}',
    ],
)
def test_json_ld_in_many_shapes(script: str) -> None:
    assert read(page(head=f'<script type="application/ld+json">{script}</script>')).published == "2022-12-12"


@pytest.mark.parametrize("script", ["", "{", "null", "7", '{"@type": {}}', '{"@type": "NewsArticle", "author": [[1]]}'])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    assert read(page(head=f'<script type="application/ld+json">{script}</script>')).text == "\n\n".join(BODY)


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ('<meta property="og:title" content="Two ferries stay in port after grounding">', "title", TITLE),
        ('<meta property="og:site_name" content="Harbour News">', "publisher", "Harbour News"),
        ('<meta name="author" content="By Ann Example">', "byline", "Ann Example"),
        ('<meta name="parsely-author" content="Ann Example">', "byline", "Ann Example"),
        ('<meta name="DC.creator" content="Ann Example">', "byline", "Ann Example"),
        (
            '<meta property="article:published_time" content="2022-12-12T10:04:00Z">',
            "published",
            "2022-12-12T10:04:00Z",
        ),
        ('<meta name="sailthru.date" content="2022-12-12">', "published", "2022-12-12"),
        ('<meta name="dc.date.issued" content="12 December 2022">', "published", "2022-12-12"),
        ('<meta name="date" content="Dec. 12">', "published", ""),
        ('<meta property="article:modified_time" content="2022-12-13">', "modified", "2022-12-13"),
    ],
)
def test_metadata_from_meta_tags(head: str, field: str, value: str) -> None:
    assert getattr(read(page(head=head)), field) == value


def test_metadata_from_the_text_of_the_page() -> None:
    body = "<p class='byline'>By Ann Example</p><time datetime='2022-12-12T10:04+02:00'>Monday</time>" + paragraphs(
        *BODY
    )
    document = read(page(body))
    assert (document.byline, document.published) == ("Ann Example", "2022-12-12T10:04+02:00")
    document = read(page(paragraphs("By Ann Example", "Published December 12, 2022", *BODY)))
    assert (document.byline, document.published) == ("Ann Example", "2022-12-12")
    assert document.text == "\n\n".join(BODY)


def test_dateline_and_agency() -> None:
    document = read(page(paragraphs("HARBOUR CITY, Dec. 12 (AP) — " + BODY[0], *BODY[1:])))
    assert (document.dateline, document.wire) == ("HARBOUR CITY, Dec. 12", "AP")
    assert document.text.startswith("HARBOUR CITY, Dec. 12 (AP) — The ferry")
    assert read(page(head='<meta name="author" content="Agence France-Presse">')).wire == "Agence France-Presse"


def test_the_declared_language_counts_where_the_text_does_not_tell() -> None:
    html = page(paragraphs(*["Кот. " * 30] * 3)).replace('lang="en"', 'lang="tt-RU"')
    assert read(html).language in {"tt", "ru", "mk", "bg", "uk", "sr"}
    assert read(page().replace('lang="en"', 'lang="fr"')).language == "en"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", "empty"),
        (" \n\x00", "empty"),
        ("<!-- nothing -->", "empty"),
        ("<html><body></body></html>", "no report"),
        ("just a few words", "no report"),
        ("<html><body><div id=root></div><script src=app.js></script></body></html>", "scripts"),
        (
            "<html><title>404 Not Found</title><body><h1>Page not found</h1><p>It is not here.</p></body>",
            "404",
        ),
        (
            "<html><title>Just a moment...</title><body><p>Checking that you are human.</p><script></script></body>",
            "Just a moment",
        ),
        (page(paragraphs(BODY[0], BODY[1], "Subscribe to continue reading")), "subscribers"),
        (page(paragraphs(*BODY[:3]), head=json_ld(isAccessibleForFree=False)), "subscribers"),
        (page(paragraphs(*BODY[:3]), head=json_ld(isAccessibleForFree="False")), "subscribers"),
    ],
)
def test_pages_without_a_report_say_what_they_are(html: str, words: str) -> None:
    with pytest.raises(NoArticle) as caught:
        read(html)
    assert words in caught.value.what
    assert caught.value.where == URL
    assert caught.value.hint


def test_a_front_page_is_no_report() -> None:
    teasers = "".join(
        f'<div class="card"><h3><a href="/{i}">Storm number {i} is coming to the islands</a></h3><p>{text}</p></div>'
        for i, text in enumerate(BODY * 2)
    )
    with pytest.raises(NoArticle, match="lists articles"):
        read(f"<html><title>Harbour News</title><body><main>{teasers}</main></body></html>")


def test_a_page_behind_a_paywall_that_shows_its_whole_report_is_read() -> None:
    long = [f"{text} Part {i} of the report." for i, text in enumerate(BODY * 4)]
    html = page(paragraphs(*long, "Subscribe to continue reading"), head=json_ld(isAccessibleForFree=False))
    assert read(html).text == "\n\n".join(long)


def test_a_page_drawn_by_scripts_is_read_from_its_json_ld() -> None:
    head = json_ld(headline=TITLE, articleBody=" ".join(BODY))
    html = f"<html><head>{head}</head><body><div id=root></div><script></script>"
    document = read(html)
    assert (document.title, document.text) == (TITLE, " ".join(BODY))
    with pytest.raises(NoArticle):
        read(html.replace('"headline"', '"isAccessibleForFree": false, "headline"'))


def test_a_call_to_subscribers_far_from_a_short_report_does_not_refuse_it() -> None:
    call = '<div class="top-bar"><p>Already a subscriber?</p></div>'
    assert read(page(before=call)).text == "\n\n".join(BODY)
    with pytest.raises(NoArticle):
        read(page(after=call))


@pytest.mark.parametrize(
    "quoted",
    [
        "“Subscribe to continue reading” is what the page said, the union complained to the harbour office.",
        "The minister said the 404 people on board were safe, and that the page not found in the log was a copy.",
    ],
)
def test_a_report_about_such_pages_is_a_report(quoted: str) -> None:
    long = [f"{text} Part {i} of the report." for i, text in enumerate(BODY * 4)]
    assert quoted in read(page(paragraphs(*long[:3], quoted, *long[3:]))).text


TAGS = [
    "<p>",
    "</p>",
    "<div class='share'>",
    "</div>",
    "<a href='",
    "'>",
    "<script>",
    "<br>",
    "<td>",
    "<title>",
    "<h1>",
]
ODDITIES = ["<", ">", "&amp", "&#0;", "\x00", "]]>", "<!--", "<svg>", "<q>", "<pre>\n\n", "\ud800", "\x0b", "\u2028"]
SNIPPETS = st.sampled_from([*TAGS, *ODDITIES, *BODY[:2]])


@given(st.text() | st.lists(SNIPPETS, max_size=60).map("".join))
@example("<p>" + BODY[0] + "\x85" + BODY[1])
@example('<meta content="x" property="article:published_time"><html lang=' + "x" * 1000)
@settings(deadline=None)  # the first page loads the libraries
def test_any_string_is_a_document_or_no_article(html: str) -> None:
    try:
        document = read(html)
    except NoArticle:
        return
    assert document.text
    assert all(0 <= cut.at <= len(document.text) for cut in document.cuts)
    assert [cut.at for cut in document.cuts] == sorted(cut.at for cut in document.cuts)
    assert not any("\n" in paragraph or paragraph != paragraph.strip() for paragraph in document.text.split("\n\n"))


def test_headline_and_date_are_told_apart_from_lines_of_one_paragraph() -> None:
    cell = f"<b>{TITLE}</b><br>Posted Sunday, March 17, 2024<br><br>" + "<br><br>".join(BODY)
    document = read(f"<html><title>Harbour News: {TITLE}</title><body><table><tr><td>{cell}</td></tr></table></html>")
    assert document.text == "\n\n".join(BODY)
    assert document.published == "2024-03-17"


def test_lines_of_a_paragraph_stay_together() -> None:
    verse = "The sea is wide,<br>the harbour small,<br>the ferry company said on its sign on Tuesday morning."
    assert "The sea is wide, the harbour small, the ferry" in read(page(paragraphs(*BODY[:3], verse, *BODY[3:]))).text


def test_a_subhead_in_a_box_of_its_own_is_kept() -> None:
    boxes = [f'<div class="txt"><p>{text}</p></div>' for text in BODY]
    boxes.insert(3, '<div class="txt"><h3>Night on board</h3></div>')
    assert "\n\nNight on board\n\n" in read(page("".join(boxes))).text


def test_far_headlines_under_a_heading_are_teasers() -> None:
    links = '<a href="/1">Tide tables for the coming week</a><br><a href="/2">Baker wins prize at the fair</a>'
    document = read(page(after=f"<div><b>Also today</b><br>{links}</div>"))
    assert [cut.reason for cut in document.cuts if "Baker wins" in cut.text] == [Reason.TEASER]


HIDDEN = "The owner of the yard said that the boats had sunk on Sunday."


@pytest.mark.parametrize(
    ("style", "attributes"),
    [
        ("", "hidden"),
        ("", "style='display:none'"),
        ("", "style='position: absolute; left: -9999px'"),
        ("", "style='clip: rect(0 0 0 0)'"),
        ("", "class='visually-hidden'"),
        ("", "class='x sr-only'"),
        ("", "class='screen-reader-text'"),
        ("", "class='css-1-VisuallyHidden'"),
        (".a { display: none }", "class='a'"),
        ("p.a{display:none!important}", "class='b a'"),
        ("/* } */ #a, .z { color: red; visibility: hidden }", "id='a'"),
        (".a { display: block } .a.b { display: none }", "class='b a'"),
        ("@import 'x'; .a { position: absolute; text-indent: -9999px }", "class='a'"),
    ],
)
def test_what_a_page_hides_is_cut(style: str, attributes: str) -> None:
    hidden = f"<p {attributes}>{HIDDEN}</p>"
    document = read(page(paragraphs(*BODY[:2]) + hidden + paragraphs(*BODY[2:]), head=f"<style>{style}</style>"))
    assert document.text == "\n\n".join(BODY)
    assert [(cut.text, cut.reason) for cut in document.cuts if document.text[cut.at :].startswith(BODY[2])] == [
        (HIDDEN, Reason.OTHER)
    ]


@pytest.mark.parametrize(
    ("style", "attributes"),
    [
        ("@media print { .a { display: none } }", "class='a'"),
        (".a { display: none } .a { display: block }", "class='a'"),
        (".a { display: none } .js .a { display: block }", "class='a'"),
        (".a { display: none }", "class='a' style='display: block'"),
        (".a.b, .a p, .a:before { display: none }", "class='a'"),
        ("div.a { display: none }", "class='a'"),
        (".a { display: none", "class='a'"),
        ("", "class='not-sr-only'"),
    ],
)
def test_what_may_be_shown_is_kept(style: str, attributes: str) -> None:
    shown = f"<p {attributes}>{HIDDEN}</p>"
    document = read(page(paragraphs(*BODY[:2]) + shown + paragraphs(*BODY[2:]), head=f"<style>{style}</style>"))
    assert document.text.split("\n\n") == [*BODY[:2], HIDDEN, *BODY[2:]]


@pytest.mark.parametrize("wrapped", ["<noscript><style>{}</style></noscript>", "<style media=print>{}</style>"])
def test_style_sheets_that_do_not_hold_hide_nothing(wrapped: str) -> None:
    body = paragraphs(*BODY).replace("<p>", "<p class='a'>")
    assert read(page(body, head=wrapped.format(".a { display: none }"))).text == "\n\n".join(BODY)


def test_a_hidden_word_does_not_part_the_paragraph_it_stands_in() -> None:
    short = "<p><span class='sr-only'>Opens elsewhere.</span> “They <i hidden>all</i>sank,” she said.</p>"
    document = read(page(paragraphs(*BODY) + short))
    assert document.text.split("\n\n") == [*BODY, "“They sank,” she said."]
    assert "Opens elsewhere.\nall" in [cut.text for cut in document.cuts]


def test_a_label_for_screen_readers_tells_what_a_line_is() -> None:
    caption = "<p><span class='visually-hidden'>Image caption: </span>The boat in May</p>"
    document = read(page(paragraphs(*BODY[:2]) + caption + paragraphs(*BODY[2:])))
    assert ("The boat in May", Reason.PHOTO) in [(cut.text, cut.reason) for cut in document.cuts]


def test_style_sheets_made_to_cost_time_do_not() -> None:
    rules = "".join(f".a.b{i}{{display:none}}" for i in range(20_000))
    classes = " ".join(f"b{i}" for i in range(15))
    begun = time.process_time()
    read(page(paragraphs(*BODY) + f"<i class='a {classes}'>x</i>" * 5_000, head=f"<style>{rules}</style>"))
    assert time.process_time() - begun < 10.0  # looking at every rule, it takes minutes


TEASERS = "<p>Mayor denies bribe</p><p>Police say nine died</p>"


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='bx'><h3>Read next</h3>{TEASERS}</div>",
        f"<div class='bx'><div><b>Up next</b></div><div>{TEASERS}</div></div>",
        "<h3>Read next</h3><p>Mayor says the pier is safe</p><p>Police say nine have died</p>",
    ],
)
def test_teasers_without_links_under_a_heading_are_cut(box: str) -> None:
    document = read(page(paragraphs(*BODY[:3]) + box + paragraphs(*BODY[3:])))
    assert document.text == "\n\n".join(BODY)
    assert [cut.reason for cut in document.cuts[1:-1]] == [Reason.TEASER] * 3


def test_the_next_section_is_no_teaser() -> None:
    section = f"<h3>Read next</h3><p>Mayor says the pier is safe</p><h3>What the office says now</h3><p>{BODY[3]}</p>"
    text = read(page(paragraphs(*BODY[:3]) + section + paragraphs(BODY[4]))).text
    assert text.split("\n\n") == [*BODY[:3], "What the office says now", *BODY[3:]]


@pytest.mark.parametrize("end", ["<strong>{}</strong>", "<a href='/x'>{}</a>", "<br><em>{}</em>", "{}"])
def test_a_teaser_at_the_end_of_a_paragraph_is_cut(end: str) -> None:
    teaser = f"<p>{BODY[2]} Read more: {end.format('Police say nine died')}</p>"
    document = read(page(paragraphs(*BODY[:2]) + teaser + paragraphs(*BODY[3:])))
    assert document.text == "\n\n".join(BODY)
    assert ("Read more: Police say nine died", Reason.TEASER) in [(cut.text, cut.reason) for cut in document.cuts]


@pytest.mark.parametrize(("end", "shown"), [("The ", "The"), ("The <b>union", "The union"), ("The <a href='/x", "The")])
def test_a_page_that_breaks_off_in_mid_sentence_is_told_and_read_without_it(end: str, shown: str) -> None:
    whole = page()
    broken = whole[: whole.index("Some four hundred")] + f"</p><p>{end}"
    document, error = find_in_page(broken, url=URL)
    assert isinstance(document, Document)
    assert document.text == "\n\n".join(BODY[:3])
    assert (document.cuts[-1].text, document.cuts[-1].reason) == (shown, Reason.OTHER)
    assert isinstance(error, FormatError)
    assert f"breaks off in mid-sentence (“{shown}”)" in error.what


@pytest.mark.parametrize("end", ["<p>Nobody was hurt.", "<p>Nobody was hurt</p>", "<p>— A seaman</p></div>"])
def test_a_page_that_leaves_out_its_last_tags_is_whole(end: str) -> None:
    html = f"<h1>{TITLE}</h1><div>{paragraphs(*BODY)}{end}"
    (document,) = find_in_page(html, url=URL)
    assert isinstance(document, Document)
    assert document.text.startswith("\n\n".join(BODY))


@pytest.mark.parametrize(
    "call",
    [
        "You have 0 free articles left this month.",
        "Get unlimited access from $1 a week. Cancel anytime.",
        "This is premium content. Start your free trial to unlock the full story.",
        "Log in to read",
    ],
)
def test_a_stub_is_no_report_and_its_call_to_pay_is_no_text(call: str) -> None:
    with pytest.raises(NoArticle, match="subscribers"):
        read(page(paragraphs(*BODY[:3], call)))
    long = [f"{text} Part {i} of the report." for i, text in enumerate(BODY * 4)]
    assert read(page(paragraphs(*long, call))).text == "\n\n".join(long)


def test_a_page_that_counts_free_articles_is_read() -> None:
    document = read(page(paragraphs(*BODY, "You have 3 free articles left this month.")))
    assert document.text == "\n\n".join(BODY)


@pytest.mark.parametrize("title", ["<title>Harbour News</title>", "<title>x</title>", ""])
def test_the_headline_of_the_report_wins_over_a_title_that_names_the_outlet(title: str) -> None:
    html = f"<html><head>{title}</head><body><article><h1>{TITLE}</h1>{paragraphs(*BODY)}</article></body></html>"
    document = read(html)
    assert document.title == TITLE
    assert document.text == "\n\n".join(BODY)
    assert document.cuts == ()


def test_another_headline_is_no_repetition() -> None:
    document = read(page(paragraphs(*BODY[:3]) + "<h1>Storms return to the islands</h1>" + paragraphs(*BODY[3:])))
    assert document.text == "\n\n".join(BODY)
    assert ("Storms return to the islands", Reason.OTHER) in [(cut.text, cut.reason) for cut in document.cuts]


def test_the_times_of_a_live_blog_stay() -> None:
    entry = "<section><time>1{}:00</time><h3>Part {} of the night</h3><p>{}</p></section>"
    text = read(page("".join(entry.format(i, i, text) for i, text in enumerate(BODY)))).text
    assert text.split("\n\n")[:4] == ["10:00", "Part 0 of the night", BODY[0], "11:00"]
    assert read(page("<time>10:00</time>" + paragraphs(*BODY))).text == "\n\n".join(BODY)


def test_a_subhead_that_looks_like_a_byline_stays() -> None:
    subhead = "<h3>By Any Means</h3>"
    assert "\n\nBy Any Means\n\n" in read(page(paragraphs(*BODY[:3]) + subhead + paragraphs(*BODY[3:]))).text


def test_bylines_in_several_places() -> None:
    metas = [f"<meta name='author' content='{it}'>" for it in ("https://x.example/ann", "By Ann Example", "Bo Example")]
    assert read(page(head="".join(metas))).byline == "Ann Example, Bo Example"
    document = read(page(paragraphs("Ann Example and Bo Example | Harbour News", *BODY)))
    assert (document.byline, document.text) == ("Ann Example and Bo Example", "\n\n".join(BODY))
    assert read(page(paragraphs(*BODY, "(Reporting by Ann Example; Editing by Bo Example)"))).byline == "Ann Example"
