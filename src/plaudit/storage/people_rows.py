"""Rows of people who go, are merged or lose a completion, and of the audit log.

Refuses SQL, as ``write_rows`` does; every table of a user is named here, so that none is forgotten.
"""

from collections.abc import Sequence

from msgspec import to_builtins

from plaudit.model.actions import FIRST, Action, Author, Entry, link, user_target
from plaudit.model.catalog import ApiKey, Environment
from plaudit.model.ids import subject_key, uuid_text
from plaudit.model.outcome import Scope, Writes
from plaudit.storage.rows import Row, to_json

CORE = (
    "erase_users",
    "erase_rollups",
    "erase_streaks",
    "erase_streak_periods",
    "erase_completions",
    "erase_events",
    "erase_idempotency_keys",
    "erase_revocations",
    "erase_points_awards",
    "erase_points_days",
)
"""What a merge writes anew."""

RECORDS = (
    *CORE,
    "erase_streak_pauses",
    "erase_merges",
    "erase_points_dues",
    "erase_scores",
    "erase_rank_days",
)
"""Everything about a user but messages on their way."""

EVERYTHING = (*RECORDS, "erase_outbox", "erase_deliveries", "erase_delivery_attempts")
"""Every table that has a subject; a test compares it with the schema."""

ERASERS: dict[Scope, tuple[str, ...]] = {
    Scope.CORE: CORE,
    Scope.RECORDS: RECORDS,
    Scope.EVERYTHING: EVERYTHING,
}


def deleted_rows(writes: Writes) -> list[Row]:
    """Give ``(subject, achievement)`` of completions that are taken back."""
    return [(w.who.subject, w.completion.achievement) for w in writes.revoked]


def revoked_rows(writes: Writes) -> list[Row]:
    """Give ``(subject, achievement, completion id, at)`` of what was taken back."""
    new = [(w.who.subject, w.completion.achievement, w.completion.id, w.at) for w in writes.revoked]
    return [*writes.revocations, *new]


def merged_rows(writes: Writes) -> list[Row]:
    """Give ``(subject, target, at)`` of users who became part of others."""
    return [(w.subject, w.target, w.at) for w in writes.merged]


def chained(last: tuple[int, bytes] | None, actions: Sequence[Action]) -> list[Entry]:
    """Give the entries of one environment's new actions, chained to the last one."""
    number, before = last or (0, FIRST)
    entries = []
    for number, action in enumerate(actions, number + 1):  # noqa: B020 - it goes on counting
        before = link(before, number, action)
        entries.append(Entry(number, action, before))
    return entries


def entry_row(entry: Entry) -> Row:
    """Write an entry as the row of ``insert_action``."""
    a = entry.action
    return (a.environment, entry.number, a.at, a.actor, a.action, a.target, a.detail, entry.hash)


def entry(row: Row) -> Entry:
    """Read a row of ``actions_before`` or ``actions_after``."""
    return Entry(row[0], Action(*row[1:7]), bytes(row[7]))


def key_actions(verb: str, keys: Sequence[ApiKey], by: Author | None) -> list[Action]:
    """Give what the audit log keeps of keys that are made: for whom they act is told by the subject."""
    if by is None:
        return []
    return [
        Action(k.environment, by.now, by.actor, verb, f"key:{uuid_text(k.id)}", _key_detail(k)) for k in keys
    ]


def _key_detail(key: ApiKey) -> str:
    told = {"kind": key.kind.value, "prefix": key.prefix} | ({"name": key.name} if key.name else {})
    if key.user_id is not None:
        told["user"] = user_target(subject_key(key.environment, key.tenant, key.user_id))
    return to_json(told)


def deleted_keys(environment: int, ids: Sequence[bytes], by: Author | None) -> list[Action]:
    """Give what the audit log keeps of keys that are deleted."""
    if by is None:
        return []
    return [Action(environment, by.now, by.actor, "delete", f"key:{uuid_text(each)}") for each in ids]


def environment_actions(verb: str, it: Environment, by: Author | None) -> list[Action]:
    """Give what the audit log of an environment keeps of its making and its change."""
    if by is None:
        return []
    after = {"key": it.key, "name": it.name, "priority": it.priority, "settings": to_builtins(it.settings)}
    told = to_json({"after": after})
    return [Action(it.number, by.now, by.actor, verb, f"environment:{uuid_text(it.id)}", told)]


def by_environment(actions: Sequence[Action]) -> list[tuple[int, list[Action]]]:
    """Group actions by environment, in ascending order."""
    groups: dict[int, list[Action]] = {}
    for action in actions:
        groups.setdefault(action.environment, []).append(action)
    return sorted(groups.items())
