"""The exam, fifth part: scores, rankings and the days on which they moved, whatever groups of events come."""

from random import Random

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, a_metric, person, tamper

from plaudit.engine.board_runs import run_at
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Attribute, AttributeType, Measure
from plaudit.model.commands import IdentifyUser, RecordEvent, UserPatch
from plaudit.model.ids import derived_id, ranking_number
from plaudit.model.leaderboards import Leaderboard, RankBy, RunUnit, Score
from plaudit.model.outcome import Erasure, Outcome, Scope, UserWrite, Writes
from plaudit.model.tally import tally_of
from plaudit.operations.leave_boards import Staying, leave_boards
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify import verify

TODAY = 719163 + NOON // 86_400_000
TEAM = Attribute(b"team".ljust(16), "team", "Team", AttributeType.USER, 0)


def a_board(number: int, key: str, **more) -> Leaderboard:
    plain = {
        "id": derived_id(key.encode(), number),
        "key": key,
        "name": key.title(),
        "description": None,
        "rank_by": RankBy.METRIC,
        "metric": 1,
        "points_system": None,
        "start": TODAY - 10,
        "end": None,
        "start_time": None,
        "end_time": None,
        "max_participants": None,
        "run_unit": None,
        "run_interval": None,
        "breakdown": (),
        "user_attributes": (),
        "status": "active",
        "created": NOON,
        "updated": NOON,
    }
    return Leaderboard(number=number, **(plain | more))


ALL_TIME = a_board(1, "all-time")
DAILY = a_board(2, "daily", run_unit=RunUnit.DAY, run_interval=1, max_participants=3)
TEAMS = a_board(3, "teams", breakdown=(TEAM.id,))


@pytest.fixture
async def books(store, here):
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 0))
        await edit.put_attribute(TEAM)
        for board in (ALL_TIME, DAILY, TEAMS):
            await edit.put_document(board)
    return Rulebooks(store.catalog)


def event(here, user: str, value: int, n: int, **user_fields) -> RecordEvent:
    return RecordEvent(
        id=derived_id(b"event", n),
        who=person(here.number, user),
        now=NOON + n,
        metric="words",
        value=value * MICRO,
        at=NOON + n,
        user=UserPatch(**user_fields),
    )


