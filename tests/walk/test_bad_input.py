"""Bodies nobody should send: a 4xx with one sentence that says what to do, and nothing stored.

Refuses a 500 for a client's fault, on both databases.
"""

import gzip
import json
import random
from urllib.parse import quote

import pytest
from tests.support.raw import exchange
from tests.support.world import refused

EVENT = "/v1/metrics/words/event"
GOOD = {"user": {"id": "ada"}, "value": 10}


def post(world, body, path=EVENT, **headers):
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return world.http.post(path, content=content, headers={"Content-Type": "application/json"} | headers)


def nothing_stored(world):
    assert world.http.get("/v1/users/ada").status_code == 404
    assert [goal["completions"] for goal in world.read("/v1/achievements")] == [0]


@pytest.fixture
def quiet(world):
    """A world in which anything that was stored would show: one word completes a goal."""
    world.goal(world.words, 1)
    yield world
    nothing_stored(world)


BROKEN = {
    "nothing": b"",
    "truncated": b'{"user":{"id":"ada"},"value":10',
    "two documents": b'{"user":{"id":"ada"},"value":10} {}',
    "single quotes": b"{'user':{'id':'ada'},'value':10}",
    "trailing comma": b'{"user":{"id":"ada"},"value":10,}',
    "invalid utf-8": b'{"user":{"id":"ada\xff"},"value":10}',
    "invalid utf-8 in an unknown field": b'{"user":{"id":"ada"},"value":10,"new":"\xff"}',
    "utf-16": '{"user":{"id":"ada"},"value":10}'.encode("utf-16"),
    "leading zero": b'{"user":{"id":"ada"},"value":010}',
    "bare minus": b'{"user":{"id":"ada"},"value":-}',
    "hexadecimal": b'{"user":{"id":"ada"},"value":0x10}',
    "line break in a text": b'{"user":{"id":"a\nda"},"value":10}',
    "html": b"<html></html>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_json_is_refused(quiet, name):
    refused(post(quiet, BROKEN[name]), 400, "The body is not valid JSON", "Send one JSON document")


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e999999999", "9" * 5000, "-" + "9" * 5000]
)
def test_what_is_no_finite_number_is_refused(quiet, number):
    answer = post(quiet, f'{{"user":{{"id":"ada"}},"value":{number}}}')
    refused(answer, 422, "value must be a finite number between", "Send a smaller number")


@pytest.mark.parametrize("number", ["0." + "1" * 5000, "1e-400", "1" * 9 + "." + "0" * 5000])
def test_a_long_number_within_the_limits_is_only_rounded(world, number):
    answer = post(world, f'{{"user":{{"id":"ada"}},"value":{number}}}')
    assert answer.status_code in {201, 422}, answer.text
    if answer.status_code == 201:
        assert answer.json()["total"] == pytest.approx(float(number), abs=1e-6)


WRONG_TYPES = [
    ("The body", [], []),
    ("The body", [], "text"),
    ("The body", [], 5),
    ("The body", [], None),
    ("user", ["user"], None),
    ("user", ["user"], "ada"),
    ("user", ["user"], ["ada"]),
    ("user.id", ["user", "id"], None),
    ("user.id", ["user", "id"], 5),
    ("user.id", ["user", "id"], {}),
    ("user.email", ["user", "email"], 5),
    ("user.name", ["user", "name"], ["Ada"]),
    ("user.tz", ["user", "tz"], 5),
    ("user.deviceTokens", ["user", "deviceTokens"], "token"),
    ("user.deviceTokens", ["user", "deviceTokens"], [5]),
    ("user.subscribeToEmails", ["user", "subscribeToEmails"], "yes"),
    ("user.attributes", ["user", "attributes"], "plan"),
    ("user.attributes", ["user", "attributes"], {"plan": 5}),
    ("value", ["value"], None),
    ("value", ["value"], "10"),
    ("value", ["value"], True),
    ("value", ["value"], [10]),
    ("value", ["value"], {}),
    ("attributes", ["attributes"], []),
    ("attributes", ["attributes"], {"course": 5}),
    ("timestamp", ["timestamp"], 5),
    ("timestamp", ["timestamp"], {}),
    ("timestamp", ["timestamp"], "yesterday"),
    ("timestamp", ["timestamp"], ""),
    ("timestamp", ["timestamp"], "2026-13-01T00:00:00Z"),
    ("timestamp", ["timestamp"], "2026-02-30T00:00:00Z"),
    ("timestamp", ["timestamp"], "2026-02-03T25:00:00Z"),
    ("timestamp", ["timestamp"], "0000-01-01T00:00:00Z"),
    ("timestamp", ["timestamp"], "99999-01-01T00:00:00Z"),
    ("timestamp", ["timestamp"], "9999-12-31T23:59:59Z"),
    ("timestamp", ["timestamp"], "2099-01-01T00:00:00Z"),
    ("signUpDate", ["user", "signUpDate"], "2026-02-30"),
    ("signUpDate", ["user", "signUpDate"], 5),
]


def changed(place, value):
    """Give the good body with one place changed."""
    body = json.loads(json.dumps(GOOD))
    if not place:
        return value
    inner = body
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return body


@pytest.mark.parametrize(("field", "place", "value"), WRONG_TYPES)
def test_a_wrong_field_is_named(quiet, field, place, value):
    quiet.attribute("course", "event")
    quiet.attribute("plan", "user")
    refused(post(quiet, json.dumps(changed(place, value))), 422, field)


@pytest.mark.parametrize("missing", ["user", "value"])
def test_a_missing_field_is_named(quiet, missing):
    body = {name: part for name, part in GOOD.items() if name != missing}
    refused(post(quiet, json.dumps(body)), 422, f"{missing} is missing")


