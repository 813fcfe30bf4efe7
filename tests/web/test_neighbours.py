"""What processes tell each other for live feeds: only what is wanted, for as long, in letters that fit."""

import asyncio
import json

import pytest
from msgspec import Raw
from tests.support.postgres import fresh_database, shared_cluster

from plaudit.ingest.feeds import Feeds, place_of
from plaudit.ingest.happenings import Happening, Kind
from plaudit.ingest.neighbours import LEASE, PER_SECOND, RENEW, Neighbours, News, letters_of
from plaudit.storage.port import Unavailable
from plaudit.storage.postgres.wire import PostgresWire
from plaudit.storage.wire_port import LONGEST_TEXT

HERE = place_of(1, "")


class Air:
    """Carries texts between wires of this process; counts them."""

    def __init__(self):
        self.heard = {}
        self.sent = []
        self.now = 0.0

    def clock(self):
        return self.now


class Line:
    """A wire through the air."""

    def __init__(self, air):
        self._air = air
        self.cut = False

    async def open(self, heard):
        if self.cut:
            raise Unavailable("cut")
        new = self not in self._air.heard
        self._air.heard[self] = heard
        return new

    async def send(self, texts):
        if self.cut:
            raise Unavailable("cut")
        for text in texts:
            self._air.sent.append(text)
            for heard in list(self._air.heard.values()):
                heard(text)

    async def close(self):
        del self._air.heard[self]


class Process:
    """A process with feeds and neighbours."""

    def __init__(self, air, name):
        self.line = Line(air)
        self.neighbours = Neighbours(self.line, name, air.clock)
        self.feeds = Feeds(None, self.neighbours, air.clock)

    async def beat(self):
        self.feeds.flush()
        await self.neighbours.flush()
        self.feeds.flush()


@pytest.fixture
def air():
    return Air()


@pytest.fixture
async def two(air):
    pair = Process(air, "one"), Process(air, "two")
    for each in pair:
        await each.neighbours.keep()
    air.sent.clear()
    return pair


def some(count, user="ada"):
    return [(Kind.EVENT, Happening("now", f"{user}-{n}", None, "words", Raw(b"1"))) for n in range(count)]


async def test_nothing_is_sent_while_nobody_listens(air, two):
    for _ in range(10):
        air.now += RENEW
        for each in two:
            await each.neighbours.keep()
            await each.beat()
    assert air.sent == []
    assert not two[0].feeds.heard


async def test_what_is_wanted_elsewhere_is_told_until_nobody_wants_it(air, two):
    one, other = two
    feed = one.feeds.listen(1, "")
    await one.beat()
    await other.beat()
    assert other.feeds.heard
    other.feeds._here[HERE] = News(some(3), 2)
    other.feeds._here[place_of(2, "")] = News(some(1))
    await other.beat()
    one.feeds.flush()
    air.now += 1
    one.feeds.flush()
    told = await feed.take(0)
    assert [kind.value for kind, _ in told] == ["event"] * 3 + ["more"]
    assert told[-1][1].count == 2
    one.feeds.leave(feed)
    await one.beat()
    await other.beat()
    assert not other.feeds.heard


async def test_what_happens_elsewhere_is_noted_from_the_beginning_of_a_feed_on(two):
    one, other = two
    one.feeds.listen(1, "")
    await one.feeds.announce()
    assert other.feeds.heard
    assert HERE in other.feeds._watched


async def test_a_process_that_falls_silent_is_forgotten(air, two):
    one, other = two
    one.feeds.listen(1, "")
    for _ in range(5):
        air.now += RENEW
        await one.beat()
        await other.neighbours.keep()
        await other.beat()
        assert other.feeds.heard
    air.now += LEASE
    await other.neighbours.keep()
    await other.beat()
    assert not other.feeds.heard


async def test_a_new_process_learns_at_once_who_listens(air, two):
    one, _ = two
    one.feeds.listen(1, "")
    await one.beat()
    third = Process(air, "three")
    await third.neighbours.keep()
    await one.beat()
    await third.beat()
    assert third.feeds.heard


async def test_more_than_the_allowance_is_counted(air, two):
    _, other = two
    other.neighbours.tell(HERE, News(some(PER_SECOND + 40), 1))
    await other.neighbours.flush()
    news = [json.loads(text)["news"][HERE] for text in air.sent]
    assert sum(len(each["told"]) for each in news) == PER_SECOND
    assert sum(each["more"] for each in news) == 41


def test_letters_fit_and_lose_nothing():
    long = "é" * 255
    news = {place_of(n, long): News(some(40, long), n) for n in range(5)}
    news[HERE] = News([(Kind.EVENT, Happening("now", "x" * LONGEST_TEXT, None))])
    texts = list(letters_of("one", news))
    assert all(len(text.encode()) <= LONGEST_TEXT for text in texts)
    told, more = {}, {}
    for text in texts:
        for place, each in json.loads(text)["news"].items():
            told[place] = told.get(place, 0) + len(each["told"])
            more[place] = more.get(place, 0) + each["more"]
    assert told == dict.fromkeys(news, 40) | {HERE: 0}
    assert more == {place: each.more for place, each in news.items()} | {HERE: 1}


async def test_a_cut_line_is_told_once_and_mended(air, two, caplog):
    one, _ = two
    one.line.cut = True
    feed = one.feeds.listen(1, "")
    for _ in range(3):
        await one.neighbours.keep()
        await one.beat()
    assert caplog.text.count("cannot hear") == 1
    one.line.cut = False
    await one.beat()
    assert two[1].neighbours.wanted == {feed.place}


async def test_texts_of_another_release_are_passed_over(two):
    two[0].neighbours._hear('{"sender": "two", "news": {"x": 7}}')
    two[0].neighbours._hear("not JSON")


async def test_notices_of_postgresql_arrive_and_come_back_after_a_loss():
    dsn = fresh_database(shared_cluster(fast=True))
    wire, heard = PostgresWire(dsn), []
    with pytest.raises(Unavailable):
        await wire.send(["too early"])
    assert await wire.open(heard.append)
    assert not await wire.open(heard.append)
    longest = "é" * (LONGEST_TEXT // 2)
    await wire.send(["one", longest])
    wire._connection.terminate()
    with pytest.raises(Unavailable):
        await wire.send(["lost"])
    assert await wire.open(heard.append)
    await wire.send(["two"])
    async with asyncio.timeout(5):
        while len(heard) < 3:  # noqa: ASYNC110 - the wire tells nobody else
            await asyncio.sleep(0.01)
    assert heard == ["one", longest, "two"]
    await wire.close()
