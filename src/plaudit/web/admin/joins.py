"""The doors that join users, take their names away, and explain what they have.

Refuses half-done work: each call is one transaction.
"""

import secrets

from msgspec.json import Decoder

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.explain import explain
from plaudit.model.ids import uuid_text
from plaudit.operations.merge_users import merge_users
from plaudit.operations.read_user import read_known
from plaudit.web.admin.causes import caused_of, event_of
from plaudit.web.admin.people_shapes import (
    AnonymisedUser,
    ExplainedAchievement,
    ExplainedNeed,
    LeftOutEvent,
    MergeDraft,
    MergedUser,
)
from plaudit.web.admin.reading import editor_of
from plaudit.web.admin.users import forget_requests, rule_of, who_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.ids import check_id
from plaudit.web.texts import exact, time_text

_decoder = Decoder(MergeDraft)


@operation(
    "Merge users",
    {200: MergedUser},
    body=MergeDraft,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def merge(call: Call) -> Answer:
    """Let one user become part of another: events, keys, totals, achievements and streaks join.

    It is safe to ask again: a merge that was done is told so. The id that went may begin anew.
    """
    draft = read_body(call.body, _decoder)
    source = call.caller.identity(check_id(draft.source, "from"))
    target = call.caller.identity(check_id(draft.target, "to"))
    done = await merge_users(editor_of(call), call.context.rulebooks, source, target)
    return as_json(MergedUser(target.user_id, done.events, done.duplicates, done.already))


@operation("Anonymise a user", {200: AnonymisedUser}, errors=(404, 422, 503), audience=Audience.ADMIN)
async def anonymise(call: Call) -> Answer:
    """Take everything away that names a user: its id, name, addresses, tokens and idempotency keys.

    Events, totals, attributes and achievements stay under a random id, so that every count stays exact.
    """
    name = f"anonymous-{secrets.token_hex(16)}"
    who, target = who_of(call), call.caller.identity(name)
    await merge_users(editor_of(call), call.context.rulebooks, who, target, nameless=True)
    await forget_requests(call, who)
    return as_json(AnonymisedUser(name))


@operation("Explain an achievement", {200: ExplainedAchievement}, errors=(404, 422), audience=Audience.ADMIN)
async def why(call: Call) -> Answer:
    """Tell why a user has an achievement, or not: what it needs, what there is, which events counted."""
    who, ledger = who_of(call), call.context.store.ledger
    rulebook, rule = await rule_of(call)
    snapshot, _ = await read_known(ledger, who, EVERYTHING)
    metric = rule.definition.metric
    events = [e async for e in ledger.history_of(who.subject) if e.metric == metric] if metric else []
    it = explain(rulebook, snapshot, rule, events, call.now)
    caused = caused_of(rulebook, snapshot, None)
    return as_json(
        ExplainedAchievement(
            uuid_text(rule.definition.id),
            rule.definition.name,
            None if it.completion is None else time_text(it.completion.at),
            it.revoked,
            exact(it.progress.current_units),
            exact(it.progress.target_units),
            it.progress.percent,
            [ExplainedNeed(need.sentence, need.met) for need in it.needs],
            [event_of(event, caused) for event in it.counted],
            [LeftOutEvent(event_of(event, caused), reason) for event, reason in it.left_out],
        )
    )
