"""The door of the log of requests.

Refuses to show an admin key the requests of another environment, and, of a tenant, those of another one.
"""

from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.requests import NOWHERE, Request, RequestFilter
from plaudit.web.admin.request_shapes import KeptRequests, LoggedRequest, RequestPage
from plaudit.web.admin.users import LIMIT, limit_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import Query, one
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.errors import invalid
from plaudit.web.hints import hint_of
from plaudit.web.texts import time_text

NEWEST = b"\xff" * 16

_OUTCOMES = {"ok": (0, 399), "error": (400, 999)}
_FIRST, _LAST = 100, 599


@operation(
    "List requests",
    {200: RequestPage},
    parameters=(
        Parameter("user", "Only requests about the user with this id."),
        Parameter("metric", "Only requests about the metric with this key."),
        Parameter("status", "Only this status, such as 422, or this class of them, such as 4xx."),
        Parameter(
            "outcome", "Only what went well, or what failed.", {"type": "string", "enum": ["ok", "error"]}
        ),
        Parameter("key", "Only requests with the key of this prefix, or of the member with this address."),
        Parameter("method", "Only this method."),
        LIMIT,
        Parameter("before", "The cursor of the page before."),
    ),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List requests of this environment and what came of them, the newest first.

    With a Tenant-ID, those of the tenant and those that named none. They appear within a second; what other
    processes read well, within half a minute. Failures are all kept, of what went well up to 100 a second.
    Members also see requests that came without a valid key.
    """
    query = call.query()
    if call.context.requests is not None:
        await call.context.requests.flush()
    tenant = call.caller.owner or None
    wanted, limit, before = _filter_of(query, tenant), limit_of(query), _before(query)
    own = call.caller.environment
    places = (own, NOWHERE if call.caller.visit is not None else own)
    requests = call.context.store.requests
    found = await requests.page(places, wanted, before, limit + 1)
    kept = await requests.kept(places, tenant)
    cursor = uuid_text(found[limit - 1].id) if len(found) > limit else None
    since = None if kept.since is None else time_text(kept.since)
    told = KeptRequests(kept.rows, since, kept.left_out > 0, kept.left_out)
    return as_json(RequestPage([_told(each) for each in found[:limit]], cursor, told))


def _filter_of(query: Query, tenant: str | None) -> RequestFilter:
    texts = {name: one(query, name) for name in ("user", "metric", "key", "method")}
    if any("\0" in text for text in texts.values() if text):
        raise invalid("The parameters must not contain the character NUL")
    first, last = _statuses(one(query, "status"))
    outcome = one(query, "outcome")
    if outcome is not None:
        if outcome not in _OUTCOMES:
            raise invalid("The parameter outcome must be ok or error")
        low, high = _OUTCOMES[outcome]
        first, last = max(first, low), min(last, high)
    return RequestFilter(**texts, tenant=tenant, first=first, last=last)


def _statuses(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 999
    if len(text) == 3 and text[0] in "12345" and text[1:] == "xx":  # noqa: PLR2004 - a digit and xx
        return int(text[0]) * 100, int(text[0]) * 100 + 99
    if text.isascii() and text.isdigit() and len(text) == 3 and _FIRST <= int(text) <= _LAST:  # noqa: PLR2004 - as above
        return int(text), int(text)
    raise invalid("The parameter status must be a status such as 422, or a class such as 4xx")


def _before(query: Query) -> bytes:
    text = one(query, "before")
    if text is None:
        return NEWEST
    raw = uuid_bytes(text)
    if raw is None:
        raise invalid("The parameter before must be the cursor of the page before")
    return raw


def _told(it: Request) -> LoggedRequest:
    return LoggedRequest(
        id=uuid_text(it.id),
        at=time_text(it.at),
        method=it.method,
        path=it.path,
        query=it.query,
        status=it.status,
        ms=it.micros / 1000,
        key_prefix=it.key,
        user_id=it.user,
        metric=it.metric,
        code=it.code,
        sentence=it.sentence,
        hint=hint_of(it.code),
        body=it.body,
        idempotency_key=it.idempotency_key,
    )
