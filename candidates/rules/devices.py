"""What a page is shown on, as its user agent says: where a way to pay, or a PDF, would open nothing."""

import re
from dataclasses import dataclass

# HarmonyOS NEXT says OpenHarmony and Phone or Tablet; an iPad calls itself a Macintosh, and is served as a computer
_PHONE = re.compile(r"Android|iPhone|iPod|iPad|HarmonyOS|OpenHarmony|\bMobile\b")
# WeChat on a computer, 企业微信 and small programs look like WeChat, but its window to pay in does not open there
_WITHOUT_BRIDGE = re.compile(r"WindowsWechat|MacWechat|UnifiedPCWindowsWechat|wxwork|miniProgram", re.IGNORECASE)
# the first that is found in a user agent; most call themselves what they are not, further on
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("QHBrowser|360SE|360EE", "360 浏览器"),
    ("Edg(e|A|iOS)?/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony|HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone|iPod", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "Mac 电脑"),
    ("Linux|X11", "Linux 电脑"),
)


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


def browser_of(user_agent: str) -> str:
    """Name browser and system in words that an owner knows again; empty where neither is known."""
    found = [_first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent)]
    return " · ".join(one for one in found if one)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
