"""When retention is over the personal data goes, with its files; the chains of records stay and verify."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.models import Account, Application, ExamSession, Record, RecordNote
from candidates.models.session import WINDOWS
from materials.models import MaterialImage, Submission, UploadCost
from review.operations import purging
from tests import factories
from tests.review import casework

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("purge_session", *map(str, words), stdout=out)
    return out.getvalue()


def files(media_root):
    return [path for path in media_root.rglob("*") if path.is_file()]


def past(session: ExamSession) -> int:
    """The session becomes one that ended two years ago."""
    year, then = timezone.localtime().year - 2, timezone.now() - timedelta(days=500)
    windows = {f"{name}_{end}": then for name in WINDOWS for end in ("opens",)}
    windows |= {f"{name}_closes": then + timedelta(days=1) for name in WINDOWS}
    ExamSession.objects.filter(pk=session.pk).update(year=year, **windows)
    return year


def test_a_purge_takes_what_is_personal_and_keeps_what_was_done(media_root):
    application = factories.make_application("returned")
    number, records = application.number, Record.objects.count()
    UploadCost.objects.create(account=application.account, seconds=1, at=timezone.now())
    year = past(application.session)
    assert run(year).startswith(f"{year} 年度：将清除 1 份报名、4 张图片、0 份文书、3 条消息、1 个考生账号（未清除；")
    assert len(files(media_root)) == 8
    assert (
        run(year, "--yes-purge", year)
        == f"{year} 年度：已清除 1 份报名、4 张图片、0 份文书、3 条消息、1 个考生账号。\n"
    )
    after, account = Application.objects.get(), Account.objects.get(kind="candidate")
    assert (after.number, after.status, after.name, after.document_number, after.school) == (
        number,
        "returned",
        *[""] * 3,
    )
    assert account.name == ""
    assert account.mobile == ""
    assert account.is_active is False
    assert not account.has_usable_password()
    assert files(media_root) == []
    assert MaterialImage.objects.count() == 0
    assert Record.objects.count() == records
    assert UploadCost.objects.count() == 0
    assert set(RecordNote.objects.values_list("actor_name", "reason", "address")) == {("", "", None)}
    assert list(Submission.objects.values_list("form", "images")) == [("", [])]
    call_command("verify_records", stdout=(out := StringIO()))
    assert out.getvalue().endswith("全部相符。\n")
    assert run(year, "--yes-purge", year).startswith(f"{year} 年度：已清除 0 份报名、")


def test_a_purged_case_can_still_be_opened(client):
    application = factories.make_application("point_review")
    reviewer = casework.reviewer(application)
    year = past(application.session)
    run(year, "--yes-purge", year)
    client.force_login(reviewer)
    assert client.get(f"/review/applications/{application.number}/").status_code == 200


def test_who_applied_again_keeps_the_account_and_the_other_application():
    application = factories.make_application("registered")
    year = past(application.session)
    account = application.account
    again = registration.start(account, session=factories.make_session(), actor=Actor.of(account))
    assert purging.counts(ExamSession.objects.get(year=year))["accounts"] == 0
    run(year, "--yes-purge", year)
    again.refresh_from_db()
    account.refresh_from_db()
    assert again.name == "张某某"
    assert account.is_active is True
    assert account.name == "张某某"


@pytest.mark.parametrize("words", [(), ("--yes-purge", 1999)])
def test_a_session_that_goes_on_or_another_year_is_not_purged(words):
    application = factories.make_application("registered")
    with pytest.raises(CommandError, match="才全部结束，不能清除。"):
        run(application.session.year, *words)
    year = past(application.session)
    if words:
        with pytest.raises(CommandError, match="没有清除。"):
            run(year, *words)
    assert Application.objects.get().name == "张某某"


def test_a_storage_that_fails_is_told_with_what_is_gone_and_the_rest_stays(monkeypatch):
    year = past(factories.make_application("point_review").session)

    def broken(storage, name):
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage._wrapped), "delete", broken)
        with pytest.raises(CommandError, match=f"存储没有应答（gone）；{year} 年度已清除 0 份报名、.*请再次运行。"):
            run(year, "--yes-purge", year)
    assert Application.objects.get().name == "张某某"
    assert run(year, "--yes-purge", year).startswith(f"{year} 年度：已清除 1 份报名、4 张图片、")
