from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord import intake
from onrecord.codec.exchange import FORMATS
from onrecord.errors import FetchError, FormatError, InputError, NoArticle
from onrecord.intake import OWN_PAGE, IntakeSettings, count_inputs, find_documents, find_inputs
from onrecord.intake.fetch import Fetched
from onrecord.ledger import Ledger
from onrecord.model import Document, Entry
from onrecord.web import render_readings
from samples import sample_reading
from sites import fill, opened

SENTENCE = "The harbour master said on Tuesday that the ferries would sail again from noon."


def find(origin: str | Path, **settings: object) -> list[Document | InputError]:
    return list(find_documents(str(origin), settings=IntakeSettings(**settings)))  # type: ignore[arg-type]


class Pages:
    """Answers from a table instead of the network."""

    def __init__(self, **pages: str) -> None:
        self.pages = {f"https://paper.example/{name}": page for name, page in pages.items()}
        self.asked: list[str] = []

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError("there is no such page (status 404)", url, "check the address")
        return Fetched(url, self.pages[url].encode(), "", "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", ".hidden", "inner/c.txt", "inner/.git/d.txt", "A/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{SENTENCE} It is written in {path.name}.")
    return tmp_path


def test_a_folder_is_read_in_order_without_what_is_hidden(folder: Path) -> None:
    (folder / "b.txt").write_bytes(b"\0")
    results = find(folder)
    names = [Path(result.where if isinstance(result, InputError) else result.url).name for result in results]
    assert names == ["a.txt", "b.txt", "e.txt", "c.txt"]
    assert [isinstance(result, Document) for result in results] == [True, False, True, True]
    assert count_inputs([str(folder), "-", "https://paper.example/a", str(folder / "a.txt")]) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFO, and a link there needs a privilege")
def test_what_is_neither_file_nor_folder_is_told_and_the_rest_is_read(folder: Path) -> None:
    for name, target in {"0": "1", "1": "0", "dangling.txt": "nowhere", "linked": "inner", "good.txt": "a.txt"}.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe")
    told = {Path(error.where).name: error.what for error in find(folder) if isinstance(error, InputError)}
    read = [Path(document.url).name for document in find(folder) if isinstance(document, Document)]
    assert read == ["a.txt", "b.txt", "good.txt", "e.txt", "c.txt"]
    assert told.keys() == {"0", "1", "dangling.txt", "linked", "pipe"}
    assert told["0"].startswith("cannot be read (too many levels")
    assert told["dangling.txt"] == "is a link to nothing"
    assert told["linked"] == "is a link to a folder, which is not followed"
    assert told["pipe"] == "is neither a file nor a folder"
    assert count_inputs([str(folder)]) == len(read) + len(told)


def test_nothing_is_opened_before_it_is_asked_for(folder: Path) -> None:
    results = find_documents(str(folder), settings=IntakeSettings())
    assert isinstance(next(results), Document)
    (folder / "b.txt").unlink()
    late = next(results)
    assert isinstance(late, FormatError)
    assert late.what == "cannot be read (no such file or directory)"


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    (error,) = find(tmp_path)
    assert isinstance(error, NoArticle)
    assert error.what == "is a folder without files"


def left_out(folder: Path) -> tuple[dict[str, str], set[str]]:
    """What is left out of a folder, by name, and the names of what is not."""
    told: dict[str, str] = {}
    kept = list(find_inputs(str(folder), on_left_out=lambda path, what: told.update({Path(path).name: what})))
    documents = find_documents(
        str(folder), settings=IntakeSettings(), on_left_out=lambda path, what: told.pop(Path(path).name)
    )
    assert len(list(documents)) >= len(kept)
    assert not told  # both tell of the same
    list(find_inputs(str(folder), on_left_out=lambda path, what: told.update({Path(path).name: what})))
    return told, {Path(str(path)).name for path in kept if isinstance(path, str)}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "record.db"
    fill(path)
    return path


