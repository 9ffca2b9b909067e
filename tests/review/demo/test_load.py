"""The demo data: loaded once for these tests, which only read it."""

import io
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from candidates.applications.states import STATUSES
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import broken_link
from candidates.encryption import keyed_hash
from candidates.models import Account, Application, ExamSession, Message, Record, Unit
from candidates.models.session import WINDOWS
from candidates.rules import id_number
from materials.desk import Desk
from materials.files import sealing
from materials.models import MaterialImage
from materials.needs import eligibility_warnings
from materials.specimens import draw
from materials.submitting import obstacles
from review.cases import overdue
from review.demo import load
from review.demo.story import drawn_person
from review.models import Payment, Verdict
from review.office import workload
from tests.demo import loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the command printed; its rows are there while this module runs, and rolled back after it."""
    with django_db_blocker.unblock(), loaded(tmp_path_factory) as printed:
        yield printed


@pytest.fixture(autouse=True)
def demo_data(printed, settings):
    settings.DEMO, settings.MEDIA_ROOT = True, printed[1]


def application_of(serial):
    """Of this year, where there is one of last year too."""
    return Application.objects.filter(account__mobile_hash=keyed_hash(f"138{serial:08}")).latest("session__year")


def test_each_named_candidate_is_in_the_state_of_the_table():
    assert {serial: application_of(serial).status for serial in range(1, 11)} == {
        1: "registered",
        2: "registered",
        3: "point_review",
        4: "site_review",
        5: "region_review",
        6: "returned",
        7: "payment_due",
        8: "paid",
        9: "draft",
        10: "rejected",
    }
    assert {application_of(serial).point.code for serial in range(1, 11)} == {"1101001"}


def test_last_years_session_is_closed_and_its_candidates_may_apply_anew():
    before = ExamSession.objects.get(state="closed")
    kinds = Application.objects.filter(session=before).values_list("status", flat=True)
    assert sorted(kinds) == ["cancelled", "cancelled", "paid", "paid", "rejected", "withdrawn"]
    ninth = Application.objects.filter(account=application_of(9).account).order_by("session__year")
    assert [(one.session.state, one.status, one.is_running(timezone.now())) for one in ninth] == [
        ("closed", "paid", False),
        ("open", "draft", True),
    ]


def test_the_first_candidate_is_an_assistant_of_the_degree_route_without_a_picture():
    first = application_of(1)
    assert (first.profile.level, first.route, first.images.count()) == ("assistant", "degree", 0)


def test_the_second_candidate_has_a_bachelors_degree_and_could_submit():
    second = application_of(2)
    assert (second.profile.level, second.education, second.round) == ("physician", "bachelor", 0)
    assert obstacles(Desk.of(second)) == {}


def test_the_third_candidate_was_at_two_institutions_with_a_certificate_of_each():
    third = application_of(3)
    certificates = third.images.filter(category="probation", submitted=True).count()
    assert (len(third.further_institutions), certificates, eligibility_warnings(third)) == (1, 2, [])


def test_only_those_with_a_short_trial_are_warned():
    people = {person.mobile: person.kind for people in (load.NAMED, *load.others()) for person in people}
    whole = Application.objects.exclude(saved_sections=["basic", "exam"]).select_related("account", "exam_category")
    warned = {people[one.account.mobile] for one in whole if eligibility_warnings(one)}
    assert (warned, [field for field, _ in eligibility_warnings(application_of(1))]) == ({"short_trial"}, ["period_to"])


def test_the_fifth_candidate_has_waited_for_the_region_longer_than_it_has():
    late = application_of(load.OVERDUE)
    assert late.status == "region_review"
    assert late.status_since < overdue.cutoffs("region_review", timezone.now()).late
    assert workload.waiting(late.region, timezone.now()).late not in ("", "0")


def test_the_sixth_candidate_has_two_pictures_and_a_section_to_correct_with_reasons():
    unlocking = Unlocking.of(application_of(6))
    assert (len(unlocking.images), list(unlocking.sections), unlocking.categories) == (2, ["education"], {})
    assert "" not in {*unlocking.images.values(), *unlocking.sections.values()}


def test_the_corrected_case_ends_as_its_diploma_has_it_and_both_pictures_are_the_candidates():
    people = {person.mobile: person for person in load.others()[0] if person.path == "corrected"}
    corrected = Application.objects.filter(account__mobile_hash__in=map(keyed_hash, people)).first()
    person, kind = people[corrected.account.mobile], load.KINDS[people[corrected.account.mobile].kind]
    variant = next(variant for category, variant in kind.pictures if category == "diploma")
    told = {"person": drawn_person(corrected)}  # the name, and the number that the form has now
    drawn = [draw.draw("diploma", variant, seed=seed, **told) for seed in (person.serial, person.serial + 1000)]
    uploaded = corrected.images.filter(category="diploma").order_by("uploaded_at")
    assert [one.received_sha256 for one in uploaded] == [sha256(picture).hexdigest() for picture in drawn]


def test_the_ninth_candidates_form_is_half_filled_in():
    ninth = application_of(9)
    assert (ninth.saved_sections, ninth.number, ninth.education) == (["basic", "exam"], None, "")


def test_every_state_occurs_and_every_person_is_in_theirs():
    others, earlier = load.others()
    expected = {person.mobile: person.status for person in (*load.NAMED, *others, *earlier)}
    rows = Application.objects.select_related("account").order_by("session__year")  # of two the later one
    assert {row.account.mobile: row.status for row in rows} == expected
    assert set(expected.values()) == set(STATUSES)


@pytest.mark.parametrize("level", ["point", "site", "region"])
def test_two_or_more_wait_at_every_unit(level):
    waiting = Application.objects.filter(status=f"{level}_review").values_list(f"{level}__code")
    counts = dict(waiting.annotate(count=Count("id")).order_by())
    assert set(counts) == set(Unit.objects.filter(level=level).values_list("code", flat=True))
    assert min(counts.values()) >= 2


def test_two_regions_have_two_sites_of_two_points_each():
    assert sorted(Unit.objects.values_list("level").annotate(count=Count("id")).order_by()) == [
        ("point", 8),
        ("region", 2),
        ("site", 4),
    ]


def test_every_window_is_open_and_owed_papers_have_sixty_days():
    session, now = ExamSession.current(), timezone.now()
    assert {window for window in WINDOWS if session.is_open(window, now)} == set(WINDOWS)
    due = date(session.year, 8, 31)
    assert timedelta(days=60) <= due - timezone.localdate() <= timedelta(days=60 + 366)


def test_every_chain_holds_and_nothing_happened_out_of_order_or_in_the_future():
    for application in Application.objects.prefetch_related("records"):
        records = list(application.records.all())
        moments = [record.at for record in records]
        assert broken_link(records) is None
        assert moments == sorted(moments)
    assert not Record.objects.filter(at__gt=timezone.now()).exists()


def test_every_decision_was_taken_by_a_reviewer_of_the_unit():
    decisions = Record.objects.filter(level__in=["point", "site", "region"]).select_related("account", "unit")
    assert {record.account.unit_id == record.unit_id for record in decisions} == {True}


def test_who_has_paid_has_a_settled_payment():
    paid = Application.objects.filter(status="paid").values_list("pk", flat=True)
    settled = Payment.objects.filter(state="settled").values_list("order__application", flat=True)
    assert sorted(paid) == sorted(settled)


def test_every_picture_is_kept_and_warns_of_nothing():
    kept = MaterialImage.objects.filter(removed_at=None)
    kept = kept.select_related("application")
    assert {len(sealing.read(image.application, image.file)) == image.size for image in kept} == {True}
    assert {(60 * 1024 <= image.size <= 190 * 1024, tuple(image.warnings)) for image in kept} == {(True, ())}


def test_identity_numbers_are_valid_in_regions_assigned_to_nobody():
    prefixes = set()
    for account in Account.objects.filter(document_type__in=id_number.GB11643_TYPES):
        assert id_number.normalise(account.document_type, account.document_number) == account.document_number
        prefixes.add(account.document_number[:6])
    assert prefixes == {"100101", "839999"}


def test_one_password_opens_every_account():
    assert Account.objects.get(username="operator").check_password("nmec-demo-2026")
    assert Account.objects.values("password").distinct().count() == 1


def test_the_logins_are_printed_without_an_address(printed):
    for login in (*(person.mobile for person in load.NAMED), "point-1101001", "site-1101", "region-11", "operator"):
        assert login in printed[0]
    assert "nmec-demo-2026" in printed[0]
    assert "http" not in printed[0]


def test_loading_again_changes_nothing():
    models = (Account, Application, ExamSession, MaterialImage, Message, Record, Unit, Verdict)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    call_command("load_demo", stdout=io.StringIO())
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@pytest.mark.parametrize(("production", "demo_on"), [(True, True), (False, False)])
def test_it_is_refused_in_production_and_without_the_switch(settings, production, demo_on):
    settings.PRODUCTION, settings.DEMO = production, demo_on
    with pytest.raises(CommandError, match="NMEC_DEMO=1, and never when NMEC_ENV=production"):
        call_command("load_demo", stdout=io.StringIO())
