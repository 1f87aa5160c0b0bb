from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from onrecord.cli.serving import serve as serve_command
from onrecord.codec import decode_decision, decode_reading
from onrecord.codec.exchange import FORMATS
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.model import (
    Attribution,
    Question,
    Stance,
    Status,
    Voice,
)
from onrecord.web import server
from onrecord.web.asked import PARAMETERS, in_words, read_question
from onrecord.web.server import Site
from samples import TEXT, sample_reading
from sites import HOSTILE, Browser, changed_reading, clock, fill, ids, links, opened, parse, raw, words

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "record.db"
    fill(path)
    return path


@pytest.fixture
def ledger(filled: Path, tmp_path: Path) -> Path:
    """One that a test may do with as it likes."""
    return Path(shutil.copy(filled, tmp_path / "record.db"))


@pytest.fixture(scope="module")
def browser(filled: Path) -> Iterator[Browser]:
    with opened(filled) as one:
        yield one


def spoken(one: Attribution) -> str:
    return " ".join(span.of(TEXT) for span in (*one.source, *one.content))


def test_the_patience_of_a_site_is_that_of_its_database(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patience: list[float | None] = []

    def listening(where: str, *, read_only: bool, patience_s: float | None = None) -> Ledger:
        patience.append(patience_s)
        return Ledger(where, read_only=read_only, patience_s=patience_s)

    monkeypatch.setattr(server, "Ledger", listening)
    with opened(filled, threads=1, patience_s=37.0) as browser:
        assert browser.get("/claims").status_code == 200
    assert patience[-1] == 37.0


# --- addresses --------------------------------------------------------------------------------------------------------


def test_every_link_of_every_page_leads_somewhere(browser: Browser) -> None:
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        # A format whose library is not installed says so.
        assert answer.status_code == 200 or (answer.status_code == 501 and "format=parquet" in address), address
        if answer.headers["content-type"].startswith("text/html"):
            found = [link for link in links(answer.text) if not link.startswith("#")]
            outward = [link for link in found if not link.startswith("/")]
            assert outward in ([], ["https://courier.example/quay"]), address
            waiting += [link.partition("#")[0] for link in found if link not in outward]
    kinds = {urlsplit(address).path.split("/")[1] for address in seen}
    assert kinds >= {"", "claims", "documents", "parties", "readings", "decisions", "status", "style.css", "icon.svg"}


def test_the_first_page_has_the_form_and_the_claims_said_last(browser: Browser) -> None:
    root = parse(browser.get("/").text)
    fields = {element.get("name") for element in root.iter() if element.tag in ("input", "select")}
    assert fields == set(PARAMETERS) - {"limit", "after", "format", "table"}
    labelled = {element.get("for") for element in root.iter("label")}
    single = [e for e in root.iter() if e.tag in ("input", "select") and e.get("type") != "checkbox"]
    assert {element.get("id") for element in single} <= labelled
    assert len({element.get("id") for element in single}) == len(single)
    assert "engineers had found “no structural fault”" in words(browser.get("/").text)


def test_a_claim_is_shown_with_its_sentence_chain_run_history_and_what_it_denies(browser: Browser) -> None:
    shown = words(browser.get(f"/claims/{ids(browser)['claims']}").text)
    assert "On Promise by Deputy harbour minister Ana Relvas" in shown or "On Promise by Ana Relvas" in shown
    assert "model sample@000000000000" in shown
    assert "recorded, by Mila Torv" in shown
    (feared,) = browser.json("/claims.json?stance=fear")["claims"]
    page = browser.get(f"/claims/{feared['id']}").text
    assert "It stands in the words of these" in words(page)
    chain = next(element for element in parse(page).iter("ol") if element.get("class") == "chain")
    told, shows = (one for one in sample_reading().attributions if "a leaked report" in spoken(one))
    assert [link.get("href") for link in chain.iter("a")] == [f"/claims/{told.id}", f"/claims/{shows.id}"]
    marked = {
        role: "".join(element.itertext())
        for element in parse(page).iter("span")
        for role in (element.get("class") or "").split()
        if role in ("source", "cue")
    }
    assert marked == {"source": "the ministry", "cue": "feared"}


def test_a_corrected_claim_shows_what_people_decided(browser: Browser) -> None:
    (relvas,) = browser.json("/claims.json?stance=promise")["claims"]
    page = browser.get(f"/claims/{relvas['id']}").text
    assert "claim.stance becomes promise" in words(page)
    assert "undo of" in words(page)
    told = browser.json(f"/claims/{relvas['id']}.json")
    assert [one["kind"] for one in told["decisions"]] == ["correct", "note", "undo"]
    assert [one["what"] for one in told["history"]] == ["recorded", "corrected"]
    assert told["is_current"] is True


def test_a_document_shows_its_text_its_versions_and_what_changed(ledger: Path) -> None:
    with Ledger(ledger, who="Bo", clock=clock) as held:
        (added,) = held.add([changed_reading()])
    with opened(ledger) as browser:
        page = words(browser.get(f"/documents/{added.document}").text)
        assert "Five cranes stood idle" in page
        assert "Versions of this page" in page
        assert "Vanished" in page
        assert "Appeared" in page
        told = browser.json(f"/documents/{added.document}.json")
        former, latter = told["versions"]
        assert latter["id"] == added.document
        assert len(told["changes"]["appeared"]) == 1
        assert decode_reading(json.dumps(told["reading"]).encode()).document == changed_reading().document
        old = browser.get(f"/documents/{former['id']}")
        assert "The latest version of this page is another document" in words(old.text)
        gone = next(one for one in sample_reading().attributions if one.stance is Stance.FEAR)
        assert "This claim no longer counts" in words(browser.get(f"/claims/{gone.id}").text)
        assert browser.json(f"/claims/{gone.id}.json")["is_current"] is False
        successors = {
            one.id: browser.json(f"/claims/{one.id}.json")["successor"] for one in sample_reading().attributions
        }
        appeared = set(told["changes"]["appeared"])
        assert set(successors.values()) - {""} == {one.id for one in changed_reading().attributions} - appeared
        for former, successor in successors.items():
            assert (f"/claims/{successor}" in links(browser.get(f"/claims/{former}").text)) == bool(successor)
        assert f"/claims/{gone.id}" in links(browser.get("/claims?superseded=true").text)


def test_behind_another_server_addresses_begin_as_that_is_asked_for(ledger: Path) -> None:
    with opened(ledger, base="https://record.example/") as browser:
        (claim, *_) = browser.json("/claims.json")["claims"]
        text = json.dumps(browser.json(f"/claims/{claim['id']}.json"))
        assert "https://record.example/claims/" in text
        assert "http://localhost" not in text
    for base in ("record.example", "ftp://record.example", "https://record.example/path", "https://"):
        with pytest.raises(UsageError, match="is no address of a server"):
            Site(str(ledger), base=base)


def test_a_reading_that_failed_says_why(browser: Browser, filled: Path) -> None:
    with Ledger(filled, read_only=True) as held:
        failed = next(entry for entry in held.find_entries(everything=True) if entry.reading.failures)
    page = browser.get(f"/readings/{failed.id}")
    assert page.status_code == 200
    assert "there is no such file" in words(page.text)
    assert browser.json(f"/readings/{failed.id}.json")["document"] is None


def test_a_party_that_was_merged_leads_to_the_other(browser: Browser) -> None:
    name = quote(f"Ana {HOSTILE}")
    (meant,) = browser.json(f"/claims.json?party={name}")["meant"]["party"]
    assert meant["name"] == "Ana Relvas"
    (claim,) = browser.json(f"/claims.json?said_after=2023-03-30&party={name}")["claims"]
    decision = browser.json(f"/parties/{meant['id']}.json")
    assert decision["party"] == meant
    assert claim["party"]["id"] == meant["id"]
    with contextlib.closing(Site(browser.site.where)) as site, Ledger(site.where, read_only=True) as held:
        merged = next(one for one in held.find_decisions() if one.kind == "merge")
    assert browser.json(f"/parties/{merged.subject}.json")["merged_into"] == meant
    assert "the same as Ana Relvas" in words(browser.get(f"/parties/{merged.subject}").text)
    assert decode_decision(browser.get(f"/decisions/{merged.id}.json").content) == merged


def test_an_id_may_be_shortened_and_leads_to_the_whole(browser: Browser) -> None:
    for kind, identity in ids(browser).items():
        for written, suffix in ((identity[:7], ""), (identity.upper(), ""), (identity[:9], ".json")):
            answer = browser.get(f"/{kind}/{written}{suffix}")
            assert (answer.status_code, answer.headers["location"]) == (302, f"/{kind}/{identity}{suffix}")
    answer = browser.get(f"/claims/{ids(browser)['documents']}?format=csv")
    assert answer.headers["location"] == f"/documents/{ids(browser)['documents']}?format=csv"


def test_status_says_what_proves_the_ledger_and_not_where_it_lies(browser: Browser, filled: Path) -> None:
    with Ledger(filled, read_only=True) as held:
        rows, last = held.get_head()
    told = browser.json("/status.json")
    assert (told["ledger"], told["rows"], told["hash"]) == ("record.db", rows, last)
    assert last in browser.get("/status").text
    assert str(filled.parent) not in browser.get("/status").text


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_in_an_address_is_the_question_of_the_library(browser: Browser, filled: Path) -> None:
    asked = {
        "party=Ana+Relvas": Question(party="Ana Relvas"),
        "stance=deny&stance=fear": Question(stance=(Stance.DENY, Stance.FEAR)),
        "words=%22second+slide%22": Question(words='"second slide"'),
        "said_before=2023-03-01&publisher=harven+courier": Question(
            said_before="2023-03-01", publisher="harven courier"
        ),
        "act=transfer&status=promised": Question(act="transfer", status=(Status.PROMISED,)),
        "voice=publisher&figure=cranes&at_least=3": Question(voice=Voice.PUBLISHER, figure="cranes", at_least=3.0),
        "voice=any": Question(voice=None),
        "place=2643743": Question(place="2643743"),
        "as_of=2020": Question(as_of="2020"),
    }
    with Ledger(filled, read_only=True) as held:
        for query, question in asked.items():
            expected = [claim.id for claim in held.find_claims(question)]
            assert [one["id"] for one in browser.json(f"/claims.json?{query}")["claims"]] == expected, query
            shown = links(browser.get(f"/claims?{query}").text)
            assert all(f"/claims/{identity}" in shown for identity in expected)
            assert expected or query == "as_of=2020"


def test_pages_follow_each_other_and_miss_none(browser: Browser) -> None:
    whole = [one["id"] for one in browser.json("/claims.json?voice=any&limit=200")["claims"]]
    found, following = [], "/claims.json?voice=any&limit=3"
    while following:
        answer = browser.get(following)
        told = answer.json()
        found += [one["id"] for one in told["claims"]]
        following = told["next"]
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
    assert found == whole
    assert len(whole) == 9
    page = browser.get("/claims?voice=any&limit=3").text
    (after,) = [element.get("href") for element in parse(page).iter("a") if element.get("rel") == "next"]
    assert whole[3] in browser.get(after).text
    assert whole[2] not in browser.get(after).text


def test_a_form_that_was_left_partly_empty_leads_to_a_short_address(browser: Browser) -> None:
    answer = browser.get("/claims?words=&party=Ana+Relvas&voice=&stance=deny&stance=fear&at_least=")
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        "/claims?party=Ana+Relvas&stance=deny&stance=fear",
    )


