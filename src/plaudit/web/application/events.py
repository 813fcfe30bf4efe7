"""The door of metric events: the busiest one.

Refuses what is not an event; what an event causes is the engine's to say.
"""

from msgspec import UNSET

from plaudit.model.commands import RecordEvent
from plaudit.model.decided import Told
from plaudit.web.answers import Answer
from plaudit.web.decode import amount
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.drafts import EventDraft, instant, pairs, patch_of, read_event
from plaudit.web.encode import told_body, told_of
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import check_id, idempotency_key
from plaudit.web.shapes import EventResponse

IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "Makes the event count once: 1 to 255 printable characters, per user and metric, for ever.",
    place="header",
)


@operation(
    "Record a metric event",
    {201: EventResponse, 202: EventResponse},
    body=EventDraft,
    parameters=(IDEMPOTENCY_KEY,),
    errors=(400, 401, 403, 404, 413, 415, 422, 503),
)
async def record(call: Call) -> Answer:
    """Add a value to a user's total; the answer tells what that caused.

    201 for an event that counted, 202 for an idempotency key that was used before.
    """
    command = _command(call, read_event(call.body))
    base_url = call.base_url
    outcome = await call.context.turnstile.submit_event(command, base_url)
    fragments = fragments_of(await call.rulebook(), base_url)
    told = outcome if isinstance(outcome, Told) else told_of(fragments, outcome, call.now, command.key)
    return Answer(202 if told.replayed else 201, told_body(fragments, told, outcome.ranks))


def _command(call: Call, draft: EventDraft) -> RecordEvent:
    now = call.now
    return RecordEvent(
        id=call.context.new_id(now),
        who=call.caller.identity(check_id(draft.user.id, "user.id")),
        now=now,
        metric=call.path["key"],
        value=amount(draft.value, "value"),
        at=now if draft.timestamp is UNSET else instant(draft.timestamp, now),
        user=patch_of(draft.user, now, "user."),
        attributes=pairs(draft.attributes, "attributes") if draft.attributes else {},
        key=idempotency_key(call.headers.get(b"idempotency-key")),
    )
