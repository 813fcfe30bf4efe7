"""The act of uploading a badge: told by its bytes, pressed anew, stored under the hash of what came out.

Refuses every type but PNG, JPEG, WebP and GIF.
"""

import json

from plaudit.badges.kinds import is_form, is_svg, kind_of
from plaudit.badges.press import BadImage, NewBadge, press
from plaudit.model.actions import Action
from plaudit.model.errors import Code, PlauditError
from plaudit.operations.edit_batch import Editor

LIMIT = 5 * 1024 * 1024
"""Bytes an uploaded image may have."""


async def upload_badge(editor: Editor, data: bytes) -> NewBadge:
    """Check, rewrite and store an image; the same picture uploaded twice is stored once.

    The audit log keeps each upload.

    Raises:
        PlauditError: ``BODY_TOO_LARGE``, ``NOT_AN_IMAGE`` for other types, ``BAD_IMAGE`` for images
            that are damaged or beyond a limit.
    """
    if len(data) > LIMIT:
        raise PlauditError(Code.BODY_TOO_LARGE, limit=str(LIMIT))
    kind = kind_of(data)
    if kind is None:
        raise PlauditError(Code.NOT_AN_IMAGE, why=_why_none(data))
    try:
        badge = await press(data, kind)
    except BadImage as reason:
        raise PlauditError(Code.BAD_IMAGE, why=str(reason)) from None
    told = json.dumps({"type": badge.kind.mime, "width": badge.width, "height": badge.height})
    action = Action(editor.environment, editor.now, editor.actor, "upload", f"badge:{badge.name}", told)
    await editor.store.catalog.put_badge(badge.name, badge.kind.mime, badge.data, editor.now, action)
    return badge


def _why_none(data: bytes) -> str:
    if is_svg(data):
        return "SVG images are not accepted, because they can carry scripts"
    if is_form(data):
        return "The body is a form with a file in it (multipart/form-data), and not the file itself"
    return "The body is not such an image"
