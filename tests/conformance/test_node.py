"""The published Node client drives the Application API, where Node is present.

One call of it is left out: `streaks.rankings` asks for a route that the published API no longer has;
boards that rank by streak took its place.
"""

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
    """Everything the walk has seen on a world with one of each achievement, one points system, one board."""
    world = worlds.make()
    words = world.metric("words")
    world.attribute("plan", "user")
    world.attribute("source", "event")
    novice = world.goal(words, 500, name="Novice")
    onboarded = world.achievement("api", "Onboarded", key="onboarded")
    daily = world.achievement("streak", "First day", streakLength=1)
    both = world.achievement("achievement", "Both", achievementIds=[novice, onboarded])
    year = world.achievement("anniversary", "One year", anniversaryYears=1)
    trigger = {"type": "metric", "points": 10, "metricId": words, "metricThreshold": 100, "status": "active"}
    world._make("points", {"name": "XP", "key": "xp", "maxPoints": 1000, "triggers": [trigger]})
    board = {"name": "Top", "key": "top", "rankBy": "metric", "metricId": words, "status": "active"}
    world._make("leaderboards", board | {"start": YESTERDAY})
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
    assert (event["points"]["xp"]["added"], len(event["points"]["xp"]["awards"])) == (70, 7)
    assert (event["leaderboards"]["top"]["rank"], event["leaderboards"]["top"]["metricKey"]) == (1, "words")
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
    listed = {item["id"]: item for item in seen["listed"]}
    assert listed[ids["novice"]]["progress"] == {"current": 750.5, "target": 500, "percent": 100}
    assert listed[ids["daily"]]["progress"] == {"current": 1, "target": 1, "percent": 100}
    assert listed[ids["both"]]["progress"] == {"current": 2, "target": 2, "percent": 100}
    assert listed[ids["year"]]["progress"] == {"current": 0, "target": 1, "percent": 0}
    assert listed[ids["year"]].get("achievedAt") is None
    first = next(item for item in seen["event"]["achievements"] if item["id"] == ids["novice"])
    assert first["achievedAt"] == listed[ids["novice"]]["achievedAt"]
    assert abs(datetime.fromisoformat(first["achievedAt"]) - datetime.now(UTC)) < timedelta(minutes=5)
    completed = seen["complete"]["achievement"]["achievedAt"]
    assert completed == listed[ids["onboarded"]]["achievedAt"] == listed[ids["both"]]["achievedAt"]


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


def test_the_node_client_reads_points(seen: Any) -> None:
    points, system = seen["points"], seen["pointsSystem"]
    assert (points["key"], points["total"], points["maxPoints"]) == ("xp", 70, 1000)
    assert [award["total"] for award in points["awards"]] == [70, 60, 50, 40, 30]
    assert {award["trigger"]["type"] for award in points["awards"]} == {"metric"}
    assert [(day["date"], day["total"], day["change"]) for day in seen["pointsDays"]] == [
        (YESTERDAY, 0, 0),
        (TODAY, 70, 70),
    ]
    (trigger,) = system["triggers"]
    assert (system["id"], trigger["metricName"], trigger["metricThreshold"]) == (points["id"], "Words", 100)
    held = {(each["from"], each["to"]): each["users"] for each in seen["pointsRanges"] if each["users"]}
    assert held == {(0, 0): 2, (61, 70): 1}
    assert seen["unknownPoints"]["status"] == 404


def test_the_node_client_reads_leaderboards(seen: Any) -> None:
    (listed,) = seen["boards"]
    board, place = seen["board"], seen["place"]
    assert {listed["id"], board["id"], place["id"]} == {listed["id"]}
    assert (listed["status"], listed["start"], listed["maxParticipants"]) == ("active", YESTERDAY, 1000)
    assert [(row["userId"], row["rank"]) for row in board["rankings"]] == [("ada", 1)]
    assert (place["rank"], place["value"]) == (1, board["rankings"][0]["value"])
    assert [(past["rank"], past["timestamp"][:10]) for past in place["history"]] == [(1, TODAY)]
    assert seen["unknownBoard"]["status"] == 404


def test_the_node_client_reads_preferences_and_the_year(seen: Any) -> None:
    before, after = seen["preferences"]["notifications"], seen["changed"]["notifications"]
    assert (before["streakReminder"], before["recap"]) == (["email", "push"], ["email", "push"])
    assert (after["streakReminder"], after["recap"]) == ([], ["email"])
    assert after["achievementCompleted"] == before["achievementCompleted"]
    activity = seen["wrapped"]["activity"]
    year = activity["entireYear"]
    assert (seen["wrapped"]["user"]["id"], activity["daysActive"]) == ("ada", 1)
    assert activity["mostActiveDay"]["date"] == TODAY
    assert year["metrics"]["words"]["byAttribute"]["source"]["web"]["changeThisPeriod"] == 750.5
    assert (year["points"]["xp"]["currentTotal"], year["leaderboards"]["top"]["rank"]) == (70, 1)
    assert len(year["achievements"]) == 4
    assert year["longestStreak"]["length"] == 1
