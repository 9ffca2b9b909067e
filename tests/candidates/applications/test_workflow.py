from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from candidates.applications.acts import ACTS
from candidates.applications.states import STATUSES
from candidates.applications.workflow import (
    ROLES,
    Actor,
    actions_for,
    beginning,
    broken_link,
    lock,
    moment,
    move,
    require,
)
from candidates.models import Account, Application, ExamSession, FormDraft, Message, Record, RecordNote, Unit
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from review.cases import decisions
from tests.factories import make_application, make_candidate, make_reviewer

REVIEWS = {"point_review": "point", "site_review": "site", "region_review": "region"}
# workflow.md's table: action -> from -> who; the application was returned, rejected, decided by its site
TABLE = {
    "complete": {"draft": {"candidate"}},
    "submit": {"registered": {"candidate"}, "returned": {"candidate"}},
    "pass": {status: {level} for status, level in REVIEWS.items()},
    "first_pass": {"site_review": {"site"}, "region_review": {"region"}},
    "second_pass": {"site_review": {"site"}, "region_review": {"region"}},
    "second_differs": {"site_review": {"site"}, "region_review": {"region"}},
    "second_up": {"site_review": {"site", "operator"}},
    "second_missed": {status: {"operator"} for status in ("site_review", "region_review")},
    "return": {status: {level} for status, level in REVIEWS.items()},
    "extend": {"returned": {"site", "operator"}},
    "send_back": {"site_review": {"site"}, "region_review": {"region"}},
    "reject": {**{status: {level} for status, level in REVIEWS.items()}, "returned": {"site"}},
    "reopen": {"rejected": {"site", "operator"}},
    "retract": {"payment_due": {"region", "operator"}},
    "cancel": {"payment_due": {"site", "region", "operator"}, "paid": {"site", "region", "operator"}},
    "reinstate": {"cancelled": {"region", "operator"}},
    "undo": {status: {"site"} for status in ("site_review", "region_review", "payment_due", "returned")},
    "withdraw": {status: {"candidate"} for status in ("draft", "registered", "returned")},
    "recall": {"point_review": {"candidate"}},
    "pay": {"payment_due": {"provider"}},
    "unlock": {status: {"operator"} for status in REVIEWS},
    "received": {"payment_due": {"site"}, "paid": {"site"}},
    "ask": {status: {level} for status, level in REVIEWS.items()},
    "answer": {status: {"candidate"} for status in REVIEWS},
    "capture": {"point_review": {"point"}},
    "amend": {"registered": {"candidate"}, "returned": {"candidate"}},
    "move": {status: {"operator"} for status in STATUSES if status not in ("withdrawn", "rejected", "cancelled")},
}


def units():
    return {"point": Unit(pk=1, level="point"), "site": Unit(pk=2, level="site"), "region": Unit(pk=3, level="region")}


def an_application(status):
    record = Record(level="site", from_status="site_review", action="return", account_id=8)
    account = Account(pk=9, kind="candidate")
    return Application(
        account=account, status=status, point_id=1, site_id=2, region_id=3, returned_level="site", last_record=record
    )


def an_actor(level):
    account = Account(pk=9 if level == "candidate" else 8, kind="candidate" if level == "candidate" else "operator")
    return Actor(level=level, account=account, unit=units().get(level))


def allowed(action, application, actor):
    try:
        require(action, application, actor)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", ACTS)
def test_every_role_may_do_what_the_table_says_and_nothing_else(action, status):
    application = an_application(status)
    may = {role for role in ROLES if allowed(action, application, an_actor(role))}
    assert may == TABLE[action].get(status, set())


@pytest.mark.parametrize("level", ["point", "site", "region"])
def test_a_unit_beside_the_applications_own_may_do_nothing(level):
    actor = Actor(level=level, account=Account(pk=8, kind="reviewer"), unit=Unit(pk=99, level=level))
    may = [(action, status) for action in ACTS for status in STATUSES if allowed(action, an_application(status), actor)]
    assert may == []


@pytest.mark.parametrize("level", ["point", "site", "region"])
def test_who_is_of_no_unit_may_do_nothing(level):
    actor = Actor(level=level, account=Account(pk=8, kind="reviewer"))
    assert not actor.belongs_to(an_application("point_review"))


def test_another_candidate_may_do_nothing():
    actor = Actor(level="candidate", account=Account(pk=10, kind="candidate"))
    may = [(action, status) for action in ACTS for status in STATUSES if allowed(action, an_application(status), actor)]
    assert may == []


