"""The exam of rankings in memory: whatever is written, read or forgotten, they are the scores, sorted."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from itertools import count, groupby
from random import Random

import pytest
from msgspec.structs import replace
from tests.storage.exam_boards import ALL_TIME, TODAY, books, event, placed, ranking
from tests.storage.people import NOON, Broken, in_order, person

from plaudit.engine.periods import DAY_MS
from plaudit.model.errors import PlauditError
from plaudit.model.ids import ranking_number
from plaudit.model.leaderboards import RankKey, rank_key
from plaudit.model.outcome import Writes
from plaudit.model.webhooks import DeliveryFilter, EventType, Secret, Webhook
from plaudit.operations.announce_outcomes import announce_outcomes
from plaudit.operations.delete_user import delete_user
from plaudit.operations.edit_batch import Editor
from plaudit.operations.merge_users import merge_users
from plaudit.operations.record_events import decide, record
from plaudit.operations.verify import verify
from plaudit.operations.writes import gather
from plaudit.storage.rank_memory import SHORT

__all__ = ["books"]

NUMBER = ranking_number(1, 0, TODAY - 10, "", ())
TEAMS = ("red", "blue", "green")
_ids = count(1)


def new_id(_now: int) -> bytes:
    return next(_ids).to_bytes(16, "big")


async def truth(store) -> dict[int, list[RankKey]]:
    """Every ranking, as the scores say."""
    found = defaultdict(list)
    for who in await store.ledger.subjects_after(None, b"", 10_000):
        for score in (await store.ledger.boards.scores_of(who.subject)).values():
            key = rank_key(who.subject, score)
            if key is not None:
                found[key.ranking].append(key)
    return {number: sorted(keys) for number, keys in found.items()}


async def is_true(store, known: set[int]) -> bool:
    """Whether the memory of a process says what the scores say, also of rankings that have emptied."""
    expected = await truth(store)
    known.update(expected)
    for number in known:
        page = await store.ledger.boards.page(number, 0, 10_000)
        assert [key for key, _, _ in page] == expected.get(number, [])
        assert await store.ledger.boards.size(number) == len(page)
    return True


def group(here, random: Random, numbers) -> list:
    """Some events of some people, a few of whom change their team or come late."""
    made = []
    for _ in range(random.randint(1, 10)):
        fields = {"attributes": {"team": random.choice(TEAMS)}} if random.random() < 0.3 else {}
        one = event(here, f"user {random.randint(1, 25)}", random.choice([-3, 1, 2]), next(numbers), **fields)
        made.append(replace(one, at=one.at - random.choice([0, 0, 0, DAY_MS])))
    return made


async def go(store, books, here, random: Random, now: int) -> None:
    """Let somebody go, or become part of another, unless a rival has done so already."""
    editor = Editor(store, here.number, now, new_id)
    people = [who for who in await store.ledger.subjects_after(here.number, b"", 100) if who.user_id]
    one, other = random.sample(people, 2)
    if random.random() < 0.5:
        await delete_user(editor, books, one)
        return
    with suppress(PlauditError):
        await merge_users(editor, books, one, other)


@pytest.mark.parametrize("seed", range(4))
async def test_rankings_are_the_scores_sorted(store, here, books, seed):
    random, numbers, known = Random(seed), count(1), set()
    for turn in range(40):
        await record(store.ledger, books, group(here, random, numbers))
        if turn > 3 and random.random() < 0.3:
            await go(store, books, here, random, NOON + next(numbers))
        if turn % 4 == 0:
            assert await is_true(store, known)
        await store.ledger.boards.keep(NOON + turn * 20_000)
    assert await is_true(store, known)
    assert (await verify(store, NOON + next(numbers))).drifts == []


@pytest.mark.parametrize("most", [0, 10_000])
async def test_rankings_stay_true_while_they_are_read_and_forgotten(store, here, books, most):
    """Pages are read beside the writers; with no room at all, every call reads its ranking anew."""
    store.ledger._ranks._memory._most = most
    numbers, known, writing = count(1), set(), True

    async def write(seed: int) -> None:
        random = Random(seed)
        for _ in range(12):
            await record(store.ledger, books, group(here, random, numbers))

    async def look(number: int) -> None:
        while writing:
            page = await store.ledger.boards.page(number, 0, 1000)
            assert [key for key, _, _ in page] == sorted(key for key, _, _ in page)
            assert len({key.member for key, _, _ in page}) == len(page)
            await asyncio.sleep(0)

    looking = [asyncio.create_task(look(number)) for number in (NUMBER, NUMBER)]
    try:
        await asyncio.gather(*map(write, range(3)))
    finally:
        writing = False
    await asyncio.gather(*looking)
    assert await is_true(store, known)


async def test_what_was_rolled_back_moves_nothing(store, here, books, monkeypatch):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    known: set[int] = set()
    assert await is_true(store, known)

    async with store.ledger.transaction() as tx:
        kind = type(tx)
    real = kind.apply

    async def applied_and_broken(self, writes) -> None:
        await real(self, writes)
        raise Broken

    monkeypatch.setattr(kind, "apply", applied_and_broken)
    with pytest.raises(Broken):
        await record(store.ledger, books, [event(here, "ada", 5, 2), event(here, "ben", 9, 3)])
    monkeypatch.undo()
    assert await is_true(store, known)
    (outcome,) = await record(store.ledger, books, [event(here, "ben", 7, 4)])
    assert outcome.ranks[0].rank == 1
    assert await is_true(store, known)


async def test_a_transaction_that_is_open_moves_nothing_yet(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "ben", 3, 2)])
    async with store.ledger.transaction() as tx:
        ada = person(here.number, "ada")
        await tx.snapshots_for([ada], [])
        rankings = await tx.boards.rankings([NUMBER])
        assert [place[-16:] for place in rankings[NUMBER].part(0, 9)] == [
            ada.subject,
            person(here.number, "ben").subject,
        ]
        assert await store.ledger.boards.size(NUMBER) == 2


async def test_the_newest_day_is_beside_the_score_and_earlier_ones_are_kept(store, here, books):
    """History is what each day's last change led to, however days follow each other."""
    random, kept = Random(5), {}
    users = ("ada", "ben", "cleo")
    for n in range(60):
        user, zone = random.choice(users), random.choice(["UTC", "Pacific/Auckland", "Pacific/Honolulu"])
        at = NOON + random.choice([0, 0, n // 6, n // 6 + 1]) * DAY_MS // 2
        one = replace(
            event(here, user, random.choice([-1, 2]), n, tz=zone), at=at, now=NOON + 30 * DAY_MS + n
        )
        (outcome,) = await record(store.ledger, books, [one])
        for it in outcome.ranks:
            change = it.change
            kept[user, change.board, change.run.start, change.day] = (it.rank, change.after.score)
    for user in users:
        subject = person(here.number, user).subject
        mine = sorted((*key[1:], *it) for key, it in kept.items() if key[0] == user)
        found = await store.ledger.boards.all_days(subject)
        assert sorted(found) == mine
        assert [row[2] for row in found] == sorted(row[2] for row in found)
        newest = sorted((row[2:] for row in mine if row[0] == 1), reverse=True)
        assert len(newest) > 3
        assert await store.ledger.boards.days(subject, 1, ALL_TIME.start, 3) == newest[:3]


async def listen(store, here) -> None:
    hook = Webhook(9, b"h" * 16, "https://a.example", (), (Secret("whsec_c2VjcmV0"),), True, NOON, NOON)
    async with store.catalog.edit(here.number) as edit:
        await edit.put_document(hook)


async def decided(tx, books, commands, *, joined: bool) -> Writes:
    """What a group of commands writes, messages included, counted at once or one by one."""
    groups = [list(group) for _, group in groupby(commands, lambda command: command.who.subject)]
    folds = await decide(tx, books, groups, joined=joined)
    writes = gather(folds)
    told = zip(groups, folds, strict=True)
    announce_outcomes(books, ((before.who, given, of[0].now) for of, (before, given) in told), writes)
    return writes


@pytest.mark.parametrize("seed", range(6))
async def test_a_batch_writes_and_tells_what_its_events_would_one_by_one(store, here, books, seed):
    """Ranks between a user's events in a batch are not counted; whatever is kept of them is the same."""
    await listen(store, here)
    random, numbers, told = Random(seed), count(1), 0
    for _ in range(25):
        commands = [each for _ in range(3) for each in group(here, random, numbers)]
        commands.sort(key=lambda command: command.who.subject)
        async with store.ledger.transaction() as tx:
            one_by_one = await decided(tx, books, commands, joined=False)
            at_once = await decided(tx, books, commands, joined=True)
            assert at_once == one_by_one
            await tx.apply(at_once)
        told += sum(each.message.type == EventType.LEADERBOARD_RANK_CHANGED for each in at_once.outbox)
    assert told > 10
    assert await is_true(store, set())


async def test_a_batch_tells_the_ranks_to_which_all_of_it_led(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "ben", 3, 2)])
    events = [event(here, "ben", 1, 3), event(here, "ada", 1, 4), event(here, "ben", 9, 5)]
    first, _, last = await record(store.ledger, books, events, atomic=True)
    assert first.ranks == ()
    assert placed(last)[1] == (2, 1, 0)


