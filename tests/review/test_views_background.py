"""What an open case page sends by itself, and what is no operator's: the hold, 下一份, the pictures ahead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from review.cases.verdicts import submitted_images
from review.models import DraftVerdicts, Hold
from tests.factories import make_application, make_operator, make_reviewer
from tests.review.casework import here, log_in, posted, reviewer

pytestmark = pytest.mark.django_db


def test_an_open_page_renews_its_hold(client):
    case = make_application("point_review")
    assert log_in(client, reviewer(case)).post(here(case, "hold")).status_code == 204
    assert Hold.objects.values_list("application", "account").get() == (case.pk, reviewer(case).pk)


def test_the_page_of_a_case_that_has_gone_on_holds_nothing(client):
    case = make_application("site_review")
    assert log_in(client, reviewer(case, "point")).post(here(case, "hold")).status_code == 204
    assert Hold.objects.count() == 0


def test_an_operator_has_no_next_case(client):
    make_application("point_review")
    log_in(client, make_operator())
    assert client.post("/review/applications/next/").status_code == 404
    assert client.get("/review/applications/ahead/").status_code == 404
    assert Hold.objects.count() == 0


@pytest.mark.parametrize(("hours", "shown"), [(0, "0 分钟"), (5, "5 小时"), (24, "1 天"), (71, "2 天")])
def test_the_queue_says_how_long_a_case_waits(client, hours, shown):
    case = make_application("point_review")
    type(case).objects.filter(pk=case.pk).update(status_since=timezone.now() - timedelta(hours=hours))
    rows = log_in(client, reviewer(case)).get("/review/applications/").context["rows"]
    assert [row["waiting"] for row in rows] == [shown]


def test_a_batch_names_what_waits_for_another_level(client):
    ready, gone_on = make_application("site_review"), make_application("region_review")
    log_in(client, reviewer(ready))
    rows = {"case": [f"{case.number}:{case.last_record_id}" for case in (ready, gone_on)]}
    left = client.post("/review/applications/pass/", rows).context["left"]
    assert [(case, "现在由考区处理" in why) for case, why in left] == [(gone_on, True)]


def test_before_anything_was_submitted_there_is_no_packet(client):
    case = make_application("registered")
    assert log_in(client, make_operator()).get(here(case) + "packet.pdf").status_code == 404


def test_a_draft_keeps_verdicts_and_words_before_one_and_no_picture_without_either(client):
    case = make_application("point_review")
    judged, worded, untouched, *_ = submitted_images(case)
    sent = {"seen": case.last_record_id, f"image-{judged.id}-verdict": "ok", f"image-{worded.id}-words": "看不清"}
    sent[f"image-{untouched.id}-verdict"] = ""
    assert log_in(client, reviewer(case)).post(here(case, "draft"), sent).status_code == 204
    assert DraftVerdicts.objects.get().judged == {
        str(judged.id): {"verdict": "ok", "reason": "", "words": ""},
        str(worded.id): {"verdict": "", "reason": "", "words": "看不清"},
    }


def test_a_draft_of_a_page_that_is_old_is_not_kept(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    answer = client.post(here(case, "draft"), posted(case, seen=case.last_record_id - 1))
    assert answer.status_code == 409
    assert "该申请已由他人处理" in answer.json()["message"]


def test_a_reviewer_of_a_unit_that_was_switched_off_comes_in_nowhere(client):
    case = make_application("point_review")
    account = make_reviewer(case.point, username="colleague")
    type(case.point).objects.filter(pk=case.point_id).update(is_active=False)
    log_in(client, account)
    assert [client.get(address).status_code for address in (here(case), "/review/applications/")] == [404, 404]
