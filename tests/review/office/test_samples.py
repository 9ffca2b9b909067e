"""抽查复核: drawn by a keyed hash, looked at blind by a second person, settled by a head where they differ."""

import math
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.applications.workflow import Actor, broken_link
from candidates.models import Message, Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from review.cases import decisions, holds, undoing
from review.cases.verdicts import submitted_images
from review.models import OfficeSetting, SecondLook, Verdict
from review.office import questions, samples
from tests import races
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import REASON, actor, fresh, here, log_in, posted, reviewer, said, verdicts

pytestmark = pytest.mark.django_db

CASES = 10_000


# --- the draw ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [1, 5, 20])
def test_over_ten_thousand_cases_the_share_is_within_three_standard_deviations(share):
    drawn = sum(samples.is_drawn(pk, 1, "site", share) for pk in range(1, CASES + 1))
    deviation = math.sqrt(CASES * share / 100 * (1 - share / 100))
    assert abs(drawn - CASES * share / 100) <= 3 * deviation


def test_a_share_of_nothing_draws_nothing_and_a_larger_share_draws_what_a_smaller_does():
    drawn = {share: {pk for pk in range(CASES) if samples.is_drawn(pk, 1, "site", share)} for share in (0, 5, 20)}
    assert drawn[0] == set()
    assert drawn[5] < drawn[20]


def test_without_the_key_nobody_can_tell_the_draw(settings):
    before = [samples.is_drawn(pk, 1, "site", 20) for pk in range(500)]
    settings.INDEX_KEY = b"another key of thirty-two bytes!"
    assert [samples.is_drawn(pk, 1, "site", 20) for pk in range(500)] != before


def test_a_round_and_a_level_are_drawn_by_themselves():
    of = lambda round, level: [samples.is_drawn(pk, round, level, 20) for pk in range(500)]  # noqa: E731
    assert len({tuple(of(1, "site")), tuple(of(2, "site")), tuple(of(1, "region"))}) == 3


def sampled(level="site", share=20, code=""):
    unit = make_units()[code or {"site": "1101", "region": "11"}[level]]
    return OfficeSetting.objects.update_or_create(unit=unit, defaults={"share": share})[0]


def test_neither_order_nor_time_nor_reviewer_changes_who_is_drawn(monkeypatch):
    """The same cases, passed in another order, at other times, one by one or in a batch, by others: the same drawn."""
    sampled()
    cases = [make_application("site_review") for _ in range(4)]
    monkeypatch.setattr(samples, "keyed_hash", lambda text: ("0" if int(text.split()[2]) % 2 else "f") * 64)
    expected = {one.pk for one in cases if one.pk % 2}
    others = [actor(cases[0]), Actor.of(make_reviewer(cases[0].site, username="other"))]

    def drawn_of(passing):
        with transaction.atomic():
            passing()
            drawn = set(SecondLook.objects.values_list("application", flat=True))
            transaction.set_rollback(True)
        return drawn

    def one_by_one(who, order, now):
        for case in order:
            decisions.pass_on(case.pk, actor=who, seen=case.last_record_id, now=now)

    now = timezone.now()
    assert drawn_of(lambda: one_by_one(others[0], cases, now)) == expected
    assert drawn_of(lambda: one_by_one(others[1], cases[::-1], now + timedelta(days=2))) == expected
    batch = [(one.pk, one.last_record_id) for one in cases[2:] + cases[:2]]
    assert drawn_of(lambda: decisions.pass_many(batch, actor=others[1])) == expected


def test_the_point_has_the_person_before_it_and_is_not_sampled():
    sampled()
    case = make_application("point_review")
    assert passed(case, actor(case), verdicts=verdicts(case)).status == "site_review"


def test_a_share_above_twenty_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="share_is_twenty_percent_at_most"), transaction.atomic():
        sampled(share=21)


# --- the first pass ---------------------------------------------------------------------------------------------------


def passed(case, who, **more):
    return fresh(decisions.pass_on(case.pk, actor=who, seen=fresh(case).last_record_id, **more))


@pytest.fixture
def colleague():
    return Actor.of(make_reviewer(make_units()["1101"], username="site-colleague"))


@pytest.fixture
def first_pass(monkeypatch):
    """A case of the site that its first reviewer has passed and that was drawn."""
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: share > 0)
    sampled()
    case = make_application("site_review")
    return passed(case, actor(case))


def look():
    return SecondLook.objects.get()


