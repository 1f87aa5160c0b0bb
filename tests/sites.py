"""A ledger to be served, and a browser without a network, for the tests of the server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
import httpx2

from onrecord.ledger import Ledger
from onrecord.model import (
    Document,
    Kind,
    Mention,
    MentionKind,
    Party,
    PartyKind,
    Reading,
    Span,
    Stance,
    party_id,
)
from onrecord.web.server import Site
from samples import RUN, attribution, failed_reading, sample_reading

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x1b[31m\u202eevil"


def clock() -> datetime:
    return datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def hostile_reading() -> Reading:
    text = f"Ana {HOSTILE} said {HOSTILE} was here."
    document = Document(
        url="javascript:alert(1)",
        text=text,
        title=HOSTILE,
        publisher=HOSTILE,
        byline=HOSTILE,
        published="2023-04-01",
        language="en",
    )
    who = Span(0, len("Ana ") + len(HOSTILE))
    party = Party(party_id(document.id, who), PartyKind.PERSON, who, (Mention(who, MentionKind.NAME),), None, None)
    said = text.index(" said ") + 1
    claim = attribution(
        document,
        Kind.INDIRECT,
        (who,),
        (Span(said, said + 4),),
        (Span(said + 5, len(text) - 1),),
        stance_reason=HOSTILE,
        party=party.id,
        party_reason=HOSTILE,
        said_on_reason=HOSTILE,
    )
    return Reading(document, (claim,), (), RUN, parties=(party,))


def changed_reading() -> Reading:
    """A later version of the sample's page, which has one of its claims alone."""
    old = sample_reading()
    assert old.document is not None
    document = replace(old.document, text=old.document.text.replace("Four cranes", "Five cranes"))
    denial = next(one for one in old.attributions if one.stance is Stance.DENY)
    same = attribution(document, denial.kind, denial.source, denial.cue, denial.content, stance=Stance.DENY)
    new = attribution(
        document, Kind.INDIRECT, (), (), (Span(document.text.index("Five"), document.text.index(" stood")),)
    )
    return Reading(document, (same, new), (), RUN)


def fill(path: Path) -> None:
    with Ledger(path, create=True, who="Mila Torv", clock=clock) as held:
        list(held.add([sample_reading(), hostile_reading(), failed_reading()]))
        relvas = next(one for one in held.find_claims() if one.attribution.kind is Kind.MIXED)
        held.correct(relvas.id, "stance", "promise", why=HOSTILE)
        note = held.note(relvas.id, "Ask the ministry.")
        held.undo(note.id, why="They answered.")
        assert relvas.party is not None
        held.merge(held.find_parties(f"Ana {HOSTILE}")[0].id, relvas.party.id, why="One woman.")


class Browser:
    """Asks a site without a network."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def get(
        self, address: str, *, host: str = "localhost:8765", method: str = "GET", **headers: str
    ) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.site, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, address, headers={"accept": "text/html", **named})

        return asyncio.run(ask())

    def json(self, address: str) -> Any:
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()


@contextlib.contextmanager
def opened(where: Path, **settings: Any) -> Iterator[Browser]:
    with contextlib.closing(Site(str(where), **settings)) as site:
        yield Browser(site)


def parse(page: str) -> Any:
    return html5lib.HTMLParser(strict=False, namespaceHTMLElements=False).parse(page)


def words(page: str) -> str:
    return " ".join("".join(parse(page).itertext()).split())


def links(page: str) -> list[str]:
    return [element.get("href") for element in parse(page).iter() if element.get("href")]


def ids(browser: Browser) -> dict[str, str]:
    (denial,) = browser.json("/claims.json?stance=deny")["claims"]
    (relvas,) = browser.json("/claims.json?stance=promise")["claims"]
    decision = browser.json(f"/claims/{relvas['id']}.json")["decisions"][0]["id"]
    return {
        "claims": denial["id"],
        "documents": denial["document"]["id"],
        "readings": denial["reading"]["id"],
        "parties": relvas["party"]["id"],
        "decisions": decision,
    }


async def raw(site: Site, headers: list[tuple[bytes, bytes]], *, path: str = "/status", is_gone: bool = False) -> int:
    """Asks with just these headers; the client stays, or has gone already. Returns the status."""
    stays = asyncio.Event()
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        if not is_gone:
            await stays.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": path, "root_path": ""}
    await site(scope | {"query_string": b"", "headers": headers}, receive, send)
    return statuses[0]
