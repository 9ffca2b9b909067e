"""The submitted set of pictures, what has been judged of it, and what still stands in the way of passing it on."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from candidates.applications.states import Status
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import Refused
from materials.models import MaterialImage, Submission
from materials.rules import onsite
from materials.rules.catalogue import BY_CODE
from review.models import OnsiteTick, Verdict


@dataclass(frozen=True)
class Judgement:
    """A verdict on one picture: ok, or not_ok with the reason that the candidate reads."""

    verdict: str
    reason: str = ""


@dataclass(frozen=True)
class Tick:
    """One line of the on-site list: seen, or a note why not."""

    seen: bool
    note: str = ""


def submitted_images(application: Application) -> list[MaterialImage]:
    """The pictures of the current round's set, in the catalogue's order, removed ones included."""
    submission = Submission.objects.get(application=application, round=application.round)
    return _images_of(submission)


def _images_of(submission: Submission) -> list[MaterialImage]:
    found = MaterialImage.objects.in_bulk(submission.images)
    return [found[key] for key in submission.images]


def standing_verdicts(application: Application) -> dict[uuid.UUID, Verdict]:
    """The verdict that counts on each picture of the set; pictures whose verdict a change has voided are absent."""
    submissions = list(Submission.objects.filter(application=application).order_by("round"))
    if not submissions:
        return {}
    voided = {code: submission.round for submission in submissions for code in submission.unjudged}
    current = Verdict.objects.filter(image__in=submissions[-1].images, is_current=True).select_related("image")
    return {one.image_id: one for one in current if one.round >= voided.get(one.image.category, 0)}


def unjudged(application: Application) -> list[MaterialImage]:
    standing = standing_verdicts(application)
    return [image for image in submitted_images(application) if image.id not in standing]


def obstacles_to_pass(application: Application) -> dict[str, str]:
    """Why this application cannot be passed as it stands: "image:…" or "onsite" -> sentence."""
    return obstacles_of([application])[application.pk]


def obstacles_of(applications: Sequence[Application]) -> dict[int, dict[str, str]]:
    """The same for many: three statements however many there are, and one for each on-site list."""
    rounds: dict[int, list[Submission]] = {application.pk: [] for application in applications}
    submissions = Submission.objects.filter(application__in=list(rounds)).defer("form").order_by("round")
    for submission in submissions:
        rounds[submission.application_id].append(submission)
    images = MaterialImage.objects.in_bulk([key for mine in rounds.values() if mine for key in mine[-1].images])
    current = {one.image_id: one for one in Verdict.objects.filter(image__in=list(images), is_current=True)}
    found = {}
    for application in applications:
        mine = rounds[application.pk]
        voided = {code: submission.round for submission in mine for code in submission.unjudged}
        of_it = [images[key] for key in (mine[-1].images if mine else ())]
        unfit = {f"image:{image.id}": _unfit(image, current.get(image.id), voided) for image in of_it}
        found[application.pk] = {key: why for key, why in unfit.items() if why} | _unticked(application)
    return found


def _unfit(image: MaterialImage, verdict: Verdict | None, voided: Mapping[str, int]) -> str:
    title = BY_CODE[image.category].label
    if verdict is None or verdict.round < voided.get(image.category, 0):
        return f"“{title}”中有图片尚未审核。"
    return "" if verdict.verdict == "ok" else f"“{title}”中有图片不合格。"


def onsite_list_required(application: Application) -> bool:
    return application.status == Status.POINT_REVIEW and bool(
        application.region and application.region.onsite_list_required
    )


def _unticked(application: Application) -> dict[str, str]:
    if not onsite_list_required(application) or application.profile is None:
        return {}
    ticked = set(
        OnsiteTick.objects.filter(application=application, round=application.round).values_list("document", flat=True)
    )
    left = [
        line for line in onsite.lines(application.profile, year=application.session.year) if line.document not in ticked
    ]
    return {"onsite": f"现场审核清单还有 {len(left)} 项没有核对：逐项勾选，或注明原因。"} if left else {}


def judge(
    application: Application, judgements: Mapping[uuid.UUID, Judgement], actor: Actor, now: datetime
) -> dict[str, str]:
    """Writes the verdicts that differ from what stands; gives the verdict per picture for the record."""
    images = {image.id: image for image in submitted_images(application)}
    standing = standing_verdicts(application)
    for image_id, judgement in judgements.items():
        if image_id not in images:
            raise Refused({f"image:{image_id}": "这张图片不属于本次提交，请刷新页面。"})
        if images[image_id].removed_at:
            continue
        if judgement.verdict == "not_ok" and not judgement.reason.strip():
            raise Refused({f"image:{image_id}": "请填写这张图片不合格的原因。"})
        was = standing.get(image_id)
        reason = judgement.reason.strip() if judgement.verdict == "not_ok" else ""
        if was and (was.verdict, was.reason) == (judgement.verdict, reason):
            continue
        Verdict.objects.filter(image_id=image_id, is_current=True).update(is_current=False)
        Verdict.objects.create(
            image_id=image_id,
            round=application.round,
            verdict=judgement.verdict,
            reason=reason,
            level=actor.level,
            account=actor.account,
            at=now,
        )
    return {str(key): one.verdict for key, one in standing_verdicts(application).items()}


def tick(application: Application, ticks: Mapping[str, Tick], actor: Actor, now: datetime) -> None:
    """Writes the lines of the on-site list that were seen, or whose note says why not."""
    known = {line.document for line in onsite.lines(application.profile, year=application.session.year)}
    for document, one in ticks.items():
        if document not in known or not (one.seen or one.note.strip()):
            continue
        OnsiteTick.objects.update_or_create(
            application=application,
            round=application.round,
            document=document,
            defaults={"seen": one.seen, "note": one.note.strip(), "account": actor.account, "at": now},
        )