def test_a_question_is_shown_in_words_and_stands_in_the_form(browser: Browser) -> None:
    page = browser.get("/claims?party=ana+relvas&stance=promise&only_itself=true").text
    assert "by ana relvas itself" in words(page)
    root = parse(page)
    assert next(e for e in root.iter("input") if e.get("name") == "party").get("value") == "ana relvas"
    chosen = [e.get("value") for e in root.iter("input") if "checked" in e.attrib]
    assert chosen == ["promise", "true"]


def test_every_part_of_a_question_has_words() -> None:
    values = {"stance": "deny", "status": "done", "at_least": "2", "at_most": "3.5", "voice": "any"}
    pairs = [
        (name, values.get(name, "true" if name in ("only_itself", "superseded") else f"{{}}{name}"))
        for name in PARAMETERS
        if name not in ("limit", "after", "format", "table")
    ]
    said = " · ".join(in_words(read_question(pairs).question))
    assert "at least 2 and at most 3.5" in said
    assert all(value in said for name, value in pairs if value.startswith("{}"))


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("colour=red", 400, "'colour' is no parameter; there are party,"),
        ("party=a&party=b", 400, "party is given 2 times"),
        ("stance=lie", 400, "'lie' is no stance; there are assert, report,"),
        ("status=finished", 400, "'finished' is no status; there are denied,"),
        ("voice=mine", 400, "'mine' is no voice; there are party, publisher"),
        ("said_before=soon", 400, "'soon' is no date"),
        ("at_least=nan", 400, "at_least: 'nan' is no number"),
        ("at_least=5&at_most=2", 400, "nothing is at least 5 and at most 2"),
        ("limit=0", 400, "limit: '0' is no number from 1 to 200"),
        ("limit=201", 400, "from 1 to 200"),
        ("limit=%D9%A3", 400, "from 1 to 200"),
        ("after=x", 400, "after: 'x' follows no page"),
        ("after=ffffffffffffffff.1", 400, "follows no page"),
        ("superseded=maybe", 400, "neither true nor false"),
        ("format=xml", 400, "'xml' is no format; there are html, json, jsonl,"),
        ("words=%21", 400, "has no word in it"),
        ("party=Nobody", 404, "the ledger knows no party called 'Nobody'"),
    ],
)
def test_a_question_that_makes_no_sense_is_one_line(browser: Browser, query: str, status: int, message: str) -> None:
    page = browser.get(f"/claims?{query}")
    assert page.status_code == status
    (alert,) = [element for element in parse(page.text).iter() if element.get("role") == "alert"]
    assert message in "".join(alert.itertext())
    told = browser.get(f"/claims.json?{query}")
    assert told.status_code == status
    if "format" not in query:
        assert set(told.json()) == {"error", "status"}
    assert message in told.text
    assert "\n" not in told.text.strip()
    if "format" not in query:
        line = browser.get(f"/claims?{query}&format=csv")
        assert (line.status_code, line.headers["content-type"]) == (status, "text/plain; charset=utf-8")
        assert message in line.text


