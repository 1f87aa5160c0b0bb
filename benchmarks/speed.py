"""Speed, memory and cold start, as ratios and figures of one run on one machine.

python -m benchmarks.speed
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import onrecord
from onrecord.examples import find_examples
from onrecord.reader.network import Network
from onrecord.reader.tokens import tokenize

ARTICLE_WORDS = 700
ARTICLES = 12
ROUNDS = 5
COLD_STARTS = 7


def articles() -> list[str]:
    """Texts of about 700 words, put together from the paragraphs of the bundled example reports, each different."""
    paragraphs = [
        paragraph
        for path in find_examples()
        for reading in onrecord.read_all([path])
        if reading.document
        for paragraph in reading.document.text.split("\n\n")
    ]
    texts = []
    for n in range(ARTICLES):
        text, at = "", n * 7
        while len(text.split()) < ARTICLE_WORDS:
            text += paragraphs[at % len(paragraphs)] + "\n\n"
            at += 1
        texts.append(text)
    return texts


class Recorder:
    """Stands in for the network of a reader and keeps what the two graphs are run on."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._network, name)
        if name not in ("encode", "score_pairs"):
            return found

        def record(*arguments: Any) -> Any:
            self.calls.append((name, arguments))
            return found(*arguments)

        return record


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure_reading() -> dict[str, float]:
    """Articles a second with all cores; the speed as a share of attribution alone, and of that what the graphs take."""
    reader = onrecord.Reader()
    documents = [onrecord.Document(url="", text=text, language="en") for text in articles()]
    network = reader._network  # the bare graphs are what the reader is measured against
    recorder = Recorder(network)
    reader._network = recorder  # type: ignore[assignment]
    for document in documents:
        reader.read(document)
    reader._network = network

    def bare() -> None:
        for name, arguments in recorder.calls:
            getattr(network, name)(*arguments)

    def attributions() -> None:
        for document in documents:
            reader.find_attributions(document, tokenize(document.text, network.tokenizer))

    def whole() -> None:
        for document in documents:
            reader.read(document)

    # In turn, so that all meet the same weather.
    rounds = [(seconds(whole), seconds(attributions), seconds(bare)) for _ in range(ROUNDS)]
    return {
        "articles a second": len(documents) / statistics.median(times[0] for times in rounds),
        "share of attribution alone": statistics.median(times[1] / times[0] for times in rounds),
        "share of bare session": statistics.median(times[2] / times[1] for times in rounds),
        "words an article": statistics.mean(len(document.text.split()) for document in documents),
    }


_PROBE = """
import resource, runpy, sys
sys.argv = ["onrecord", *sys.argv[1:]]
try:
    runpy.run_module("onrecord", run_name="__main__")
finally:
    try:  # what getrusage says on Linux takes in the peak of the process that started this one
        with open("/proc/self/status") as status:
            peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(peak, file=sys.stderr)
"""


def measure_cold_start() -> dict[str, float]:
    """A new process that reads one article: median wall seconds, and peak memory in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.txt"
        path.write_text(articles()[0], encoding="utf-8")
        times, peaks = [], []
        for _ in range(COLD_STARTS):
            command = [sys.executable, "-c", _PROBE, "read", "--json", str(path)]
            began = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            times.append(time.perf_counter() - began)
            peaks.append(int(done.stderr.split()[-1]) / 1e6)
    return {"cold start seconds": statistics.median(times), "peak memory MB": max(peaks)}


def growth(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Slope of log time over log size: 1 is linear, 2 quadratic."""
    return float(np.polyfit([math.log(size) for size in sizes], [math.log(t) for t in times], 1)[0])


def measure_long_texts() -> dict[str, float]:
    """How reading time grows up to 2 million characters, and time per character of odd texts against plain ones."""
    reader = onrecord.Reader()
    base = "\n\n".join(articles())

    def read(text: str) -> float:
        return seconds(lambda: reader.read(onrecord.Document(url="", text=text, language="en")))

    sizes = [125_000, 500_000, 2_000_000]
    texts = [(base * (size // len(base) + 1))[:size] for size in sizes]
    read(base)  # the first run is slower, and would flatter the slope
    times = [read(text) for text in texts]
    plain = times[-1] / sizes[-1]
    line = base.replace("\n\n", " ")
    one_line = (line * (1_000_000 // len(line) + 1))[:1_000_000]
    quotes = "".join("“He said, " for _ in range(10_000)) + "no" + "”" * 10_000
    return {
        "growth to 2 million characters": growth(sizes, times),
        "seconds for 2 million characters": times[-1],
        "1 MB on one line against plain": read(one_line) / len(one_line) / plain,
        "10,000 nested marks against plain": read(quotes) / len(quotes) / plain,
    }


def measure() -> dict[str, float]:
    """All of the above."""
    return measure_reading() | measure_cold_start() | measure_long_texts()


def main() -> None:
    """The command."""
    print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    main()
