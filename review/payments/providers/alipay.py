"""支付宝, signed with RSA2: page pay (电脑网站支付), wap pay (手机网站支付), notification, query, refund."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from candidates.models.session import SHANGHAI
from candidates.rules.devices import Device
from review.models import PROVIDERS
from review.payments.money import fen, yuan
from review.payments.providers.terms import (
    NOWHERE,
    PAGE,
    TIMEOUT,
    BadNotification,
    Bill,
    Outcome,
    Paid,
    Refund,
    Returned,
    Unavailable,
    Way,
)

PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
MOMENT = "%Y-%m-%d %H:%M:%S"  # Asia/Shanghai
WAYS = {
    "page": Way("page", PAGE, "跳转到支付宝付款"),
    "wap": Way("wap", PAGE, "打开支付宝付款；没有安装的，在网页上登录支付宝付款"),
}
IN_WECHAT = Way("", NOWHERE, "微信里打不开支付宝。请点右上角“…”，选择“在浏览器中打开”，再用支付宝付款")
# refused, and the same request would be refused again: an operator has to look
FINAL = ("40002", "40004", "40006")
BUSY = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "ACQ.TRADE_STATUS_ERROR_RETRY")


class Alipay:
    """`config` as nmec_portal/payment_settings.py gives it; `base` is the portal's own address."""

    name: ClassVar[str] = "alipay"
    label: ClassVar[str] = PROVIDERS[name]

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

    def way(self, device: Device) -> Way:
        if device.wechat:
            return IN_WECHAT
        agreed = self.config["ways"].split(",")
        return next(WAYS[one] for one in (("wap", "page") if device.phone else ("page", "wap")) if one in agreed)

    def address(self, bill: Bill, way: Way) -> str:
        """Return where the browser pays the bill, signed; call nobody."""
        back = self.base + reverse("payment:pay")
        words = {
            "subject": bill.subject,
            "out_trade_no": bill.number,
            "total_amount": yuan(bill.amount),
            "return_url": back,
            "time_expire": bill.until.astimezone(SHANGHAI).strftime(MOMENT),
        }
        if way.name == "wap":  # the library names the product otherwise than the provider's own description
            signed = self.client.api_alipay_trade_wap_pay(**words, quit_url=back, product_code="QUICK_WAP_WAY")
        else:
            signed = self.client.api_alipay_trade_page_pay(**words)
        return f"{self.config['gateway']}?{signed}"

    def notified(self, headers: Mapping[str, str], body: bytes, fields: Mapping[str, str]) -> Paid | Returned | None:
        """Return the payment or refund that a verified notification tells of, or None. Raise BadNotification.

        A refund is told of at the address of the payment, as a change of its trade: the facts of a refund tell it apart
        (alipay.trade.refund, 退款触发的异步通知).
        """
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
        return _returned(fields) if _fen(fields.get("refund_fee", "")) else _paid(fields, "gmt_payment")

    def acknowledged(self, accepted: bool) -> tuple[str, str]:
        return "text/plain", "success" if accepted else "failure"

    def query(self, number: str) -> Paid | None:
        """Ask 支付宝 for this order; None where it is not paid. Raise Unavailable."""
        answer = _ask(lambda: self.client.api_alipay_trade_query(out_trade_no=number))
        if answer.get("code") == "40004" and answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return None
        if answer.get("code") != "10000" or answer.get("out_trade_no") != number:
            raise _unavailable(answer)
        try:
            return _paid(answer, "send_pay_date")
        except BadNotification as error:
            raise Unavailable(str(error)) from None

    def refund(self, wanted: Refund) -> Outcome:
        """Give the money back (alipay.trade.refund); 支付宝 knows a refund by out_request_no."""
        answer = _ask(
            lambda: self.client.api_alipay_trade_refund(
                refund_amount=yuan(wanted.amount),
                trade_no=wanted.trade_number,
                out_request_no=wanted.number,
                refund_reason=wanted.reason,
            )
        )
        if answer.get("code") == "10000":
            # N: this request moved nothing, as an earlier one of the same number may have: ask before it is called done
            return Outcome("done" if answer.get("fund_change") == "Y" else "processing", wanted.number)
        if answer.get("code") in FINAL and answer.get("sub_code") not in BUSY:
            return Outcome("failed", words=_words(answer))
        raise _unavailable(answer)

    def refunded(self, wanted: Refund) -> Outcome | None:
        """Ask for a refund; 支付宝 answers without a state where it has not succeeded. None: tell it again."""
        answer = _ask(
            lambda: self.client.api_alipay_trade_fastpay_refund_query(
                out_request_no=wanted.number, trade_no=wanted.trade_number
            )
        )
        if answer.get("code") != "10000":
            raise _unavailable(answer)
        if answer.get("out_request_no", wanted.number) != wanted.number:
            raise Unavailable("another refund")
        return Outcome("done", wanted.number) if answer.get("refund_status") == "REFUND_SUCCESS" else None


def _ask(question: Callable[[], Any]) -> dict[str, Any]:
    from alipay.exceptions import AliPayException, AliPayValidationError

    try:
        answer = question()
    except (AliPayException, AliPayValidationError) as error:
        raise Unavailable(type(error).__name__) from None
    except (OSError, HTTPException, ValueError, AttributeError) as error:  # AttributeError: an answer without a sign
        raise Unavailable(type(error).__name__) from None
    if not isinstance(answer, dict):
        raise Unavailable("no object")
    return answer


def _unavailable(answer: Mapping[str, Any]) -> Unavailable:
    return Unavailable(f"code {answer.get('code')} {answer.get('sub_code', '')}")


def _words(answer: Mapping[str, Any]) -> str:
    return f"{answer.get('sub_msg', '') or answer.get('msg', '')} {answer.get('sub_code', '')}".strip()


def _paid(facts: Mapping[str, str], when: str) -> Paid | None:
    if facts.get("trade_status") not in PAID:
        return None
    said_at, said_amount = facts.get(when, ""), facts.get("total_amount", "")
    try:
        at = _moment(said_at) if said_at else timezone.now()
        return Paid(facts["out_trade_no"], facts["trade_no"], _fen(said_amount), at, said_at, said_amount)
    except KeyError as error:
        raise BadNotification(f"facts: {type(error).__name__}") from None


def _returned(facts: Mapping[str, str]) -> Returned:
    """Read the facts of a refund's notification; out_biz_no is the number that the refund was asked for under."""
    try:
        number, trade = facts["out_biz_no"], facts["trade_no"]
    except KeyError as error:
        raise BadNotification(f"facts: {type(error).__name__}") from None
    return Returned(number, trade, _fen(facts["refund_fee"]), Outcome("done", number), is_sum=True)


def _fen(text: str) -> int:
    try:
        return fen(text)
    except (ValueError, TypeError):
        return 0


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
