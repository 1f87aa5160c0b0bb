"""What the commands of the ledger say: about slips, about what is not found and why, and in lists of what is there."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.cli.terminal import counted
from onrecord.errors import NotFound, UsageError
from onrecord.intake.feeds import Feed
from onrecord.ledger import Ledger
from onrecord.ledger.watching import Event, EventKind, watch
from onrecord.model import Claim, PartyKind, Question, Reading, Stance
from onrecord.store.questions import _units
from samples import failed_reading, load_sample_reader
from sites import opened, words
from tests.store.histories import Clock
from tests.store.oracle import key_of
from tests.store.raw import let_in, unprivileged
from tests.store.world import Deed, Number, Said, Spot, Who, compose

PAGE = "https://a.example/one"
DORN = Who("Elka Dorn")
FORMER = compose(
    Said([["ten drones came over", Spot("Braila", 683902, "Brăila", "RO")]], who=DORN),
    Said([["nothing else came"]], who=Who("Joris Maat")),
    url=PAGE,
    published="2022-11-05",
    publisher="The Harven Herald",
    title="Ten drones",
)
LATTER = compose(
    Said([["nine drones came over", Spot("Braila", 683902, "Brăila", "RO")]], who=DORN),
    Said([["nothing else came"]], who=Who("Joris Maat"), stance=Stance.DENY),
    url=PAGE,
    published="2022-11-06",
    publisher="The Harven Herald",
    title="Nine drones",
)
UNDATED = compose(
    Said([["a bridge fell in", Spot("Port Alder")]], who=Who("Dorna Ltd", PartyKind.ORGANIZATION)),
    Said([["it cost", Number("40", 40, 40, unit="EUR")]], who=Who("Joris Maat", PartyKind.ORGANIZATION)),
    Said([["it took", Number("9", 9, 9, unit="%"), "and", Number("7", 7, 7, unit="km/h")]], who=Who("Ilse Varn")),
    url="https://a.example/two",
    publisher="Élan",
)


def run(*said: object, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in said], input=stdin, obj=load_sample_reader)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def done(*said: object) -> Result:
    result = run(*said)
    assert result.exit_code == 0, result.output
    return result


def refused(message: str, *said: object) -> None:
    """The command must end with 2, print nothing, and say one line that holds this."""
    result = run(*said)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("onrecord: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert message in result.stderr


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def held(where: str, clock: Clock) -> str:
    """The address of a ledger that began on 1 January 2024; a page changed in it a day later."""
    with Ledger(where, create=True, who="Mila", clock=clock) as ledger:
        ledger.add([FORMER, UNDATED, failed_reading()])
        clock.now += timedelta(days=1)
        ledger.add([LATTER], is_live=True)
    return where


def head(where: str) -> tuple[int, str]:
    with Ledger(where, read_only=True) as ledger:
        return ledger.get_head()


# --- slips -----------------------------------------------------------------------------------------------------------


def test_an_empty_value_is_a_slip_and_asks_for_nothing_else(held: str) -> None:
    spoken = "party about words place publisher said-before said-after acted-before acted-after act figure as-of"
    for option in [*spoken.split(), "next"]:
        for value in ("", " "):
            refused(f"--{option} is given and empty; write a value", "claims", f"--{option}", value, "--ledger", held)
    refused("--said-before is given and empty", "claims", "--before", "", "--ledger", held)
    refused("--party is given and empty", "export", "--format", "csv", "--party", "", "--ledger", held)
    refused("--base is given and empty", "export", "--format", "jsonld", "--base", "", "--ledger", held)
    refused("--head is given and empty", "verify", "--head", "", "--ledger", held)


def test_a_call_that_makes_no_sense_is_one_line_with_where_to_look() -> None:
    for said, message in (
        (("claims", "--colour"), "onrecord: No such option '--colour'"),
        (("--colour",), "`onrecord --help` says what can be given"),
        (("frobnicate",), "No such command 'frobnicate'; `onrecord --help` says"),
        (("merge", "a"), "Missing argument 'INTO'; `onrecord merge --help` says what can be given"),
        (("undo", "a"), "Missing option '--why'; `onrecord undo --help`"),
        (("claims", "--limit", "0"), "--limit"),
        (("claims", "--stance", "lie"), "'lie' is not one of"),
        (("status", "more"), "unexpected extra argument"),
    ):
        refused(message, *said)
    assert run().output.startswith("Usage: onrecord ")
    assert len(run("--help").output.splitlines()) > 10


def test_adding_what_is_not_there_makes_no_ledger(where: str, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("The tram reopened. Ana said the brakes were new.", encoding="utf-8")
    result = run("add", tmp_path / "artcle.txt", tmp_path / "storys", "--ledger", where)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(r"(onrecord: .*(artcle\.txt|storys): there is no such file; .*\n){2}", result.stderr)
    assert ": there is no ledger" in run("status", "--ledger", where).stderr
    some = run("add", tmp_path / "artcle.txt", tmp_path / "story.txt", "--as-is", "--ledger", where)
    assert some.exit_code == 1
    assert head(where)[0] == 2
    assert run("add", "https://127.0.0.1:1/x", "--ledger", where).exit_code == 1  # an address may come back
    assert head(where)[0] == 3
    before = head(where)
    refused("there is no such file", "add", tmp_path / "artcle.txt", "--ledger", where)
    assert head(where) == before


def test_a_part_of_a_hash_proves_nothing_and_is_refused(held: str) -> None:
    whole = head(held)[1]
    for part in ("00ff", whole[:16], whole + "0", "g" * 64):
        refused("is no hash; a hash is 64 digits and letters a to f", "verify", "--head", part, "--ledger", held)
    assert done("verify", "--head", f" {whole.upper()} ", "--ledger", held).stderr.endswith("as it was recorded\n")
    assert run("verify", "--head", "0" * 64, "--ledger", held).exit_code == 1


def test_what_is_undone_or_retracted_is_not_so_once_more(held: str) -> None:
    at = ("--ledger", held)
    document = UNDATED.document.id if UNDATED.document else ""
    done("retract", document, "--why", "withdrawn", *at)
    before = head(held)
    refused(f"{document} is retracted already; nothing was recorded", "retract", document[:8], "--why", "again", *at)
    with Ledger(held, read_only=True) as ledger:
        (decision,) = ledger.find_decisions()
    assert head(held) == before
    done("undo", decision.id, "--why", "not so", *at)
    before = head(held)
    refused(f"{decision.id} is undone already; nothing was recorded", "undo", decision.id[:8], "--why", "again", *at)
    assert head(held) == before
    done("retract", document, "--why", "withdrawn after all", *at)


# --- what is not found, and why --------------------------------------------------------------------------------------


def why_nothing(where: str, *options: object) -> str:
    result = done("claims", *options, "--ledger", where)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("onrecord: no claim answers that")
    return line.removeprefix("onrecord: no claim answers that").removeprefix("; ")


def test_a_party_that_nobody_knows_is_suggested_by_the_words_of_its_name(held: str) -> None:
    for asked, known in (
        ("Dorn", "it knows Dorna Ltd, Elka Dorn"),
        ("DORN!", "it knows Dorna Ltd, Elka Dorn"),
        ("Maa", "it knows Joris Maat"),
        ("Minister Varn", "it knows Ilse Varn"),
        ("Jorid", "it knows Joris Maat"),
        ("ltd", "it knows Dorna Ltd"),
    ):
        refused(f"the ledger knows no party called {asked!r}; {known}\n", "claims", "--party", asked, "--ledger", held)
        refused(f"; {known}\n", "claims", "--about", asked, "--ledger", held)
    refused("the ledger knows no party called 'Xyz'\n", "claims", "--party", "Xyz", "--ledger", held)
    refused("the ledger knows no party called '…'\n", "claims", "--party", "…", "--ledger", held)
    with Ledger(held, read_only=True) as ledger, pytest.raises(NotFound, match="it knows Elka Dorn"):
        ledger.find_parties("Elka D.")


def test_many_names_that_are_alike_are_some_of_which_the_whole_word_is_first(where: str) -> None:
    names = [*(f"Anton{n:03} Kovar{chr(97 + n % 26)}" for n in range(60)), "Zora Kovar"]
    with Ledger(where, create=True) as ledger:
        ledger.add(compose(Said([["so"]], who=Who(name)), url=f"https://a.example/{name[:8]}") for name in names)
        with pytest.raises(NotFound, match="it knows") as raised:
            ledger.find_parties("Kovar")
    suggested = str(raised.value).partition("it knows ")[2].split(", ")
    assert len(suggested) == 5
    assert "Zora Kovar" in suggested


def test_a_place_or_an_outlet_that_nobody_knows_is_named_with_some_that_are_alike(held: str) -> None:
    assert why_nothing(held, "--place", "Brai") == "the ledger knows no place called 'Brai'; it knows braila"
    assert why_nothing(held, "--place", "Port Al") == "the ledger knows no place called 'Port Al'; it knows Port Alder"
    assert why_nothing(held, "--place", "Xyz") == "the ledger knows no place called 'Xyz'"
    assert why_nothing(held, "--place", "683902", "--stance", "fear") == ""
    assert why_nothing(held, "--place", "Port Alder", "--stance", "fear") == ""
    outlet = "the ledger knows no outlet called"
    for asked in ("The Harven", "Harven Herald", "harven hrald"):
        assert why_nothing(held, "--publisher", asked) == f"{outlet} {asked!r}; it knows The Harven Herald"
    assert why_nothing(held, "--publisher", "ela") == f"{outlet} 'ela'; it knows Élan"
    assert why_nothing(held, "--publisher", "Xyz") == f"{outlet} 'Xyz'"
    assert why_nothing(held, "--publisher", "elan", "--stance", "deny") == ""


def test_claims_without_a_day_are_told_of_where_days_are_asked_for(held: str) -> None:
    undated = "some claims fit the rest, but nothing tells their day: ask without days, and they stand last"
    assert why_nothing(held, "--party", "Dorna Ltd", "--before", "2023") == undated
    assert why_nothing(held, "--party", "Dorna Ltd", "--after", "2021") == undated
    assert why_nothing(held, "--party", "Dorna Ltd", "--before", "2023", "--stance", "deny") == ""
    assert why_nothing(held, "--party", "Elka Dorn", "--after", "2023") == ""
    assert why_nothing(held, "--party", "Dorna Ltd", "--act", "attack") == ""
    assert done("claims", "--party", "Elka Dorn", "--before", "2023", "--ledger", held).stderr == ""


def test_before_the_ledger_began_there_is_nothing(held: str, tmp_path: Path) -> None:
    assert why_nothing(held, "--as-of", "2023-12-31") == "the ledger began on 2024-01-01"
    exactly = why_nothing(held, "--as-of", "2023-12-31T23:59:59Z")
    assert exactly == "the ledger began on 2024-01-01T00:00:00.000000Z"
    assert done("claims", "--as-of", "2024-01-01", "--ledger", held).stdout != ""
    Ledger(tmp_path / "empty.db", create=True).close()
    assert why_nothing(str(tmp_path / "empty.db"), "--as-of", "2023") == ""


def test_the_page_in_a_browser_says_the_same(held: str) -> None:
    if "://" in held:
        pytest.skip("what is asked is the same in every database")
    with opened(Path(held)) as browser:
        shown = words(browser.get("/claims?publisher=Harven+Herald").text)
        assert "No claim answers that; the ledger knows no outlet called 'Harven Herald'" in shown
        assert "No claim answers that." in words(browser.get("/claims?publisher=elan&stance=deny").text)


# --- names and units -------------------------------------------------------------------------------------------------


def test_a_unit_is_found_by_its_names(held: str) -> None:
    (euros,) = (claim.id for claim in asked(held, figure="EUR"))
    for name in ("€", "euro", "euros", "Euros", "eur"):
        assert [claim.id for claim in asked(held, figure=name)] == [euros], name
    for name in ("%", "percent", "per cent", "percentage", "km/h", "kilometres per hour", "kph"):
        assert [claim.source for claim in asked(held, figure=name)] == ["Ilse Varn"], name
    for name in ("dollars", "pounds", "miles", "cent"):
        assert asked(held, figure=name) == [], name
    assert [claim.source for claim in asked(held, figure="percent", at_least=9)] == ["Ilse Varn"]
    assert asked(held, figure="percent", at_least=10) == []


def asked(where: str, **question: Any) -> list[Claim]:
    with Ledger(where, read_only=True) as ledger:
        return list(ledger.find_claims(Question(**question)))


def test_every_unit_that_can_be_asked_for_is_one_that_is_read() -> None:
    table = Path(__file__).parent.parent / "src" / "onrecord" / "reader" / "units.tsv"
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line.startswith("unit\t")]
    own = Path(__file__).parent.parent / "src" / "onrecord" / "store" / "units.tsv"
    units = [line.partition("\t")[0] for line in own.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len(units) == len(set(units)) > 50
    assert set(units) - {row[1] for row in rows} == {"person"}  # what people are counted by
    assert _units()["pounds"] == [["gbp"], ["lb"]]
    assert _units()["dollar"] == [["usd"]]


def test_a_name_that_may_be_several_parties_is_told_with_their_ids(held: str) -> None:
    with Ledger(held) as ledger:
        ledger.add(
            [
                compose(Said([["so said", Who("Paul Dorn")]], who=Who("Elka Dorn")), url="https://a.example/3"),
                _called("Dorn", "Elka Dorn"),
                _called("Dorn", "Paul Dorn"),
            ]
        )
    told = f"onrecord: 'dorn' may be any of: Elka Dorn ({key_of('Elka Dorn')}), Paul Dorn ({key_of('Paul Dorn')})"
    for option in ("--party", "--about"):
        result = done("claims", option, "dorn", "--ledger", held)
        assert told in result.stderr.splitlines()
        assert result.stdout != ""
        assert "may be" not in done("claims", option, key_of("Paul Dorn"), "--ledger", held).stderr
    if "://" not in held:
        with opened(Path(held)) as browser:
            for name in ("party", "about"):
                meant = browser.json(f"/claims.json?{name}={quote('Dorn')}")["meant"][name]
                assert [one["id"] for one in meant] == [key_of("Elka Dorn"), key_of("Paul Dorn")]
                assert "may be any of these" in words(browser.get(f"/claims?{name}=Dorn").text)


def _called(short: str, full: str) -> Reading:
    """A report that calls somebody by the full name, and then by a short one."""
    import dataclasses

    reading = compose(Said([["so", Who(short)]], who=Who(full)), url=f"https://a.example/{full}")
    one, other = sorted(reading.parties, key=lambda party: party.mentions[0].span.start)
    joined = dataclasses.replace(one, mentions=(*one.mentions, *other.mentions))
    return dataclasses.replace(reading, parties=(joined,))


# --- what is there ---------------------------------------------------------------------------------------------------


def pages(*said: object) -> Iterator[list[str]]:
    """The lines of page after page of a list."""
    mark: tuple[str, ...] = ()
    while True:
        result = done(*said, *mark)
        yield result.stdout.splitlines()
        if not result.stderr:
            return
        found = re.fullmatch(r"onrecord: there are more; go on with --next ([0-9a-f]{16})\n", result.stderr)
        assert found, result.stderr
        mark = ("--next", found[1])


def test_parties_are_listed_by_name_each_once(held: str) -> None:
    whole = done("list", "parties", "--ledger", held).stdout.splitlines()
    assert [line.partition("  ")[2] for line in whole] == [
        "Dorna Ltd · organization",
        "Elka Dorn · person",
        "Ilse Varn · person",
        "Joris Maat · person",
    ]
    assert whole[1].startswith(key_of("Elka Dorn"))
    several = list(pages("list", "parties", "--limit", 1, "--ledger", held))
    assert [line for page in several for line in page] == whole
    assert len(several) == 4
    assert done("list", "parties", "dor", "--ledger", held).stdout.splitlines() == whole[:2]
    assert done("list", "parties", "elka", "DORN", "--ledger", held).stdout.splitlines() == whole[1:2]
    (line,) = done("list", "parties", "maat", "--json", "--ledger", held).stdout.splitlines()
    maat = {"id": key_of("Joris Maat"), "name": "Joris Maat", "kind": "person", "country": ""}
    assert json.loads(line) == maat
    none = done("list", "parties", "orn", "--ledger", held)  # no word begins so
    assert (none.stdout, none.stderr) == ("", "onrecord: the ledger has no parties like that\n")


def test_a_list_of_many_parties_has_each_once_whatever_they_are_also_called(where: str) -> None:
    names = [f"Person {n:04}" for n in range(230)]
    with Ledger(where, create=True) as ledger:
        ledger.add(_called(f"Person {n % 5}", name) for n, name in enumerate(names))
        found, mark = ledger.list_parties(limit=100)
        more, last = ledger.list_parties(limit=1000, after=mark)
        assert [party.name for party in (*found, *more)] == names
        assert last == ""
        with pytest.raises(UsageError, match="follows no page"):
            ledger.list_parties(limit=1, after="0" * 16)
        with pytest.raises(UsageError, match="has no word in it"):
            ledger.list_parties("…")


def test_documents_are_listed_the_last_first(held: str) -> None:
    lines = done("list", "documents", "--ledger", held).stdout.splitlines()
    now, undated, before = (reading.document.id for reading in (LATTER, UNDATED, FORMER) if reading.document)
    assert lines == [
        f"{now}  Nine drones",
        f"    The Harven Herald · 2022-11-06 · {PAGE}",
        f"{undated}  (no title)",
        "    Élan · https://a.example/two",
        f"{before}  Ten drones  (does not count now)",
        f"    The Harven Herald · 2022-11-05 · {PAGE}",
    ]
    several = list(pages("list", "documents", "--limit", 2, "--ledger", held))
    assert several == [lines[:4], lines[4:]]
    assert done("list", "documents", "EXAMPLE", "two", "--ledger", held).stdout.splitlines() == lines[2:4]
    none = done("list", "documents", "100%_", "--ledger", held)
    told = "onrecord: no document has that in its address; titles and texts are not looked through\n"
    assert (none.stdout, none.stderr) == ("", told)
    (line, *_) = done("list", "documents", "--json", "--ledger", held).stdout.splitlines()
    recorded = {"recorded": "2024-01-02T00:00:00.000000Z", "is_current": True}
    facts = {"title": "Nine drones", "publisher": "The Harven Herald", "published": "2022-11-06", "url": PAGE}
    assert json.loads(line) == {"id": now, **facts, **recorded}
    refused("follows no page", "list", "documents", "--next", "0" * 16, "--ledger", held)
    refused("'cities' is not one of", "list", "cities", "--ledger", held)


def test_an_empty_ledger_says_that_it_has_none(tmp_path: Path) -> None:
    Ledger(tmp_path / "empty.db", create=True).close()
    for what in ("parties", "documents"):
        said = done("list", what, "--ledger", tmp_path / "empty.db").stderr
        assert said == f"onrecord: the ledger has no {what} yet\n"


def test_two_versions_are_compared_in_words(held: str) -> None:
    former, latter = (reading.document.id for reading in (FORMER, LATTER) if reading.document)
    ten, nothing, nine, denied = (claim.id for reading in (FORMER, LATTER) for claim in reading.attributions)
    shown = done("diff", former[:6], latter, "--ledger", held).stdout.splitlines()
    assert shown[0] == "Nine drones"
    assert set(shown[1:-1]) == {
        "      other words",
        "      stance: assert → deny",
        f"  < {ten}  assert  Elka Dorn: ten drones came over Braila",
        f"  > {nine}  assert  Elka Dorn: nine drones came over Braila",
        f"  < {nothing}  assert  Joris Maat: nothing else came",
        f"  > {denied}  deny  Joris Maat: nothing else came",
    }
    assert shown[-1] == "2 changed"
    assert f"  in words: onrecord diff {former} {latter}" in done("show", latter, "--ledger", held).stdout.splitlines()
    with Ledger(held, read_only=True) as ledger:
        readings = [ledger.get_entry(one).id for one in (former, latter)]
    assert done("diff", *readings, "--ledger", held).stdout.splitlines() == shown
    apart = done("diff", former, UNDATED.document.id if UNDATED.document else "", "--ledger", held).stdout
    assert f"  - {ten}  assert  Elka Dorn: ten drones came over Braila\n" in apart
    assert apart.endswith("3 appeared, 2 vanished\n")
    assert done("diff", former, former, "--ledger", held).stdout == "Ten drones\n2 as before\n"
    refused("holds nothing with the id 'abcd'", "diff", former, "abcd", "--ledger", held)
    refused("is a claim, and a document is asked for", "diff", former, ten, "--ledger", held)


# --- out -------------------------------------------------------------------------------------------------------------


def test_the_ending_of_a_file_says_its_format(held: str, tmp_path: Path) -> None:
    for name, begins in (
        ("x.csv", b"id,document,"),
        ("X.CSV", b"id,document,"),
        ("x.csv.gz", b"\x1f\x8b"),
        ("x.geojson", b'{"type":"FeatureCollection"'),
        ("x.jsonl", b'{"onrecord":'),
        ("ledger", b'{"onrecord":'),
    ):
        done("export", tmp_path / name, "--ledger", held)
        assert (tmp_path / name).read_bytes().startswith(begins), name
        (tmp_path / name).unlink()
    for name, form in (
        ("x.jsonld", "jsonld"),
        ("x.prov.jsonld", "prov"),
        ("x.ftm.jsonl", "ftm"),
        ("x.stix.json", "stix"),
    ):
        done("export", tmp_path / name, "--ledger", held)
        same = done("export", "--format", form, "--ledger", held).stdout_bytes
        assert form == "stix" or (tmp_path / name).read_bytes() == same, name
        assert b'"onrecord":' not in (tmp_path / name).read_bytes()[:20]
    done("export", "--format", "jsonl", tmp_path / "claims.csv", "--ledger", held)
    assert (tmp_path / "claims.csv").read_bytes().startswith(b'{"id":')
    for name in ("x.json", "x.xlsx", "x.txt.gz"):
        refused("says no format; add --format with one of: native, jsonl", "export", tmp_path / name, "--ledger", held)
        assert not (tmp_path / name).exists()
    refused("the native format holds the whole", "export", "--stance", "deny", tmp_path / "y.jsonl", "--ledger", held)


def test_what_answers_is_counted_and_nothing_is_told(held: str, tmp_path: Path) -> None:
    at = ("--ledger", held)
    for name, more, counts in (
        ("a.csv", (), "5 claims"),
        ("b.csv", ("--stance", "deny"), "1 claim"),
        ("c.csv", ("--table", "documents"), "2 documents"),
        ("d.csv", ("--everything",), "7 claims"),
        ("e.geojson", ("--table", ""), ""),
    ):
        if counts:
            result = done("export", *more, tmp_path / name, *at)
            assert result.stderr == f"onrecord: wrote {tmp_path / name} ({counts})\n"
        else:
            refused("--table is given and empty", "export", *more, tmp_path / name, *at)
    assert done("export", tmp_path / "f.jsonl", *at).stderr == f"onrecord: wrote {tmp_path / 'f.jsonl'}\n"
    told = "onrecord: no claim answers that; the ledger knows no outlet called 'Xyz'\n"
    none = done("export", "--publisher", "Xyz", tmp_path / "g.csv", *at).stderr
    assert none == f"{told}onrecord: wrote {tmp_path / 'g.csv'} (0 claims)\n"
    piped = done("export", "--publisher", "Xyz", "--format", "csv", *at)
    assert (piped.stderr, piped.stdout.count("\n")) == (told, 1)


def test_only_tables_have_tables(held: str, tmp_path: Path) -> None:
    for name, form in (("x.jsonl", "native"), ("ledger", "native"), ("x.geojson", "geojson")):
        message = f"{form} has no tables; name --format csv or parquet, or a FILE that ends so"
        refused(message, "export", "--table", "acts", tmp_path / name, "--ledger", held)
    assert not list(tmp_path.glob("*x*"))


def test_a_file_that_cannot_be_written_says_what_to_do(held: str, tmp_path: Path) -> None:
    at = ("--ledger", held)
    gone, below = tmp_path / "gone" / "x.csv", tmp_path / "file" / "x.csv"
    (tmp_path / "file").write_text("mine")
    for path, message in (
        (gone, "cannot be written (no such file or directory); its folder is not there; name a file in one that is"),
        (below, "cannot be written (not a directory); its folder is none; name a file in one"),
        (tmp_path / f"{'x' * 300}.csv", "cannot be written (file name too long); name it shorter"),
    ):
        result = run("export", path, *at)
        assert (result.exit_code, result.stderr) == (1, f"onrecord: {path} {message}\n")
    for command in ("export", "backup"):
        refused("FILE is given and empty; write a name", command, "", *at)
        refused(f"{tmp_path}: is a folder; name a file", command, tmp_path, *at)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    ledger, shut = tmp_path / "a.db", tmp_path / "shut"
    with Ledger(ledger, create=True) as held:
        held.add([FORMER])
    shut.mkdir()
    shut.chmod(0o555)
    let_in(tmp_path)
    with unprivileged():
        for command in ("export", "backup"):
            result = run(command, shut / "x.csv", "--ledger", ledger)
            told = "cannot be written (permission denied); name a file in a folder that you may write to"
            assert (result.exit_code, result.stderr) == (1, f"onrecord: {shut / 'x.csv'} {told}\n")


# --- names of what people decide -------------------------------------------------------------------------------------


TOLD = compose(
    Said(
        [["it", Deed("sent"), "and", Deed("sold"), "some", Number("90", 90, 90, counted="drones")]],
        who=Who("Colm Brandreth", body="Merrovian", country="XM"),
    ),
    Said([["so it is"]], who=Who("Merrow", PartyKind.GOVERNMENT)),
    Said([["that is so"]], who=Who("Merrovian", PartyKind.GOVERNMENT)),
    url="https://a.example/told",
)


def test_decisions_name_whom_they_are_about(held: str) -> None:
    at = ("--ledger", held)
    dorn, maat, varn = ((name, key_of(name)) for name in ("Elka Dorn", "Joris Maat", "Ilse Varn"))
    cost = UNDATED.attributions[1].id
    document = UNDATED.document.id if UNDATED.document else ""
    for words_, line in (
        (("merge", *(name for name, _ in (dorn, maat))), f"merge {dorn[0]} ({dorn[1]}) into {maat[0]} ({maat[1]})"),
        (("speaks", varn[0], maat[1]), f"speaks {varn[0]} ({varn[1]}) for {maat[0]} ({maat[1]})"),
        (
            ("split", varn[1], document, "--name", "Ilse B. Varn"),
            f"split {varn[0]} ({varn[1]}) off as Ilse B. Varn in document {document}",
        ),
        (("correct", cost, "party", varn[1]), f"correct {cost} · claim.party becomes {varn[0]} ({varn[1]})"),
        (("correct", cost, "party", "Somebody", "--new"), f"correct {cost} · claim.party becomes Somebody"),
        (("correct", cost, "party", ""), f"correct {cost} · claim.party becomes nothing"),
        (("correct", cost, "figure.1.high", "50"), f" in claim {cost} · figure.high becomes 50"),
    ):
        shown = done(*words_, "--why", "so", *at).stdout
        assert f"{line} · “so”\n" in shown
        assert shown.splitlines()[1] in done("decisions", *at).stdout.splitlines()
    of_maat = done("show", maat[1], *at).stdout
    assert re.findall(r"^  (merge|speaks|split|correct) ", of_maat, re.MULTILINE) == ["merge", "speaks"]
    of_varn = done("show", varn[1], *at).stdout
    assert re.findall(r"^  (merge|speaks|split|correct) ", of_varn, re.MULTILINE) == ["speaks", "split", "correct"]
    (own,) = (line for line in done("list", "parties", "elka", *at).stdout.splitlines() if dorn[1] in line)
    assert own == f"{dorn[1]}  Elka Dorn · person · merged into Joris Maat ({maat[1]})"


def test_decisions_as_json_say_whether_they_were_undone(held: str) -> None:
    at = ("--ledger", held)
    done("merge", "Elka Dorn", "Joris Maat", "--why", "one\u202e", *at)
    with Ledger(held, read_only=True) as ledger:
        (merger,) = ledger.find_decisions()
    done("undo", merger.id, "--why", "not so", *at)
    lines = done("decisions", "--json", *at).stdout.splitlines()
    one, other = map(json.loads, lines)
    assert "\\u202e" in lines[0]
    assert one == {
        "id": merger.id,
        "kind": "merge",
        "subject": merger.subject,
        "who": merger.who,
        "at": merger.at,
        "field": "",
        "value": merger.value,
        "document": "",
        "words": [],
        "why": "one\u202e",
        "is_undone": True,
    }
    assert (other["kind"], other["subject"], other["is_undone"]) == ("undo", merger.id, False)


def test_whoever_speaks_for_a_party_that_was_merged_speaks_for_the_other(held: str) -> None:
    at = ("--ledger", held)
    with Ledger(held) as ledger:
        ledger.add([TOLD])
    before, *_, acts = done("claims", "--words", "sold", *at).stdout.splitlines()[:3]
    assert before.endswith("Colm Brandreth for Merrovian")
    assert acts.endswith(" · transfer done")  # both of its acts are that
    done("merge", "Merrovian", "Merrow", "--why", "one government", *at)
    after = done("claims", "--words", "sold", *at).stdout.splitlines()[0]
    assert after.endswith("Colm Brandreth for Merrow")


def test_what_changed_between_two_claims_is_said(tmp_path: Path) -> None:
    address = "https://a.example/ships"
    held = tmp_path / "a.db"
    one = compose(Said([["it", Deed("sent"), "all"]], who=DORN, said_on="2024-03-02"), url=address, published="2024")
    other = compose(Said([["it", "sent", "all"]], who=DORN), Said([["more"]], who=DORN), url=address, published="2025")
    with Ledger(held, create=True) as ledger:
        ledger.add([one])
        ledger.add([other], is_live=True)
    ids = [reading.document.id for reading in (one, other) if reading.document]
    shown = done("diff", *ids, "--ledger", held).stdout.splitlines()
    assert shown[-2] == "      said on: 2024-03-02 → not told; act: transfer done → none"


# --- slips that are understood, and hints --------------------------------------------------------------------------


def test_names_of_several_words_are_taken_in_all_spellings(held: str) -> None:
    with Ledger(held) as ledger:
        ledger.add([TOLD, compose(Said([["go"]], who=DORN, stance=Stance.CALL_FOR), url="https://a.example/go")])
    for spelt in ("call_for", "call-for", "call for"):
        assert "Elka Dorn" in done("claims", "--stance", spelt, "--ledger", held).stdout
    for spelt in ("under-way", "under_way", "under way"):
        assert "no claim answers" in done("claims", "--status", spelt, "--ledger", held).stderr
    refused("'under' is not one of", "claims", "--status", "under", "--ledger", held)


def test_a_stretch_of_time_in_which_no_day_lies_is_refused(held: str) -> None:
    asked_ = ("claims", "--before", "2024-03-10", "--after", "2024-03-20", "--ledger", held)
    refused("nothing is after 2024-03-20 and before 2024-03-10", *asked_)


def test_words_of_saying_lead_to_the_stance(held: str) -> None:
    told = "words are looked for in what is claimed, not in who says it or how"
    for asked_, ask in (
        ("deni*", ": ask --stance deny"),
        ("Denied", ": ask --stance deny"),
        ("bridge fears", ": ask --stance fear"),
        ("adm*", ": ask --stance admit"),
        ("urged", ": ask --stance call-for"),
        ('"said so"', ""),
    ):
        assert why_nothing(held, "--words", asked_) == told + ask, asked_
    assert why_nothing(held, "--words", "denied", "--stance", "deny") == told
    for none in ("zebra", "de*", "adm", "ridge"):
        assert why_nothing(held, "--words", none) == "", none


def test_who_was_split_is_told_where_nothing_answers(held: str) -> None:
    document = UNDATED.document.id if UNDATED.document else ""
    done("split", "Ilse Varn", document, "--name", "Ilse B. Varn", "--why", "another", "--ledger", held)
    varn = key_of("Ilse Varn")
    assert why_nothing(held, "--party", varn) == f"{varn!r} was split: it is 'Ilse B. Varn' in {document}"
    with Ledger(held) as ledger:
        (one,) = ledger.find_decisions()
        ledger.undo(one.id, why="the same")
    assert done("claims", "--party", varn, "--ledger", held).stdout != ""
    assert why_nothing(held, "--party", varn, "--stance", "deny") == ""


def test_a_name_that_is_no_id_and_a_party_that_is_new_lead_on(held: str) -> None:
    at = ("--ledger", held)
    refused("; names: `onrecord list parties 'Elka Dorn'`\n", "show", "Elka Dorn", *at)
    assert "names:" not in run("show", "abcdef", *at).stderr
    correct = ("correct", FORMER.attributions[0].id, "party")
    new = ("correct", UNDATED.attributions[0].id, "party", "Nobody Known", "--why", "x", *at)
    refused("'Nobody Known'; if it is one that the ledger does not know, add --new\n", *new)
    assert "--new" not in run(*correct[:1], "ffff", "party", "Elka Dorn", "--why", "x", *at).stderr


def test_the_reports_own_claims_are_counted_apart(tmp_path: Path) -> None:
    at = ("--ledger", tmp_path / "a.db")
    story = tmp_path / "story.txt"
    story.write_text("The tram reopened. Ana said the brakes were new.", encoding="utf-8")
    done("add", story, "--as-is", *at)
    line = done("add", story, "--as-is", "--language", "en", *at).stdout
    found = re.search(r"\((\d+) claims?; (with the report’s own: )?(\d+) as before\)\n", line)
    assert found, line
    assert bool(found[2]) is (found[1] != found[3])


# --- numbers, and feeds ----------------------------------------------------------------------------------------------


def test_one_is_not_counted_as_several(tmp_path: Path) -> None:
    assert [counted(n, "parties") for n in (0, 1, 2, 1000)] == ["0 parties", "1 party", "2 parties", "1,000 parties"]
    at = ("--ledger", tmp_path / "one.db")
    reading = compose(Said([["so"]], who=DORN), url="https://a.example/x")
    with Ledger(tmp_path / "one.db", create=True) as ledger:
        ledger.add([reading])
        counts = "1 document, 1 reading, 1 claim, 1 party, 0 decisions"
    proven = done("verify", *at).stdout.splitlines()
    assert proven[0] == counts
    assert proven[1].startswith("1 row, hash ")
    assert done("status", *at).stdout.split("\n  ")[1:5] == counts.split(", ")[:4]
    done("export", tmp_path / "x.jsonl", *at)
    assert done("import", tmp_path / "x.jsonl", "--ledger", tmp_path / "two.db").stderr.endswith(": 1 row taken in\n")
    assert "  1 claim · reading" in done("show", reading.document.id if reading.document else "", *at).stdout


def test_a_feed_that_was_refused_says_when_it_is_due_and_why(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:9/{'long/' * 30}feed"
    at = ("--ledger", tmp_path / "a.db")
    first = run("watch", "--once", address, *at)
    why = "lies in a private or local network, which is not fetched from"
    assert first.exit_code == 1
    assert "watching 1 feed into" in first.stderr
    assert first.stderr.endswith("onrecord: 1 poll, 1 failed; 0 reports, 0 problems\n")
    shown = done("watch", "--state", *at).stdout.splitlines()
    assert len(shown) == 2
    assert re.fullmatch(rf"{re.escape(address)}  fails  \d+ s ago  in \d+ min  0 +never +{why}", shown[1])
    again = done("watch", "--once", "--allow-private", *at).stderr.splitlines()
    assert re.fullmatch(
        rf"onrecord: no feed is due; {re.escape(address)} is next, in \d+ min \(it failed the last time: {why}\)",
        again[1],
    )
    assert again[2] == "onrecord: 0 polls, 0 failed; 0 reports, 0 problems"


def test_that_no_feed_is_due_is_told_without_a_fault_if_there_was_none() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    feeds = [
        Feed(
            url=f"https://{n}.example/feed", checked_at=now.isoformat(), next_at=(now + timedelta(hours=n)).isoformat()
        )
        for n in (2, 1)
    ]
    told: list[Event] = []
    on_event: Callable[[Event], object] = told.append
    tally = watch(
        feeds,
        load_state=lambda: feeds,
        save_state=lambda _: None,
        add=lambda _: None,
        once=True,
        clock=lambda: now,
        on_event=on_event,
    )
    assert tally.polls == 0
    assert [(event.kind, event.text) for event in told] == [
        (EventKind.RESTING, "no feed is due; https://1.example/feed is next, in 1 h")
    ]
