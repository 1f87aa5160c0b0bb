from __future__ import annotations

import dataclasses
import json
import random
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onrecord.errors import InputError, LedgerError, UsageError
from onrecord.intake import IntakeSettings
from onrecord.intake.feeds import Feed
from onrecord.intake.fetch import Fetched, Refused
from onrecord.ledger import watching
from onrecord.ledger.watching import Event, EventKind, Tally, state_rows, watch
from onrecord.model import Document

START = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
DOWN = Refused("there is no host of that name", "", is_silent=True)
BUSY = Refused("the server failed (status 503)", "try again later", 503)

Answer = Fetched | Refused | Callable[[str], "Fetched | Refused"]


def rss(*titles: str, host: str = "a", channel: str = "") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}.example/{title}</link>"
        f"<description>It is said that {title} sails.</description></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>{host.upper()}</title>{channel}{items}</channel></rss>".encode()


def feed_of(host: str) -> str:
    return f"https://{host}.example/feed"


class Stopped(BaseException):
    """The world ends here, as with Ctrl-C."""


class World:
    """A clock, a network, a ledger: `seconds` pass only by waiting, and by asking if that takes time."""

    def __init__(self, **feeds: Answer | bytes) -> None:
        self.now = START
        self.answers: dict[str, Answer | bytes] = {feed_of(host): answer for host, answer in feeds.items()}
        self.feeds = [Feed(feed_of(host)) for host in feeds]
        self.asking_s = 0.0
        self.adding_s = 0.0
        self.until = START
        self.rows: dict[str, str] = {}
        self.asked: list[tuple[str, float]] = []
        self.added: list[str] = []
        self.events: list[Event] = []
        self.steps_left = -1
        self.fails_to_add = 0
        self.chance = random.Random(7)

    def step(self) -> None:
        self.steps_left -= 1
        if self.steps_left == 0:
            raise Stopped

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= watching.SLICE_S, "a clock that jumps is noticed soon"
        self.now += timedelta(seconds=seconds)

    def try_fetch(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "") -> Fetched | Refused:
        self.step()
        self.asked.append((url, (self.now - START).total_seconds()))
        self.now += timedelta(seconds=self.asking_s)
        answer = self.answers.get(url, b"The harbour master said that the ferries would sail again on Tuesday.")
        answer = answer(url) if callable(answer) else answer
        if isinstance(answer, bytes):
            answer = Fetched(url, answer, "", "utf-8", etag=f'"{hash(answer)}"')
        if isinstance(answer, Fetched) and etag and etag == answer.etag:
            return Fetched(url, b"", "", "", is_unchanged=True)
        return answer

    def add(self, found: list[Document | InputError]) -> None:
        self.step()
        if self.fails_to_add:
            self.fails_to_add -= 1
            raise LedgerError("the disk is full")
        self.now += timedelta(seconds=self.adding_s)
        self.added += [str(each) if isinstance(each, InputError) else each.title for each in found]
        self.step()

    def save_state(self, feed: Feed) -> None:
        self.step()
        self.rows[feed.url] = json.dumps(dataclasses.asdict(feed))
        self.step()

    def load_state(self) -> Iterable[Feed]:
        return [Feed(**json.loads(row)) for row in self.rows.values()]

    def state(self, host: str = "a") -> Feed:
        return Feed(**json.loads(self.rows[feed_of(host)]))

    def watch(self, seconds: float = 0.0, **more: Any) -> Tally:
        """Some more seconds of watching; none is one run of ``once``."""
        self.until = self.now + timedelta(seconds=seconds)
        arguments = {
            "load_state": self.load_state,
            "save_state": self.save_state,
            "add": self.add,
            "settings": IntakeSettings(),
            "once": not seconds,
            "clock": lambda: self.now,
            "sleep": self.sleep,
            "random": self.chance.random,
            "should_stop": lambda: bool(seconds) and self.now >= self.until,
            "on_event": self.events.append,
            "fetcher": self,
        }
        return watch(self.feeds, **{**arguments, **more})

    def times(self, host: str = "a") -> list[float]:
        return [seconds for url, seconds in self.asked if url == feed_of(host)]

    def pauses(self, host: str = "a") -> list[float]:
        times = self.times(host)
        return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]

    def told(self, kind: EventKind) -> list[str]:
        return [event.text for event in self.events if event.kind == kind]


