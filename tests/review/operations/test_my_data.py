"""The copy of one's data is whole, and names nobody who works there."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import PictureLook
from candidates.trail import looks
from materials import uploads
from review.cases import decisions
from review.models import OfficeSetting
from review.office import samples
from review.operations import my_data
from tests.factories import make_application, make_operator, make_reviewer, make_units, upload_required
from tests.review.casework import REASON, actor, fresh, returned, reviewer, verdicts
from tests.review.payments.case import make_due, make_order, pay

pytestmark = pytest.mark.django_db


def test_a_return_is_there_with_its_reasons():
    case = make_application("returned", named={"categories": {"diploma": "请补拍内页。"}})
    [found] = my_data.of(case.account)["applications"]
    assert "请补拍内页。" in json.dumps(found["history"][-1]["words"], ensure_ascii=False)
    assert [one["form"]["school"] for one in found["submissions"]] == [case.school]
    assert [one["version"] for one in found["notices"]] == [1]


def test_what_one_unit_writes_to_another_is_not_there():
    case = make_application("site_review")
    actor = Actor.of(make_reviewer(case.site))
    decisions.send_back(case.pk, actor=actor, seen=case.last_record_id, reason="请再看学历。")
    assert "请再看学历" not in json.dumps(my_data.of(case.account), ensure_ascii=False, default=str)


def judged(case):
    """How the copy says that pictures of the diploma were judged, and everything that it says."""
    told = my_data.of(case.account)
    [found] = told["applications"]
    pictures = [one["verdicts"] for one in found["images"] if one["category"] == "毕业证书"]
    return [[one["verdict"] for one in verdicts] for verdicts in pictures], json.dumps(
        told, ensure_ascii=False, default=str
    )


@pytest.mark.parametrize(("status", "found"), [("site_review", []), ("payment_due", ["合格"])])
def test_what_units_judge_is_their_own_until_they_have_decided(status, found):
    assert judged(make_application(status))[0] == [found]


def test_what_was_judged_is_there_once_it_has_come_back():
    case = returned(make_application("point_review"), diploma=REASON)
    assert (judged(case)[0], REASON in judged(case)[1]) == ([["不合格"]], True)


@pytest.fixture
def second_person(monkeypatch):
    """A case of the site that one has passed, and somebody else who is to look at it blind."""
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: share > 0)
    OfficeSetting.objects.create(unit=make_units()["1101"], share=20)
    case = make_application("site_review")
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id)
    return fresh(case), Actor.of(make_reviewer(case.site, username="site-colleague"))


def test_what_a_second_person_says_against_the_first_is_not_there(second_person):
    case, colleague = second_person
    bad = verdicts(case, diploma=REASON)
    decisions.return_for_correction(case.pk, actor=colleague, seen=case.last_record_id, verdicts=bad)
    case = fresh(case)
    assert case.last_record.action == "second_up"
    assert (judged(case)[0], REASON in judged(case)[1]) == ([[]], False)
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id, verdicts=verdicts(case))
    assert (judged(case)[0], REASON in judged(case)[1]) == ([["合格"]], False)


def test_why_a_second_person_would_not_pass_it_is_not_there(second_person):
    case, colleague = second_person
    decisions.reject(case.pk, actor=colleague, seen=case.last_record_id, reason=REASON)
    assert fresh(case).last_record.note.reason == REASON
    assert REASON not in judged(case)[1]


def test_what_was_paid_is_there():
    order = make_order(make_due())
    pay(order)
    [found] = my_data.of(order.application.account)["applications"]
    [told] = found["orders"]
    assert (told["number"], told["fen"], [one["fen"] for one in told["payments"]]) == (
        order.number,
        order.amount,
        [order.amount],
    )


def test_removed_pictures_are_there_too():
    case = make_application("registered")
    upload_required(case)
    uploads.remove_image(case.images.first().pk, actor=Actor.of(case.account))
    [found] = my_data.of(case.account)["applications"]
    assert [one["removed_at"] is not None for one in found["images"]].count(True) == 1


def test_everything_can_be_written_as_json_and_names_nobody_of_the_staff(client):
    case = make_application("returned")
    client.force_login(case.account)
    said = client.get("/account/data/").content.decode()
    assert json.loads(said)["account"]["document_number"] == case.document_number
    assert "point-1101001" not in said and "审核员" not in said.replace("报名点审核员", "")


def test_who_looked_is_told_by_unit_and_day():
    case = make_application("point_review")
    looks.record(reviewer(case), case, "case")
    looks.pictures(make_reviewer(make_units()["11"]), case, [case.images.first().id])
    looks.record(make_operator(), case, "packet")
    today = timezone.localdate()
    told = [
        (today, case.point.name, "案卷"),
        (today, case.region.name, "图片"),
        (today, my_data.OPERATORS, "材料册"),
    ]
    assert sorted(my_data.looks_at(case.account)) == sorted(told)


def test_nobody_reads_who_looked_at_anothers(client):
    case, other = make_application("point_review"), make_application("point_review")
    looks.record(reviewer(case), case, "case")
    client.force_login(other.account)
    assert client.get("/account/seen/").context["days"] == []


def test_looks_stay_as_they_are():
    case = make_application("point_review")
    looks.pictures(reviewer(case), case, [case.images.first().id])
    for change in (lambda: PictureLook.objects.update(unit=None), PictureLook.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