BAD_IDS = {
    "empty": "",
    "256 bytes": "a" * 256,
    "256 bytes of ducks": "🦆" * 64,
    "nul": "ad\x00a",
    "control": "ad\x1ba",
    "delete": "ad\x7fa",
    "c1 control": "ad\x85a",
    "bidi override": "ad\u202ea",
    "bidi isolate": "ad\u2066a",
    "line separator": "ad\u2028a",
    "byte order mark": "\ufeffada",
    "leading space": " ada",
    "trailing space": "ada ",
    "no-break space": "ada\u00a0",
    "decomposed": "ade\u0301",
    "lone surrogate": "ad\ud800a",
}


@pytest.mark.parametrize("name", BAD_IDS)
def test_an_id_that_looks_like_another_is_refused_wherever_it_stands(quiet, name):
    """JSON texts are sent escaped, so that the id reaches the server as it is."""
    bad = BAD_IDS[name]
    status = 400 if name == "lone surrogate" else 422
    for path, body in (
        (EVENT, GOOD | {"user": {"id": bad}}),
        ("/v1/users", {"id": bad}),
        ("/v1/achievements/none/complete", {"user": {"id": bad}}),
        ("/admin/v1/metrics/events", [{"key": "words", "user": {"id": bad}, "value": 1}]),
    ):
        answer = post(quiet, json.dumps(body), path)
        assert answer.status_code in {status, 422}, (path, answer.text)
        refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "name", ["ada@example.com", "a/b", "a b", "Ünïcode", "日本", "🦆", "a" * 255, "%41", "a?b#c"]
)
def test_an_odd_but_clear_id_is_kept_as_it_is(world, name):
    assert post(world, json.dumps(GOOD | {"user": {"id": name}})).status_code == 201
    assert world.read(f"/v1/users/{quote(name, safe='')}")["id"] == name


def test_ids_that_differ_by_case_are_two_users(world):
    world.event(1, "Ada")
    world.event(2, "ada")
    assert (world.total("Ada"), world.total("ada")) == (1, 2)


@pytest.mark.parametrize("depth", [17, 200, 50_000])
@pytest.mark.parametrize("place", ["attributes", "unknown"])
def test_deep_nesting_is_refused(quiet, depth, place):
    deep = "[" * depth + "]" * depth
    answer = post(quiet, f'{{"user":{{"id":"ada"}},"value":10,"{place}":{deep}}}')
    assert answer.status_code in {400, 422}, answer.text
    refused(answer, answer.status_code)


@pytest.mark.parametrize(
    "body",
    [
        b'{"value":1,"user":{"id":"ada"},"value":10}',
        b'{"value":1,"user":{"id":"ada","id":"ada"}}',
        b'{"value":1,"user":{"id":"ada"},"attributes":{"course":"a","course":"b"}}',
        b'{"value":1,"user":{"id":"ada"},"v\\u0061lue":10}',
    ],
)
def test_a_field_sent_twice_is_refused(quiet, body):
    quiet.attribute("course", "event")
    refused(post(quiet, body), 422, "sent twice")


def test_unknown_fields_are_ignored_so_that_newer_clients_work(world):
    answer = post(world, json.dumps(GOOD | {"new": {"things": [1, 2]}}))
    assert answer.status_code == 201


@pytest.mark.parametrize("path", [EVENT, "/v1/users", "/admin/v1/metrics/events", "/admin/v1/achievements"])
def test_a_body_that_is_too_large_is_refused(quiet, path):
    body = json.dumps({"user": {"id": "ada", "name": "x" * 5_000_000}, "value": 10})
    refused(post(quiet, body, path), 413, "larger than", "bytes")


def test_a_megabyte_is_refused_for_one_event(quiet):
    body = json.dumps({"user": {"id": "ada", "name": "x" * 1_000_000}, "value": 10})
    refused(post(quiet, body), 413, "larger than")


def test_a_lie_about_the_length_of_a_body_is_not_believed(quiet):
    """Chunked, so no length is announced: the server counts for itself."""
    pieces = (b'{"user":{"id":"ada","name":"' if n == 0 else b"x" * 65536 for n in range(20))
    answer = quiet.http.post(EVENT, content=pieces)
    refused(answer, 413, "larger than")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x-unknown"])
def test_an_encoded_body_is_refused(quiet, encoding):
    body = gzip.compress(json.dumps(GOOD).encode())
    answer = post(quiet, body, **{"Content-Encoding": encoding})
    refused(answer, 415, "Content-Encoding", "Send the body uncompressed")


def test_a_header_line_that_is_no_header_gets_no_further(quiet):
    status, _ = exchange(quiet, "POST", EVENT, json.dumps(GOOD).encode(), b"no colon here")
    assert status == 400


SCRAPS = (b"", b'"', b"{", b"}", b"\\", b"\\u0000", b"-", b"e9", b"\x00", b"\xff", b"null", b"[]", b",")


def test_five_hundred_random_mistakes_are_never_the_servers_fault(world):
    """Bodies of a good event with bytes changed, doubled or cut, from a fixed seed."""
    chance = random.Random(20261124)
    body = json.dumps(
        {
            "user": {"id": "ada", "tz": "UTC", "attributes": {}},
            "value": 1.5,
            "timestamp": "2026-01-01T00:00:00Z",
        }
    ).encode()
    for _ in range(500):
        sent = bytearray(body)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(sent))
            sent[place : place + chance.randint(0, 3)] = chance.choice(SCRAPS)
        answer = post(world, bytes(sent))
        assert answer.status_code < 500, (bytes(sent), answer.text)
        assert answer.status_code == 201 or answer.json()["error"], bytes(sent)
