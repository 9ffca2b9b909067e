"""Limits on failed logins: few per account, more per address, since a school shares one address."""

from axes.handlers.database import AxesDatabaseHandler
from django.db.models import Sum

FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100


class LoginAttempts(AxesDatabaseHandler):
    """django-axes' table with two limits; AXES_LOCKOUT_PARAMETERS gives its rows by account and by address."""

    def get_failures(self, request, credentials=None):
        """Failures on the scale of FAILURES_PER_ACCOUNT: whichever of the two limits is nearer."""
        by_account, by_address = (self._count(rows) for rows in self.get_user_attempts(request, credentials))
        return max(by_account, by_address * FAILURES_PER_ACCOUNT // FAILURES_PER_ADDRESS)

    def reset_user_attempts(self, request, credentials=None):
        """After a login only this account's failures go: else one's own login would wipe guesses at another's."""
        by_account, _ = self.filter_user_attempts(request, credentials)
        count, _ = by_account.delete()
        return count

    def _count(self, rows):
        return rows.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
