"""The one file that knows every room: settings become a store, services and an application.

Refuses logic of its own; what it starts, it also stops.
"""

import contextlib
import gc
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from functools import partial
from typing import Any, cast

from plaudit.config import Settings, load_settings
from plaudit.engine.rulebook import Rulebook
from plaudit.ingest.aside import Aside
from plaudit.ingest.committer import Turnstile
from plaudit.ingest.decider import Decider, program_of
from plaudit.ingest.feeds import Feeds
from plaudit.ingest.neighbours import Neighbours
from plaudit.jobs.close_runs import RunKeeper
from plaudit.jobs.deliver_webhooks import BEAT, Deliverer
from plaudit.jobs.expire_streaks import expire_streaks
from plaudit.jobs.forget_sessions import forget_sessions
from plaudit.jobs.keep_anniversaries import keep_anniversaries
from plaudit.jobs.prune_webhooks import prune_webhooks
from plaudit.jobs.run_backdates import BackdateRunner
from plaudit.jobs.runner import Job, Runner
from plaudit.jobs.tell_boosts import BoostTeller
from plaudit.jobs.tell_letters import LetterTeller
from plaudit.jobs.time_points import time_points
from plaudit.model.commands import Command, RecordEvent
from plaudit.model.decided import Ask, Decided, Told
from plaudit.model.ids import uuid7
from plaudit.model.outcome import Outcome
from plaudit.model.tenants import SHARED
from plaudit.model.webhooks import Webhook
from plaudit.operations.decide_aside import decide_aside
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_webhooks import disable_webhook
from plaudit.operations.keep_insights import InsightsKeeper
from plaudit.operations.pace import Pace
from plaudit.operations.record_events import Answer, record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.aside_port import AsideLedger, GlanceLedger
from plaudit.storage.port import Store
from plaudit.storage.schema_port import Tell, quietly
from plaudit.storage.wire_port import Wire
from plaudit.web.app import build_app
from plaudit.web.auth import Keyring
from plaudit.web.context import Context
from plaudit.web.encode import told_of
from plaudit.web.fragments import fragments_of
from plaudit.web.request_log import RequestLog
from plaudit.webhooks.guard import policy_of
from plaudit.webhooks.sending import Sender

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def clock() -> int:
    """Read the wall clock in Unix milliseconds; the only clock of the house."""
    return time.time_ns() // 1_000_000


_RANDOM_BYTES = 10
_random: list[bytes] = []
# A child process begins with a copy: it must not make the ids its parent makes.
os.register_at_fork(after_in_child=_random.clear)


def new_id(now: int) -> bytes:
    """Make a UUIDv7 of a time in Unix milliseconds.

    Random bytes are asked for by the hundred: each call of the system costs as much as deciding an event.
    """
    if not _random:
        pool = secrets.token_bytes(400 * _RANDOM_BYTES)
        _random.extend(pool[at : at + _RANDOM_BYTES] for at in range(0, len(pool), _RANDOM_BYTES))
    return uuid7(now, _random.pop())


async def open_store(settings: Settings, *, serve: bool = False, tell: Tell = quietly) -> Store:
    """Open the database the settings name, migrated to the newest schema.

    Args:
        settings: ``database`` and ``unsafe_database`` decide.
        serve: claim the embedded database for this process; a second server is refused.
        tell: hears of each step of the schema when it begins.

    Raises:
        StoreError: the database cannot be opened, is too old, unsafe, or served already.
    """
    if settings.is_sqlite:
        from plaudit.storage.sqlite.store import open_sqlite  # noqa: PLC0415 - only the driver in use is loaded

        return await open_sqlite(settings.sqlite_path, serve=serve, tell=tell)
    from plaudit.storage.postgres.store import open_postgres  # noqa: PLC0415 - as above

    return await open_postgres(settings.database, allow_unsafe=settings.unsafe_database, tell=tell)


