"""What stands in front of every handler: key, body, limits; and behind it: errors, log, headers.

Refuses to let an exception out: a client's fault is a 4xx with a sentence, ours a 500 with a reference.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from functools import lru_cache
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from msgspec import Struct, field
from starlette.types import Receive, Scope, Send

from plaudit.engine.rulebook import Rulebook
from plaudit.model.errors import Code, PlauditError
from plaudit.model.members import Role
from plaudit.storage.port import Unavailable
from plaudit.web.answers import Answer, send_answer
from plaudit.web.auth import API_KEY, Caller
from plaudit.web.context import Context
from plaudit.web.cors import Origins
from plaudit.web.errors import error_answer, invalid
from plaudit.web.lobby import admit_anyone, admit_member, admit_person
from plaudit.web.log import log_request, logger, shown

BODY_LIMIT = 256 * 1024
"""Most bytes of an ordinary body."""

APPLICATION = "/v1/"
"""What the paths of the Application API begin with."""

_HOST = re.compile(r"[0-9A-Za-z.\-_]+(?::[0-9]{1,5})?|\[[0-9a-fA-F:.]+\](?::[0-9]{1,5})?")
_MOST_PARAMETERS = 1000
_FIRST_FAULT = 400


class Call(Struct):
    """One request, admitted and read."""

    context: Context
    caller: Caller
    headers: dict[bytes, bytes]
    scope: Scope
    path: Mapping[str, str]
    """Path parameters, percent-decoded once."""
    body: bytes
    now: int
    """The one clock reading, in Unix milliseconds."""

    @property
    def base_url(self) -> str:
        """What links of ours begin with: the setting, else the address the caller used."""
        return base_url(self.context, self.scope, self.headers)

    async def rulebook(self) -> Rulebook:
        """Give the newest known rulebook of the caller's environment and tenant.

        Raises:
            PlauditError: ``MISSING_TENANT`` or ``UNKNOWN_TENANT``.
        """
        book = await self.context.rulebooks.get(self.caller.environment)
        return book.seen_by(self.caller.sealed_tenant)

    def query(self) -> dict[str, list[str]]:
        """Read the query string.

        Raises:
            PlauditError: ``INVALID_BODY``: it is not UTF-8, or has too many parameters.
        """
        return parse_query(self.scope["query_string"])


@lru_cache(maxsize=4096)
def parse_query(raw: bytes) -> dict[str, list[str]]:
    """Read a query string into the values of each parameter; the result is shared, so never change it.

    Raises:
        PlauditError: ``INVALID_BODY``: it is not UTF-8, or has too many parameters.
    """
    try:
        found = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise invalid("The query string must be percent-encoded UTF-8 with few parameters") from None
    query: dict[str, list[str]] = {}
    for name, value in found:
        query.setdefault(name, []).append(value)
    return query


_READING = {"GET", "HEAD"}
_DEFINED = {
    Code.UNKNOWN_METRIC,
    Code.UNKNOWN_ACHIEVEMENT,
    Code.UNKNOWN_POINTS_SYSTEM,
    Code.UNKNOWN_LEADERBOARD,
}
"""What is not found may have been made by another process, whose changes are noticed a few times a second."""

Handler = Callable[[Call], Awaitable[Answer]]


class Audience(Enum):
    """Who may open a door: keys of any kind; admin keys and members; members only; or anybody."""

    ANY_KEY = "any key"
    ADMIN = "admin keys"
    MEMBERS = "members"
    ANYONE = "anyone"


class EventStream:
    """Stands for server-sent events among the types of answers."""


class Parameter(Struct, frozen=True):
    """A parameter of the query string or a header, as the reference describes it."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    place: str = "query"


class Operation(Struct, frozen=True):
    """A handler and what the reference says about it. ``answers`` gives a type per success status.

    ``role`` is what a member needs; without it reading needs a viewer, and all else an editor.
    """

    act: Handler
    summary: str
    answers: dict[int, object]
    body: object = None
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = (401, 422)
    audience: Audience = Audience.ANY_KEY
    limit: int = BODY_LIMIT
    role: Role | None = None


Rule = tuple[str, str, Operation]
"""A route: method, path template, operation."""


def operation(
    summary: str,
    answers: dict[int, object],
    *,
    body: object = None,
    parameters: tuple[Parameter, ...] = (),
    errors: tuple[int, ...] = (401, 422),
    audience: Audience = Audience.ANY_KEY,
    limit: int = BODY_LIMIT,
    role: Role | None = None,
) -> Callable[[Handler], Operation]:
    """Describe a handler for the route table and the reference."""

    def describe(act: Handler) -> Operation:
        return Operation(act, summary, answers, body, parameters, errors, audience, limit, role)

    return describe


class Gone(Exception):
    """The caller hung up before the request was complete."""