async def test_a_batch_that_moves_two_runs_of_a_board_tells_of_the_newest(store, here, books):
    await listen(store, here)
    early, today = event(here, "ada", 4, 1), event(here, "ada", 4, 2)
    await record(store.ledger, books, [replace(early, at=early.at - DAY_MS), today], atomic=True)
    asked = DeliveryFilter(type=EventType.LEADERBOARD_RANK_CHANGED)
    told = await store.outbox.deliveries(here.number, asked, 9, 0)
    assert len(told) == 2, "one of each board"


async def test_back_dating_and_merging_leave_the_days_as_they_were(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "guest", 4, 2)])
    ada, guest = (person(here.number, name) for name in ("ada", "guest"))
    before = await store.ledger.boards.all_days(ada.subject)
    assert [row[2:] for row in before] == [(TODAY, 1, 5_000_000)] * 2 + [(TODAY, None, 5_000_000)]
    await merge_users(Editor(store, here.number, NOON + 9, new_id), books, guest, ada)
    assert (await store.ledger.boards.scores_of(ada.subject))[1, TODAY - 10].score == 9_000_000
    assert await store.ledger.boards.all_days(ada.subject) == before
    await record(store.ledger, books, [event(here, "ada", 1, 20)])
    after = await store.ledger.boards.all_days(ada.subject)
    assert [row[2:] for row in after] == [(TODAY, 1, 10_000_000)] * 2 + [(TODAY, None, 10_000_000)]