def turnstile_for(store: Store, rulebooks: Rulebooks, feeds: Feeds, aside: Aside | None = None) -> Turnstile:
    """Build the turnstile, with one group on its way at a time; the live feeds hear of each.

    Where events are decided beside this process, one group is while another one is written. On PostgreSQL two
    were tried: half as big each, they cost an event a third more.
    """

    async def record_and_note(commands: Sequence[Command], *, atomic: bool = False) -> list[Answer]:
        answers = await record(store.ledger, rulebooks, commands, atomic=atomic)
        if feeds.heard:
            feeds.note(commands, answers)
        return answers

    return Turnstile(record_and_note, lanes=1 if aside is None else 2, aside=aside)


def aside_for(settings: Settings, store: Store, rulebooks: Rulebooks, feeds: Feeds) -> Aside | None:
    """Build what lets events be decided beside a server on SQLite, where there is a processor for it.

    On PostgreSQL there are more serving processes instead.
    """
    processors = os.cpu_count() or 1
    if not (settings.is_sqlite and settings.decide_beside) or processors < 2:  # noqa: PLR2004 - one to serve, one to decide
        return None
    ledger = cast("AsideLedger", store.ledger)
    decider = Decider(program_of("plaudit.commands.decide", settings.database))
    return Aside(decider, ledger, rulebooks, lambda: not feeds.heard)


async def decider_of(settings: Settings) -> tuple[Store, Callable[[Ask], Awaitable[Decided]]]:
    """Open the embedded database for deciding beside the process that serves it; the caller closes it.

    Raises:
        StoreError: as ``open_store``.
    """
    store = await open_store(settings)
    rulebooks = Rulebooks(store.catalog)
    ledger = cast("GlanceLedger", store.ledger)

    def write(rulebook: Rulebook, outcome: Outcome, command: RecordEvent, base_url: str) -> Told:
        return told_of(fragments_of(rulebook, base_url), outcome, command.now, command.key)

    async def decide(ask: Ask) -> Decided:
        return await decide_aside(ledger, rulebooks, ask, write)

    return store, decide


def wire_of(settings: Settings) -> Wire | None:
    """Give what leads to the other processes on the same database, where there can be any."""
    if settings.is_sqlite:
        return None
    from plaudit.storage.postgres.wire import PostgresWire  # noqa: PLC0415 - only the driver in use is loaded

    return PostgresWire(settings.database)


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Context]:
    """Open the store, start the services and the jobs of one process; stop them when left.

    Raises:
        StoreError: as ``open_store``.
    """
    store = await open_store(settings, serve=True)
    try:
        rulebooks = Rulebooks(store.catalog, settings.base_url)
        wire = wire_of(settings)
        neighbours = None if wire is None else Neighbours(wire, secrets.token_hex(8))
        feeds = Feeds(rulebooks, neighbours)
        aside = aside_for(settings, store, rulebooks, feeds)
        turnstile = turnstile_for(store, rulebooks, feeds, aside)
        keyring = Keyring(store.catalog)
        await keyring.refresh()
        requests = request_log_of(store, keyring, settings)
        context = Context(
            store,
            rulebooks,
            turnstile,
            keyring,
            clock,
            new_id,
            settings,
            feeds,
            requests=requests,
            insights=InsightsKeeper(Pace(lambda: turnstile.carried)),
        )
        deliverer = deliverer_of(context)
        jobs = Runner(
            [
                *jobs_of(context),
                *webhook_jobs(context, deliverer),
                *request_jobs(requests),
                *feed_jobs(feeds, neighbours),
            ]
        )
        jobs.start()
        try:
            yield context
        finally:
            feeds.close()
            await jobs.stop()
            if wire is not None:
                await wire.close()
            await turnstile.drain()
            if aside is not None:
                await aside.close()
            await context.insights.close()
            await context.comparer.close()
            if requests is not None:
                await requests.flush()
            await deliverer.close()
    finally:
        await store.close()