def test_what_onrecord_wrote_is_left_out_of_a_folder_and_told(filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "record.db")
    (tmp_path / "record.db-journal").touch()
    (tmp_path / "readings").mkdir()
    (tmp_path / "readings" / "manifest.jsonl").write_text('{"format": 1, "run": {}}\n')
    (tmp_path / "read.html").write_text(render_readings([sample_reading()]), encoding="utf-8")
    with opened(filled) as browser:
        document = browser.json("/claims.json")["claims"][0]["document"]["id"]
        for name, address in {"home": "/", "document": f"/documents/{document}", "error": "/nothing"}.items():
            (tmp_path / f"{name}.html").write_text(browser.get(address).text, encoding="utf-8")
    (tmp_path / "record.jsonl.gz").write_bytes(gzip.compress(b'{"onrecord":"ledger","format":1}\n' * 1000))
    (tmp_path / "a.txt").write_text(SENTENCE)
    assert left_out(tmp_path) == (
        {
            "record.db": "is a ledger",
            "readings": "is a folder of readings",
            **dict.fromkeys(("read.html", "home.html", "document.html", "error.html"), "is a page that onrecord wrote"),
            "record.jsonl.gz": "is a ledger that onrecord exported",
        },
        {"a.txt"},
    )
    (tmp_path / "a.txt").unlink()
    (error,) = find(tmp_path)
    assert isinstance(error, NoArticle)
    assert error.what == "is a folder without files but those that onrecord wrote"


@pytest.mark.parametrize(
    "page",
    [
        f"<!doctype html><html><head>{OWN_PAGE.decode()}</head>",
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{OWN_PAGE.decode()}</head>',
        f"<!-- {OWN_PAGE.decode()} --><html>",
    ],
)
def test_no_report_can_have_itself_left_out(page: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"{page}<body><article>{f'<p>{SENTENCE}</p>' * 5}</article></body></html>")
    (document,) = find(tmp_path)
    assert isinstance(document, Document)


@pytest.fixture(scope="module")
def entries(filled: Path) -> list[Entry]:
    with Ledger(filled) as ledger:
        return list(ledger.find_entries())


@pytest.mark.parametrize("base", ["", "http://localhost:8765"])
def test_exports_are_known_by_how_they_begin(base: str, entries: list[Entry], tmp_path: Path) -> None:
    expected = {}
    for format in FORMATS.values():
        if format.name == "parquet":  # which does not say at its beginning what it holds
            continue
        for table in format.tables or ("",):
            name = f"{format.name}{table}{format.suffix}"
            expected[name] = expected[f"{name}.gz"] = f"is an export of onrecord, {format.name}" + (
                f" of {table}" if table else ""
            )
            content = b"".join(format.encode(entries, **({"table": table} if table else {"base": base})))
            (tmp_path / name).write_bytes(content)
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    assert left_out(tmp_path) == (expected, set())


LIKE_OURS = {
    "claims.csv": "id,document,reading,who,words\r\n1,2,3,Ana,it is so\r\n",
    "row.csv": "id,document\n1,2\n",
    "a.jsonl": '{"id":"0123456789abcdef","address":"https://paper.example/0123456789abcdee","is_current":true,"who":"Ana"}',
    "a.jsonld": '{"@context":"https://schema.org","@graph":[\n{"@type":"NewsArticle","@id":"https://paper.example/a",'
    f'"identifier":"0123456789abcdef","articleBody":"{SENTENCE}"}}]}}',
    "a.geojson": '{"type":"FeatureCollection","features":[\n{"type":"Feature","id":"0123456789abcdef","geometry":null,'
    '"properties":{"name":"Quay","words":["quay"]}}]}',
    "a.stix.json": '{"type":"bundle","objects":[\n{"type":"identity","id":"identity--0"}]}',
    "a.gz": "\x1f\x8b\x08 not packed",
}


def test_what_is_only_like_an_export_of_ours_is_read(tmp_path: Path) -> None:
    for name, content in LIKE_OURS.items():
        (tmp_path / name).write_text(content, encoding="latin-1", newline="")
    assert left_out(tmp_path) == ({}, set(LIKE_OURS))


