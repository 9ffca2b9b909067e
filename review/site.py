"""The reviewers' screens at /review/: an AdminSite for who may come in, with views of our own inside."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from candidates.rules import numbers
from nmec_portal.admin import StaffSite
from review.appointments.prints import KINDS
from review.views import (
    accounts,
    acts,
    assignment,
    background,
    batch,
    case,
    decisions,
    deputies,
    desk,
    desk_case,
    desk_prints,
    desk_settings,
    duplicates,
    exports,
    inbox,
    mobiles,
    notes,
    notice_batches,
    office,
    papers,
    presence,
    progress,
    questions,
    queue,
    receipts,
    reviewers,
    saved_lists,
)

DAY = "^desk/slots/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/"
NUMBER = f"^applications/(?P<number>{numbers.PATTERN})/"


class ReviewSite(StaffSite):
    """Reviewers of an active unit; operators too, who read all and act as the table of transitions says."""

    name = "review"

    def has_permission(self, request):
        account = request.user
        if not account.is_authenticated or not account.is_active:
            return False
        return account.is_operator or (account.is_reviewer and account.unit is not None and account.unit.is_active)

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def in_place(request, *args, **kwargs):
            deputies.take_place(request)
            return inner(request, *args, **kwargs)

        return in_place

    @property
    def urls(self):
        return self.get_urls(), "review", self.name

    def get_urls(self):
        see = self.admin_view
        return [
            path("", see(require_safe(RedirectView.as_view(pattern_name="review:queue"))), name="index"),
            path("progress/", see(progress.progress), name="progress"),
            path("progress/progress.xlsx", see(progress.download), name="progress_xlsx"),
            path("reviewers/", see(accounts.reviewers), name="reviewers"),
            path("messages/", see(inbox.inbox), name="messages"),
            path("office/assignment/", see(assignment.assignment), name="assignment"),
            path("office/assignment/chosen/", see(assignment.chosen), name="assign_chosen"),
            path("office/assignment/free/", see(assignment.free), name="free_assigned"),
            path("office/presence/", see(presence.absences), name="presence"),
            path("office/presence/<int:pk>/end/", see(presence.end), name="end_absence"),
            path("office/deputies/", see(deputies.lent), name="deputies"),
            path("office/deputies/<int:pk>/end/", see(deputies.end), name="end_deputy"),
            path("office/deputies/<int:pk>/begin/", see(deputies.begin), name="begin_deputy"),
            path("office/deputies/give-back/", see(deputies.give_back), name="give_back_deputy"),
            path("office/reviewers/", see(reviewers.reviewers), name="manage_reviewers"),
            re_path(
                f"^office/reviewers/(?P<pk>[0-9]{{1,18}})/(?P<deed>{'|'.join(reviewers.DEEDS)})/$",
                see(reviewers.act),
                name="manage_reviewer",
            ),
            path("office/", see(office.office), name="office"),
            path("office/settings/", see(office.settings), name="office_settings"),
            path("office/figures/", see(office.figures), name="figures"),
            path("office/figures/figures.xlsx", see(office.download), name="figures_xlsx"),
            path("desk/", see(desk.day), name="desk"),
            path("desk/arrive/", see(desk.arrive), name="desk_arrive"),
            path("desk/number/", see(desk.walk_in), name="desk_walk_in"),
            path("desk/call/", see(desk.call_next), name="desk_call"),
            path("desk/act/", see(desk.act), name="desk_act"),
            re_path("^desk/(?P<pk>[0-9]{1,18})/$", see(desk_case.called), name="desk_case"),
            re_path(f"^desk/parked/(?P<number>{numbers.PATTERN})/$", see(desk_case.parked), name="desk_parked"),
            re_path(f"^desk/capture/(?P<number>{numbers.PATTERN})/$", see(desk_case.capture), name="desk_capture"),
            re_path(f"^desk/print/(?P<kind>{'|'.join(KINDS)})\\.pdf$", see(desk_prints.of_day), name="desk_print"),
            path("desk/handovers/", see(desk_prints.handovers), name="desk_handovers"),
            path("desk/handovers/make/", see(desk_prints.hand_over), name="desk_hand_over"),
            re_path(r"^desk/handovers/(?P<serial>[0-9]{1,9})\.pdf$", see(desk_prints.handover), name="desk_handover"),
            path("desk/settings/", see(desk_settings.settings), name="desk_settings"),
            path("desk/settings/remove/", see(desk_settings.remove), name="desk_remove"),
            path("desk/settings/board/", see(desk.renew_board), name="desk_board"),
            re_path(DAY + "$", see(desk_settings.day), name="desk_slots"),
            re_path(DAY + "change/$", see(desk_settings.change), name="desk_change"),
            path("watermark.svg", see(papers.watermark), name="watermark"),
            path("applications/", see(queue.queue), name="queue"),
            path("applications/next/", see(queue.take_next), name="next"),
            path("applications/lists/", see(saved_lists.keep), name="keep_list"),
            path("applications/lists/<int:pk>/forget/", see(saved_lists.forget), name="forget_list"),
            path("applications/ahead/", see(background.ahead), name="ahead"),
            path("applications/pass/", see(batch.pass_many), name="pass_many"),
            path("applications/notices/", see(notice_batches.batch), name="notice_batch"),
            path("applications/notices/notices.pdf", see(notice_batches.printed), name="notice_batch_pdf"),
            path("applications/export/", see(exports.export), name="export"),
            path("applications/export/progress/", see(exports.progress), name="export_progress"),
            path("applications/export/applications.xlsx", see(exports.table), name="export_table"),
            path("applications/export/pictures.zip", see(exports.pictures), name="export_pictures"),
            re_path(NUMBER + "$", see(case.case), name="case"),
            re_path(NUMBER + "hold/$", see(background.hold), name="hold"),
            re_path(NUMBER + "draft/$", see(background.draft), name="draft"),
            re_path(NUMBER + r"documents/(?P<slug>[a-z-]{1,40})\.pdf$", see(papers.document), name="document"),
            re_path(NUMBER + r"packet\.pdf$", see(papers.packet), name="packet"),
            re_path(NUMBER + r"receipt\.pdf$", see(receipts.of_case), name="receipt"),
            re_path(NUMBER + r"correction\.pdf$", see(papers.correction), name="correction"),
            re_path(NUMBER + r"onsite-receipt\.pdf$", see(papers.onsite), name="onsite_receipt"),
            re_path(NUMBER + "(?P<action>pass|return)/$", see(decisions.decide), name="decide"),
            re_path(
                NUMBER + f"duplicates/(?P<other>{numbers.PATTERN})/$", see(duplicates.settle), name="settle_duplicate"
            ),
            re_path(NUMBER + "ask/$", see(questions.ask), name="ask"),
            re_path(NUMBER + "notes/$", see(notes.write), name="note"),
            re_path(NUMBER + "notes/(?P<key>[0-9]{1,18})/withdraw/$", see(notes.withdraw), name="withdraw_note"),
            re_path(NUMBER + "release/$", see(background.release), name="release"),
            re_path(NUMBER + "undo/$", see(decisions.undo), name="undo"),
            re_path(NUMBER + "mobile/$", see(mobiles.mobile), name="mobile"),
            re_path(NUMBER + "received/$", see(decisions.received), name="received"),
            re_path(NUMBER + f"(?P<action>{'|'.join(case.OWN_PAGE)})/$", see(acts.act), name="act"),
        ]


site = ReviewSite(name="review")
