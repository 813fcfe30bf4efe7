"""Signing a message twice: Standard Webhooks 1.0.0, and the published header over the body alone.

Refuses randomness: the bytes of a new secret are handed in.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256

from plaudit.model.ids import uuid_text
from plaudit.model.webhooks import Secret

SECRET_BYTES = 32
"""Random bytes of a signing secret."""

OVERLAP = 24 * 60 * 60 * 1000
"""Milliseconds for which the secret before a rotation goes on signing."""

_PREFIX = "whsec_"


def new_secret(random: bytes) -> Secret:
    """Make a secret in the form that Standard Webhooks libraries take."""
    return Secret(_PREFIX + b64encode(random).decode())


def rotated(secrets: Iterable[Secret], fresh: Secret, now: int) -> tuple[Secret, ...]:
    """Put a fresh secret before the others, which end after the overlap at the latest."""
    kept = (Secret(each.text, min(each.until or now + OVERLAP, now + OVERLAP)) for each in secrets)
    return (fresh, *(each for each in kept if each.until is not None and each.until > now))


def signed_headers(
    secrets: Iterable[Secret], message: bytes, now: int, body: bytes
) -> list[tuple[bytes, bytes]]:
    """Give the headers that prove who sent a body.

    ``webhook-signature`` holds one signature per valid secret. ``X-Trophy-Signature`` is the base64
    HMAC-SHA256 of the body with the text of the newest secret.

    Args:
        secrets: the newest first; those that have ended are passed over.
        message: the id all attempts and duplicates share.
        now: Unix milliseconds of this attempt.
        body: what is sent.
    """
    valid = [each.text for each in secrets if each.until is None or each.until > now]
    name, seconds = uuid_text(message), str(now // 1000)
    content = f"{name}.{seconds}.".encode() + body
    signatures = " ".join(f"v1,{_hmac(b64decode(text.removeprefix(_PREFIX)), content)}" for text in valid)
    return [
        (b"webhook-id", name.encode()),
        (b"webhook-timestamp", seconds.encode()),
        (b"webhook-signature", signatures.encode()),
        (b"X-Trophy-Signature", _hmac(valid[0].encode(), body).encode()),
    ]


def _hmac(key: bytes, content: bytes) -> str:
    return b64encode(hmac.digest(key, content, sha256)).decode()
