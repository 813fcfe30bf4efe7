"""The audit of rankings: every entry is somebody's score, every bucket says how many entries it holds.

Refuses to repair and to lock: it reads beside a serving process, and looks again before it names a drift.
"""

from plaudit.model.leaderboards import Ranking, RankKey
from plaudit.storage.port import Ledger

PAGE = 500
TRIES = 3


async def verify_rankings(ledger: Ledger) -> list[str]:
    """Give one sentence per ranking whose entries are not the scores, or whose buckets count wrong."""
    found: list[str] = []
    last = -1
    while page := await ledger.boards.rankings_after(last, PAGE):
        last = page[-1].number
        for ranking in page:
            found += await _verify(ledger, ranking)
    return found


async def _verify(ledger: Ledger, ranking: Ranking) -> list[str]:
    """Judge one ranking; while it moves, a difference may only mean that it was read in two moments."""
    drifts: list[str] = []
    for _ in range(TRIES):
        drifts = [
            f"ranking {ranking.number} of leaderboard {ranking.board}: a bucket says {count} and holds {held}"
            for _, count, held in await ledger.boards.buckets(ranking.number)
            if count != held
        ] + await _strangers(ledger, ranking)
        if not drifts:
            break
    return drifts


async def _strangers(ledger: Ledger, ranking: Ranking) -> list[str]:
    """Name entries that are nobody's score."""
    found, skip = [], 0
    while page := await ledger.boards.page(ranking.number, skip, PAGE):
        for key, user_id, _ in page:
            kept = await ledger.boards.score(key.member, ranking.board, ranking.run)
            if kept is None or _key(key, kept[0].ranking, kept[0].score, kept[0].reached_at) != key:
                found.append(f"user {user_id} stands in ranking {ranking.number} with another score")
        skip += PAGE
    size = await ledger.boards.size(ranking.number)
    if not skip and size:
        found.append(f"ranking {ranking.number} counts {size} entries and has none")
    return found


def _key(key: RankKey, ranking: int | None, score: int, reached_at: int) -> RankKey | None:
    return None if ranking is None else RankKey(ranking, -score, reached_at, key.member)
