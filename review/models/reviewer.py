"""The people who work for a unit."""

from candidates.models import Account


class Reviewer(Account):
    """The accounts of reviewers, for the back office."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "审核员"
