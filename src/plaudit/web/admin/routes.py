"""Every route of the Admin API, and the door of the badges, which needs no key.

Refuses logic: a route is a method, a path and the operation behind it.
"""

from starlette.types import ASGIApp

from plaudit.web.admin import (
    achievements,
    attributes,
    backdates,
    badges,
    events,
    keys,
    metrics,
    settings,
    webhooks,
)
from plaudit.web.context import Context
from plaudit.web.door import Rule

ADMIN_ROUTES: tuple[Rule, ...] = (
    ("POST", "/admin/v1/metrics/events", events.submit),
    ("GET", "/admin/v1/metrics", metrics.list_all),
    ("POST", "/admin/v1/metrics", metrics.create),
    ("PATCH", "/admin/v1/metrics", metrics.update),
    ("DELETE", "/admin/v1/metrics", metrics.delete),
    ("GET", "/admin/v1/metrics/{id}", metrics.get),
    ("GET", "/admin/v1/attributes", attributes.list_all),
    ("POST", "/admin/v1/attributes", attributes.create),
    ("PATCH", "/admin/v1/attributes", attributes.update),
    ("DELETE", "/admin/v1/attributes", attributes.delete),
    ("GET", "/admin/v1/attributes/{id}", attributes.get),
    ("GET", "/admin/v1/achievements", achievements.list_all),
    ("POST", "/admin/v1/achievements", achievements.create),
    ("PATCH", "/admin/v1/achievements", achievements.update),
    ("DELETE", "/admin/v1/achievements", achievements.delete),
    ("GET", "/admin/v1/achievements/{id}", achievements.get),
    ("POST", "/admin/v1/application-api-keys", keys.create),
    ("DELETE", "/admin/v1/application-api-keys", keys.delete),
    ("GET", "/admin/v1/tenants", tenants.list_all),
    ("POST", "/admin/v1/tenants", tenants.create),
    ("PATCH", "/admin/v1/tenants", tenants.update),
    ("DELETE", "/admin/v1/tenants", tenants.delete),
    ("GET", "/admin/v1/tenants/{id}", tenants.get),
    ("GET", "/admin/v1/settings", experiments.get),
    ("PATCH", "/admin/v1/settings", experiments.update),
    ("GET", "/admin/v1/environments", settings.list_environments),
    ("GET", "/admin/v1/streaks/settings", settings.get_streaks),
    ("PATCH", "/admin/v1/streaks/settings", settings.update_streaks),
    ("GET", "/admin/v1/backdates", backdates.list_all),
    ("POST", "/admin/v1/badges", badges.upload),
    ("GET", "/admin/v1/webhooks", webhooks.list_all),
    ("POST", "/admin/v1/webhooks", webhooks.create),
    ("PATCH", "/admin/v1/webhooks", webhooks.update),
    ("DELETE", "/admin/v1/webhooks", webhooks.delete),
    ("GET", "/admin/v1/webhooks/deliveries", webhooks.list_deliveries),
    ("GET", "/admin/v1/webhooks/deliveries/{id}", webhooks.get_delivery),
    ("POST", "/admin/v1/webhooks/deliveries/{id}/replay", webhooks.replay),
    ("GET", "/admin/v1/webhooks/{id}", webhooks.get),
    ("POST", "/admin/v1/webhooks/{id}/rotate", webhooks.rotate),
    ("POST", "/admin/v1/webhooks/{id}/test", webhooks.test),
)


def badge_door(context: Context) -> ASGIApp:
    """Give the endpoint of ``/badges/{name}``."""
    return badges.BadgeDoor(context)
