"""Lists that a reviewer looks at again and again."""

from django.db import models

from candidates.models import Account


class SavedList(models.Model):
    """A list of cases by name: its filters, order and columns, as they stand in its address. Nothing personal."""

    account = models.ForeignKey(Account, verbose_name="审核员", on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "保存的列表"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="a_list_is_saved_once_by_its_name", fields=["account", "name"]),
        ]

    def __str__(self):
        return self.name
