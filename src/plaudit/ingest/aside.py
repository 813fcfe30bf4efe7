"""Lets groups of events be decided beside this process, while it serves, counts ranks and writes.

Refuses small groups, and everything but events: they are decided here, sooner than they could be asked about.
"""

from collections.abc import Callable, Sequence

import msgspec

from plaudit.ingest.decider import Broken, Decider
from plaudit.model.commands import Command, RecordEvent
from plaudit.model.decided import Ask, Decided, Told
from plaudit.model.outcome import Refusal
from plaudit.operations.decide_aside import Stale, carry_out, unheard
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.aside_port import AsideLedger
from plaudit.storage.port import Conflict

FEW = 16
"""Events below which asking takes longer than deciding."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Decided).decode


class Aside:
    """Decides groups of events beside this process."""

    def __init__(
        self, decider: Decider, ledger: AsideLedger, rulebooks: Rulebooks, free: Callable[[], bool]
    ) -> None:
        """Use a decider.

        Args:
            decider: the process; started when the first group comes that is worth it.
            ledger: where it is written.
            rulebooks: of this process.
            free: whether nobody here has to hear of the outcomes themselves.
        """
        self._decider = decider
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._free = free

    async def record(
        self, commands: Sequence[Command], base_urls: Sequence[str], *, joined: bool = False
    ) -> list[Told | Refusal] | None:
        """Record a group of events; None if it has to be decided here, and nothing was stored.

        Raises:
            Unavailable: the database cannot be written; nothing of the group was stored.
        """
        if len(commands) < FEW or not self._may(commands):
            return None
        if not self._decider.ready:
            self._decider.start()
            return None
        mark = self._ledger.mark()
        if mark is None:
            return None
        ask = Ask(list(commands), joined, list(base_urls))  # type: ignore[arg-type]  # all of them are events
        try:
            decided = _decode(await self._decider.ask(_encode(ask)))
            if joined and decided.refused:
                return None  # one of them was refused: let it be told by who knows all the others
            return await carry_out(self._ledger, self._rulebooks, ask, decided, mark)
        except (Broken, Conflict, Stale):
            return None
        except msgspec.MsgspecError as error:
            self._decider.give_up(f"it said what cannot be read, {error}")
            return None

    async def close(self) -> None:
        """End the process."""
        await self._decider.close()

    def _may(self, commands: Sequence[Command]) -> bool:
        """Tell whether all of them are events that nobody is told about."""
        events = all(type(command) is RecordEvent for command in commands)
        return events and self._free() and unheard(self._rulebooks, commands)
