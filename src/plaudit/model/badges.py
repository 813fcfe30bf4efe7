"""A badge image, as achievements, points systems and levels carry one."""

from msgspec import Struct


class Badge(Struct, frozen=True):
    """A badge image: either a file of ours by content hash, or an own URL."""

    hash: str | None = None
    url: str | None = None
