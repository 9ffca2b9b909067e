"""User agents as the applications send them; numbers of versions shortened."""

import pytest

from candidates.rules.devices import Device, device_of

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; PFJM10 Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0"
CHROME = "Chrome/122.0.0.0 Mobile Safari/537.36"
HARMONY = "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114 ArkWeb/4.1 Mobile"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"{WINDOWS} Safari/537.36", Device()),
        ("", Device()),
        (f"{ANDROID} {CHROME}", Device(phone=True, android=True)),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", Device(phone=True)),
        (HARMONY, Device(phone=True)),
        (
            f"{ANDROID} {CHROME} XWEB/1220 MMWEBSDK/2024 MicroMessenger/8.0.49 WeChat/arm64",
            Device(phone=True, android=True, wechat=True, bridge=True),
        ),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49", Device(phone=True, wechat=True, bridge=True)),
        (f"{WINDOWS} Safari/537.36 MicroMessenger/7.0.20 WindowsWechat(0x63090a13)", Device(wechat=True)),
        (f"{IPHONE} Mobile/15E148 wxwork/4.1.28 MicroMessenger/7.0.1", Device(phone=True, wechat=True)),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49 miniProgram/wx1", Device(phone=True, wechat=True)),
        (f"{ANDROID} {CHROME} AlipayClient/10.6", Device(phone=True, android=True, alipay=True)),
    ],
)
def test_a_device_is_known_by_its_user_agent(user_agent, device):
    assert device_of(user_agent) == device
