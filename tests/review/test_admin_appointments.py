"""Operators keep a point's hours in the back office; what its head is asked first is refused there."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from candidates.trail import history
from review.models import AppointmentSetting, ClosedDay, OpeningHours
from tests.factories import make_operator, make_units
from tests.review.onsite_days import make_slot

pytestmark = pytest.mark.django_db

ADMIN = "/admin/review/"


@pytest.fixture
def operator(client):
    account = make_operator()
    client.force_login(account)
    return client


@pytest.fixture
def setting():
    return AppointmentSetting.objects.create(point=make_units()["1101001"], is_on=True)


def post(client, model, **fields):
    return client.post(f"{ADMIN}{model}/add/", fields)


def test_a_point_is_switched_on_and_it_is_remembered_by_whom(operator):
    units = make_units()
    sent = {"is_on": "on", "minutes": "30", "capacity": "10", "walk_in": "2"}
    assert post(operator, "appointmentsetting", point=units["1101001"].pk, **sent).status_code == 302
    kept = AppointmentSetting.objects.get()
    assert (kept.point, kept.is_on, kept.walk_in) == (units["1101001"], True, 2)
    assert history.of(kept)[0].who == "operator"
    assert post(operator, "appointmentsetting", point=units["1101"].pk, **sent).status_code == 200
    assert AppointmentSetting.objects.count() == 1


@pytest.mark.parametrize("changes", [{"minutes": "14"}, {"minutes": "61"}, {"capacity": "0"}, {"walk_in": "11"}])
def test_sizes_that_cannot_be_are_refused(operator, changes):
    sent = {"point": make_units()["1101001"].pk, "minutes": "30", "capacity": "10", "walk_in": "0", **changes}
    assert (post(operator, "appointmentsetting", **sent).status_code, AppointmentSetting.objects.count()) == (200, 0)


def test_hours_that_overlap_are_refused(operator, setting):
    OpeningHours.objects.create(setting=setting, weekday=1, opens=time(9), closes=time(11))
    post(operator, "openinghours", setting=setting.pk, weekday=1, opens="10:00", closes="12:00")
    assert OpeningHours.objects.count() == 1
    post(operator, "openinghours", setting=setting.pk, weekday=1, opens="11:00", closes="12:00")
    assert OpeningHours.objects.count() == 2


def test_a_day_with_slots_is_closed_by_the_head(operator, setting):
    slot = make_slot(setting.point, timezone.now() + timedelta(days=2))
    answer = post(operator, "closedday", setting=setting.pk, day=f"{slot.day}", words="")
    assert ("请报名点的负责人先在" in answer.content.decode(), ClosedDay.objects.count()) == (True, 0)


def test_slots_are_to_look_at(operator, setting):
    make_slot(setting.point)
    assert operator.get(f"{ADMIN}slot/").status_code == 200
    assert operator.get(f"{ADMIN}slot/add/").status_code == 403
