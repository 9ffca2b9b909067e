from django.core.management.base import CommandError
from django.utils import timezone

from candidates.applications.states import Status
from candidates.management.arguments import a_code
from candidates.rules.sections import SECTIONS
from materials.rules.catalogue import BY_CODE
from review.cases import decisions
from review.management.acting import ActingCommand


class Command(ActingCommand):
    help = (
        "解锁审核中的申请，让考生更正指定的材料类别或报名信息（相当于由当前审核级别退回补正）。"
        f"材料类别：{'、'.join(f'{code} {one.label}' for code, one in BY_CODE.items())}。"
        f"报名信息：{'、'.join(f'{code} {one.title}' for code, one in SECTIONS.items())}。"
    )
    done = "已解锁"
    recorded = (*ActingCommand.recorded, "category", "section")

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--category",
            action="append",
            type=a_code,
            default=[],
            metavar="代码",
            help="材料类别，可以重复",
        )
        parser.add_argument(
            "--section",
            action="append",
            type=a_code,
            default=[],
            metavar="代码",
            help="报名信息的一部分，可以重复",
        )
        self.add_until(parser, "补正期限；不写时按考试年度的补正天数")

    def prepare(self, options):
        unknown = [one for one in options["category"] if one not in BY_CODE]
        unknown += [one for one in options["section"] if one not in SECTIONS]
        if unknown:
            raise CommandError(f"没有代码 {'、'.join(unknown)}，全部代码见 --help。")
        if not options["category"] and not options["section"]:
            raise CommandError("请用 --category 或 --section 指出要解锁什么。")

    def is_done(self, application, options):
        return application.status == Status.RETURNED and self.last_was(application, "unlock")

    def act_on(self, application, actor, options):
        decisions.unlock(
            application.pk,
            actor=actor,
            seen=application.last_record_id,
            categories=dict.fromkeys(options["category"], options["reason"]),
            sections=dict.fromkeys(options["section"], options["reason"]),
            until=options["until"] or application.session.default_return_deadline(timezone.now()),
            reason=options["reason"],
        )
