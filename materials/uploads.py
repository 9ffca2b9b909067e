"""Pictures in and pictures out: every change holds the application's row.

Storage first, row second: a crash leaves an orphan file (swept by a command), never a row without its picture.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from candidates.applications.states import Status
from candidates.applications.workflow import Actor, lock
from candidates.models import Application
from candidates.prepared import Prepared
from candidates.rules.refusals import NotAllowed, PictureRefused
from materials.desk import READ, RELATED, Desk
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS, NewFiles, StorageOfDrafts
from materials.models import MaterialImage
from materials.pictures.check import THUMBNAIL, Picture, check
from materials.rules.catalogue import BY_CODE

MAX_IMAGES = 20  # in a category
# the pictures that a new one is compared with: those of its category, and those of the same bytes in others
_SAME = Q(category="") | Q(received_sha256="")
_COMPARED = (
    *("category", "position", "file", "thumbnail", "received_sha256"),
    *("is_owed", "submitted", "is_answer", "is_onsite"),
)
_HERE = Q(removed_at=None, is_answer=False, is_onsite=False)
NEAR = Prepared(lambda: MaterialImage.objects.filter(application_id=0).filter(_HERE).filter(_SAME).only(*_COMPARED))


def take_image(
    application: Application,
    category: str,
    content: bytes,
    *,
    actor: Actor,
    min_side: int,
    size: int | None = None,
    replaces: uuid.UUID | None = None,
    admit: Callable[[bool], object] | None = None,
) -> MaterialImage:
    """Check received bytes (pictures.check) and add the picture; the disk takes it up while it is decoded.

    `application` is as the gate has read it, with what RELATED names. Before anything is unpacked, the picture has its
    place in the category, and `admit` is asked, told whether unpacking will be costly; whatever happens meanwhile, the
    place is asked for again with the row held. Raises PictureRefused: what check, `admit` and add_image raise.
    """

    def before(received_sha256: str, is_costly: bool) -> None:
        _find_place(Desk.of(application), category, received_sha256, replaces)
        if admit:
            admit(is_costly)

    with _files(application) as files:
        picture = check(content, size=size, min_side=min_side, before=before, early=files.begin_early)
        return _add(application.pk, category, picture, files, actor=actor, replaces=replaces)


def add_image(
    pk: int,
    category: str,
    picture: Picture,
    *,
    actor: Actor,
    replaces: uuid.UUID | None = None,
    now: datetime | None = None,
) -> MaterialImage:
    """Store a checked picture durably, then its row; with `replaces` the old one goes in the same moment.

    Raises PictureRefused: locked, window_closed, hidden_category, duplicate, too_many_images, storage_unavailable.
    """
    with _files(_with_key(pk)) as files:
        return _add(pk, category, picture, files, actor=actor, replaces=replaces, now=now)


def add_answer(
    pk: int,
    category: str,
    picture: Picture,
    *,
    answer: Callable[[MaterialImage], object],
    now: datetime,
) -> None:
    """Store a checked picture durably, then its row beside every round's set, within the answer that it comes with.

    `answer` is called in that transaction, with the picture that is not inserted yet: it holds the application's row.
    Raises PictureRefused (duplicate, storage_unavailable), and what `answer` raises; nothing is stored then.
    """
    with _files(_with_key(pk)) as files:
        image = _image(pk, category, picture, files, now)
        image.is_answer, image.warnings = True, list(picture.warnings)
        with _kept_if_done(image), transaction.atomic():
            answer(image)


def add_onsite(
    pk: int, category: str, picture: Picture, *, record: Callable[[MaterialImage], object], now: datetime
) -> MaterialImage:
    """Store a checked picture that a desk has taken durably, then its row beside every round's set.

    `record` is called in that transaction, before the row is inserted: it holds the application's row, and returns what
    of it then points to the picture. Raises PictureRefused (duplicate, storage_unavailable), and what `record` raises.
    """
    with _files(_with_key(pk)) as files:
        image = _image(pk, category, picture, files, now)
        image.is_onsite, image.warnings = True, list(picture.warnings)
        with _kept_if_done(image), transaction.atomic():
            record(image)
    return image


def insert_answer(image: MaterialImage, application: Application) -> None:
    """Insert the picture of an answer; the application's row is held."""
    others = MaterialImage.objects.filter(application=application, category=image.category, removed_at=None)
    if others.filter(received_sha256=image.received_sha256).exists():
        raise PictureRefused("duplicate", "这张图片已在这一类材料中上传过，请换一张。")
    image.uploaded_round = application.round
    image.save(force_insert=True)


