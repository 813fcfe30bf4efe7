"""The doors of metrics.

Refuses to change a metric's key, by which apps send events.
"""

from plaudit.model.catalog import Metric
from plaudit.model.ids import uuid_text
from plaudit.operations.edit_metrics import (
    MetricDraft,
    MetricPatch,
    UnitType,
    create_metrics,
    delete_metrics,
    update_metrics,
)
from plaudit.web.admin.reading import (
    IDS,
    PAGE,
    ItemReader,
    definitions_of,
    deleted_answer,
    editor_of,
    find_one,
    ids_of,
    page_of,
    renew,
)
from plaudit.web.admin.shapes import AdminMetric, CreatedMetrics, Deleted, UpdatedMetrics
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation

_drafts = ItemReader(MetricDraft)
_patches = ItemReader(MetricPatch)


@operation("List metrics", {200: list[AdminMetric]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the metrics, the oldest first."""
    return as_json([metric_of(metric) for metric in page_of(call, await _metrics(call))])


@operation("Get a metric", {200: AdminMetric}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one metric by its id."""
    return as_json(metric_of(find_one(call, await _metrics(call), "metric")))


@operation(
    "Create metrics",
    {201: CreatedMetrics, 200: CreatedMetrics},
    body=list[MetricDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 metrics. 201 when at least one was created, 200 when every item had an issue."""
    read = _drafts.read(call.body)
    edited = await create_metrics(editor_of(call), read.items)
    await renew(call)
    made = CreatedMetrics([metric_of(each) for each in edited.done], edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Update metrics",
    {200: UpdatedMetrics},
    body=list[MetricPatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Change the names and units of 1 to 100 metrics by id. Fields not sent are kept."""
    read = _patches.read(call.body)
    edited = await update_metrics(editor_of(call), read.items)
    await renew(call)
    return as_json(UpdatedMetrics([metric_of(each) for each in edited.done], edited.issues + read.warnings))


@operation("Delete metrics", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 metrics by id. One that an achievement or the streak counts on is kept."""
    edited = await delete_metrics(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def metric_of(metric: Metric) -> AdminMetric:
    """Give a metric as the Admin API shows it."""
    unit_type: UnitType = "currency" if metric.unit_type == "currency" else "number"
    return AdminMetric(uuid_text(metric.id), metric.name, metric.key, unit_type, metric.units)


async def _metrics(call: Call) -> list[Metric]:
    definitions = await definitions_of(call)
    return [metric for metric in definitions.metrics if not metric.archived]
