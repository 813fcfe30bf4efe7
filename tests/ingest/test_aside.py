"""Deciding beside the writer: it comes to what deciding here comes to, and what is stale is never written."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from itertools import count
from random import Random

import apsw
import pytest
from msgspec.structs import replace
from tests.storage.exam_boards import ALL_TIME, DAILY, TEAM, TEAMS
from tests.storage.people import NOON, a_metric, an_achievement, found, log_of, person, read

from plaudit.compose import decider_of
from plaudit.config import Settings
from plaudit.ingest import decider
from plaudit.ingest.aside import FEW, Aside
from plaudit.ingest.committer import BatchRefused, Turnstile
from plaudit.ingest.decider import Decider, program_of, read_frame
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Attribute, AttributeType, Measure, Trigger
from plaudit.model.commands import NOTHING, IdentifyUser, RecordEvent, UserPatch
from plaudit.model.decided import Ask, Told
from plaudit.model.ids import derived_id
from plaudit.model.leaderboards import RankBy
from plaudit.model.outcome import Refusal
from plaudit.model.points import PointsSystem, PointsTrigger, PointsTriggerType
from plaudit.model.webhooks import EventType, Webhook
from plaudit.operations.decide_aside import Stale, carry_out
from plaudit.operations.record_events import Refused, record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify import verify
from plaudit.storage.port import Conflict
from plaudit.storage.sqlite import recent
from plaudit.storage.sqlite.store import open_sqlite
from plaudit.web.encode import event_body, told_body
from plaudit.web.fragments import fragments_of
from plaudit.webhooks.signatures import new_secret

HOUR, DAY = 3_600_000, 86_400_000
URL = "https://house.example"
COURSE = Attribute(b"course".ljust(16), "course", "Course", AttributeType.EVENT, 0)
XP = PointsSystem(11, b"xp".ljust(16), "xp", "XP", None, None, 40, 1, 1)


def a_trigger(number: int, kind: PointsTriggerType, **more) -> PointsTrigger:
    names = "metric measure metric_threshold streak_length achievement time_unit time_interval"
    nothing = dict.fromkeys(names.split())
    plain = {"system": XP.number, "points": 3, "active": True, "user_attributes": (), "event_attributes": ()}
    name = derived_id(b"trigger", number)
    return PointsTrigger(number=number, id=name, type=kind, created=1, updated=1, **(nothing | plain | more))


async def define(store) -> None:
    here = await found(store, "here")
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        for attribute in (TEAM, COURSE):
            await edit.put_attribute(attribute)
        await edit.put_measure(Measure(1, 1, (), 0))
        await edit.put_measure(Measure(2, 1, (("course", "german"),), 0))
        for number, value in enumerate((5, 20, 60, 150), 1):
            await edit.put_achievement(an_achievement(number, metric_value=value * MICRO))
        german = {"measure": 2, "metric_value": 9 * MICRO, "event_attributes": ((COURSE.id, "german"),)}
        await edit.put_achievement(an_achievement(5, **german))
        nothing = {"metric": None, "metric_value": None, "measure": None}
        await edit.put_achievement(an_achievement(6, trigger=Trigger.STREAK, streak_length=2, **nothing))
        needed = tuple(an_achievement(n).id for n in (1, 6))
        both = {"trigger": Trigger.ACHIEVEMENT, "achievement_ids": needed}
        await edit.put_achievement(an_achievement(7, **both, **nothing))
        await edit.put_document(XP)
        by_metric = {"metric": 1, "measure": 1, "metric_threshold": 4 * MICRO}
        await edit.put_document(a_trigger(12, PointsTriggerType.METRIC, **by_metric))
        await edit.put_document(a_trigger(13, PointsTriggerType.ACHIEVEMENT, achievement=1))
        await edit.put_document(a_trigger(14, PointsTriggerType.STREAK, streak_length=1))
        for board in (ALL_TIME, DAILY, TEAMS):
            await edit.put_document(board)
        await edit.put_document(
            replace(ALL_TIME, number=15, id=b"p" * 16, key="p", rank_by=RankBy.POINTS, points_system=11)
        )
        await edit.put_document(replace(ALL_TIME, number=16, id=b"s" * 16, key="s", rank_by=RankBy.STREAK))


class House:
    """A database file served here, with what decides beside it."""

    def __init__(self, store, path, aside=None, decider=None) -> None:
        self.store, self.path, self.aside, self.decider = store, path, aside, decider
        self.books = Rulebooks(store.catalog)
        self.beside: list = []

    def event(self, n: int, name: str = "ada", value: int = 1, **more) -> RecordEvent:
        plain = {"at": NOON + n, "now": NOON + n, "metric": "words"}
        who = person(1, name)
        return RecordEvent(derived_id(b"event", n), who, value=value * MICRO, **(plain | more))

    async def total(self, user: str = "ada") -> int:
        return (await read(self.store, person(1, user))).totals[1].total // MICRO


@pytest.fixture
async def house(tmp_path):
    path = tmp_path / "plaudit.db"
    store = await open_sqlite(path)
    await define(store)
    beside = Decider(program_of("plaudit.commands.decide", f"sqlite:{path}"))
    it = House(store, path, decider=beside)
    it.aside = Aside(beside, store.ledger, it.books, lambda: True)
    await it.books.get(1)
    yield it
    await it.aside.close()
    for opened in (*it.beside, it.store):
        await opened.close()


async def ready(it: House) -> None:
    it.decider.start()
    for _ in range(600):
        if it.decider.ready:
            return
        await asyncio.sleep(0.05)
    pytest.fail("The process that decides does not start.")


def group(it: House, random: Random, numbers, size: int) -> list[RecordEvent]:
    """Events of some users, several of some: late ones, repeated keys, patches, and some that are refused."""
    found = []
    for _ in range(size):
        n = next(numbers)
        now = NOON + n * 1000 + (n // 60) * HOUR
        tz = random.choice(["Asia/Tokyo", "America/New_York", None])
        patch = UserPatch(tz=tz, attributes={"team": random.choice("rb")})
        found.append(
            it.event(
                n,
                f"user {random.randrange(25)}",
                random.randint(-2, 9),
                now=now,
                at=now - (random.randrange(3) * DAY if random.random() < 0.2 else 0),
                metric="words" if random.random() < 0.97 else "unknown",
                user=patch if random.random() < 0.1 else NOTHING,
                attributes={"course": random.choice(["german", "french"])} if random.random() < 0.3 else {},
                key=f"key {random.randrange(40)}" if random.random() < 0.3 else None,
            )
        )
    return found


def tables(path) -> dict[str, list[tuple]]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
            for (name,) in names.fetchall()
        }
    finally:
        connection.close()


@pytest.mark.parametrize("joined", [False, True], ids=["each answered", "joined"])
async def test_it_comes_to_what_deciding_here_comes_to(house, tmp_path, joined):
    """The same groups, here and beside, leave the same rows and give the same answers."""
    await house.store.close()
    shutil.copyfile(house.path, tmp_path / "twin.db")
    house.store = await open_sqlite(house.path)
    house.books = Rulebooks(house.store.catalog)
    house.aside = Aside(house.decider, house.store.ledger, house.books, lambda: True)
    await house.books.get(1)
    await ready(house)
    twin = await open_sqlite(tmp_path / "twin.db")
    books, random, numbers, beside = Rulebooks(twin.catalog), Random(7), count(1), 0
    fragments = fragments_of(await books.get(1), URL)
    for _ in range(40):
        commands = group(house, random, numbers, random.randint(FEW, 50))
        if joined:
            commands = [replace(each, metric="words") for each in commands]
        urls = [] if joined else [URL] * len(commands)
        told = await house.aside.record(commands, urls, joined=joined)
        if told is None:  # a ranking is read for the first time, or a refusal wants to be told here
            told = await record(house.store.ledger, house.books, commands, atomic=joined)
        else:
            beside += 1
        here = await record(twin.ledger, books, commands, atomic=joined)
        if joined:
            continue
        for one, other, command in zip(told, here, commands, strict=True):
            if isinstance(one, Told):
                body = event_body(fragments, other, command.now, command.key)
                assert told_body(fragments, one, one.ranks) == body
                assert one.replayed == (other.replay is not None)
            elif isinstance(one, Refusal):
                assert one == other
    assert beside >= 35
    assert (await verify(house.store, NOON + 90 * DAY)).drifts == []
    assert tables(house.path) == tables(tmp_path / "twin.db")
    await twin.close()


async def decided_by(house, commands):
    """Decide a group in this process, as the other one does it, and give the moment before."""
    mark = house.store.ledger.mark()
    ask = Ask(commands, joined=True)
    store, decide = await decider_of(Settings(f"sqlite:{house.path}"))
    house.beside.append(store)  # closed in the end, since closing moves the log, as another process would
    return mark, ask, await decide(ask)


async def test_what_was_decided_of_a_user_written_meanwhile_is_not_written(house):
    mark, ask, decided = await decided_by(house, [house.event(n, value=3) for n in range(20)])
    await record(house.store.ledger, house.books, [house.event(100, value=5)])
    with pytest.raises(Stale):
        await carry_out(house.store.ledger, house.books, ask, decided, mark)
    assert await house.total() == 5
    assert len(await log_of(house.store, person(1, "ada"))) == 1


async def test_without_looking_who_was_written_meanwhile_something_would_be_lost(house, monkeypatch):
    """The safety matters: taken out, only the log's key stops events, and nothing stops a profile."""
    await record(house.store.ledger, house.books, [house.event(100, "cleo"), house.event(101, "ben")])
    named = house.event(200, "cleo", user=UserPatch(name="Cleo"))
    mark, ask, decided = await decided_by(house, [named])
    team = UserPatch(attributes={"team": "r"})
    patch = IdentifyUser(derived_id(b"patch", 1), person(1, "cleo"), NOON + 300, team)
    await record(house.store.ledger, house.books, [patch])
    with monkeypatch.context() as broken:
        broken.setattr(recent.Recent, "untouched", lambda *_: True)
        await carry_out(house.store.ledger, house.books, ask, decided, mark)
    assert (await read(house.store, person(1, "cleo"))).user.attributes == {}, (
        "the team is not lost after all"
    )
    mark, ask, decided = await decided_by(house, [house.event(300, "ben", value=3)])
    await record(house.store.ledger, house.books, [house.event(301, "ben", value=5)])
    with monkeypatch.context() as broken:
        broken.setattr(recent.Recent, "untouched", lambda *_: True)
        with pytest.raises(Conflict):
            await carry_out(house.store.ledger, house.books, ask, decided, mark)