def test_who_is_refused_reads_who_acts_now():
    with pytest.raises(NotAllowed) as refused:
        require("pass", an_application("site_review"), an_actor("point"))
    assert str(refused.value) == "该申请的状态是“待考点审核”，现在由考点处理，不能由您进行“审核通过”。"


def test_a_candidate_whose_turn_it_is_reads_where_to_see_what_can_be_done():
    with pytest.raises(NotAllowed) as refused:
        require("recall", an_application("draft"), an_actor("candidate"))
    assert str(refused.value) == ("您的报名现在是“填报中”，不能进行“撤回修改”。请打开“我的报名”，查看现在可以做什么。")


def test_a_deadline_at_midnight_is_said_as_the_end_of_the_day_before():
    assert moment(ExamSession(year=2027).owed_until) == "2027 年 8 月 31 日 24:00"


def test_what_begins_at_midnight_begins_on_its_own_day():
    midnight = datetime(2027, 1, 10, tzinfo=SHANGHAI)
    assert (beginning(midnight), moment(midnight)) == ("2027 年 1 月 10 日 00:00", "2027 年 1 月 9 日 24:00")


# --- moving, in the database ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("pass", "point_review", "site_review"),
        ("pass", "site_review", "region_review"),
        ("pass", "region_review", "payment_due"),
        ("send_back", "site_review", "point_review"),
        ("send_back", "region_review", "site_review"),
        ("reject", "point_review", "rejected"),
        ("retract", "payment_due", "region_review"),
        ("cancel", "paid", "cancelled"),
        ("pay", "payment_due", "paid"),
        ("received", "payment_due", "payment_due"),
        ("withdraw", "registered", "withdrawn"),
    ],
)
def test_an_act_leads_where_the_table_says_and_leaves_one_record(action, before, after):
    application = make_application(before)
    level = sorted(TABLE[action][before])[-1]
    move(application, action, actor_at(application, level), reason="原因")
    record = Record.objects.filter(application=application).last()
    assert (record.action, record.from_status, record.to_status, record.level) == (action, before, after, level)
    assert Application.objects.get(pk=application.pk).status == after


def actor_at(application, level=None):
    """Somebody of that level, by default the one that has the case."""
    level = level or REVIEWS[application.status]
    if level == "candidate":
        return Actor.of(application.account)
    return Actor(level=level, unit=getattr(application, level, None), name="somebody", address="192.0.2.1")


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["point_review", "site_review", "region_review"])
def test_a_rejected_application_is_reopened_to_where_it_was_rejected(before):
    application = make_application(before)
    actor = actor_at(application)
    move(application, "reject", actor, reason="原因")
    move(application, "reopen", actor, reason="复查")
    assert application.status == before


@pytest.mark.django_db
def test_a_cancelled_application_is_reinstated_to_the_status_before():
    application = make_application("paid")
    region = actor_at(application, "region")
    move(application, "cancel", region, reason="没有补交")
    move(application, "reinstate", region, reason="已补交")
    assert application.status == "paid"


@pytest.mark.django_db
def test_a_recalled_application_goes_back_to_where_it_was_submitted_from_itself():
    recalled, another = make_application("point_review"), make_application("returned")
    move(another, "submit", Actor.of(another.account))
    move(recalled, "recall", Actor.of(recalled.account))
    assert recalled.status == "registered"


@pytest.mark.django_db
def test_with_a_new_state_begins_its_time_and_nobody_has_it_nor_an_appointment():
    application = make_application("point_review")
    application.assigned_to = make_reviewer(application.point, username="somebody")
    at = application.appointment_at = timezone.now()
    move(application, "pass", actor_at(application), now=at)
    assert application.status_since == at
    assert application.assigned_to is None
    assert application.appointment_at is None


@pytest.mark.django_db
def test_what_was_typed_and_not_saved_goes_when_the_form_is_closed():
    registered, under_review = make_application("registered"), make_application("point_review")
    for application in (registered, under_review):
        FormDraft.objects.create(application=application, section="work", typed="{}", kept_at=timezone.now())
    move(registered, "withdraw", Actor.of(registered.account))
    move(under_review, "pass", actor_at(under_review))
    assert [draft.application for draft in FormDraft.objects.all()] == [under_review]


