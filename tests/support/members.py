"""People of the dashboard: invited through the store, then known to the server by their cookie only.

Refuses to share addresses: each person comes from one of its own, so that throttles do not meet.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
from tests.support.server import NO_TRUST, Server

from plaudit.compose import clock, new_id, open_store
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.members import Role
from plaudit.operations.manage_members import invite

PASSWORD = "four little otters sing"


class Person:
    """Somebody with a browser: keeps cookies, and sends the CSRF token with what is no GET."""

    def __init__(self, server: Server, environment: str | None = None) -> None:
        self.server = server
        self.csrf: str | None = None
        self.email = ""
        headers = {"X-Forwarded-For": some_address(), "Origin": server.base}
        if environment is not None:
            headers["Environment"] = environment
        self.http = httpx.Client(base_url=server.base, headers=headers, timeout=60, verify=NO_TRUST)

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf} if self.csrf and method != "GET" else {}
        headers |= more.pop("headers", {})  # type: ignore[arg-type]  # what httpx takes
        return self.http.request(method, f"/admin/v1{path}", headers=headers, **more)  # type: ignore[arg-type]  # as above

    def get(self, path: str, **more: object) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, json: object) -> httpx.Response:
        return self.ask("POST", path, json=json)

    def log_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self._begun(self.post("/session", {"email": email, "password": password}))

    def accept(self, token: str, password: str = PASSWORD) -> httpx.Response:
        return self._begun(self.post("/session/accept", {"token": token, "password": password}))

    def set_up(self, token: str, **more: str) -> httpx.Response:
        draft = {"token": token, "email": "ada@example.com", "name": "Ada", "password": PASSWORD} | more
        return self._begun(self.post("/session/setup", draft))

    def close(self) -> None:
        self.http.close()

    def _begun(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == httpx.codes.CREATED:
            self.csrf = answer.json()["csrfToken"]
            self.email = answer.json()["member"]["email"]
        return answer


def some_address() -> str:
    """Make up an address of a caller."""
    return "2001:db8::" + ":".join(secrets.token_hex(2) for _ in range(3))


def new_email() -> str:
    """Make up an e-mail address."""
    return f"{secrets.token_hex(6)}@example.com"


def invited(server: Server, role: Role, email: str | None = None) -> str:
    """Make a member and give the token of its invitation."""
    with ThreadPoolExecutor(1) as pool:  # the caller's thread may run an event loop
        return pool.submit(asyncio.run, _invite(server, role, email or new_email())).result()


def member_of(server: Server, role: Role, environment: str | None = None) -> Person:
    """Make a member who is logged in."""
    person = Person(server, environment)
    answer = person.accept(invited(server, role))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return person


async def _invite(server: Server, role: Role, email: str) -> str:
    store = await open_store(server.settings())
    try:
        by = Author(CONSOLE, clock())
        made = await invite(store.members, by, email, email[:4], role, new_id, secrets.token_bytes)
        return made.token
    finally:
        await store.close()