async def test_who_was_not_written_meanwhile_is(house):
    mark, ask, decided = await decided_by(house, [house.event(n, value=3) for n in range(20)])
    await record(house.store.ledger, house.books, [house.event(100, "ben", value=5)])
    await carry_out(house.store.ledger, house.books, ask, decided, mark)
    assert (await house.total(), await house.total("ben")) == (60, 5)


async def test_what_another_process_wrote_makes_it_stale(house):
    mark, ask, decided = await decided_by(house, [house.event(n) for n in range(20)])
    other = await open_sqlite(house.path)
    await record(other.ledger, Rulebooks(other.catalog), [house.event(100, "ben")])
    await other.close()
    with pytest.raises(Stale):
        await carry_out(house.store.ledger, house.books, ask, decided, mark)


async def test_what_was_decided_by_old_definitions_is_stale(house):
    mark, ask, decided = await decided_by(house, [house.event(n) for n in range(20)])
    async with house.store.catalog.edit(1) as edit:
        await edit.put_achievement(an_achievement(9, metric_value=2 * MICRO))
    with pytest.raises(Stale):
        await carry_out(house.store.ledger, house.books, ask, decided, mark)


async def test_what_an_endpoint_that_has_just_come_must_hear_of_is_decided_anew(house):
    """It was not there when the question was asked, but when it was decided."""
    async with house.store.catalog.edit(1) as edit:
        listed = (EventType.ACHIEVEMENT_COMPLETED,)
        hook = Webhook(31, b"h" * 16, "https://example.com/", listed, (new_secret(b"s" * 32),), True, 1, 1)
        await edit.put_document(hook)
    mark, ask, decided = await decided_by(house, [house.event(n) for n in range(20)])
    with pytest.raises(Stale):
        await carry_out(house.store.ledger, house.books, ask, decided, mark)


