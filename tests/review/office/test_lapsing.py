"""Second looks that nobody can go on with: they move on, and their records say so."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from candidates.applications.workflow import Actor
from candidates.models import Message
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import NotAllowed
from review.cases import decisions
from review.management.commands import settle_second_looks
from review.models import Absence, OfficeSetting, SecondLook
from review.office import lapsing, samples
from tests.factories import make_application, make_reviewer
from tests.review.casework import REASON, actor, fresh, verdicts

pytestmark = pytest.mark.django_db

FRIDAY, MONDAY, TUESDAY = (datetime(2027, 1, day, 15, tzinfo=SHANGHAI) for day in (8, 11, 12))


@pytest.fixture
def case(monkeypatch):
    """A case of a site with one reviewer, who passed it on a Friday."""
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    case = make_application("site_review")
    OfficeSetting.objects.create(unit=case.site, share=20)
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id, now=FRIDAY)
    return fresh(case)


def due(now):
    return [(look.application_id, action) for look, action in lapsing.due(now)]


def test_with_one_person_it_moves_on_after_a_working_day(case):
    assert (due(MONDAY), due(TUESDAY)) == ([], [(case.pk, "second_missed")])


def test_while_the_unit_has_another_it_waits_however_long(case):
    make_reviewer(case.site, username="another")
    assert due(datetime(2027, 3, 1, tzinfo=SHANGHAI)) == []


def test_who_was_switched_off_is_nobody(case):
    make_reviewer(case.site, username="another", is_active=False)
    assert due(TUESDAY) == [(case.pk, "second_missed")]


def test_who_is_away_on_that_day_is_nobody_either(case):
    another = make_reviewer(case.site, username="another")
    day = TUESDAY.date()
    Absence.objects.create(account=another, set_by=another, set_at=FRIDAY, first_day=day, last_day=day)
    wednesday = datetime(2027, 1, 13, 15, tzinfo=SHANGHAI)
    assert (due(TUESDAY), due(wednesday)) == ([(case.pk, "second_missed")], [])


def run(*words, at):
    out = StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settle_second_looks.timezone, "now", lambda: at)
        call_command("settle_second_looks", *words, stdout=out)
    return out.getvalue()


def test_the_command_records_that_nobody_looked_twice_tells_the_candidate_and_twice_is_once(case):
    assert run("--dry-run", at=TUESDAY).endswith("将处理 1 份。\n")
    assert fresh(case).status == "site_review"
    assert run(at=TUESDAY).endswith("处理 1 份。\n")
    moved, look = fresh(case), SecondLook.objects.get()
    assert (moved.status, moved.last_record.action, look.outcome, look.second_id) == (
        "region_review",
        "second_missed",
        "nobody",
        None,
    )
    assert Message.objects.get(record=moved.last_record).kind == "passed"
    assert run(at=TUESDAY) == "各年度：处理 0 份。\n"


def test_one_that_differs_goes_up_where_its_head_has_left(case):
    head = make_reviewer(case.site, username="head", is_head=True)
    second = make_reviewer(case.site, username="second")
    bad = verdicts(case, diploma=REASON)
    decisions.return_for_correction(case.pk, actor=Actor.of(second), seen=case.last_record_id, verdicts=bad)
    assert due(TUESDAY) == []
    head.is_active = False
    head.save()
    assert due(TUESDAY) == [(case.pk, "second_up")]
    run(at=TUESDAY)
    assert (fresh(case).status, SecondLook.objects.get().outcome) == ("region_review", "differs")


def test_who_was_faster_than_the_command_has_decided(case):
    look = next(iter(lapsing.due(TUESDAY)))[0]
    second = Actor.of(make_reviewer(case.site, username="second"))
    decisions.pass_on(case.pk, actor=second, seen=case.last_record_id, verdicts=verdicts(case))
    operator = Actor(level="operator", name="cron")
    assert lapsing.lapse(look, actor=operator, now=TUESDAY) == ""
    with pytest.raises(NotAllowed):
        decisions.pass_on(case.pk, actor=second, seen=None, verdicts=verdicts(case))
