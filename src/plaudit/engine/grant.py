"""Granting: an admin gives a user an achievement whatever its trigger says.

Refuses to pretend: what was given is marked as earned elsewhere, so that the event log need not explain it.
"""

import json

from plaudit.engine.draft import Draft
from plaudit.engine.rulebook import AchievementRule
from plaudit.engine.runs import CARRIED
from plaudit.model.actions import Action, user_target
from plaudit.model.commands import GrantCompletion
from plaudit.model.ids import derived_id, uuid_text
from plaudit.model.state import Completion


def give(draft: Draft, rule: AchievementRule) -> None:
    """Complete an achievement the user does not have."""
    name = derived_id(draft.command.id, rule.number)
    draft.completed[rule.number] = Completion(rule.number, name, draft.now, draft.now, CARRIED)


def granted_action(command: GrantCompletion, rule: AchievementRule) -> Action:
    """Give what the audit log keeps of it."""
    told = json.dumps({"achievement": uuid_text(rule.definition.id)})
    who = command.who
    return Action(who.environment, command.now, command.actor, "grant", user_target(who.subject), told)
