"""The turnstile: who is answered what when a group meets a bad neighbour, a rival or a lost database."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from plaudit.ingest.committer import BatchRefused, Turnstile
from plaudit.model.commands import IdentifyUser
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome, Refusal
from plaudit.model.state import Identity, Snapshot
from plaudit.operations.record_events import Answer, Refused
from plaudit.storage.port import Conflict, Unavailable


def command(name: str) -> IdentifyUser:
    who = Identity(name.encode().ljust(16), 1, "", name)
    return IdentifyUser(name.encode().ljust(16), who, 0)


class Shelf:
    """Stands in for the act: keeps what was stored, and breaks where it is told to."""

    def __init__(self, broken: Callable[[list[str]], Exception | None] = lambda _: None) -> None:
        self.stored: list[str] = []
        self.groups: list[list[str]] = []
        self._broken = broken

    async def record(self, commands: Sequence[IdentifyUser], *, atomic: bool = False) -> list[Answer]:
        names = [each.who.user_id for each in commands]
        self.groups.append(names)
        await asyncio.sleep(0)
        reason = self._broken(names)
        if reason is not None:
            raise reason
        if atomic and "refused" in names:
            raise Refused(names.index("refused"), Refusal(Code.UNKNOWN_METRIC, {"key": "x"}))
        self.stored += names
        return [Outcome(Snapshot(each.who, None, {}, {}, {})) for each in commands]


async def results(turnstile: Turnstile, *names: str) -> list[Outcome | BaseException]:
    return await asyncio.gather(*(turnstile.submit(command(n)) for n in names), return_exceptions=True)


def whenever(name: str, reason: Exception) -> Callable[[list[str]], Exception | None]:
    return lambda names: reason if name in names else None


def once(reason: Exception) -> Callable[[list[str]], Exception | None]:
    told = iter([reason])
    return lambda _: next(told, None)


async def test_what_waits_travels_together():
    shelf = Shelf()
    await results(Turnstile(shelf.record, group=8), *map(str, range(20)))
    assert [len(group) for group in shelf.groups] == [8, 8, 4]
    assert shelf.stored == list(map(str, range(20)))


@pytest.mark.parametrize("reason", [ValueError("a bug"), Conflict("twice"), Unavailable("lock", retry=True)])
async def test_a_bad_command_never_hurts_its_neighbours(reason):
    shelf = Shelf(whenever("bad", reason))
    ada, bad, ben = await results(Turnstile(shelf.record), "ada", "bad", "ben")
    assert isinstance(ada, Outcome)
    assert isinstance(ben, Outcome)
    assert isinstance(bad, Exception)
    assert shelf.stored == ["ada", "ben"]


async def test_where_the_commit_is_unknown_nothing_is_tried_again():
    shelf = Shelf(once(Unavailable("the connection was lost while committing")))
    answers = await results(Turnstile(shelf.record), "ada", "ben")
    assert [each.code for each in answers if isinstance(each, PlauditError)] == [Code.UNAVAILABLE] * 2
    assert len(shelf.groups) == 1


@pytest.mark.parametrize("reason", [Conflict("a user was born twice"), Unavailable("lock", retry=True)])
async def test_a_lone_command_that_read_a_stale_state_begins_anew(reason):
    shelf = Shelf(once(reason))
    (answer,) = await results(Turnstile(shelf.record), "ada")
    assert isinstance(answer, Outcome)
    assert shelf.stored == ["ada"]


async def test_who_meets_rivals_again_and_again_is_asked_to_come_back():
    shelf = Shelf(whenever("ada", Conflict("twice")))
    (answer,) = await results(Turnstile(shelf.record), "ada")
    assert isinstance(answer, PlauditError)
    assert answer.code is Code.BUSY
    assert len(shelf.groups) < 5


async def test_a_batch_that_read_a_stale_state_begins_anew():
    shelf = Shelf(once(Conflict("twice")))
    await Turnstile(shelf.record).submit_all([command("ada"), command("ben")])
    assert shelf.stored == ["ada", "ben"]
    shelf = Shelf(once(Conflict("twice")))
    assert len(await Turnstile(shelf.record).submit_each([command("ada"), command("ben")])) == 2
    assert shelf.stored == ["ada", "ben"]


async def test_a_refused_batch_names_the_item():
    with pytest.raises(BatchRefused) as refused:
        await Turnstile(Shelf().record).submit_all([command("ada"), command("refused")])
    assert refused.value.index == 1


async def test_a_full_queue_refuses_at_once_and_stores_the_others():
    shelf = Shelf()
    turnstile = Turnstile(shelf.record, group=1, backlog=3)
    answers = await results(turnstile, *map(str, range(6)))
    refused = [each for each in answers if isinstance(each, PlauditError)]
    assert {each.code for each in refused} == {Code.BUSY}
    assert len(shelf.stored) + len(refused) == 6
    assert refused


async def test_a_caller_who_has_gone_is_served_all_the_same():
    shelf = Shelf()
    turnstile = Turnstile(shelf.record)
    gone = asyncio.create_task(turnstile.submit(command("gone")))
    stays = asyncio.create_task(turnstile.submit(command("stays")))
    await asyncio.sleep(0)
    gone.cancel()
    assert isinstance(await stays, Outcome)
    await turnstile.drain()
    assert shelf.stored == ["gone", "stays"]
