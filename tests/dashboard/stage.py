"""A server with members, a slice of the demo and empty environments, ready for a browser.

Refuses to load the whole demo: its last commits, moved to the present, show every page full.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace
from tests.demo.loading import load_demo, run
from tests.support.members import Person, member_of
from tests.support.server import Server, free_port
from tests.support.world import World

from plaudit.demo import load
from plaudit.demo.contributions import Contribution, contributions
from plaudit.model.members import Role
from plaudit.web.cookies import NAME

SLICE = 800
_numbers = count(1)


class Stage:
    """One running server, and one member of each role."""

    def __init__(self, server: Server, hook_port: int) -> None:
        self.server = server
        self.hook_port = hook_port
        """Port of 127.0.0.1 that webhooks may go to."""
        self.people = {role: member_of(server, role) for role in Role}

    @property
    def owner(self) -> Person:
        return self.people[Role.OWNER]

    def cookie(self, role: Role) -> dict[str, str]:
        """Give the cookie of a member's session."""
        return {"name": NAME, "value": self.people[role].http.cookies[NAME], "url": self.server.base}

    def new_place(self, name: str = "Place") -> tuple[str, World]:
        """Make an empty environment: its key, and a world by an admin key of it."""
        key = f"place-{next(_numbers)}"
        made = self.owner.post("/environments", {"key": key, "name": name})
        assert made.status_code == 201, made.text
        return key, World(self.server, self.key_of(key))

    def key_of(self, environment: str) -> str:
        """Make an admin key of an environment."""
        headers = {"Environment": environment}
        made = self.owner.ask("POST", "/api-keys", json={"kind": "admin", "name": "Tests"}, headers=headers)
        assert made.status_code == 201, made.text
        return str(made.json()["key"])

    def furnish(self, environment: str) -> None:
        """Fill what the demo leaves empty: keys, a webhook that is told, requests that were refused."""
        world = World(self.server, self.key_of(environment))
        hook = f"http://127.0.0.1:{self.hook_port}/nobody-listens"
        assert world.http.post("/admin/v1/webhooks", json=[{"url": hook}]).status_code == 201
        world.app_key("ada")
        world.event(1000, "ada", metric="commits", profile={"name": "Ada", "tz": "Europe/London"})
        world.event("many", "ada", metric="commits")
        world.event(1, "ada", metric="no-such-metric")
        self.owner.post("/members", {"email": "new@example.com", "name": "Newcomer", "role": "viewer"})
        world.close()

    def read(self, path: str, environment: str) -> object:
        """Read something as the owner."""
        answer = self.owner.get(path, headers={"Environment": environment})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        for person in self.people.values():
            person.close()


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Load the slice, serve it, and let the members in."""
    path = folder / "plaudit.db"
    with patch.object(load, "contributions", _recent), ThreadPoolExecutor(1) as pool:
        pool.submit(run, path, load_demo).result()
    hook_port = free_port()
    environ = {
        "PLAUDIT_WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8",
        "PLAUDIT_WEBHOOK_HTTP": "true",
        "PLAUDIT_WEBHOOK_PORTS": str(hook_port),
    }
    with Server(f"sqlite:{path}", empty=True, environ=environ) as server:
        stage = Stage(server, hook_port)
        stage.furnish("demo")
        yield stage
        stage.close()


def _recent() -> Iterator[Contribution]:
    """Give the last commits as if the last one were an hour old."""
    last = deque(contributions(), SLICE)
    moved = datetime.now(UTC) - timedelta(hours=1) - last[-1].at
    return (replace(each, at=each.at + moved) for each in last)
