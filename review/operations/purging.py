"""The end of a session's retention: pictures, documents, forms, names and opinions go; who did what and when stays.

What stays is pseudonymous: applications with number, status, units and times, their chains of records, looks, orders
and payments. Safe to stop and to run again: an application without a name has been purged.
"""

from collections.abc import Iterator

import pgtrigger
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Cast, Concat

from candidates.accounts import own_account
from candidates.applications.states import Status
from candidates.models import (
    Account,
    Application,
    Consent,
    ExamSession,
    FormDraft,
    LoginSession,
    Message,
    NoticeVersion,
    OneTimeCode,
    RecordNote,
)
from candidates.models.session import SessionState
from candidates.rules.refusals import NotAllowed
from candidates.rules.sections import SECTION_OF
from materials.models import MaterialImage, RenderedDocument, Submission, UploadCost
from review.models import (
    Appointment,
    Assignment,
    Capture,
    DraftVerdicts,
    DuplicateSettled,
    HandedOver,
    Hold,
    Note,
    OnsiteTick,
    ParkedLine,
    Question,
    Verdict,
    Waiting,
)

CHUNK = 50
# what assignment, notes, questions, appointments and duplicates have left on the application's row
UNMARKED: dict[str, object] = {
    "assigned_to": None,
    "has_notes": False,
    "question": None,
    "question_until": None,
    "question_answered": False,
    "appointment_at": None,
    "certificate_numbers": [],
    "duplicates": [],
    "duplicates_settled": [],
}
# what goes with its case
OF_CASES = (
    *(OnsiteTick, DraftVerdicts, Hold, NoticeVersion, FormDraft, Note, Question, DuplicateSettled, Assignment),
    *(Appointment, Waiting, ParkedLine, Capture, HandedOver),
)
# what says nothing about a person by itself, and what numbers are counted by
KEPT = frozenset({"document_type", "residency", "exam_category", "region", "site", "point"})


def remaining(session: ExamSession) -> QuerySet[Application]:
    return Application.objects.filter(session=session).exclude(name="")


def counts(session: ExamSession) -> dict[str, int]:
    """Count what a purge would take."""
    cases = remaining(session)
    return {
        "applications": cases.count(),
        "images": MaterialImage.objects.filter(application__in=cases).count(),
        "documents": RenderedDocument.objects.filter(application__in=cases).count(),
        "messages": Message.objects.filter(application__in=cases).count(),
        "accounts": _only_here(cases.values("account")).count(),
    }


