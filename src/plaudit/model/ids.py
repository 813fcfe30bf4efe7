"""Identifiers: the subject key a user's rows are spread by, and UUID texts.

Refuses randomness and clocks: what must be random is handed in.
"""

from functools import lru_cache
from hashlib import blake2b, sha256
from uuid import UUID


def subject_key(environment: int, tenant: str, user_id: str) -> bytes:
    """Derive the 16-byte distribution column of a user: a pure function of the natural key.

    Every per-user table begins its keys with it, so uniqueness holds inside one shard and no
    look-up table is needed (reliability notes, 4.2).
    """
    return sha256(f"{environment}\0{tenant}\0{user_id}".encode()).digest()[:16]


def uuid_text(raw: bytes) -> str:
    """Write 16 bytes as a UUID text."""
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def uuid_bytes(text: str) -> bytes | None:
    """Read a UUID text into 16 bytes, or None when it is not one."""
    try:
        return UUID(text).bytes
    except (ValueError, AttributeError, TypeError):
        return None


def uuid7(milliseconds: int, random: bytes) -> bytes:
    """Build a UUIDv7 (RFC 9562) of a Unix time in milliseconds and ten random bytes."""
    head = milliseconds.to_bytes(6, "big")
    return b"".join(
        (
            head,
            bytes(((random[0] & 0x0F) | 0x70, random[1], (random[2] & 0x3F) | 0x80)),
            random[3:10],
        )
    )


def derived_id(seed: bytes, number: int) -> bytes:
    """Derive a UUIDv8 from the id of a cause and the number of what it caused.

    The engine is pure: ids of completions follow from the command that caused them.
    """
    raw = bytearray(blake2b(seed + number.to_bytes(8, "big"), digest_size=16).digest())
    raw[6] = (raw[6] & 0x0F) | 0x80
    raw[8] = (raw[8] & 0x3F) | 0x80
    return bytes(raw)


@lru_cache(maxsize=65536)
def ranking_number(board: int, since: int, run: int, tenant: str, values: tuple[str, ...]) -> int:
    """Derive the 63-bit number that keys one group's ranking in one run of a board.

    Derived, so that no look-up stands between an event and its ranking; among a million rankings
    the chance that two share a number is below 10^-7.
    """
    text = "\0".join((str(board), str(since), str(run), tenant, *values))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
