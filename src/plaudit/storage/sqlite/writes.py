"""Writing what a group caused: one table of statements and the rows each is given.

Refuses to read; every value it writes was decided before.
"""

from collections import Counter

import apsw

from plaudit.model.outcome import UserWrite, Writes
from plaudit.storage.sqlite.rows import Row, to_json
from plaudit.storage.sqlite.statements import SQL


def apply(cursor: apsw.Cursor, writes: Writes) -> None:
    """Write everything a group caused, counters included.

    Raises:
        apsw.ConstraintError: an idempotency key or a completion is there already.
    """
    for sql, rows_of in _STEPS:
        rows = rows_of(writes)
        if rows:
            cursor.executemany(sql, rows)


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


def _counts(writes: Writes) -> list[Row]:
    counted = Counter((w.who.environment, w.who.tenant, 0) for w in writes.users if w.created)
    counted.update((w.who.environment, w.who.tenant, w.completion.achievement) for w in writes.completions)
    return [(*key, count) for key, count in sorted(counted.items())]


def _settled(writes: Writes) -> list[Row]:
    return list(writes.settled)


_STEPS = (
    (SQL["insert_users"], _born),
    (SQL["replace_users"], _changed),
    (SQL["move_sequences"], _moved),
    (SQL["put_totals"], _totals),
    (SQL["add_days"], _days),
    (SQL["put_streaks"], _streaks),
    (SQL["insert_periods"], _periods),
    (SQL["insert_events"], _events),
    (SQL["insert_keys"], _keys),
    (SQL["insert_completions"], _completions),
    (SQL["add_counts"], _counts),
    (SQL["settle_users"], _settled),
)