def placed(outcome: Outcome) -> dict[int, tuple]:
    return {it.change.board: (it.previous_rank, it.rank, it.threshold // MICRO) for it in outcome.ranks}


async def ranking(store, board: Leaderboard, run: int, *values: str) -> list[tuple[str, int]]:
    number = ranking_number(board.number, board.since, run, "", values)
    page = await store.ledger.boards.page(number, 0, 10_000)
    return [(user, key.score // MICRO) for key, user, _ in page]


async def test_ranks_before_and_after(store, here, books):
    (first,) = await record(store.ledger, books, [event(here, "ada", 5, 1)])
    (second,) = await record(store.ledger, books, [event(here, "ben", 5, 2)])
    assert (placed(first)[1], placed(second)[1]) == ((None, 1, 0), (None, 2, 0))
    (again,) = await record(store.ledger, books, [event(here, "ben", 1, 3)])
    assert placed(again)[1] == (2, 1, 0)
    (down,) = await record(store.ledger, books, [event(here, "ben", -3, 4)])
    assert placed(down)[1] == (1, 2, 0)
    assert await ranking(store, ALL_TIME, TODAY - 10) == [("ada", 5), ("ben", 3)]


async def test_only_the_best_are_on_the_board_and_the_threshold_is_the_last_one(store, here, books):
    for n, value in enumerate((10, 20, 30), 1):
        (outcome,) = await record(store.ledger, books, [event(here, f"user {n}", value, n)])
    assert placed(outcome)[2] == (None, 1, 10)
    (late,) = await record(store.ledger, books, [event(here, "late", 5, 10)])
    assert placed(late)[2] == (None, None, 10)
    (enters,) = await record(store.ledger, books, [event(here, "late", 10, 11)])
    assert placed(enters)[2] == (None, 3, 15)
    (tie,) = await record(store.ledger, books, [event(here, "tie", 15, 12)])
    assert placed(tie)[2] == (None, None, 15)


async def test_a_user_whose_attribute_changes_moves_to_the_other_group(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1, attributes={"team": "red"})])
    await record(store.ledger, books, [event(here, "ben", 9, 2)])
    assert await ranking(store, TEAMS, TODAY - 10, "red") == [("ada", 5)]
    move = IdentifyUser(
        b"i" * 16, person(here.number, "ada"), NOON + 5, UserPatch(attributes={"team": "blue"})
    )
    (outcome,) = await record(store.ledger, books, [move])
    assert [(it.change.values, it.previous_rank, it.rank) for it in outcome.ranks] == [(("blue",), 1, 1)]
    assert await ranking(store, TEAMS, TODAY - 10, "red") == []
    assert await ranking(store, TEAMS, TODAY - 10, "blue") == [("ada", 5)]


async def test_late_events_repair_the_run_they_belong_to(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    late = replace(event(here, "ben", 7, 2), at=NOON - 2 * 86_400_000)
    (outcome,) = await record(store.ledger, books, [late])
    assert await ranking(store, DAILY, TODAY - 2) == [("ben", 7)]
    assert await ranking(store, DAILY, TODAY) == [("ada", 5)]
    assert {it.change.run.start for it in outcome.ranks if it.change.board == 2} == {TODAY - 2}


@pytest.mark.parametrize("seed", range(6))
async def test_ranks_are_those_of_a_sorted_list(store, here, books, seed):
    """Groups of random events against a naive list that is sorted anew after every single one."""
    random, n, naive = Random(seed), 0, {}
    teams: dict[str, str] = {}
    for _ in range(25):
        group = []
        for _ in range(random.randint(1, 12)):
            n += 1
            user = f"user {random.randint(1, 30)}"
            fields = {"attributes": {"team": random.choice(["red", "blue"])}} if random.random() < 0.3 else {}
            group.append(event(here, user, random.choice([-2, 1, 1, 2, 3]), n, **fields))
        answers = await record(store.ledger, books, group)
        order = sorted(range(len(group)), key=lambda i: (group[i].who.subject, i))
        for i in order:
            command, outcome = group[i], answers[i]
            user = command.who.user_id
            if command.user.attributes:
                teams |= (
                    {user: command.user.attributes["team"]}
                    if isinstance(command.user.attributes, dict)
                    else {}
                )
            before = place_in(naive, user)
            old = naive.get(user, (0, 0, b""))
            naive[user] = (old[0] - command.value, command.at, command.who.subject)
            assert placed(outcome)[1][:2] == (before, place_in(naive, user))
    expected = [(user, -it[0] // MICRO) for user, it in sorted(naive.items(), key=lambda pair: pair[1])]
    assert await ranking(store, ALL_TIME, TODAY - 10) == expected
    assert (await verify(store, NOON + n)).drifts == []
    for team in ("red", "blue"):
        mine = [pair for pair in expected if teams.get(pair[0]) == team]
        assert await ranking(store, TEAMS, TODAY - 10, team) == mine
    for skip in (0, 1, 7, len(expected) - 1, len(expected)):
        number = ranking_number(1, 0, TODAY - 10, "", ())
        page = await store.ledger.boards.page(number, skip, 3)
        assert [user for _, user, _ in page] == [user for user, _ in expected[skip : skip + 3]]


def place_in(naive: dict, user: str) -> int | None:
    return None if user not in naive else sum(other < naive[user] for other in naive.values()) + 1


async def test_a_ranking_nobody_stands_in_is_empty(store, here, books):
    async with store.ledger.transaction() as tx:
        assert len((await tx.boards.rankings([1]))[1]) == 0
        assert await tx.boards.rankings([]) == {}
    assert await store.ledger.boards.page(1, 0, 5) == []
    assert await store.ledger.boards.size(1) == 0
    assert run_at(DAILY, TODAY) is not None


async def test_the_audit_names_a_score_that_drifted(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    ada = person(here.number, "ada")
    held = (await store.ledger.view([ada], None))[0].scores
    await tamper(store, ada, scores=held | {(2, TODAY): Score(None, 6, NOON + 1)})
    assert "the score on 'daily'" in " ".join((await verify(store, NOON + 9)).drifts)


async def test_a_user_who_is_erased_leaves_every_ranking(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "ben", 3, 2)])
    ada = person(here.number, "ada")
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([ada], [])
        writes = Writes(erased=[Erasure(ada, (), Scope.EVERYTHING)])
        await leave_boards(tx, await books.get(here.number), [ada], None, NOON, writes)
        await tx.apply(writes)
    assert await ranking(store, ALL_TIME, TODAY - 10) == [("ben", 3)]
    assert await store.ledger.boards.scores_of(ada.subject) == {}


async def test_a_user_whose_log_was_merged_is_scored_anew(store, here, books):
    await record(store.ledger, books, [event(here, "ada", 5, 1), event(here, "ben", 3, 2)])
    ada = person(here.number, "ada")
    book = await books.get(here.number)
    async with store.ledger.transaction() as tx:
        (snapshot,) = await tx.snapshots_for([ada], [])
        (first,) = await tx.events_of(ada.subject)
        writes = Writes()
        log = [first, replace(first, seq=2, value=7 * MICRO, at=NOON + 9)]
        scores = await leave_boards(tx, book, [], Staying(snapshot, log, ()), NOON + 10, writes)
        tally = tally_of(snapshot, scores)
        writes.users.append(UserWrite(ada, snapshot.user, created=False, profile=False, tally=tally))
        await tx.apply(writes)
    assert await ranking(store, ALL_TIME, TODAY - 10) == [("ada", 12), ("ben", 3)]
