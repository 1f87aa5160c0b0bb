"""Watching: feeds are asked, each in its turn, and what is new in them is recorded, for as long as nobody stops it.

One feed after the other, in the order in which they are due. That no feed holds up the others for long follows from
bounds: the fetcher's time limit for each page, hosts that fail are not asked twice in one turn, and a turn with much to
hand over ends after `TURN_S` seconds if another feed is due.

Nothing is kept beside the state of each feed, which is saved after every report, so that it can be stopped at any
moment. A report that was recorded just before the end is handed over once more when it goes on; adding is idempotent.
"""

from __future__ import annotations

import functools
import logging
import random as chance
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from onrecord.errors import FormatError, InputError, LedgerError, UsageError
from onrecord.intake import IntakeSettings, open_fetcher
from onrecord.intake.feeds import (
    Feed,
    Item,
    Poll,
    finish,
    hand_over,
    poll_feed,
    put_off,
    read_item,
    seconds_until,
    stamp,
    wants_page,
)
from onrecord.intake.fetch import Fetched, Fetcher, Refused
from onrecord.model import Document

_LOG = logging.getLogger("onrecord")

EVERY_S = 1800.0  # between two polls of a feed that asks for nothing else
LEAST_EVERY_S = 300.0
LONGEST_S = 86_400.0  # between two polls of a feed that fails, or asks for long pauses
LONGEST_SILENT_S = 3600.0  # likewise, of one whose host does not answer: as a rule it is our own network that is down
JITTER = 0.2  # of a pause, at most, that is added by chance, so that feeds do not stay in step
TURN_S = 120.0  # of one feed, while others are due
MORE_S = 60.0  # from then until it goes on
MOST_TRIES = 3  # of a page that cannot be had for now, before the feed's word is taken
SILENT_HOSTS = 3  # in a row, after which it is the network that is down
FIRST_REST_S = 60.0  # of all feeds while it is, doubled each time
LONGEST_REST_S = 900.0
SPREAD_S = 300.0  # in which feeds that had no answer are asked again once there is one
SLICE_S = 60.0  # waited at a time: a clock that jumps, or a machine that slept, is noticed so late at most


class EventKind(StrEnum):
    """What happened."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"
    RESTING = "resting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell the user, in one line.

    Attributes:
        kind: what happened; of ``unchanged`` there are many.
        text: the line, with the feed's address first if it is about one.
        feed: the feed's state, None if it is about all of them.
    """

    kind: EventKind
    text: str
    feed: Feed | None = None


@dataclass(slots=True)
class Tally:
    """What a run of watching came to.

    Attributes:
        polls: feeds asked.
        failures: of these, how many gave no feed.
        reports: documents handed over.
        problems: inputs handed over that could not be read.
    """

    polls: int = 0
    failures: int = 0
    reports: int = 0
    problems: int = 0


