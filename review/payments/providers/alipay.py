"""支付宝: 电脑网站支付 (alipay.trade.page.pay), its notification and its query, signed with RSA2."""

from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from typing import ClassVar

from django.urls import reverse
from django.utils import timezone

from candidates.models.session import SHANGHAI
from review.models import PROVIDERS
from review.payments.money import fen, yuan
from review.payments.providers.terms import TIMEOUT, BadNotification, Paid, Unavailable

PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
MOMENT = "%Y-%m-%d %H:%M:%S"  # Asia/Shanghai


class Alipay:
    """`config` as nmec_portal/payment_settings.py gives it; `base` is the portal's own address."""

    name: ClassVar[str] = "alipay"
    label: ClassVar[str] = PROVIDERS[name]
    scan: ClassVar[str] = ""
    words: ClassVar[str] = "跳转到支付宝付款，电脑和手机都可以"

    def __init__(self, config: Mapping[str, str], base: str) -> None:
        from alipay import AliPay
        from alipay.utils import AliPayConfig

        self.config, self.base = config, base
        self.client = AliPay(
            appid=config["app_id"],
            app_notify_url=base + reverse("payment:notify", args=[self.name]),
            app_private_key_string=config["private_key"],
            alipay_public_key_string=config["public_key"],
            sign_type="RSA2",
            config=AliPayConfig(timeout=TIMEOUT),
        )
        self.client._gateway = config["gateway"]  # the library knows only its own two

    def address(self, number: str, amount: int, subject: str, until: datetime) -> str:
        """Return where the browser pays `amount` fen for the order, signed; call nobody."""
        signed = self.client.api_alipay_trade_page_pay(
            subject=subject,
            out_trade_no=number,
            total_amount=yuan(amount),
            return_url=self.base + reverse("payment:pay"),
            time_expire=until.astimezone(SHANGHAI).strftime(MOMENT),
        )
        return f"{self.config['gateway']}?{signed}"

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | None:
        """Return the payment that a verified notification tells of, or None. Raise BadNotification."""
        from alipay.exceptions import AliPayException

        unsigned = {name: value for name, value in fields.items() if name != "sign"}
        try:
            genuine = self.client.verify(unsigned, fields.get("sign", ""))
        except (AliPayException, ValueError):
            genuine = False
        if not genuine:
            raise BadNotification("signature")

        if fields.get("app_id") != self.config["app_id"]:
            raise BadNotification("another app")
        if fields.get("seller_id") != self.config["seller_id"]:
            raise BadNotification("another seller")
        return _paid(fields, "gmt_payment")

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        return "text/plain", "success" if accepted else "failure"

    def query(self, number: str) -> Paid | None:
        """Ask 支付宝 for this order; None where it is not paid. Raise Unavailable."""
        from alipay.exceptions import AliPayException, AliPayValidationError

        try:
            answer = self.client.api_alipay_trade_query(out_trade_no=number)
            if answer.get("code") == "40004" and answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
                return None
            if answer.get("code") != "10000" or answer.get("out_trade_no") != number:
                raise Unavailable(f"code {answer.get('code')} {answer.get('sub_code', '')}")
            return _paid(answer, "send_pay_date")
        except (AliPayException, AliPayValidationError) as error:
            raise Unavailable(type(error).__name__) from None
        except (
            OSError,
            HTTPException,
            ValueError,
            AttributeError,
        ) as error:  # AttributeError: an answer without a sign
            raise Unavailable(type(error).__name__) from None


def _paid(facts: Mapping[str, str], when: str) -> Paid | None:
    if facts.get("trade_status") not in PAID:
        return None
    said_at = facts.get(when, "")
    try:
        at = _moment(said_at) if said_at else timezone.now()
        return Paid(facts["out_trade_no"], facts["trade_no"], fen(facts["total_amount"]), at, said_at)
    except (KeyError, ValueError) as error:
        raise BadNotification(f"facts: {type(error).__name__}") from None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
