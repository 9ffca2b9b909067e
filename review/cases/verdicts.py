"""The submitted set of pictures, what has been judged of it, and what still stands in the way of passing it on.

A decision reads all of it once, as a Round, and hands it along.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from candidates.applications.states import Status
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import Refused
from materials.models import MaterialImage, Submission
from materials.needs import asked_then, onsite_lines_of
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


@dataclass
class Round:
    """What was submitted last, with the verdicts on it."""

    application: Application
    images: list[MaterialImage]  # the set, in the catalogue's order, removed ones included
    current: dict[uuid.UUID, Verdict]  # the newest verdict on each picture, whether it still counts or not
    voided: dict[str, int]  # category -> the round from which on its verdicts count: a change has voided the others
    submission: Submission | None = None
    standing: dict[uuid.UUID, Verdict] = field(init=False)  # the verdicts that count
    given: set[uuid.UUID] = field(default_factory=set)  # pictures that this decision has judged itself
    ticks: dict[str, OnsiteTick] = field(default_factory=dict)  # of the on-site list, as far as it has been read
    ticks_before: list[OnsiteTick] = field(default_factory=list)  # those whose place this decision's have taken

    def __post_init__(self) -> None:
        found = ((image, self.current.get(image.id)) for image in self.images)
        self.standing = {
            image.id: verdict
            for image, verdict in found
            if verdict is not None and verdict.round >= self.voided.get(image.category, 0)
        }

    @classmethod
    def of(cls, application: Application) -> "Round":
        """Read the round of one application. Hold its row where a decision is to follow from it."""
        return rounds_of([application])[application.pk]

    @classmethod
    def from_rows(
        cls,
        application: Application,
        submissions: Sequence[Submission],
        images: Mapping[uuid.UUID, MaterialImage],
        verdicts: Iterable[Verdict],
    ) -> "Round":
        """Put together what has been read: every submission, oldest first, and the current verdicts."""
        return cls(
            application=application,
            images=[images[key] for key in submissions[-1].images] if submissions else [],
            current={verdict.image_id: verdict for verdict in verdicts},
            voided={code: one.round for one in submissions for code in one.unjudged},
            submission=submissions[-1] if submissions else None,
        )

    @property
    def in_words(self) -> dict[str, str]:
        """The verdict on each picture, for the record."""
        return {str(key): verdict.verdict for key, verdict in self.standing.items()}

    @property
    def obstacles(self) -> dict[str, str]:
        """Why it cannot be passed as it stands: "image:…" or "onsite" -> sentence. Reads the on-site list's ticks."""
        found = {f"image:{image.id}": self._unfit(image) for image in self.images}
        return {key: why for key, why in found.items() if why} | _unticked(self)

    def _unfit(self, image: MaterialImage) -> str:
        title, verdict = BY_CODE[image.category].label, self.standing.get(image.id)
        if verdict is None:
            return f"“{title}”中有图片尚未审核。"
        return "" if verdict.verdict == "ok" else f"“{title}”中有图片不合格。"


def rounds_of(applications: Sequence[Application]) -> dict[int, Round]:
    """Read the rounds of many by their keys: three statements, however many there are."""
    submissions: dict[int, list[Submission]] = {application.pk: [] for application in applications}
    for one in Submission.objects.filter(application__in=list(submissions)).defer("form").order_by("round"):
        submissions[one.application_id].append(one)

    images = MaterialImage.objects.in_bulk([key for mine in submissions.values() if mine for key in mine[-1].images])
    verdicts: dict[int, list[Verdict]] = {application.pk: [] for application in applications}
    for verdict in Verdict.objects.filter(image__in=list(images), is_current=True):
        verdicts[images[verdict.image_id].application_id].append(verdict)

    return {one.pk: Round.from_rows(one, submissions[one.pk], images, verdicts[one.pk]) for one in applications}


def submitted_images(application: Application) -> list[MaterialImage]:
    """Return the pictures of the current round's set, in the catalogue's order, removed ones included.

    None where it has been recalled since the application was read.
    """
    submission = Submission.objects.filter(application=application, round=application.round).first()
    keys = submission.images if submission else []
    found = MaterialImage.objects.in_bulk(keys)
    return [found[key] for key in keys]


