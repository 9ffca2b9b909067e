"""What is counted while the portal serves; `/metrics` tells it (nmec_portal/metrics.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter

UPLOADS = Counter("nmec_uploads", "Pictures sent, by outcome (stored, refused) and refusal", ["outcome", "code"])
RENDERS = Counter("nmec_renders", "PDFs printed, by outcome (done, failed)", ["outcome"])
RENDER_SECONDS = Counter("nmec_render_seconds", "Seconds spent printing PDFs")


@contextmanager
def rendering() -> Iterator[None]:
    """Count one render, how it ended, and the seconds it took."""
    began, outcome = perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        RENDERS.labels(outcome).inc()
        RENDER_SECONDS.inc(perf_counter() - began)
