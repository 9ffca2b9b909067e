"""A registration point that offers appointments, and a Monday with three slots of two places each."""

from datetime import time, timedelta

import pytest

from review.models import AppointmentSetting, OpeningHours
from tests.factories import make_application, make_reviewer, make_units
from tests.review.onsite_days import NINE, make_slot


@pytest.fixture
def point():
    return make_units()["1101001"]


@pytest.fixture
def setting(point):
    made = AppointmentSetting.objects.create(point=point, is_on=True, minutes=30, capacity=2, walk_in=0)
    OpeningHours.objects.create(setting=made, weekday=1, opens=time(9), closes=time(10, 30))
    return made


@pytest.fixture
def slots(point, setting):
    return [make_slot(point, NINE + timedelta(minutes=30 * at)) for at in range(3)]


@pytest.fixture
def slot(slots):
    return slots[0]


@pytest.fixture
def clerk(point):
    return make_reviewer(point, username="clerk")


@pytest.fixture
def head(point):
    return make_reviewer(point, username="head", is_head=True)


@pytest.fixture
def case():
    return make_application("point_review")
