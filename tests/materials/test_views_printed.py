"""What a page answers that prints a PDF, or cannot."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from materials.printing import documents, pdf
from materials.views.printed import A_DAY, FileName, as_pdf
from tests import factories
from tests.materials.printing.test_pdf import words_of

pytestmark = pytest.mark.django_db
NAME = FileName("报名成功通知单", "notice", "2027110100100017")
BUSY = "现在打印的人太多，请稍后再试。"


def answer(rf, make):
    request = rf.get("/")
    request.user = request.session = None
    return as_pdf(request, make, NAME)


def raises(error):
    def make():
        raise error

    return make


def test_what_was_printed_is_shown_and_kept_by_nobody(rf):
    told = answer(rf, lambda: b"%PDF-")
    assert told.content == b"%PDF-"
    assert told.headers["Content-Type"] == "application/pdf"
    words = "%E6%8A%A5%E5%90%8D%E6%88%90%E5%8A%9F%E9%80%9A%E7%9F%A5%E5%8D%95"
    assert told.headers["Content-Disposition"] == (
        f"inline; filename=\"notice-2027110100100017.pdf\"; filename*=UTF-8''{words}-2027110100100017.pdf"
    )
    assert told.headers["Cache-Control"] == "private, no-store"


def test_what_is_nobodys_may_be_kept_for_a_day(rf):
    request = rf.get("/")
    told = as_pdf(request, lambda: b"%PDF-", FileName("目录清单-空白表", "checklist-blank", None), kept=A_DAY)
    assert told.headers["Cache-Control"] == "private, max-age=86400"
    assert 'filename="checklist-blank.pdf"' in told.headers["Content-Disposition"]


def test_where_there_is_no_notice_there_is_no_page(rf):
    with pytest.raises(Http404):
        answer(rf, raises(documents.NoNotice(1)))


@pytest.mark.parametrize(
    ("person", "onward"),
    [
        (factories.make_candidate, "/application/documents/"),
        (factories.make_operator, "/review/applications/"),
        (AnonymousUser, "/help/"),
    ],
)
def test_what_cannot_be_printed_now_is_said_with_where_to_go_from_there(rf, person, onward):
    request = rf.get("/")
    request.user, request.session = person(), {}
    told = as_pdf(request, raises(pdf.Busy(BUSY)), NAME)
    page = told.content.decode()
    assert told.status_code == 503
    assert BUSY in page
    assert re.findall(r'href="([^"]*)"', page.partition('<p class="btn-row">')[2])[0] == onward


def test_a_name_that_no_font_has_is_printed_with_a_gap(client, media_root):
    application = factories.make_application("registered", school="示例\U00031353学院")
    client.force_login(application.account)
    told = client.get("/application/documents/notice.pdf")
    assert (told.status_code, "示例□1学院" in words_of(told.content)) == (200, True)
    assert application.notice_versions.get().printed_at is not None
