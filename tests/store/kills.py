"""Kills whoever adds, again and again, at moments drawn by chance, and looks at what is left.

``python -m tests.store.kills 2000 [postgresql://…]``. A child process adds readings and decisions in batches and says
after each that it is recorded; it is killed (SIGKILL) while it opens, makes, reads or writes the ledger. Whatever is
left must be proven by ``verify``, hold all that was said to be recorded, and be the beginning of what a ledger becomes
that nobody disturbs; in the end the two must be the same, byte for byte.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import onrecord.store.dialect
from onrecord.errors import LedgerError
from onrecord.model import Decision, DecisionKind, Logged, Reading, Stance
from onrecord.store.proof import find_export, find_faults, find_log
from onrecord.store.store import Store, prepare
from tests.samples import failed_reading
from tests.store.world import RUNS, Number, Said, Who, compose

AT = datetime(2024, 1, 1, tzinfo=UTC)  # always the same, so that ledgers can be compared to the byte
STEPS = 60
_MOST_TOGETHER = 6  # steps in one transaction
_LONGEST_S = 0.02  # of life after the last word
_APART = 15  # steps between two versions of a page: no batch, nor one that is begun again, holds both

Step = Reading | Decision


def plan(seed: int) -> list[Step]:
    """What is to be added: new pages, later versions, other runs, failures, decisions."""
    rng = random.Random(seed)
    steps: list[Step] = []
    for number in range(STEPS):
        former = steps[number - _APART] if number >= _APART else None
        chance = rng.random()
        if not isinstance(former, Reading) or not former.document or not former.attributions:
            former = None
        if former and former.document and chance < 0.2:
            said = [Said([[f"version {number}"]], who=Who(f"Person {number % 7}")) for _ in range(3)]
            steps.append(compose(*said, url=former.document.url, published="2022-11-05"))
        elif former and chance < 0.3:
            claims = tuple(replace(claim, stance=Stance.DENY) for claim in former.attributions[1:])
            steps.append(replace(former, run=RUNS[1], attributions=claims))
        elif former and chance < 0.4:
            steps.append(_correction(former, number))
        elif chance < 0.45:
            failure = failed_reading()
            steps.append(replace(failure, failures=(replace(failure.failures[0], where=f"{number}.txt"),)))
        else:
            figure = Number("Four", 4, number + 4, counted="cranes")
            who = Who(f"Person {number % 7}")
            said = [Said([[f"claim {at} of {number}", figure]], who=who) for at in range(rng.randrange(1, 12))]
            steps.append(compose(*said, url=f"u{number}"))
    return steps


def _correction(reading: Reading, number: int) -> Decision:
    claim, document = reading.attributions[0], reading.document
    assert document is not None
    return Decision(
        kind=DecisionKind.CORRECT,
        subject=claim.id,
        who="Mila",
        at="2024-01-01T00:00:00.000000Z",
        field="claim.stance",
        value="fear",
        document=document.id,
        words=claim.content,
        why=str(number),
    )


def carry_out(store: Store, steps: Sequence[Step]) -> None:
    """Adds steps in one transaction."""
    with store.writing("Mila", AT) as writing:
        for step in steps:
            if isinstance(step, Reading):
                writing.add([prepare(step)], "add", is_live=True)
            else:
                writing.decide(step)


@dataclass
class Lives:
    """One ledger after another, each filled by as many processes as are killed over it.

    Attributes:
        rng: decides how much is added together, and when somebody is killed.
        kills: how often a process was killed.
        ledgers: how many ledgers were filled to the end.
        unmade: how often there was not yet a ledger.
        unsaid: how often a batch was recorded, and whoever recorded it could not say so any more.
    """

    rng: random.Random
    kills: int = 0
    ledgers: int = 0
    unmade: int = 0
    unsaid: int = 0
    _patience_s: float = _LONGEST_S

    def fill(self, where: str, expected: str, most_kills: int) -> None:
        """Fills a ledger, over whatever number of processes, and compares it with one that nobody disturbed."""
        steps = plan(self.ledgers)
        reference = Store(expected, create=True)
        carry_out(reference, steps)
        wanted = _log_of(reference)
        assert len(wanted) == len(steps), "each step is a row of the log"
        done = held = 0
        while done < len(steps):
            sizes = [self.rng.randrange(1, _MOST_TOGETHER + 1) for _ in steps]
            is_last = self.kills >= most_kills
            said = self._live(where, steps, done, sizes, is_last=is_last)
            self.kills += not is_last
            # What it recorded and could not say is added again, and known.
            whole = {min(max(sum(sizes[:many], done), held), len(steps)) for many in range(len(sizes) + 1)}
            before, held = held, self._look(where, said, wanted, whole)
            self.unsaid += held > said
            # A slow machine records nothing in so short a life.
            self._patience_s = _LONGEST_S if held > before else self._patience_s * 1.2
            done = said
        store = Store(where, read_only=True)
        assert list(find_export(store)) == list(find_export(reference)), "it is not what it would be undisturbed"
        store.close()
        reference.close()
        self.ledgers += 1

    def _live(self, where: str, steps: Sequence[Step], done: int, sizes: Sequence[int], *, is_last: bool) -> int:
        """One process; returns how many steps it said it had recorded."""
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            _add(where, steps, done, sizes, theirs)
        os.close(theirs)
        with open(ours, "rb", buffering=0) as heard:
            # It is killed soon after it spoke some number of times; at the beginning, while it makes the ledger.
            for _ in range(self.rng.randrange(4) if done else 0):
                if not (said := heard.read(2)):
                    break
                done = int.from_bytes(said, "big")
            if not is_last:
                select.select([], [], [], self.rng.random() * self._patience_s)
                os.kill(child, signal.SIGKILL)
            while said := heard.read(2):
                done = int.from_bytes(said, "big")
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL), "whoever added failed"
        return done

    def _look(self, where: str, said: int, wanted: list[Logged], whole: set[int]) -> int:
        """Looks at what is left; returns how many rows of the log that is."""
        try:
            store = Store(where, read_only=True)
        except LedgerError as error:
            assert "there is no ledger" in str(error), error
            assert said == 0, "it said that something was recorded, and there is no ledger"
            self.unmade += 1
            return 0
        faults = list(find_faults(store))
        assert not faults, faults
        held = _log_of(store)
        store.close()
        assert held == wanted[: len(held)], "it holds something else, or something twice"
        assert len(held) >= said, "something was lost"
        assert len(held) in whole, "a batch is there in half"
        return len(held)


def _log_of(store: Store) -> list[Logged]:
    with store.reading() as connection:
        return list(find_log(connection))


def _add(where: str, steps: Sequence[Step], done: int, sizes: Sequence[int], pipe: int) -> None:
    """What the other process does; it never returns."""
    status = 1
    try:
        onrecord.store.dialect._WAL_PAGES = 16  # what was written goes into the file itself every other moment
        store = Store(where, create=True)
        for number, size in enumerate(sizes):
            if done >= len(steps):
                break
            carry_out(store, steps[done : done + size])
            done = min(done + size, len(steps))
            os.write(pipe, done.to_bytes(2, "big"))
            if number % 3 == 2:
                store.close()
                store = Store(where, create=True)
        store.close()
        status = 0
    except BaseException:  # it must not go on as the process that it was forked from
        traceback.print_exc()
    finally:
        os._exit(status)


def run(count: int, url: str = "", seed: int = 0) -> Lives:
    """Kills so many processes."""
    lives = Lives(random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        while lives.kills < count:
            where = str(Path(folder, f"{lives.ledgers}.db"))
            schema = f"kills_{os.getpid()}_{lives.ledgers}"
            if url:
                where = f"{url}{'&' if '?' in url else '?'}schema={schema}"
            try:
                lives.fill(where, str(Path(folder, f"{lives.ledgers}-expected.db")), count)
            finally:
                if url:
                    drop(url, schema)
    return lives


def drop(url: str, schema: str) -> None:
    """Takes a ledger away."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def main(words: Sequence[str]) -> int:
    """Runs from the command line."""
    begun = time.monotonic()
    lives = run(int(words[0]) if words else 200, words[1] if len(words) > 1 else "")
    sys.stdout.write(
        f"{lives.kills} kills over {lives.ledgers} ledgers in {time.monotonic() - begun:.0f} s: nothing lost, nothing "
        f"double, nothing half ({lives.unmade} before there was a ledger, {lives.unsaid} between the commit and the word "
        "of it)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
