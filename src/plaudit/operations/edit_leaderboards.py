"""The acts on leaderboards: create, change, archive; what they newly count is built in the background.

Refuses to change how a live board counts. Its rules stand in ``edit_leaderboard_rules``.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from plaudit.model.leaderboards import Leaderboard
from plaudit.operations.edit_batch import (
    Bench,
    Edited,
    Editor,
    Unreadable,
    each,
    find,
    put_backdate,
    users_of,
)
from plaudit.operations.edit_leaderboard_rules import (
    LeaderboardDraft,
    LeaderboardPatch,
    change_board,
    plan_board,
)
from plaudit.storage.port import CatalogEdit


async def create_leaderboards(
    editor: Editor, items: Sequence[LeaderboardDraft | Unreadable]
) -> Edited[Leaderboard]:
    """Create leaderboards; live ones count everything since their first day."""
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def create(draft: LeaderboardDraft) -> Leaderboard:
            planned = plan_board(bench, draft, editor.new_id(editor.now), editor.now)
            return await _put(edit, bench, replace(planned, number=await edit.next_number("document")))

        edited = await each(items, create)
        await _build(edit, bench, editor, users, edited.done)
        return edited


async def update_leaderboards(
    editor: Editor, items: Sequence[LeaderboardPatch | Unreadable]
) -> Edited[Leaderboard]:
    """Change leaderboards; one that becomes live counts everything since its first day."""
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def update(patch: LeaderboardPatch) -> Leaderboard:
            board = find(_boards(bench), patch.id, "Leaderboard")
            return await _put(edit, bench, change_board(bench, board, patch, editor.now))

        edited = await each(items, update)
        await _build(edit, bench, editor, users, edited.done)
        return edited


async def delete_leaderboards(editor: Editor, ids: Sequence[str]) -> Edited[Leaderboard]:
    """Archive leaderboards; nothing counts on them any more."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def delete(id: str) -> Leaderboard:
            board = find(_boards(bench), id, "Leaderboard")
            return await _put(edit, bench, replace(board, archived=True, updated=editor.now))

        return await each(ids, delete)


def _boards(bench: Bench) -> dict[bytes, Leaderboard]:
    return {board.id: board for board in bench.of(Leaderboard)}


async def _put(edit: CatalogEdit, bench: Bench, board: Leaderboard) -> Leaderboard:
    await edit.put_document(board)
    bench.keep_document(board)
    return board


async def _build(
    edit: CatalogEdit, bench: Bench, editor: Editor, users: int, boards: Iterable[Leaderboard]
) -> None:
    """Ask for the scores of boards that are fed from this edit on to be built from what happened before."""
    if any(board.since == bench.next_version for board in boards):
        await put_backdate(edit, bench, editor, users)
