"""The addresses below /admin/ that are not Django's own."""

from django.urls import path, re_path

from candidates.rules import numbers
from review.views.console import acts, approving, finding, importing, reminding, running, statements

NUMBER = f"^find/applications/(?P<number>{numbers.PATTERN})/"


def patterns(see):
    """Return them, each behind `see`, which lets operators alone in."""
    return [
        path("find/", see(finding.find), name="console_find"),
        path("find/accounts/<int:pk>/", see(finding.account), name="console_account"),
        path("find/accounts/<int:pk>/password/", see(acts.password), name="console_password"),
        path("find/accounts/<int:pk>/second-factor/", see(acts.factor), name="console_factor"),
        re_path(NUMBER + "$", see(finding.application), name="console_application"),
        re_path(NUMBER + f"(?P<action>{'|'.join(finding.HERE)})/$", see(acts.act), name="console_act"),
        re_path(NUMBER + "messages/(?P<pk>[0-9]{1,18})/resend/$", see(acts.resend), name="console_resend"),
        path("tables/", see(importing.tables), name="console_tables"),
        path("tables/upload/<slug:kind>/", see(importing.upload), name="console_upload"),
        path("tables/reconcile/", see(importing.reconcile), name="console_reconcile"),
        path("tables/<int:pk>/", see(importing.table), name="console_table"),
        path("tables/<int:pk>/take-in/", see(importing.take_in), name="console_take_in"),
        path("tables/<int:pk>/drop/", see(importing.drop), name="console_drop"),
        path("lines/", see(statements.lines), name="console_lines"),
        path("lines/<int:pk>/match/", see(statements.match), name="console_match"),
        path("lines/<int:pk>/leave/", see(statements.leave), name="console_leave"),
        path("remind/", see(reminding.remind), name="console_remind"),
        path("owed/", see(reminding.owed), name="console_owed"),
        path("approvals/", see(approving.listed), name="console_approvals"),
        path("approvals/purge/", see(approving.purge), name="console_purge"),
        path("approvals/export/", see(approving.export), name="console_export"),
        path("approvals/<int:pk>/confirm/", see(approving.confirm), name="console_confirm"),
        path("approvals/<int:pk>/decline/", see(approving.decline), name="console_decline"),
        path("approvals/<int:pk>/begin/", see(approving.begin), name="console_begin"),
        path("calendar/", see(running.sessions), name="console_calendar"),
        path("checks/", see(running.checks), name="console_checks"),
        path("backups/", see(running.backups), name="console_backups"),
        path("running/", see(running.working), name="console_jobs"),
    ]
