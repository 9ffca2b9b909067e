"""The whole job, told through the addresses that people use: one candidate, three levels of reviewers, one return."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from candidates.applications.workflow import broken_link
from candidates.models import Application
from candidates.rules.sections import SECTIONS
from materials.models import MaterialImage
from review.cases import reasons
from tests.candidates.posting import a_registration, a_section
from tests.factories import PASSWORD, make_category, make_reviewer, make_session, make_units

pytestmark = pytest.mark.django_db

SPECIMENS = Path(settings.BASE_DIR) / "static" / "specimens"
REQUIRED = ("identity", "diploma", "probation", "institution_licence")


class Somebody:
    """A person with a browser of their own."""

    def __init__(self, login=None):
        self.client = Client()
        if login:
            self.post("/login/", username=login, password=PASSWORD)

    def post(self, path, **fields):
        return self.client.post(path, fields, follow=True)

    def read(self, path):
        answer = self.client.get(path, follow=True)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.content.decode()

    def upload(self, category, name, **fields):
        with (SPECIMENS / name).open("rb") as picture:
            answer = self.client.post(
                f"/materials/{category}/", {"images": picture, **fields}, headers={"Accept": "application/json"}
            )
        return answer.status_code, answer.json()


@pytest.fixture
def portal():
    make_session(2027)
    units = make_units()
    make_category("210")
    reasons.add_missing()
    return {code: make_reviewer(units[code]) for code in ("1101001", "1101002", "1101", "11")}


def application():
    return Application.objects.select_related("account").get()


def decide(reviewer, action, verdicts, **fields):
    case = application()
    sent = {f"image-{key}-{name}": value for key, given in verdicts.items() for name, value in given.items()}
    return reviewer.post(
        f"/review/applications/{case.number}/{action}/", seen=str(case.last_record_id), listed="yes", **sent, **fields
    )


def all_ok():
    images = MaterialImage.objects.filter(removed_at=None, submitted=True)
    return {str(image.id): {"verdict": "ok"} for image in images}


def test_the_whole_job_from_registering_to_the_payment_that_is_due(portal):
    candidate = Somebody()
    candidate.post("/register/", **a_registration(name="张𬀩"))
    candidate.post("/application/start/")
    for code in SECTIONS:
        candidate.post("/application/edit/", **a_section(application(), code))
    candidate.post("/application/check/", seen=application().last_record_id or 0)
    assert application().number == "2027110100100001"
    assert "上传相关材料" in candidate.read("/application/")

    shown = re.findall(r'<section class="card category[^>]* id="(\w+)"', candidate.read("/materials/"))
    assert shown == ["identity", "diploma", "education_proof", "probation", "institution_licence", "other"]
    for category in REQUIRED:
        status, answer = candidate.upload(category, f"{category}.jpg")
        assert status == 201
        assert answer["errors"] == []
    wrong = candidate.upload("identity", "diploma.jpg")[1]["images"][0]
    candidate.post(f"/materials/images/{wrong['id']}/delete/")
    assert candidate.client.get(wrong["url"]).status_code == 404

    submit(candidate)
    assert "上报完成，内容已锁定" in candidate.read("/materials/")
    assert [one["code"] for one in candidate.upload("identity", "diploma.jpg")[1]["errors"]] == ["locked"]
    notice = candidate.client.get("/application/documents/notice.pdf")
    assert (notice.status_code, notice.content[:4]) == (200, b"%PDF")

    the_point_returns_what_is_wrong(portal)
    the_candidate_corrects_only_that(candidate)
    the_three_levels_pass(portal)
    assert application().status == "payment_due"
    assert "待缴费" in candidate.read("/application/")
    assert broken_link(list(application().records.all())) is None


def submit(candidate):
    """One page before the lock, with everything on it."""
    assert "提交后内容将锁定，审核期间不能修改" in candidate.read("/materials/submit/")
    candidate.post("/materials/submit/", seen=application().last_record_id, declaration="on")
    assert application().status == "point_review"


def the_point_returns_what_is_wrong(portal):
    number = application().number
    beside = Somebody(portal["1101002"].username)
    assert number not in beside.read("/review/applications/")
    assert beside.client.get(f"/review/applications/{number}/").status_code == 404
    point = Somebody(portal["1101001"].username)
    assert number in point.read("/review/applications/")
    case = point.read(f"/review/applications/{number}/")
    pictures = MaterialImage.objects.filter(submitted=True)
    assert all(reverse("materials:picture", args=[image.id]) in case for image in pictures)
    bad = str(pictures.get(category="diploma").id)
    verdicts = all_ok() | {bad: {"verdict": "not_ok", "reason": "", "words": ""}}
    refused = decide(point, "return", verdicts)
    assert refused.status_code == 422
    assert "请选择或填写这张图片不合格的原因" in refused.content.decode()
    verdicts[bad]["words"] = "印章看不清，请重新拍摄。"
    named = {"section-education-named": "on", "section-education-reason": "学校名称与毕业证书不一致。"}
    decide(point, "return", verdicts, **named)
    assert application().status == "returned"


def the_candidate_corrects_only_that(candidate):
    page = candidate.read("/application/")
    assert [words in page for words in ("印章看不清，请重新拍摄。", "学校名称与毕业证书不一致。")] == [True, True]
    assert [one["code"] for one in candidate.upload("probation", "other.jpg")[1]["errors"]] == ["locked"]
    candidate.post("/application/edit/", **a_section(application(), "work", trial_name="另一医院"))
    candidate.post("/materials/submit/", seen=application().last_record_id, declaration="on")
    assert (application().status, application().trial_name) == ("returned", "示例市示例医院")
    candidate.post("/application/edit/", **a_section(application(), "education", school="示例中医学院"))
    bad = MaterialImage.objects.get(category="diploma", removed_at=None)
    status, _ = candidate.upload("diploma", "diploma-overseas.jpg", replaces=str(bad.id))
    assert status == 201
    submit(candidate)
    assert (application().round, application().school) == (2, "示例中医学院")


def the_three_levels_pass(portal):
    for code, status in (("1101001", "site_review"), ("1101", "region_review"), ("11", "payment_due")):
        reviewer = Somebody(portal[code].username)
        number = application().number
        assert number in reviewer.read("/review/applications/")
        stale = application().last_record_id
        decide(reviewer, "pass", all_ok())
        assert application().status == status
        again = reviewer.post(f"/review/applications/{number}/pass/", seen=str(stale))
        assert again.status_code == 409
