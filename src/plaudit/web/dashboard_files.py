"""The built dashboard: files read once at start, served from memory to everybody, compressed where accepted.

Refuses paths: a request names a known file, letter by letter, or gets the page that the app begins with.
"""

import gzip
import mimetypes
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from plaudit.web.answers import GUARDS, Answer, Headers, send_answer

BUILT = Path(__file__).with_name("dashboard")
"""Where ``make dashboard`` puts the app; the wheel carries it."""

POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    b"img-src 'self' data: blob: https: http:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
"""Scripts and styles come from this server's files only; badges may lie anywhere."""

_FOREVER = b"public, max-age=31536000, immutable"
_ENCODINGS = ((b"br", ".br"), (b"gzip", ".gz"))
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg", "application/manifest")
_API = ("/v1", "/admin/v1")
_PAGES = "/e/"  # of an environment; their last part may be a user's id, and hold a dot
_NOT_MODIFIED = 304

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


class File(Struct, frozen=True):
    """One file: its bytes by encoding (``b""`` is none), its tag, and its headers."""

    bodies: dict[bytes, bytes]
    tag: bytes
    headers: Headers


def read_files(folder: Path = BUILT) -> dict[str, File]:
    """Read a built app by the paths it is asked for; empty when there is none.

    ``name.br`` and ``name.gz`` beside a file are its compressed forms; text without them is compressed here.
    """
    if not (folder / "index.html").is_file():
        return {}
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    plain = [path for path in found if path.suffix not in {".br", ".gz"}]
    return {f"/{path.relative_to(folder).as_posix()}": _file(path, folder) for path in plain}


def _file(path: Path, folder: Path) -> File:
    data = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    bodies = {b"": data}
    for name, ending in _ENCODINGS:
        beside = path.with_name(path.name + ending)
        if beside.is_file():
            bodies[name] = beside.read_bytes()
    if kind.startswith(_TEXTS):
        bodies.setdefault(b"gzip", gzip.compress(data, 9, mtime=0))
        kind = f"{kind}; charset=utf-8"
    tag = b'"%b"' % sha256(data).hexdigest()[:32].encode()
    return File(bodies, tag, _headers(path, folder, kind, tag))


def _headers(path: Path, folder: Path, kind: str, tag: bytes) -> Headers:
    if path.relative_to(folder).parts[0] == "assets":  # named by their content
        keep = _FOREVER
    else:
        keep = b"no-store" if path.name == "index.html" else b"no-cache"
    return (
        (b"content-type", kind.encode()),
        (b"cache-control", keep),
        (b"content-security-policy", POLICY),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"vary", b"accept-encoding"),
        (b"etag", tag),
        *GUARDS,
    )


class DashboardDoor:
    """Serves the app's files, the app's first page for every address of the app, and hands on the rest."""

    def __init__(self, files: dict[str, File], otherwise: ASGIApp) -> None:
        """Serve ``files``; what is none of the app's goes ``otherwise``."""
        self._files = files
        self._index = files["/index.html"]
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._otherwise(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if headers.get(b"if-none-match") == found.tag:
            await send({"type": "http.response.start", "status": _NOT_MODIFIED, "headers": found.headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send_answer(send, _answer(found, headers), bodyless=scope["method"] == "HEAD")

    def _find(self, scope: Scope) -> File | None:
        path: str = scope["path"]
        if scope["method"] not in {"GET", "HEAD"} or any(
            path == api or path.startswith(f"{api}/") for api in _API
        ):
            return None
        known = self._files.get(path)
        if known is not None or path == "/":
            return known or self._index
        wants_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
        may_be_file = "." in path.rpartition("/")[2] and not path.startswith(_PAGES)
        return self._index if wants_page and not may_be_file else None


def _answer(found: File, headers: dict[bytes, bytes]) -> Answer:
    accepted = {
        part.split(b";")[0].strip()
        for part in headers.get(b"accept-encoding", b"").lower().split(b",")
        if b"q=0" not in part.replace(b" ", b"").replace(b"q=0.", b"")
    }
    for name, _ in _ENCODINGS:
        if name in accepted and name in found.bodies:
            return Answer(200, found.bodies[name], (*found.headers, (b"content-encoding", name)))
    return Answer(200, found.bodies[b""], found.headers)
