"""The act of uploading a badge: told by its bytes, pressed anew, stored under the hash of what came out.

Refuses every type but PNG, JPEG, WebP and GIF.
"""

from plaudit.badges.kinds import is_svg, kind_of
from plaudit.badges.press import BadImage, NewBadge, press
from plaudit.model.errors import Code, PlauditError
from plaudit.storage.port import Catalog

LIMIT = 5 * 1024 * 1024
"""Bytes an uploaded image may have."""


async def upload_badge(catalog: Catalog, data: bytes, now: int) -> NewBadge:
    """Check, rewrite and store an image; the same picture uploaded twice is stored once.

    Raises:
        PlauditError: ``BODY_TOO_LARGE``, ``NOT_AN_IMAGE`` for other types, ``BAD_IMAGE`` for images
            that are damaged or beyond a limit.
    """
    if len(data) > LIMIT:
        raise PlauditError(Code.BODY_TOO_LARGE, limit=str(LIMIT))
    kind = kind_of(data)
    if kind is None:
        what = "SVG images are not accepted, because they can carry scripts"
        raise PlauditError(Code.NOT_AN_IMAGE, why=what if is_svg(data) else "The body is not such an image")
    try:
        badge = await press(data, kind)
    except BadImage as reason:
        raise PlauditError(Code.BAD_IMAGE, why=str(reason)) from None
    await catalog.put_badge(badge.name, badge.kind.mime, badge.data, now)
    return badge
