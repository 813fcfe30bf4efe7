"""What follows a commit: it may fail by itself, and must never be taken for a failure of what is stored.

Refuses to hide anything: whatever breaks is logged with where it broke.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger("plaudit.operations")


@contextmanager
def afterwards(what: str) -> Iterator[None]:
    """Carry out a step after a commit; an exception ends the step alone, since the caller was served.

    Were it to reach the turnstile, a group that is stored would be recorded again, event by event.
    """
    try:
        yield
    except Exception:
        logger.exception("%s failed after a commit; what was committed stays", what)
