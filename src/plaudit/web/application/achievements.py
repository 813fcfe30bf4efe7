"""The doors of achievements: everybody's, one user's, and completing one by its key.

Refuses to complete what completes by itself; the engine says which that is.
"""

from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.model.commands import CompleteAchievement
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome
from plaudit.operations.read_achievements import list_achievements
from plaudit.web.answers import Answer
from plaudit.web.application.query import attributes_in
from plaudit.web.decode import read_body
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.drafts import CompletionDraft, completion_decoder, patch_of
from plaudit.web.encode import achievements_body, completion_body, user_achievements_body
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import check_id
from plaudit.web.shapes import (
    AchievementCompletionResponse,
    AchievementWithStatsResponse,
    UserAchievementWithStatsResponse,
)

USER_ATTRIBUTES = Parameter(
    "userAttributes",
    "Only achievements that a user with these attributes could earn, as key:value,key:value.",
)
INCLUDE_INCOMPLETE = Parameter(
    "includeIncomplete",
    "With 'true', what the user can still earn is listed too.",
    {"type": "string", "enum": ["true"]},
)


@operation(
    "List all achievements with their completion statistics",
    {200: list[AchievementWithStatsResponse]},
    parameters=(USER_ATTRIBUTES,),
)
async def list_all(call: Call) -> Answer:
    """List the active achievements, how many users have each, and what share of all users that is."""
    rulebook = await call.rulebook()
    rules = list_achievements(rulebook, attributes_in(call.query(), rulebook))
    caller = call.caller
    counts = await call.context.known.counts(
        call.context.store.ledger, caller.environment, caller.sealed_tenant
    )
    return Answer(200, achievements_body(fragments_of(rulebook, call.base_url), rules, counts))


@operation(
    "Complete an achievement",
    {201: AchievementCompletionResponse, 200: AchievementCompletionResponse},
    body=CompletionDraft,
    errors=(400, 401, 403, 404, 413, 415, 422, 503),
)
async def complete(call: Call) -> Answer:
    """Complete an achievement whose trigger is 'api' for a user.

    201 the first time, 200 with the same completion every time after.
    """
    draft = read_body(call.body, completion_decoder)
    command = CompleteAchievement(
        id=call.context.new_id(call.now),
        who=call.caller.identity(check_id(draft.user.id, "user.id")),
        now=call.now,
        achievement=call.path["key"],
        user=patch_of(draft.user, call.now, "user."),
    )
    outcome = await call.context.turnstile.submit(command)
    rulebook = await call.rulebook()
    rule = rulebook.by_key.get(command.achievement)
    if rule is None:
        raise PlauditError(Code.UNKNOWN_ACHIEVEMENT, key=command.achievement)
    return completion_answer(call, rulebook, rule, outcome)


def completion_answer(call: Call, rulebook: Rulebook, rule: AchievementRule, outcome: Outcome) -> Answer:
    """Answer who asked for one achievement: 201 with its completion, or 200 with the one the user had."""
    mine = (each for each in outcome.completed if each.achievement == rule.number)
    completion = outcome.already or next(mine)
    body = completion_body(fragments_of(rulebook, call.base_url), rule, completion, outcome, call.now)
    return Answer(200 if outcome.already else 201, body)


@operation(
    "List a user's achievements",
    {200: list[UserAchievementWithStatsResponse]},
    parameters=(INCLUDE_INCOMPLETE,),
    errors=(401, 403, 404, 422),
)
async def list_of_user(call: Call) -> Answer:
    """List what a user has earned, and with ``includeIncomplete=true`` what is still to be earned."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    own, counts = await call.context.known.read(
        call.context.store.ledger,
        rulebook,
        who,
        call.now,
        incomplete=call.query().get("includeIncomplete") == ["true"],
    )
    heads = fragments_of(rulebook, call.base_url).with_stats(who.tenant, counts)
    return Answer(200, user_achievements_body(heads, own))
