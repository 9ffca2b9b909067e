"""What is typed and not saved: kept as typed, for its candidate alone, and of no weight for anything."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection
from django.http import QueryDict
from django.utils import timezone

from candidates.applications import form_drafts, registration
from candidates.applications.form import problems
from candidates.applications.workflow import Actor
from candidates.models import FormDraft
from candidates.rules.refusals import NotAllowed, Refused
from materials import submitting
from review.operations import purging
from tests.candidates.posting import a_section
from tests.factories import make_application, make_candidate, upload_required

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return make_application("registered")


def keep(application, section="work", *, over=False, **typed):
    sent = QueryDict(urlencode(typed, doseq=True))
    return form_drafts.keep(application.pk, section, sent, actor=Actor.of(application.account), over=over)


def shown(application):
    return {code: form_drafts.answers_in(draft) for code, draft in form_drafts.of(application, timezone.now()).items()}


def test_whatever_was_typed_is_kept_also_what_is_wrong_and_names_sent_twice(application):
    keep(application, period_from="去年三月", institution=["甲医院", "乙医院"], page="aa", csrfmiddlewaretoken="x")
    assert shown(application) == {"work": {"period_from": ["去年三月"], "institution": ["甲医院", "乙医院"]}}


def test_it_is_sealed_in_the_database(application):
    keep(application, post="attending")
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM candidates_formdraft")
        assert b"attending" not in bytes(cursor.fetchone()[0])


def test_sections_are_kept_apart_and_the_last_typed_of_each_stands(application):
    keep(application, "work", post="一", page="aa")
    keep(application, "education", school="校", page="aa")
    keep(application, "work", post="一二", page="aa")
    assert shown(application) == {"work": {"post": ["一二"]}, "education": {"school": ["校"]}}


def test_another_page_is_told_before_it_overwrites(application):
    keep(application, post="一", page="aa")
    with pytest.raises(Refused) as refusal:
        keep(application, post="二", page="bb")
    assert list(refusal.value.problems) == [form_drafts.ANOTHER]
    keep(application, post="二", page="bb", over=True)
    assert shown(application) == {"work": {"post": ["二"]}}


def test_a_page_that_shows_the_draft_goes_on_with_it_and_the_first_is_told(application):
    first = keep(application, post="一", page="aa")
    keep(application, post="一二", page="bb", draft=first.stamp)
    with pytest.raises(Refused):
        keep(application, post="一三", page="aa")
    assert shown(application) == {"work": {"post": ["一二"]}}


def test_saving_its_section_ends_it_and_saving_another_does_not(application):
    keep(application, "work", post="一", page="aa")
    keep(application, "education", school="校", page="aa")
    form_drafts.save(
        application.pk, "work", {"post": "一"}, sent={"page": "aa"}, actor=Actor.of(application.account), seen=None
    )
    assert list(shown(application)) == ["education"]


def test_what_another_page_keeps_outlives_a_save(application):
    keep(application, post="一", page="aa")
    form_drafts.save(
        application.pk, "work", {"post": "二"}, sent={"page": "bb"}, actor=Actor.of(application.account), seen=None
    )
    assert shown(application) == {"work": {"post": ["一"]}}


def test_a_page_drops_what_it_shows_and_nothing_newer(application):
    old = keep(application, post="一", page="aa")
    keep(application, post="一二", page="aa")
    form_drafts.drop(application, "work", {"draft": old.stamp, "page": "bb"})
    assert shown(application) == {"work": {"post": ["一二"]}}
    form_drafts.drop(application, "work", {"page": "aa"})
    assert shown(application) == {}


def test_it_counts_for_no_rule(application):
    keep(application, "education", route="", school="", graduated_on="2999-01-01")
    assert problems(application, now=timezone.now()) == {}


def test_it_goes_when_the_application_is_handed_in(application):
    keep(application, post="一")
    upload_required(application)
    submitting.submit(
        application.pk, actor=Actor.of(application.account), seen=application.last_record_id, declared=True
    )
    assert FormDraft.objects.count() == 0


def test_it_goes_when_the_application_is_withdrawn_and_stays_when_it_is_completed():
    draft = make_application("draft")
    keep(draft, post="一")
    registration.complete(draft.pk, actor=Actor.of(draft.account))
    assert list(shown(draft)) == ["work"]
    registration.withdraw(draft.pk, actor=Actor.of(draft.account))
    assert shown(draft) == {}


def test_a_purge_takes_it(application):
    keep(application, post="一")
    list(purging.purge(application.session))
    assert FormDraft.objects.count() == 0


def test_nothing_is_kept_of_a_form_that_is_closed_or_of_somebody_elses(application):
    with pytest.raises(NotAllowed):
        keep(make_application("point_review", session=application.session), post="一")
    with pytest.raises(NotAllowed):
        form_drafts.keep(application.pk, "work", QueryDict("post=1"), actor=Actor.of(make_candidate("李某某")))
    assert FormDraft.objects.count() == 0


def test_it_is_bounded_and_the_database_refuses_more(application):
    with pytest.raises(Refused) as refusal:
        keep(application, post="字" * 30_000)
    assert refusal.value.problems == {"": form_drafts.TOO_LONG}
    kept = keep(application, post="字" * 26_000)
    kept.typed = "1" * 80_001
    with pytest.raises(IntegrityError, match="form_draft_is_bounded"):
        kept.save()


# --- after the log-in has ended ---


def late(mine, now=None, **typed):
    sent = QueryDict(urlencode({"section": "work", **typed}))
    return form_drafts.keep_late(mine.account, sent, now)


def test_what_comes_late_is_offered_for_an_hour(application):
    now = timezone.now()
    late(application, now, post="一")
    assert list(form_drafts.of(application, now + timedelta(minutes=59))) == ["work"]
    assert list(form_drafts.of(application, now + timedelta(minutes=60))) == []
    form_drafts.forget_expired(now + timedelta(minutes=60))
    assert FormDraft.objects.count() == 0


def test_what_had_been_kept_before_stays_for_as_long_as_the_form_is_open(application):
    keep(application, post="一")
    late(application, post="一二")
    assert FormDraft.objects.get().offered_until is None
    assert shown(application) == {"work": {"post": ["一二"]}}


def test_what_comes_late_reaches_the_application_that_it_names_and_no_other_account(application):
    other = make_application("registered", session=application.session)
    assert late(application, post="一", application=str(other.pk)) is None
    assert late(application, post="一", section="nothing") is None
    assert late(application, post="一", application=str(application.pk)).application_id == application.pk


def test_a_whole_section_is_shown_again_as_it_was_sent(application):
    sent = a_section(application, "work", post="主任")
    late(application, **sent)
    typed = form_drafts.typed_in(FormDraft.objects.get(), application)
    assert {name: typed[name] for name in sent if name not in ("section", "seen")} == {
        name: value for name, value in sent.items() if name not in ("section", "seen")
    }


def test_the_time_of_keeping_is_the_one_that_is_said(application):
    then = timezone.now() - timedelta(days=1)
    actor = Actor.of(application.account)
    draft = form_drafts.keep(application.pk, "work", QueryDict("post=1&page=aa"), actor=actor, now=then)
    assert draft.kept_at == then


@pytest.mark.django_db(transaction=True)
def test_keeping_brings_its_own_transaction_for_the_rows_lock(application):
    keep(application, post="一", page="aa")
    assert shown(application) == {"work": {"post": ["一"]}}
