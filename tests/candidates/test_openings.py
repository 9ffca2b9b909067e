"""When a window opens and closes is one sentence, whoever says it: midnight opens a day, and ends one."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from candidates.applications.windows import require_window
from candidates.applications.workflow import Actor, beginning, moment, window_closed
from candidates.models.session import SHANGHAI, WINDOWS
from candidates.rules.refusals import NotAllowed
from review.payments import orders
from tests.factories import make_application, make_session

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def midnight(days):
    day = timezone.localtime().date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_closed_in_the_same_words_everywhere(window):
    opens, closes = midnight(10), midnight(20)
    session = make_session(**{window: (opens, closes)})
    before, after = opens - timedelta(hours=1), closes
    told = {
        before: f"{WINDOWS[window]}将于 {beginning(opens)} 开始。",
        opens: "",
        after: f"{WINDOWS[window]}已于 {moment(closes)} 截止。",
    }
    assert {at: window_closed(session, window, at) for at in told} == told
    assert (beginning(opens)[-5:], moment(closes)[-5:]) == ("00:00", "24:00")
    with pytest.raises(NotAllowed) as refused:
        require_window(session, window, now=before)
    assert str(refused.value) == told[before]


def test_the_payment_page_and_the_overview_say_the_same_opening():
    application = make_application("payment_due")
    opens = midnight(10)
    session = make_session(application.session.year, payment=(opens, opens + timedelta(days=9)))
    client = Client()
    client.force_login(application.account)
    for path in ("/payment/", "/application/"):
        assert f"缴费将于 {beginning(opens)} 开始。" in client.get(path).content.decode()
    with pytest.raises(NotAllowed, match=re.escape(f"缴费将于 {beginning(session.payment_opens)} 开始。")):
        orders.create(application.pk, actor=Actor.of(application.account))


def test_no_template_writes_an_opening_as_the_end_of_a_day():
    wrong = r"(?:opens|_at|starts_at)\s*\|\s*moment"
    found = [path.name for path in TEMPLATES.rglob("*.html") if re.search(wrong, path.read_text())]
    assert sorted(found) == ["correction.html", "notice.html"]  # of what is past: no end of a day