def test_a_drawn_pass_is_a_first_pass_that_keeps_the_state_and_tells_nobody(first_pass):
    last = first_pass.last_record
    assert (last.action, last.from_status, last.to_status) == ("first_pass", "site_review", "site_review")
    assert (look().first_id, look().second_id, look().outcome) == (last.account_id, None, "")
    assert Message.objects.filter(record=last).count() == 0


def test_a_first_pass_cannot_be_undone(first_pass):
    with pytest.raises(NotAllowed):
        undoing.undo(first_pass.pk, actor=actor(first_pass), seen=first_pass.last_record_id)
    assert undoing.open_until(first_pass, reviewer(first_pass), timezone.now()) is None


def test_the_case_waits_for_others_of_the_unit_and_not_for_the_first(first_pass, colleague):
    waits = {who.account.username: list(holds.waiting_for(who.account)) for who in (actor(first_pass), colleague)}
    assert waits == {"site-1101": [], "site-colleague": [first_pass]}
    assert [samples.elsewhere(who.account, timezone.now()) for who in (actor(first_pass), colleague)] == [1, 0]


@pytest.mark.parametrize("act", ["pass", "return", "reject", "send_back", "ask"])
def test_the_first_has_nothing_more_to_decide(first_pass, act):
    do = {
        "pass": lambda **words: decisions.pass_on(first_pass.pk, verdicts=verdicts(first_pass), **words),
        "return": lambda **words: decisions.return_for_correction(first_pass.pk, sections={"work": REASON}, **words),
        "reject": lambda **words: decisions.reject(first_pass.pk, reason=REASON, **words),
        "send_back": lambda **words: decisions.send_back(first_pass.pk, reason=REASON, **words),
        "ask": lambda **words: questions.ask(first_pass.pk, words="问题", **words),
    }[act]
    with pytest.raises(NotAllowed, match="正等待同单位的另一位审核员"):
        do(actor=actor(first_pass), seen=first_pass.last_record_id)


# --- the second look --------------------------------------------------------------------------------------------------


def test_the_second_agrees_and_the_case_moves_and_its_candidate_is_told(first_pass, colleague):
    done = passed(first_pass, colleague, verdicts=verdicts(first_pass))
    assert (done.status, done.last_record.action, look().outcome) == ("region_review", "second_pass", "alike")
    assert (look().second_id, look().closed_at) == (colleague.account.pk, done.last_record.at)
    assert Message.objects.get(record=done.last_record).kind == "passed"
    assert broken_link(list(Record.objects.filter(application=done).order_by("id"))) is None


def test_the_second_has_to_judge_every_picture(first_pass, colleague):
    judged = verdicts(first_pass)
    left = judged.popitem()[0]
    with pytest.raises(Refused) as refused:
        passed(first_pass, colleague, verdicts=judged)
    assert refused.value.problems == {f"image:{left}": samples.EVERY_PICTURE}


def test_what_the_second_has_judged_is_not_said_to_be_inherited(first_pass, colleague):
    first = first_pass.last_record.data["how"]
    done = passed(first_pass, colleague, verdicts=verdicts(first_pass))
    assert (first["inherited"], done.last_record.data["how"]["inherited"]) == (first["pictures"], 0)


def test_a_second_pass_is_not_taken_back(first_pass, colleague):
    done = passed(first_pass, colleague, verdicts=verdicts(first_pass))
    with pytest.raises(NotAllowed):
        undoing.undo(done.pk, actor=colleague, seen=done.last_record_id)


def test_a_batch_leaves_it_out_and_says_so(first_pass, client):
    account = make_reviewer(first_pass.site, username="site-colleague")
    log_in(client, account)
    chosen = {"case": [f"{first_pass.number}:{first_pass.last_record_id}"]}
    asked = client.post("/review/applications/pass/", chosen)
    done = client.post("/review/applications/pass/", {**chosen, "confirmed": "1"})
    assert [why for page in (asked, done) for _, why in page.context["left"]] == [samples.ONE_BY_ONE] * 2
    assert look().outcome == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_second_people_at_once_one_looks_and_the_other_is_told(monkeypatch):
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    sampled()
    case = make_application("site_review")
    case = passed(case, actor(case))
    two = [Actor.of(make_reviewer(case.site, username=name)) for name in ("site-two", "site-three")]
    words = {"verdicts": verdicts(case), "seen": case.last_record_id}
    late = races.Act(decisions.pass_on, case.pk, actor=two[1], **words)
    with races.while_they_wait(late):
        decisions.pass_on(case.pk, actor=two[0], **words)
    assert isinstance(late.outcome, AlreadyMoved)
    assert look().second_id == two[0].account.pk


