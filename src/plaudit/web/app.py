"""The front of the house: every route on one screen, and the ASGI app that leads to its door.

Refuses logic: a route is a method, a path and the operation behind it.
"""

from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from plaudit.model.errors import Code, PlauditError
from plaudit.web.admin.routes import ADMIN_ROUTES, badge_door
from plaudit.web.answers import STYLE_HEADERS, Answer, as_json, send_answer
from plaudit.web.application import (
    achievements,
    events,
    leaderboards,
    metrics,
    points,
    preferences,
    streaks,
    users,
    wrapped,
)
from plaudit.web.context import Context
from plaudit.web.dashboard_files import BUILT, DashboardDoor, File, read_files
from plaudit.web.door import Door, Rule
from plaudit.web.errors import error_answer
from plaudit.web.health import ReadyDoor, alive_page
from plaudit.web.log import log_request
from plaudit.web.openapi import document
from plaudit.web.pages import Page
from plaudit.web.reference import reference_answer, style_text

EVENT = "/v1/metrics/{key}/event"
EARNED = "/v1/users/{id}/achievements"
USER = "/admin/v1/users/{id}"

APPLICATION_ROUTES: tuple[Rule, ...] = (
    ("POST", EVENT, events.record),
    ("GET", "/v1/achievements", achievements.list_all),
    ("POST", "/v1/achievements/{key}/complete", achievements.complete),
    ("POST", "/v1/users", users.create),
    ("GET", "/v1/users/{id}", users.get),
    ("PUT", "/v1/users/{id}", users.identify),
    ("PATCH", "/v1/users/{id}", users.update),
    ("GET", "/v1/users/{id}/metrics", metrics.list_all),
    ("GET", "/v1/users/{id}/metrics/{key}", metrics.get),
    ("GET", "/v1/users/{id}/metrics/{key}/event-summary", metrics.summarise),
    ("GET", EARNED, achievements.list_of_user),
    ("GET", "/v1/users/{id}/preferences", preferences.get),
    ("PATCH", "/v1/users/{id}/preferences", preferences.update),
    ("GET", "/v1/users/{id}/streak", streaks.get),
    ("GET", "/v1/streaks", streaks.rank),
    ("GET", "/v1/users/{id}/points/{key}", points.of_user),
    ("GET", "/v1/users/{id}/points/{key}/boosts", points.boosts_of_user),
    ("GET", "/v1/users/{id}/points/{key}/event-summary", points.summarise_user),
    ("GET", "/v1/users/{id}/leaderboards/{key}", leaderboards.of_user),
    ("GET", "/v1/users/{id}/wrapped", wrapped.get),
    ("GET", "/v1/leaderboards", leaderboards.list_all),
    ("GET", "/v1/leaderboards/{key}", leaderboards.get),
    ("GET", "/v1/points/{key}", points.get),
    ("GET", "/v1/points/{key}/summary", points.summary),
    ("GET", "/v1/points/{key}/boosts", points.boosts),
    ("GET", "/v1/points/{key}/levels", points.levels),
    ("GET", "/v1/points/{key}/level-summary", points.level_summary),
)


def open_pages(context: Context, dashboard: ASGIApp | None) -> dict[str, ASGIApp]:
    """Give what is served without a key, by path; without a built dashboard, ``/`` leads to the reference."""
    to_docs = Page(Answer(307, b"", (*STYLE_HEADERS, (b"location", b"/docs"))))
    return {
        "/badges/{name}": badge_door(context),
        "/healthz": alive_page(),
        "/readyz": ReadyDoor(context),
        "/v1/openapi": Page(lambda: as_json(documents()["application"])),
        "/admin/v1/openapi": Page(lambda: as_json(documents()["admin"])),
        "/": dashboard or to_docs,
        "/docs": Page(lambda: reference_answer(list(documents().values()))),
        "/docs/reference.css": Page(Answer(200, style_text(), STYLE_HEADERS)),
    }


