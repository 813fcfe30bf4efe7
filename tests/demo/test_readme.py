"""The README's commands, run as they stand there: sixty seconds to a badge, on a slice of the demo."""

import json
import re
import secrets
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import httpx
import pytest
from tests.demo.loading import quiet, run
from tests.support.server import Server

from plaudit.compose import clock, new_id
from plaudit.demo import load

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.xdist_group("readme")  # one process loads the slice, once
ROWS = 20
NEEDS_CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="The README asks for curl; install it.")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands():
    """Give each command of the console blocks, with the lines it goes on for."""
    return [
        command
        for block in blocks("console")
        for command in re.findall(r"^\$ (.*?)(?=^\$ |\Z)", block, re.DOTALL | re.MULTILINE)
    ]


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    """A server with the goals of the demo and its first commits, and the key that its first start prints."""
    rows = list(islice(load.contributions(), ROWS))

    async def filled(store):
        demo, key = await load.make_demo(store, clock(), new_id, secrets.token_bytes)
        await load.Loader(store, demo, clock, new_id).load(quiet)
        return key

    path = tmp_path_factory.mktemp("readme") / "plaudit.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "contributions", lambda: iter(rows))
        key = run(path, filled)
    with Server(f"sqlite:{path}", empty=True) as server:
        yield server, key


@NEEDS_CURL
def test_the_commands_of_the_readme_unlock_a_badge_and_make_an_achievement(stand):
    server, key = stand
    given = {"PLAUDIT": server.base, "KEY": key, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    (export,) = (command for command in commands() if command.startswith("export"))
    assert re.fullmatch(r"export PLAUDIT=http://127\.0\.0\.1:8000 KEY=adm_\.\.\.\n", export)
    event, listed, metric, achievement = (told for told in commands() if told.startswith("curl"))

    def shell(command):
        done = subprocess.run(["sh", "-c", command], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    answer = shell(event)
    assert (answer["total"], answer["currentStreak"]["length"]) == (1, 1)
    (badge,) = (each for each in answer["achievements"] if each["trigger"] == "metric")
    picture = httpx.get(badge["badgeUrl"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    found = {each["id"]: each for each in shell(listed)}
    assert found[badge["id"]]["achievedAt"]
    waiting = [each for each in found.values() if not each.get("achievedAt")]
    assert waiting
    assert all(0 <= each["progress"]["percent"] < 100 for each in waiting)
    (made,) = shell(metric)["created"]
    (novice,) = shell(achievement.replace("<id of the metric>", made["id"]))["created"]
    assert (novice["name"], novice["status"], novice["metricValue"]) == ("Novice", "active", 500)


def test_the_client_of_the_readme_is_answered(stand):
    server, key = stand
    (code,) = blocks("python")
    for told, meant in (("http://127.0.0.1:8000", server.base), ("adm_...", key), ('"ada"', '"ben"')):
        assert told in code
        code = code.replace(told, meant)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("['")
