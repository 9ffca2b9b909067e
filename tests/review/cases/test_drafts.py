"""What an open case page sends and asks for by itself: verdicts so far, the next case's pictures."""

import pytest

from candidates.models import Look
from review.cases import drafts, holds
from review.cases.verdicts import submitted_images
from review.models import DraftVerdicts, Hold, Verdict
from tests.factories import make_application, make_reviewer, pass_on
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def draft(client, case, **more):
    image = submitted_images(case)[0]
    judged = {f"image-{image.id}-verdict": "not_ok", f"image-{image.id}-words": "请重新拍摄。"}
    return client.post(f"/review/applications/{case.number}/draft/", {"seen": case.last_record_id, **judged, **more})


def shown(client, case):
    page = client.get(f"/review/applications/{case.number}/").content.decode()
    return page.count('value="not_ok" checked'), "请重新拍摄。" in page


def test_a_draft_is_shown_again_to_its_reviewer_only_and_judges_nothing(client):
    case = make_application("point_review")
    mine, colleague = reviewer(case), make_reviewer(case.point, username="colleague")
    assert draft(log_in(client, mine), case).status_code == 204
    assert shown(client, case) == (1, True)
    assert shown(log_in(client, colleague), case) == (0, False)
    assert Verdict.objects.count() == 0


def test_words_written_before_the_verdict_are_kept(client):
    case = make_application("point_review")
    image = submitted_images(case)[0]
    draft(log_in(client, reviewer(case)), case, **{f"image-{image.id}-verdict": ""})
    assert shown(client, case) == (0, True)


def test_a_later_draft_takes_the_place_of_the_earlier(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    draft(client, case)
    image = submitted_images(case)[0]
    draft(client, case, **{f"image-{image.id}-verdict": "ok", f"image-{image.id}-words": ""})
    assert [one.judged[str(image.id)]["verdict"] for one in DraftVerdicts.objects.all()] == ["ok"]


def test_a_decision_drops_everybodys_drafts(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    draft(client, case)
    drafts.keep(case, make_reviewer(case.point, username="colleague"), {})
    pass_on(case)
    assert DraftVerdicts.objects.count() == 0


def test_a_stale_page_and_another_level_keep_no_draft(client):
    case = make_application("point_review")
    assert draft(log_in(client, reviewer(case)), case, seen=case.last_record_id - 1).status_code == 409
    assert draft(log_in(client, reviewer(case, "site")), case).status_code == 409
    assert DraftVerdicts.objects.count() == 0


def test_only_pictures_of_the_set_and_known_verdicts_are_kept(client):
    case, other = make_application("point_review"), make_application("point_review")
    image, foreign = submitted_images(case)[0], submitted_images(other)[0]
    wrong = {f"image-{image.id}-verdict": "perhaps", f"image-{foreign.id}-verdict": "ok"}
    draft(log_in(client, reviewer(case)), case, **wrong)
    assert DraftVerdicts.objects.get().judged == {}


def test_fetching_ahead_names_the_next_free_case_and_holds_nothing(client):
    first, second = make_application("point_review"), make_application("point_review")
    log_in(client, reviewer(first))
    pictures = client.get(f"/review/applications/ahead/?after={first.number}").json()["pictures"]
    kinds = ("/", "/thumbnail/")
    assert pictures == [f"/materials/images/{one.id}{kind}" for kind in kinds for one in submitted_images(second)]
    assert Hold.objects.count() == 0
    assert holds.take_next(reviewer(first), after=first.pk) == second


def test_pictures_fetched_ahead_are_recorded_when_their_case_is_opened(client):
    first, second = make_application("point_review"), make_application("point_review")
    log_in(client, reviewer(first))
    picture, *_ = client.get(f"/review/applications/ahead/?after={first.number}").json()["pictures"]
    kept = client.get(picture).headers["Cache-Control"]
    assert kept == "private, max-age=600"
    assert Look.objects.count() == 0
    client.get(f"/review/applications/{second.number}/")
    assert list(Look.objects.values_list("application", "kind")) == [(second.pk, "case")]


def test_where_nothing_waits_nothing_is_fetched(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    assert client.get(f"/review/applications/ahead/?after={case.number}").json() == {"pictures": []}
