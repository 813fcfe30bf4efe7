"""The exam of runs: their beginning and end are told once, whatever worker comes first."""

from typing import Never

from msgspec.structs import replace
from tests.storage.exam_boards import DAILY, TODAY, a_board, books, event
from tests.storage.people import NOON

from plaudit.jobs.close_runs import RunKeeper
from plaudit.model.webhooks import DeliveryFilter, Secret, Webhook
from plaudit.operations.record_events import record

__all__ = ["books"]

DAY = 86_400_000


async def told(store, board: int) -> list[tuple[int, bool]]:
    return [(run, finished is not None) for run, _, _, finished in await store.ledger.boards.told_runs(board)]


async def test_a_run_is_told_to_begin_and_to_finish_once(store, here, books):
    secrets = (Secret("whsec_c2VjcmV0"),)
    hook = Webhook(9, b"h" * 16, "https://example.com/hook", (), secrets, True, NOON, NOON)
    async with store.catalog.edit(here.number) as edit:
        await edit.put_document(hook)
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    now = NOON
    keepers = [RunKeeper(store, books, lambda: now) for _ in range(2)]
    assert await keepers[0].close_runs() == 3
    assert await keepers[1].close_runs() == 0
    assert await told(store, DAILY.number) == [(TODAY, False)]
    now = NOON + DAY // 4
    assert await keepers[0].close_runs() >= 1
    assert await told(store, DAILY.number) == [(TODAY, False), (TODAY + 1, False)]
    now = NOON + DAY
    await keepers[1].close_runs()
    await keepers[0].close_runs()
    assert dict(await told(store, DAILY.number))[TODAY]
    assert not dict(await told(store, DAILY.number))[TODAY + 1]


async def test_runs_in_which_nothing_happened_take_no_turn_of_those_who_write(
    store, here, books, monkeypatch
):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    keeper = RunKeeper(store, books, lambda: NOON)
    await keeper.close_runs()

    def refuse() -> Never:
        raise AssertionError("a transaction was opened")

    monkeypatch.setattr(store.ledger, "transaction", refuse)
    assert await keeper.close_runs() == 0


async def test_a_board_that_is_not_live_is_told_nowhere(store, here, books):
    soon = a_board(5, "soon", start=TODAY + 5)
    off = replace(a_board(6, "off"), status="inactive")
    async with store.catalog.edit(here.number) as edit:
        await edit.put_document(soon)
        await edit.put_document(off)
    await books.reload(here.number)
    await RunKeeper(store, books, lambda: NOON).close_runs()
    assert await told(store, soon.number) == await told(store, off.number) == []


async def test_a_tenants_own_board_is_told_to_who_listens_there(store, here, books):
    secrets = (Secret("whsec_c2VjcmV0"),)
    for n, tenant in enumerate(("north", "south")):
        async with store.catalog.edit(here.number, None, tenant) as edit:
            url = f"https://{tenant}.example.com/"
            await edit.put_document(Webhook(20 + n, bytes([n]) * 16, url, (), secrets, True, NOON, NOON))
    async with store.catalog.edit(here.number, None, "north") as edit:
        await edit.put_document(a_board(30, "own"))
    await books.reload(here.number)
    assert await RunKeeper(store, books, lambda: NOON).close_runs() == 1
    (only,) = await store.outbox.deliveries(here.number, DeliveryFilter(), 100, 0)
    assert (only.endpoint, only.tenant, only.type) == (20, "north", "leaderboard.started")
    assert [row[1] for row in await store.ledger.boards.told_runs(30)] == ["north"]
