"""补正通知书: what, why, until when; while the application is returned."""

import pytest

from candidates.applications.workflow import moment
from candidates.models import Application
from materials.printing import correction, pdf
from tests import factories
from tests.materials.printing.test_pdf import words_of
from tests.review.casework import REASON, replace_picture, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_back(media_root):
    case = factories.make_application("point_review")
    return returned(
        case, sections={"work": "请核对单位地址。"}, categories={"education_proof": "请补传备案表。"}, diploma=REASON
    )


def test_it_says_what_why_how_and_until_when(sent_back):
    page = correction.page_of(sent_back)
    assert page["rows"] == [
        {"what": "报名表：工作与试用", "why": "请核对单位地址。", "how": correction.SECTION},
        {"what": "其他学历证明材料", "why": "请补传备案表。", "how": correction.CATEGORY},
        {"what": "毕业证书，第 1 张", "why": REASON, "how": correction.PICTURE},
    ]
    assert (page["until"], page["unit"]) == (moment(sent_back.return_deadline), f"报名点（{sent_back.point.name}）")


def test_what_has_been_put_right_stays_on_it(sent_back):
    before = correction.page_of(sent_back)["rows"]
    replace_picture(sent_back, "diploma", "degree")
    assert correction.page_of(Application.objects.get(pk=sent_back.pk))["rows"] == before


def test_it_prints_the_same_bytes_twice_and_every_word(sent_back):
    page = correction.page_of(sent_back)
    first, again = (pdf.render(correction.html_of(page)) for _ in range(2))
    assert first == again
    text = words_of(first)
    assert [word for word in (sent_back.number, REASON, "请核对单位地址。", "第1张") if word not in text] == []


def test_the_candidate_has_it_while_returned_and_no_longer(client, sent_back):
    client.force_login(sent_back.account)
    answer = client.get("/application/correction.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert f'filename="correction-{sent_back.number}.pdf"' in answer["Content-Disposition"]
    assert "/application/correction.pdf" in client.get("/application/documents/").content.decode()


def test_who_was_not_sent_back_has_none(client, media_root):
    client.force_login(factories.make_application("point_review").account)
    assert client.get("/application/correction.pdf").status_code == 404
    assert "/application/correction.pdf" not in client.get("/application/documents/").content.decode()