def watch(
    feeds: Iterable[Feed],
    *,
    load_state: Callable[[], Iterable[Feed]],
    save_state: Callable[[Feed], object],
    add: Callable[[list[Document | InputError]], object],
    settings: IntakeSettings | None = None,
    once: bool = False,
    every_s: float = EVERY_S,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], object] = time.sleep,
    random: Callable[[], float] = chance.random,
    should_stop: Callable[[], bool] = lambda: False,
    on_event: Callable[[Event], object] = lambda _: None,
    fetcher: Fetcher | None = None,
) -> Tally:
    """Watches feeds until it is stopped.

    Stop it by an exception (Ctrl-C) or by `should_stop`; what was handed over is remembered, whatever the moment.
    For a stop that does not wait, give the ``wait`` of a ``threading.Event`` as ``sleep``, and its ``is_set``.

    Args:
        feeds: those to watch, as `onrecord.intake.feeds.find_feeds` gives them; if there are none, all that are
            remembered.
        load_state: all feeds that are remembered.
        save_state: remembers one, in the place of what was remembered by the same ``url``.
        add: reads and records the documents of one item, and the errors of what could not be read. It must be durable
            when it returns, and idempotent. If it raises `LedgerError`, everything rests and is tried again; in a run
            of ``once`` that error, and always any other, comes through.
        settings: how pages are taken in.
        once: ask each feed that is due once, hand over all that is new, and return: for cron. A feed whose next poll
            is not due yet is left alone, however often cron calls.
        every_s: seconds between two polls of a feed, unless it asks for more.
        clock: the time, with its zone; it may jump.
        sleep: waits some seconds; may return early.
        random: a number from 0 up to 1.
        should_stop: asked before every request and after every wait.
        on_event: told what happens.
        fetcher: by default one is opened, and closed.

    Raises:
        UsageError: ``every_s`` makes no sense.
        LedgerError: see ``add``.
    """
    if not LEAST_EVERY_S <= every_s <= LONGEST_S:
        limits = f"from {LEAST_EVERY_S:g} (five minutes) up to {LONGEST_S:g} (a day)"
        raise UsageError(f"{every_s:g} is no pause between two polls; write seconds, {limits}")
    settings = settings or IntakeSettings()
    with ExitStack() as stack:
        watching = _Watching(
            feeds=_with_state(feeds, load_state()),
            save_state=save_state,
            add=add,
            settings=settings,
            every_s=every_s,
            clock=clock,
            sleep=sleep,
            random=random,
            should_stop=should_stop,
            tell=on_event,
            fetcher=fetcher or stack.enter_context(open_fetcher(settings, sleep=sleep)),
        )
        watching.begin()
        if once:
            watching.run_once()
        else:
            watching.run()
        return watching.tally


def _with_state(feeds: Iterable[Feed], remembered: Iterable[Feed]) -> dict[str, Feed]:
    """The feeds to watch by their address, with what is remembered of them."""
    known = {feed.url: feed for feed in remembered}
    wanted = {}
    for feed in feeds:
        before = known.get(feed.url, feed)
        wanted[feed.url] = replace(before, title=feed.title or before.title)
    return wanted or known


