"""现场采集: pictures of originals that a reviewer takes at the desk, by the same checks as a candidate's.

They lie outside every round's set, fill no category and are never judged: nothing waits for them. Each has a record of
its own, and is shown apart to candidate and reviewers.
"""

from datetime import datetime
from functools import partial

from django.utils import timezone

from candidates.applications.workflow import Actor, begin, move
from candidates.models import Application
from candidates.rules.refusals import PictureRefused
from materials import uploads
from materials.models import MaterialImage
from materials.pictures.check import Picture
from materials.rules.catalogue import BY_CODE
from review.models import Capture

MOST = 20  # of a category


def of_case(application: Application) -> list[Capture]:
    """List what was taken of the case's originals, oldest first."""
    found = Capture.objects.filter(application=application)
    return list(found.select_related("image", "account", "record__unit").order_by("id"))


def add(pk: int, *, category: str, picture: Picture, actor: Actor, now: datetime | None = None) -> MaterialImage:
    """Keep a picture taken at the desk, with its record. Raise NotAllowed, PictureRefused."""
    now = now or timezone.now()
    if category not in BY_CODE:
        raise PictureRefused("hidden_category", "没有这一类材料。")
    return uploads.add_onsite(pk, category, picture, record=partial(_record, pk, actor, now), now=now)


def _record(pk: int, actor: Actor, now: datetime, image: MaterialImage) -> None:
    """Write record and picture: a second desk that takes the same picture at once comes behind, and is told so."""
    application = begin(pk, "capture", actor, seen=None)
    taken = MaterialImage.objects.filter(application=application, category=image.category, is_onsite=True)
    if taken.filter(received_sha256=image.received_sha256).exists():
        raise PictureRefused("duplicate", "这张图片已经采集过，不必重复。")
    if taken.count() >= MOST:
        raise PictureRefused("too_many_images", f"每类材料最多采集 {MOST} 张。")
    image.uploaded_round = application.round
    image.save(force_insert=True)
    data = {"image": str(image.pk), "category": image.category}
    record = move(application, "capture", actor, data=data, now=now)
    Capture.objects.create(application=application, image=image, record=record, account=actor.account, at=now)
