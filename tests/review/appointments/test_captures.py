"""现场采集: outside every round's set, in no category's place, with a record of its own; nothing waits for it."""

import pytest
from django.db import IntegrityError, transaction

from candidates.applications.workflow import Actor
from candidates.models import Record
from candidates.rules.refusals import NotAllowed, PictureRefused
from materials import uploads
from materials.desk import Desk
from materials.models import MaterialImage
from review.appointments import captures
from review.cases.verdicts import submitted_images
from review.models import Capture
from tests.factories import a_picture, make_application, make_reviewer, pass_on
from tests.review.casework import fresh
from tests.review.onsite_days import NINE

pytestmark = pytest.mark.django_db


def take(case, clerk, category="diploma", picture="degree"):
    return captures.add(case.pk, category=category, picture=a_picture(picture), actor=Actor.of(clerk), now=NINE)


def test_it_is_kept_outside_the_set_with_a_record(case, clerk):
    before = submitted_images(case)
    image = take(case, clerk)
    assert (image.is_onsite, image.submitted, image.is_answer, image.is_owed) == (True, False, False, False)
    assert submitted_images(fresh(case)) == before
    record = Record.objects.filter(application=case).latest("pk")
    assert (record.action, record.level, record.account) == ("capture", "point", clerk)
    assert record.data == {"image": str(image.pk), "category": "diploma"}
    assert Capture.objects.get().record == record


def test_the_state_stays_and_the_chain_goes_on(case, clerk):
    before = case.last_record
    take(case, clerk)
    assert (fresh(case).status, fresh(case).last_record.previous_hash) == ("point_review", before.hash)


def test_it_blocks_no_pass(case, clerk):
    take(case, clerk)
    assert pass_on(fresh(case)).status == "site_review"


def test_it_fills_no_category_and_its_candidate_cannot_remove_it(case, clerk):
    image = take(case, clerk)
    desk = Desk.of(fresh(case))
    assert image not in desk.images
    with pytest.raises(PictureRefused, match="现场采集"):
        uploads.remove_image(image.pk, actor=Actor.of(case.account))


def test_the_same_bytes_as_the_candidates_are_no_mistake(case, clerk):
    theirs = case.images.get(category="diploma")
    image = take(case, clerk, "diploma", "diploma")
    assert (image.received_sha256, image.pk == theirs.pk) == (theirs.received_sha256, False)


def test_the_same_picture_twice_is_said(case, clerk):
    take(case, clerk)
    with pytest.raises(PictureRefused, match="已经采集过"):
        take(case, clerk)
    assert MaterialImage.objects.filter(is_onsite=True).count() == 1


def test_an_unknown_category_is_refused(case, clerk):
    with pytest.raises(PictureRefused, match="没有这一类材料"):
        take(case, clerk, category="driving_licence")


def test_only_the_point_that_has_it_takes_pictures(case, clerk):
    with pytest.raises(NotAllowed):
        take(case, make_reviewer(case.site))
    with pytest.raises(NotAllowed):
        take(make_application("site_review"), clerk)
    assert MaterialImage.objects.filter(is_onsite=True).count() == 0


def test_the_database_keeps_it_out_of_the_set(case, clerk):
    image = take(case, clerk)
    with pytest.raises(IntegrityError, match="picture_taken_on_site"), transaction.atomic():
        MaterialImage.objects.filter(pk=image.pk).update(submitted=True)


def test_the_same_picture_is_taken_for_another_category(case, clerk):
    take(case, clerk)
    assert take(case, clerk, category="identity").category == "identity"
