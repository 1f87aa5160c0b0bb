"""Article bodies: ours and trafilatura's alone against gold, on the same pages in the same run; and what cutting costs.

The figure is that of scrapinghub/article-extraction-benchmark: both texts become bags of four-word shingles; precision
and recall of every page are averaged over the pages, F1 is that of the averages, and the interval is 1.96 standard
deviations of it over bootstrap samples of the pages.

    python -m benchmarks.extraction            # the table
    python -m benchmarks.extraction --pages    # and every page on which ours is below .97
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import print_figures
from benchmarks.polnear import corpora_folder, load_polnear
from benchmarks.shares import Share
from onrecord import Document
from onrecord.intake import decode_documents

WORD = re.compile(r"\w+")
SHINGLE = 4
SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the text that people marked as its article."""

    url: str
    html: bytes
    body: str


def load_pages() -> list[Page]:
    """The labelled pages, sorted by name.

    Raises:
        FileNotFoundError: they are not there; the message says where they were looked for.
    """
    folder = corpora_folder() / "article-extraction"
    if not (folder / "ground-truth.json").exists():
        raise FileNotFoundError(
            f"{folder}: the pages are not there; set ONRECORD_CORPORA to the folder that holds article-extraction/"
        )
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Page(gold["url"], gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), gold["articleBody"])
        for name, gold in sorted(truth.items())
    ]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The bag of four-word shingles of a text; of a text shorter than that, the text."""
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)) if words)


def compare(gold: str, found: str) -> Share:
    """Precision and recall of the shingles of one text."""
    wanted, got = shingles(gold), shingles(found)
    shared = sum((wanted & got).values())
    return Share(shared / got.total() if got else 0.0, shared / wanted.total() if wanted else 0.0)


def combine(scores: Sequence[Share]) -> Share:
    """The score of a set of pages: the averages of theirs. A page of which nothing was taken has no precision."""
    return Share(
        statistics.fmean(score.precision for score in scores if score.precision or score.recall),
        statistics.fmean(score.recall for score in scores),
    )


def interval(scores: Sequence[Share]) -> float:
    """Half the width of the 95 % interval of F1, by bootstrap over the pages; the seed is fixed."""
    chance = random.Random(0)  # for statistics, no secret
    return 1.96 * statistics.stdev(combine(chance.choices(scores, k=len(scores))).f1 for _ in range(SAMPLES))


def extract_ours(page: Page) -> str:
    """The text of the document that onrecord makes of a page; empty if it says that there is no article."""
    (document,) = decode_documents(page.html, url=page.url)
    return document.text if isinstance(document, Document) else ""


def extract_trafilatura(page: Page) -> str:
    """What trafilatura makes of a page, set as in the published comparison: without readers' comments."""
    from trafilatura import extract

    return extract(page.html, include_comments=False) or ""


def measure() -> dict[str, float]:
    """Every figure of this benchmark.

    Raises:
        FileNotFoundError: the labelled pages are not there.
    """
    pages = load_pages()
    figures: dict[str, float] = {}
    for name, extract in (("ours", extract_ours), ("trafilatura", extract_trafilatura)):
        scores, seconds = score_pages(pages, extract)
        whole = combine(scores)
        figures |= {
            f"{name} f1": whole.f1,
            f"{name} f1 interval": interval(scores),
            f"{name} precision": whole.precision,
            f"{name} recall": whole.recall,
            f"{name} pages a second": len(pages) / seconds,
        }
    return figures | measure_cuts()


def score_pages(pages: Sequence[Page], extract: Callable[[Page], str]) -> tuple[list[Share], float]:
    """The score of every page, and the seconds that it took to read them all, the first one twice."""
    extract(pages[0])  # imports
    start = time.perf_counter()
    texts = [extract(page) for page in pages]
    seconds = time.perf_counter() - start
    return [compare(page.body, text) for page, text in zip(pages, texts, strict=True)], seconds


def measure_cuts() -> dict[str, float]:
    """How many attributed contents lose a word when their articles are read as plain text: it should be none."""
    contents = touched = characters = cut = 0
    for article in load_polnear("train"):
        (document,) = decode_documents(article.text.encode("utf-8"), url=f"{article.name}.txt")
        if not isinstance(document, Document):
            raise TypeError(f"{article.name}: {document}")
        characters += len(article.text)
        gone: set[int] = set()
        start = 0
        for piece in document.cuts:
            start = article.text.index(piece.text, start)
            gone.update(range(start, start + len(piece.text)))
            cut += len(piece.text)
        for relations in article.annotations:
            for relation in relations:
                contents += 1
                touched += any(not gone.isdisjoint(range(*span)) for span in relation["content"])
    return {
        "contents": contents,
        "contents touched by a cut": touched,
        "share of plain text cut": cut / characters,
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="list the pages on which ours is below .97")
    chosen = parser.parse_args()
    print_figures(measure)
    if chosen.pages:
        for page in load_pages():
            score = compare(page.body, extract_ours(page))
            if score.f1 < 0.97:
                print(f"precision {score.precision:.3f}  recall {score.recall:.3f}  {page.url}")


if __name__ == "__main__":
    main()
