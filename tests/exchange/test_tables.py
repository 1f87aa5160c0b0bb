from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import replace
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.entries import accusation, failed, made, several
from onrecord.codec.exchange import TABLES, decode_cell, encode_csv, encode_parquet
from onrecord.codec.exchange.tables import Type
from onrecord.errors import OnrecordError
from onrecord.model import Entry
from samples import sample_reading, texts

by_table = pytest.mark.parametrize("table", TABLES)
WIDE = "＝1"  # noqa: RUF001 - this very character
FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")  # noqa: RUF001 - these very characters


def rows_of(entries: list[Entry], table: str) -> list[dict[str, str]]:
    written = b"".join(encode_csv(entries, table=table)).decode()
    return list(csv.DictReader(io.StringIO(written, newline=""), strict=True))


def read(entries: list[Entry], table: str) -> Any:
    return pyarrow.parquet.read_table(io.BytesIO(b"".join(encode_parquet(entries, table=table))))


@settings(max_examples=25)
@given(several)
def test_a_row_is_a_line_that_says_what_the_table_says(entries: list[Entry]) -> None:
    for table in TABLES:
        check_rows(entries, table)


def check_rows(entries: list[Entry], table: str) -> None:
    columns = TABLES[table].columns
    written = b"".join(encode_csv(entries, table=table)).decode()
    lines = written.split("\r\n")
    assert lines.pop() == ""
    assert not any(separator in line for line in lines for separator in "\r\n\0\x1b\x85\u2028\u202e")
    head, *rows = csv.reader(lines, strict=True)
    assert head == [column.name for column in columns]
    wanted = [row for entry in entries for row in TABLES[table].rows(entry)]
    assert len(rows) == len(wanted)
    for cells, row in zip(rows, wanted, strict=True):
        for cell, value, column in zip(cells, row, columns, strict=True):
            if column.type is Type.TEXT:
                assert isinstance(value, str | None)
                assert decode_cell(cell) == (value or "")
                assert not FORMULA.match(cell)
            elif column.type is Type.FLAG:
                assert cell == ("true" if value else "false")
            else:
                assert (float(cell) if cell else None) == value


@given(texts | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "'quoted'", "''", "\t=1", "\\u0041", "\\", WIDE]))
def test_text_comes_back_to_the_letter_and_is_never_a_formula(text: str) -> None:
    entry = replace(accusation(), who=text)
    (row,) = rows_of([entry], "documents")
    assert decode_cell(row["recorded_by"]) == text
    assert not FORMULA.match(row["recorded_by"])


@settings(max_examples=15)
@given(several)
def test_parquet_holds_the_same_rows(entries: list[Entry]) -> None:
    for name, table in TABLES.items():
        found = read(entries, name)
        assert found.column_names == [column.name for column in table.columns]
        wanted = [row for entry in entries for row in table.rows(entry)]
        assert [tuple(row.values()) for row in found.to_pylist()] == wanted


@by_table
def test_tables_without_rows_are_tables(table: str) -> None:
    assert rows_of([], table) == []
    assert read([], table).num_rows == 0


def test_parquet_says_what_each_column_is() -> None:
    schema = read([], "acts").schema
    assert str(schema.field("factuality").type) == "double"
    assert schema.field("status").metadata[b"description"].startswith(b"how far it has come")


def test_parquet_is_written_in_groups_of_rows() -> None:
    pieces = list(encode_parquet([accusation()] * 4001, table="claims"))
    file = pyarrow.parquet.ParquetFile(io.BytesIO(b"".join(pieces)))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [10_000, 10_000, 5]


def test_a_number_too_great_for_a_column_is_empty_there() -> None:
    entry = accusation()
    (figure,) = entry.reading.figures
    huge = replace(entry, reading=replace(entry.reading, figures=(replace(figure, low=None, high=10**400),)))
    assert read([huge], "figures").to_pylist()[0]["high"] is None
    assert rows_of([huge], "figures")[0]["high"] == "1" + "0" * 400


def test_without_pyarrow_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OnrecordError, match=r"\AParquet needs pyarrow; install it with: pip install 'onrecord\[parq"):
        encode_parquet([])


def test_both_sides_point_to_each_other() -> None:
    accused, denied, *_ = rows_of([accusation()], "claims")
    assert (accused["stance"], accused["who"], accused["answered_by"]) == ("accuse", "Lena Droste", denied["id"])
    assert (denied["stance"], denied["who"], denied["about"]) == ("deny", "Harbour Line", accused["id"])
    assert accused["speaks_for"] == "Government of Merrow"
    assert accused["spans"] == "73..140"
    assert len(accused["corrections"].split()) == 2
    (act,) = rows_of([accusation()], "acts")
    assert (act["status"], act["claim"], act["answered_by"]) == ("alleged", accused["id"], denied["id"])
    assert (act["actor"], act["item"], act["target"]) == ("Harbour Line", "rockets", "Ishkar")


def test_each_table_says_its_part() -> None:
    entries = [accusation(), failed()]
    accused, *_ = rows_of(entries, "claims")
    (document,) = rows_of(entries, "documents")
    assert (document["id"], document["claims"], document["revises"]) == (accused["document"], "5", "cd" * 8)
    droste, *_, clerk = rows_of(entries, "parties")
    assert (droste["party"], droste["role"], droste["mentions"]) == ("0123456789abcdef", "interior minister", "1")
    assert (clerk["party"], clerk["name"], clerk["words"]) == ("", "", "a clerk")
    (figure,) = rows_of(entries, "figures")
    assert (figure["claims"], figure["low"], figure["counted"]) == (accused["id"], "400", "rockets")
    (place,) = rows_of(entries, "places")
    assert (place["claims"], place["latitude"]) == (accused["id"], "12.5")
    (time,) = rows_of(entries, "times")
    assert (time["words"], time["edtf"]) == ("Friday", "2024-03-01")
    note, corrected = rows_of(entries, "decisions")
    assert (note["kind"], corrected["field"], corrected["value"]) == ("note", "act.status", "alleged")
    (failure,) = rows_of(entries, "failures")
    assert (failure["where"], failure["recorded_by"]) == ("missing.txt", "jo")


def test_numbers_are_numbers() -> None:
    (_, act) = rows_of([made(sample_reading())], "acts")
    assert act["factuality"] == "-3.0"
    assert rows_of([made(sample_reading())], "places")[1]["longitude"] == "-0.1"
