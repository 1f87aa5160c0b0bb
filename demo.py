"""What `make demo` runs: the example reports that come with onrecord, read, kept and asked; and what to try next."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

EXAMPLES = Path("src", "onrecord", "examples", "reports")
PAGE = Path("demo.html")
LEDGER = Path("demo.db")


def onrecord(*words: str, shown: str = "", capture: bool = False) -> str:
    """Runs the command line, after showing it as a user would type it; stops the demo if it fails."""
    print(f"\n$ {shlex.join(['onrecord', *words])}{shown}\n", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", *words], stdout=subprocess.PIPE if capture else None, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.decode("utf-8") if capture else ""


def main() -> None:
    """Reads one report for the eye, then all of them into a page and into records; keeps them, and asks."""
    print("One invented story, told in eleven files, one of them a feed of two reports, in", EXAMPLES)
    print("Here is how one of them is read: who says what, in whose words, and inside which other claim.")
    onrecord("read", str(EXAMPLES / "03-herald-limited-number.html"))

    print("\nNow all of them: HTML pages, text, a feed, a mail, JSON, a PDF. One page to look at, one record for each.")
    started = time.perf_counter()
    lines = onrecord("read", "--json", "--html", str(PAGE), str(EXAMPLES), shown=" > demo.jsonl", capture=True)
    seconds = time.perf_counter() - started
    Path("demo.jsonl").write_text(lines, encoding="utf-8")

    readings = [json.loads(line) for line in lines.splitlines()]
    claims = [row for reading in readings for row in reading["attributions"] if row["voice"] == "party"]
    kinds = Counter(row["kind"] for row in claims)
    nested = sum(1 for row in claims if row["parent"])
    cuts = sum(len(reading["cuts"]) for reading in readings)
    print(
        f"{len(readings)} reports in {len(list(EXAMPLES.iterdir()))} files, "
        f"{len(claims)} claims ({kinds['direct']} direct, {kinds['indirect']} indirect, "
        f"{kinds['mixed']} mixed; {nested} of them inside another claim), {cuts} pieces of page furniture cut, "
        f"in {seconds:.1f} seconds."
    )

    print("\nKept in a ledger, they can be asked: what did Sardal deny, and who says “a limited number”?")
    for end in ("", "-wal", "-shm"):
        Path(f"{LEDGER}{end}").unlink(missing_ok=True)
    onrecord("add", "--ledger", str(LEDGER), str(EXAMPLES))
    onrecord("claims", "--ledger", str(LEDGER), "--party", "Sardal", "--stance", "deny")
    found = onrecord("claims", "--ledger", str(LEDGER), "--words", '"limited number"', capture=True)
    print(found)

    print("Each claim leads to its words; and everything in the ledger can be proven to be as it was recorded.")
    denial = next(line for line in found.splitlines() if "  deny  " in line)
    onrecord("show", "--ledger", str(LEDGER), denial[:16])
    onrecord("verify", "--ledger", str(LEDGER))
    print(f"""
What to try next:
  - open {PAGE} in a browser: click a claim to find its words, or the words to find their claim
  - have the command at hand:    . .venv/bin/activate     (on Windows: .venv\\Scripts\\activate), and then:
  - read a page of your own:     onrecord read https://example.org/some-article
  - read what you have copied:   onrecord read -          (paste, then Ctrl-D)
  - see the record behind it:    head -n 1 demo.jsonl | python3 -m json.tool
  - the ledger in a browser:     onrecord serve --ledger {LEDGER}
  - keep reports of your own:    onrecord add https://example.org/some-article, onrecord watch feeds.opml
  - everything it can do:        onrecord --help, and docs/README.md""")


if __name__ == "__main__":
    main()
