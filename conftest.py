"""What every test run shares: what happens without the trained model, and how the documentation's examples are run.

In README.md and docs/, a `python` block is run, and a `console` block is run line by line: each `$ onrecord …` must
print what stands below it, where `…` alone on a line stands for any lines and `[…]` for any part of one. A `sh` block
is for the reader only. Every page starts in an empty folder with the example reports in `examples/`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parent
EXAMPLES = ROOT / "src" / "onrecord" / "examples" / "reports"
MODEL = ROOT / "src" / "onrecord" / "reader" / "model"
NO_MODEL = f"the trained model is not in {MODEL.relative_to(ROOT)}; training/README.md says how to make it"

# How long an example takes says something of the machine, and nothing of the code.
hypothesis.settings.register_profile("no time limit", deadline=None)
hypothesis.settings.load_profile("no time limit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips what needs the trained model, where there is none, and says so."""
    if any(MODEL.glob("*.onnx")):
        return
    for item in items:
        if item.get_closest_marker("model") or item.path.suffix == ".md":
            item.add_marker(pytest.mark.skip(reason=NO_MODEL))


def matches(expected: str, printed: str) -> bool:
    """Whether `printed` is what the documentation shows, but for spaces at the ends of lines and for scores."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace(re.escape("[…]"), ".*") + r"\n"
        for line in _comparable(expected).splitlines()
    )
    return bool(re.fullmatch(pattern, _comparable(printed)))


def _comparable(shown: str) -> str:
    # The last digit of a score depends on how a processor multiplies 8-bit integers.
    scores_aside = re.sub(r"\b[01]\.\d\d\b", "0.00", shown.strip())
    return "\n".join(line.rstrip() for line in scores_aside.splitlines()) + "\n"


def run_console(example: Example) -> None:
    """Runs the `$ onrecord …` lines of one block, each against what stands below it."""
    for step in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        words = shlex.split(command)
        assert words[0] == "onrecord", f"only onrecord is run in a console block, not {words[0]!r}; use a sh block"
        environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=example.namespace["folder"],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        if not matches(expected, done.stdout + done.stderr):
            raise AssertionError(f"$ {command}\nshould print:\n{expected}\nbut prints:\n{done.stdout + done.stderr}")


def open_page(namespace: dict[str, Any]) -> None:
    """Puts a page of documentation into a folder of its own, with the example reports."""
    namespace["folder"], namespace["back"] = tempfile.mkdtemp(), Path.cwd()
    shutil.copytree(EXAMPLES, Path(namespace["folder"], "examples"))
    os.chdir(namespace["folder"])


def close_page(namespace: dict[str, Any]) -> None:
    """Leaves that folder and removes it."""
    os.chdir(namespace["back"])
    shutil.rmtree(namespace["folder"])


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser(language="console", evaluator=run_console)],
    filenames=["README.md"],
    patterns=["docs/**/*.md", "docs/*.md"],
    excludes=["docs/decisions/*.md"],
    path=str(ROOT),
    setup=open_page,
    teardown=close_page,
).pytest()
