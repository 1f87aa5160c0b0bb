from __future__ import annotations

import codecs
import html
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import FormatError, InputError, NoArticle
from onrecord.intake import IntakeSettings, decode_documents
from onrecord.intake.formats import Format, decode_feed, decode_text, flatten_html, is_full, sniff
from onrecord.model import Document, Reason

SENTENCE = "The harbour master said on Tuesday that the ferries would sail again from noon."
QUOTED = "“Nobody was hurt,” she told reporters at the pier – the café was shut."
RUSSIAN = "Начальник порта сообщила во вторник, что паромы снова выйдут в море в полдень. Никто не пострадал."


def read(content: bytes | str, *, url: str = "x", **kwargs: Any) -> list[Document | InputError]:
    content = content if isinstance(content, bytes) else content.encode()
    return list(decode_documents(content, url=url, **kwargs))


def read_one(content: bytes | str, **kwargs: Any) -> Document:
    (document,) = read(content, **kwargs)
    assert isinstance(document, Document), document
    return document


def fail_one(content: bytes | str, **kwargs: Any) -> InputError:
    (error,) = read(content, **kwargs)
    assert isinstance(error, InputError)
    return error


# ------------------------------------------------------------------------------------------------------------ encoding


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (QUOTED.encode(), ""),
        (QUOTED.encode(), "iso-8859-1"),  # a server's wrong word is worth less than valid UTF-8
        (codecs.BOM_UTF8 + QUOTED.encode(), "ascii"),
        (codecs.BOM_UTF16_LE + QUOTED.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + QUOTED.encode("utf-16-be"), "utf-8"),
        (codecs.BOM_UTF32_LE + QUOTED.encode("utf-32-le"), ""),
        (QUOTED.encode("utf-16-le"), "utf-16"),
        (QUOTED.encode("cp1252"), ""),
        (QUOTED.encode("cp1252"), "utf-8"),  # likewise
        (QUOTED.encode("cp1252"), "latin-1"),  # browsers read it so
        (QUOTED.encode("cp1252"), "no-such-charset"),
        (QUOTED.encode("cp1252"), "unicode_escape"),  # a codec of Python's, and no encoding of a page
        (QUOTED.encode("gb18030"), "gb2312"),
    ],
)
def test_a_text_is_the_same_in_every_encoding(content: bytes, declared: str) -> None:
    assert decode_text(content, declared=declared, where="x") == QUOTED


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_other_alphabets_are_told_by_their_bytes_or_by_a_declaration(codec: str) -> None:
    assert decode_text(RUSSIAN.encode(codec) * 5, where="x") == RUSSIAN * 5
    page = f'<html><head><meta charset="{codec}"></head>{RUSSIAN}'
    assert decode_text(page.encode(codec), where="x") == page


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "rot13", "zlib", "unicode_escape", "utf-7", "mbcs", "x" * 9999, "\0"]
)
def test_no_codec_is_run_at_a_pages_word(label: str) -> None:
    assert decode_text(b"+AGE- \\x41 xn--a", declared=label, where="x") == "+AGE- \\x41 xn--a"


def test_a_damaged_byte_in_utf8_stays_visible() -> None:
    content = (QUOTED * 20).encode() + b"\xff" + QUOTED.encode()
    assert decode_text(content, where="x") == QUOTED * 20 + "\ufffd" + QUOTED


