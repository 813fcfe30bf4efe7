"""Tells when runs of leaderboards begin, change and finish, each beginning and end once.

What was told is a row, written in the transaction that puts the message into the outbox.
"""

from collections.abc import Callable, Iterable

from plaudit.engine.board_rules import BoardRule
from plaudit.engine.board_runs import Phase, closes_at, current_run, phase, run_at
from plaudit.engine.rulebook import Rulebook
from plaudit.model.leaderboards import Run
from plaudit.model.outcome import Writes
from plaudit.model.webhooks import EventType, Posting
from plaudit.operations.read_leaderboards import read_places
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.boards_port import ToldRun
from plaudit.storage.port import Store
from plaudit.webhooks import payloads
from plaudit.webhooks.announce import environment_identity, post
from plaudit.webhooks.nouns import Json, Writer

PLACES = 10
"""Best places that a message tells of each group."""

GROUPS = 10
"""Groups of a board with a breakdown that a message tells."""


class RunKeeper:
    """Watches the boards of every environment; ``_seen`` holds the places that were last looked at."""

    def __init__(self, store: Store, rulebooks: Rulebooks, clock: Callable[[], int]) -> None:
        """Take what the work needs."""
        self._store = store
        self._rulebooks = rulebooks
        self._clock = clock
        self._seen: dict[tuple[int, int, str], list[Json]] = {}

    async def close_runs(self) -> int:
        """Tell what began, changed or finished since the last time; gives how many messages."""
        told = 0
        for environment in await self._rulebooks.environments():
            shared = await self._rulebooks.get(environment.number)
            for book in shared.with_tenants():
                for rule in book.boards.counting if book.boards is not None else ():
                    for tenant in await self._tenants(shared, book, rule):
                        told += await self._keep(shared.seen_by(tenant), rule, tenant)
        return told

    async def _tenants(self, shared: Rulebook, book: Rulebook, rule: BoardRule) -> list[str]:
        """Give whose runs of a board are to be kept, each in one of the rulebooks that hold it."""
        if book is shared:
            return sorted({"", *await self._store.ledger.boards.tenants(rule.number)})
        own = shared.boards is None or rule.number not in shared.boards.boards
        return [book.tenant] if own else []

    async def _keep(self, book: Rulebook, rule: BoardRule, tenant: str) -> int:
        """Keep one board of one tenant; a second worker waits at the environment's row and finds it done."""
        now, ledger = self._clock(), self._store.ledger
        run, status = current_run(rule.definition, now), phase(rule.definition, now)
        told = _by_start(await ledger.boards.told_runs(rule.number), tenant)
        places = await self._places(book, rule, run, tenant)
        closed = self._over(rule, told.values())
        over = {each: await self._places(book, rule, each, tenant) for each in closed}
        key = (book.environment.number, rule.number, tenant)
        before = self._seen.setdefault(key, places)
        begins = status == Phase.ACTIVE and run.start not in told
        # Most of the time nothing has happened, and whoever sends events must not wait for that.
        if not begins and not over and before == places:
            return 0
        who = environment_identity(book.environment.number, tenant)
        writer = Writer(book, self._rulebooks.base_url)
        postings: list[Posting] = []

        def put(type: EventType, status: Phase, told: list[Json], lane: int = 0) -> None:
            wanted = book.listeners.get(type)
            if wanted:
                payload = payloads.board_told(type, writer, rule, status.value, told)
                postings.append(post(who, type, payload, now, wanted, lane))

        async with ledger.transaction() as tx:
            await tx.snapshots_for([who], [])
            known = _by_start(await tx.boards.told_runs(rule.number), tenant)
            if begins and run.start not in known:
                put(EventType.LEADERBOARD_STARTED, status, places)
                await tx.boards.tell_run(rule.number, run.start, tenant, now, None)
            for each, last in over.items():
                if known[each.start][3] is None:
                    put(EventType.LEADERBOARD_FINISHED, Phase.FINISHED, last)
                    await tx.boards.tell_run(rule.number, each.start, tenant, known[each.start][2], now)
            if before != places:
                put(EventType.LEADERBOARD_CHANGED, status, places, lane=rule.number)
            await tx.apply(Writes(outbox=postings))
        self._seen[key] = places
        return len(postings)

    def _over(self, rule: BoardRule, told: Iterable[ToldRun]) -> list[Run]:
        """Give the runs that were told to have started and are over in every zone."""
        board, now = rule.definition, self._clock()
        found = []
        for start, _, _, finished in told:
            run = run_at(board, start)
            if finished is None and run is not None:
                closing = closes_at(run)
                if board.finished is not None or (closing is not None and now >= closing):
                    found.append(run)
        return found

    async def _places(self, book: Rulebook, rule: BoardRule, run: Run, tenant: str) -> list[Json]:
        caller = (book.environment.number, tenant)
        groups = await self._store.ledger.boards.rankings(rule.number, run.start, tenant)
        fresh = [it for it in groups if it.number == rule.ranking_of(tenant, run.start, it.values)]
        found: list[Json] = []
        for it in fresh[:GROUPS]:
            places = await read_places(self._store.ledger, rule, run, caller, it.values, None, 0, PLACES)
            found += [payloads.ranking(p.user_id, p.name, p.rank, p.value) for p in places]
        return found


def _by_start(told: Iterable[ToldRun], tenant: str) -> dict[int, ToldRun]:
    """Give the told runs of one tenant by their first day."""
    return {run[0]: run for run in told if run[1] == tenant}
