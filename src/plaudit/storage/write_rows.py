"""What a group caused as rows: for each named statement the rows it is given, in the order of its parameters.

Refuses SQL; the databases share this table, and a row is a tuple of values both drivers take.
"""

from collections import Counter
from collections.abc import Callable

from plaudit.model.outcome import UserWrite, Writes
from plaudit.storage.outbox_rows import delivery_rows, held_rows, message_rows
from plaudit.storage.rows import Row, to_json

RowsOf = Callable[[Writes], list[Row]]


def _born(writes: Writes) -> list[Row]:
    return [_born_row(write) for write in writes.users if write.created]


def _born_row(write: UserWrite) -> Row:
    who, user = write.who, write.user
    return (
        who.subject,
        who.environment,
        who.tenant,
        who.user_id,
        user.email,
        user.name,
        user.tz,
        user.sign_up_date,
        to_json(user.device_tokens) if user.device_tokens else "[]",
        user.subscribe_to_emails,
        to_json(user.attributes) if user.attributes else "{}",
        user.created,
        user.updated,
        user.seq,
        user.settled,
        user.anniversary_at,
        user.control,
    )


def _changed(writes: Writes) -> list[Row]:
    born = (_born_row(write) for write in writes.users if write.profile and not write.created)
    return [(row[0], *row[4:11], *row[12:]) for row in born]


def _moved(writes: Writes) -> list[Row]:
    return [(w.who.subject, w.user.seq) for w in writes.users if not w.created and not w.profile]


def _totals(writes: Writes) -> list[Row]:
    return [(w.subject, w.measure, w.total, w.last_at) for w in writes.totals]


def _days(writes: Writes) -> list[Row]:
    return [(w.subject, w.measure, w.day, w.change, w.last_at) for w in writes.days]


def _streaks(writes: Writes) -> list[Row]:
    return [
        (
            w.subject,
            w.frequency.value,
            w.state.days,
            w.state.length,
            w.state.longest,
            w.state.started,
            w.state.started_at,
            w.state.last_period,
            w.state.extended_at,
            w.state.expires_at,
        )
        for w in writes.streaks
    ]


def _periods(writes: Writes) -> list[Row]:
    return [
        (w.subject, p.frequency.value, p.period, p.counted_at, p.expires_at, p.day, p.kind)
        for w in writes.periods
        for p in (w.period,)
    ]


def _events(writes: Writes) -> list[Row]:
    return [
        (
            w.subject,
            e.seq,
            e.id,
            e.metric,
            e.value,
            e.at,
            e.recorded,
            e.day,
            to_json(e.attributes) if e.attributes else None,
            e.key,
        )
        for w in writes.events
        for e in (w.event,)
    ]


def _keys(writes: Writes) -> list[Row]:
    return [
        (w.subject, e.metric, e.key, e.seq, e.id, w.fingerprint)
        for w in writes.events
        for e in (w.event,)
        if e.key is not None
    ]


def _completions(writes: Writes) -> list[Row]:
    return [
        (w.who.subject, c.achievement, c.id, c.at, c.recorded, c.seq)
        for w in writes.completions
        for c in (w.completion,)
    ]


def _settled(writes: Writes) -> list[Row]:
    return list(writes.settled)


def count_rows(writes: Writes, slots: int = 1) -> list[Row]:
    """Give ``(environment, tenant, achievement, slot, count)`` to add, in the order of their keys.

    Args:
        writes: what a group caused; created users count under achievement 0.
        slots: rows each global count is spread over.
    """
    counted = [(w.who, 0) for w in writes.users if w.created]
    counted += [(w.who, w.completion.achievement) for w in writes.completions]
    slotted = Counter(
        (who.environment, who.tenant, achievement, who.subject[0] % slots) for who, achievement in counted
    )
    return [(*key, count) for key, count in sorted(slotted.items())]


STEPS: tuple[tuple[str, RowsOf], ...] = (
    ("insert_users", _born),
    ("replace_users", _changed),
    ("move_sequences", _moved),
    ("put_totals", _totals),
    ("add_days", _days),
    ("put_streaks", _streaks),
    ("insert_periods", _periods),
    ("insert_events", _events),
    ("insert_keys", _keys),
    ("insert_completions", _completions),
    ("settle_users", _settled),
    ("replace_held", held_rows),
    ("insert_messages", message_rows),
    ("insert_deliveries", delivery_rows),
)
"""Statement names and their rows, in the order in which they are run; the shared counts come after them."""
