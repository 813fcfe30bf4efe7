"""What a group caused as rows: for each named statement the rows it is given, in the order of its parameters.

Refuses SQL; the databases share this table, and a row is a tuple of values both drivers take.
"""

from collections import Counter
from collections.abc import Callable

from plaudit.model.outcome import UserWrite, Writes
from plaudit.model.state import Identity
from plaudit.storage.board_rows import BOARD_STEPS
from plaudit.storage.outbox_rows import delivery_rows, held_rows, message_rows
from plaudit.storage.people_rows import deleted_rows, merged_rows, revoked_rows
from plaudit.storage.points_rows import POINTS_STEPS
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
        user.freezes,
        user.freezes_granted,
        user.freezes_at,
        user.paused_until,
        None if user.preferences is None else to_json(user.preferences),
        user.letter_at,
        to_json(write.tally),
    )


def _changed(writes: Writes) -> list[Row]:
    born = (_born_row(write) for write in writes.users if write.profile and not write.created)
    return [(row[0], *row[4:11], *row[12:]) for row in born]


def _moved(writes: Writes) -> list[Row]:
    return [tally_row(w) for w in writes.users if not w.created and not w.profile]


def tally_row(write: UserWrite) -> Row:
    """Write how many events a user had and where they led to: ``(subject, seq, tally)``."""
    return (write.who.subject, write.user.seq, to_json(write.tally))


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
            w.state.lost,
            w.state.bridged,
        )
        for w in writes.streaks
    ]


def _periods(writes: Writes) -> list[Row]:
    return [
        (
            w.subject,
            p.frequency.value,
            p.period,
            p.counted_at,
            p.expires_at,
            p.day,
            p.kind,
            p.reset_at,
            p.restored,
        )
        for w in writes.periods
        for p in (w.period,)
    ]


def _pauses(writes: Writes) -> list[Row]:
    return [(w.subject, p.id, p.first, p.last, p.archived) for w in writes.pauses for p in (w.pause,)]


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


def _letters(writes: Writes) -> list[Row]:
    return list(writes.letters)


def _settled(writes: Writes) -> list[Row]:
    return list(writes.settled)


def count_rows(writes: Writes, slots: int = 1) -> list[Row]:
    """Give ``(environment, tenant, achievement, slot, count)`` to add, in the order of their keys.

    Args:
        writes: what a group caused; created users count under achievement 0, what goes counts less.
        slots: rows each global count is spread over.
    """
    counted = [(w.who, 0) for w in writes.users if w.created]
    counted += [(w.who, w.completion.achievement) for w in writes.completions]
    gone = [(w.who, w.completion.achievement) for w in writes.revoked]
    gone += [(w.who, number) for w in writes.erased for number in (0, *w.achievements)]
    slotted = Counter(_slot_of(who, achievement, slots) for who, achievement in counted)
    if gone:
        slotted.subtract(_slot_of(who, achievement, slots) for who, achievement in gone)
    return [(*key, count) for key, count in sorted(slotted.items()) if count]


def _slot_of(who: Identity, achievement: int, slots: int) -> tuple[int, str, int, int]:
    return (who.environment, who.tenant, achievement, who.subject[0] % slots)


STEPS: tuple[tuple[str, RowsOf], ...] = (
    ("insert_users", _born),
    ("replace_users", _changed),
    ("move_tallies", _moved),
    ("add_days", _days),
    ("put_streaks", _streaks),
    ("put_periods", _periods),
    ("put_pauses", _pauses),
    ("insert_events", _events),
    ("insert_keys", _keys),
    ("delete_completions", deleted_rows),
    ("insert_completions", _completions),
    ("put_revocations", revoked_rows),
    ("put_merges", merged_rows),
    *POINTS_STEPS,
    *BOARD_STEPS,
    ("plan_letters", _letters),
    ("settle_users", _settled),
)
"""Statement names and their rows, in the order in which they are run; outbox and shared counts follow."""

OUTBOX_STEPS: tuple[tuple[str, RowsOf], ...] = (
    ("replace_held", held_rows),
    ("insert_messages", message_rows),
    ("insert_deliveries", delivery_rows),
)
"""The outbox, where one statement serves a whole group; SQLite numbers its messages by itself."""