async def test_commits_too_long_ago_to_be_remembered_count_as_written(house):
    mark, ask, decided = await decided_by(house, [house.event(n) for n in range(20)])
    for n in range(recent.KEPT + 1):
        await record(house.store.ledger, house.books, [house.event(100 + n, "ben")])
    with pytest.raises(Stale):
        await carry_out(house.store.ledger, house.books, ask, decided, mark)


async def test_many_groups_of_the_same_users_at_once_are_exact(house):
    await ready(house)

    async def here(commands, *, atomic=False):
        return await record(house.store.ledger, house.books, commands, atomic=atomic)

    turnstile = Turnstile(here, aside=house.aside)
    singles = [turnstile.submit_event(house.event(n, f"user {n % 7}"), URL) for n in range(400)]
    batches = [
        turnstile.submit_all([house.event(1000 * n + k, f"user {k % 7}") for k in range(70)])
        for n in range(1, 7)
    ]
    patches = [
        turnstile.submit(IdentifyUser(derived_id(b"patch", n), who, NOON, UserPatch(name="N")))
        for n, who in enumerate(person(1, f"user {n}") for n in range(7))
    ]
    await asyncio.gather(*singles, *batches, *patches)
    counted = [await house.total(f"user {n}") for n in range(7)]
    assert counted == [len(range(n, 400, 7)) + 6 * 10 for n in range(7)]
    assert (await verify(house.store, NOON + DAY)).drifts == []


