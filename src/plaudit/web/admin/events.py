"""The door of batches: up to 1,000 events, all or nothing, durable and evaluated before the answer.

Refuses the whole batch for one bad event, and tells which one it is.
"""

import re
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from msgspec.json import Decoder

from plaudit.ingest.committer import BatchRefused
from plaudit.model.commands import RecordEvent
from plaudit.model.errors import PlauditError
from plaudit.model.ids import subject_key
from plaudit.model.state import Identity
from plaudit.web.admin.shapes import Accepted
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import amount, decode, inspect, is_plain
from plaudit.web.door import Audience, Call, operation
from plaudit.web.drafts import EventDraft, Text, UpsertedUser, colons_of_event, instant, pairs, patch_of
from plaudit.web.errors import invalid
from plaudit.web.ids import check_id

MOST_EVENTS = 1000
"""Events one batch may hold."""

BATCH_LIMIT = 4 * 1024 * 1024
"""Most bytes of a batch."""

_KEY = re.compile(r"[ -~]{1,255}")
_FIELD = "The field "


class BatchEvent(EventDraft, kw_only=True, rename="camel"):
    """A metric event of a batch: as a single one, with the metric's key and its idempotency key inside."""

    key: Annotated[str, Meta(description="The key of the metric.")]
    idempotency_key: Annotated[
        Text | None | UnsetType,
        Meta(description="An event whose key was used before is not counted again; the first one wins."),
    ] = UNSET


_decoder = Decoder(list[BatchEvent])


class EventRefused(PlauditError):
    """One event of a batch was refused: its sentence says which."""

    def __init__(self, index: int, refusal: PlauditError) -> None:
        """Keep the place of the event, counted from 0, beside its refusal."""
        super().__init__(refusal.code, **refusal.words)
        self.index = index

    @property
    def sentence(self) -> str:
        """The sentence of the refusal, with the place of the event."""
        said = super().sentence
        if said.startswith(_FIELD):
            return f"{_FIELD}events[{self.index}].{said.removeprefix(_FIELD)}"
        return f"In events[{self.index}]: {said}"


@operation(
    "Submit a batch of metric events",
    {202: Accepted},
    body=list[BatchEvent],
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    limit=BATCH_LIMIT,
)
async def submit(call: Call) -> Answer:
    """Record 1 to 1,000 events. When the answer arrives, all of them are durable and evaluated.

    The batch is all or nothing: one bad event refuses it, and the error names its index.
    """
    commands = commands_of(call, read_batch(call.body))
    try:
        await call.context.turnstile.submit_all(commands)
    except BatchRefused as refused:
        raise EventRefused(refused.index, refused) from None
    return as_json(Accepted(len(commands)), 202)


def read_batch(body: bytes) -> list[BatchEvent]:
    """Decode a batch in one pass, looking closely only at bodies that are not plain.

    Raises:
        PlauditError: it is malformed, or no list of 1 to 1,000 events.
    """
    try:
        drafts = decode(body, _decoder)
    except PlauditError as error:
        why = error.words.get("why", "").removeprefix(_FIELD)
        raise (invalid(f"events{why}") if why.startswith("[") else error) from None
    if not 1 <= len(drafts) <= MOST_EVENTS:
        raise invalid(f"The body must be a list of 1 to {MOST_EVENTS} events, this one has {len(drafts)}")
    colons = sum(1 + colons_of_event(each) + (each.idempotency_key is not UNSET) for each in drafts)
    if not is_plain(body, colons):
        inspect(body)
    return drafts


def commands_of(call: Call, drafts: list[BatchEvent]) -> list[RecordEvent]:
    """Give the events as commands, in their order.

    Raises:
        EventRefused: one of them cannot be used.
    """
    now, new_id = call.now, call.context.new_id
    people = _People(call)
    commands: list[RecordEvent] = []
    try:
        for draft in drafts:
            commands.append(  # noqa: PERF401 - how far it came tells which event is at fault
                RecordEvent(
                    id=new_id(now),
                    who=people.get(draft.user),
                    now=now,
                    metric=draft.key,
                    value=amount(draft.value, "value"),
                    at=now if draft.timestamp is UNSET else instant(draft.timestamp, now),
                    user=patch_of(draft.user, now, "user."),
                    attributes=pairs(draft.attributes, "attributes") if draft.attributes else {},
                    key=_key(draft.idempotency_key),
                )
            )
    except PlauditError as refusal:
        raise EventRefused(len(commands), refusal) from None
    return commands


class _People:
    """Who is meant, derived once per user of the batch."""

    def __init__(self, call: Call) -> None:
        self._environment = call.caller.environment
        self._tenant = call.caller.sealed_tenant
        self._known: dict[str, Identity] = {}

    def get(self, user: UpsertedUser) -> Identity:
        found = self._known.get(user.id)
        if found is None:
            check_id(user.id, "user.id")
            subject = subject_key(self._environment, self._tenant, user.id)
            found = self._known[user.id] = Identity(subject, self._environment, self._tenant, user.id)
        return found


def _key(text: str | None | UnsetType) -> str | None:
    if text is None or text is UNSET:
        return None
    if not _KEY.fullmatch(text):
        raise invalid("idempotencyKey must be 1 to 255 printable ASCII characters")
    return text