@dataclass(slots=True)
class _Watching:
    """One run: the feeds by their address, what reaches the world, and what came of it so far."""

    feeds: dict[str, Feed]
    save_state: Callable[[Feed], object]
    add: Callable[[list[Document | InputError]], object]
    settings: IntakeSettings
    every_s: float
    clock: Callable[[], datetime]
    sleep: Callable[[float], object]
    random: Callable[[], float]
    should_stop: Callable[[], bool]
    tell: Callable[[Event], object]
    fetcher: Fetcher
    tally: Tally = field(default_factory=Tally)
    silent: dict[str, str] = field(
        default_factory=dict
    )  # feed → host, of those that fell silent since one last answered
    rest_s: float = FIRST_REST_S

    def begin(self) -> None:
        """Makes feeds that were never asked due, so that their turn comes by how long they have waited."""
        for feed in list(self.feeds.values()):
            if not feed.next_at:
                self._keep(replace(feed, next_at=stamp(self.clock())))

    def run(self) -> None:
        """Takes turns until it is stopped, or no feed is left."""
        while not self.should_stop():
            waits = self._waits()
            if not waits:
                self.tell(Event(EventKind.STOPPED, "there is no feed left to watch"))
                return
            url = min(waits, key=lambda each: waits[each])
            if waits[url] <= 0 and self._is_network_down():  # then who answered last is the best to ask
                due = (each for each in waits if waits[each] <= 0)
                url = min(due, key=lambda each: (self.feeds[each].failures, waits[each]))
            if waits[url] > 0:
                self.sleep(min(waits[url], SLICE_S))
                continue
            try:
                self._take_turn(url, functools.partial(self._is_another_due, url))
            except LedgerError as error:
                self._rest(f"the ledger cannot be written ({error})")
            else:
                if self._is_network_down():
                    self._rest(f"{SILENT_HOSTS} hosts in a row did not answer, so the network seems to be down")
                else:
                    self.rest_s = FIRST_REST_S
        self.tell(Event(EventKind.STOPPED, "stopped; it goes on from here when it is started again"))

    def run_once(self) -> None:
        """Asks the feeds that are due, each until all that is new was handed over."""
        waits = self._waits()
        due = deque(sorted((url for url in waits if waits[url] <= 0), key=lambda each: waits[each]))
        if waits and not due:
            self.tell(_resting(self.feeds[url := min(waits, key=lambda each: waits[each])], waits[url]))
        while due and not self.should_stop():
            url = due.popleft()
            if not self._take_turn(url, lambda: bool(due)):
                due.append(url)
            if due and self._is_network_down():
                what = (
                    f"{SILENT_HOSTS} hosts in a row did not answer; {_count(len(due), 'feed')} left for the next time"
                )
                self.tell(Event(EventKind.RESTING, what))
                return

    # --- whose turn it is ---

    def _waits(self) -> dict[str, float]:
        """Seconds until each feed is due, less than none if it is late; without those that are not asked any more.

        A feed that moved to where another is, is asked there once.
        """
        now = self.clock()
        waits: dict[str, float] = {}
        addresses: set[str] = set()
        for url, feed in self.feeds.items():
            if not feed.is_gone and feed.address not in addresses:
                addresses.add(feed.address)
                waits[url] = seconds_to(feed, now)
        return waits

    def _is_another_due(self, url: str) -> bool:
        return any(wait <= 0 for other, wait in self._waits().items() if other != url)

    def _is_network_down(self) -> bool:
        return len(set(self.silent.values())) >= SILENT_HOSTS

    def _rest(self, why: str) -> None:
        """Leaves all feeds alone for a while, longer each time; counted in waiting, whatever the clock says."""
        left = self.rest_s * (1 + JITTER * self.random())
        self.tell(Event(EventKind.RESTING, f"{why}; going on in {_span(left)}"))
        while left > 0 and not self.should_stop():
            self.sleep(min(left, SLICE_S))
            left -= SLICE_S
        self.rest_s = min(2 * self.rest_s, LONGEST_REST_S)

    # --- one turn ---

    def _take_turn(self, url: str, is_pressed: Callable[[], bool]) -> bool:
        """Asks a feed and hands over what is new.

        Args:
            url: of the feed.
            is_pressed: whether another feed is waiting.

        Returns:
            Whether it is done; if not, it is due again soon.
        """
        began = self.clock()
        before = self.feeds[url]
        poll = self._poll(before, began)
        feed = poll.feed
        self.tally.polls += 1
        self.tally.failures += feed.failures > 0
        self._note_silence(before, poll)
        refusals: dict[str, Refused] = {}  # by host, of this turn: what one page of it met, the others would
        answering: set[str] = set()
        retry_s = poll.retry_s
        handed: list[Item] = []
        left = deque(sorted(poll.items, key=lambda item: feed.waiting.get(item.link, 0)))
        while left and not self.should_stop():
            took_s = abs((self.clock() - began).total_seconds())
            if took_s > TURN_S and len(left) < len(poll.items) and is_pressed():
                break
            item = left.popleft()
            host = urlsplit(item.entry.link).netloc.lower()
            is_asked = host not in refusals
            page = self._page(item, refusals.get(host))
            if isinstance(page, Fetched):
                answering.add(host)
            elif page is not None and page.is_temporary:
                refusals.setdefault(host, page)
                retry_s = max(retry_s, seconds_until(page.retry_after, began))
                if feed.waiting.get(item.link, 0) < MOST_TRIES - 1:
                    # A host that gives some pages and then has enough is no reason to give the others up.
                    feed = put_off(feed, item, is_tried=is_asked or host not in answering)
                    continue
            found = self._read(item, page)
            self.add(found)
            feed = hand_over(feed, item, found)
            self._keep(feed)
            handed.append(item)
            self.tally.reports += sum(isinstance(each, Document) for each in found)
            self.tally.problems += sum(isinstance(each, InputError) for each in found)
        if not left and not feed.failures:
            feed = finish(feed, poll)
        wait_s = MORE_S if left else self._pause(feed, poll, retry_s)
        self._keep(replace(feed, next_at=stamp(self.clock() + timedelta(seconds=wait_s))))
        self.tell(_event(before, self.feeds[url], poll, handed, len(left), wait_s))
        return not left

    def _poll(self, feed: Feed, now: datetime) -> Poll:
        try:
            return poll_feed(feed, fetcher=self.fetcher, now=now)
        except Exception as error:  # one bad feed never stops the others
            what, _ = _fault(feed.address, error)
            feed = replace(feed, checked_at=stamp(now), failures=feed.failures + 1, last_error=what)
            return Poll(feed, is_reached=False)

    def _page(self, item: Item, refused: Refused | None) -> Fetched | Refused | None:
        """The page behind an item, or why there is none; None if none is wanted."""
        try:
            if not wants_page(item, self.settings):
                return None
            return refused or self.fetcher.try_fetch(item.entry.link)
        except Exception as error:  # one bad report never stops the others
            return Refused(*_fault(item.entry.link or item.url, error))

    def _read(self, item: Item, page: Fetched | Refused | None) -> list[Document | InputError]:
        try:
            return read_item(item, page, settings=self.settings)
        except Exception as error:  # one bad report never stops the others
            where = item.entry.link or item.url
            what, hint = _fault(where, error)
            return [FormatError(what, where, hint)]

    def _pause(self, feed: Feed, poll: Poll, retry_s: float) -> float:
        """Seconds until a feed is asked again: what it asks for at least, doubled with each failure, and some more."""
        usual_s = max(self.every_s, feed.asks_s)
        longest_s = LONGEST_SILENT_S if poll.is_silent else LONGEST_S
        doubled_s = min(usual_s * 2.0 ** min(max(feed.failures - 1, 0), 16), max(longest_s, usual_s))
        return max(doubled_s, retry_s) * (1 + JITTER * self.random())

    def _note_silence(self, before: Feed, poll: Poll) -> None:
        """Remembers who answered the last time and does not now; once somebody does, those are asked again soon.

        Hosts that were dead before say nothing of the network: lists that have grown over years are full of them.
        """
        if poll.is_silent and before.answered_at and not before.failures:
            self.silent[before.url] = urlsplit(before.address).netloc.lower()
        elif poll.is_reached:
            if self._is_network_down():
                now = self.clock()
                for url in self.silent.keys() & self.feeds.keys():
                    soon_s = min(SPREAD_S * self.random(), max(seconds_to(self.feeds[url], now), 0.0))
                    self.feeds[url] = replace(self.feeds[url], next_at=stamp(now + timedelta(seconds=soon_s)))
            self.silent.clear()

    def _keep(self, feed: Feed) -> None:
        self.feeds[feed.url] = feed
        self.save_state(feed)


