"""Which web pages may call the Application API: those of the origins in the settings, with keys of one user.

Refuses the Admin API and admin keys, which have no place in a page; and cookies, of which there are none.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace
from starlette.types import Scope

from plaudit.model.catalog import KeyKind
from plaudit.web.answers import Answer, Header, Headers
from plaudit.web.auth import Caller

ANY = "*"
"""The setting that lets in pages of every origin."""

REMEMBER = b"7200"
"""Seconds for which a browser need not ask again; none remembers for longer."""

_NO_CONTENT = 204


class Origins:
    """The origins whose pages are let in."""

    def __init__(self, origins: Iterable[str], methods: Iterable[str]) -> None:
        """Let pages of some origins use the methods of one door.

        Args:
            origins: as ``https://app.example.com``, or ``ANY``; none closes the door to pages.
            methods: of the door.
        """
        self._known = {origin.encode() for origin in origins}
        self._any = ANY.encode() in self._known
        self._methods = ", ".join(sorted(methods)).encode()

    def preflight(self, scope: Scope) -> Answer | None:
        """Answer a browser that asks whether a page may call; None where it asks for something else."""
        headers = dict(scope["headers"])
        if b"origin" not in headers or b"access-control-request-method" not in headers:
            return None
        given: Headers = ((b"cache-control", b"no-store"), (b"vary", b"origin"))
        allowed = self._allowed(headers)
        if allowed is not None:
            given = (
                allowed,
                (b"access-control-allow-methods", self._methods),
                (b"access-control-allow-headers", b"*"),
                (b"access-control-max-age", REMEMBER),
                (b"vary", b"origin"),
            )
        return Answer(_NO_CONTENT, b"", given)

    def shown(self, answer: Answer, scope: Scope, caller: Caller | None) -> Answer:
        """Let a page read an answer, refusals of its key included; never what an admin key brought."""
        headers = dict(scope["headers"])
        if caller is not None and caller.kind is not KeyKind.APPLICATION:
            return answer
        allowed = self._allowed(headers)
        if allowed is None:
            return answer
        more: Headers = (allowed, (b"access-control-expose-headers", b"retry-after"), (b"vary", b"origin"))
        return replace(answer, headers=(*answer.headers, *more))

    def _allowed(self, headers: Mapping[bytes, bytes]) -> Header | None:
        origin = headers.get(b"origin")
        if origin is None or not (self._any or origin in self._known):
            return None
        return (b"access-control-allow-origin", ANY.encode() if self._any else origin)
