"""A purge of one session leaves every row and every file of the other as they were."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import ForeignKey
from django.utils import timezone

from candidates.models import (
    Account,
    Application,
    Consent,
    ExamSession,
    LoginSession,
    Look,
    Message,
    NoticeVersion,
    OneTimeCode,
    Record,
    RecordNote,
)
from materials.models import MaterialImage, RenderedDocument, Submission, UploadCost
from review.models import DraftVerdicts, Fee, Hold, OnsiteTick, OwedReceipt, Payment, PaymentOrder, Verdict
from review.operations import purging
from review.payments import orders
from tests import factories

pytestmark = pytest.mark.django_db

# what a case has of its own: each must be there in both sessions, or the comparison says nothing about it
OF_A_CASE = (
    Application, Record, RecordNote, Message, NoticeVersion, Look, MaterialImage, Submission, RenderedDocument, Verdict,
    OnsiteTick, OwedReceipt, Hold, DraftVerdicts, PaymentOrder, Payment,
)  # fmt: skip
OF_AN_ACCOUNT = (OneTimeCode, UploadCost, LoginSession, Message, Consent)
# and what goes with it; the others stay, without names
GOES = (MaterialImage, RenderedDocument, Verdict, Message, NoticeVersion, OnsiteTick, Hold, DraftVerdicts)


def a_full_case(session: ExamSession, account: Account) -> Application:
    """A paid case with at least one row of everything that a case can have."""
    now = timezone.now()
    application = factories.make_application("payment_due", session=session, account=account)
    reviewer = Account.objects.filter(kind="reviewer").first()
    mine = {"application": application, "account": reviewer}
    Look.objects.create(**mine, kind="case", round=1, at=now)
    Hold.objects.create(**mine, until=now)
    DraftVerdicts.objects.create(**mine, round=1, at=now)
    OnsiteTick.objects.create(**mine, round=1, document="身份证", seen=True, at=now)
    OwedReceipt.objects.create(application=application, category="diploma", record=application.last_record)
    name = f"documents/{uuid.uuid4().hex}.pdf"
    default_storage.save(name, ContentFile(b"%PDF"))
    RenderedDocument.objects.create(
        application=application, slug="notice", data_hash="0", file=name, size=4, sha256="0", rendered_at=now
    )
    Fee.objects.get_or_create(session=session, region=application.region, level="assistant", defaults={"amount": 26000})
    order = orders.create(application.pk, actor=factories.Actor.of(account))
    orders.settle(order.number, provider="cashier", trade_number=order.number, amount=26000, at=now)
    return application


def a_full_account(name: str) -> Account:
    account = factories.make_candidate(name)
    now = timezone.now()
    Consent.objects.create(account=account, version="1", at=now)
    OneTimeCode.objects.create(account=account, login_hash=name, code_hash=name, sent_at=now)
    UploadCost.objects.create(account=account, seconds=1, at=now)
    LoginSession.objects.create(account=account, session_key=uuid.uuid4().hex, session_data="", expire_date=now)
    Message.objects.create(account=account, at=now, next_try_at=now, old_subject="密码已更改", old_text="内容")
    return account


def path_to(model, target) -> str:
    """The lookup from a model to the application or account that its rows are about; "" where they are about none."""
    foreign = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    for field in foreign:
        if field.related_model is target:
            return field.name
    for field in foreign:
        beyond = path_to(field.related_model, target) if field.related_model not in (model, Account, Record) else ""
        if beyond:
            return f"{field.name}__{beyond}"
    return "record__application" if model is RecordNote else ""


def rows(purged: set[int], gone: set[int]) -> dict[str, dict[object, tuple[object, ...]]]:
    """Every row of every table that is not of the purged applications, nor of accounts that are nobody's after it."""
    return {model._meta.label: dict(_rows_of(model, purged, gone)) for model in apps.get_models() if _is_table(model)}


