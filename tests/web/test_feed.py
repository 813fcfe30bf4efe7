"""The live feed: who is told what, at once, in every process, and no longer than allowed."""

import time

from tests.support.world import eventually
from tests.web.streams import listening


def test_what_happens_is_told_at_once(world):
    goal = world.goal(world.words, 5, name="Writer", key="writer")
    with listening(world.http) as feed:
        assert feed.status == 200
        assert feed.headers["content-type"] == "text/event-stream"
        began = time.monotonic()
        assert world.event(7.5, profile={"name": "Ada L."}).status_code == 201
        assert feed.hears("completion")
        assert time.monotonic() - began < 5
    (event,), (completion,) = feed.of("event"), feed.of("completion")
    assert event.pop("at") == completion.pop("at")
    assert event == {"userId": "ada", "userName": "Ada L.", "metric": "words", "value": 7.5, "total": 7.5}
    tag = {"id": goal, "key": "writer", "name": "Writer", "badgeUrl": None}
    assert completion == {"userId": "ada", "userName": "Ada L.", "achievement": tag}


def test_every_process_tells_what_happens_in_any(postgres_worlds):
    world = postgres_worlds.make()
    world.metric("words")
    with listening(world.http) as one, listening(world.http) as two:
        for n in range(20):
            with_own_connection(world, n)
        for feed in (one, two):
            assert eventually(lambda feed=feed: len({d["userId"] for d in feed.of("event")}) == 20)
    world.close()


def with_own_connection(world, n):
    world.http.close()
    world.http = type(world)(world.server, world.key).http
    assert world.event(1, f"user-{n}").status_code == 201
