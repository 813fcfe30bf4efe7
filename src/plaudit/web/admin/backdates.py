"""The door that shows how far back-dating is.

Refuses to start or stop one: edits ask for them, a job carries them out.
"""

from plaudit.model.catalog import Backdate
from plaudit.model.ids import uuid_text
from plaudit.web.admin.reading import PAGE, page_of
from plaudit.web.admin.shapes import AdminBackdate
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import time_text


@operation("List back-datings", {200: list[AdminBackdate]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the back-datings of the environment, the newest first, with their progress."""
    found = await call.context.store.catalog.backdates(call.caller.environment, unfinished=False)
    newest = sorted(found, key=lambda each: (each.version, each.id), reverse=True)
    return as_json([_backdate_of(each) for each in page_of(call, newest)])


def percent_of(backdate: Backdate) -> float:
    """Give how far a back-dating is, from 0 to 100, to one decimal."""
    if backdate.finished is not None:
        return 100.0
    return round(min(100.0, 100 * backdate.done / backdate.total), 1) if backdate.total else 0.0


def _backdate_of(it: Backdate) -> AdminBackdate:
    unfinished = "running" if it.done else "waiting"
    return AdminBackdate(
        id=uuid_text(it.id),
        version=it.version,
        status="finished" if it.finished is not None else unfinished,
        done=it.done,
        total=it.total,
        percent=percent_of(it),
        completions=it.completions,
        created=time_text(it.created),
        finished=None if it.finished is None else time_text(it.finished),
    )
