"""The checker of `make faults` can fail: everything that it promises to find is put before it once."""

import hashlib
from contextlib import contextmanager

import pytest
from django.db import connection

from candidates.applications.workflow import Actor
from candidates.models import Record
from materials import submitting, uploads
from materials.models import MaterialImage, Submission
from tests import factories
from tests.faults import checker
from tests.faults.ledger import TORN, Ledger, Line
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def case(ledger):
    """Submitted, decided by the point, everything told to the ledger as clients do."""
    application = factories.make_application("registered")
    factories.upload_required(application)
    for image in application.images.all():
        ledger.write(Line("upload", application.pk, 201, image.received_sha256, str(image.pk)))
    application = submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
    ledger.write(Line("submit", application.pk, 302))
    seen = application.last_record_id
    reviewer(application)
    factories.pass_on(application)
    ledger.write(Line("decide", application.pk, 302, str(seen), "pass"))
    ledger.write(Line("decide", application.pk, 409, str(seen), "return"))
    return application


def found(ledger):
    """The first words of each violation."""
    return [sentence.partition(" ")[0].rstrip(":") for sentence in checker.violations(ledger.lines())]


@contextmanager
def as_superuser():
    """What only somebody who switches the triggers off can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


def first(case):
    return MaterialImage.objects.filter(application=case).first()


def test_where_everything_holds_nothing_is_found(case, ledger):
    assert checker.sweep() == 0
    assert found(ledger) == []


# --- pictures --------------------------------------------------------------------------------------------------------


def test_an_acknowledged_picture_without_a_row_is_lost(case, ledger):
    ledger.write(Line("upload", case.pk, 201, "0" * 64, "00000000-0000-4000-8000-000000000000"))
    assert found(ledger) == ["lost"]


def test_a_row_without_its_file_is_found(case, ledger, media_root):
    (media_root / first(case).file).unlink()
    assert checker.violations(ledger.lines()) == [f"file missing: {first(case).file}"]


def test_a_file_without_a_row_is_found_until_it_is_swept(case, ledger, media_root):
    for name in ("images/ab/stray.jpg", "images/ab/.half.part"):
        (media_root / name).parent.mkdir(exist_ok=True)
        (media_root / name).write_bytes(b"x")
    assert len(found(ledger)) == 2
    assert checker.sweep() == 2
    assert found(ledger) == []


def test_a_picture_with_other_bytes_than_were_sent_is_found(case, ledger):
    ledger.write(Line("upload", case.pk, 201, hashlib.sha256(b"other").hexdigest(), str(first(case).pk)))
    assert found(ledger) == ["changed"]


@pytest.mark.parametrize(("status", "told"), [(302, []), (503, []), (0, ["remove"]), (409, ["removed"])])
def test_a_picture_that_nobody_removed_is_missed(ledger, status, told):
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    image = uploads.add_image(application.pk, "identity", factories.a_picture(), actor=actor)
    ledger.write(Line("upload", application.pk, 201, image.received_sha256, str(image.pk)))
    uploads.remove_image(image.pk, actor=actor)
    checker.sweep()  # the test's transaction never commits: the files stay
    ledger.write(Line("remove", application.pk, status, str(image.pk)))
    assert found(ledger) == told


def test_a_removal_that_was_acknowledged_and_not_done_is_found(case, ledger):
    ledger.write(Line("remove", case.pk, 302, str(first(case).pk)))
    assert found(ledger) == ["back"]


@pytest.mark.parametrize(("act", "status"), [("upload", 422), ("cut", 0)])
def test_a_row_of_what_was_refused_or_cut_off_is_found(ledger, act, status):
    application = factories.make_application("registered")
    factories.upload_required(application)
    for image in application.images.all()[1:]:
        ledger.write(Line("upload", application.pk, 201, image.received_sha256, str(image.pk)))
    ledger.write(Line(act, application.pk, status, first(application).received_sha256))
    assert found(ledger) == ["unasked"]


# --- sets, decisions, records ----------------------------------------------------------------------------------------


def test_a_submitted_set_that_has_changed_is_found(case, ledger):
    with as_superuser():
        Submission.objects.update(images=Submission.objects.get().images[1:])
    assert len([one for one in checker.violations(ledger.lines()) if one.startswith("the set of round 1")]) == 2


def test_a_picture_that_came_in_after_the_set_was_closed_is_found(case, ledger):
    MaterialImage.objects.filter(pk=first(case).pk).update(uploaded_round=1)
    assert [one.partition(" ")[0] for one in checker.violations(ledger.lines())] == ["the", "the"]


def test_a_submission_that_was_acknowledged_and_is_not_there_is_found(case, ledger):
    ledger.write(Line("submit", case.pk, 302))
    assert checker.violations(ledger.lines()) == [
        f"case {case.pk} was told 2 times that it is submitted, and has 1 submissions"
    ]


def test_two_decisions_on_the_same_record_are_found(case, ledger):
    one = next(line for line in ledger.lines() if line.act == "decide")
    ledger.write(Line("decide", case.pk, 302, one.what, "return"))
    assert checker.violations(ledger.lines()) == [f"two decisions on record {one.what} of case {case.pk}: pass, return"]


def test_a_decision_that_was_acknowledged_and_is_not_there_is_found(case, ledger):
    last = Record.objects.filter(application=case).last()
    ledger.write(Line("decide", case.pk, 302, str(last.pk), "pass"))
    assert checker.violations(ledger.lines()) == [
        f"the decision on record {last.pk} of case {case.pk} was acknowledged and is not there"
    ]


def test_a_broken_chain_is_found(case, ledger):
    with as_superuser():
        Record.objects.filter(application=case, action="submit").update(from_status="returned")
    assert [one.partition(" do not verify")[0] for one in checker.violations(ledger.lines())] == [
        f"the records of case {case.pk}"
    ]


# --- answers ---------------------------------------------------------------------------------------------------------


def test_silence_is_found_but_not_where_the_client_left(case, ledger):
    for act in ("cut", "left", "read"):
        ledger.write(Line(act, case.pk))
    assert checker.violations(ledger.lines()) == [f"read of case {case.pk} was never answered"]


def test_an_answer_torn_by_a_killed_process_promises_nothing(case, ledger):
    ledger.write(Line("upload", case.pk, TORN, what="0" * 64))
    assert checker.violations(ledger.lines()) == []


def test_what_was_wrong_with_an_answer_is_told(case, ledger):
    ledger.write(Line("read", case.pk, 500, wrong="/materials/ answered 500, which is not our 503"))
    assert checker.violations(ledger.lines()) == [
        f"read of case {case.pk}: /materials/ answered 500, which is not our 503"
    ]
