"""What an id given by a caller may look like: user ids, tenant ids, idempotency keys.

Refuses characters that look like nothing, or like something else, and repairs nothing.
"""

import re
import unicodedata

from plaudit.web.errors import invalid

LONGEST = 255
"""Most bytes of an id in UTF-8."""

_PLAIN = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_KEY = re.compile(rb"[ -~]{1,255}")


def check_id(text: str, name: str) -> str:
    """Give an id as it is, if it is one (reliability notes, 3.2).

    Raises:
        PlauditError: ``INVALID_BODY``, with a sentence that begins with ``name``.
    """
    if _PLAIN.fullmatch(text):
        return text
    if why := _fault(text):
        raise invalid(f"{name} {why}")
    return text


def _fault(text: str) -> str | None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return "must be valid Unicode"
    if not 0 < size <= LONGEST:
        return f"must be 1 to {LONGEST} bytes long in UTF-8, this is {size}"
    if _CONTROLS.search(text):
        return "must not contain control characters or marks of writing direction"
    if text != text.strip():
        return "must not begin or end with a space"
    if unicodedata.normalize("NFC", text) != text:
        return "must be in Unicode normal form C (NFC)"
    return None


def idempotency_key(raw: bytes | None) -> str | None:
    """Read the Idempotency-Key header: bare, or a quoted string, which means the same key.

    Raises:
        PlauditError: ``INVALID_BODY``: it is empty, longer than 255 bytes or not printable ASCII.
    """
    if raw is None:
        return None
    if raw[:1] == b'"' and raw[-1:] == b'"' and len(raw) > 1:
        raw = raw[1:-1].replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    if not _KEY.fullmatch(raw):
        raise invalid(f"The Idempotency-Key header must be 1 to {LONGEST} printable ASCII characters")
    return raw.decode("ascii")