class Door:
    """The ASGI endpoint of one path: admits, reads, calls the handler of the method, answers."""

    def __init__(self, context: Context, template: str, operations: Mapping[str, Operation]) -> None:
        """Serve ``operations`` (by method) at ``template``, whose parameters Starlette has cut out."""
        self._context = context
        self._template = template
        self._operations = dict(operations)
        self._log = context.settings.log
        self._origins: Origins | None = None
        if template.startswith(APPLICATION) and context.settings.page_origins:
            self._origins = Origins(context.settings.page_origins, operations)
        self._requests = context.requests
        self._with_body = {
            method
            for method, each in operations.items()
            if each.audience in {Audience.ANY_KEY, Audience.ADMIN} and each.body not in {None, bytes}
        }
        if "GET" in self._operations:
            self._operations.setdefault("HEAD", self._operations["GET"])

    def serves(self, method: str) -> bool:
        """Tell whether there is an operation for a method."""
        return method in self._operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        started = perf_counter()
        if scope["method"] == "OPTIONS" and self._origins is not None:
            told = self._origins.preflight(scope)
            if told is not None:
                await send_answer(send, told)
                return
        call: Call | None = None
        error: PlauditError | str | None = None
        try:
            call = await self._admit(scope, receive)
            answer = await self._act(call)
        except PlauditError as refusal:
            answer, error = error_answer(refusal), refusal
        except Gone:
            return
        except Exception as fault:  # noqa: BLE001 - the last wall: the caller gets a sentence, the log the rest
            answer, error = fault_answer(fault)
        if self._origins is not None and (call is None or b"origin" in call.headers):
            answer = self._origins.shown(answer, scope, None if call is None else call.caller)
        await send_answer(send, answer, bodyless=scope["method"] == "HEAD", receive=receive)
        if self._log == "all" or (answer.status >= _FIRST_FAULT and self._log == "errors"):
            self._tell(scope, call, answer.status, started, str(error) if error else None)
        if self._requests is not None:
            self._requests.note(scope, self._template, call, answer.status, started, error, self._with_body)

    async def _act(self, call: Call) -> Answer:
        """Carry out a request; a reading once more, if what it did not find was made a moment ago."""
        operation, rulebooks = self._operations[call.scope["method"]], self._context.rulebooks
        known = rulebooks.known(call.caller.environment)
        try:
            return await operation.act(call)
        except PlauditError as refusal:
            if refusal.code not in _DEFINED or call.scope["method"] not in _READING:
                raise
            await rulebooks.refresh()
            if rulebooks.known(call.caller.environment) is known:
                raise
        return await operation.act(call)

    async def _admit(self, scope: Scope, receive: Receive) -> Call:
        operation = self._operations.get(scope["method"])
        if operation is None:
            raise self._wrong_method(scope["method"])
        headers = dict(scope["headers"])
        if operation.audience is Audience.ANY_KEY:
            caller = await self._context.keyring.admit(headers)
        elif operation.audience is Audience.ADMIN and API_KEY in headers:
            caller = await self._context.keyring.admit(headers)
            caller.require_admin()
        else:
            caller = await self._admit_person(operation, scope, headers)
        path = {name: decoded(text, name) for name, text in scope["path_params"].items()}
        body = b"" if operation.body is None else await read_all(receive, headers, operation.limit)
        return Call(self._context, caller, headers, scope, path, body, self._context.clock())

    async def _admit_person(self, it: Operation, scope: Scope, headers: Mapping[bytes, bytes]) -> Caller:
        if it.audience is Audience.ANYONE:
            return await admit_anyone(self._context, scope, headers)
        if it.audience is Audience.MEMBERS:
            return await admit_person(self._context, scope, headers, it.role)
        return await admit_member(self._context, scope, headers, it.role)

    def _wrong_method(self, method: str) -> PlauditError:
        allowed = ", ".join(sorted(self._operations))
        return PlauditError(Code.WRONG_METHOD, path=self._template, method=method[:20], allowed=allowed)

    def _tell(
        self, scope: Scope, call: Call | None, status: int, started: float, sentence: str | None
    ) -> None:
        log_request(
            scope["method"],
            self._template,
            status,
            (perf_counter() - started) * 1000,
            key=call.caller.prefix if call else None,
            user=shown(call.path.get("id") if call else None),
            sentence=sentence,
        )


def decoded(text: str, name: str) -> str:
    """Decode one percent-encoded segment of a path, so that an id may hold a slash.

    Raises:
        PlauditError: ``INVALID_BODY``: it is not UTF-8.
    """
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise invalid(f"{name} in the path must be percent-encoded UTF-8") from None


async def read_all(receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> bytes:
    """Read a request's body, stopping as soon as it is too large.

    Raises:
        PlauditError: ``BODY_TOO_LARGE`` or ``ENCODED_BODY``.
        Gone: the caller hung up.
    """
    if (encoding := headers.get(b"content-encoding", b"identity")) != b"identity":
        raise PlauditError(Code.ENCODED_BODY, encoding=encoding[:20].decode("latin-1"))
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) > limit:
        raise PlauditError(Code.BODY_TOO_LARGE, limit=str(limit))
    message = await receive()
    body: bytes = message.get("body", b"")
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            break
    if message["type"] == "http.disconnect":
        raise Gone
    if len(body) > limit:
        raise PlauditError(Code.BODY_TOO_LARGE, limit=str(limit))
    return body


def fault_answer(error: Exception) -> tuple[Answer, str]:
    """Give the answer for a fault of ours, and its sentence; what broke goes into the log.

    An unexpected one is logged with its traceback under a reference that the caller is told.
    """
    if isinstance(error, Unavailable):
        logger.error("the database is not available", exc_info=error)
        told = PlauditError(Code.UNAVAILABLE, seconds="1")
    else:
        reference = secrets.token_hex(6)
        logger.error("unexpected", exc_info=error, extra={"facts": {"reference": reference}})
        told = PlauditError(Code.UNEXPECTED, reference=reference)
    return error_answer(told), told.sentence


def base_url(context: Context, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
    """Give what absolute links begin with; an unlikely Host header is not repeated."""
    if context.settings.base_url:
        return context.settings.base_url.rstrip("/")
    return _address(scope["scheme"], headers.get(b"host", b""))


@lru_cache(maxsize=256)
def _address(scheme: str, sent: bytes) -> str:
    host = sent.decode("latin-1")
    return f"{scheme}://{host if _HOST.fullmatch(host) else 'localhost'}"