async def test_one_refused_event_of_a_batch_is_named_as_ever(house):
    await ready(house)

    async def here(commands, *, atomic=False):
        return await record(house.store.ledger, house.books, commands, atomic=atomic)

    bad = [house.event(n) for n in range(30)]
    bad[17] = house.event(17, metric="unknown")
    with pytest.raises(BatchRefused) as refused:
        await Turnstile(here, aside=house.aside).submit_all(bad)
    assert refused.value.index == 17
    with pytest.raises(Refused):
        await here(bad, atomic=True)
    assert (await read(house.store, person(1, "ada"))).user is None


async def test_without_the_process_everything_is_decided_here(house):
    """It is killed with questions on their way: each is answered and counted once, and so are later ones."""
    await ready(house)

    async def here(commands, *, atomic=False):
        return await record(house.store.ledger, house.books, commands, atomic=atomic)

    turnstile = Turnstile(here, aside=house.aside)
    asked = [asyncio.create_task(turnstile.submit_event(house.event(n), URL)) for n in range(300)]
    await asyncio.sleep(0)
    os.kill(house.decider._process.pid, signal.SIGKILL)
    await asyncio.gather(*asked)
    assert await house.total() == 300
    assert not house.decider.ready
    await asyncio.gather(*(turnstile.submit_event(house.event(n), URL) for n in range(300, 400)))
    assert await house.total() == 400


async def test_few_events_or_listeners_do_not_start_a_process(house):
    assert await house.aside.record([house.event(n) for n in range(FEW - 1)], [URL] * (FEW - 1)) is None
    heard = Aside(house.decider, house.store.ledger, house.books, lambda: False)
    assert await heard.record([house.event(n) for n in range(FEW)], [URL] * FEW) is None
    mixed = [*(house.event(n) for n in range(FEW)), IdentifyUser(b"i" * 16, person(1, "ada"), NOON)]
    assert await house.aside.record(mixed, []) is None
    assert not house.decider._starting


def test_it_ends_with_its_input(house):
    """Also when the server was killed: whatever ends it closes the pipe."""
    program = program_of("plaudit.commands.decide", f"sqlite:{house.path}")
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert read_frame(process.stdout) == b"ready"
        process.stdin.close()
        assert process.wait(10) == 0


LIARS = {
    "garbage": "say(b'ready'); i.read(8); o.write(b'\\0' * 4 + b'nonsense'); o.flush(); i.read()",
    "another message": "say(b'ready'); i.read(8); say(b'nonsense'); i.read()",
    "nothing": "say(b'ready'); i.read()",
    "the end": "say(b'ready'); i.read(8)",
}


@pytest.mark.parametrize("answer", LIARS)
async def test_whatever_it_answers_events_are_counted(house, monkeypatch, answer):
    monkeypatch.setattr(decider, "PATIENCE_SECONDS", 0.5)
    begin = (
        "import sys; from plaudit.ingest.decider import framed; i, o = sys.stdin.buffer, sys.stdout.buffer\n"
    )
    say = "def say(it):\n    o.write(framed(it)); o.flush()\n"
    house.decider._program = [sys.executable, "-c", begin + say + LIARS[answer]]
    await ready(house)

    async def here(commands, *, atomic=False):
        return await record(house.store.ledger, house.books, commands, atomic=atomic)

    turnstile = Turnstile(here, lanes=2, aside=house.aside)
    await asyncio.gather(*(turnstile.submit_event(house.event(n), URL) for n in range(300)))
    assert await house.total() == 300
    assert not house.decider.ready
    house.decider.start()
    assert not house.decider._starting, "the next one is started later"
