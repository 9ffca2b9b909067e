"""Paying on a phone: in its browser, inside WeChat, and never a button that does nothing."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from review.payments import cashier
from tests.review.payments.case import IN_WECHAT, PHONE, booked, make_due, make_order, status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return make_order(make_due())


@pytest.fixture
def visit(client, order):
    """visit(path, user_agent): the answer that the candidate gets on such a device."""
    client.force_login(order.application.account, backend="candidates.accounts.auth.LoginNameBackend")

    def get(path="/payment/", user_agent=IN_WECHAT):
        return client.get(path, headers={"User-Agent": user_agent})

    return get


def ways(answer):
    return re.findall(r'href="(/payment/\w+/)"><strong>', answer.content.decode())


@pytest.mark.usefixtures("configured")
def test_inside_wechat_only_what_opens_there_has_a_button(visit):
    answer = visit()
    assert ways(answer) == ["/payment/wechat/"]
    page = answer.content.decode()
    assert ["微信里打不开支付宝" in page, 'value="http://127.0.0.1:8000/payment/"' in page] == [True, True]


@pytest.mark.usefixtures("configured")
def test_a_phones_browser_has_both_ways_and_no_advice_about_wechat(visit):
    answer = visit(user_agent=PHONE)
    assert ways(answer) == ["/payment/alipay/", "/payment/wechat/"]
    assert "复制下面的网址" not in answer.content.decode()


@pytest.mark.usefixtures("configured")
def test_the_address_of_a_way_that_does_nothing_here_leads_back(visit):
    assert visit("/payment/alipay/").headers["Location"] == "/payment/"


def test_a_phones_browser_is_led_to_a_page_that_is_told_where_it_comes_from(visit, running_cashier):
    answer = visit("/payment/wechat/", PHONE)
    assert answer.headers["Location"].startswith(f"{running_cashier.address}/checkmweb?prepay_id=")
    assert "redirect_url=http%3A%2F%2F127.0.0.1%3A8000%2Fpayment%2F%3Freturned%3D1" in answer.headers["Location"]
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def asked_who_pays(visit):
    """Where WeChat leads back to, with a code and the state."""
    asked = visit("/payment/wechat/").headers["Location"]
    assert parse_qs(urlsplit(asked).query)["scope"] == ["snsapi_base"]
    with pytest.raises(cashier.urllib.error.HTTPError) as led:
        NO_REDIRECT.open(asked.partition("#")[0], timeout=10)
    back = urlsplit(led.value.headers["Location"])
    return f"{back.path}?{back.query}"


class Stay(cashier.urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None


NO_REDIRECT = cashier.urllib.request.build_opener(cashier.urllib.request.ProxyHandler({}), Stay)


def test_inside_wechat_its_own_window_is_opened_for_who_is_there(visit, order, running_cashier, settings):
    settings.DEMO = True
    page = visit(asked_who_pays(visit)).content.decode()
    window = re.search(r'href="([^"]*/window\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert "200.00" in cashier.DIRECT.open(window, timeout=10).read().decode()
    with pytest.raises(cashier.urllib.error.HTTPError, match="400"):
        cashier.DIRECT.open(window.replace("appId=2021", "appId=2022"), timeout=10)
    trade = running_cashier.trades["wechat", f"{order.number}-J"]
    assert trade.kind == "JSAPI"


def test_what_was_paid_inside_wechat_settles_the_order(visit, order, running_cashier):
    visit(asked_who_pays(visit))
    trade = running_cashier.trades["wechat", f"{order.number}-J"]
    trade.paid_at = cashier.datetime.now(cashier.BEIJING)
    visit.__closure__[0].cell_contents.post("/payment/check/")
    assert (booked(), status_of(order.application)) == ([(trade.number, "settled")], "paid")


@pytest.mark.parametrize("change", [("state=", "state=x"), ("code=", "cod="), ("state=", "stat=")])
def test_a_state_that_this_browser_has_not_asked_with_opens_nothing(visit, running_cashier, change):
    back = asked_who_pays(visit).replace(*change)
    assert visit(back).headers["Location"] == "/payment/"
    assert running_cashier.trades == {}


def test_a_state_is_good_for_one_window(visit, running_cashier):
    back = asked_who_pays(visit)
    assert [visit(back).status_code, visit(back).status_code] == [200, 302]


def test_a_code_that_somebody_has_used_is_said_to_have_charged_nothing(visit, running_cashier):
    back = asked_who_pays(visit)
    running_cashier.payers.clear()
    assert visit(back).headers["Location"] == "/payment/"
    assert "微信支付暂时没有答复" in visit().content.decode()


@pytest.mark.usefixtures("configured")
def test_there_is_no_window_where_it_is_not_agreed(visit, settings):
    settings.WECHAT = settings.WECHAT | {"ways": "native"}
    assert visit("/payment/wechat/window/").status_code == 404
    assert ways(visit()) == []
