from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from review.models import ExportMade, ExportRun
from review.models.export_run import SILENT
from review.reports import export_runs
from tests.factories import make_application, make_operator
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


def test_an_export_without_progress_for_long_is_told_as_such():
    case = make_application("point_review")
    with export_runs.running(reviewer(case), "pictures", "point_review", 2) as run:
        ExportRun.objects.update(moved_at=run.moved_at - SILENT * 2)
        assert [one.state for one in export_runs.of(run.account)] == ["silent"]


def test_a_run_that_ends_before_its_time_has_stopped():
    account = make_operator()
    with export_runs.running(account, "table", "paid", 2) as run:
        export_runs.moved(run, 1)
    assert [(one.done, one.state) for one in export_runs.of(account)] == [(1, "stopped")]


def test_pieces_are_counted_as_they_go_by():
    with export_runs.running(make_operator(), "pictures", "paid", 1) as run:
        assert list(export_runs.measured(run, [b"12", b"345"])) == [b"12", b"345"]
    assert ExportRun.objects.get().size == 5


def test_the_runs_of_last_week_are_forgotten_with_the_next_one():
    account = make_operator()
    with export_runs.running(account, "table", "paid", 0) as run:
        pass
    ExportRun.objects.filter(pk=run.pk).update(started_at=run.started_at - export_runs.KEPT - timedelta(hours=1))
    with export_runs.running(account, "table", "paid", 0) as new:
        assert list(ExportRun.objects.values_list("pk", flat=True)) == [new.pk]


def test_every_export_is_written_down_for_good():
    account = make_operator()
    with export_runs.running(account, "table", "paid", 3):
        [made] = ExportMade.objects.all()
    assert (made.account, made.kind, made.held, made.number) == (account, "table", {"status": "paid"}, 3)
    for change in (lambda: ExportMade.objects.update(number=0), ExportMade.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_each_packet_is_an_export_too(client):
    case = make_application("point_review")
    mine = reviewer(case)
    client.force_login(mine, backend="candidates.accounts.auth.LoginNameBackend")
    for _ in range(2):
        client.get(f"/review/applications/{case.number}/packet.pdf")
    assert [(one.account, one.kind, one.held) for one in ExportMade.objects.all()] == [
        (mine, "packet", {"number": case.number})
    ] * 2
