"""审核回执: what was seen at the registration point, what is owed until when."""

import pytest
from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.models import Look
from materials.printing import pdf
from review.cases import onsite_receipt
from review.cases.verdicts import Round, Tick, onsite_lines, tick
from tests import factories
from tests.materials.printing.test_pdf import words_of
from tests.review.casework import actor, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(media_root):
    now = timezone.localtime()
    return factories.make_application(
        "point_review", fresh_graduate=True, graduated_on=now.date().replace(month=1, day=1)
    )


def ticked(case):
    first, second, *_ = onsite_lines(case)
    ticks = {first.document: Tick(True), second.document: Tick(False, "下午补看")}
    tick(Round.of(case), ticks, actor(case), timezone.now())
    return onsite_receipt.ticks_of(case)


def test_it_says_what_was_seen_and_what_was_not(case):
    rows = onsite_receipt.page_of(case, ticked(case))["rows"]
    assert [row["document"] for row in rows] == [line.document for line in onsite_lines(case)]
    assert [row["checked"] for row in rows] == ["原件已核对", "下午补看", *["未核对"] * (len(rows) - 2)]


def test_it_says_what_is_owed_until_when(case):
    (owed,) = onsite_receipt.page_of(case, ticked(case))["owed"]
    assert owed["title"] == "医师资格考试试用期考核证明"
    assert owed["until"].startswith(moment(case.session.owed_until))


def test_every_word_of_it_is_printed(case):
    page = onsite_receipt.page_of(case, ticked(case))
    text = words_of(pdf.render(onsite_receipt.html_of(page)))
    assert [word for word in (case.number, case.point.name, "下午补看", "报名点公章：") if word not in text] == []


def test_the_point_prints_it_once_something_was_ticked_and_that_is_a_look(client, case):
    address = f"/review/applications/{case.number}/onsite-receipt.pdf"
    client.force_login(reviewer(case), backend="candidates.accounts.auth.LoginNameBackend")
    assert client.get(address).status_code == 404
    ticked(case)
    answer = client.get(address)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert list(Look.objects.values_list("kind", flat=True)) == ["case"]
    assert address in client.get(f"/review/applications/{case.number}/").content.decode()
