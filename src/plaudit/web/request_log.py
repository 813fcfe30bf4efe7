"""The log of requests: noted in memory as they are answered, kept in the database once a second.

Refuses to slow what it notes, and to grow: beyond so many a second, requests are counted only.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from time import perf_counter
from typing import Any

from msgspec import DecodeError, Struct
from msgspec.json import Decoder
from starlette.types import Scope

from plaudit.model.catalog import KeyKind
from plaudit.model.errors import PlauditError
from plaudit.model.ids import uuid7
from plaudit.model.requests import NOWHERE, Request
from plaudit.model.state import Identity
from plaudit.model.tenants import SHARED
from plaudit.storage.port import Unavailable
from plaudit.storage.requests_port import Requests
from plaudit.web.auth import Caller, Keyring

SUCCESSES, FAILURES = 100, 500
"""Requests kept a second, by each process."""

PATIENCE = 30_000
"""Milliseconds for which good answers to reading wait: keeping them is a commit, and after a commit
whoever is read has to be looked up again (decision 9)."""

LONGEST_BODY = 4096
"""Bytes of a body that is kept."""

LONGEST_PATH, LONGEST_QUERY = 1000, 2000
LONGEST_KEY = 255
DAY = 86_400_000
STEP = 1000
ERASING = frozenset(
    {
        ("DELETE", "/admin/v1/users/{id}"),
        ("POST", "/admin/v1/users/{id}/anonymise"),
    }
)
"""Calls after which a user's id is to be found nowhere."""

_FIRST_FAILURE = 400
_READING = frozenset({"GET", "HEAD"})
_ABOUT_USERS = ("/v1/users/{id}", "/admin/v1/users/{id}")
_EVENTS = "/v1/metrics/{key}/event"
_TEST_EVENTS = ("POST", "/admin/v1/users/{id}/events")
_ABOUT_METRICS = ("/v1/metrics/{key}", "/v1/users/{id}/metrics/{key}")


class _WhoIsMeant(Struct):
    id: str


class _Meant(Struct):
    user: _WhoIsMeant


class _Tested(Struct, rename="camel"):
    metric_key: str
    idempotency_key: str | None = None


_meant = Decoder(_Meant)
_tested = Decoder(_Tested)


class Note(Struct, frozen=True, gc=False):
    """One request as it was answered, before anything is made of it."""

    scope: Scope
    template: str
    caller: Caller | None
    path: Mapping[str, str]
    body: bytes
    status: int
    at: int
    seconds: float
    error: PlauditError | str | None


