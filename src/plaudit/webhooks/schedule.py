"""When a failed delivery is tried again: thirteen attempts over three days, spread by a hash.

Refuses randomness, so that a test can say when the next attempt comes.
"""

from email.utils import parsedate_to_datetime
from hashlib import blake2b

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000

PAUSES = (
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    1 * HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    20 * HOUR,
    26 * HOUR,
)
"""Milliseconds between one attempt and the next; together a little over three days."""

LONGEST_ASKED = 26 * HOUR
"""A longer Retry-After counts as this long."""

_SPREAD = 10


def next_attempt(delivery: bytes, made: int, now: int, asked: int | None = None) -> int | None:
    """Give the instant of the next attempt, or None when there is no further one.

    Up to a tenth is added to each pause, by a hash of the delivery, so that what failed together
    does not come back together.

    Args:
        delivery: the delivery's id.
        made: attempts made in this round.
        now: when the last one ended, Unix milliseconds.
        asked: milliseconds the endpoint asked for; a shorter wish changes nothing.
    """
    if made > len(PAUSES):
        return None
    pause = PAUSES[made - 1]
    spread = blake2b(delivery + made.to_bytes(4, "big"), digest_size=4).digest()
    pause += pause * int.from_bytes(spread, "big") // (_SPREAD << 32)
    return now + max(pause, min(asked or 0, LONGEST_ASKED))


def asked_pause(header: str | None, now: int) -> int | None:
    """Read a Retry-After header (seconds, or a date) as milliseconds from now; None if it is neither."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9]) * SECOND
    try:
        at = parsedate_to_datetime(text)
        return max(0, int(at.timestamp() * 1000) - now)
    except (ValueError, TypeError, OverflowError):
        return None
