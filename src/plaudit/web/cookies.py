"""The cookie of a session: sent back by the browser only, to this server only.

Refuses scripts: it is HttpOnly. Over https it is Secure and bears the prefix that binds it to the host.
"""

from collections.abc import Mapping

from starlette.types import Scope

from plaudit.config import Settings
from plaudit.operations.sessions import ABSOLUTE
from plaudit.web.answers import Header

NAME = "plaudit_session"
_LONGEST = 256


def is_secure(settings: Settings, scope: Scope) -> bool:
    """Tell whether callers reach this server by https, directly or by a proxy that ``base_url`` names."""
    return scope["scheme"] == "https" or (settings.base_url or "").startswith("https:")


def cookie_name(*, secure: bool) -> str:
    """Give the cookie's name."""
    return f"__Host-{NAME}" if secure else NAME


def session_id(headers: Mapping[bytes, bytes], *, secure: bool) -> str | None:
    """Read the session's id from a request's headers."""
    name = cookie_name(secure=secure)
    for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        found, _, value = part.strip().partition("=")
        if found == name and 0 < len(value) <= _LONGEST:
            return value
    return None


def set_cookie(id: str, *, secure: bool) -> Header:
    """Give the header that keeps a session's id in the browser."""
    return _header(id, ABSOLUTE // 1000, secure=secure)


def clear_cookie(*, secure: bool) -> Header:
    """Give the header that makes the browser forget the session."""
    return _header("", 0, secure=secure)


def _header(value: str, seconds: int, *, secure: bool) -> Header:
    text = f"{cookie_name(secure=secure)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
    return b"set-cookie", (f"{text}; Secure" if secure else text).encode()
