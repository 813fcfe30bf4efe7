"""The demo's badges: one for each achievement and each level, drawn by our own script."""

import pytest
from PIL import Image

from plaudit.demo import draw_badges, icons
from plaudit.demo.draw_badges import FOLDER, MEDALS, draw
from plaudit.demo.goals import GOALS
from plaudit.demo.rewards import LEVELS
from plaudit.model.catalog import Trigger

LIKE = 24
"""Steps of 255 that a colour may be off: half of what tells the two most similar badges apart."""


def test_there_is_one_badge_for_each_achievement_and_level_and_no_other():
    wanted = {goal.key for goal in GOALS} | {f"level-{key}" for key, *_ in LEVELS}
    assert wanted == {medal.name for medal in MEDALS} == {file.stem for file in FOLDER.glob("*.png")}


def test_all_five_triggers_and_all_three_metrics_are_shown():
    assert {goal.trigger for goal in GOALS} == set(Trigger)
    assert {goal.metric for goal in GOALS if goal.metric} == {"commits", "lines-added", "files-touched"}
    assert any(goal.late for goal in GOALS)


@pytest.fixture
def quick(monkeypatch):
    """Let the script draw without the larger sketch that smooths edges: a sixteenth of the work."""
    for room in (icons, draw_badges):
        monkeypatch.setattr(room, "SCALE", 1)
    monkeypatch.setattr(draw_badges, "EDGE", icons.SIZE)


def kept(medal):
    with Image.open(FOLDER / f"{medal.name}.png") as picture:
        assert (picture.size, picture.mode) == ((256, 256), "RGBA"), medal.name
        assert picture.getpixel((0, 0))[3] == 0, f"{medal.name} has no clear corner"
        return picture.copy()


def seen(picture, edge=16):
    """Give the colours somebody sees from afar, on grey."""
    ground = Image.new("RGBA", picture.size, (128, 128, 128, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB").resize((edge, edge)).tobytes()


def apart(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def test_every_badge_is_what_the_script_draws_and_like_no_other(quick):
    files = {medal.name: seen(kept(medal)) for medal in MEDALS}
    for medal in MEDALS:
        drawn = seen(draw(medal))
        alike = [name for name, file in files.items() if apart(drawn, file) < LIKE]
        assert alike == [medal.name]


def test_a_badge_is_kept_as_finely_as_the_script_draws_it():
    assert apart(seen(draw(MEDALS[0]), 64), seen(kept(MEDALS[0]), 64)) <= 6