@pytest.mark.parametrize(
    ("address", "status", "message"),
    [
        ("/nowhere", 404, "there is no '/nowhere' here"),
        ("/claims/", 404, "begin at /"),
        ("/claims/ffffffffffffffff", 404, "holds nothing with the id"),
        ("/claims/abc", 404, "an id is 16 digits and letters a to f"),
        ("/claims/%0d%0aset-cookie:x", 404, "holds nothing"),
        ("/documents/..%2f..%2fetc%2fpasswd", 404, "here"),
        ("/status?x=1", 400, "'x' is no parameter here"),
        ("/?party=x", 400, "ask /claims"),
        ("/claims?" + "x" * 5_000, 414, "too long"),
        ("/claims/" + "a" * 600, 414, "too long"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_line(browser: Browser, address: str, status: int, message: str) -> None:
    page = browser.get(address)
    assert page.status_code == status
    assert message in words(page.text)
    told = browser.get(address, accept="application/json")
    assert (told.status_code, told.json()["status"]) == (status, status)
    assert message in told.json()["error"]
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(browser: Browser, method: str) -> None:
    for address in ("/", "/claims", f"/claims/{ids(browser)['claims']}"):
        answer = browser.get(address, method=method)
        assert answer.status_code == 405
        assert answer.headers["allow"] in ("GET, HEAD", "HEAD, GET")
        assert "the ledger is only read" in answer.text


# --- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.9, application/json", "application/json"),
        ("text/html, application/json;q=0.5", "text/html"),
        ("application/json;q=0", "text/html"),
        ("application/json;q=x.y, ,;", "application/json"),
    ],
)
def test_who_prefers_json_gets_it(browser: Browser, accept: str, kind: str) -> None:
    answer = browser.get("/claims", accept=accept)
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["vary"] == "accept"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "parquet"])
def test_everything_can_be_had_in_the_formats_of_exchange(browser: Browser, name: str) -> None:
    found = ids(browser)
    for address in (
        "/claims?stance=deny&",
        f"/claims/{found['claims']}?",
        f"/documents/{found['documents']}?",
        f"/readings/{found['readings']}?",
    ):
        answer = browser.get(f"{address}format={name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] not in ("application/octet-stream", "text/html; charset=utf-8")
        assert re.fullmatch(
            rf'attachment; filename="[a-z]+(-[0-9a-f]{{16}})?{re.escape(FORMATS[name].suffix)}"',
            answer.headers["content-disposition"],
        )
    for kind in ("parties", "decisions"):
        answer = browser.get(f"/{kind}/{found[kind]}?format={name}")
        assert (answer.status_code, "cannot be had as" in answer.text) == (400, True)


def test_a_denial_is_never_without_what_it_denies(browser: Browser) -> None:
    lines = browser.get("/claims?stance=deny&format=jsonl").text.splitlines()
    denial, accused = sorted((json.loads(line) for line in lines), key=lambda one: one["stance"])
    assert denial["about"] == accused["id"]
    assert accused["answers"][0]["id"] == denial["id"]
    (alone,) = browser.json("/claims.json?stance=deny")["claims"]
    assert alone == denial
    table = browser.get("/claims?stance=deny&format=csv").text.splitlines()
    assert len(table) == 3
    shown = words(browser.get("/claims?stance=promise").text)
    assert "Answered Denial by" in shown


def test_one_format_is_asked_for_at_a_time(browser: Browser) -> None:
    for address in ("/claims?format=csv&format=json", "/claims.json?format=csv"):
        answer = browser.get(address)
        assert answer.status_code == 400
        assert "one format at a time; the address asks for csv and json" in answer.text


def test_a_table_is_chosen_by_its_name(browser: Browser) -> None:
    answer = browser.get("/claims?words=pumps&format=csv&table=acts")
    assert 'filename="claims-acts.csv"' in answer.headers["content-disposition"]
    assert "promised" in answer.text
    assert browser.get("/claims?format=csv&table=nothing").status_code == 400
    assert "has no tables" in browser.get("/claims?format=jsonl&table=acts").text
    following = browser.get("/claims?limit=1&format=csv&table=acts").headers["link"]
    assert "format=csv" in following
    assert "table=acts" in following


def test_addresses_in_json_lead_to_this_server(browser: Browser) -> None:
    (claim,) = browser.json("/claims.json?stance=deny")["claims"]
    assert claim["address"] == f"http://localhost:8765/claims/{claim['id']}"
    other = browser.get("/claims.json?stance=deny", host="127.0.0.1:9000").json()["claims"][0]
    assert other["address"].startswith("http://127.0.0.1:9000/claims/")


# --- safety -----------------------------------------------------------------------------------------------------------


def all_pages(browser: Browser) -> Iterator[str]:
    (hostile,) = browser.json("/claims.json?said_after=2023-03-30")["claims"]
    yield from ("/", "/claims", f"/claims/{hostile['id']}", f"/documents/{hostile['document']['id']}")
    yield from (f"/parties/{hostile['party']['id']}", f"/readings/{hostile['reading']['id']}")
    with Ledger(browser.site.where, read_only=True) as held:
        for one in held.find_decisions():
            yield f"/decisions/{one.id}"
            yield f"/claims/{one.subject}" if one.kind == "correct" else f"/parties/{one.subject}"
    evil = quote(HOSTILE)
    yield from (f"/claims?party={evil}", f"/claims?words={evil}&publisher={evil}", f"/claims?{evil}={evil}")
    yield from (f"/{evil}", f"/claims/{evil}", f"/claims?format={evil}", "/status")


def test_what_stands_in_texts_and_questions_is_words_and_nothing_else(browser: Browser) -> None:
    pages = 0
    for address in all_pages(browser):
        answer = browser.get(address)
        if answer.status_code == 302:  # of another kind
            continue
        pages += 1
        page = answer.text
        assert not {"\x1b", "\x00", "\u202e"} & set(page), address
        root = parse(page)
        tags = {element.tag for element in root.iter()}
        assert not tags & {"script", "img", "iframe", "object", "embed", "base", "svg"}, address
        assert not [name for element in root.iter() for name in element.attrib if str(name).startswith("on")]
        assert not [link for link in links(page) if link.startswith(("javascript", "data", "//"))], address
        assert "style" not in {name for element in root.iter() for name in element.attrib}
    assert pages > 12


def test_every_answer_has_the_headers_that_keep_it_safe(browser: Browser) -> None:
    found = ids(browser)
    addresses = ["/", "/claims.json", "/claims?format=csv", f"/claims/{found['claims'][:8]}", "/nowhere", "/style.css"]
    addresses += [f"/documents/{found['documents']}", "/claims?stance=lie", "/robots.txt", "/icon.svg"]
    for address in addresses:
        headers = browser.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"]
        assert "access-control-allow-origin" not in headers
        assert "set-cookie" not in headers
    assert browser.get("/", host="evil.example").headers["x-frame-options"] == "DENY"


def test_the_style_of_a_document_is_the_one_that_its_policy_allows(browser: Browser) -> None:
    import base64
    import hashlib

    answer = browser.get(f"/documents/{ids(browser)['documents']}")
    (style,) = parse(answer.text).iter("style")
    fingerprint = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert f"'sha256-{fingerprint}'" in answer.headers["content-security-policy"]
    (meta,) = [m for m in parse(answer.text).iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert meta.get("content") + "; frame-ancestors 'none'" == answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:9000", "127.0.0.1:8765", "127.9.9.9", "[::1]:8765", "a.localhost."]
)
def test_names_of_this_machine_are_answered(browser: Browser, host: str) -> None:
    assert asyncio.run(raw(browser.site, [(b"host", host.encode())])) == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example:8765", 421),
        ("localhost.evil.example", 421),
        ("10.0.0.7", 421),
        ("0.0.0.0:8765", 421),
        ("", 400),
        ("localhost:8765@evil.example", 400),
        ("localhost/evil", 400),
        ("[localhost", 400),
    ],
)
def test_other_names_are_refused_because_a_page_elsewhere_can_make_them_lead_here(
    browser: Browser, ledger: Path, host: str, status: int
) -> None:
    assert asyncio.run(raw(browser.site, [(b"host", host.encode())])) == status
    with opened(ledger, is_open=True) as everybody:
        assert asyncio.run(raw(everybody.site, [(b"host", host.encode())])) == (200 if status == 421 else 400)