@pytest.mark.django_db
def test_who_has_decided_at_one_level_asks_and_does_not_decide_at_another():
    application = make_application("point_review")
    account = make_reviewer(application.site, username="moved")
    move(application, "pass", Actor(level="point", unit=application.point, account=account, name="moved"))
    there = Actor(level="site", unit=application.site, account=account, name="moved")
    require("ask", application, there)
    with pytest.raises(NotAllowed, match="您在报名点一级对这份申请作出过决定"):
        require("pass", application, there)


@pytest.mark.django_db
def test_an_act_that_needs_a_reason_is_refused_without_one():
    application = make_application("site_review")
    with pytest.raises(Refused) as refused:
        move(application, "send_back", actor_at(application), reason="  ")
    assert refused.value.problems == {"reason": "请填写“退回下级复核”的原因。"}
    assert Application.objects.get(pk=application.pk).status == "site_review"


@pytest.mark.django_db
def test_the_words_of_a_record_lie_beside_it_not_in_it():
    application = make_application("point_review")
    actor = Actor(level="point", unit=application.point, name="somebody", address="192.0.2.1")
    record = move(application, "reject", actor, reason="证书系伪造")
    note = RecordNote.objects.get(record=record)
    assert (note.reason, note.actor_name, note.address) == ("证书系伪造", "somebody", "192.0.2.1")
    assert record.data == {}


@pytest.mark.django_db
def test_the_candidate_is_told_once_what_to_do():
    application = make_application("returned")
    told = Message.objects.filter(account=application.account, record=application.last_record)
    assert [message.subject for message in told] == ["材料被退回，请补正"]
    assert moment(application.return_deadline) in told[0].text


@pytest.mark.django_db
def test_actions_offered_are_those_of_the_table():
    application = make_application("region_review")
    offered = {
        level: set(actions_for(application, make_reviewer(getattr(application, level), username=f"reader-{level}")))
        for level in ("point", "site", "region")
    }
    region = {"pass", "return", "send_back", "reject", "ask", "first_pass", "second_pass", "second_differs"}
    assert offered == {"point": set(), "site": set(), "region": region}


# --- stale pages, the chain, append-only ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stale_page_is_refused_even_where_the_status_is_the_same_again():
    application = make_application("point_review")
    seen = application.last_record_id
    returned = decisions.return_for_correction(
        application.pk, actor=actor_at(application), seen=seen, sections={"work": "请核对。"}
    )
    move(returned, "submit", Actor.of(application.account))
    with pytest.raises(AlreadyMoved) as moved, transaction.atomic():
        lock(application.pk, seen=seen)
    assert moved.value.record.action == "submit"


@pytest.mark.django_db
def test_each_record_carries_the_hash_of_the_one_before():
    records = list(Record.objects.filter(application=make_application("site_review")))
    assert [record.previous_hash for record in records[1:]] == [record.hash for record in records[:-1]]
    assert (records[0].previous_hash, broken_link(records)) == ("", None)


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_record_breaks_the_chain_where_it_was_changed(place):
    records = list(Record.objects.filter(application=make_application("site_review")))
    records[place].to_status = "paid"
    assert broken_link(records) == records[place]


@pytest.mark.django_db
def test_a_record_that_is_left_out_breaks_the_chain():
    records = list(Record.objects.filter(application=make_application("site_review")))
    assert broken_link([records[0], records[2]]) == records[2]


@pytest.mark.django_db
def test_emptied_notes_leave_the_chain_whole():
    application = make_application("returned")
    RecordNote.objects.update(actor_name="", address=None, reason="", data={})
    assert broken_link(list(Record.objects.filter(application=application))) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE candidates_record SET to_status = 'paid'",
        "DELETE FROM candidates_record",
        "TRUNCATE candidates_record CASCADE",
        "UPDATE materials_submission SET round = 9",
        "DELETE FROM materials_submission",
        "TRUNCATE materials_submission CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_is_append_only(statement):
    make_application("point_review")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"append-only|Cannot (update|delete)"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.django_db
def test_a_record_cannot_be_slipped_in_beside_another():
    application = make_application("registered")
    first = Record.objects.filter(application=application).first()
    first.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        first.save(force_insert=True)
    assert Record.objects.filter(application=application).count() == 1


@pytest.mark.django_db
def test_an_application_that_is_gone_is_not_locked():
    with pytest.raises(Application.DoesNotExist), transaction.atomic():
        lock(999_999)


@pytest.mark.django_db
def test_another_candidate_has_no_act():
    application = make_application("registered")
    assert actions_for(application, make_candidate()) == ()
    assert "withdraw" in actions_for(application, application.account)