# --- blind ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def judged_first(monkeypatch):
    """Drawn at the site, whose first reviewer has judged each picture there, since a field that they prove changed."""
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    sampled()
    case = make_application("site_review")
    Verdict.objects.filter(image__application=case).delete()
    return passed(case, actor(case), verdicts=verdicts(case))


def page_of(client, account, case):
    return log_in(client, account).get(here(case))


def test_the_second_reads_neither_verdicts_nor_record_of_the_first(client, judged_first):
    first = reviewer(judged_first)
    page = page_of(client, make_reviewer(judged_first.site, username="site-colleague"), judged_first)
    content = page.content.decode()
    assert [word in content for word in (samples.BLIND, first.username, "checked>", "审核通过，等待抽查复核")] == [
        True,
        False,
        False,
        False,
    ]
    assert [sheet.standing for sheet in page.context["case"].sheets] == [None] * len(submitted_images(judged_first))


def test_the_packet_tells_the_second_no_more(client, judged_first, monkeypatch):
    from review.views import papers

    told = []
    monkeypatch.setattr(papers, "render_packet", lambda application, images, mark, records: told.append(records) or b"")
    for account in (make_reviewer(judged_first.site, username="site-colleague"), reviewer(judged_first)):
        log_in(client, account).get(here(judged_first) + "packet.pdf")
    assert [["抽查复核" in one.what for one in records].count(True) for records in told] == [0, 1]


def test_the_first_reads_that_it_waits_and_has_no_keys_to_decide(client, first_pass):
    page = page_of(client, reviewer(first_pass), first_pass)
    assert (samples.FIRST_WAITS in page.content.decode(), page.context["deciding"]) == (True, False)


def test_once_both_have_judged_both_are_read(client, judged_first, colleague):
    passed(judged_first, colleague, verdicts=verdicts(judged_first))
    page = page_of(client, colleague.account, judged_first).content.decode()
    assert [word in page for word in ("审核通过，等待抽查复核", "抽查复核通过，两次一致", "site-1101 · ")] == [True] * 3


def test_a_draw_is_said_after_the_pass_and_the_queue_marks_it(client, monkeypatch):
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    sampled()
    case = make_application("site_review")
    log_in(client, reviewer(case))
    answer = client.post(here(case, "pass"), posted(case))
    assert said(answer) == [f"{case.number}：审核通过，等待抽查复核。"]
    page = client.get("/review/applications/")
    assert (page.context["rows"], page.context["count"], page.context["looked"]) == ([], "0 份", 1)
    asked = client.get("/review/applications/?looked=on")
    assert [(row["case"].pk, row["case"].in_second_look) for row in asked.context["rows"]] == [(case.pk, True)]


# --- where they differ ------------------------------------------------------------------------------------------------


@pytest.fixture
def head():
    return Actor.of(make_reviewer(make_units()["1101"], username="site-1101-head", is_head=True))


def differ(case, who):
    bad = verdicts(case, diploma=REASON)
    return fresh(decisions.return_for_correction(case.pk, actor=who, seen=fresh(case).last_record_id, verdicts=bad))


def test_another_opinion_unlocks_nothing_and_waits_for_a_head(first_pass, colleague, head):
    after = differ(first_pass, colleague)
    assert (after.status, after.unlocked, after.last_record.action) == ("site_review", {}, "second_differs")
    assert (look().outcome, look().closed_at) == ("differs", None)
    accounts = (actor(first_pass).account, colleague.account, head.account)
    assert [list(holds.waiting_for(one)) for one in accounts] == [[], [], [after]]


@pytest.mark.parametrize("act", [decisions.reject, decisions.send_back])
def test_to_refuse_or_send_it_back_is_another_opinion_too(first_pass, colleague, head, act):
    after = fresh(act(first_pass.pk, actor=colleague, seen=first_pass.last_record_id, reason=REASON))
    assert (after.status, after.last_record.action, after.last_record.note.reason) == (
        "site_review",
        "second_differs",
        REASON,
    )


@pytest.mark.parametrize("act", [decisions.reject, decisions.send_back])
def test_another_opinion_gives_its_reason(first_pass, colleague, head, act):
    with pytest.raises(Refused) as refusal:
        act(first_pass.pk, actor=colleague, seen=first_pass.last_record_id, reason=" ")
    assert list(refusal.value.problems) == ["reason"]


