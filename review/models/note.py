"""What reviewers remark among themselves."""

import pgtrigger
from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, Unit
from candidates.rules.levels import DIGITS
from materials.models import MaterialImage

LONGEST_NOTE = 500  # characters


class NoteQuerySet(models.QuerySet):
    def visible_to(self, account):
        """Select those of the account's own unit and of units below it; of units above, what they share downwards.

        No candidate's, whoever's case it is; operators read all.
        """
        if account.is_operator:
            return self
        if not account.is_reviewer:
            return self.none()
        code = account.unit.code
        above = [code[:digits] for digits in DIGITS.values() if digits < len(code)]
        return self.filter(Q(unit__code__startswith=code) | Q(unit__code__in=above, for_below=True))

    def standing(self):
        return self.filter(withdrawn_at=None)


class Note(models.Model):
    """An internal remark on a case, or on one of its pictures. Its author can withdraw it; nobody can change it."""

    application = models.ForeignKey(Application, verbose_name="报名", on_delete=models.PROTECT, related_name="notes")
    image = models.ForeignKey(
        MaterialImage, verbose_name="图片", null=True, on_delete=models.PROTECT, related_name="notes"
    )
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    words = models.CharField("备注", max_length=LONGEST_NOTE)
    for_below = models.BooleanField("下级单位可见", default=False)
    at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "备注"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="note_has_words", condition=Q(words__regex=r"\S")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="notes_are_withdrawn_not_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL"
                    " AND to_jsonb(OLD) - 'withdrawn_at' = to_jsonb(NEW) - 'withdrawn_at')"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.unit_id}"