def between(least: float, most: float, pauses: list[float]) -> bool:
    return bool(pauses) and all(least <= pause <= most for pause in pauses)


# --- when ------------------------------------------------------------------------------------------------------------


def test_a_feed_is_asked_in_its_own_rhythm_and_each_report_is_handed_over_once() -> None:
    world = World(a=rss("one", "two"), b=rss("three", host="b"))
    tally = world.watch(DAY)
    assert between(watching.EVERY_S, watching.EVERY_S * (1 + watching.JITTER) + 1, world.pauses())
    assert len(set(world.pauses())) > 5, "by chance"
    assert not {*world.times("a")[1:]} & {*world.times("b")[1:]}, "feeds do not stay in step"
    assert world.added == ["two", "one", "three"]
    assert tally == Tally(polls=len(world.times("a")) + len(world.times("b")), reports=3)
    assert world.told(EventKind.NEW)[0].startswith("https://a.example/feed: 2 new; next in 3")
    assert world.told(EventKind.STOPPED) == ["stopped; it goes on from here when it is started again"]
    assert (world.state().found, world.state().found_at) == (2, "2030-03-04T12:00:00+00:00")


def test_what_is_new_later_is_handed_over_then() -> None:
    world = World(a=rss("one"))
    world.watch(HOUR)
    world.answers[feed_of("a")] = rss("two", "one")
    world.watch(HOUR)
    assert world.added == ["one", "two"]


def test_a_feed_is_asked_less_often_if_it_asks_for_that() -> None:
    world = World(a=rss("one", channel="<ttl>120</ttl>"))
    world.watch(DAY)
    assert between(2 * HOUR, 2 * HOUR * 1.2 + 1, world.pauses())
    world = World(a=rss("one", channel="<ttl>1</ttl>"))
    world.watch(DAY, every_s=600)
    assert between(600, 721, world.pauses())


@pytest.mark.parametrize("every_s", [0, 299, 86_401, float("nan")])
def test_a_pause_that_makes_no_sense_is_refused(every_s: float) -> None:
    world = World(a=rss("one"))
    with pytest.raises(UsageError, match="no pause between two polls"):
        world.watch(every_s=every_s)
    assert not world.asked


def test_a_feed_that_fails_is_asked_ever_less_often_and_at_once_in_rhythm_when_it_is_back() -> None:
    world = World(a=BUSY)
    world.watch(10 * DAY)
    pauses = world.pauses()
    for number, pause in enumerate(pauses):
        expected = min(watching.EVERY_S * 2**number, watching.LONGEST_S)
        assert expected <= pause <= expected * 1.2 + 1
    assert len(pauses) > 10
    assert world.state().failures == len(pauses) + 1
    assert "the server failed (status 503); next in 25 h" in world.told(EventKind.FAILED)[-1]
    world.answers[feed_of("a")] = rss("one")
    world.watch(2 * DAY)
    assert world.state().failures == 0
    assert world.pauses()[-1] < HOUR


def test_retry_after_is_kept() -> None:
    world = World(a=Refused("asked too often (status 429)", "", 429, "18000"))
    world.watch(5 * HOUR)
    assert len(world.times()) == 1
    world.watch(2 * HOUR)
    assert len(world.times()) == 2


def test_a_host_that_does_not_answer_is_asked_once_an_hour() -> None:
    world = World(a=DOWN)
    world.watch(3 * DAY)
    assert between(watching.EVERY_S, watching.LONGEST_SILENT_S * 1.2 + 1, world.pauses())
    assert min(world.pauses()[2:]) >= watching.LONGEST_SILENT_S


def test_while_the_network_is_down_feeds_are_left_alone_and_asked_soon_when_it_is_back() -> None:
    hosts = [f"h{number}" for number in range(40)]
    world = World(**{host: rss(host=host) for host in hosts})
    world.watch(HOUR)
    world.asked.clear()
    world.answers = {feed_of(host): DOWN for host in hosts}
    world.asking_s = 20
    world.watch(8 * HOUR)
    assert len(world.told(EventKind.RESTING)) > 10
    assert (
        "3 hosts in a row did not answer, so the network seems to be down; going on in 1 min"
        in world.told(EventKind.RESTING)[0]
    )
    assert len(world.asked) < 60, "of 40 feeds, in eight hours"
    for host in hosts:
        world.answers[feed_of(host)] = rss(f"from-{host}", host=host)
    world.asking_s = 0.1
    world.watch(watching.LONGEST_REST_S * 1.2 + watching.SPREAD_S + 120)
    assert len(world.added) == 40
    assert {world.state(host).failures for host in hosts} == {0}
    rests = len(world.told(EventKind.RESTING))
    world.watch(HOUR)
    assert len(world.told(EventKind.RESTING)) == rests