def purge(session: ExamSession) -> Iterator[dict[str, int]]:
    """Purge chunk by chunk, each in a transaction of its own after its files have gone. Yield what went.

    Files first here: who is stopped in between finds the rows again, and with them the files that are left.
    """
    while keys := list(remaining(session).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        _remove_files(keys)
        with transaction.atomic():
            list(Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
            _remove_files(keys)  # of documents that were printed in the meantime
            yield _purge_rows(keys)


def close_for_good(session: ExamSession) -> None:
    """Write down that nothing personal is left in this session."""
    if not remaining(session).exists():
        ExamSession.objects.filter(pk=session.pk).update(state=SessionState.PURGED)


def may_forget(account: Account) -> bool:
    """Tell whether whatever this candidate applied for was withdrawn, and never submitted."""
    mine = Application.objects.filter(account=account)
    handled = models.Q(submitted_at__isnull=False) | models.Q(round__gt=0) | ~models.Q(status=Status.WITHDRAWN)
    return not mine.filter(handled).exists() and not Submission.every.filter(application__account=account).exists()


def forget_withdrawn(pk: int) -> None:
    """Purge at once a candidate who has withdrawn everything before any submission. Raise NotAllowed.

    What stays is what a purge leaves. The files go first: who is stopped in between finds the rows again.
    """
    keys = _held_to_forget(pk)
    _remove_files(keys)
    with transaction.atomic():
        keys = _held_to_forget(pk)
        _remove_files(keys)
        _purge_rows(keys)


@transaction.atomic
def _held_to_forget(pk: int) -> list[int]:
    account = own_account.hold(pk)  # as it is while an application is started
    if not may_forget(account):
        raise NotAllowed(own_account.HAS_APPLICATION)
    return list(Application.objects.filter(account=account).values_list("pk", flat=True))


def _remove_files(keys: list[int]) -> None:
    names = MaterialImage.objects.filter(application__in=keys).values_list("file", "thumbnail")
    documents = RenderedDocument.objects.filter(application__in=keys).exclude(file="").values_list("file")
    for row in (*names, *documents):
        for name in row:
            default_storage.delete(name)


def _purge_rows(keys: list[int]) -> dict[str, int]:
    accounts = list(Application.objects.filter(pk__in=keys).values_list("account", flat=True))
    Verdict.objects.filter(image__application__in=keys).delete()
    for model in OF_CASES:
        model._default_manager.filter(application__in=keys).delete()

    images, _ = MaterialImage.objects.filter(application__in=keys).delete()
    documents, _ = RenderedDocument.objects.filter(application__in=keys).delete()
    messages, _ = Message.objects.filter(application__in=keys).delete()

    RecordNote.objects.filter(record__application__in=keys).update(actor_name="", address=None, reason="", data={})
    with pgtrigger.ignore("materials.Submission:submissions_are_append_only"):
        Submission.every.filter(application__in=keys).update(form="", images=[], before=None, asked=None)

    applications = Application.objects.filter(pk__in=keys).update(**_blanks())
    return {
        "applications": applications,
        "images": images,
        "documents": documents,
        "messages": messages,
        "accounts": _forget(accounts),
    }


def _blanks() -> dict[str, object]:
    fields = [one for one in Application._meta.concrete_fields if one.name in SECTION_OF and one.name not in KEPT]
    blanks: dict[str, object] = {field.name: None if field.null else _nothing(field) for field in fields}
    blanks |= dict.fromkeys(["identity_hash", "mobile_hash", "data_key"], "")
    return {**blanks, "unlocked": {}, "passed_images": [], **UNMARKED}


def _nothing(field: models.Field) -> object:
    if isinstance(field, models.JSONField):
        return []
    return False if isinstance(field, models.BooleanField) else ""


def _only_here(accounts) -> QuerySet[Account]:
    """Select the candidates among these that have no application of another session that is still kept."""
    candidates = Account.objects.filter(pk__in=accounts, kind="candidate", is_active=True)
    sessions = Application.objects.filter(account=models.OuterRef("pk")).exclude(name="").order_by()
    return candidates.annotate(
        kept=models.Subquery(sessions.values("account").annotate(n=models.Count("session", distinct=True)).values("n"))
    ).filter(models.Q(kept=None) | models.Q(kept=1))


def _forget(keys: list[int]) -> int:
    """Make accounts of which no application is left nobody's; the number may register anew."""
    left = Account.objects.filter(pk__in=keys, kind="candidate").exclude(
        pk__in=Application.objects.filter(account__in=keys).exclude(name="").values("account")
    )
    gone = list(left.values_list("pk", flat=True))

    OneTimeCode.objects.filter(account__in=gone).delete()
    Message.objects.filter(account__in=gone).delete()
    UploadCost.objects.filter(account__in=gone).delete()
    Consent.objects.filter(account__in=gone).delete()
    LoginSession.objects.filter(account__in=gone).delete()

    nobody = Concat(models.Value("purged "), Cast("pk", models.CharField()))
    Account.objects.filter(pk__in=gone).update(
        name="",
        email="",
        sex="",
        document_number="",
        mobile="",
        password=UNUSABLE_PASSWORD_PREFIX,
        birth_date=None,
        valid_until=None,
        is_active=False,
        identity_hash=nobody,
        mobile_hash=nobody,
        email_hash=None,
        former_contact=None,
        contact_changed_at=None,
    )
    return len(gone)