def test_a_request_names_one_host(browser: Browser) -> None:
    assert asyncio.run(raw(browser.site, [])) == 400
    assert asyncio.run(raw(browser.site, [(b"host", b"localhost"), (b"host", b"localhost")])) == 400


# --- what is known already --------------------------------------------------------------------------------------------


def test_what_a_client_has_is_not_sent_again_until_the_ledger_changes(ledger: Path) -> None:
    with opened(ledger) as browser:
        for address in (
            "/",
            "/claims.json?stance=deny",
            f"/documents/{ids(browser)['documents']}",
            "/claims?format=csv",
        ):
            first = browser.get(address)
            tag = first.headers["etag"]
            again = browser.get(address, if_none_match=f'"other", W/{tag}')
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert "content-type" not in again.headers
            assert browser.get(address, if_none_match='"other"').status_code == 200
            assert browser.get("/claims?words=slide", if_none_match=tag).status_code == 200
        with Ledger(ledger, who="Bo", clock=clock) as held:
            list(held.add([changed_reading()]))
        assert browser.get("/claims?format=csv", if_none_match=tag).status_code == 200
        assert "etag" not in browser.get("/claims?stance=lie").headers


def test_a_style_is_kept_under_an_address_of_its_own(browser: Browser) -> None:
    (address,) = [link for link in links(browser.get("/").text) if link.startswith("/style.css")]
    style = browser.get(address)
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]


# --- documentation ----------------------------------------------------------------------------------------------------


def test_every_address_parameter_and_format_is_documented() -> None:
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    for name in PARAMETERS:
        assert f"| `{name}` |" in page, name
    for path, _ in server._VIEWS:
        assert f"`{path.replace('{identity}', 'ID')}" in page, path
    for name in FORMATS:
        assert f"| `{name}` |" in page, name
    for option in serve_command.params:
        assert f"`{option.opts[0]}" in page, option.name