def test_every_time_the_network_is_down_the_rests_begin_short() -> None:
    def at_times(url: str) -> Fetched | Refused:
        hours = (world.now - START).total_seconds() / HOUR
        return DOWN if 1 < hours < 4 or 8 < hours < 9 else Fetched(url, rss(), "", "utf-8")

    world = World(**{f"h{number}": at_times for number in range(9)})
    rests: list[tuple[float, str]] = []

    def on_event(event: Event) -> None:
        if event.kind == EventKind.RESTING:
            rests.append(((world.now - START).total_seconds() / HOUR, event.text.rpartition("going on in ")[2]))

    world.watch(9 * HOUR, on_event=on_event)
    assert next(text for hours, text in rests if hours > 1) == "1 min"
    assert [text for hours, text in rests if hours < 4][-1] in ("15 min", "16 min", "17 min", "18 min")
    assert next(text for hours, text in rests if hours > 8) == "1 min"


def test_while_the_network_is_down_those_who_answered_last_are_asked_first() -> None:
    living = {f"h{number}": rss(host=f"h{number}") for number in range(6)}
    world = World(**{f"d{number}": DOWN for number in range(9)}, **living)
    world.watch(5 * HOUR)
    world.answers = dict.fromkeys(world.answers, DOWN)
    resting_since: list[int] = []

    def on_event(event: Event) -> None:
        if event.kind == EventKind.RESTING:
            resting_since.append(len(world.asked))

    world.watch(2 * HOUR, on_event=on_event)
    later = [url for url, _ in world.asked[resting_since[0] :]]
    assert len(later) > 5
    assert all(url.startswith("https://h") for url in later)


def test_dead_hosts_among_living_ones_stop_nobody() -> None:
    dead = {f"d{number}": DOWN for number in range(10)}
    world = World(**dead, a=rss("one"))
    world.watch(DAY)
    assert world.added == ["one"]
    assert len(world.times("a")) >= 38


def test_a_machine_that_slept_goes_on_with_one_poll_of_each_feed() -> None:
    world = World(a=rss("one"), b=rss("two", host="b"))
    world.watch(2 * HOUR)
    before = len(world.times())
    world.now += timedelta(days=3)
    world.watch(MINUTE)
    assert len(world.times()) == before + 1
    world.watch(DAY)
    assert between(watching.EVERY_S, watching.EVERY_S * 1.2 + 1, world.pauses()[before:])


@pytest.mark.parametrize("back", [timedelta(days=4000), timedelta(hours=5)])
def test_a_clock_that_was_ahead_and_is_set_back_stops_nothing(back: timedelta) -> None:
    world = World(a=rss("one"))
    world.watch(2 * HOUR)
    before = len(world.times())
    world.now -= back
    began = (world.now - START).total_seconds()
    world.watch(6 * HOUR)
    later = world.times()[before:]
    assert later[0] - began <= MINUTE
    assert between(
        watching.EVERY_S, watching.EVERY_S * 1.2 + 1, [b - a for a, b in zip(later, later[1:], strict=False)]
    )


def test_a_feed_that_was_listed_by_a_clock_that_was_ahead_is_asked() -> None:
    world = World(a=rss("one"))
    world.rows[feed_of("a")] = json.dumps({"url": feed_of("a"), "next_at": "2077-01-01T00:00:00+00:00"})
    world.watch(MINUTE)
    assert world.added == ["one"]


def test_a_clock_that_jumps_while_it_waits_is_noticed() -> None:
    world = World(a=rss("one"))
    jumps = iter([timedelta(hours=9)])

    def sleep(seconds: float) -> None:
        world.sleep(seconds)
        world.now += next(jumps, timedelta())

    world.watch(10 * HOUR, sleep=sleep)
    assert world.times()[1] == 9 * HOUR + MINUTE


# --- what is handed over ---------------------------------------------------------------------------------------------


