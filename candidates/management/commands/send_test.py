import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from candidates.management.arguments import typed
from candidates.management.audited import AuditedCommand
from candidates.messages import kinds, sending
from candidates.messages.senders.terms import Letter
from candidates.models import Delivery
from candidates.rules import id_number
from candidates.rules.contacts import is_email


class Command(AuditedCommand):
    help = (
        "向一个手机号码或电子邮箱发一条测试消息，并显示每个服务商的回答。按 NMEC_SENDER 的次序逐个试，"
        "不成功的也接着试下一个；短信用验证码（code）的模板。不写入考生的消息。"
    )
    recorded = ()

    def add_arguments(self, parser):
        parser.add_argument("contact", type=typed("email"), metavar="手机或邮箱", help="发到哪里：手机号码或电子邮箱")
        self.add_dry_run(parser)

    def act(self, *, contact, dry_run, **options):
        letter = self.letter(contact)
        channel = "mail" if letter.email else "sms"
        chain = sending.chain_of(channel, letter.kind)
        if not chain:
            name = sending.CONTACTS[sending.CONTACT_OF[channel]]
            raise CommandError(f"NMEC_SENDER 里没有能向{name}发送验证码的服务商：请检查 NMEC_SENDER 和模板的设置。")
        if dry_run:
            self.stdout.write(f"将经由：{'、'.join(one.name for one in chain)}（未发送）。")
            return {}
        outcomes = [self.tried(sender, letter) for sender in chain]
        if "sent" not in outcomes:
            raise CommandError("没有一个服务商发出：请按上面的回答处理。")
        return {one: outcomes.count(one) for one in set(outcomes)}

    def letter(self, contact):
        """Return a letter with a code in it, since that is what a start needs most."""
        values = {"code": f"{secrets.randbelow(1_000_000):06}", "purpose": "测试"}
        mobile = email = ""
        if is_email(contact):
            email = contact
        else:
            mobile = contact
        try:
            if email:
                validate_email(email)
            else:
                mobile = id_number.normalise_any_mobile(mobile)
        except (id_number.InvalidNumber, ValidationError):
            raise CommandError("不是手机号码，也不是电子邮箱：请核对。") from None
        words = kinds.subject("test", values), kinds.text("test", values)
        return Letter("code", mobile, email, *words, kinds.sms("code", values))

    def tried(self, sender, letter):
        answer = sender.send(letter)
        said = f"（{answer.code}）" if answer.code else ""
        number = f"，编号 {answer.provider_id}" if answer.provider_id else ""
        self.stdout.write(f"{sender.name}：{Delivery.OUTCOMES[answer.outcome]}{said}{number}")
        return answer.outcome