def judge(judged: Round, judgements: Mapping[uuid.UUID, Judgement], actor: Actor, now: datetime) -> None:
    """Write the verdicts that differ from what stands. Raise Refused for one without its reason, or of another set."""
    images = {image.id: image for image in judged.images}
    given = []
    for image_id, judgement in judgements.items():
        if image_id not in images:
            raise Refused({f"image:{image_id}": "这张图片不属于本次提交，请刷新页面。"})
        if images[image_id].removed_at:
            continue
        if judgement.verdict == "not_ok" and not judgement.reason.strip():
            raise Refused({f"image:{image_id}": "请填写这张图片不合格的原因。"})

        reason = judgement.reason.strip() if judgement.verdict == "not_ok" else ""
        was = judged.standing.get(image_id)
        if was is None or (was.verdict, was.reason) != (judgement.verdict, reason):
            given.append(
                Verdict(
                    image_id=image_id,
                    round=judged.application.round,
                    verdict=judgement.verdict,
                    reason=reason,
                    level=actor.level,
                    account=actor.account,
                    at=now,
                )
            )
    _write(judged, given)


def _write(judged: Round, given: list[Verdict]) -> None:
    """Put the new verdicts in the place of the current ones, in the database and in the round."""
    replaced = [judged.current[one.image_id].pk for one in given if one.image_id in judged.current]
    if replaced:
        Verdict.objects.filter(pk__in=replaced).update(is_current=False)

    Verdict.objects.bulk_create(given)
    new = {one.image_id: one for one in given}
    judged.given |= new.keys()
    judged.current |= new
    judged.standing |= new


# --- the on-site list ------------------------------------------------------------------------------------------------


def onsite_list_required(application: Application) -> bool:
    return application.status == Status.POINT_REVIEW and bool(
        application.region and application.region.onsite_list_required
    )


def onsite_lines(application: Application, submission: Submission | None = None) -> tuple[onsite.Line, ...]:
    """List what is to be shown at the registration point, as it was when this was submitted; else as it is now."""
    return onsite_lines_of(application, asked=asked_then(application, submission) if submission else None)


def tick(judged: Round, ticks: Mapping[str, Tick], actor: Actor, now: datetime) -> None:
    """Write the lines of the on-site list that were seen, or whose note says why not, where they differ from before."""
    application = judged.application
    if ticks or onsite_list_required(application):
        done = OnsiteTick.objects.filter(application=application, round=application.round)
        judged.ticks = {one.document: one for one in done}

    known = {line.document for line in onsite_lines(application, judged.submission)} if ticks else set()
    rows = {
        document: OnsiteTick(
            application=application,
            round=application.round,
            document=document,
            seen=one.seen,
            note=one.note.strip(),
            account=actor.account,
            at=now,
        )
        for document, one in ticks.items()
        if document in known and (one.seen or one.note.strip()) and _differs(one, judged.ticks.get(document))
    }
    OnsiteTick.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["application", "round", "document"],
        update_fields=["seen", "note", "account", "at"],
    )
    emptied = {document for document, one in ticks.items() if not one.seen and not one.note.strip()}
    gone = [one for document, one in judged.ticks.items() if document in emptied]
    if gone:  # ticked before, and not any more
        OnsiteTick.objects.filter(pk__in=[one.pk for one in gone]).delete()
    judged.ticks_before = [judged.ticks[document] for document in rows if document in judged.ticks] + gone
    judged.ticks = {key: one for key, one in (judged.ticks | rows).items() if key not in emptied}


def _differs(tick: Tick, was: OnsiteTick | None) -> bool:
    return was is None or (was.seen, was.note) != (tick.seen, tick.note.strip())


def _unticked(judged: Round) -> dict[str, str]:
    """Say what is left of the on-site list; `tick` has read what is done of it."""
    application = judged.application
    if not onsite_list_required(application):
        return {}
    left = [line for line in onsite_lines(application, judged.submission) if line.document not in judged.ticks]
    return {"onsite": f"现场审核清单还有 {len(left)} 项没有核对：逐项勾选，或注明原因。"} if left else {}