class RequestLog:
    """Notes requests of one process."""

    def __init__(
        self,
        requests: Requests,
        keyring: Keyring,
        clock: Callable[[], int],
        *,
        successes: bool = True,
        days: int = 7,
        rows: int = 200_000,
    ) -> None:
        """Begin with nothing noted.

        Args:
            requests: where they are kept.
            keyring: tells whose key a refused request carried.
            clock: gives Unix milliseconds.
            successes: keep requests that were answered well, too.
            days: for how long they are kept.
            rows: how many are kept at most.
        """
        self._requests = requests
        self._keyring = keyring
        self._clock = clock
        self._days, self._rows = days, rows
        self._most_successes = SUCCESSES if successes else 0
        self._counts_successes = int(successes)
        self._notes: list[Note] = []
        self._pressing = False
        self._successes = self._failures = self._left_out = 0

    def note(
        self,
        scope: Scope,
        template: str,
        call: Any,  # noqa: ANN401 - a Call, whose room imports this one
        status: int,
        started: float,
        error: PlauditError | str | None,
        with_body: Collection[str],
    ) -> None:
        """Note one request; what a member's page reads well is none.

        Args:
            scope: of the request.
            template: of its path, or empty when no route has it.
            call: as it was read, or None when it was refused before.
            status: that was answered.
            started: a reading of ``perf_counter``.
            error: that was answered, or its sentence.
            with_body: methods whose bodies are kept.
        """
        if status < _FIRST_FAILURE:
            if self._successes >= self._most_successes:
                self._left_out += self._counts_successes
                return
            if call.caller.visit is not None and scope["method"] in _READING:
                return
            self._successes += 1
            self._pressing = self._pressing or scope["method"] not in _READING
        elif self._failures >= FAILURES:
            self._left_out += 1
            return
        else:
            self._failures += 1
            self._pressing = True
        seconds = perf_counter() - started
        if call is None:
            self._notes.append(Note(scope, template, None, {}, b"", status, self._clock(), seconds, error))
            return
        body = call.body[: LONGEST_BODY + 1] if scope["method"] in with_body else b""
        self._notes.append(
            Note(scope, template, call.caller, call.path, body, status, call.now, seconds, error)
        )

    async def flush_due(self) -> None:
        """Keep what was noted, if it is more than reading that went well a moment ago."""
        oldest = self._notes[0].at if self._notes else None
        if self._pressing or (oldest is not None and self._clock() - oldest >= PATIENCE):
            await self.flush()
        else:
            # What is kept a second stays bounded while it waits.
            self._successes = self._failures = 0

    async def flush(self) -> None:
        """Keep what was noted; what cannot be kept now is counted as left out."""
        notes, left_out = self._notes, self._left_out
        self._notes, self._successes, self._failures, self._left_out = [], 0, 0, 0
        self._pressing = False
        if not notes and not left_out:
            return
        try:
            await self._requests.add([self._request(each) for each in notes], left_out, self._clock())
        except Unavailable:
            self._left_out += left_out + len(notes)

    async def forget(self, who: Identity) -> None:
        """Delete what is kept, and noted, of a user that goes."""
        await self.flush()
        await self._requests.forget(who.environment, who.user_id, who.tenant)

    async def prune(self) -> bool:
        """Forget what is old; tell whether there is more."""
        now = self._clock()
        oldest = now - self._days * DAY
        gone = await self._requests.prune(uuid7(oldest, bytes(10)), oldest // 3_600_000, self._rows, STEP)
        return gone >= STEP

    def _request(self, it: Note) -> Request:
        caller = it.caller or self._keyring.known(it.scope["headers"])
        method = it.scope["method"][:20]
        erases = (method, it.template) in ERASING
        tested = _tested_of(it)
        error = it.error if isinstance(it.error, PlauditError) else None
        sentence = error.sentence if error else it.error
        return Request(
            id=uuid7(it.at, secrets.token_bytes(10)),
            environment=NOWHERE if caller is None else caller.environment,
            at=it.at,
            method=method,
            path=it.template if erases else _path_of(it.scope),
            query=_text(it.scope["query_string"][:LONGEST_QUERY]),
            status=it.status,
            micros=round(it.seconds * 1_000_000),
            key=_key_of(it.scope, caller),
            user=None if erases else _user_of(it),
            metric=_metric_of(it, tested),
            code=error.code.name.lower() if error else None,
            sentence=None if erases or sentence is None else str(sentence)[:LONGEST_PATH],
            body=None if erases else _body_of(it.body),
            tenant=SHARED if caller is None else caller.tenant or SHARED,
            idempotency_key=_idempotency_key_of(it, tested),
        )


def _path_of(scope: Scope) -> str:
    raw: bytes | None = scope.get("raw_path")
    return _text(raw[:LONGEST_PATH]) if raw is not None else scope["path"][:LONGEST_PATH].replace("\0", "")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "")


def _key_of(scope: Scope, caller: Caller | None) -> str | None:
    """Give who asked, or what the beginning of a wrong key looks like, which is no secret."""
    if caller is not None:
        return caller.prefix
    sent = next((value for name, value in scope["headers"] if name == b"x-api-key"), b"")
    prefix, dot, _ = sent.partition(b".")
    return _text(prefix[:12]) if dot and prefix[:4] in {b"adm_", b"app_"} else None


def _user_of(it: Note) -> str | None:
    if it.caller is not None and it.caller.kind is KeyKind.APPLICATION and it.caller.user_id is not None:
        return it.caller.user_id
    if it.template.startswith(_ABOUT_USERS):
        return it.path.get("id")
    if not it.body or not it.template.startswith("/v1/"):
        return None
    try:
        found = _meant.decode(it.body).user.id[:255]
    except (DecodeError, UnicodeDecodeError):  # cut off, or no JSON
        return None
    return found.replace("\0", "")


def _tested_of(it: Note) -> _Tested | None:
    """Read which metric a test event is of, which stands in its body."""
    if (it.scope["method"], it.template) != _TEST_EVENTS:
        return None
    try:
        return _tested.decode(it.body)
    except (DecodeError, UnicodeDecodeError):
        return None


def _metric_of(it: Note, tested: _Tested | None) -> str | None:
    if tested is not None:
        return tested.metric_key[:LONGEST_KEY].replace("\0", "")
    return it.path.get("key") if it.template.startswith(_ABOUT_METRICS) else None


def _idempotency_key_of(it: Note, tested: _Tested | None) -> str | None:
    sent = None if tested is None else tested.idempotency_key
    if it.template == _EVENTS:
        header = next((value for name, value in it.scope["headers"] if name == b"idempotency-key"), None)
        sent = None if header is None else _text(header)
    return None if sent is None else sent[:LONGEST_KEY].replace("\0", "")


def _body_of(body: bytes) -> str | None:
    if not body or len(body) > LONGEST_BODY:
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
