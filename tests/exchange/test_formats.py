"""What holds for every format of exchange."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice, repeat
from typing import Any

import pytest
from hypothesis import given, settings

from exchange.entries import ACCUSED, DENIED, accusation, failed, made, several
from onrecord.codec.exchange import FORMATS, TABLES, Format
from onrecord.codec.exchange.shared import Opened, body_id, day_or_time, instant, plain_day, web_address
from onrecord.errors import UsageError
from onrecord.model import Entry, PartyKind
from onrecord.store.terms import known_party
from samples import sample_reading

ONE_FILE = [one for one in FORMATS.values() if not one.tables]
by_format = pytest.mark.parametrize("form", ONE_FILE, ids=lambda form: form.name)
HARMFUL = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c"}
HARMFUL |= {*"\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}


def lines_of(form: Format, entries: list[Entry], **taken: str) -> list[str]:
    written = b"".join(form.encode(entries, **taken)).decode()
    assert written == "" or written.endswith("\n")
    return written.removesuffix("\n").split("\n") if written else []


def values_of(form: Format, entries: list[Entry], **taken: str) -> Any:
    lines = lines_of(form, entries, **taken)
    return [json.loads(line) for line in lines] if form.suffix.endswith(".jsonl") else json.loads("\n".join(lines))


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from chain(value, *map(strings_in, value.values()))
    elif isinstance(value, list):
        yield from chain(*map(strings_in, value))
    elif isinstance(value, str):
        yield value


def test_every_format_says_what_it_is() -> None:
    assert list(FORMATS) == ["jsonl", "csv", "jsonld", "annotations", "ftm", "stix", "prov", "geojson", "parquet"]
    for name, form in FORMATS.items():
        assert form.name == name
        assert form.suffix.startswith(".")
        assert len(form.what.splitlines()) == 1
    assert FORMATS["csv"].tables == FORMATS["parquet"].tables == tuple(TABLES)


@settings(max_examples=25)
@given(several)
def test_any_entries_are_harmless_lines_of_json(entries: list[Entry]) -> None:
    for form in ONE_FILE:
        assert not HARMFUL & set("".join(lines_of(form, entries))), form.name
        values_of(form, entries)


@by_format
def test_what_could_not_be_read_says_nothing(form: Format) -> None:
    assert lines_of(form, [failed()]) == lines_of(form, [])
    values_of(form, [failed()])
    assert lines_of(form, [failed(), accusation()]) == lines_of(form, [accusation()])


@by_format
def test_a_denial_travels_with_the_accusation(form: Format) -> None:
    strings = list(strings_in(values_of(form, [accusation()])))
    for words in (ACCUSED, DENIED):
        assert any(words in string for string in strings), words


@by_format
def test_the_same_entries_are_the_same_bytes(form: Format) -> None:
    assert lines_of(form, [accusation(), made(sample_reading())]) == lines_of(
        form, [accusation(), made(sample_reading())]
    )


@by_format
def test_with_a_base_things_have_addresses(form: Format) -> None:
    strings = set(strings_in(values_of(form, [accusation()], base="https://ledger.example/")))
    reading = accusation().reading
    assert reading.document is not None
    if form.name == "prov":
        assert "https://ledger.example/claims/" in strings
    elif form.name == "geojson":
        assert f"https://ledger.example/claims/{reading.attributions[0].id}" in strings
        assert f"https://ledger.example/documents/{reading.document.id}" in strings
    else:
        assert {f"https://ledger.example/claims/{one.id}" for one in reading.attributions} <= strings
        assert "https://ledger.example/parties/0123456789abcdef" in strings
    assert not any("example//" in string for string in strings)


@pytest.mark.parametrize("base", ["ledger.example", "ftp://ledger.example", "https://", "https://a b", "https://a/?x"])
@by_format
def test_what_is_no_base_is_refused_before_anything_is_written(form: Format, base: str) -> None:
    with pytest.raises(UsageError, match="is no address of a ledger; write one like"):
        form.encode([], base=base)


@pytest.mark.parametrize("form", [FORMATS["csv"], FORMATS["parquet"]], ids=lambda form: form.name)
def test_an_unknown_table_is_refused_before_anything_is_written(form: Format) -> None:
    with pytest.raises(UsageError, match="no table 'quotes'; there are: claims, documents"):
        form.encode([], table="quotes")


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_entries_without_end_are_written_as_they_come(form: Format) -> None:
    assert len(list(islice(form.encode(repeat(accusation())), 12))) == 12


@by_format
def test_memory_does_not_grow_with_the_entries(form: Format) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in form.encode(repeat(accusation(), count)):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2)
    assert peak(200) < peak(20) + 150_000  # bytes; 180 entries as text are ten times that


def test_a_claim_whose_other_is_not_there_keeps_its_id() -> None:
    whole = accusation()
    alone = replace(whole, reading=replace(whole.reading, attributions=whole.reading.attributions[1:], acts=()))
    accused = whole.reading.attributions[0].id
    for name in ("jsonl", "jsonld", "annotations", "stix", "prov"):
        assert any(accused in string for string in strings_in(values_of(FORMATS[name], [alone]))), name
    for name in ("ftm", "geojson"):
        values_of(FORMATS[name], [alone])


def test_the_body_spoken_for_has_the_id_that_the_ledger_gives_it() -> None:
    for body in ("Government of Côte d’Ivoire", "United Nations", "ÆØÅ-gruppen", "…", ""):
        assert body_id(body) == known_party(body, PartyKind.GOVERNMENT).id


def test_a_decision_is_found_by_id_and_by_words() -> None:
    entry = accusation()
    assert entry.reading.document is not None
    opened = Opened(entry, entry.reading.document)
    accused, denied, *_ = entry.reading.attributions
    assert [decision.kind for decision in opened.decisions(accused)] == ["note", "correct"]
    assert opened.decisions(denied) == []


def test_a_telling_says_who_says_so_and_what_was_answered() -> None:
    entry = accusation()
    assert entry.reading.document is not None
    opened = Opened(entry, entry.reading.document)
    accused, denied, grain, *_, lay = entry.reading.attributions
    assert opened.telling(accused).splitlines() == [
        "Accusation by Lena Droste for Government of Merrow, as reported by Evening Post on 2024-03-03: " + ACCUSED,
        "Said on: 2024-03-02",
        "Answered: Denial by Harbour Line: " + DENIED,
        "Tells of: transfer (status: alleged): having carried; by Harbour Line; to Ishkar; of rockets; in Ishkar",
    ]
    assert opened.telling(denied).splitlines()[1] == (
        "On: Accusation by Lena Droste for Government of Merrow: " + ACCUSED
    )
    assert opened.title(grain) == "Statement by a clerk"
    assert opened.title(lay) == "Statement by Evening Post"
    assert "as reported" not in opened.telling(lay)


def test_what_somebody_is_told_to_have_said_is_told_so() -> None:
    entry = made(sample_reading())
    assert entry.reading.document is not None
    opened = Opened(entry, entry.reading.document)
    assert [opened.title(one) for one in entry.reading.attributions if one.parent] == [
        "Statement by a leaked report, as told by union secretary Joris Maat",
        "Fear by the ministry, as told by a leaked report",
    ]


@pytest.mark.parametrize(
    ("value", "day", "time", "exact"),
    [
        ("2024", "2024", "2024", False),
        ("2024-02", "2024-02", "2024-02", False),
        ("2024-02-29", "2024-02-29", "2024-02-29", False),
        ("2024-02-30", None, None, False),
        ("2024-03-03T10:00:00+02:00", "2024-03-03", "2024-03-03T10:00:00+02:00", True),
        ("2024-03-03T10:00", "2024-03-03", "2024-03-03T10:00", False),
        ("2024-03-03Tnoon", "2024-03-03", None, False),
        ("XXXX-12-09", None, None, False),
        ("2024-03-01/2024-03-03", None, None, False),
        ("٢٠٢٤", None, None, False),
        ("0001-01-01T00:00:00+14:00", "0001-01-01", "0001-01-01T00:00:00+14:00", False),
        ("", None, None, False),
    ],
)
def test_days_and_times_are_what_they_are(value: str, day: str | None, time: str | None, *, exact: bool) -> None:
    assert plain_day(value) == day
    assert day_or_time(value) == time
    assert (instant(value) is not None) == exact


@pytest.mark.parametrize(
    "url",
    [
        *("", "page.html", "/home/jo/page.html", "ftp://a.example/", "http://", "http://[::1", "javascript:alert(1)"),
        *("https://a.example/a b", "https://a.example/\u202ex", 'https://a.example/"', "https://a.example/{x}"),
    ],
)
def test_what_is_no_address_of_the_web_is_none(url: str) -> None:
    assert web_address(url) is None


def test_an_address_of_the_web_is_kept_as_it_is() -> None:
    assert web_address("https://post.example/ports?id=7&x=ü#top") == "https://post.example/ports?id=7&x=ü#top"


def test_the_clock_of_an_entry_must_tell() -> None:
    with pytest.raises(UsageError, match="no time with a zone"):
        list(FORMATS["stix"].encode([replace(accusation(), at="yesterday")]))
