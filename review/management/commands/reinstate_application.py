from candidates.applications.states import Status
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = (
        "恢复资格：把“资格已取消”的申请恢复到取消以前的状态。已关闭的订单不恢复。"
        "恢复到“待缴费”的（没有缴费，或款项已退、正在退），要用 --until 给出新的缴费截止时间。"
    )
    done = "已恢复资格"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        self.add_until(parser, "新的缴费截止时间（只用于恢复到“待缴费”的申请）")

    def is_done(self, application, options):
        return application.status != Status.CANCELLED and self.last_was(application, "reinstate")

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.reinstate(application.pk, actor=actor, seen=seen, reason=options["reason"], until=options["until"])