def test_standard_input_is_read() -> None:
    (document,) = find_documents("-", settings=IntakeSettings(), stdin=io.BytesIO(SENTENCE.encode()))
    assert isinstance(document, Document)
    assert (document.url, document.text) == ("", SENTENCE)
    (error,) = find_documents("-", settings=IntakeSettings(), stdin=io.BytesIO(b""))
    assert str(error) == "standard input: is empty; check that it is the right one and was saved in full"
    (error,) = find_documents("-", settings=IntakeSettings())
    assert isinstance(error, NoArticle)


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("www.paper.example", "https://www.paper.example"),
        ("paper.example/a/b.html", "https://paper.example/a/b.html"),
        ("no-such-file.txt", "begins with https://"),
        ("no/such/file.txt", "begins with https://"),
        ("nul\0byte", "check the path"),
        ("", "check the path"),
        ("x" * 5000, "check the path"),
    ],
)
def test_what_is_not_there_is_met_with_what_may_be_meant(origin: str, words: str) -> None:
    (error,) = find(origin)
    assert isinstance(error, FormatError)
    assert words in error.hint


@pytest.mark.parametrize("origin", ["ftp://paper.example/a", "file:///etc/passwd", "https:"])
def test_other_addresses_are_not_taken_for_paths(origin: str) -> None:
    (error,) = find(origin)
    assert isinstance(error, FetchError)


