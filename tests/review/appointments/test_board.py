"""The waiting room's screen: numbers and no names, at an address that the head can take back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.applications.workflow import Actor
from review.appointments import board, desk
from review.models import Board
from tests.review.onsite_days import NINE

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def called(case, point, clerk, setting):
    actor = Actor.of(clerk)
    desk.walk_in(point, actor=actor, application=case.pk, now=NINE)
    desk.walk_in(point, actor=actor, now=NINE)
    return desk.call_next(point, actor=actor, now=NINE)


def test_it_shows_who_is_called_and_how_many_wait(point, called):
    shown = board.shown(point, NINE + 10 * SECOND)
    assert ([one.number for one in shown.called], shown.waiting) == (["B001"], 1)


def test_a_number_stands_out_for_a_minute(point, called):
    fresh = [board.shown(point, NINE + wait * SECOND).called[0].is_fresh for wait in (59, 60)]
    assert fresh == [True, False]


def test_yesterdays_numbers_are_gone(point, called):
    shown = board.shown(point, NINE + timedelta(days=1))
    assert (shown.called, shown.waiting) == ((), 0)


def test_a_new_address_ends_the_one_before(point, head):
    old = board.renew(point, by=head).token
    new = board.renew(point, by=head).token
    assert (board.by_token(old), board.by_token(new).point) == (None, point)


def test_revoked_there_is_none(point, head):
    token = board.renew(point, by=head).token
    board.revoke(point)
    assert (board.by_token(token), board.of_point(point)) == (None, None)


def test_a_token_that_could_be_guessed_is_refused(point, head):
    with pytest.raises(IntegrityError, match="token_cannot_be_guessed"), transaction.atomic():
        Board.objects.create(point=point, token="1101001", at=NINE, by=head)


def test_the_page_needs_no_login_names_nobody_and_refreshes_itself(client, case, point, head, called):
    token = board.renew(point, by=head).token
    answer = client.get(f"/review/desk/board/{token}/")
    assert (answer.status_code, answer.cookies) == (200, {})
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.content.decode()
    assert case.name not in answer.content.decode()
    assert client.get(f"/review/desk/board/{token[::-1]}/").status_code == 404
