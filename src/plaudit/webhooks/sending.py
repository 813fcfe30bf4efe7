"""One attempt to tell one endpoint: POST, no redirects, no proxies, and what came of it as a value.

Refuses to raise for anything the outside world does: a refused address, a timeout or a broken
certificate is the result of an attempt.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

import certifi
import httpcore
from msgspec import Struct

from plaudit import __version__
from plaudit.webhooks.guard import Blocked, Policy, Target, check_addresses, target_of

SECONDS = 60.0
"""How long an endpoint may take, from resolving its name to the end of its reply."""

MOST_READ = 64 * 1024
"""Bytes of a reply that are read; what is longer is cut off."""

MOST_SHOWN = 1000
"""Characters of a reply that are kept."""

Resolve = Callable[[str, int], Awaitable[list[str]]]
Headers = Sequence[tuple[bytes, bytes]]

_AGENT = f"Plaudit/{__version__} (webhooks)".encode()


class Reply(Struct, frozen=True):
    """How an attempt ended: an HTTP status, or the error that kept it from one."""

    milliseconds: int
    status: int | None = None
    error: str | None = None
    head: str | None = None
    retry_after: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the endpoint took the message (2xx); a redirect did not."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - the 2xx themselves


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system for every address of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that were checked; TLS still names the host."""

    def __init__(self, policy: Policy, resolve: Resolve) -> None:
        """Reach what the policy allows.

        Args:
            policy: of the operator.
            resolve: gives the addresses of a name.
        """
        self._policy = policy
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, check every address, and connect to the first that answers."""
        failure: Exception = Blocked("resolves to no address")
        for address in check_addresses(await self._resolve(host, port), self._policy):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait; used by httpcore between its own retries, which are off."""
        await asyncio.sleep(seconds)


class Sender:
    """Sends messages; holds no connection open between two attempts, so that each is checked anew."""

    def __init__(
        self,
        policy: Policy,
        *,
        resolve: Resolve = resolve,
        seconds: float = SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare to send.

        Args:
            policy: what may be reached.
            resolve: gives the addresses of a name.
            seconds: how long an attempt may take.
            trust: whose certificates are believed; the system's and the usual ones if not given.
        """
        self._policy = policy
        self._seconds = seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or _usual_trust(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=GuardedNetwork(policy, resolve),
        )

    async def send(self, url: str, headers: Headers, body: bytes) -> Reply:
        """Make one attempt."""
        began = time.monotonic()
        try:
            target = target_of(url, self._policy)
            async with asyncio.timeout(self._seconds):
                return await self._post(target, headers, body, began)
        except Blocked as reason:
            error = f"the address {reason}"
        except TimeoutError:
            error = f"no complete answer within {self._seconds:g} s"
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as reason:
            error = f"{type(reason).__name__}: {reason}".strip(": ")
        return Reply(_since(began), error=error[:MOST_SHOWN])

    async def close(self) -> None:
        """Let go of what is still open."""
        await self._pool.aclose()

    async def _post(self, target: Target, headers: Headers, body: bytes, began: float) -> Reply:
        url = httpcore.URL(
            scheme=b"https" if target.secure else b"http",
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        given = [
            (b"Host", target.netloc.encode()),
            (b"User-Agent", _AGENT),
            (b"Content-Type", b"application/json"),
            (b"Content-Length", str(len(body)).encode()),
            (b"Connection", b"close"),
            *headers,
        ]
        async with self._pool.stream("POST", url, headers=given, content=body) as response:
            read = await _head(response)
            wish = {name.lower(): value for name, value in response.headers}.get(b"retry-after")
            return Reply(
                _since(began),
                status=response.status,
                head=_shown(read),
                retry_after=None if wish is None else wish[:100].decode("latin-1"),
            )


async def _head(response: httpcore.Response) -> bytes:
    read = b""
    async for part in response.aiter_stream():
        read += part
        if len(read) >= MOST_READ:
            break
    return read[:MOST_READ]


def _shown(reply: bytes) -> str:
    """Give how a reply begins, with nothing in it that a screen or a log would obey."""
    text = reply[:MOST_SHOWN].decode("utf-8", "replace")
    return "".join(
        each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _usual_trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
