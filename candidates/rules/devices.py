"""What a page is shown on, as its user agent says: where a way to pay, or a PDF, would open nothing."""

import re
from dataclasses import dataclass

# HarmonyOS NEXT says OpenHarmony and Phone or Tablet; an iPad calls itself a Macintosh, and is served as a computer
_PHONE = re.compile(r"Android|iPhone|iPod|iPad|HarmonyOS|OpenHarmony|\bMobile\b")
# WeChat on a computer, 企业微信 and small programs look like WeChat, but its window to pay in does not open there
_WITHOUT_BRIDGE = re.compile(r"WindowsWechat|MacWechat|UnifiedPCWindowsWechat|wxwork|miniProgram", re.IGNORECASE)


@dataclass(frozen=True)
class Device:
    phone: bool = False
    android: bool = False
    wechat: bool = False  # a window of WeChat: other payers' pages do not open, on Android no PDF either
    bridge: bool = False  # WeChat's own window to pay in opens (JSAPI)
    alipay: bool = False  # a window of 支付宝: WeChat does not open from it


def device_of(user_agent: str) -> Device:
    wechat = "MicroMessenger" in user_agent
    return Device(
        phone=bool(_PHONE.search(user_agent)),
        android="Android" in user_agent,
        wechat=wechat,
        bridge=wechat and bool(_PHONE.search(user_agent)) and not _WITHOUT_BRIDGE.search(user_agent),
        alipay="AlipayClient" in user_agent,
    )
