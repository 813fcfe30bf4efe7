"""The doors of a user's metrics: totals, and how they moved.

Refuses metrics nobody defined.
"""

from plaudit.operations.read_event_summary import read_event_summary
from plaudit.operations.read_metrics import read_metric, read_metrics
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import summary_span
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.encode import metric_body, summary_of
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import check_id
from plaudit.web.shapes import MetricResponse, SummaryItem

ERRORS = (401, 403, 404, 422)
SPAN = (
    Parameter(
        "aggregation",
        "The kind of period. Weeks and months are told whole, from their first day to their last.",
        {"type": "string", "enum": ["daily", "weekly", "monthly"]},
        required=True,
    ),
    Parameter("startDate", "First day, as YYYY-MM-DD.", {"type": "string", "format": "date"}, required=True),
    Parameter(
        "endDate",
        "Last day, as YYYY-MM-DD; after startDate, by at most 400 days.",
        {"type": "string", "format": "date"},
        required=True,
    ),
)


@operation("List a user's metrics", {200: list[MetricResponse]}, errors=ERRORS)
async def list_all(call: Call) -> Answer:
    """Give the user's total in every metric, with the achievements it leads to."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    fragments = fragments_of(rulebook, call.base_url)
    found = await read_metrics(call.context.store.ledger, rulebook, who)
    return Answer(200, b"[" + b",".join(metric_body(fragments, each) for each in found) + b"]")


@operation("Get one of a user's metrics", {200: MetricResponse}, errors=ERRORS)
async def get(call: Call) -> Answer:
    """Give the user's total in one metric, with the achievements it leads to."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    found = await read_metric(call.context.store.ledger, rulebook, who, call.path["key"])
    return Answer(200, metric_body(fragments_of(rulebook, call.base_url), found))


@operation("Summarise a metric's events by period", {200: list[SummaryItem]}, parameters=SPAN, errors=ERRORS)
async def summarise(call: Call) -> Answer:
    """Give one row per period: the total at its end and the change in it."""
    span = summary_span(call.query())
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    rows = await read_event_summary(call.context.store.ledger, rulebook, who, call.path["key"], span)
    return as_json([summary_of(row) for row in rows])
