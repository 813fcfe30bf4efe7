"""The doors of one user for admins: lists, events, export, and taking back or deleting.

Refuses application keys; which tenant is meant says ``Tenant-ID``, as everywhere.
"""

from collections.abc import AsyncIterator

from msgspec.json import encode

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.model.errors import Code, PlauditError
from plaudit.model.state import COMPLETIONS, Event, EventFilter, Identity
from plaudit.operations.delete_user import delete_user
from plaudit.operations.read_user import read_known
from plaudit.operations.revoke_completion import revoke_completion
from plaudit.storage.points_port import UserPoints
from plaudit.web.admin.causes import (
    Caused,
    achievements_of,
    caused_of,
    completions_of,
    event_of,
    records_of,
    system_key,
    totals_of,
)
from plaudit.web.admin.people_shapes import DeletedUser, EventPage, ExportedUser, Revocation, UserPage
from plaudit.web.admin.reading import achievement_by_id, editor_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import Query, one, whole_number
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.drafts import instant
from plaudit.web.encode import user_of
from plaudit.web.errors import invalid
from plaudit.web.ids import check_id

MOST = 100
DEFAULT = 10
LAST_SEQ = 2**31 - 1
LIMIT = Parameter(
    "limit",
    "Number of records to return.",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
)
CURSOR = Parameter("cursor", "The cursor of the page before.")
SEARCH = Parameter("search", "A part of their id, name or e-mail address, whatever its case.")
TIME = {"type": "string", "format": "date-time"}


@operation(
    "List users",
    {200: UserPage},
    parameters=(SEARCH, LIMIT, CURSOR),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List the users by id, of the tenant where there are tenants."""
    query, ledger = call.query(), call.context.store.ledger
    limit, after, search = limit_of(query), one(query, "cursor") or "", one(query, "search") or ""
    if "\0" in after + search:
        raise invalid("The parameters search and cursor must not contain the character NUL")
    tenant = call.caller.sealed_tenant
    people = await ledger.users(call.caller.environment, tenant, search, after, limit + 1)
    found = await ledger.view(people[:limit], None)
    users = [user_of(each.user) for each in found if each.user is not None]
    return as_json(UserPage(users, people[limit - 1].user_id if len(people) > limit else None))


@operation(
    "List a user's events",
    {200: EventPage},
    parameters=(
        Parameter("metric", "Only events of the metric with this key."),
        Parameter("from", "Only events from this time on.", TIME),
        Parameter("to", "Only events before this time.", TIME),
        Parameter("key", "Only the events with this idempotency key."),
        LIMIT,
        CURSOR,
    ),
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def list_events(call: Call) -> Answer:
    """List what was counted for a user, the newest first, and what each event caused."""
    who, query, ledger = who_of(call), call.query(), call.context.store.ledger
    rulebook = await call.rulebook()
    wanted, limit = _filter_of(call, query, rulebook), limit_of(query)
    cursor = whole_number(query, "cursor", LAST_SEQ, LAST_SEQ)
    snapshot, _ = await read_known(ledger, who, COMPLETIONS)
    events = await ledger.events_before(who.subject, wanted, cursor, limit + 1)
    caused = caused_of(rulebook, snapshot, await _points(call, who, rulebook))
    page = [event_of(event, caused) for event in events[:limit]]
    return as_json(EventPage(page, str(events[limit - 1].seq) if len(events) > limit else None))


@operation("Export a user", {200: ExportedUser}, errors=(404, 422), audience=Audience.ADMIN)
async def export(call: Call) -> Answer:
    """Give everything about one user, streamed, so that a long life needs no more memory than a short one."""
    who, ledger = who_of(call), call.context.store.ledger
    rulebook = await call.rulebook()
    snapshot, user = await read_known(ledger, who, EVERYTHING)
    held = await _points(call, who, rulebook)
    totals = {} if held is None else held.states
    head = {
        "user": user_of(user),
        "metrics": totals_of(rulebook, snapshot),
        "achievements": achievements_of(rulebook, completions_of(snapshot)),
        "points": {system_key(rulebook, number): state.total for number, state in totals.items()},
        "records": records_of(snapshot, held),
    }
    chunks = _stream(ledger.history_of(who.subject), user.seq, caused_of(rulebook, snapshot, held))
    return Answer(200, encode(head)[:-1] + b',"events":[', chunks=chunks)


@operation("Revoke a completion", {200: Revocation}, errors=(404, 409, 422, 503), audience=Audience.ADMIN)
async def revoke(call: Call) -> Answer:
    """Take a completion back, with the composites that rest on it; the points they brought return.

    It is completed again by a new crossing of its threshold or by a call, never by the same old state.
    """
    who = who_of(call)
    rulebook, rule = await rule_of(call)
    submit = call.context.turnstile.submit
    outcome = await revoke_completion(editor_of(call), rulebook, who, rule, submit)
    gone = [] if outcome is None else achievements_of(rulebook, outcome.revoked)
    return as_json(Revocation(gone, already_revoked=outcome is None))


@operation("Delete a user", {200: DeletedUser}, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete a user and everything about it; counts and ranks follow. The same id may begin anew."""
    who = who_of(call)
    gone = await delete_user(editor_of(call), call.context.rulebooks, who)
    await forget_requests(call, who)
    return as_json(DeletedUser(who.user_id, gone))


async def forget_requests(call: Call, who: Identity) -> None:
    """Delete what the log of requests holds of a user that goes."""
    if call.context.requests is not None:
        await call.context.requests.forget(who)


def limit_of(query: Query) -> int:
    """Read how long a page is to be.

    Raises:
        PlauditError: it is out of range.
    """
    return whole_number(query, "limit", DEFAULT, MOST, least=1)


def who_of(call: Call) -> Identity:
    """Give the user the path names.

    Raises:
        PlauditError: the id is none, or the tenant is missing.
    """
    return call.caller.identity(check_id(call.path["id"], "id"))


async def rule_of(call: Call) -> tuple[Rulebook, AchievementRule]:
    """Find the achievement the path names, and the rulebook it stands in.

    Raises:
        PlauditError: the id is no UUID, or there is none.
    """
    return await achievement_by_id(call, call.path["achievementId"], "achievementId in the path")


def _filter_of(call: Call, query: Query, rulebook: Rulebook) -> EventFilter:
    key, number = one(query, "metric"), None
    if key is not None:
        if key not in rulebook.metrics:
            raise PlauditError(Code.UNKNOWN_METRIC, key=key[:64])
        number = rulebook.metrics[key].metric.number
    since, until = (_instant(call, query, name) for name in ("from", "to"))
    return EventFilter(number, since, until, _clean(one(query, "key")))


def _clean(key: str | None) -> str | None:
    if key is not None and "\0" in key:
        raise invalid("The parameter key must not contain the character NUL")
    return key


def _instant(call: Call, query: Query, name: str) -> int | None:
    text = one(query, name)
    return None if text is None else instant(text, call.now, name)


async def _points(call: Call, who: Identity, rulebook: Rulebook) -> UserPoints | None:
    return None if rulebook.points is None else await call.context.store.points.of_user(who.subject)


async def _stream(events: AsyncIterator[Event], last: int, caused: Caused) -> AsyncIterator[bytes]:
    """Write the events there were when the user was read."""
    comma = b""
    async for event in events:
        if event.seq > last:
            break
        yield comma + encode(event_of(event, caused))
        comma = b","
    yield b"]}"