def test_private_addresses_are_refused_by_default() -> None:
    (error,) = find("http://127.0.0.1:9/a")
    assert isinstance(error, FetchError)
    assert "--allow-private" in error.hint


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(10_000_000_000)
    (error,) = find(path)
    assert isinstance(error, FormatError)
    assert error.what == "is too large (10.0 GB)"
    monkeypatch.setattr(intake, "MOST_FILE_BYTES", 100)
    (error,) = find_documents("-", settings=IntakeSettings(), stdin=io.BytesIO(b"x" * 101))
    assert "too large" in str(error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a file name")
def test_a_file_name_that_is_no_text_can_still_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(SENTENCE)
    (document,) = find(path)
    assert isinstance(document, Document)
    assert document.url.endswith("caf\ufffd.txt")


FEED = f"""<rss><channel><title>Harbour Letter</title>
<item><title>Full</title><link>https://paper.example/full</link><content>{SENTENCE * 10}</content></item>
<item><title>Fetched</title><link>https://paper.example/fetched</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>
<description>{SENTENCE}</description></item>
<item><title>Gone</title><link>https://paper.example/gone</link></item>
<item><title>Brief</title><link>https://paper.example/brief</link><description>{SENTENCE}</description></item>
<item><title>Loop</title><link>https://paper.example/feed</link></item>
<item><title>Bare</title><description>{SENTENCE}</description></item>
</channel></rss>"""


def test_items_of_a_feed_are_fetched_unless_it_gives_them_in_full() -> None:
    pages = Pages(feed=FEED, fetched=f"{SENTENCE} And this came from the page.")
    results = list(find_documents("https://paper.example/feed", settings=IntakeSettings(), fetcher=pages))
    full, fetched, gone, unreached, brief, loop, bare = results
    assert isinstance(full, Document)
    assert isinstance(fetched, Document)
    assert isinstance(bare, Document)
    assert fetched.text == f"{SENTENCE} And this came from the page."
    assert (fetched.title, fetched.publisher, fetched.published[:10]) == ("Fetched", "Harbour Letter", "2024-03-05")
    assert isinstance(gone, FetchError)
    assert isinstance(loop, FormatError)
    assert bare.url == "https://paper.example/feed#6"
    assert pages.asked == [f"https://paper.example/{name}" for name in ("feed", "fetched", "gone", "brief", "feed")]
    assert str(gone) == "https://paper.example/gone: there is no such page (status 404); check the address"
    assert isinstance(unreached, FetchError)
    assert unreached.where == "https://paper.example/brief"
    assert unreached.what == "there is no such page (status 404), so it is read as the feed gives it"
    assert isinstance(brief, Document)
    assert (brief.url, brief.title, brief.text) == ("https://paper.example/brief", "Brief", SENTENCE)


def test_nothing_is_fetched_for_a_feed_that_is_taken_as_given(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED)
    results = find(path, fetch_items=False)
    assert [isinstance(result, Document) for result in results] == [True, True, False, True, False, True]


def test_reading_a_text_loads_no_library_of_another_kind() -> None:
    """Cold start: the network, the page parser and the rest are loaded by the inputs that need them."""
    code = (
        "import sys; from onrecord.intake import *; "
        f"assert len(list(decode_documents({SENTENCE.encode()!r}, url='x'))) == 1; "
        "heavy = {'httpx2', 'trafilatura', 'lxml', 'pypdfium2', 'charset_normalizer', 'email'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - nothing from outside
    assert run.stdout.strip() == "[]"


def test_errors_about_parts_of_standard_input_name_it() -> None:
    empty = {"@type": "NewsArticle", "articleBody": ""}
    full = {"@type": "NewsArticle", "articleBody": SENTENCE, "url": "https://paper.example/a"}
    stdin = io.BytesIO(json.dumps([full, empty]).encode())
    document, error = find_documents("-", settings=IntakeSettings(), stdin=stdin)
    assert isinstance(document, Document)
    assert document.url == ""
    assert isinstance(error, InputError)
    assert error.where == "standard input, part 2"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"<html><body><p>{SENTENCE}</p></body></html>", "HTML page"),
        (FEED, "feed"),
        (json.dumps({"@type": "NewsArticle", "articleBody": SENTENCE}), "JSON"),
        (f"From: ana@paper.example\nTo: us@paper.example\nSubject: Ferries\n\n{SENTENCE}", "mail"),
        ("%PDF-1.7\n", "PDF"),
    ],
)
def test_as_is_takes_plain_text_only(content: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")
    (error,) = find(tmp_path / "a.txt", as_is=True)
    assert isinstance(error, FormatError)
    assert error.what == f"is no plain text (kind found: {kind}), which is all that --as-is takes"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf \r\n", b"a\0b", b"caf\xe9 " * 20])
def test_as_is_refuses_what_is_no_text_in_utf_8(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    (error,) = find(tmp_path / "a.txt", as_is=True)
    assert isinstance(error, InputError)


def test_a_page_on_disk_is_no_address(tmp_path: Path) -> None:
    page = "<html><body><ul><li><a href='/a'>Harbour</a></li></ul></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (on_disk,) = find(tmp_path / "page.html")
    (fetched,) = find_documents("https://paper.example/a", settings=IntakeSettings(), fetcher=Pages(a=page))
    assert isinstance(on_disk, NoArticle)
    assert isinstance(fetched, NoArticle)
    assert "the address" in fetched.hint
    assert on_disk.hint == fetched.hint.replace("the address", "the file")


def test_of_a_page_that_breaks_off_both_the_report_and_an_error_come(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><article>{f'<p>{SENTENCE}</p>' * 5}<p>The mayor sa", encoding="utf-8")
    (tmp_path / "b.txt").write_text(SENTENCE, encoding="utf-8")
    document, error, other = find(tmp_path)
    assert isinstance(document, Document)
    assert document.cuts[-1].text == "The mayor sa"
    assert isinstance(error, FormatError)
    assert error.where == document.url
    assert "breaks off in mid-sentence (“The mayor sa”)" in error.what
    assert isinstance(other, Document)


def test_as_is_refuses_addresses_and_tells_the_language(tmp_path: Path) -> None:
    (error,) = find_documents("https://u:secret@paper.example/a", settings=IntakeSettings(as_is=True))
    assert isinstance(error, FormatError)
    assert str(error).startswith("https://paper.example/a: is an address")
    german = "Die Fähre ist am Dienstag nicht ausgelaufen, sagte der Hafenmeister, weil das Wetter zu schlecht war. "
    (tmp_path / "a.txt").write_text(german * 3, encoding="utf-8")
    (document,) = find_documents(str(tmp_path / "a.txt"), settings=IntakeSettings(as_is=True))
    assert isinstance(document, Document)
    assert (document.text, document.language) == (german * 3, "de")
