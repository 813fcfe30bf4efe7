"""What leaderboards count on: metrics and attributes that cannot be let go of.

Refuses to change anything.
"""

from plaudit.model.leaderboards import Leaderboard
from plaudit.operations.edit_batch import Bench, Invalid


def refuse_board_use(bench: Bench, *, metric: int | None = None, attribute: bytes | None = None) -> None:
    """Refuse to let go of a metric or attribute that a leaderboard counts on.

    Raises:
        Invalid: naming the leaderboard.
    """
    for board in bench.of(Leaderboard):
        filtered = {one for one, _ in board.user_attributes}
        if (metric is not None and board.metric == metric) or attribute in {*board.breakdown, *filtered}:
            raise Invalid(f"The leaderboard '{board.name}' counts on this. Delete or change it first.")
