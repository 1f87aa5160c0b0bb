"""One invented story, to try onrecord on: a denial, an admission, sanctions, copies, a correction.

Eleven files, one of them a feed of two reports. No country, outlet, person or sentence in them is real.
"""

from __future__ import annotations

from pathlib import Path

REPORTS = Path(__file__).parent / "reports"


def find_examples() -> list[Path]:
    """The reports, in the order of the story: pages, texts, a feed, a mail, JSON and a PDF."""
    return sorted(path for path in REPORTS.iterdir() if path.is_file())
