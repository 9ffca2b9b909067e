"""A registration point with a head and a reviewer, for the tests of the office that divide its work."""

import pytest

from tests.factories import make_reviewer, make_units


@pytest.fixture
def unit():
    return make_units()["1101001"]


@pytest.fixture
def head(unit):
    return make_reviewer(unit, username="head", is_head=True)


@pytest.fixture
def anna(unit):
    return make_reviewer(unit, username="anna")