def test_it_can_be_stopped_at_any_moment_and_carries_on() -> None:
    """At every step of everything it does: nothing is lost, and at most one report comes twice for each stop."""
    stops = 0
    while True:
        stops += 1
        world = World(a=rss("one", "two", "three"), b=rss("four", "five", host="b"))
        world.steps_left = stops
        try:
            world.watch()
        except Stopped:
            world.now += timedelta(seconds=5)
            world.watch()
            assert set(world.added) == {"one", "two", "three", "four", "five"}
            assert len(world.added) <= 6
            world.now += timedelta(hours=1)
            before = len(world.added)
            world.watch()
            assert len(world.added) == before, "what was handed over is known"
        else:
            break
    assert stops > 30


def test_a_stop_is_heeded_between_two_reports() -> None:
    world = World(a=rss(*(f"r{number}" for number in range(50))))
    world.adding_s = 10
    world.watch(95)
    assert len(world.added) == 10
    world.watch(HOUR)
    assert sorted(world.added) == sorted(f"r{number}" for number in range(50))


def test_a_feed_with_much_to_hand_over_does_not_hold_up_the_others() -> None:
    world = World(a=rss(*(f"r{number}" for number in range(200))), b=rss("two", host="b"), c=rss("three", host="c"))
    world.adding_s = 15
    world.watch(200)
    assert {"two", "three"} <= set(world.added)
    world.watch(200)
    assert world.pauses()[0] >= watching.TURN_S + watching.MORE_S
    assert "to come" in world.told(EventKind.NEW)[0]
    world.watch(2 * HOUR)
    assert len(world.added) == 202
    alone = World(a=rss(*(f"r{number}" for number in range(200))))
    alone.adding_s = 15
    alone.watch(2 * HOUR)
    assert len(alone.times()) < 4, "with nobody waiting there is no need to fetch the feed again for the rest"


def test_feeds_that_always_have_more_do_not_starve_one_that_was_never_asked() -> None:
    def endless(host: str) -> Answer:
        return lambda _: Fetched(
            feed_of(host), rss(*(f"{host}{world.now:%d%H%M}{number}" for number in range(30)), host=host), "", "utf-8"
        )

    world = World(a=endless("a"), b=endless("b"), c=endless("c"), z=rss("last", host="z"))
    world.adding_s = 20
    world.watch(30 * MINUTE)
    assert "last" in world.added


def test_a_page_that_cannot_be_had_for_now_is_asked_for_again() -> None:
    world = World(a=rss("one", "two"))
    world.answers["https://a.example/one"] = BUSY
    world.watch()
    assert world.added == ["two"]
    assert state_rows(world.load_state(), world.now)[0][1] == "well, 1 page to come"
    assert "1 new, 1 waiting for their page" in world.told(EventKind.NEW)[0]
    del world.answers["https://a.example/one"]
    world.watch(HOUR)
    assert world.added == ["two", "one"]
    assert world.state().etag


def test_after_some_tries_the_feeds_word_is_taken() -> None:
    world = World(a=rss("one"))
    world.answers["https://a.example/one"] = BUSY
    tally = world.watch(DAY)
    asked = [url for url, _ in world.asked if url.endswith("/one")]
    assert len(asked) == watching.MOST_TRIES
    assert world.added[0].startswith("https://a.example/one: the server failed (status 503), so it is read as the feed")
    assert world.added[1:] == ["one"]
    assert (tally.reports, tally.problems) == (1, 1)
    assert world.state().waiting == {}


def test_a_dead_host_behind_the_items_costs_one_time_limit_in_a_turn() -> None:
    world = World(a=rss(*(f"r{number}" for number in range(30)), host="dead").replace(b"DEAD", b"A"))
    for number in range(30):
        world.answers[f"https://dead.example/r{number}"] = DOWN
    world.watch(DAY)
    pages = [url for url, _ in world.asked if "dead" in url]
    assert len(pages) == watching.MOST_TRIES
    assert sum(text.startswith("r") for text in world.added) == 30


def test_a_host_that_gives_only_some_pages_at_a_time_is_not_given_up() -> None:
    given: dict[str, int] = {}

    def sparing(url: str) -> Fetched | Refused:
        minute = f"{world.now:%d%H%M}"
        given[minute] = given.get(minute, 0) + 1
        if given[minute] > 4:
            return Refused("asked too often (status 429)", "", 429, "600")
        return Fetched(url, b"The harbour master said that the ferries would sail on Tuesday.", "", "utf-8")

    world = World(a=rss(*(f"r{number}" for number in range(40))))
    for number in range(40):
        world.answers[f"https://a.example/r{number}"] = sparing
    world.watch(DAY)
    assert sorted(world.added) == sorted(f"r{number}" for number in range(40))


