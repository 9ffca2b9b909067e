from candidates.applications.states import Status
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = "取消资格：待补材料逾期未交的（“待缴费”或“报名完成”），取消考试资格，未支付的订单随之关闭。"
    done = "已取消资格"

    def is_done(self, application, options):
        return application.status == Status.CANCELLED

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.cancel(application.pk, actor=actor, seen=seen, reason=options["reason"])
