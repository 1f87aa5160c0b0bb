from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import matches

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "training").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_waits_for_a_figure(page: Path) -> None:
    assert re.findall(r"@[A-Z]+@", page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_tour_begins_with_what_makes_its_commands_work() -> None:
    tour = (ROOT / "README.md").read_text(encoding="utf-8").partition("## A tour")[2]
    first, second = re.findall(r"^```(\w+)\n(.*?)^```", tour, re.MULTILINE | re.DOTALL)[:2]
    assert first[0] == "sh"
    assert [line.partition("#")[0].strip() for line in first[1].splitlines()] == [
        ". .venv/bin/activate",
        "onrecord examples",
    ]
    assert second[1].startswith("$ onrecord read examples/")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_page_is_in_the_index(page: Path) -> None:
    assert page.name == "README.md" or f"]({page.name})" in (ROOT / "docs" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "printed", "is_match"),
    [
        ("a\n…\nd", "a\nb\nc\nd", True),
        ("a\n…\nd", "a\nd", True),
        ("a\n…", "a\nb", True),
        ("cut a b…\nd", "cut a b…\nd", True),
        ("cut a b…\nd", "cut a b\nc\nd", False),  # at the end of a line it stands for itself
        ("a […] d", "a b c d", True),
        ("a […] d", "a b\nc d", False),
        ("score 0.97 \n", "score 0.91", True),
        ("a", "a\nb", False),
    ],
)
def test_an_example_of_the_documentation_is_compared_line_by_line(expected: str, printed: str, is_match: bool) -> None:
    assert matches(expected, printed) is is_match
