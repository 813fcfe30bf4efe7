"""The published Node client drives the Application API, where Node is present."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Worlds

FOLDER = Path(__file__).parent / "node"
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
TODAY = datetime.now(UTC).date().isoformat()

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None,
    reason="Node and npm are not installed; install Node 18 or newer to let its client sit this exam.",
)


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the client from its lock into a folder of this run's own; parallel runs do not meet."""
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "walk.mjs"):
        shutil.copy(FOLDER / name, folder / name)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"npm ci failed:\n{done.stderr}"
    return folder


@pytest.fixture
def seen(client: Path, worlds: Worlds) -> Any:
    """Everything the walk has seen on a world with one achievement of each trigger."""
    world = worlds.make()
    words = world.metric("words")
    world.attribute("plan", "user")
    world.attribute("source", "event")
    novice = world.goal(words, 500, name="Novice")
    onboarded = world.achievement("api", "Onboarded", key="onboarded")
    daily = world.achievement("streak", "First day", streakLength=1)
    both = world.achievement("achievement", "Both", achievementIds=[novice, onboarded])
    year = world.achievement("anniversary", "One year", anniversaryYears=1)
    words_to_say = ["node", "walk.mjs", world.server.base, world.key, YESTERDAY, TODAY]
    done = subprocess.run(
        words_to_say, cwd=client, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    world.close()
    assert done.returncode == 0, done.stderr
    ids = {
        "words": words,
        "novice": novice,
        "onboarded": onboarded,
        "daily": daily,
        "both": both,
        "year": year,
    }
    return json.loads(done.stdout) | {"ids": ids}


def test_the_node_client_sees_what_the_server_did(seen: Any) -> None:
    ids = seen["ids"]
    event, replay = seen["event"], seen["replay"]
    assert (event["metricId"], event["total"]) == (ids["words"], 750.5)
    assert {done["id"] for done in event["achievements"]} == {ids["novice"], ids["daily"]}
    assert (event["currentStreak"]["length"], event["currentStreak"]["extended"]) == (1, True)
    assert (event["points"], event["leaderboards"]) == ({}, {})
    assert (replay["eventId"], replay["idempotentReplayed"]) == (event["eventId"], True)
    assert replay["achievements"] == event["achievements"]
    assert seen["unknownMetric"]["status"] == 404
    assert "colour" in seen["unknownAttribute"]["error"]
    assert seen["complete"]["completionId"] == seen["completeAgain"]["completionId"]
    assert seen["complete"]["achievement"]["key"] == "onboarded"


def test_the_node_client_reads_achievements(seen: Any) -> None:
    ids = seen["ids"]
    everything = {ids[name] for name in ("novice", "onboarded", "daily", "both", "year")}
    assert {item["id"] for item in seen["all"]} == everything
    assert {item["id"] for item in seen["earned"]} == everything - {ids["year"]}
    assert {item["id"] for item in seen["listed"]} == everything
    novice = next(item for item in seen["all"] if item["id"] == ids["novice"])
    assert (novice["completions"], novice["rarity"]) == (1, 100)


def test_the_node_client_reads_users_metrics_and_streaks(seen: Any) -> None:
    assert (seen["created"]["id"], seen["created"]["tz"]) == ("ben", "Asia/Kathmandu")
    assert seen["updated"] == seen["got"]
    assert seen["got"]["attributes"] == {"plan": "free"}
    assert seen["identified"]["name"] == "Cleo"
    assert seen["unknownUser"]["status"] == 404
    assert seen["metrics"] == [seen["metric"]]
    assert seen["metric"]["current"] == 750.5
    assert [day["change"] for day in seen["summary"]] == [0, 750.5]
    assert seen["streak"]["length"] == 1
    assert [period["length"] for period in seen["streak"]["streakHistory"]] == [0, 1]
    assert seen["streaks"][0]["userId"] == "ada"
