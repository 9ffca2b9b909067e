"""Pictures in, pictures out, submitting: what may change when, and what a submission needs."""

import os
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, NotAllowed, PictureRefused, Refused
from materials import uploads
from materials.models import MaterialImage, Submission
from materials.pictures.check import check
from review.cases import decisions
from review.cases.verdicts import Judgement, submitted_images
from tests import factories
from tests.materials.conftest import needs_a_folder
from tests.materials.picture_files import drawn, encoded, oriented

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def picture(serial=0):
    """A checked picture; another serial counts as other received bytes."""
    return replace(factories.a_picture(), received_sha256=f"{serial:064}")


def add(application, category="identity", serial=0, **options):
    actor = Actor.of(application.account)
    return uploads.add_image(application.pk, category, picture(serial), actor=actor, **options)


def remove(image, application, **options):
    return uploads.remove_image(image.pk, actor=Actor.of(application.account), **options)


def submit(application, **options):
    return uploads.submit(application.pk, actor=Actor.of(application.account), **options)


def code_of(act, *arguments, **options):
    """The code of the refusal; None where nothing was refused."""
    try:
        act(*arguments, **options)
    except PictureRefused as refusal:
        return refusal.code
    return None


def kept(application, category):
    return list(MaterialImage.objects.filter(application=application, category=category, removed_at=None))


def save(application, section, **values):
    application.refresh_from_db()
    actor = Actor.of(application.account)
    save_section(application.pk, section, values, actor=actor, seen=application.last_record_id)
    return Application.objects.get(pk=application.pk)


def returned(application, bad=(), **named):
    """Returned by the point; pictures of `bad` categories judged 不合格, all others 合格."""
    verdicts = {
        image.id: Judgement("not_ok", "不清晰") if image.category in bad else Judgement("ok")
        for image in submitted_images(application)
    }
    return factories._returned(application, verdicts=verdicts, **named)


def submitted(**changes):
    return factories.make_application("point_review", **changes)


def a_fresh_graduate(status="point_review"):
    session = factories.make_session()
    graduated_on = date(session.year - 1, 7, 1)
    return factories.make_application(status, session=session, fresh_graduate=True, graduated_on=graduated_on)


# --- adding --------------------------------------------------------------------------------------------------------


def test_an_added_picture_has_its_file_its_thumbnail_and_its_place():
    application = factories.make_application("registered")
    first, second = add(application, serial=1), add(application, serial=2)
    assert [image.position for image in (first, second)] == [1, 2]
    assert default_storage.open(first.file).read() == picture().content
    assert default_storage.open(first.thumbnail).read() == picture().thumbnail


def test_a_draft_takes_no_picture_yet():
    assert code_of(add, factories.make_application("draft")) == "locked"


@pytest.mark.parametrize("status", ["point_review", "payment_due", "rejected", "withdrawn", "cancelled"])
def test_what_is_not_open_takes_no_picture(status):
    assert code_of(add, factories.make_application(status)) == "locked"


@pytest.mark.parametrize(("shift", "code"), [(-2 * DAY, "window_closed"), (0 * DAY, None), (31 * DAY, "window_closed")])
def test_the_upload_window_is_needed_to_add_and_to_remove(shift, code):
    application = factories.make_application("registered")
    image = add(application, serial=1)
    now = timezone.now() + shift
    assert code_of(add, application, serial=2, now=now) == code
    assert code_of(remove, image, application, now=now) == code


def test_the_last_moment_of_the_window_is_the_one_before_it_closes():
    application = factories.make_application("registered")
    closes = application.session.upload_closes
    assert code_of(add, application, serial=1, now=closes - timedelta(microseconds=1)) is None
    assert code_of(add, application, serial=2, now=closes) == "window_closed"


def test_a_hidden_category_takes_no_picture():
    assert code_of(add, factories.make_application("registered"), "assistant_licence") == "hidden_category"


def test_a_refused_picture_leaves_no_file(media_root):
    add_refused = code_of(add, factories.make_application("registered"), "assistant_licence")
    assert (add_refused, [path for path in media_root.rglob("*") if path.is_file()]) == ("hidden_category", [])


def test_the_same_bytes_twice_in_a_category_are_refused():
    application = factories.make_application("registered")
    add(application, serial=1)
    assert code_of(add, application, serial=1) == "duplicate"
    assert len(kept(application, "identity")) == 1


def test_the_same_bytes_in_another_category_are_a_warning_that_names_it():
    application = factories.make_application("registered")
    add(application, "identity", serial=1)
    assert add(application, "diploma", serial=1).warnings == ["same_as:identity"]


