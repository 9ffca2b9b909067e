"""An application's pictures, and what its candidate may do with them at this moment.

Read while the application's row is held (uploads.py), or for a page. What is costly to know is read when it is asked
for, once: most uploads need neither the notices nor the last submission.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from candidates.applications.form import fingerprint, values_of
from candidates.applications.states import OPEN_FOR_PICTURES, OWING, Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.windows import require_correction_time, require_window
from candidates.models import Application
from candidates.prepared import Prepared
from candidates.rules.profile import STATED
from candidates.rules.refusals import NotAllowed, PictureRefused
from materials.models import MaterialImage, Submission
from materials.needs import (
    Asked,
    asked_of,
    last_submission,
    lines_of,
    newly_asked,
    onsite_lines_of,
    proving,
    shown_codes,
)
from materials.rules import onsite
from materials.rules.catalogue import BY_CODE
from materials.rules.need import Need, owed

RELATED = ("session", "exam_category")  # what this moment's rules read beside an application
READ = (  # and what an upload reads of it: its state, and what a Profile is made of
    "account",
    "data_key",
    *RELATED,
    "point",
    "site",
    "region",
    "last_record",
    "status",
    "round",
    "unlocked",
    "owed",
    "return_deadline",
    "payment_deadline",
    *STATED,
)
# what came with an answer, or was taken on site, is none of the desk's: it cannot go, nor move, nor fill a category
OF_THE_DESK = Q(is_answer=False, is_onsite=False)
KEPT = Prepared(lambda: MaterialImage.objects.filter(application_id=0, removed_at=None).filter(OF_THE_DESK))
LOCKED = "上报完成，内容已锁定，不能再上传或删除材料。"


@dataclass(frozen=True)
class Desk:
    """An application's pictures and what the candidate may do with them at this moment."""

    application: Application
    unlocking: Unlocking
    now: datetime

    @classmethod
    def of(cls, application: Application, now: datetime | None = None) -> "Desk":
        return cls(application, Unlocking.of(application), now or timezone.now())

    @cached_property
    def submission(self) -> Submission | None:
        """The last one."""
        return last_submission(self.application)

    @cached_property
    def asked(self) -> Asked:
        """What the region and the site ask for: now while pictures may change, else as it was submitted."""
        open_now = self.application.status in OPEN_FOR_PICTURES  # then the submission is not read for it
        return asked_of(self.application, submission=None if open_now else self.submission)

    @cached_property
    def lines(self) -> tuple[Need, ...]:
        """The categories shown, with the notices' words."""
        return lines_of(self.application, asked=self.asked)

    @property
    def onsite_lines(self) -> tuple[onsite.Line, ...]:
        """What is brought to the registration point."""
        return onsite_lines_of(self.application, asked=self.asked)

    @property
    def own_brought(self) -> bool:
        """Whether the region or the site asks to bring something of its own."""
        profile = self.application.profile
        return profile is not None and any(line.is_brought for line in self.asked.for_profile(profile))

    @cached_property
    def images(self) -> tuple[MaterialImage, ...]:
        """Not removed, in order."""
        return tuple(KEPT(self.application.pk))

    @cached_property
    def corrected(self) -> dict[str, list[str]]:
        """Categories of which pictures judged 不合格 have been removed, each with their reasons."""
        if not self.unlocking.images:
            return {}
        gone = MaterialImage.objects.filter(
            application=self.application, id__in=self.unlocking.images, removed_at__isnull=False
        )
        found: dict[str, list[str]] = {}
        for key, category in gone.values_list("id", "category"):
            found.setdefault(category, []).append(self.unlocking.images[str(key)])
        return found

    @property
    def shown(self) -> dict[str, Need]:
        return {line.category.code: line for line in self.lines}

    def images_in(self, category: str) -> list[MaterialImage]:
        return [image for image in self.images if image.category == category]

    def counts(self, image: MaterialImage) -> bool:
        """Return whether it belongs to the next round's set: an owed one does where the profile owes it no longer."""
        profile = self.application.profile
        return not image.is_owed or (profile is not None and image.category not in owed(profile))

    def round_set(self) -> list[MaterialImage]:
        """Return the pictures that a submission would take now, in the catalogue's order."""
        return [image for line in self.lines for image in self.images_in(line.category.code) if self.counts(image)]

    def fingerprint(self) -> str:
        """Return a hash of that set and its order: a page that was drawn with another one is not what is submitted."""
        return hashlib.sha256(",".join(str(image.pk) for image in self.round_set()).encode()).hexdigest()

    def fills(self, category: str) -> bool:
        return any(self.counts(image) for image in self.images_in(category))

    def accepts_owed(self, category: str) -> bool:
        application = self.application
        return (
            application.round > 0
            and application.status in OWING
            and category in application.owed
            and self.now < application.session.owed_until
        )

    def unlocked_categories(self) -> set[str]:
        """Return what a return opened for adding: what it judged or named, and what the candidate's changes ask for."""
        judged = {image.category for image in self.images if str(image.id) in self.unlocking.images}
        values = values_of(self.application)
        changed = [field for field, was in self.unlocking.changed.items() if fingerprint(values[field]) != was]
        empty = {line.category.code for line in self.lines if line.is_required and not self.fills(line.category.code)}
        new = newly_asked(self.application, self.asked, self.submission)
        return judged | set(self.corrected) | set(self.unlocking.categories) | proving(changed) | empty | new

    def refusal_to_add(self, category: str) -> PictureRefused | None:
        """Return why no picture can be added to this category now; None where one can."""
        application = self.application
        if application.status == Status.RETURNED:
            return self._refusal_while_returned(category)
        if application.status != Status.REGISTERED:
            return None if self.accepts_owed(category) else PictureRefused("locked", self._locked_sentence())
        try:
            require_window(application.session, "upload", now=self.now)
        except NotAllowed as closed:
            return PictureRefused("window_closed", str(closed))
        return None if category in shown_codes(application) else _hidden(category)

    def _refusal_while_returned(self, category: str) -> PictureRefused | None:
        if category not in shown_codes(self.application):
            return _hidden(category)
        return None if self.accepts_owed(category) else self._refusal_to_correct(category)

    def _refusal_to_correct(self, category: str) -> PictureRefused | None:
        """Return why a return does not let a picture into the next round's set."""
        try:
            require_correction_time(self.application, self.now)
        except NotAllowed as late:
            return PictureRefused("window_closed", str(late))
        if category not in self.unlocked_categories():
            return PictureRefused("locked", "本次退回没有要求补正这一类材料，它保持锁定。")
        return None

    def _locked_sentence(self) -> str:
        return "请先完成报名，再上传材料。" if self.application.status == Status.DRAFT else LOCKED

    def is_ordinary_now(self, category: str) -> bool:
        """Return whether a picture that comes now belongs to the next round's set (else it is an owed one)."""
        if self.application.status == Status.RETURNED:
            return self._refusal_to_correct(category) is None
        return self.application.status == Status.REGISTERED

    def refusal_to_remove(self, image: MaterialImage) -> PictureRefused | None:
        """Return why this picture cannot be removed now; None where it can."""
        if image.is_answer:
            return PictureRefused("locked", "这张图片随答复提交，不能删除。")
        if image.is_onsite:
            return PictureRefused("locked", "这张图片由报名点现场采集，不能删除。")
        if image.is_owed:
            return (
                None
                if self.accepts_owed(image.category)
                else PictureRefused("locked", "补交期限已过或已收讫，不能删除。")
            )
        try:
            if self.application.status == Status.REGISTERED:
                require_window(self.application.session, "upload", now=self.now)
                return None
            if self.application.status == Status.WITHDRAWN and not image.submitted:
                return None
            if self.application.status == Status.RETURNED:
                require_correction_time(self.application, self.now)
                free = not image.submitted or str(image.id) in {*self.unlocking.images, *self.unlocking.loose_images}
                return None if free else PictureRefused("locked", "这张图片没有被退回，保持锁定。")
        except NotAllowed as closed:
            return PictureRefused("window_closed", str(closed))
        return PictureRefused("locked", self._locked_sentence())

    def movable_in(self, category: str) -> list[MaterialImage]:
        """Return the pictures whose order the candidate may change: those that could be removed."""
        return [image for image in self.images_in(category) if self.refusal_to_remove(image) is None]


def _hidden(category: str) -> PictureRefused:
    return PictureRefused("hidden_category", f"按您填写的报名表，不需要上传“{BY_CODE[category].label}”。")
