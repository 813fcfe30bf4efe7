"""Badge links: the public address of a badge, and recognising one of our own addresses.

Refuses addresses that a browser would not load as an image: only http and https are accepted.
"""

import re
from urllib.parse import urlsplit

from plaudit.model.badges import Badge

PREFIX = "/badges/"
"""Path under which uploaded badges are served."""

LONGEST_URL = 2048
"""Characters an own badge URL may have."""

_NAME = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|webp|gif)", re.ASCII)


def badge_url(badge: Badge | None, base_url: str) -> str | None:
    """Give the absolute address of a badge, or None without a badge.

    Args:
        badge: ``hash`` is the file name of an uploaded badge, ``url`` an own address.
        base_url: what uploaded badges' addresses begin with, such as ``https://badges.example``.
    """
    if badge is None:
        return None
    if badge.hash is not None:
        return f"{base_url.rstrip('/')}{PREFIX}{badge.hash}"
    return badge.url


def is_badge_name(name: str) -> bool:
    """Tell whether a file name has the form of an uploaded badge: SHA-256 and extension."""
    return _NAME.fullmatch(name) is not None


def uploaded_name(url: str) -> str | None:
    """Give the file name when an address or path has the form of an uploaded badge's, else None."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    before, _, name = path.rpartition("/")
    return name if before.endswith(PREFIX.rstrip("/")) and is_badge_name(name) else None


def is_own_url(url: str) -> bool:
    """Tell whether an address can be kept as it is: http or https, with a host, without blanks."""
    if len(url) > LONGEST_URL or not url.isprintable() or any(c in url for c in ' "<>\\'):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
