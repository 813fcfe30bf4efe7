"""Whether the process lives, and whether its database answers; for load balancers, without a key.

Refuses details: what is wrong stands in the log.
"""

from starlette.types import Receive, Scope, Send

from plaudit.storage.port import Unavailable
from plaudit.web.answers import Answer, as_json, send_answer
from plaudit.web.context import Context
from plaudit.web.door import fault_answer
from plaudit.web.pages import Page

ALIVE = as_json({"status": "ok"})


def alive_page() -> Page:
    """Serve liveness: an answer is the proof."""
    return Page(ALIVE)


class ReadyDoor:
    """Serves readiness: 200 when the database can be read, else 503."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the database for one number and answer."""
        del receive
        await send_answer(send, await self._answer(), bodyless=scope["method"] == "HEAD")

    async def _answer(self) -> Answer:
        try:
            await self._context.store.catalog.generation()
        except Unavailable as error:
            return fault_answer(error)[0]
        return ALIVE
