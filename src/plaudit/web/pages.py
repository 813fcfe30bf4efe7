"""Fixed pages: answers that need no key and never change while the process runs.

Refuses anything but GET and HEAD.
"""

from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from plaudit.model.errors import Code, PlauditError
from plaudit.web.answers import Answer, send_answer
from plaudit.web.errors import error_answer


class Page:
    """The ASGI endpoint of one fixed answer, made on first use when given as a function."""

    def __init__(self, answer: Answer | Callable[[], Answer]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the page."""
        del receive
        await send_answer(send, self._choose(scope), bodyless=scope["method"] == "HEAD")

    def _choose(self, scope: Scope) -> Answer:
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            wrong = {"path": scope["path"][:200], "method": method[:20], "allowed": "GET, HEAD"}
            return error_answer(PlauditError(Code.WRONG_METHOD, **wrong))
        if not isinstance(self._answer, Answer):
            self._answer = self._answer()
        return self._answer
