"""The text of API keys: `adm_PREFIX.SECRET` and `app_PREFIX.SECRET`, with a checksum at the end.

Refuses randomness: the random bytes are handed in. Secrets are stored nowhere, only their digest.
"""

import re
from binascii import crc32
from hashlib import sha256

from msgspec import Struct

from plaudit.model.catalog import KeyKind

RANDOM_BYTES = 40
"""Random bytes a key is made of: 8 for the prefix, 32 for the secret."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MARKS = {KeyKind.ADMIN: "adm", KeyKind.APPLICATION: "app"}
_PREFIX_LENGTH = 8
_SECRET_LENGTH = 43  # 62**43 > 2**256
_CHECK_LENGTH = 6  # 62**6 > 2**32
_SHAPE = re.compile(r"(?:adm|app)_[0-9A-Za-z]{8}\.[0-9A-Za-z]{49}")


class MintedKey(Struct, frozen=True):
    """A new key: its whole text (shown once), the prefix that may be shown, the digest to store."""

    text: str
    prefix: str
    digest: bytes


def mint(kind: KeyKind, random: bytes) -> MintedKey:
    """Make a key of ``RANDOM_BYTES`` random bytes.

    The last six characters are the CRC-32 of everything before, so a typo is refused unseen.

    Raises:
        ValueError: the number of random bytes is another.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"A key is made of {RANDOM_BYTES} random bytes, not {len(random)}.")
    prefix = f"{_MARKS[kind]}_{_base62(random[:8], _PREFIX_LENGTH)}"
    body = f"{prefix}.{_base62(random[8:], _SECRET_LENGTH)}"
    text = body + _checksum(body)
    return MintedKey(text, prefix, digest_of(text.encode()))


def digest_of(text: bytes) -> bytes:
    """Give the SHA-256 by which a key is stored and found; 256 random bits need no slow hash."""
    return sha256(text).digest()


def well_formed(text: str) -> bool:
    """Tell whether a text has the shape and the checksum of a key of ours."""
    return _SHAPE.fullmatch(text) is not None and _checksum(text[:-_CHECK_LENGTH]) == text[-_CHECK_LENGTH:]


def _checksum(text: str) -> str:
    return _base62(crc32(text.encode()).to_bytes(4, "big"), _CHECK_LENGTH)


def _base62(raw: bytes, length: int) -> str:
    """Write a number in ``length`` base-62 digits, the lowest ones if it has more."""
    number = int.from_bytes(raw, "big")
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))
