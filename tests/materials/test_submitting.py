"""The submission: what it needs and keeps, and what a return opens again."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from materials import submitting, uploads
from materials.models import Submission
from materials.needs import LINES
from tests import factories
from tests.asked import notice, own_line
from tests.factories import a_further_institution, make_application
from tests.materials.uploading import add, code_of, kept, remove, returned, save, submit, submitted

pytestmark = pytest.mark.django_db


def test_submitting_names_every_required_category_that_is_empty():
    application = factories.make_application("registered")
    add(application, "identity")
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["category:diploma", "category:probation", "category:institution_licence"]


def test_submitting_locks_and_keeps_the_set():
    application = factories.make_application("registered")
    factories.upload_required(application)
    done = submit(application)
    submission = Submission.objects.get(application=application)
    assert (done.status, done.round, done.submitted_at) == ("point_review", 1, submission.at)
    assert submission.images == [image.pk for image in uploads.Desk.of(done).images]
    assert submission.required == ["identity", "diploma", "probation", "institution_licence"]


def test_submitting_keeps_what_the_region_and_the_site_asked_for_and_why():
    notice("11", "diploma", words="内页也要")
    own_line("1101", upload="optional", remark="近三个月", conditions=["assistant"])
    own_line("11", "只要军人的", conditions=["military"])
    submitted()
    assert Submission.objects.get().asked == {
        "notices": [{"category": "diploma", "required": False, "words": "内页也要", "by": "北京考区"}],
        "lines": [
            {
                **{"title": "社保证明", "by": "北京第一考点", "upload": "optional", "original": False, "copies": 0},
                **{"remark": "近三个月", "conditions": [], "why": ["因为您报考执业助理医师"]},
            }
        ],
    }


def test_a_paper_to_upload_makes_other_required():
    own_line("11", upload="required")
    application = factories.make_application("registered")
    factories.upload_required(application)
    application.images.filter(category="other").delete()
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["category:other"]


def test_a_return_takes_pictures_of_a_paper_that_is_new_since_the_submission():
    application = returned(submitted(), bad=["diploma"])
    assert code_of(add, application, "other", serial=7) == "locked"
    own_line("11", upload="optional")
    assert code_of(add, application, "other", serial=7) is None


@pytest.mark.parametrize(("status", "queries"), [("registered", 0), ("returned", 1)])
def test_an_upload_reads_the_units_lines_once_while_returned_and_else_never(status, queries):
    for serial in range(3):
        own_line("11", f"材料{serial}", upload="optional")
    application = factories.make_application(status)
    with CaptureQueriesContext(connection) as asked:
        add(application, "diploma", serial=7)
    lines = LINES._shape.statement.name
    assert sum(lines in one["sql"].split() for one in asked) == queries


def test_submitting_needs_the_upload_window():
    application = factories.make_application("registered")
    factories.upload_required(application)
    with pytest.raises(NotAllowed, match="上传材料已于"):
        submit(application, now=application.session.upload_closes)


def test_submitting_needs_a_form_without_conflicts():
    application = factories.make_application("registered")
    factories.upload_required(application)
    save(application, "education", fresh_graduate=True)  # graduated in 2018
    with pytest.raises(Refused) as refused:
        submit(application)
    assert "field:fresh_graduate" in refused.value.problems


def test_submitting_twice_is_refused_and_stays_one_round():
    application = submitted()
    with pytest.raises(NotAllowed, match="待报名点审核"):
        submit(application)
    assert Submission.objects.filter(application=application).count() == 1


def test_a_page_drawn_before_another_act_does_not_submit():
    application = factories.make_application("registered")
    seen = application.last_record_id
    factories.upload_required(application)
    save(application, "basic", postcode="100001")
    with pytest.raises(AlreadyMoved):
        submit(application, seen=seen)


def test_fewer_pictures_than_documents_is_a_hint():
    application = factories.make_application("registered")
    add(application, "identity")  # two sides are asked for
    assert list(submitting.hints(uploads.Desk.of(application))) == ["identity"]


@pytest.mark.parametrize(("status", "filled", "ready"), [("registered", 4, True), ("registered", 3, False)])
def test_one_step_is_left_once_every_required_category_is_filled(status, filled, ready):
    application = factories.make_application(status)
    for category in ("identity", "diploma", "probation", "institution_licence")[:filled]:
        add(application, category)
    assert submitting.is_ready(uploads.Desk.of(application)) is ready


def test_no_step_is_left_outside_the_window_and_after_the_submission():
    application = factories.make_application("registered")
    factories.upload_required(application)
    late = uploads.Desk.of(application, application.session.upload_closes)
    assert (submitting.is_ready(late), submitting.is_ready(uploads.Desk.of(submit(application)))) == (False, False)


def test_a_correction_is_one_step_from_done_when_all_that_was_named_is_mended():
    application = returned(submitted(), bad=["diploma"])
    assert submitting.is_ready(uploads.Desk.of(application)) is False
    add(application, "diploma", serial=7, replaces=kept(application, "diploma")[0].pk)
    assert submitting.is_ready(uploads.Desk.of(application)) is True


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_return_opens_only_what_was_judged_or_named():
    application = returned(submitted(), bad=["diploma"], categories={"probation": "缺页"})
    desk = uploads.Desk.of(application)
    assert {line.category.code for line in desk.lines if desk.refusal_to_add(line.category.code) is None} == {
        "diploma",
        "probation",
    }
    assert {image.category for image in desk.images if desk.refusal_to_remove(image) is None} == {"diploma"}


def test_an_unjudged_picture_of_a_named_category_may_go():
    application = factories._returned(submitted(), categories={"probation": "缺页"})
    assert code_of(remove, kept(application, "probation")[0], application) is None


def test_resubmitting_needs_every_bad_picture_gone_and_a_new_one_where_named():
    application = returned(submitted(), bad=["diploma"], categories={"probation": "缺页"}, sections={"work": "不符"})
    bad = kept(application, "diploma")[0]
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["section:work", f"image:{bad.pk}", "category:probation"]


def test_a_corrected_application_starts_again_at_the_point_with_its_new_set():
    application = returned(submitted(), bad=["diploma"])
    old = kept(application, "diploma")[0]
    new = add(application, "diploma", serial=7, replaces=old.pk)
    done = submit(application)
    assert (done.status, done.round) == ("point_review", 2)
    first, second = Submission.objects.filter(application=application)
    assert old.pk in first.images
    assert old.pk not in second.images
    assert new.pk not in first.images
    assert new.pk in second.images


def test_a_picture_of_a_submitted_set_keeps_its_file_when_it_is_replaced(django_capture_on_commit_callbacks):
    application = returned(submitted(), bad=["diploma"])
    old = kept(application, "diploma")[0]
    with django_capture_on_commit_callbacks(execute=True):
        add(application, "diploma", serial=7, replaces=old.pk)
    assert default_storage.exists(old.file)


def test_locked_pictures_do_not_count_towards_twenty_while_returned():
    application = factories.make_application("registered")
    for serial in range(20):
        add(application, "diploma", serial=serial)
    factories.upload_required(application)
    application = returned(submit(application), categories={"diploma": "缺页"})
    assert [code_of(add, application, "diploma", serial=100 + n) for n in range(21)] == [None] * 20 + [
        "too_many_images"
    ]


def test_the_returns_deadline_counts_and_not_the_window():
    application = returned(submitted(), bad=["diploma"])
    application.session.upload_closes = timezone.now()
    application.session.save()
    assert code_of(add, application, "diploma", serial=7) is None
    assert code_of(add, application, "diploma", serial=8, now=application.return_deadline) == "window_closed"


def test_a_category_made_required_by_the_candidates_change_is_unlocked():
    application = submitted(employer_is_medical_institution=False)
    application = returned(application, sections={"work": "不符"})
    assert code_of(add, application, "institution_licence") == "locked"
    save(application, "work", employer_is_medical_institution=True)
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["category:institution_licence"]
    assert code_of(add, application, "institution_licence", serial=7) is None


def test_a_changed_field_opens_the_categories_that_prove_it():
    application = returned(submitted(), sections={"education": "不符"})
    assert code_of(add, application, "diploma", serial=7) == "locked"
    save(application, "education", school="示例第二医学院")
    assert code_of(add, application, "diploma", serial=7) is None


def test_a_form_without_further_institutions_reads_as_those_submitted_before_there_were_any():
    application = make_application("registered")
    assert submitting.form_of(application)["further_institutions"] == ""
    assert submitting.changed_fields(Submission(form="{}"), {"further_institutions": ""}) == []


def test_a_changed_further_institution_is_a_changed_field_whatever_the_order_of_its_cells():
    row = a_further_institution()
    was = submitting.form_of(Application(further_institutions=[row]))["further_institutions"]
    turned = submitting.form_of(Application(further_institutions=[dict(reversed(row.items()))]))
    other = submitting.form_of(Application(further_institutions=[{**row, "period_to": "2020-09-01"}]))
    assert (turned["further_institutions"] == was, other["further_institutions"] == was) == (True, False)
