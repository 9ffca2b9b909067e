from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual

from candidates.encryption import OVERHEAD
from candidates.models.sealed import EncryptedField

LONGEST = 80_000  # bytes of what one section's form may hold unsaved


class FormDraft(models.Model):
    """What is typed into one section of the form and not saved: as typed, sealed, of no weight for any rule."""

    application = models.ForeignKey(
        "Application", verbose_name="报名", on_delete=models.CASCADE, related_name="form_drafts"
    )
    section = models.CharField("部分", max_length=9)
    typed = EncryptedField("填写的内容", bound_to=("application_id", "section"))  # JSON: field -> the values sent
    kept_at = models.DateTimeField("填写时间")
    page = models.CharField("页面", max_length=32, blank=True)  # the page it was typed into, by a random name
    drawn = models.CharField("页面上已保存的内容", max_length=64, blank=True)  # form.print_of() what stood there
    # of what was posted after the log-in had ended; null while the form is open
    offered_until = models.DateTimeField("保留至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "未保存的填写内容"
        constraints = [
            models.UniqueConstraint(name="one_form_draft_a_section", fields=["application", "section"]),
            models.CheckConstraint(
                name="form_draft_is_bounded",
                condition=LessThanOrEqual(
                    Func(F("typed"), function="octet_length", output_field=models.IntegerField()), LONGEST + OVERHEAD
                ),
            ),
        ]
        indexes = [
            models.Index(name="form_draft_by_end", fields=["offered_until"], condition=Q(offered_until__isnull=False))
        ]

    def __str__(self):
        return f"{self.application_id}: {self.section}"

    @property
    def stamp(self) -> str:
        """Return what tells this state of the draft from every other: a page says which one it shows."""
        return f"{self.kept_at.timestamp():.6f}"