@pytest.mark.parametrize(
    "content",
    [
        b"ab\0cd" * 20,
        bytes(range(256)) * 4,
        codecs.BOM_UTF16_LE + b"abc",
        b"\x01\x02\x03\x04" * 50,
        b"\x81\x8d\x8f\xfe\xff" * 30,
    ],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        decode_text(content, where="x")


# ---------------------------------------------------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (SENTENCE, "", Format.TEXT),
        (SENTENCE, "text/html", Format.TEXT),
        ("<!DOCTYPE html><html><p>a", "text/plain", Format.HTML),
        ("\ufeff <!-- saved --> <HTML><p>a", "", Format.HTML),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b"><html xmlns="c"/>', "", Format.HTML),
        ("<p>a</p>", "", Format.HTML),
        ("Loading…\n<html><body>a", "", Format.HTML),
        ("one <b>bold</b> word", "text/html", Format.HTML),
        ("one <b>bold</b> word", "", Format.TEXT),
        ("<Reuters> reports", "", Format.TEXT),
        ("<rss version='2.0'><channel/></rss>", "text/html", Format.FEED),
        ("<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'/>", "", Format.FEED),
        ("<rdf:RDF xmlns:rdf='a'/>", "application/xml", Format.FEED),
        ('{"a": 1}', "", Format.JSON),
        ('[{"a": 1}]', "text/plain", Format.JSON),
        ("[KYIV] A report", "", Format.TEXT),
        ("{A note} on ferries", "", Format.TEXT),
        ("From: a@b.example\nSubject: x\n\ntext", "", Format.MAIL),
        ("Received: from a\n\tby b\nMessage-ID: <1>\n\ntext", "", Format.MAIL),
        ("From ann Mon Mar  4 2024\nFrom: a@b.example\nTo: c@d.example\n\ntext", "", Format.MAIL),
        ("From: the harbour, with love\n\nA column.", "", Format.TEXT),
        ("Question: Will they sail?\nAnswer: They will.\n\n", "", Format.TEXT),
        ("%PDF-1.7", "text/plain", Format.PDF),
    ],
)
def test_the_kind_is_told_by_the_content(content: str, media_type: str, expected: Format) -> None:
    assert sniff(content.encode(), where="x", media_type=media_type).format is expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "Office document"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\0\0\0\x18ftypmp42", "film"),
        (b"{\\rtf1 a}", "Rich Text"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "<urlset>"),
        (b"<svg><text>a</text></svg>", "<svg>"),
    ],
)
def test_what_is_not_read_is_called_by_its_name(content: bytes, words: str) -> None:
    error = fail_one(content)
    assert isinstance(error, FormatError)
    assert words in error.what
    assert error.hint