@dataclass(frozen=True)
class _Files:
    """A new picture's file and thumbnail on their way into the storage, under a fresh key."""

    id: uuid.UUID
    drafts: NewFiles  # of the storage
    application: Application  # whose data key seals them
    begun: set[str] = field(default_factory=set)

    def begin_early(self, content: bytes, ending: str) -> None:
        """Begin a file; its trouble waits for `keep`, since what the picture may be refused for is said first."""
        with suppress(*STORAGE_ERRORS):
            self._begin(content, ending)

    def keep(self, picture: Picture) -> tuple[str, str]:
        """Keep file and thumbnail durably, and return their keys."""
        try:
            keys = self._begin(picture.content, picture.extension), self._begin(picture.thumbnail, THUMBNAIL)
            self.drafts.keep()
        except STORAGE_ERRORS as error:
            raise PictureRefused("storage_unavailable", "存储暂时不可用，这张图片没有保存。请稍后再试。") from error
        return keys

    def _begin(self, content: bytes, ending: str) -> str:
        key = sealing.key_for(f"images/{self.id.hex[:2]}/{self.id}.{ending}")
        if key not in self.begun:
            self.drafts.begin(key, sealing.sealed(self.application, key, content))
            self.begun.add(key)
        return key


@contextmanager
def _files(application: Application) -> Iterator[_Files]:
    with cast(StorageOfDrafts, default_storage).drafts() as drafts:
        yield _Files(uuid.uuid4(), drafts, application)


def _with_key(pk: int) -> Application:
    return Application.objects.only(*sealing.KEY).get(pk=pk)


def _add(
    pk: int,
    category: str,
    picture: Picture,
    files: _Files,
    *,
    actor: Actor,
    replaces: uuid.UUID | None,
    now: datetime | None = None,
) -> MaterialImage:
    image = _image(pk, category, picture, files, now or timezone.now())
    with _kept_if_done(image), transaction.atomic():
        return _insert(image, picture, actor, replaces)


def _image(pk: int, category: str, picture: Picture, files: _Files, now: datetime) -> MaterialImage:
    """Keep the files durably; the row is not inserted yet."""
    file, thumbnail = files.keep(picture)
    return MaterialImage(
        id=files.id,
        application_id=pk,
        category=category,
        file=file,
        thumbnail=thumbnail,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        sha256=picture.sha256,
        received_sha256=picture.received_sha256,
        uploaded_at=now,
    )


@contextmanager
def _kept_if_done(image: MaterialImage) -> Iterator[None]:
    """Remove the files again where the row was not inserted."""
    try:
        yield
    except BaseException:
        if (
            image._state.adding
        ):  # where the commit has failed nobody knows whether the row is there: verify_storage does
            _forget([image.file, image.thumbnail])
        raise


def _forget(keys: Iterable[str]) -> None:
    for key in keys:
        try:
            default_storage.delete(key)
        except STORAGE_ERRORS:
            continue  # an orphan: verify_storage sweeps it


def _insert(image: MaterialImage, picture: Picture, actor: Actor, replaces: uuid.UUID | None) -> MaterialImage:
    application = lock(image.application_id, related=RELATED, only=READ)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")

    desk = Desk.of(application, image.uploaded_at)
    refusal = desk.refusal_to_add(image.category)
    if refusal:
        raise refusal

    place = _find_place(desk, image.category, image.received_sha256, replaces)
    if place.old:
        _remove(place.old, actor, image.uploaded_at)

    image.warnings = [*picture.warnings, *(f"same_as:{code}" for code in BY_CODE if code in place.same)]
    image.position = place.position
    image.uploaded_round = application.round
    image.is_owed = not desk.is_ordinary_now(image.category)
    image.save(force_insert=True)
    return image


@dataclass(frozen=True)
class _Place:
    """Where in its category a new picture goes."""

    position: int
    old: MaterialImage | None  # that it replaces
    same: set[str]  # categories that hold a picture of the same bytes


