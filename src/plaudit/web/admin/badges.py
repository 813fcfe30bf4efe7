"""The doors of badges: uploading one, and serving it to everybody, for ever.

Refuses to serve anything but what the press wrote; what is served can run no script.
"""

from starlette.types import Receive, Scope, Send

from plaudit.badges.links import PREFIX, is_badge_name
from plaudit.model.errors import Code, PlauditError
from plaudit.operations.upload_badge import LIMIT, upload_badge
from plaudit.storage.port import Unavailable
from plaudit.web.admin.reading import whole_editor_of
from plaudit.web.admin.shapes import UploadedBadge
from plaudit.web.answers import GUARDS, Answer, Headers, as_json, send_answer
from plaudit.web.context import Context
from plaudit.web.door import Audience, Call, fault_answer, operation
from plaudit.web.errors import error_answer

BADGE_HEADERS: Headers = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    *GUARDS,
)
"""A file named by its content never changes; any page may show it as an image."""


UNCHANGED = 304


@operation(
    "Upload a badge",
    {201: UploadedBadge},
    body=bytes,
    errors=(413, 415, 422, 503),
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def upload(call: Call) -> Answer:
    """Upload a PNG, JPEG, WebP or GIF image of at most 5 MB as the body of the call.

    It is written anew without its metadata, and scaled down to at most 2,048 pixels a side. The
    ``url`` of the answer goes into an achievement's ``badge``.
    """
    badge = await upload_badge(whole_editor_of(call), call.body)
    url = f"{call.base_url}{PREFIX}{badge.name}"
    return as_json(UploadedBadge(url, badge.hash, badge.width, badge.height, badge.kind.mime), 201)


class BadgeDoor:
    """The ASGI endpoint that serves uploaded badges, without a key."""

    def __init__(self, context: Context) -> None:
        """Serve the badges of the context's store."""
        self._catalog = context.store.catalog

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for a badge."""
        del receive
        try:
            answer = await self._answer(scope)
        except PlauditError as error:
            answer = error_answer(error)
        except Unavailable as error:
            answer, _ = fault_answer(error)
        if answer.status == UNCHANGED:  # bears no length: that would be the length of the image
            await send({"type": "http.response.start", "status": UNCHANGED, "headers": answer.headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send_answer(send, answer, bodyless=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope) -> Answer:
        name, method = scope["path_params"]["name"], scope["method"]
        if method not in {"GET", "HEAD"}:
            words = {"path": f"{PREFIX}{{name}}", "method": method[:20], "allowed": "GET, HEAD"}
            raise PlauditError(Code.WRONG_METHOD, **words)
        found = await self._catalog.badge(name) if is_badge_name(name) else None
        if found is None:
            raise PlauditError(Code.UNKNOWN_RESOURCE, kind="badge", id=name[:80])
        mime, data = found
        tag = f'"{name}"'.encode()
        headers = ((b"etag", tag), (b"content-type", mime.encode()), *BADGE_HEADERS)
        if _has(dict(scope["headers"]).get(b"if-none-match", b""), tag):
            return Answer(UNCHANGED, b"", headers)
        return Answer(200, data, headers)


def _has(asked: bytes, tag: bytes) -> bool:
    """Tell whether an If-None-Match header names the tag (weak ones count as well)."""
    tags = (part.strip().removeprefix(b"W/") for part in asked.split(b","))
    return any(part in {tag, b"*"} for part in tags)