@pytest.mark.parametrize("content", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n"])
def test_nothing_is_called_empty(content: bytes) -> None:
    assert fail_one(content).what == "is empty"


@given(st.binary(max_size=300))
def test_any_bytes_are_documents_or_input_errors(content: bytes) -> None:
    for result in read(content):
        assert isinstance(result, Document | InputError)


PIECES = st.lists(
    st.sampled_from(
        (
            *(b"<html>", b"<p>", b"</p>", b"<rss>", b"<item>", b"</item></rss>", b"<![CDATA[", b"]]>", b"<!--"),
            *(b"{", b'"articleBody":"a"', b"}", b"[", b"]", b"\\ud800", b"\n", b"\n\n", b"%PDF-1.4\n", b"<!DOCTYPE ["),
            *(b"From: a@b.c\nSubject: d\n", b"> q", b"-- \n", b"On Monday, she wrote:\n", b"--a"),
            *(
                b"Content-Type: multipart/mixed; boundary=a\n",
                b"\xff",
                b"\0",
                b"&nbsp;",
                b"&#xD800;",
                SENTENCE.encode(),
            ),
        )
    ),
    max_size=12,
).map(b"".join)
MEDIA_TYPES = st.sampled_from(["", "text/html", "application/xml", "message/rfc822"])
CHARSETS = st.sampled_from(["", "utf-16", "cp1252", "x"])


@settings(deadline=None)  # the first page loads the page parser
@given(PIECES, MEDIA_TYPES, CHARSETS)
def test_broken_files_of_every_kind_are_documents_or_input_errors(
    content: bytes, media_type: str, charset: str
) -> None:
    for result in read(content, media_type=media_type, charset=charset):
        assert isinstance(result, Document | InputError)
        if isinstance(result, Document):
            result.text.encode()
            assert [cut.at for cut in result.cuts] == sorted(cut.at for cut in result.cuts)
        else:
            assert "\n" not in result.what


# ---------------------------------------------------------------------------------------------------------- plain text


def test_a_long_text_is_read() -> None:
    assert len(read_one(f"{SENTENCE} " * 12_600).text) > 1_000_000


def test_as_is_changes_nothing() -> None:
    text = f"\ufeff {SENTENCE}\r\n\r\nShare this article\r\rBy Ann Example\n"
    document = read_one(text, settings=IntakeSettings(as_is=True))
    assert document.text == text
    assert document == Document(url="x", text=text, language="en")


@given(st.text(min_size=1))
def test_as_is_is_the_decoded_file_or_refused(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    (result,) = read(content, settings=IntakeSettings(as_is=True))
    assert isinstance(result, InputError) or result.text == content.decode()


@pytest.mark.parametrize("content", [b"caf\xe9", b"a\0b", b"", b"\n", b"<html>\xff"])
def test_as_is_refuses_what_it_would_have_to_change(content: bytes) -> None:
    assert isinstance(fail_one(content, settings=IntakeSettings(as_is=True)), FormatError | NoArticle)


def test_what_the_user_says_wins() -> None:
    settings = IntakeSettings(published="2022-12-12", language="en")
    article = json.dumps({"articleBody": RUSSIAN, "datePublished": "2020-01-01"})
    document = read_one(article, settings=settings)
    assert (document.published, document.language) == ("2022-12-12", "en")


# ---------------------------------------------------------------------------------------------------------------- JSON


def article(**fields: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "articleBody": SENTENCE, **fields}


def test_a_schema_org_article_is_read() -> None:
    source = article(
        headline="Ferries &amp; storms",
        author=[{"name": "Ann Example"}, "Bo Example"],
        publisher={"@type": "Organization", "name": "Harbour Letter"},
        datePublished="2024-03-05T10:00:00+02:00",
        dateModified="2024-03-06",
        url="https://ann:secret@paper.example/a",
        inLanguage="en-GB",
    )
    document = read_one(json.dumps(source), url="https://paper.example:443/archive.json")
    assert document.url == "https://paper.example/a"
    assert document.text == SENTENCE
    assert document.title == "Ferries & storms"
    assert document.byline == "Ann Example, Bo Example"
    assert document.publisher == "Harbour Letter"
    assert (document.published, document.modified) == ("2024-03-05T10:00:00+02:00", "2024-03-06")
    assert document.language == "en"


@pytest.mark.parametrize(
    "value",
    [
        article(),
        [article()],
        {"@graph": [{"@type": "Person", "name": "a"}, article()]},
        {"@type": "WebPage", "mainEntity": article()},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": article()}]},
        article(**{"@type": ["Thing", "schema:ReportageNewsArticle"]}),
        article(**{"@type": "https://schema.org/Article"}),
        {"articleBody": SENTENCE},
    ],
)
def test_an_article_is_found_where_schema_org_puts_it(value: Any) -> None:
    assert read_one(json.dumps(value)).text == SENTENCE


def test_each_line_of_json_lines_is_an_article_or_a_failure() -> None:
    lines = [json.dumps(article(articleBody=f"{SENTENCE} {number}")) for number in range(3)]
    lines[1] = lines[1][:30]
    first, second, third = read("\n".join(lines))
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert first.url != third.url
    assert isinstance(second, FormatError)
    assert second.what == "line 2 is broken or incomplete JSON"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"articleBody": "a', FormatError),
        ("[" * 100_000, FormatError),
        ('{"a":' * 100_000, FormatError),
        ('{"@type": "Person"}', NoArticle),
        ("[[]]", NoArticle),
        ('{"@type": "NewsArticle", "headline": "a"}', NoArticle),
        ('{"articleBody": "half \\ud800 a character"}', FormatError),
        ('{"articleBody": "   "}', NoArticle),
    ],
)
def test_json_without_a_readable_article_is_one_failure(content: str, kind: type[InputError]) -> None:
    assert isinstance(fail_one(content), kind)


def test_markup_in_a_body_is_taken_out_and_plain_signs_are_left() -> None:
    marked = read_one(json.dumps(article(articleBody=f"<p>{SENTENCE}</p><p>He paid &lt;5 &amp; left.</p>")))
    assert marked.text == f"{SENTENCE}\n\nHe paid <5 & left."
    plain = "He paid <5 &amp; left, the harbour master of the town said."
    assert read_one(json.dumps(article(articleBody=plain))).text == plain


