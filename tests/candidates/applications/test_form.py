"""Saving the form section by section: what may be changed when, and what comes with it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.applications.form import save_section
from candidates.applications.registration import start
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from materials import submitting, uploads
from tests.candidates.posting import save
from tests.factories import (
    make_application,
    make_candidate,
    make_category,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db


def test_a_section_is_saved_with_errors_elsewhere_and_half_filled():
    account = make_candidate()
    application = start(account, session=make_session(), actor=Actor.of(account))
    save(application, "education", school="示例医学院")
    application.refresh_from_db()
    assert (application.school, application.major, application.saved_sections) == ("示例医学院", "", ["education"])


def test_values_of_another_section_are_ignored():
    application = make_application("draft", school="示例医学院")
    save(application, "work", school="另一学校")
    assert Application.objects.get(pk=application.pk).school == "示例医学院"


def test_a_point_brings_its_site_and_region():
    application = make_application("draft", point=make_units()["1102001"])
    codes = [unit.code for unit in (application.region, application.site, application.point)]
    assert codes == ["11", "1102", "1102001"]


def test_saving_without_a_change_makes_neither_record_nor_notice():
    application = make_application("registered")
    save(application, "basic", name=application.name)
    assert application.notice_versions.count() == 1
    assert application.records.count() == 1


def test_another_candidates_form_is_refused():
    application = make_application("draft")
    stranger = Actor.of(make_candidate())
    with pytest.raises(NotAllowed):
        save_section(application.pk, "basic", {"address": "x"}, actor=stranger, seen=None)


def test_a_page_drawn_before_another_tab_saved_is_stale():
    application = make_application("registered")
    save(application, "basic", address="新地址 1 号")
    with pytest.raises(AlreadyMoved):
        save(application, "basic", address="新地址 2 号")
    assert Application.objects.get(pk=application.pk).address == "新地址 1 号"


@pytest.mark.parametrize("status", ["point_review", "site_review", "region_review", "payment_due", "rejected"])
def test_a_locked_form_is_not_saved(status):
    application = make_application(status)
    with pytest.raises(NotAllowed):
        save(application, "basic", address="新地址 1 号")


def test_while_returned_only_what_was_named_can_change():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    with pytest.raises(NotAllowed, match="没有要求修改这一部分"):
        save(application, "education", school="另一学校")
    save(application, "work", trial_name="另一医院")
    application.refresh_from_db()
    assert application.trial_name == "另一医院"
    assert Unlocking.of(application).saved == ["work"]


def test_a_correction_that_conflicts_unlocks_the_field_elsewhere_and_no_more():
    application = make_application("returned", named={"sections": {"exam": "类别有误"}}, education="associate")
    save(application, "exam", exam_category=make_category("110"))
    application.refresh_from_db()
    assert Unlocking.of(application).fields == ["holds_assistant_licence"]
    save(application, "licence", holds_assistant_licence=True, licence_number="1")
    application.refresh_from_db()
    assert (application.holds_assistant_licence, application.licence_number) == (True, "")


def test_what_has_expired_since_in_a_section_not_named_is_not_judged_anew():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    Application.objects.filter(pk=application.pk).update(valid_until=date(2020, 1, 1))
    save(application, "work", trial_name="另一医院")
    application.refresh_from_db()
    assert Unlocking.of(application).fields == []
    assert submitting.obstacles(uploads.Desk.of(application)) == {}


def test_nothing_is_saved_after_the_returns_deadline():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    late = application.return_deadline
    values, actor = {"trial_name": "另一医院"}, Actor.of(application.account)
    with pytest.raises(NotAllowed, match="补正期限已于"):
        save_section(application.pk, "work", values, actor=actor, seen=application.last_record_id, now=late)
    save_section(
        application.pk, "work", values, actor=actor, seen=application.last_record_id, now=late - timedelta(seconds=1)
    )


def test_a_registered_form_may_change_while_uploading_is_open():
    application = make_application("registered")
    session, now = application.session, timezone.now()
    session.registration_opens, session.registration_closes = now - timedelta(days=9), now - timedelta(days=8)
    session.save()
    save(application, "basic", address="新地址 1 号")
    assert Application.objects.get(pk=application.pk).address == "新地址 1 号"
