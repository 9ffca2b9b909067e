import pytest

from candidates.rules.devices import Device
from review.models import PROVIDERS, Payment
from review.payments.providers import offered
from review.payments.providers.terms import CODE, PAGE, Paid
from tests.review.payments.case import make_due, make_order, status_of

pytestmark = pytest.mark.django_db


def test_only_what_is_configured_is_offered(settings):
    settings.ALIPAY = settings.WECHAT = None
    assert offered.offered() == {}


@pytest.mark.usefixtures("configured")
def test_every_way_has_its_name_in_the_database_and_its_words_on_the_page():
    providers = offered.offered()
    assert {name: one.label for name, one in providers.items()} == {name: PROVIDERS[name] for name in providers}
    assert [(name, one.way(Device()).opens) for name, one in providers.items()] == [("alipay", PAGE), ("wechat", CODE)]


@pytest.mark.usefixtures("configured")
def test_wechats_window_is_there_where_it_is_agreed(settings):
    assert offered.of_wechats_window() is offered.offered()["wechat"]
    settings.WECHAT = settings.WECHAT | {"ways": "native,h5"}
    assert offered.of_wechats_window() is None


def test_what_a_provider_vouches_for_is_booked_once(settings):
    order = make_order(make_due())
    paid = Paid(order.number, "T1", order.amount, order.created_at)
    first, again = offered.book("alipay", paid), offered.book("alipay", paid)
    assert first.pk == again.pk
    assert Payment.objects.get().state == "settled"
    assert status_of(order.application) == "paid"


@pytest.mark.usefixtures("configured")
def test_an_order_stays_where_a_provider_is_silent():
    order = make_order(make_due())
    assert (offered.ask(order), offered.retire(order)) == ("unknown", "left")