def test_a_deleted_picture_is_no_duplicate():
    application = factories.make_application("registered")
    remove(add(application, serial=1), application)
    assert add(application, serial=1).warnings == []


def test_a_category_takes_twenty_pictures_and_no_more():
    application = factories.make_application("registered")
    codes = [code_of(add, application, serial=serial) for serial in range(21)]
    assert codes == [None] * 20 + ["too_many_images"]


def test_nobody_adds_to_somebody_elses_application():
    application = factories.make_application("registered")
    with pytest.raises(NotAllowed):
        stranger = Actor.of(factories.make_candidate())
        uploads.add_image(application.pk, "identity", picture(), actor=stranger)
    assert kept(application, "identity") == []


def test_a_storage_that_fails_stores_no_row(media_root):
    application = factories.make_application("registered")
    media_root.mkdir(exist_ok=True)
    (media_root / "images").write_text("not a folder")
    assert code_of(add, application) == "storage_unavailable"
    assert kept(application, "identity") == []


@needs_a_folder
@pytest.mark.parametrize("failing", range(1, 7), ids=["a", "new", "folder", "the picture", "the thumbnail", "theirs"])
def test_a_storage_that_fails_keeps_nothing_of_the_upload(media_root, monkeypatch, failing):
    calls = count(1)

    def fail(handle):
        if next(calls) == failing:
            raise OSError(28, "No space left on device")

    application = factories.make_application("registered")
    monkeypatch.setattr(os, "fsync", fail)
    assert code_of(add, application) == "storage_unavailable"
    assert ([path for path in media_root.rglob("*") if path.is_file()], kept(application, "identity")) == ([], [])


def take(application, content, name="a.jpg"):
    actor = Actor.of(application.account)
    return uploads.take_image(application, "identity", content, name, actor=actor, min_side=1)


@pytest.mark.parametrize("towards", [1, 6], ids=["upright", "turned"])
def test_received_bytes_become_a_picture_with_both_files(towards, media_root):
    received = oriented(encoded(drawn()), towards)
    image = take(factories.make_application("registered"), received)
    expected = check(received, "a.jpg", min_side=1)
    assert default_storage.open(image.file).read() == expected.content
    assert default_storage.open(image.thumbnail).read() == expected.thumbnail
    assert {path.name for path in media_root.rglob("*.*") if path.is_file()} == {
        f"{image.pk}.jpg",
        f"{image.pk}.thumbnail.jpg",
    }


def test_a_picture_that_cannot_be_decoded_leaves_no_file(media_root):
    refused = code_of(take, factories.make_application("registered"), encoded(drawn())[:-400] + b"\xff\xd9")
    assert (refused, [path for path in media_root.rglob("*") if path.is_file()]) == ("corrupt", [])


@needs_a_folder
@pytest.mark.parametrize(("cut", "code"), [(0, "storage_unavailable"), (400, "corrupt")], ids=["whole", "broken"])
def test_what_is_wrong_with_a_picture_is_said_before_what_is_wrong_with_the_storage(media_root, cut, code):
    application = factories.make_application("registered")
    media_root.mkdir(exist_ok=True)
    (media_root / "images").write_text("not a folder")
    whole = encoded(drawn())
    assert code_of(take, application, whole[: len(whole) - cut] + b"\xff\xd9") == code
    assert kept(application, "identity") == []


# --- replacing and removing ------------------------------------------------------------------------------------------


def test_a_replaced_picture_gives_its_place_to_the_new_one():
    application = factories.make_application("registered")
    first, second = add(application, serial=1), add(application, serial=2)
    new = add(application, serial=3, replaces=first.pk)
    assert kept(application, "identity") == [new, second]


def test_a_full_category_still_lets_a_picture_be_replaced():
    application = factories.make_application("registered")
    images = [add(application, serial=serial) for serial in range(20)]
    assert code_of(add, application, serial=20, replaces=images[7].pk) is None
    assert len(kept(application, "identity")) == 20


def test_a_picture_of_another_category_cannot_be_replaced():
    application = factories.make_application("registered")
    other = add(application, "diploma", serial=1)
    assert code_of(add, application, "identity", serial=2, replaces=other.pk) == "locked"
    assert (kept(application, "diploma"), kept(application, "identity")) == ([other], [])


def test_the_file_of_a_removed_picture_goes_after_the_commit(django_capture_on_commit_callbacks):
    application = factories.make_application("registered")
    image = add(application)
    with django_capture_on_commit_callbacks() as after:
        remove(image, application)
    assert default_storage.exists(image.file)
    for act in after:
        act()
    assert [default_storage.exists(key) for key in (image.file, image.thumbnail)] == [False, False]