def test_what_a_return_needs_is_asked_of_the_second_too(first_pass, colleague):
    with pytest.raises(Refused, match="请至少指出一张"):
        decisions.return_for_correction(
            first_pass.pk, actor=colleague, seen=first_pass.last_record_id, verdicts=verdicts(first_pass)
        )


def test_the_head_reads_both_and_decides_and_that_is_not_undone(client, first_pass, colleague, head):
    after = differ(first_pass, colleague)
    page = page_of(client, head.account, after).content.decode()
    assert [word in page for word in (samples.YOU_SETTLE, "site-colleague", "site-1101</td>")] == [True] * 3
    done = passed(after, head, verdicts=verdicts(after))
    assert (done.status, done.last_record.action, look().outcome) == ("region_review", "pass", "differs")
    assert look().closed_at == done.last_record.at
    assert undoing.open_until(done, head.account, timezone.now()) is None


def test_the_head_returns_it_as_any_case(first_pass, colleague, head):
    after = differ(first_pass, colleague)
    done = fresh(decisions.return_for_correction(after.pk, actor=head, seen=after.last_record_id))
    assert (done.status, done.returned_level, look().closed_at is None) == ("returned", "site", False)


def test_nobody_but_a_head_who_is_neither_settles_it(first_pass, colleague, head):
    after = differ(first_pass, colleague)
    third = Actor.of(make_reviewer(after.site, username="site-third"))
    for who in (actor(first_pass), colleague, third):
        with pytest.raises(NotAllowed, match="由没有审核过它的负责人裁定"):
            passed(after, who, verdicts=verdicts(after))


def test_where_the_site_has_no_other_head_its_region_decides(first_pass, colleague):
    after = differ(first_pass, colleague)
    assert (after.status, after.last_record.action, look().outcome) == ("region_review", "second_up", "differs")
    with pytest.raises(Refused, match="有图片不合格"):  # the second's verdict stands: nobody passes it unseen
        passed(after, actor(after))
    assert passed(after, actor(after), verdicts=verdicts(after)).status == "payment_due"


def test_a_head_who_has_looked_is_no_head_for_it(first_pass, head):
    assert differ(first_pass, head).last_record.action == "second_up"


def test_in_a_region_without_a_free_head_a_third_person_settles_it(monkeypatch):
    case = make_application("region_review")
    sampled("region")
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    first, second, third = (
        Actor.of(make_reviewer(case.region, username=f"region-{one}", is_head=one == "head"))
        for one in ("head", "two", "three")
    )
    case = differ(passed(case, first), second)
    assert (case.status, [list(holds.waiting_for(one.account)) for one in (first, second, third)]) == (
        "region_review",
        [[], [], [case]],
    )
    assert passed(case, third, verdicts=verdicts(case)).status == "payment_due"


# --- what comes between -----------------------------------------------------------------------------------------------


def test_an_operator_who_unlocks_it_ends_the_look(first_pass):
    words = {"until": timezone.now() + timedelta(days=3), "reason": REASON, "categories": {}}
    decisions.unlock(first_pass.pk, actor=Actor.of(make_operator()), sections={"work": REASON}, **words)
    assert (look().outcome, look().closed_at is None) == ("dropped", False)


@pytest.mark.parametrize(("code", "outcome"), [("1101002", ""), ("1102001", "dropped")])
def test_a_case_moved_below_the_same_site_goes_on_and_one_of_another_ends(first_pass, code, outcome):
    decisions.move_to(first_pass.pk, actor=Actor.of(make_operator()), point=make_units()[code], reason=REASON)
    assert look().outcome == outcome


def test_the_database_keeps_one_open_look_a_case_and_two_people(first_pass):
    now, one = timezone.now(), look()
    with pytest.raises(IntegrityError, match="who_looks_a_second_time_is_another"), transaction.atomic():
        SecondLook.objects.filter(pk=one.pk).update(second=one.first_id, second_at=now)
    other = Record.objects.filter(application=first_pass).first()
    with pytest.raises(IntegrityError, match="one_open_second_look_a_case"), transaction.atomic():
        values = {"level": one.level, "unit": one.unit, "round": 1, "first_id": one.first_id, "at": now}
        SecondLook.objects.create(application=first_pass, first_record=other, **values)
