"""A new one-time password, or no second factor any more: for command and page alike."""

import pytest

from candidates.models import SecondFactor
from candidates.rules.refusals import NotAllowed
from review.operations import resetting
from tests.factories import PASSWORD, make_candidate, make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def reviewer():
    return make_reviewer(make_units()["11"])


def test_a_candidates_password_is_replaced(operator):
    account = make_candidate()
    password = resetting.password(account, by=operator)
    account.refresh_from_db()
    assert (account.check_password(password), account.check_password(PASSWORD)) == (True, False)
    assert account.must_change_password is True


def test_one_operator_does_not_give_a_reviewer_both_keys(operator, reviewer):
    resetting.password(reviewer, by=operator)
    with pytest.raises(NotAllowed, match="不能先后重设"):
        resetting.factor(reviewer, by=operator)
    assert resetting.factor(reviewer, by=make_operator("operator-2")) is False


def test_nobody_resets_the_own_account_or_one_that_is_off(operator):
    for act in (resetting.password, resetting.factor):
        with pytest.raises(NotAllowed, match="自己的"):
            act(operator, by=operator)
        with pytest.raises(NotAllowed, match="停用"):
            act(make_operator(f"off-{act.__name__}", is_active=False), by=operator)


def test_another_operators_second_factor_is_reset_and_a_candidate_has_none(operator):
    other = make_operator("operator-2")
    SecondFactor.objects.create(user=other, secret="A" * 32, last_step=-1, enrolled_at=other.date_joined)
    assert (resetting.factor(other, by=operator), resetting.factor(other, by=operator)) == (True, False)
    with pytest.raises(NotAllowed, match="考生没有"):
        resetting.factor(make_candidate(), by=operator)