# --------------------------------------------------------------------------------------------------------------- feeds

RSS = """<?xml version="1.0" encoding="iso-8859-1"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Harbour Letter</title><link>https://paper.example/</link>
<item><title>Ferries &amp;#8217;sail&amp;#8217;</title><link>/a</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>
<dc:creator>Ann Example</dc:creator><media:title>A picture</media:title><description>Short.</description>
<content:encoded><![CDATA[<p>%s</p><p>Caf\xe9&nbsp;shut.</p>
<p>The post Ferries appeared first on Harbour Letter.</p>]]></content:encoded></item>
<item><title>Second</title><link>https://paper.example/b</link>
<description>&lt;p&gt;Only a &lt;b&gt;summary&lt;/b&gt; was given&nbsp;here.&lt;/p&gt;</description>
<author>desk@paper.example (Bo Example)</author></item>
<item><title>Second again</title><link>https://paper.example/b</link></item>
</channel></rss>""".replace("%s", SENTENCE)


def test_rss_is_read_as_it_is_given() -> None:
    first, second = read(RSS.encode("latin-1"), url="https://paper.example/feed")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.text == f"{SENTENCE}\n\nCafé\xa0shut."
    assert (first.url, first.title, first.byline) == ("https://paper.example/a", "Ferries ’sail’", "Ann Example")
    assert (first.publisher, first.published[:10]) == ("Harbour Letter", "2024-03-05")
    assert [(cut.reason, cut.at) for cut in first.cuts] == [(Reason.OTHER, len(first.text))]
    assert second.text == "Only a summary was given\xa0here."
    assert second.byline == "Bo Example"