def test_a_host_that_has_had_enough_is_left_alone_for_as_long_as_it_asks() -> None:
    world = World(a=rss("one"))
    world.answers["https://a.example/one"] = Refused("asked too often (status 429)", "", 429, "18000")
    world.watch(DAY)
    assert min(world.pauses()[:2]) >= 18_000


def test_pages_that_were_tried_in_vain_come_last() -> None:
    def slow(url: str) -> Refused:
        world.now += timedelta(seconds=20)
        return DOWN

    hosts = [f"d{number}" for number in range(12)]
    world = World(a=rss(*hosts).replace(b"https://a.example/d", b"https://d"), b=BUSY)
    world.answers.update({f"https://{host}": slow for host in hosts})
    world.watch(40 * MINUTE, every_s=300)
    tries = [url for url, _ in world.asked if url.startswith("https://d")]
    assert len(tries) > 12
    assert len(set(tries[:12])) == 12, "each once, before one is tried again"


def test_a_page_that_is_gone_is_recorded_at_once_as_the_feed_gives_it() -> None:
    world = World(a=rss("one"))
    world.answers["https://a.example/one"] = Refused("there is no such page (status 404)", "check the address", 404)
    world.watch()
    assert len(world.added) == 2
    assert "there is no such page (status 404), so it is read as the feed gives it" in world.added[0]


def test_a_ledger_that_cannot_be_written_is_waited_for() -> None:
    world = World(a=rss("one", "two"), b=rss("three", host="b"))
    world.fails_to_add = 4
    world.watch(HOUR)
    assert sorted(world.added) == ["one", "three", "two"]
    rests = world.told(EventKind.RESTING)
    assert len(rests) == 4
    assert rests[0].startswith("the ledger cannot be written (the disk is full); going on in 1 min")
    assert len([1 for url, _ in world.asked if url == feed_of("a")]) <= 7


def test_a_fault_of_ours_in_one_feed_stops_no_other() -> None:
    def broken(url: str) -> Fetched:
        raise RuntimeError("a fault")

    world = World(a=broken, b=rss("two", host="b"))
    world.watch(HOUR)
    assert world.added == ["two"]
    assert world.state().last_error == "onrecord itself failed on it (RuntimeError: a fault)"


def test_a_fault_of_ours_in_one_report_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(watching, "read_item", broken)
    world = World(a=rss("one"))
    world.watch()
    assert world.added[0].startswith("https://a.example/one: onrecord itself failed on it (RuntimeError: a fault)")


def test_a_fault_of_ours_in_fetching_a_page_stops_nothing() -> None:
    def broken(url: str) -> Fetched:
        raise RuntimeError("a fault")

    world = World(a=rss("one", "two"))
    world.answers["https://a.example/two"] = broken
    world.watch()
    assert world.added[0].startswith("https://a.example/two: onrecord itself failed on it (RuntimeError: a fault), so")
    assert world.added[1:] == ["two", "one"]


# --- feeds that go ---------------------------------------------------------------------------------------------------


def test_a_feed_that_is_gone_is_not_asked_again_and_without_any_it_ends() -> None:
    world = World(a=Refused("the page was taken down (status 410)", "", 410))
    world.watch(DAY)
    world.watch()
    assert len(world.asked) == 1
    assert world.told(EventKind.GONE) == [
        "https://a.example/feed: the page was taken down (status 410); it is not asked again"
    ]
    assert world.told(EventKind.STOPPED) == ["there is no feed left to watch"]


def test_a_feed_that_moved_is_asked_there_and_two_at_one_address_once() -> None:
    moved = Fetched(feed_of("b"), rss("one", host="b"), "", "utf-8", moved_to=feed_of("b"))
    world = World(a=moved, b=rss("one", host="b"))
    world.watch(DAY)
    assert len(world.times("a")) == 1
    assert "moved to https://b.example/feed, 1 new" in world.told(EventKind.NEW)[0]
    assert between(watching.EVERY_S, watching.EVERY_S * 1.2 + 1, world.pauses("b")), "not for both of them"
    rows = {row[0]: row for row in state_rows(world.load_state(), world.now)}
    assert rows["https://b.example/feed"][3] == "never"
    assert rows["https://b.example/feed"][6] == "the same as https://a.example/feed"
    assert rows["B (https://a.example/feed)"][6] == "moved to https://b.example/feed"


