"""The submission: what refuses it, and the round that it closes. It holds the application's row."""

import json
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from candidates.applications.form import problems, values_of
from candidates.applications.states import OPEN_FOR_PICTURES, Status
from candidates.applications.windows import correction_closed
from candidates.applications.workflow import Actor, lock, move, require, window_closed
from candidates.models import Application
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.sections import SECTION_OF, SECTIONS
from candidates.rules.text import clean, kind_of
from materials import duplicates
from materials.desk import Desk
from materials.models import MaterialImage, Submission
from materials.needs import proving, still_owed
from materials.pictures.warnings import RETIRED
from materials.recalling import kept_of
from materials.rules.catalogue import BY_CODE


def is_ready(desk: Desk) -> bool:
    """Tell whether nothing but 提交审核 is left to do (还差一步), and there is time for it."""
    if desk.application.status not in OPEN_FOR_PICTURES or closed(desk):
        return False
    return bool(desk.images) and not obstacles(desk)  # without pictures there is nothing to ask the notices for


def closed(desk: Desk) -> str:
    """Say why the time to submit has not come, or is over; empty while it lasts."""
    application = desk.application
    if application.status == Status.RETURNED:
        return correction_closed(application, desk.now)
    return window_closed(application.session, "upload", desk.now)


def obstacles(desk: Desk) -> dict[str, str]:
    """Return what refuses a submission now: "field:…", "section:…", "category:…" or "image:…" -> sentence."""
    return {**_form_obstacles(desk), **_correction_obstacles(desk), **_empty_categories(desk)}


def _form_obstacles(desk: Desk) -> dict[str, str]:
    application = desk.application
    found = problems(application, now=desk.now)
    if application.status == Status.RETURNED:  # what was not named is not judged anew
        open_fields = {field for code in desk.unlocking.sections for field in SECTIONS[code].fields}
        open_fields |= set(desk.unlocking.fields)
        found = {field: sentence for field, sentence in found.items() if field in open_fields}
    titles = {field: SECTIONS[SECTION_OF[field]].title for field in found}
    return {f"field:{field}": f"{titles[field]}：{sentence}" for field, sentence in found.items()}


def has_new_picture(desk: Desk, code: str) -> bool:
    """Tell whether a category that a return named has got a picture since."""
    return any(not image.submitted and not image.is_owed for image in desk.images_in(code))


def _correction_obstacles(desk: Desk) -> dict[str, str]:
    found = {
        f"section:{code}": f"“{SECTIONS[code].title}”被退回，请修改后保存。" for code in desk.unlocking.unsaved_sections
    }
    for image in desk.images:
        if str(image.id) in desk.unlocking.images:
            title, number = BY_CODE[image.category].label, desk.images_in(image.category).index(image) + 1
            found[f"image:{image.id}"] = f"“{title}”第 {number} 张图片不合格：请替换，或删除后上传新的图片。"
    for code in desk.unlocking.categories:
        if code in desk.shown and not has_new_picture(desk, code):
            found[f"category:{code}"] = f"“{desk.shown[code].title}”被退回：请上传新的图片。"
    return found


def _empty_categories(desk: Desk) -> dict[str, str]:
    return {
        f"category:{line.category.code}": f"“{line.title}”必须上传，现在还没有图片。"
        for line in desk.lines
        if line.is_required and not desk.fills(line.category.code)
    }


def hints(desk: Desk) -> dict[str, str]:
    """Return what to look at before submitting, and what refuses nothing: category -> sentence."""
    found = {}
    for line in desk.lines:
        count = sum(desk.counts(image) for image in desk.images_in(line.category.code))
        if 0 < count < line.expected:
            found[line.category.code] = (
                f"“{line.title}”应有 {line.expected} 份材料，现在有 {count} 张图片：请确认没有遗漏。"
            )
    return found


UNDECLARED = "请先阅读并勾选这项承诺，再提交审核。"


@transaction.atomic
def submit(
    pk: int,
    *,
    actor: Actor,
    declared: bool,
    seen: int | None = None,
    shown: str | None = None,
    now: datetime | None = None,
) -> Application:
    """End uploading: keep the round's set of pictures and the form as they are, and lock everything.

    `declared`: the candidate has promised that all is true. `shown`: the Desk.fingerprint of the set that the page was
    drawn with. Raises Refused with what is missing (see obstacles), NotAllowed outside the window or where the set is
    another one, AlreadyMoved.
    """
    now = now or timezone.now()
    if not declared:
        raise Refused({"declaration": UNDECLARED})
    application = lock(pk, seen=seen)

    require("submit", application, actor)
    desk = Desk.of(application, now)
    if why := closed(desk):
        raise NotAllowed(why)
    if shown is not None and shown != desk.fingerprint():
        raise NotAllowed("图片在这一页打开以后有变动（例如在另一个页面）：下面是最新的内容，请核对后再提交。")
    found = obstacles(desk)
    if found:
        raise Refused(found)

    submission = _close_round(desk)
    move(application, "submit", actor, data={"round": submission.round, "images": _hashes(desk, submission)}, now=now)
    transaction.on_commit(partial(duplicates.mark, pk), robust=True)  # it is submitted, whatever becomes of this
    return application


def _close_round(desk: Desk) -> Submission:
    application = desk.application
    before, kept = desk.submission, kept_of(application)
    application.owed = still_owed(application)
    images = desk.round_set()
    MaterialImage.objects.filter(pk__in=[image.pk for image in images]).update(submitted=True, is_owed=False)

    form = form_of(application)
    application.round += 1
    application.submitted_at = desk.now
    application.first_submitted_at = application.first_submitted_at or desk.now
    application.certificate_numbers = duplicates.numbers_of(application)
    application.has_warnings = any(not RETIRED.issuperset(image.warnings) for image in images)

    return Submission.objects.create(
        application=application,
        round=application.round,
        at=desk.now,
        images=[image.pk for image in images],
        required=[line.category.code for line in desk.lines if line.is_required],
        shown=list(desk.shown),
        unjudged=sorted(proving(changed_fields(before, form))) if before else [],
        form=json.dumps(form),
        asked=desk.asked.kept(application.profile),
        declared_at=desk.now,
        before=kept,
    )


def _hashes(desk: Desk, submission: Submission) -> dict[str, str]:
    submitted = set(submission.images)
    return {str(image.pk): image.sha256 for image in desk.images if image.pk in submitted}


def form_of(application: Application) -> dict[str, str]:
    """Return the form's fields as text, references by their key; the further institutions as JSON, none as nothing."""
    return {field: _as_text(value) for field, value in values_of(application).items()}


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return "" if value is None else str(value)


def changed_fields(before: Submission, form: dict[str, str]) -> list[str]:
    """Return the fields that differ from what was submitted in that round."""
    was = before.filled
    return [field for field, value in form.items() if _spelt(field, was.get(field, "")) != _spelt(field, value)]


def _spelt(field: str, value: str) -> str:
    """Return the value as it is spelt today: a spelling that the portal itself has changed is no change."""
    return clean(value, kind_of(f"application.{field}"))