def _fault(where: str, error: Exception) -> tuple[str, str]:
    """What is said of a fault of ours, and what can be done about it."""
    _LOG.debug("failed on %s", where, exc_info=error)
    what = f"onrecord itself failed on it ({type(error).__name__}: {error})"[:200]
    return what, "please report this, with the feed if you can"


def seconds_to(feed: Feed, now: datetime) -> float:
    """Seconds until a feed is due, less than none if it is late.

    A clock that was ahead and was set back leaves times that it cannot have meant: then the feed is due now.
    """
    next_at, checked_at = _moment(feed.next_at), _moment(feed.checked_at)
    if next_at is None or (checked_at is not None and (checked_at - now).total_seconds() > SLICE_S):
        return 0.0
    seconds = (next_at - now).total_seconds()
    return seconds if seconds <= LONGEST_S * (1 + JITTER) + SLICE_S else 0.0


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


# --- what is told ----------------------------------------------------------------------------------------------------

STATE_COLUMNS = ("feed", "state", "asked", "next", "reports", "last new", "what is wrong")


def state_rows(feeds: Iterable[Feed], now: datetime) -> list[tuple[str, ...]]:
    """What is remembered of each feed, as the rows of a table with `STATE_COLUMNS`; those that need a look first.

    Args:
        feeds: as they are remembered.
        now: the time, with its zone.
    """
    feeds = list(feeds)
    first = {feed.address: feed.url for feed in reversed(feeds)}
    rows: list[tuple[str, ...]] = []
    for feed in sorted(feeds, key=lambda feed: (not feed.is_gone, -feed.failures, feed.title.lower(), feed.url)):
        is_double = first[feed.address] != feed.url
        wrong = (
            feed.last_error,
            f"moved to {feed.moved_to}" if feed.moved_to else "",
            f"the same as {first[feed.address]}" if is_double else "",
        )
        rows.append(
            (
                f"{feed.title} ({feed.url})" if feed.title else feed.url,
                _state(feed),
                _ago(feed.checked_at, now),
                "never" if feed.is_gone or is_double else _ahead(seconds_to(feed, now)),
                f"{feed.found:,}",
                _ago(feed.found_at, now),
                "; ".join(filter(None, wrong)),
            )
        )
    return rows