# --- once ------------------------------------------------------------------------------------------------------------


def test_once_asks_each_feed_that_is_due_and_ends() -> None:
    world = World(a=rss(*(f"r{number}" for number in range(60))), b=rss("two", host="b"))
    world.adding_s = 10
    assert world.watch().reports == 61, "all of it, though the others went first after a while"
    assert world.added.index("two") < 20
    assert world.watch() == Tally()
    world.now += timedelta(hours=1)
    assert world.watch() == Tally(polls=2)


def test_once_tells_of_a_ledger_that_cannot_be_written() -> None:
    world = World(a=rss("one"))
    world.fails_to_add = 1
    with pytest.raises(LedgerError):
        world.watch()
    world.watch()
    assert world.added == ["one"]


def test_once_leaves_the_rest_while_the_network_is_down() -> None:
    world = World(**{f"h{number}": rss() for number in range(9)})
    world.watch()
    world.answers = {feed_of(f"h{number}"): DOWN for number in range(9)}
    world.now += timedelta(hours=1)
    assert world.watch().failures == 3
    assert world.told(EventKind.RESTING) == ["3 hosts in a row did not answer; 6 feeds left for the next time"]


# --- state -----------------------------------------------------------------------------------------------------------


def test_without_feeds_all_that_are_remembered_are_watched() -> None:
    world = World(a=rss("one"), b=rss("two", host="b"))
    world.watch()
    world.feeds = []
    world.now += timedelta(hours=1)
    assert world.watch().polls == 2
    world.feeds = [Feed(feed_of("b"), "My B")]
    world.now += timedelta(hours=1)
    assert world.watch().polls == 1
    assert world.state("b").title == "My B"
    assert len(world.rows) == 2


def test_the_state_is_told_as_rows_with_what_needs_a_look_first() -> None:
    def at(**ago: float) -> str:
        return (START - timedelta(**ago)).isoformat()

    rows = state_rows(
        [
            Feed("https://new.example/"),
            Feed("https://well.example/", "Well", checked_at=at(minutes=4), next_at=at(minutes=-26), found=1234),
            Feed("https://late.example/", "Late", checked_at=at(days=3), next_at=at(hours=5), found_at=at(hours=30)),
            Feed(
                "https://bad.example/", checked_at=at(seconds=9), next_at=at(days=-1), failures=3, last_error="broken"
            ),
            Feed("https://gone.example/", checked_at=at(hours=2), is_gone=True, failures=1, last_error="gone for good"),
            Feed("https://moved.example/", "M", moved_to="https://x.example/", checked_at="nonsense", failures=1),
        ],
        START,
    )
    assert rows == [
        ("https://gone.example/", "gone", "2 h ago", "never", "0", "never", "gone for good"),
        ("https://bad.example/", "fails, 3 times", "9 s ago", "in 24 h", "0", "never", "broken"),
        ("M (https://moved.example/)", "fails", "never", "now", "0", "never", "moved to https://x.example/"),
        ("https://new.example/", "not asked yet", "never", "now", "0", "never", ""),
        ("Late (https://late.example/)", "well", "3 days ago", "now", "0", "30 h ago", ""),
        ("Well (https://well.example/)", "well", "4 min ago", "in 26 min", "1,234", "never", ""),
    ]
    assert {len(row) for row in rows} == {len(watching.STATE_COLUMNS)}


def test_weeks_of_watching_take_no_more_memory() -> None:
    def changing(url: str) -> Fetched:
        first = int((world.now - START).total_seconds() // 1800)
        return Fetched(url, rss(*(f"r{number}" for number in range(first, first + 5))), "", "utf-8")

    def held() -> int:
        """Bytes that our own code made and something holds; libraries fill caches of a fixed size."""
        ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/onrecord/*")])
        return sum(trace.size for trace in ours.traces)

    world = World(a=changing, b=DOWN, c=BUSY)
    world.events = world.asked = world.added = deque(maxlen=1)  # type: ignore[assignment]
    tracemalloc.start()
    try:
        world.watch(2 * DAY)
        first = held()
        reports = world.watch(4 * DAY).reports
        growth = held() - first
    finally:
        tracemalloc.stop()
    assert reports > 180
    assert growth < 100 * reports, "not even the shortest text that was kept of each would fit"
    assert len(world.rows[feed_of("a")]) < 5000
