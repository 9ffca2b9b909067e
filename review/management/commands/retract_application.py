from candidates.applications.states import Status
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = "撤回至考区审核：把“待缴费”的申请撤回考区重新审核，未支付的订单随之关闭。已缴费的不能撤回。"
    done = "已撤回至考区审核"

    def is_done(self, application, options):
        return application.status == Status.REGION_REVIEW and self.last_was(application, "retract")

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.retract(application.pk, actor=actor, seen=seen, reason=options["reason"])
