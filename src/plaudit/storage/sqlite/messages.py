"""Messages into the outbox of SQLite: numbered and timed here from one reading per group, then inserted.

Refuses to pass over a doubled message: the database names it, and nothing of the group is stored.
"""

from array import array
from collections.abc import Sequence

import apsw

from plaudit.model.webhooks import ORDERED, Posting
from plaudit.storage.rows import Row
from plaudit.storage.sqlite.statements import SQL

LANE_PAUSE = 900_000
"""Milliseconds between two messages of a lane."""

_REPLACE, _LANE, _TAILS = SQL["replace_held"], SQL["read_lane"], SQL["read_tails"]
_MESSAGE, _DELIVERY = SQL["insert_messages"], SQL["insert_deliveries"]


class _Tails:
    """Where each user's messages end: the last position, and when what waits for an endpoint is due."""

    def __init__(self, cursor: apsw.Cursor, postings: Sequence[Posting]) -> None:
        self.last: dict[bytes, int] = {}
        self.due: dict[tuple[bytes, int], int] = {}
        asked: dict[tuple[int, ...], dict[bytes, None]] = {}
        for each in postings:
            endpoints = tuple([endpoint for endpoint, _ in each.deliveries])
            asked.setdefault(endpoints, {})[each.subject] = None
        for endpoints, subjects in asked.items():
            arrays = (apsw.carray(tuple(subjects)), apsw.carray(array("q", endpoints)))
            for subject, endpoint, last, due in cursor.execute(_TAILS, arrays):
                self.last[subject] = last or 0
                if due is not None:
                    self.due[subject, endpoint] = due

    def next(self, subject: bytes) -> int:
        position = self.last[subject] = self.last.get(subject, 0) + 1
        return position


def put_messages(cursor: apsw.Cursor, postings: Sequence[Posting]) -> None:
    """Write messages, and a delivery of each per endpoint.

    One is due at once, or behind a neighbour that waits; of a lane, fifteen minutes after the lane's last,
    where a newer state takes the place of one that is held back.

    Raises:
        apsw.ConstraintError: a message is there already.
    """
    tails = _Tails(cursor, postings)
    messages: list[Row] = []
    deliveries: list[Row] = []
    for each in postings:
        due = each.message.created
        if each.lane != ORDERED:
            if _replaced(cursor, each):
                continue
            before = cursor.execute(_LANE, (each.subject, each.lane)).get
            due = due if before is None else max(due, before + LANE_PAUSE)
        position = tails.next(each.subject)
        messages.append(_message(each, position))
        for endpoint, name in each.deliveries:
            deliveries.append(_delivery(each, position, endpoint, name, _behind(tails, each, endpoint, due)))
        if each.lane != ORDERED:  # the next one of the lane asks for it
            cursor.executemany(_MESSAGE, messages)
            cursor.executemany(_DELIVERY, deliveries)
            messages, deliveries = [], []
    if messages:
        cursor.executemany(_MESSAGE, messages)
        cursor.executemany(_DELIVERY, deliveries)


def _replaced(cursor: apsw.Cursor, each: Posting) -> bool:
    cursor.execute(_REPLACE, (each.subject, each.message.payload, each.lane, each.message.created))
    return cursor.connection.changes() > 0


def _behind(tails: _Tails, each: Posting, endpoint: int, due: int) -> int:
    if each.lane != ORDERED:
        return due
    due = max(due, tails.due.get((each.subject, endpoint), 0))
    tails.due[each.subject, endpoint] = due
    return due


def _message(each: Posting, position: int) -> Row:
    it = each.message
    return (each.subject, it.id, position, it.environment, it.created, it.payload)


def _delivery(each: Posting, position: int, endpoint: int, name: bytes, due: int) -> Row:
    it = each.message
    return (
        each.subject,
        position,
        endpoint,
        name,
        it.id,
        it.environment,
        it.tenant,
        each.user_id,
        it.type,
        each.lane,
        it.created,
        due,
    )