def _rows_of(model, purged: set[int], gone: set[int]) -> Iterator[tuple[object, tuple[object, ...]]]:
    found = model._default_manager.all()
    if model is Application:
        found = found.exclude(pk__in=purged)
    elif model is Account:
        found = found.exclude(pk__in=gone)
    elif path := path_to(model, Application):
        found = found.exclude(**{f"{path}__in": purged})
    if model not in (Application, Record, Look, Verdict) and hasattr(model, "account"):
        found = found.exclude(account__in=gone)
    fields = [field.attname for field in model._meta.concrete_fields]
    for row in found.values_list("pk", *fields):
        yield row[0], row[1:]


def _is_table(model) -> bool:
    return not model._meta.proxy and model._meta.managed


def files(media_root) -> dict[str, bytes]:
    return {str(path.relative_to(media_root)): path.read_bytes() for path in media_root.rglob("*") if path.is_file()}


def keys_of(application: Application) -> set[str]:
    pictures = MaterialImage.objects.filter(application=application).values_list("file", "thumbnail")
    documents = RenderedDocument.objects.filter(application=application).values_list("file")
    return {key for row in (*pictures, *documents) for key in row}


def test_everything_of_the_other_session_is_as_before(media_root):
    this_year = factories.make_session()
    last_year = factories.make_session(this_year.year - 1)
    only_then, only_now, both = (a_full_account(name) for name in ("张某某", "李某某", "王某某"))
    purged = [a_full_case(last_year, account) for account in (only_then, both)]
    kept = [a_full_case(this_year, account) for account in (both, only_now)]
    for model in OF_A_CASE:
        path = "pk" if model is Application else path_to(model, Application)
        assert all(model._default_manager.filter(**{path: one.pk}).exists() for one in (*purged, *kept)), model
    for model in OF_AN_ACCOUNT:
        assert model.objects.filter(account=both).exists(), model
    numbers = {one.pk for one in purged}, {only_then.pk}
    before, files_before = rows(*numbers), files(media_root)
    files_of_the_purged = keys_of(purged[0]) | keys_of(purged[1])

    messages = Message.objects.filter(application__in=purged).count()

    foreseen = purging.counts(last_year)
    gone = list(purging.purge(last_year))

    assert gone == [foreseen]
    assert gone == [{"applications": 2, "images": 8, "documents": 2, "messages": messages, "accounts": 1}]
    for model in GOES:
        assert not model._default_manager.filter(**{f"{path_to(model, Application)}__in": purged}).exists(), model
    for model in OF_AN_ACCOUNT:
        assert not model.objects.filter(account=only_then).exists(), model
    after, files_after = rows(*numbers), files(media_root)
    assert after.keys() == before.keys()
    for table in before:
        assert after[table] == before[table], table
    assert files_after == {name: content for name, content in files_before.items() if name not in files_of_the_purged}
    assert len(files_after) == 2 * (4 * 2 + 1)  # four pictures with their thumbnails, one document, in each case


def test_nobody_who_is_purged_is_left_in_the_pictures_that_once_passed():
    session = factories.make_session()
    application = factories.make_application("returned", session=session)
    Application.objects.update(passed_images=[uuid.uuid4()])
    assert len(list(purging.purge(session))) == 1
    application.refresh_from_db()
    assert application.passed_images == []


def test_what_is_printed_while_the_purge_waits_for_the_row_goes_too(media_root, monkeypatch):
    application = factories.make_application("registered")
    remove, calls = purging._remove_files, []

    def printed_in_between(keys):
        remove(keys)
        if not calls:
            default_storage.save("documents/late.pdf", ContentFile(b"%PDF"))
            RenderedDocument.objects.create(
                application=application,
                slug="notice",
                data_hash="0",
                file="documents/late.pdf",
                size=4,
                sha256="0",
                rendered_at=timezone.now() - timedelta(seconds=1),
            )
        calls.append(keys)

    monkeypatch.setattr(purging, "_remove_files", printed_in_between)
    [gone] = purging.purge(application.session)
    assert gone["documents"] == 1
    assert files(media_root) == {}
