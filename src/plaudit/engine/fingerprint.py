"""The fingerprint that tells whether a used idempotency key came back with the same body.

Refuses the event time and the user fields: a retry may rightly carry others.
"""

from collections.abc import Mapping
from hashlib import blake2b


def fingerprint(value: int, attributes: Mapping[str, str]) -> bytes:
    """Give 8 bytes over a value (micro-units) and the event attributes, whatever their order."""
    return blake2b(ascii((value, sorted(attributes.items()))).encode(), digest_size=8).digest()