def test_atom_is_read_as_it_is_given() -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Letter</title>
    <entry><title type="html">Ferries &lt;i&gt;sail&lt;/i&gt;</title><link rel="self" href="/self"/><link href="/a"/>
    <author><name>Ann Example</name></author><published>2024-03-05T10:00:00Z</published>
    <updated>2024-03-06T00:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{SENTENCE}</p><p>Two &amp; three.</p></div>
    </content></entry>
    <entry><title>Plain</title><id>1</id>
    <content type="text">if a &lt; b then the text is plain, she said.</content></entry></feed>"""
    first, second = read(atom, url="https://paper.example/feed")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.text == f"{SENTENCE}\n\nTwo & three."
    assert (first.url, first.title, first.byline) == ("https://paper.example/a", "Ferries sail", "Ann Example")
    assert (first.published[:10], first.modified[:10]) == ("2024-03-05", "2024-03-06")
    assert second.text == "if a < b then the text is plain, she said."


def test_a_summary_is_not_taken_for_the_whole_report() -> None:
    short, summary = decode_feed(RSS, url="https://paper.example/feed")
    assert not is_full(short)
    assert not is_full(summary)
    (full,) = decode_feed(f"<rss><item><content>{SENTENCE * 10}</content></item></rss>", url="x")
    assert is_full(full)


@pytest.mark.parametrize(
    ("feed", "kind"),
    [
        ("<rss><channel><item><title>cut off", FormatError),
        ("<rss><channel></channel></rss>", NoArticle),
        ("<rss><channel><item><title>no text</title></item></channel></rss>", NoArticle),
        ('<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item>&b;</item></rss>', FormatError),
        ('<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item>&a;</item></rss>', FormatError),
        ("<rss>" + "<item><link>http://a.example/%d</link></item>" * 1 + "</rss", FormatError),
    ],
)
def test_broken_and_hostile_feeds_are_one_failure(feed: str, kind: type[InputError]) -> None:
    assert isinstance(fail_one(feed), kind)


def test_a_careless_feed_is_read_all_the_same() -> None:
    careless = (
        f"<rss><channel><item><title>Fish & chips</title><description>{SENTENCE}</description></item></channel></rss>"
    )
    assert read_one(careless).text == SENTENCE


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/", "http://[::1", "//"])
def test_links_that_lead_nowhere_are_dropped(link: str) -> None:
    (entry,) = decode_feed(f"<rss><item><link>{link}</link><title>a</title></item></rss>", url="")
    assert entry.link == ""


# ---------------------------------------------------------------------------------------------------------- HTML, flat


def test_flattening_keeps_every_word_and_the_paragraphs() -> None:
    source = (
        "<style>p{}</style><h1>Ferries</h1><p>One <b>bold</b>\n word,<br>a line</p>text<ul><li>x<li>y</ul>"
        "<table><tr><td>a</td><td>b</td></tr></table><script>alert(1)</script>tail &amp; more"
    )
    text = "Ferries\n\nOne bold word,\na line\n\ntext\n\nx\n\ny\n\na\n\nb\n\ntail & more"
    assert flatten_html(source) == [(text, None)]


@pytest.mark.parametrize("source", ["", " ", "<", "<!-- -->", "\0", "<?", "\ud800"])
def test_flattening_nothing_gives_nothing_or_the_sign(source: str) -> None:
    assert flatten_html(source) in ([], [("<", None)], [("?", None)], [("<?", None)])


def test_what_a_fragment_hides_stands_apart_before_the_paragraph_it_is_hidden_in() -> None:
    source = (
        "<style>.gone { display: none }</style><div style='display:none'>Look<p>inside</div><p>One <i hidden>two</i>"
        "three</p><p class=gone>four</p><p>five</p>"
    )
    assert flatten_html(source) == [
        ("Look\ninside\n\ntwo", Reason.OTHER),
        ("One three", None),
        ("four", Reason.OTHER),
        ("five", None),
    ]


def test_hidden_text_of_a_feeds_item_and_of_an_article_is_cut() -> None:
    body = f"<p style='display:none'>The ferries sank, he said.</p><p>{SENTENCE}</p><p>{QUOTED}</p>"
    item = f"<item><title>t</title><description>{html.escape(body)}</description></item>"
    for content in (f"<rss><channel>{item}</channel></rss>", json.dumps(article(articleBody=body))):
        document = read_one(content)
        assert document.text == f"{SENTENCE}\n\n{QUOTED}"
        assert [(cut.text, cut.reason, cut.at) for cut in document.cuts] == [
            ("The ferries sank, he said.", Reason.OTHER, 0)
        ]


@pytest.mark.parametrize(
    ("opened", "claimed", "url"),
    [
        ("https://paper.example/list", "https://paper.example/a", "https://paper.example/a"),
        ("https://paper.example/list", "https://paper.example:8443/a", "https://paper.example/list"),
        ("https://paper.example/list", "https://other.example/a", "https://paper.example/list"),
        ("https://paper.example/list", "https://paper.example:99999/a", "https://paper.example/list"),
        ("a.json", "https://paper.example/a", "a.json"),
    ],
)
def test_a_report_cannot_claim_an_address_on_another_host(opened: str, claimed: str, url: str) -> None:
    assert read_one(json.dumps(article(url=claimed)), url=opened).url == url


def test_of_several_articles_each_has_its_number() -> None:
    several = json.dumps([article(url="https://paper.example/a"), article()])
    assert [d.url for d in read(several, url="a.json") if isinstance(d, Document)] == ["a.json#1", "a.json#2"]


def test_items_of_a_feed_cannot_claim_another_host() -> None:
    item = "<item><title>Ferries</title><link>https://{}/a</link><description>{}</description></item>"
    items = item.format("paper.example", SENTENCE) + item.format("other.example", SENTENCE)
    feed = f"<rss><channel><title>t</title>{items}</channel></rss>"
    documents = list(read(feed, url="https://paper.example/feed"))
    assert [d.url for d in documents if isinstance(d, Document)] == [
        "https://paper.example/a",
        "https://paper.example/feed#2",
    ]


def test_comments_after_a_feed_cost_no_time() -> None:
    feed = f"<rss><channel><item><title>t</title><description>{SENTENCE}</description></item></channel></rss>"
    assert read_one(feed + "<!-- made by hand -->\n" * 3).title == "t"
    assert "breaks off" in fail_one(feed + "<!---->" * 100_000 + "x").what


def test_an_empty_input_is_refused_with_a_hint() -> None:
    assert fail_one(b" \n").hint
    assert fail_one(b" \n", settings=IntakeSettings(as_is=True)).hint