def _find_place(desk: Desk, category: str, received_sha256: str, replaces: uuid.UUID | None) -> _Place:
    """Find the place of a new picture in its category.

    Raises PictureRefused: duplicate, too_many_images; locked where the picture to be replaced cannot go.
    """
    near = NEAR(desk.application.pk, category, received_sha256)
    old = _removable(desk, near, replaces, category) if replaces else None

    others = [one for one in near if one != old]
    siblings = [one for one in others if one.category == category]
    if any(one.received_sha256 == received_sha256 for one in siblings):
        raise PictureRefused("duplicate", "这张图片已在本类材料中上传过，不必重复上传。")
    if sum(desk.refusal_to_remove(one) is None for one in siblings) >= MAX_IMAGES:
        raise PictureRefused("too_many_images", f"每类材料最多 {MAX_IMAGES} 张。请先删除不需要的图片。")

    position = old.position if old else max((one.position for one in siblings), default=0) + 1
    return _Place(position, old, {one.category for one in others if one.received_sha256 == received_sha256})


def _removable(desk: Desk, near: list[MaterialImage], image_id: uuid.UUID, category: str) -> MaterialImage:
    old = next((one for one in near if one.id == image_id and one.category == category), None)
    if old is None:
        raise PictureRefused("locked", "要替换的图片已不存在，请刷新页面后再试。")
    refusal = desk.refusal_to_remove(old)
    if refusal:
        raise refusal
    return old


def remove_image(image_id: uuid.UUID, *, actor: Actor, now: datetime | None = None) -> MaterialImage:
    """Remove a picture; its file goes after the commit, unless it was part of a submission. Removing twice is one.

    Raises PictureRefused: locked, window_closed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        image = MaterialImage.objects.get(pk=image_id)
        application = lock(image.application_id, related=RELATED)
        if not actor.belongs_to(application):
            raise NotAllowed("这不是您的报名。")
        image.refresh_from_db()
        if image.removed_at is None:
            refusal = Desk.of(application, now).refusal_to_remove(image)
            if refusal:
                raise refusal
            _remove(image, actor, now)
    return image


@transaction.atomic
def remove_withdrawn(pk: int, *, actor: Actor, now: datetime | None = None) -> int:
    """Remove, of a withdrawn application, every picture that is in no submitted set; return how many they were.

    Raises NotAllowed where it is not withdrawn, or not one's own.
    """
    now = now or timezone.now()
    application = lock(pk, related=RELATED)
    if not actor.belongs_to(application) or application.status != Status.WITHDRAWN:
        raise NotAllowed("只有已撤销的报名，可以一次删除未提交过的图片。")
    left = list(MaterialImage.objects.filter(application=application, submitted=False, removed_at=None))
    for image in left:
        _remove(image, actor, now)
    return len(left)


def _remove(image: MaterialImage, actor: Actor, now: datetime) -> None:
    image.removed_at, image.removed_by = now, actor.account
    image.save(update_fields=["removed_at", "removed_by"])
    if not image.submitted:
        keys = [image.file, image.thumbnail]
        transaction.on_commit(lambda: _forget(keys))


def move_image(image_id: uuid.UUID, *, later: bool, actor: Actor, now: datetime | None = None) -> MaterialImage:
    """Move a picture one place to the front of its category, or to its end; what is locked stays where it is.

    At the front or the end already it stays, too. Raises PictureRefused: locked, window_closed.
    """
    with transaction.atomic():
        image = MaterialImage.objects.get(pk=image_id)
        application = lock(image.application_id, related=RELATED)
        if not actor.belongs_to(application):
            raise NotAllowed("这不是您的报名。")

        desk = Desk.of(application, now)
        movable = desk.movable_in(image.category)
        if image not in movable:
            raise desk.refusal_to_remove(image) or PictureRefused("locked", "这张图片已经删除，请刷新页面。")

        place = movable.index(image)
        other = movable[max(0, min(len(movable) - 1, place + (1 if later else -1)))]
        image = movable[place]
        image.position, other.position = other.position, image.position
        MaterialImage.objects.bulk_update({image, other}, ["position"])
    return image
