"""The demo's badges: one for each achievement and each level, drawn by our own script."""

import pytest
from PIL import Image

from plaudit.demo.draw_badges import FOLDER, MEDALS, draw
from plaudit.demo.goals import GOALS
from plaudit.demo.rewards import LEVELS
from plaudit.model.catalog import Trigger


def test_there_is_one_badge_for_each_achievement_and_level_and_no_other():
    wanted = {goal.key for goal in GOALS} | {f"level-{key}" for key, *_ in LEVELS}
    assert wanted == {medal.name for medal in MEDALS} == {file.stem for file in FOLDER.glob("*.png")}


def test_all_five_triggers_and_all_three_metrics_are_shown():
    assert {goal.trigger for goal in GOALS} == set(Trigger)
    assert {goal.metric for goal in GOALS if goal.metric} == {"commits", "lines-added", "files-touched"}
    assert any(goal.late for goal in GOALS)


@pytest.mark.parametrize("medal", MEDALS[::4], ids=lambda medal: medal.name)
def test_a_badge_is_what_the_script_draws(medal):
    with Image.open(FOLDER / f"{medal.name}.png") as kept:
        drawn = draw(medal)
        assert kept.size == drawn.size == (256, 256)
        assert kept.mode == "RGBA"
        assert kept.getpixel((0, 0))[3] == 0
        assert kept.resize((8, 8)).convert("RGB").tobytes() == pytest.approx(
            drawn.resize((8, 8)).convert("RGB").tobytes(), abs=6
        )
