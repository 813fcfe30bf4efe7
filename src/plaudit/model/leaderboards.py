"""The definitions of leaderboards: what ranks whom, and when."""

from enum import StrEnum

from msgspec import Struct


class RankBy(StrEnum):
    """What a leaderboard ranks by."""

    METRIC = "metric"
    POINTS = "points"
    STREAK = "streak"


class RunUnit(StrEnum):
    """Unit of a repeating leaderboard's run."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Leaderboard(Struct, frozen=True, tag=True, tag_field="kind"):
    """A ranking of users, perpetual or in runs of ``run_interval`` ``run_unit``s from ``start`` on.

    ``start`` and ``end`` (included) are days as ordinals; ``start_time`` and ``end_time`` minutes of
    the user's local day between which activity counts. ``breakdown`` names user attributes (ids)
    whose values each have a ranking of their own. ``status`` is active, inactive or finished.
    ``since`` is the environment version from which live events feed it; for users settled to an
    older version the backdate job builds it from their log. ``finished`` is when (Unix ms) it was
    finished by hand: what happens from then on does not count.
    """

    number: int
    id: bytes
    key: str
    name: str
    description: str | None
    rank_by: RankBy
    metric: int | None
    points_system: int | None
    start: int
    end: int | None
    start_time: int | None
    end_time: int | None
    max_participants: int | None
    run_unit: RunUnit | None
    run_interval: int | None
    breakdown: tuple[bytes, ...]
    user_attributes: tuple[tuple[bytes, str], ...]
    status: str
    created: int
    updated: int
    archived: bool = False
    since: int = 0
    finished: int | None = None


class Score(Struct, frozen=True, gc=False, array_like=True):
    """What a user has in one run of a board. Metric scores are micro-units, points and streaks whole.

    ``ranking`` is the ranking the user stands in, None while the user's attributes lead into none.
    Equal scores rank by ``reached_at`` (Unix ms), the event time that last moved the score. ``day`` is
    the local day of the last change that history keeps, and ``rank`` the rank it led to; earlier days
    stand in rows of their own, and ``day`` is None when the last change is not to be kept.
    """

    ranking: int | None
    score: int
    reached_at: int
    day: int | None = None
    rank: int | None = None


class NewestScore(Score, frozen=True, gc=False):
    """The score in the newest ``run`` (its first day) that a user has entered of a board."""

    run: int = 0


def in_run(it: Score, run: int) -> NewestScore:
    """Give a score with the first day of its run."""
    if type(it) is NewestScore:
        return it
    return NewestScore(it.ranking, it.score, it.reached_at, it.day, it.rank, run)


class Run(Struct, frozen=True, gc=False, array_like=True):
    """One run of a board: its first day and its last (None when it never ends), as ordinals."""

    start: int
    end: int | None


class ScoreChange(Struct, frozen=True, gc=False, array_like=True):
    """A user's score in one run before and after a command.

    ``values`` are the user's breakdown values; ``day`` is the local day the score was reached.
    """

    board: int
    run: Run
    before: Score | None
    after: Score
    values: tuple[str, ...]
    day: int


class RankKey(Struct, frozen=True, order=True, gc=False):
    """One entry of a ranking. ``place`` is what it is sorted by, as bytes (see ``place_of``)."""

    ranking: int
    place: bytes

    @property
    def score(self) -> int:
        """The score, as the board keeps it."""
        return score_at(self.place)

    @property
    def member(self) -> bytes:
        """The user's subject."""
        return self.place[-MEMBER:]


MEMBER = 16
"""Bytes of a member: a user's subject."""

_BEST, _EPOCH, _MS_BITS = 2**63, 2**47, 48


def place_of(score: int, reached_at: int, member: bytes) -> bytes:
    """Give 30 bytes that sort as entries stand: the highest score, who reached it first, then the subject.

    Args:
        score: within 63 bits.
        reached_at: Unix ms, within 4,459 years of 1970.
        member: the user's subject.
    """
    return ((_BEST - score) << _MS_BITS | (_EPOCH + reached_at)).to_bytes(14, "big") + member


def score_at(place: bytes) -> int:
    """Give the score of an entry from its place."""
    return _BEST - int.from_bytes(place[:8], "big")


def rank_key(subject: bytes, score: Score | None) -> RankKey | None:
    """Give the entry of a user's score in its ranking; None for one that stands in none."""
    if score is None or score.ranking is None:
        return None
    return RankKey(score.ranking, place_of(score.score, score.reached_at, subject))


def same_place(one: Score | None, other: Score | None) -> bool:
    """Tell whether two scores stand at the same place, whatever history keeps of them."""
    if one is None or other is None:
        return one is other
    return one.score == other.score and one.reached_at == other.reached_at and one.ranking == other.ranking


class RankChange(Struct, frozen=True, gc=False):
    """Where a change of score led: ranks are None for users who are not on the board.

    ``threshold`` is the score of the last one on a full board, 0 while there is room. ``first`` says
    that the ranking had no entry before the group's changes. ``left`` and ``entered`` are the entries.
    """

    change: ScoreChange
    previous_rank: int | None
    rank: int | None
    threshold: int
    first: bool = False
    left: RankKey | None = None
    entered: RankKey | None = None


class Ranking(Struct, frozen=True):
    """One group's ranking in one run of a board; ``number`` follows from everything else."""

    number: int
    environment: int
    tenant: str
    board: int
    run: int
    values: tuple[str, ...]