def test_removing_twice_is_removing_once():
    application = factories.make_application("registered")
    image = add(application)
    first, second = remove(image, application), remove(image, application)
    assert (first.removed_by, first.removed_at) == (application.account, second.removed_at)


def test_nobody_removes_somebody_elses_picture():
    application = factories.make_application("registered")
    image = add(application)
    with pytest.raises(NotAllowed):
        uploads.remove_image(image.pk, actor=Actor.of(factories.make_candidate()))
    assert kept(application, "identity") == [image]


def test_a_submitted_picture_is_locked():
    application = submitted()
    assert code_of(remove, kept(application, "identity")[0], application) == "locked"


def test_pictures_that_are_not_needed_any_more_are_kept_removable_and_not_submitted():
    application = factories.make_application(
        "registered", exam_category=factories.make_category("110"), education="bachelor"
    )
    image = add(application, "degree", serial=1)
    save(application, "education", full_time=False, education="associate")
    save(application, "exam", exam_category=factories.make_category("210"))
    factories.upload_required(Application.objects.get(pk=application.pk))
    assert uploads.Desk.of(Application.objects.get(pk=application.pk)).refusal_to_remove(image) is None
    submit(application)
    image.refresh_from_db()
    assert (image.removed_at, image.submitted) == (None, False)


# --- submitting ------------------------------------------------------------------------------------------------------


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
    assert list(uploads.hints(uploads.Desk.of(application))) == ["identity"]


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
    assert (old.pk in first.images, old.pk in second.images) == (True, False)
    assert (new.pk in first.images, new.pk in second.images) == (False, True)


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


# --- 待补 ------------------------------------------------------------------------------------------------------------


def test_before_the_first_submission_nothing_is_owed_yet():
    application = a_fresh_graduate("registered")
    assert (add(application, "probation").is_owed, application.owed) == (False, [])


@pytest.mark.parametrize("status", ["point_review", "payment_due", "paid"])
def test_an_owed_picture_comes_after_the_submission_and_is_outside_every_set(status):
    application = a_fresh_graduate(status)
    image = add(application, "probation", serial=7)
    assert (application.owed, image.is_owed) == (["probation"], True)
    assert image.pk not in Submission.objects.get(application=application).images


def test_an_owed_picture_comes_until_31_august_and_can_go_until_then():
    application = a_fresh_graduate()
    late = application.session.owed_until
    image = add(application, "probation", serial=7, now=late - timedelta(seconds=1))
    assert code_of(add, application, "probation", serial=8, now=late) == "locked"
    assert code_of(remove, image, application, now=late) == "locked"
    assert code_of(remove, image, application, now=late - timedelta(seconds=1)) is None


def test_a_settled_debt_takes_no_more_pictures_and_gives_none_back():
    application = a_fresh_graduate("payment_due")
    image = add(application, "probation", serial=7)
    site = Actor.of(factories.make_reviewer(application.site, username="site"))
    decisions.received(application.pk, actor=site, seen=application.last_record_id, category="probation")
    assert [code_of(add, application, "probation", serial=8), code_of(remove, image, application)] == ["locked"] * 2


@pytest.mark.parametrize("status", ["rejected", "cancelled"])
def test_what_has_ended_takes_no_owed_picture(status):
    assert code_of(add, a_fresh_graduate(status), "probation", serial=7) == "locked"


def test_while_returned_an_unlocked_category_takes_ordinary_pictures_and_a_locked_one_owed_ones():
    named, other = a_fresh_graduate(), a_fresh_graduate()
    named = returned(named, categories={"probation": "请补充"})
    other = returned(other, bad=["diploma"])
    assert [add(one, "probation", serial=7).is_owed for one in (named, other)] == [False, True]


def test_after_the_returns_deadline_only_what_is_owed_comes():
    application = returned(a_fresh_graduate(), categories={"probation": "请补充"})
    assert add(application, "probation", serial=7, now=application.return_deadline).is_owed is True


def test_what_is_owed_no_longer_is_ordinary_from_the_next_submission():
    application = a_fresh_graduate()
    image = add(application, "probation", serial=7)
    application = returned(application, sections={"education": "不是应届毕业生"})
    application = save(application, "education", fresh_graduate=False)
    done = submit(application)
    image.refresh_from_db()
    assert (done.owed, image.is_owed, image.submitted) == ([], False, True)


def test_an_owed_picture_fills_no_required_category():
    application = factories.make_application(
        "point_review",
        exam_category=factories.make_category("110"),
        education="master",
        graduating_postgraduate=True,
        graduated_on=date(factories.make_session().year, 6, 30),
    )
    add(application, "degree", serial=7)
    application = returned(application, bad=["degree"])
    remove(next(one for one in kept(application, "degree") if not one.is_owed), application)
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["category:degree"]
