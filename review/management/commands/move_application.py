from django.core.management.base import CommandError

from candidates.management.arguments import a_code
from candidates.models import Unit
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = (
        "把申请调整到另一个报名点（考点、考区随之改变）。查看权限立即随新单位生效，报名编号、状态和历史不变，"
        "已打印的通知单作废。已撤销、审核不通过、资格已取消的不能调整。"
    )
    done = "已调整报名点"
    recorded = (*ActingCommand.recorded, "to")

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, type=a_code, metavar="代码", help="新报名点的 7 位代码")

    def prepare(self, options):
        point = Unit.objects.filter(code=options["to"], level="point").first()
        if point is None:
            raise CommandError(f"没有代码为 {options['to']} 的报名点。")
        if not point.is_active:
            raise CommandError(f"报名点 {options['to']} 已停用。")
        options["point"] = point

    def is_done(self, application, options):
        return application.point_id == options["point"].pk

    def act_on(self, application, actor, options):
        seen = application.last_record_id
        decisions.move_to(application.pk, actor=actor, seen=seen, point=options["point"], reason=options["reason"])
