"""Errors told to a server that speaks Sentry's protocol; off unless NMEC_SENTRY_DSN is set, and without anybody's data.

What goes out is built anew from what is known to be harmless: the kind of error, its masked message, the places in the
code, the view's name and the request's id. What a later version of the library adds to an event is not in it.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from nmec_portal import logs

OF_A_FRAME = ("filename", "function", "module", "lineno", "in_app")  # no variables, no lines of the source
KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment")


def start(address: str) -> None:
    """Report errors from now on, where an address is given. Raise ImproperlyConfigured where it is none."""
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.username or not parts.path.strip("/"):
        raise ImproperlyConfigured("NMEC_SENTRY_DSN must be https://key@host/project, as the server shows it.")
    try:
        import sentry_sdk
    except ModuleNotFoundError:
        raise ImproperlyConfigured("NMEC_SENTRY_DSN is set, and sentry-sdk is not installed.") from None
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=address,
        default_integrations=False,  # they look at requests, bodies, variables and the machine
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR)
        ],  # what is logged as an error, no crumbs
        auto_enabling_integrations=False,
        before_send=scrubbed,
        before_send_transaction=lambda event, hint: None,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        server_name="",
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
    )


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """Return a new event of what may be told."""
    told = {name: event[name] for name in KEPT if name in event}
    record = hint.get("log_record")
    if record is not None:
        told["logentry"] = {"message": logs.masked(record.getMessage())}
    values = event.get("exception", {}).get("values", [])
    if values:
        told["exception"] = {"values": [_error(one) for one in values]}

    told["tags"] = {name: value for name, value in _tags(record).items() if value}
    return told


def _error(value: dict[str, Any]) -> dict[str, Any]:
    frames = value.get("stacktrace", {}).get("frames", [])
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": logs.masked(value.get("value") or ""),
        "stacktrace": {"frames": [{name: one[name] for name in OF_A_FRAME if name in one} for one in frames]},
    }


def _tags(record: Any) -> dict[str, str]:
    """Return the request's id, as the answer's X-Request-Id and the log lines have it, and the view's name."""
    request = getattr(record, "request", None)
    found = getattr(request, "resolver_match", None)
    return {"request": logs.request_id.get(), "view": found.view_name if found else ""}
