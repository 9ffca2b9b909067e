"""What a level asks a candidate while the state stays (询问), and the answer."""

from django.db import models
from django.db.models import Q

from candidates.models import Account, Application, Unit
from candidates.rules.levels import LABELS
from materials.models import MaterialImage, category_choices

LONGEST_WORDS = 500  # characters of a question, and of an answer


class Question(models.Model):
    """One question and its answer. Open until it is answered, or until somebody decides: one at a time.

    Words that come later than that are kept all the same: then `answered_at` lies behind `closed_at`.
    """

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="questions"
    )
    level = models.CharField("级别", max_length=6, choices=list(LABELS.items()))
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        Account, verbose_name="审核员", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    words = models.CharField("问题", max_length=LONGEST_WORDS)
    category = models.CharField("请考生附图片的材料类别", max_length=20, blank=True, choices=category_choices)
    at = models.DateTimeField("时间")
    until = models.DateTimeField("答复期限")
    answer = models.CharField("答复", max_length=LONGEST_WORDS, blank=True)
    image = models.OneToOneField(
        MaterialImage, verbose_name="图片", null=True, on_delete=models.PROTECT, related_name="question"
    )
    answered_at = models.DateTimeField("答复时间", null=True)
    closed_at = models.DateTimeField("不再等待答复的时间", null=True)  # decided, or asked anew after its day

    class Meta:
        verbose_name = verbose_name_plural = "询问"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_question_at_a_time",
                fields=["application"],
                condition=Q(answered_at=None, closed_at=None),
            ),
            models.CheckConstraint(name="question_has_words", condition=Q(words__regex=r"\S")),
            models.CheckConstraint(name="question_leaves_time_to_answer", condition=Q(until__gt=models.F("at"))),
            models.CheckConstraint(
                name="answer_has_words_and_time",
                condition=Q(answered_at=None, answer="", image=None)
                | Q(answered_at__isnull=False, answer__regex=r"\S"),
            ),
            models.CheckConstraint(name="only_a_picture_that_was_asked_for", condition=Q(image=None) | ~Q(category="")),
        ]

    def __str__(self):
        return f"{self.application_id} {self.level}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.closed_at is None

    @property
    def is_late(self) -> bool:
        """The answer came when somebody had decided already."""
        return self.answered_at is not None and self.closed_at is not None and self.answered_at >= self.closed_at