def _state(feed: Feed) -> str:
    if feed.is_gone:
        return "gone"
    if feed.failures:
        return "fails" if feed.failures == 1 else f"fails, {feed.failures} times"
    if not feed.checked_at:
        return "not asked yet"
    return f"well, {_count(len(feed.waiting), 'page')} to come" if feed.waiting else "well"


def _ago(text: str, now: datetime) -> str:
    moment = _moment(text)
    return "never" if moment is None else f"{_span(max((now - moment).total_seconds(), 0.0))} ago"


def _ahead(seconds: float) -> str:
    return f"in {_span(seconds)}" if seconds > 0 else "now"


def _span(seconds: float) -> str:
    """A length of time in one unit, rounded."""
    for unit, length in (("day", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= (2 if unit == "day" else 1) * length - length / 120:
            number = round(seconds / length)
            return _count(number, unit) if unit == "day" else f"{number} {unit}"
    return f"{round(seconds)} s"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _resting(feed: Feed, wait_s: float) -> Event:
    """That no feed is due, which one is next, and why it failed, if it did."""
    why = f" (it failed the last time: {feed.last_error})" if feed.last_error else ""
    return Event(EventKind.RESTING, f"no feed is due; {feed.address} is next, in {_span(wait_s)}{why}", feed)


def _event(before: Feed, feed: Feed, poll: Poll, handed: list[Item], left: int, wait_s: float) -> Event:
    """What came of a turn.

    Args:
        before: the feed as it was.
        feed: the feed as it is.
        poll: what it answered.
        handed: the items that were handed over.
        left: how many are left for the next turn.
        wait_s: seconds until then.
    """
    if feed.is_gone:
        return Event(EventKind.GONE, f"{feed.address}: {feed.last_error}; it is not asked again", feed)
    later = f"next in {_span(wait_s)}"
    if feed.failures:
        return Event(EventKind.FAILED, f"{before.address}: {feed.last_error}; {later}", feed)
    changed = sum(item.is_changed for item in handed)
    parts = [
        f"moved to {feed.moved_to}" if feed.moved_to not in ("", before.moved_to) else "",
        f"{len(handed) - changed:,} new" if len(handed) > changed else "",
        f"{changed:,} changed" if changed else "",
        f"{left:,} to come" if left else "",
        f"{len(feed.waiting):,} waiting for their page" if feed.waiting else "",
        poll.note,
    ]
    told = ", ".join(filter(None, parts)) or "nothing new"
    return Event(EventKind.NEW if handed else EventKind.UNCHANGED, f"{before.address}: {told}; {later}", feed)
