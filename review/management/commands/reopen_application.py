from candidates.applications.states import Status
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = "恢复审核：把“审核不通过”的申请恢复到原来的状态。原来是“退回补正”的，要用 --until 给出新的补正期限。"
    done = "已恢复审核"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        self.add_until(parser, "新的补正期限（只用于从“退回补正”被拒绝的申请）")

    def is_done(self, application, options):
        return application.status != Status.REJECTED and self.last_was(application, "reopen")

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.reopen(application.pk, actor=actor, seen=seen, reason=options["reason"], until=options["until"])
