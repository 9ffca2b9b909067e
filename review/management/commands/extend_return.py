from candidates.applications.states import Status
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = "延长退回补正的期限。只用于状态为“退回补正”的申请，新期限必须晚于原期限和现在。"
    done = "期限已延长"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        self.add_until(parser, "新的补正期限", required=True)

    def is_done(self, application, options):
        return application.status == Status.RETURNED and application.return_deadline == options["until"]

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.extend(application.pk, actor=actor, seen=seen, until=options["until"], reason=options["reason"])