def documents() -> dict[str, dict[str, Any]]:
    """Describe both APIs."""
    return {
        "application": document("Plaudit Application API", APPLICATION_ROUTES, "/v1"),
        "admin": document("Plaudit Admin API", ADMIN_ROUTES, "/admin/v1"),
    }


def build_app(context: Context, folder: Path = BUILT) -> ASGIApp:
    """Give the ASGI app; opening and closing what the context holds is the caller's.

    Args:
        context: this process's services.
        folder: holds the built dashboard, if there is one.
    """
    return Front(context, read_files(folder))


class Front:
    """Leads each request to its door: the two busiest paths at once, all others through the router.

    Paths are matched as they were sent, still percent-encoded, so that an id may hold a slash.
    """

    def __init__(self, context: Context, files: dict[str, File] | None = None) -> None:
        doors = {path: Door(context, path, methods) for path, methods in _by_path().items()}
        self._event = doors[EVENT]
        self._earned = doors[EARNED]
        nowhere = Nowhere(context)
        dashboard = DashboardDoor(files, nowhere) if files else None
        leads: dict[str, ASGIApp] = {**doors, **_forks(doors), **open_pages(context, dashboard)}
        routes = [Route(path, door) for path, door in leads.items()]
        self._router = Router(routes, redirect_slashes=False, default=dashboard or nowhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (or lifespan event)."""
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        raw: bytes | None = scope.get("raw_path")
        path = quote(scope["path"]) if raw is None else raw.decode("latin-1")
        parts = path.split("/", 5)
        if len(parts) == 5 and parts[1] == "v1" and parts[3]:  # noqa: PLR2004 - "", v1, noun, which, what
            if parts[4] == "event" and parts[2] == "metrics":
                scope["path_params"] = {"key": parts[3]}
                await self._event(scope, receive, send)
                return
            if parts[4] == "achievements" and parts[2] == "users":
                scope["path_params"] = {"id": parts[3]}
                await self._earned(scope, receive, send)
                return
        await self._router({**scope, "path": path, "root_path": ""}, receive, send)


def _by_path() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for method, path, operation in (*APPLICATION_ROUTES, *ADMIN_ROUTES):
        paths.setdefault(path, {})[method] = operation
    return paths


class Fork:
    """Leads a path that is a verb and could also be an id, such as ``users/merge``, by its method."""

    def __init__(self, verb: Door, named: Door, params: dict[str, str]) -> None:
        self._verb = verb
        self._named = named
        self._params = params

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: the verb's door where it knows the method, else the door of the id."""
        if self._verb.serves(scope["method"]) or not self._named.serves(scope["method"]):
            await self._verb(scope, receive, send)
        else:
            await self._named({**scope, "path_params": self._params}, receive, send)


def _forks(doors: dict[str, Door]) -> dict[str, ASGIApp]:
    """Give the paths that are verbs among users, so that no user is out of reach; other ids are UUIDs."""
    prefix, _, param = USER.partition("{")
    return {
        path: Fork(door, doors[USER], {param.strip("}"): path.removeprefix(prefix)})
        for path, door in doors.items()
        if path.startswith(prefix) and "/" not in path.removeprefix(prefix) and path != USER
    }


class Nowhere:
    """Answers what leads nowhere with a sentence, and logs it as a door would."""

    def __init__(self, context: Context) -> None:
        self._log = context.settings.log
        self._requests = context.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with 404; close a websocket."""
        del receive
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        unknown = PlauditError(Code.UNKNOWN_ROUTE, method=scope["method"][:20], path=scope["path"][:200])
        answer = error_answer(unknown)
        await send_answer(send, answer, bodyless=scope["method"] == "HEAD")
        if self._log != "off":
            log_request(scope["method"], scope["path"], answer.status, 0, sentence=unknown.sentence)
        if self._requests is not None and scope["path"].startswith(("/v1/", "/admin/v1/")):
            started = perf_counter()
            self._requests.note(scope, "", None, answer.status, started, unknown, ())
