"""Members of the shared servers, one of each role, and browsers of nobody."""

from collections.abc import Iterator

import pytest
from tests.conftest import Worlds
from tests.support.members import Person, member_of

from plaudit.model.members import Role


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request):
    found: Worlds = request.getfixturevalue(f"{request.param}_worlds")
    found.make().close()  # an environment that members can work in
    return found.server


@pytest.fixture(scope="module")
def team(server) -> Iterator[dict[Role, Person]]:
    """One member of each role."""
    people = {role: member_of(server, role) for role in Role}
    yield people
    for person in people.values():
        person.close()


@pytest.fixture
def owner(team) -> Person:
    return team[Role.OWNER]


@pytest.fixture
def nobody(server) -> Iterator[Person]:
    """A browser without a session."""
    person = Person(server)
    yield person
    person.close()
