"""Pictures that a case page had fetched ahead are written down when it says that it has shown them."""

import pytest

from candidates.models import PictureLook
from candidates.trail import looks
from review.cases import shown
from review.cases.verdicts import submitted_images
from tests.factories import make_application, make_operator
from tests.review.casework import log_in, reviewer

pytestmark = pytest.mark.django_db


def looked():
    return sorted(PictureLook.objects.values_list("picture", "account__username", "unit__code"), key=str)


def test_what_is_fetched_ahead_is_no_look_and_what_is_shown_of_it_is(client):
    case, mine = (made := make_application("point_review")), reviewer(made)
    log_in(client, mine)
    session = client.session
    session[looks.AHEAD] = case.pk
    session.save()
    first, second = submitted_images(case)[:2]
    for image in (first, second):
        client.get(f"/materials/images/{image.id}/")
    assert looked() == []
    typed = {"seen": case.last_record_id, "displayed": f"{first.id} {'0' * 8}-0000-0000-0000-{'0' * 12}"}
    assert client.post(f"/review/applications/{case.number}/draft/", typed).status_code == 204
    assert looked() == [(first.id, mine.username, case.point.code)]


def test_a_picture_that_is_asked_for_is_a_look_of_its_own_once_a_day(client):
    case = make_application("point_review")
    log_in(client, make_operator())
    first, second = submitted_images(case)[:2]
    for image in (first, first, second):
        client.get(f"/materials/images/{image.id}/")
    assert looked() == sorted([(first.id, "operator", None), (second.id, "operator", None)], key=str)


def test_a_thumbnail_and_the_owner_are_no_looks(client):
    case = make_application("point_review")
    [first, *_] = submitted_images(case)
    log_in(client, reviewer(case))
    client.get(f"/materials/images/{first.id}/thumbnail/")
    client.force_login(case.account, backend="candidates.accounts.auth.LoginNameBackend")
    client.get(f"/materials/images/{first.id}/")
    assert looked() == []


def test_pictures_of_another_case_are_not_written_down_with_it():
    case, other = make_application("point_review"), make_application("point_review")
    shown.record(reviewer(case), case, [image.id for image in submitted_images(other)])
    assert looked() == []