async def test_no_lock_is_held_while_a_ranking_is_read(store, here, books):
    """The act begins anew once it is there; meanwhile its users are free, and nothing is done twice."""
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "guest", 3, 2)])
    memory, known = store.ledger._ranks._memory, set()
    real = memory._read

    async def slow(ranked):
        await asyncio.sleep(4 * SHORT)
        return await real(ranked)

    memory.forget()
    memory._read = slow
    editor, ada, guest, cleo = (
        Editor(store, here.number, NOON + 9, new_id),
        *(person(here.number, name) for name in ("ada", "guest", "cleo")),
    )
    for act in (
        record(store.ledger, books, [event(here, "ada", 1, 3), event(here, "ben", 9, 4)]),
        merge_users(editor, books, guest, cleo, nameless=True),
    ):
        acting = asyncio.create_task(act)
        await asyncio.sleep(2 * SHORT)
        async with store.ledger.transaction() as tx, asyncio.timeout(SHORT):
            await tx.snapshots_for(in_order([ada, guest]), [])
        assert not acting.done()
        done = await acting
        memory.forget()
    memory._read = real
    assert done.events == 1
    assert await ranking(store, ALL_TIME, TODAY - 10) == [("ben", 9), ("ada", 6), ("cleo", 3)]
    assert await is_true(store, known)
    assert (await verify(store, NOON + 10)).drifts == []
