"""What people are told: one row a kind. Pure: texts are made from a kind and its parameters when they are shown.

Parameters are named and kept as plain data: codes, keys, moments in ISO 8601. `sms` is what an operator has approved
at the provider: its placeholders in their order are the template's parameters, each at most six characters, and none
of them a name, a document's number or a link.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from candidates.applications.states import STATUSES, Status
from candidates.rules.levels import ROLES
from candidates.rules.moments import moment, short

Parameters = Mapping[str, str]
# urgency: what goes first, and what may be switched off; a code is the most urgent of what is urgent
CODE, NOW, DAY, QUIET = 0, 1, 2, 3
SHORT = 6  # characters of a parameter at the strictest provider
SMS_PARAMETERS = ("code", "tail", "day", "time", "first", "second", "third")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Kind:
    """`subject` and `text` for the portal and a mail; `urgency` as above.

    `sms` is empty where no SMS is sent: of what one has just done oneself, and has seen.
    """

    label: str
    urgency: int
    subject: str
    text: str
    sms: str = ""

    @property
    def sms_parameters(self) -> tuple[str, ...]:
        return tuple(_PLACEHOLDER.findall(self.sms))


KINDS: dict[str, Kind] = {
    "code": Kind(
        "验证码",
        CODE,
        "{purpose}验证码",
        "您的验证码是 {code}，10 分钟内有效。如非本人操作，请忽略。",
        "您的验证码是{code}，10分钟内有效。如非本人操作，请忽略。",
    ),
    "test": Kind(
        "测试",
        CODE,
        "测试消息",
        "这是一条测试消息，收到说明发送渠道正常，无需处理。测试码 {code}。",
        "您的验证码是{code}，10分钟内有效。如非本人操作，请忽略。",
    ),
    "staff_password": Kind(
        "审核员的一次性密码",
        CODE,
        "审核账号的一次性密码",
        "您的审核账号 {username} 的一次性密码是 {first}-{second}-{third}，登录后须立即修改。请不要告诉任何人。"
        "不是您需要的，请联系本单位负责人。",
        "您的审核账号的一次性密码是{first}-{second}-{third}，登录后须立即修改，请不要告诉任何人。",
    ),
    "registered": Kind("报名成功", DAY, "报名成功，请上传材料", "您的报名编号是 {number}。请上传相关材料后提交审核。"),
    "submitted": Kind(
        "材料已提交", DAY, "材料已提交，请等待审核", "上报完成，内容已锁定。报名点审核后会在这里告诉您。"
    ),
    "passed": Kind(
        "一级审核通过",
        DAY,
        "{level}审核已通过，请等待{next}审核",
        "您的报名已转到{next}审核，有结果时会通知您。",
        "您的报名（编号尾号{tail}）已通过一级审核，请等待下一级审核。",
    ),
    "returned": Kind(
        "退回补正",
        NOW,
        "材料被退回，请补正",
        "{level}退回了您的报名。请按页面上标出的原因补正，并在 {deadline} 前再次提交审核。",
        "您的报名（编号尾号{tail}）被退回，请登录查看原因，并在{day}{time}前补正后再次提交。",
    ),
    "unlocked": Kind(
        "解锁",
        NOW,
        "报名已解锁，请补正",
        "您的报名已解锁。请按页面上标出的原因补正，并在 {deadline} 前再次提交审核。",
        "您的报名（编号尾号{tail}）被退回，请登录查看原因，并在{day}{time}前补正后再次提交。",
    ),
    "extended": Kind(
        "补正期限延长",
        NOW,
        "补正期限已延长，请在新期限前提交",
        "新的补正期限是 {deadline}。请在此之前再次提交审核。",
        "您的报名（编号尾号{tail}）的补正期限延长到{day}{time}，请在此之前再次提交。",
    ),
    "question": Kind(
        "询问",
        NOW,
        "{level}有一个问题，请答复",
        "{level}询问：{reason} 请在 {deadline} 前登录答复。您的材料仍在审核中，其他内容保持锁定。",
        "您的报名（编号尾号{tail}）有一个问题需要答复，请在{day}{time}前登录查看并答复。",
    ),
    "rejected": Kind(
        "审核不通过",
        NOW,
        "审核不通过，请查看原因",
        "{level}的审核意见：{reason} 如有疑问，请联系作出决定的单位。",
        "您的报名（编号尾号{tail}）审核不通过，请登录查看原因。",
    ),
    "reopened": Kind(
        "恢复审核",
        DAY,
        "审核已恢复，请登录查看下一步",
        "您的报名已恢复为“{status}”。{reason}",
        "您的报名（编号尾号{tail}）已恢复审核，请登录查看下一步。",
    ),
    "payment_due": Kind(
        "请缴费",
        NOW,
        "审核已通过，请缴费",
        "考区审核已通过。请登录缴费，截止时间写在“我的报名”里。",
        "您的报名（编号尾号{tail}）审核已通过，请在缴费截止前登录缴费。",
    ),
    "paid": Kind(
        "缴费成功",
        DAY,
        "缴费成功，报名完成，无需再操作",
        "已收到您的缴费，报名完成。",
        "您的报名（编号尾号{tail}）缴费成功，报名完成，无需再操作。",
    ),
    "refunded": Kind(
        "退款",
        DAY,
        "退款已办理，款项退回原付款账户",
        "{amount} 元已退回原付款账户，到账时间以支付平台和银行为准，一般不超过五个工作日。订单号 {order}。",
        "您的报名（编号尾号{tail}）的退款已办理，款项退回原付款账户，详情请登录查看。",
    ),
    "retracted": Kind(
        "撤回至考区审核",
        NOW,
        "报名已撤回至考区审核，请暂勿缴费",
        "您的报名需要考区重新审核，请暂勿缴费，有结果时会通知您。原因：{reason}",
        "您的报名（编号尾号{tail}）需要重新审核，请暂勿缴费，详情请登录查看。",
    ),
    "cancelled": Kind(
        "取消资格",
        NOW,
        "考试资格已取消，请查看原因",
        "原因：{reason} 如有疑问，请联系您的考点。",
        "您的报名（编号尾号{tail}）的考试资格已取消，请登录查看原因。",
    ),
    "reinstated": Kind(
        "恢复资格",
        DAY,
        "考试资格已恢复，请登录查看下一步",
        "您的报名已恢复为“{status}”。{reason}",
        "您的报名（编号尾号{tail}）的考试资格已恢复，请登录查看下一步。",
    ),
    "reinstated_to_pay": Kind(
        "恢复资格，请缴费",
        NOW,
        "考试资格已恢复，请在新的截止前缴费",
        "您的报名已恢复为“{status}”，请在 {deadline} 前登录缴费，以前的订单不要再付款。{reason}",
        "您的报名（编号尾号{tail}）的考试资格已恢复，请在{day}{time}前登录缴费。",
    ),
    "withdrawn": Kind("报名撤销", DAY, "报名已撤销，报名期间可重新报名", "您已撤销本次报名。报名期间可以重新报名。"),
    "recalled": Kind(
        "提交撤回",
        DAY,
        "提交已撤回，请修改后再次提交审核",
        "您已撤回这次提交，材料可以修改。请在 {closes} 前再次提交审核。",
    ),
    "recalled_return": Kind(
        "补正后的提交撤回",
        DAY,
        "提交已撤回，请修改后再次提交审核",
        "您已撤回这次提交，退回时要求补正的内容可以修改。请在 {deadline} 前再次提交审核。",
    ),
    "received": Kind(
        "补交材料收到",
        DAY,
        "考点已收到您补交的材料，无需再操作",
        "考点已收到您承诺补交的材料。",
        "您的报名（编号尾号{tail}）补交的材料，考点已收到，无需再操作。",
    ),
    "moved": Kind(
        "报名点调整",
        DAY,
        "报名点已调整，请查看新的地址",
        "您的报名点已由工作人员调整，请查看新的报名点地址。原因：{reason}",
        "您的报名（编号尾号{tail}）的报名点已调整，请登录查看新的地址。",
    ),
    "notice_changed": Kind(
        "报名点信息变更",
        DAY,
        "报名点的地址、电话或时间有变更，请按新的信息前往",
        "{point}现在的信息：{contact}。您打印的通知单仍然有效，不必重新打印。",
        "您的报名点（编号尾号{tail}）的地址、电话或时间有变更，请登录查看。",
    ),
    "appointment_booked": Kind(
        "现场审核预约",
        DAY,
        "现场审核已预约，请按时前往报名点",
        "您预约了 {deadline} 的现场审核。请带齐通知单上列出的材料，按时到报名点。"
        "前一天 18:00 以前可以改期或取消，改期最多两次。",
        "您的报名（编号尾号{tail}）已预约{day}{time}现场审核，请带齐材料按时前往报名点。",
    ),
    "appointment_changed": Kind(
        "现场审核改期",
        DAY,
        "现场审核已改期，请按新的时间前往报名点",
        "您的现场审核改到 {deadline}。请带齐通知单上列出的材料，按时到报名点。打印过的通知单仍然有效。",
        "您的报名（编号尾号{tail}）的现场审核改到{day}{time}，请带齐材料按时前往报名点。",
    ),
    "appointment_lost": Kind(
        "现场审核时段取消",
        NOW,
        "您预约的时段已取消，请重新预约",
        "报名点取消了 {deadline} 的时段，您的预约随之取消。请登录重新选择时间；这不影响您的报名，也不计入改期次数。",
        "您的报名（编号尾号{tail}）预约的{day}{time}时段已取消，请登录重新选择时间。",
    ),
    "appointment_free": Kind(
        "候补递补",
        NOW,
        "您候补的日子有了名额，请在期限前确认",
        "已为您留出 {starts} 的名额。请在 {deadline} 前登录确认，逾期转给下一位候补的考生。",
        "您的报名（编号尾号{tail}）候补的现场审核有了名额，请在{day}{time}前登录确认。",
    ),
    "appointment_eve": Kind(
        "提醒：明天现场审核",
        NOW,
        "明天现场审核，请带齐材料按时前往报名点",
        "您预约了 {deadline} 的现场审核。请带齐通知单上列出的材料，按时到报名点。",
        "提醒：您的报名（编号尾号{tail}）预约了{day}{time}现场审核，请带齐材料按时前往报名点。",
    ),
    "reminder_draft": Kind(
        "提醒：报名表没有填完",
        DAY,
        "报名表还没有填完，请在截止前完成报名",
        "您的报名表还没有完成。网上报名 {deadline} 截止，请登录填完并点击“完成报名”。",
        "您的报名表还没有填完，网上报名{day}{time}截止，请登录完成。",
    ),
    "reminder_upload": Kind(
        "提醒：材料没有提交",
        DAY,
        "材料还没有提交，请在截止前提交审核",
        "您的材料还没有提交审核。上传材料 {deadline} 截止，请登录上传相关材料并点击“提交审核”。",
        "您的报名（编号尾号{tail}）还没有提交审核，{day}{time}截止，请登录办理。",
    ),
    "reminder_upload_ready": Kind(
        "提醒：还差提交",
        DAY,
        "还差一步：提交审核",
        "您的材料都已上传，但还没有提交，审核单位看不到。请在 {deadline} 前登录点击“提交审核”。",
        "您的报名（编号尾号{tail}）还没有提交审核，{day}{time}截止，请登录办理。",
    ),
    "reminder_return": Kind(
        "提醒：没有补正",
        DAY,
        "退回的内容还没有补正，请在期限前再次提交",
        "您的报名已被退回补正，期限是 {deadline}。请登录按页面上标出的原因补正，并再次提交审核。",
        "您的报名（编号尾号{tail}）被退回后还没有再次提交，{day}{time}截止，请登录办理。",
    ),
    "reminder_return_ready": Kind(
        "提醒：补正后还差提交",
        DAY,
        "还差一步：再次提交审核",
        "退回的内容都已补正，但还没有再次提交，审核单位看不到。请在 {deadline} 前登录点击“提交审核”。",
        "您的报名（编号尾号{tail}）被退回后还没有再次提交，{day}{time}截止，请登录办理。",
    ),
    "reminder_payment": Kind(
        "提醒：没有缴费",
        DAY,
        "还没有缴费，请在截止前缴费",
        "您的审核已通过，还没有缴费。缴费 {deadline} 截止，请登录缴费。",
        "您的报名（编号尾号{tail}）还没有缴费，{day}{time}截止，请登录缴费。",
    ),
    "reminder_owed": Kind(
        "提醒：待补材料",
        DAY,
        "还有待补的材料，请在截止前补交",
        "您还有待补的材料没有补交，{deadline} 截止。请登录上传，并按要求交到考点。",
        "您的报名（编号尾号{tail}）还有待补的材料，{day}{time}截止，请登录办理。",
    ),
    "staff": Kind(
        "工作账号变更",
        DAY,
        "您的工作账号{what}",
        "您的工作账号 {username}（{unit}）{what}。有疑问的，请联系本单位负责人或操作员。",
        "您的工作账号有变更，请登录查看；不能登录或有疑问的，请联系本单位负责人。",
    ),
    "digest": Kind(
        "待办摘要",
        DAY,
        "{unit}有 {all}等待审核",
        "{unit}：等待审核 {all}{years}，其中已逾期 {late}、今天到期 {last_day}；考生已答复 {answered}；"
        "抽查复核等第二人 {second}。",
    ),
    "digest_head": Kind(
        "待办摘要（负责人）",
        DAY,
        "{unit}有 {all}等待审核",
        "{unit}：等待审核 {all}{years}，其中已逾期 {late}、今天到期 {last_day}；询问中 {asked}，考生已答复 {answered}；"
        "抽查复核等第二人 {second}、等负责人裁定 {head}；疑似重复 {duplicates}。",
    ),
    "deputy": Kind(
        "指派代理",
        DAY,
        "请您代理{unit}",
        "{first} 至 {last}，请您代理{unit}审核。登录后在“缺勤与代理”里开始代理。",
    ),
    "contact_changed": Kind(
        "联系方式已修改",
        NOW,
        "您的{which}已修改",
        "您账号的{which}已修改，以后的消息发到新的联系方式。如非本人操作，请立即带有效身份证件原件到报名点核实。",
        "您账号的联系方式已修改。如非本人操作，请带身份证件原件到报名点核实。",
    ),
    "contact_set": Kind(
        "新的联系方式已生效",
        NOW,
        "新的{which}已生效",
        "报名点核对您的证件原件后，已把您账号的{which}改为新的号码，以后用它登录、接收通知；原来的登录已全部退出。"
        "24 小时内重置密码，验证码仍发到原来的号码。如非本人操作，请立即带有效身份证件原件到报名点核实。",
        "您账号的联系方式已修改。如非本人操作，请带身份证件原件到报名点核实。",
    ),
    "registered_before": Kind(
        "证件已经注册过",
        CODE,  # asked for a moment ago: it does not wait for the morning
        "这个证件号码已经注册过",
        "您刚才用来注册的证件号码已有账号，没有再建新账号。请用原来的手机号码或证件号码登录，忘记密码可以在登录页找回；"
        "原来的手机号码不能再用，或这个账号不是您注册的，请带有效身份证件原件到任一报名点办理。如非本人操作，请忽略。",
        "您刚才注册用的证件已有账号，请直接登录或找回密码；不能登录的，请带证件原件到任一报名点办理。如非本人操作，请忽略。",
    ),
    "access_reset": Kind(
        "登录方式被重设",
        NOW,
        "您的{which}已被重设",
        "您账号的{which}已由工作人员重设，原来的登录已全部退出。如不是您要求的，请立即联系单位负责人或操作员；"
        "考生请带有效身份证件原件到报名点核实。",
        "您账号的登录方式已由工作人员重设，原来的登录已全部退出。如不是您要求的，请立即联系工作人员核实。",
    ),
}
# what the candidate is told: (action, new status) -> kind
MESSAGES: dict[tuple[str, str], str] = {
    ("complete", Status.REGISTERED): "registered",
    ("submit", Status.POINT_REVIEW): "submitted",
    ("pass", Status.SITE_REVIEW): "passed",
    ("pass", Status.REGION_REVIEW): "passed",
    ("pass", Status.PAYMENT_DUE): "payment_due",
    **{
        (action, status): kind
        for action in ("second_pass", "second_up", "second_missed")
        for status, kind in ((Status.REGION_REVIEW, "passed"), (Status.PAYMENT_DUE, "payment_due"))
    },
    ("return", Status.RETURNED): "returned",
    ("unlock", Status.RETURNED): "unlocked",
    ("extend", Status.RETURNED): "extended",
    ("reject", Status.REJECTED): "rejected",
    ("ask", ""): "question",
    ("reopen", ""): "reopened",
    ("retract", Status.REGION_REVIEW): "retracted",
    ("cancel", Status.CANCELLED): "cancelled",
    ("reinstate", Status.PAYMENT_DUE): "reinstated_to_pay",
    ("reinstate", ""): "reinstated",
    ("withdraw", Status.WITHDRAWN): "withdrawn",
    ("recall", Status.REGISTERED): "recalled",
    ("recall", Status.RETURNED): "recalled_return",
    ("pay", Status.PAID): "paid",
    ("received", ""): "received",
    ("move", ""): "moved",
}
# what became of the account of a reviewer or an operator: parameter `what` of the kind staff
STAFF_CHANGES = {
    "created": "已建立",
    "disabled": "已停用",
    "enabled": "已重新启用",
    "head": "已设为负责人",
    "no_head": "不再是负责人",
    "unit": "已调到新的单位",
    "email": "的电子邮箱已修改",
}
SECRETS = ("code", "test", "staff_password")  # told once, by one way: in no list, never sent again, deleted after a day
# what asks for something is told while the application stands where it can be done, and what has ended while it has
STANDS_IN = {
    **dict.fromkeys(
        ["returned", "unlocked", "extended", "reminder_return", "reminder_return_ready"], (Status.RETURNED,)
    ),
    **dict.fromkeys(["payment_due", "reinstated_to_pay", "reminder_payment"], (Status.PAYMENT_DUE,)),
    **dict.fromkeys(["reminder_upload", "reminder_upload_ready"], (Status.REGISTERED,)),
    "reminder_draft": (Status.DRAFT,),
    "retracted": (Status.REGION_REVIEW,),
    "rejected": (Status.REJECTED,),
    "cancelled": (Status.CANCELLED,),
}
VISITS = ("appointment_booked", "appointment_changed", "appointment_eve")
_AS_WORDS = {"level": ROLES, "next": ROLES, "status": STATUSES, "what": STAFF_CHANGES}
_MOMENTS = ("deadline", "closes", "starts")


def _said(name: str, value: str) -> str:
    if name in _MOMENTS:
        return moment(datetime.fromisoformat(value)) if value else ""
    return _AS_WORDS[name].get(value, value) if name in _AS_WORDS else value


def _filled(words: str, parameters: Parameters) -> str:
    return _PLACEHOLDER.sub(lambda found: _said(found[1], parameters.get(found[1], "")), words)


def subject(kind: str, parameters: Parameters) -> str:
    return _filled(KINDS[kind].subject, parameters)


def text(kind: str, parameters: Parameters) -> str:
    return _filled(KINDS[kind].text, parameters)


def sms(kind: str, parameters: Parameters) -> dict[str, str]:
    """Return the template's parameters in their order, each short; KeyError for a kind that no SMS tells."""
    day, time = short(datetime.fromisoformat(parameters["deadline"])) if parameters.get("deadline") else ("", "")
    values = {"code": parameters.get("code", ""), "tail": parameters.get("number", "")[-SHORT:]}
    values |= {"day": day, "time": time}
    values |= {name: parameters.get(name, "") for name in ("first", "second", "third")}
    return {name: values[name] for name in KINDS[kind].sms_parameters}


def sms_words(kind: str) -> str:
    """Return what the provider has to approve as the template, with its parameters in ${…}."""
    return _PLACEHOLDER.sub(lambda found: "${" + found[1] + "}", KINDS[kind].sms)
