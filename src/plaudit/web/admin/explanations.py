"""The door of "why (not)?".

Refuses to guess: what the log of requests does not keep is said to be not known.
"""

from collections.abc import Sequence

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.explain import explain, namesakes, reasons
from plaudit.engine.rulebook import AchievementRule
from plaudit.model.ids import uuid_text
from plaudit.model.requests import Request, RequestFilter
from plaudit.model.state import Event, Identity
from plaudit.operations.read_evidence import NEWEST as LAST_SEQ
from plaudit.operations.read_evidence import Evidence, read_evidence
from plaudit.operations.read_user import read_known
from plaudit.web.admin.causes import Caused, caused_of, event_of
from plaudit.web.admin.explanation_shapes import (
    CountedEvents,
    ExplainedAchievement,
    ExplainedNeed,
    LeftOutEvent,
    LeftOutEvents,
    RepeatedEvent,
    RepeatedEvents,
)
from plaudit.web.admin.requests import NEWEST
from plaudit.web.admin.users import CURSOR, rule_of, who_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import whole_number
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import exact, time_text

MOST = 50
"""Events of each kind on one page."""

MOST_REPEATS = 20
_REPLAYED = 202
_NOTES = {
    "off": "The log of requests is off (request_log), so repeats of a key are not known.",
    "errors": "The log of requests keeps only failures (request_log), so repeats of a key are not known.",
    "all": "Repeats are known from the log of requests; those within a batch of events are not in it.",
}


@operation(
    "Explain an achievement",
    {200: ExplainedAchievement},
    parameters=(CURSOR,),
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def why(call: Call) -> Answer:
    """Tell why a user has an achievement, or not: what it needs, what there is, which events counted.

    At most 50 events of each kind are on a page; either cursor gives the older ones of both kinds.
    """
    who, ledger = who_of(call), call.context.store.ledger
    before = whole_number(call.query(), "cursor", LAST_SEQ, LAST_SEQ)
    rulebook, rule = await rule_of(call)
    snapshot, _ = await read_known(ledger, who, EVERYTHING)
    repeated = await _repeated(call, who, rule) if before == LAST_SEQ else []
    evidence = await read_evidence(
        ledger,
        who.subject,
        namesakes(rulebook, rule),
        reasons(rulebook, snapshot, rule),
        before=before,
        most=MOST,
        made=rule.definition.created,
        keys={each.idempotency_key for each in repeated if each.idempotency_key is not None},
    )
    it = explain(rulebook, snapshot, rule, call.now)
    caused = caused_of(rulebook, snapshot, None)
    return as_json(
        ExplainedAchievement(
            id=uuid_text(rule.definition.id),
            name=rule.definition.name,
            created=time_text(rule.definition.created),
            achieved_at=None if it.completion is None else time_text(it.completion.at),
            revoked=it.revoked,
            current=exact(it.progress.current_units),
            target=exact(it.progress.target_units),
            percent=it.progress.percent,
            needs=[ExplainedNeed(need.sentence, need.met) for need in it.needs],
            counted=_counted(evidence, caused),
            left_out=_left_out(evidence, caused),
            early=evidence.early,
            repeats=await _repeats(call, rule, repeated, evidence, caused),
        )
    )


def _counted(it: Evidence, caused: Caused) -> CountedEvents:
    cursor = _cursor(it.counted, more=it.more_counted)
    return CountedEvents([event_of(event, caused) for event in it.counted], it.number_counted, cursor)


def _left_out(it: Evidence, caused: Caused) -> LeftOutEvents:
    told = [LeftOutEvent(event_of(event, caused), reason) for event, reason in it.left_out]
    cursor = _cursor([event for event, _ in it.left_out], more=it.more_left_out)
    return LeftOutEvents(told, it.number_left_out, cursor)


def _cursor(events: Sequence[Event], *, more: bool) -> str | None:
    return str(events[-1].seq) if more else None


async def _repeated(call: Call, who: Identity, rule: AchievementRule) -> list[Request]:
    """Read the requests that only repeated an event of the achievement's metric."""
    metric = rule.metric
    if call.context.requests is None or metric is None:
        return []
    await call.context.requests.flush()
    wanted = RequestFilter(
        user=who.user_id, metric=metric.key, tenant=who.tenant, first=_REPLAYED, last=_REPLAYED
    )
    places = (who.environment, who.environment)
    return await call.context.store.requests.page(places, wanted, NEWEST, MOST_REPEATS + 1)


async def _repeats(
    call: Call, rule: AchievementRule, found: list[Request], evidence: Evidence, caused: Caused
) -> RepeatedEvents:
    note = _NOTES[call.context.settings.request_log]
    since = None
    if call.context.requests is not None and rule.metric is not None:
        here = call.caller.environment
        since = (await call.context.store.requests.kept((here, here), call.caller.owner or None)).since
    told = [_repeat(each, evidence.first_uses, caused) for each in found[:MOST_REPEATS]]
    return RepeatedEvents(told, len(found) > MOST_REPEATS, None if since is None else time_text(since), note)


def _repeat(it: Request, first_uses: dict[str, Event], caused: Caused) -> RepeatedEvent:
    first = first_uses.get(it.idempotency_key or "")
    return RepeatedEvent(
        time_text(it.at), it.idempotency_key, None if first is None else event_of(first, caused)
    )
