"""Eight who write and eight who read, all at once, in one ledger.

``python -m tests.store.crowd 600 [postgresql://…]``. Writers add pages of their own and, against each other, versions
of the same few pages; they correct the same claims and take notes. Readers ask, page by page, and go back to what they
saw. Nobody may ever see an error, a document in part, or a log that no longer has a hash that it once had; in the end
everything that was said to be recorded must be there, once, and proven.
"""

from __future__ import annotations

import os
import pickle
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.model import Outcome, Question, Reading
from tests.store.world import RUNS, Said, Who, compose

PEOPLE = 8
_CLAIMS = 4  # in every document
_SHARED = 5  # pages that all writers write to


@dataclass
class Told:
    """What one of them has to tell.

    Attributes:
        did: how often it did what.
        entries: ids of the readings that the ledger said were recorded.
        decisions: ids of decisions, likewise.
        rows: how many rows of the log they must have come to.
        fault: what went wrong; empty if nothing did.
    """

    did: Counter[str] = field(default_factory=Counter)
    entries: set[str] = field(default_factory=set)
    decisions: set[str] = field(default_factory=set)
    rows: int = 0
    fault: str = ""


def document(name: str, url: str, run: int = 0) -> Reading:
    """A document of four claims, each with the name of the document in it."""
    said = [Said([[name, f"part {part}"]], who=Who(f"Person {part}")) for part in range(_CLAIMS)]
    return compose(*said, url=url, published="2022-11-05", run=RUNS[run])


def write(where: str, number: int, told: Told, goes_on: Callable[[], bool]) -> None:
    """What a writer does."""
    rng = random.Random(number)
    with Ledger(where, create=True, who=f"writer {number}") as ledger:
        made = 0
        while goes_on() or not made:
            batch = []
            for _ in range(rng.randrange(1, 5)):
                made += 1
                name, shared = f"doc{number}x{made}", rng.randrange(_SHARED * 3)
                is_own = shared >= _SHARED
                batch.append(
                    document(name, f"u{number}/{made}" if is_own else f"https://shared.example/{shared}", made % 2)
                )
            for added in ledger.add(batch):
                assert added.outcome in (Outcome.NEW, Outcome.CHANGED), added
                told.entries.add(added.entry)
                told.rows += 1
                told.did["added"] += 1
            for added in ledger.add(batch[:1]):  # once more: known, unless another changed the page meanwhile
                assert added.outcome in (Outcome.KNOWN, Outcome.CHANGED), added
                told.rows += added.outcome is Outcome.CHANGED
            claim = rng.choice(batch[0].attributions)
            stance = rng.choice(("deny", "fear", "promise"))
            decisions = [ledger.note(batch[-1].document.id if batch[-1].document else "", f"{number} {made}")]
            try:
                decisions.append(ledger.correct(claim.id, "stance", stance, why=f"{number} {made}"))
            except UsageError:  # another has just changed the page: there is nothing left to correct
                assert not ledger.get_claim(claim.id).is_current
            told.decisions |= {decision.id for decision in decisions}
            told.rows += len(decisions)
            told.did["decided"] += len(decisions)


def read(where: str, number: int, told: Told, goes_on: Callable[[], bool]) -> None:
    """What a reader does."""
    rng = random.Random(1000 + number)
    with Ledger(where, read_only=True) as ledger:
        asked = 0
        while goes_on() or not asked:
            asked += 1
            head = ledger.get_head()[1]
            seen: Counter[tuple[str, str]] = Counter()
            after, last = "", None
            for _ in range(8):  # some pages, of one state of the ledger
                page = ledger.ask(Question(words="part"), limit=rng.randrange(5, 40), after=after)
                for claim in page.claims:
                    name = claim.content.split()[0]
                    seen[claim.entry.id, name] += 1
                    last = claim
                if not (after := page.after):
                    break
            # Claims that were corrected stand elsewhere in the order: only all of it shows each document whole.
            assert all(count <= _CLAIMS for count in seen.values()), seen
            told.did["pages"] += 1
            if last is not None:
                name = last.content.split()[0]
                several = list(ledger.find_claims(Question(words=name)))
                assert len(several) in (0, _CLAIMS), f"{name}: {len(several)} claims"  # 0: its page was changed
                assert len({claim.entry.id for claim in several}) < 2, name
                assert ledger.get_claim(last.id).content == last.content
                assert ledger.get_entry(last.document.id).reading.document == last.document
            if head:
                assert ledger.has_row(head), "the log no longer has a hash that it had"
            told.did["asked"] += 1
            if asked % 50 == 1 and number == 0:
                faults = list(ledger.verify())
                assert not faults, faults[:3]
                told.did["verified"] += 1


def _start(do: Callable[..., None], where: str, number: int, goes_on: Callable[[], bool]) -> tuple[int, int]:
    """Starts a process; returns its id and a pipe from which it tells."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    told = Told()
    try:
        os.close(ours)
        do(where, number, told, goes_on)
    except BaseException:  # it must not go on as the process that it was forked from
        told.fault = traceback.format_exc()
    finally:
        with open(theirs, "wb") as pipe:
            pickle.dump(told, pipe)
        os._exit(0)


def run(seconds: float, where: str) -> Counter[str]:
    """Lets them all work for so long; returns how often they did what."""
    until = time.monotonic() + seconds

    def goes_on() -> bool:
        return time.monotonic() < until

    # Who reads must find a ledger; who writes may be the first, and that is as it is when it begins.
    writers = [_start(write, where, number, goes_on) for number in range(PEOPLE)]
    while not _is_there(where):
        os.sched_yield()
    readers = [_start(read, where, number, goes_on) for number in range(PEOPLE)]
    everybody = []
    for child, pipe in [*writers, *readers]:
        with open(pipe, "rb") as stream:
            everybody.append(pickle.load(stream))  # noqa: S301 - our own process wrote it
        os.waitpid(child, 0)
    faults = [told.fault for told in everybody if told.fault]
    assert not faults, "\n".join(faults)
    with Ledger(where, read_only=True) as ledger:
        found = list(ledger.verify())
        assert not found, found[:5]
        assert ledger.get_head()[0] == sum(told.rows for told in everybody), (
            "something was recorded twice, or not at all"
        )
        held = {entry.id for entry in ledger.find_entries(everything=True)}
        decided = {decision.id for decision in ledger.find_decisions()}
    for told in everybody:
        assert told.entries <= held, "a reading that was said to be recorded is not there"
        assert told.decisions <= decided, "a decision that was said to be recorded is not there"
    return sum((told.did for told in everybody), Counter())


def _is_there(where: str) -> bool:
    from onrecord.errors import LedgerError

    try:
        with closing(Ledger(where, read_only=True)):
            return True
    except LedgerError as error:
        assert "there is no ledger" in str(error), error
        return False


def main(words: Sequence[str]) -> int:
    """Runs from the command line."""
    seconds, url = float(words[0]) if words else 600.0, words[1] if len(words) > 1 else ""
    with tempfile.TemporaryDirectory() as folder:
        where, schema = str(Path(folder, "crowd.db")), f"crowd_{os.getpid()}"
        if url:
            where = f"{url}{'&' if '?' in url else '?'}schema={schema}"
        try:
            did = run(seconds, where)
        finally:
            if url:
                from tests.store.kills import drop

                drop(url, schema)
    told = ", ".join(f"{count:,} {what}" for what, count in sorted(did.items()))
    sys.stdout.write(f"{PEOPLE} writers and {PEOPLE} readers, {seconds:g} s: no error, nothing lost ({told})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
