from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from sqlalchemy import Table

from conftest import matches
from onrecord.cli import main
from onrecord.store import schema

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


# --- what must be on a page -------------------------------------------------------------------------------------------


def sections(page: Path) -> dict[str, str]:
    """What stands under each heading of a page, by the heading's address; a section holds those below it."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = list(re.finditer(r"^(#+) (.+)$", text, re.MULTILINE))
    found = {}
    for at, heading in enumerate(headings):
        after = (other for other in headings[at + 1 :] if len(other[1]) <= len(heading[1]))
        end = next((other.start() for other in after), len(text))
        found[address_of(heading[2])] = text[heading.start() : end]
    return found


def address_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
    targets = [(page.parent / path if path else page, anchor) for path, anchor in links]
    assert [anchor for path, anchor in targets if anchor not in sections(path)] == []


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_a_section_with_all_of_its_options(name: str) -> None:
    there = sections(ROOT / "docs" / "cli.md")
    (own,) = (text for text in there.values() if re.match(rf"#+ `onrecord {name}[ `]", text))
    # What several commands share stands in one place, to which each of them leads.
    shared = [there[anchor] for anchor in re.findall(r"\]\(#([^)]+)\)", own)]
    options = [p for p in main.commands[name].params if isinstance(p, click.Option)]
    assert [
        option
        for p in options
        for option in p.opts
        if option != "--ledger" and not any(re.search(rf"`{option}[ `]", text) for text in (own, *shared))
    ] == []


def test_which_commands_have_a_ledger_is_said_once() -> None:
    without = [name for name, command in main.commands.items() if not any("--ledger" in p.opts for p in command.params)]
    named = ", ".join(f"`{name}`" for name in without[:-1]) + f" and `{without[-1]}`"
    assert f"All commands but {named} work on a ledger" in sections(ROOT / "docs" / "cli.md")["which-ledger"]


def test_every_option_that_takes_one_of_some_words_names_them_all() -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    choices = {
        str(choice)
        for command in main.commands.values()
        for p in command.params
        if isinstance(p.type, click.Choice)
        for choice in p.type.choices
    }
    assert {choice for choice in choices if not re.search(rf"`(--\w+ )?{choice}`", written)} == set()


@pytest.mark.parametrize("table", schema.metadata.tables.values(), ids=lambda table: table.name)
def test_every_table_and_column_is_documented(table: Table) -> None:
    section = sections(ROOT / "docs" / "ledger.md")[address_of(f"`{table.name}`")]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in table.columns]


def test_every_fault_that_is_explained_is_one_that_is_told() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    table = sections(ROOT / "docs" / "ledger.md")["when-something-goes-wrong"]
    explained = re.findall(r"^\| \*(.+?)\* \|", table, re.MULTILINE)
    assert len(explained) > 10
    assert [message for message in explained if message not in told] == []


# --- how examples are compared ----------------------------------------------------------------------------------------


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
