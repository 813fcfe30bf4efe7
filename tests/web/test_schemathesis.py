"""Schemathesis asks a real server what its OpenAPI documents promise: statuses, content types, schemas.

Refuses random runs: the seed is fixed. `PROOF_EXAMPLES` asks for more examples of each call.
"""

import json
import os
from collections.abc import Iterator
from itertools import pairwise

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from msgspec import Struct
from schemathesis.checks import not_a_server_error
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.conftest import Worlds
from tests.support.world import World

from plaudit.web.app import documents
from plaudit.web.openapi import text_of

EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "8"))
SEED = 20260101
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
APPLICATION = "/v1"
ADMIN = "/admin/v1"


def schema_of(name: str) -> BaseSchema:
    """Load one of our documents; every call is asked with what it wants and with what it does not."""
    generation = GenerationConfig(
        max_examples=EXAMPLES, deterministic=True, with_security_parameters=False, database="none"
    )
    phases = PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))
    project = ProjectConfig(generation=generation, phases=phases)
    config = SchemathesisConfig(seed=SEED, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(json.loads(text_of(documents()[name])), config=config)


class Town(Struct):
    """A world with one thing of each kind, and what paths call them."""

    world: World
    ids: dict[str, str]

    def ask(self, case: schemathesis.Case, root: str) -> None:
        """Send a case and hold the answer against the document; three of four name something that exists."""
        if sum(repr(case.path_parameters).encode()) % 4:
            self._name_what_exists(case)
        case.call_and_validate(
            base_url=self.world.server.base + root, headers={"X-API-KEY": self.world.key}, checks=CHECKS
        )

    def _name_what_exists(self, case: schemathesis.Case) -> None:
        """Put a known name into each place of the path; a place is called by the word before it."""
        parts = case.path.split("/")
        for noun, part in pairwise(parts):
            name = part.strip("{}")
            known = self.ids.get(f"{case.method} {noun}") or self.ids.get(f"{noun} {name}")
            if part != name and known:
                case.path_parameters[name] = known


@pytest.fixture(scope="module")
def town(sqlite_worlds: Worlds) -> Iterator[Town]:
    world = sqlite_worlds.make()
    words = world.metric("words")
    world.attribute("city", "user")
    world.attribute("source", "event")
    goal = world.goal(words, 5)
    world.achievement("api", "Onboarded", key="onboarded")
    trigger = {"type": "metric", "points": 10, "metricId": words, "metricThreshold": 1, "status": "active"}
    points = {
        "levels": [{"name": "Bronze", "key": "bronze", "points": 10}],
        "boosts": [{"name": "Double", "start": "2020-01-01", "multiplier": 2}],
        "triggers": [trigger],
    }
    system = world._make("points", {"name": "XP", "key": "xp"} | points)
    board = {"name": "Top", "key": "top", "rankBy": "metric", "metricId": words, "status": "active"}
    hook = {"name": "Hook", "url": "https://hooks.invalid/", "eventTypes": ["achievement.completed"]}
    ids = {
        "metrics key": "words",
        "metrics id": words,
        "achievements key": "onboarded",
        "achievements id": goal,
        "achievements achievementId": goal,
        "users id": "ada",
        "points key": "xp",
        "points id": system["id"],
        "points systemId": system["id"],
        "leaderboards id": world._make("leaderboards", board)["id"],
        "leaderboards key": "top",
        "DELETE users": "ben",
        "POST users": "ben",
        "webhooks id": world._make("webhooks", hook)["id"],
    }
    ids |= {f"{part} id": system[part][0]["id"] for part in ("levels", "boosts", "triggers")}
    for user in ("ada", "ben"):
        assert world.event(750.5, user).status_code == 201
    yield Town(world, ids)
    world.close()


APPLICATION_SCHEMA = schema_of("application")
ADMIN_SCHEMA = schema_of("admin").exclude(path="/feed")  # its answer has no end
CALM = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@APPLICATION_SCHEMA.parametrize()
@CALM
def test_the_application_api_answers_as_documented(case: schemathesis.Case, town: Town) -> None:
    town.ask(case, APPLICATION)


@ADMIN_SCHEMA.parametrize()
@CALM
def test_the_admin_api_answers_as_documented(case: schemathesis.Case, town: Town) -> None:
    town.ask(case, ADMIN)