def jobs_of(context: Context) -> list[Job]:
    """List the jobs of a serving process."""
    store, rulebooks = context.store, context.rulebooks
    backdates = BackdateRunner(store, rulebooks, context.clock, context.new_id)

    runs = RunKeeper(store, rulebooks, context.clock)
    tools = (store, rulebooks, context.clock, context.new_id)

    async def notice() -> None:
        await rulebooks.refresh()
        await context.keyring.refresh()

    async def sessions() -> None:
        await forget_sessions(store, context.clock())

    async def rankings() -> None:
        await store.ledger.boards.keep(context.clock())

    return [
        Job("notice changes", 0.2, notice),
        Job("keep rankings", 0.5, rankings),
        Job("run backdates", 1.0, backdates.run_once),
        Job("keep anniversaries", 60.0, partial(keep_anniversaries, *tools, context.feeds.note)),
        Job("expire streaks", 5.0, partial(expire_streaks, *tools)),
        Job("time brings points", 5.0, partial(time_points, *tools, context.feeds.note)),
        Job("close runs", 30.0, runs.close_runs),
        Job("forget sessions", 600.0, sessions),
    ]


def request_log_of(store: Store, keyring: Keyring, settings: Settings) -> RequestLog | None:
    """Build the log of requests of a serving process, if it is to have one."""
    if settings.request_log == "off":
        return None
    return RequestLog(
        store.requests,
        keyring,
        clock,
        successes=settings.request_log == "all",
        days=settings.request_days,
        rows=settings.request_rows,
    )


def request_jobs(log: RequestLog | None) -> list[Job]:
    """List the jobs that keep requests, and forget them."""
    if log is None:
        return []
    return [Job("keep requests", 1.0, log.flush_due), Job("forget requests", 60.0, log.prune)]


def feed_jobs(feeds: Feeds, neighbours: Neighbours | None) -> list[Job]:
    """List the jobs that tell what happens, here and to the other processes."""

    async def tell() -> None:
        feeds.flush()

    jobs = [Job("tell feeds", 0.2, tell)]
    if neighbours is not None:
        jobs.append(Job("keep neighbours", 5.0, neighbours.keep))
        jobs.append(Job("tell neighbours", 0.2, neighbours.flush))
    return jobs


def deliverer_of(context: Context) -> Deliverer:
    """Build the sender of webhooks of a serving process."""
    store, sender = context.store, Sender(policy_of(context.settings))

    async def disable(endpoint: Webhook, environment: int) -> None:
        owner = (await store.catalog.definitions(environment)).owners.get(endpoint.id, SHARED)
        editor = Editor(store, environment, context.clock(), context.new_id, tenant=owner)
        await disable_webhook(editor, endpoint.number, "It answered 410 Gone.")

    return Deliverer(store, context.rulebooks, sender, context.clock, context.new_id, disable)


def webhook_jobs(context: Context, deliverer: Deliverer) -> list[Job]:
    """List the jobs that tell webhooks."""
    letters = LetterTeller(context.store, context.rulebooks, context.clock)
    boosts = BoostTeller(context.store, context.rulebooks, context.clock)
    prune = partial(prune_webhooks, context.store, context.clock, context.settings.webhook_days)
    return [
        Job("deliver webhooks", BEAT, deliverer.run_once),
        Job("prune webhooks", 3600.0, prune),
        Job("tell boosts", 30.0, boosts.run_once),
        Job("tell letters due", 900.0, letters.run_once),
    ]


class Application:
    """The ASGI application of one process; opens everything at start-up and closes it at shutdown."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings; nothing is opened before the lifespan starts."""
        self._settings = settings
        self._inner: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None
        self._feeds: Feeds | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve the lifespan here and hand every request on without another layer."""
        if scope["type"] == "lifespan" or self._inner is None:
            return self._lifespan(receive, send)
        return self._inner(scope, receive, send)

    def leave(self) -> None:
        """End the answers that have no end, so that the others can be waited for."""
        if self._feeds is not None:
            self._feeds.close()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with running(self._settings) as context:
                self._inner, self._feeds = build_app(context), context.feeds
                rest_memory()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                self._inner = None
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.shutdown.complete"})


def rest_memory() -> None:
    """Keep the garbage collector from walking what lives as long as the process, and from coming often.

    Requests leave few cycles behind; the collector's visits cost an event 10 µs of 75 (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def application() -> Application:
    """Build the application from the environment; the factory each worker process calls."""
    return Application(load_settings(os.environ))
