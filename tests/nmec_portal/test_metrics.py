"""/metrics: with the token only, and what it says is so."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from candidates import jobs
from nmec_portal import metrics
from review.models import ArchiveState, Backup
from tests import factories

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-tests-only"


def value(name, **labels):
    """One sample of what /metrics says now; 0 where there is none yet."""
    wanted = ",".join(f'{key}="{labels[key]}"' for key in sorted(labels))
    pattern = re.escape(f"{name}{{{wanted}}}" if wanted else name) + r" (\S+)"
    found = re.search(rf"^{pattern}$", metrics.text().decode(), re.MULTILINE)
    return float(found[1]) if found else 0


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [(TOKEN, f"Bearer {TOKEN}", 200), (TOKEN, "Bearer another", 404), (TOKEN, "", 404), ("", "Bearer ", 404)],
)
def test_metrics_are_there_for_the_token_only(client, settings, token, sent, status):
    settings.METRICS_TOKEN = token
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert answer.status_code == status
    assert (b"nmec_queue_length" in answer.content) == (status == 200)


def test_requests_are_counted_by_view_and_class_of_status(client):
    before = (
        value("nmec_requests_total", view="help", status="2xx"),
        value("nmec_requests_total", view="none", status="4xx"),
    )
    client.get("/help/")
    client.get("/no/such/page/")
    after = (
        value("nmec_requests_total", view="help", status="2xx"),
        value("nmec_requests_total", view="none", status="4xx"),
    )
    assert after == (before[0] + 1, before[1] + 1)


def test_uploads_are_counted_by_outcome_and_code(client):
    application = factories.make_application("registered")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    stored = value("nmec_uploads_total", outcome="stored", code="")
    refused = value("nmec_uploads_total", outcome="refused", code="not_an_image")
    files = [
        SimpleUploadedFile("a.jpg", factories.a_picture().content),
        SimpleUploadedFile("b.jpg", b"something else"),
    ]
    client.post("/materials/identity/", {"images": files})
    assert value("nmec_uploads_total", outcome="stored", code="") == stored + 1
    assert value("nmec_uploads_total", outcome="refused", code="not_an_image") == refused + 1


def test_queues_outbox_jobs_and_renders_are_told():
    application = factories.make_application("point_review")
    assert [value("nmec_queue_length", level=level) for level in ("point", "site", "region")] == [1, 0, 0]
    waiting = application.account.inbox.filter(next_try_at__isnull=False).count()
    assert value("nmec_outbox_length", state="waiting") == waiting
    application.account.inbox.update(next_try_at=None, unreachable_at=application.account.date_joined)
    assert value("nmec_outbox_length", state="unreachable") == waiting
    assert [value("nmec_jobs", state=state) for state in ("waiting", "running", "failed")] == [0, 0, 0]
    jobs.ask("notices", point="1101001", year=2027)
    assert value("nmec_jobs", state="waiting") == 1
    assert value("nmec_renders_total", outcome="done") >= 0


def test_the_archives_lag_is_told_by_copy():
    now = timezone.now()
    assert value("nmec_archive_lag_seconds", copy="here") == 0  # no archive, and no sample
    ArchiveState.objects.create(seen_at=now, archived_until=now - timedelta(seconds=90))
    Backup.objects.create(name="one", kind="full", began_at=now, ended_at=now - timedelta(hours=2), size=1)
    assert 90 <= value("nmec_archive_lag_seconds", copy="here") < 120
    assert 7200 <= value("nmec_backup_age_seconds") < 7230


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "web-5f7", "x" * 300])
def test_each_process_is_asked_by_whatever_address_it_has_and_without_tls(client, settings, host):
    settings.METRICS_TOKEN, settings.ALLOWED_HOSTS = "t" * 20, ["portal.example.org"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, ["^(healthz|readyz|metrics)$"]
    token = {"Authorization": f"Bearer {'t' * 20}", "Host": host}
    asked = [client.get(path, headers=token) for path in ("/metrics", "/healthz", "/readyz", "/login/")]
    assert [one.status_code for one in asked[:3]] == [200] * 3
    assert asked[3].status_code in (301, 400)  # everything else wants the portal's own name
    assert client.get("/metrics", headers={"Host": host}).status_code == 404
