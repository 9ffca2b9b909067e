from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from candidates.models.history import keep_history


@keep_history
class MedicalInstitution(models.Model):
    """A medical institution of the list that operators load, to be looked up while the form is filled in.

    Found by the beginning of its name or its number: both compare by code point, so that one index gives the rows and
    their order, whatever the database's language.
    """

    registration_number = models.CharField("登记号", max_length=40, db_collation="C")
    name = models.CharField("名称", max_length=60, db_collation="C")
    address = models.CharField("地址", max_length=80, blank=True)
    postcode = models.CharField("邮编", max_length=10, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=50, blank=True)
    telephone = models.CharField("电话", max_length=30, blank=True)
    region = models.CharField("考区代码", max_length=2, blank=True, validators=[RegexValidator(r"\A[0-9]{2}\Z")])
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "医疗机构"
        ordering = ["registration_number"]
        indexes = [
            models.Index(name="institutions_by_name", fields=["name", "id"], condition=Q(is_active=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="one_institution_of_a_number", fields=["registration_number"]),
            models.CheckConstraint(
                name="institution_has_name_and_number", condition=~Q(name="") & ~Q(registration_number="")
            ),
        ]

    def __str__(self):
        return self.name
