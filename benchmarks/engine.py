"""Two local workers of Ray against one process, on a generated archive: the same pages, one thread in each process.

python -m benchmarks.engine

The archive is WARC of web pages of about 700 words, put together from the paragraphs of the bundled example reports,
each different. *Steady* is pages a second from the first sixth of the archive to the last, when every worker has loaded
its reader and none has run out of work; *whole* is everything, from the call to the last part, in which the start of
Ray and of the readers weighs less the larger the archive is. Both sides write the same Parquet. The rounds alternate,
so that both meet the same weather; medians. Two cores must be free for it.
"""

from __future__ import annotations

import gzip
import html
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import onrecord
from onrecord.examples import find_examples
from onrecord.ledger.archive import read_archive

PAGES = 120
PART_PAGES = 10
ROUNDS = 3
WORDS = 700


def write_archive(path: Path) -> None:
    """Writes the archive: one gzip member for each record, as the standard has it."""
    paragraphs = [
        paragraph
        for report in find_examples()
        for reading in onrecord.read_all([report])
        if reading.document
        for paragraph in reading.document.text.split("\n\n")
    ]
    with path.open("wb") as stream:
        for number in range(PAGES):
            text: list[str] = []
            while sum(len(paragraph.split()) for paragraph in text) < WORDS:
                text.append(paragraphs[(number * 7 + len(text)) % len(paragraphs)])
            stream.write(gzip.compress(_record(number, text)))


def _record(number: int, paragraphs: list[str]) -> bytes:
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    page = f"<html><head><title>Report {number}</title></head><body><article>{body}</article></body></html>".encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/{number}\r\n"
        f"WARC-Date: 2024-05-06T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def rates(archive: Path, folder: Path, **options: Any) -> tuple[float, float]:
    """Pages a second of one run, steady and whole."""
    began = time.perf_counter()
    times: dict[int, float] = {}
    for progress in read_archive([archive], folder, part_pages=PART_PAGES, **options):
        times.setdefault(progress.done, time.perf_counter())
    assert progress.done == PAGES
    assert not progress.failed
    first, last = PAGES // 6, PAGES - PAGES // 6
    return (last - first) / (times[last] - times[first]), PAGES / (time.perf_counter() - began)


def measure() -> dict[str, float]:
    """The ratios, and pages a second of either side."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "pages.warc.gz"
        write_archive(archive)
        alone, two = [], []
        for number in range(ROUNDS):
            alone.append(rates(archive, folder / f"alone-{number}", engine="here"))
            two.append(rates(archive, folder / f"two-{number}", engine="ray", workers=2))
    figures = {
        f"{side}, {what}, pages a second": statistics.median(run[at] for run in runs)
        for side, runs in (("one process", alone), ("two workers", two))
        for at, what in enumerate(("steady", "whole"))
    }
    ratios = {
        f"two workers against one process, {what}": statistics.median(
            b[at] / a[at] for a, b in zip(alone, two, strict=True)
        )
        for at, what in enumerate(("steady", "whole"))
    }
    return ratios | figures


def main() -> None:
    """The command."""
    print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    main()
