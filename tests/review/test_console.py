"""The back office's own pages: what operators do every day, with the person in the record."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from candidates.models import Job, Message, OperatorAct, Record, Unit
from review.models import Approval, Backup, ImportDraft, StatementLine
from review.operations import approvals
from tests.factories import (
    PASSWORD,
    end_session,
    make_application,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)
from tests.review.payments.case import make_due, make_order

pytestmark = pytest.mark.django_db
REASON = "考生来电申请，已核实身份。"
PAGES = ("find", "tables", "lines", "remind", "owed", "approvals", "purge", "export", "calendar", "checks", "backups")
PAGES += ("jobs", "reconcile")
UNITS = "code,name\n31,上海考区\n11,北京考区（新）\n"


@pytest.fixture
def operator(client):
    account = make_operator()
    log_in(client, account)
    client.account = account
    return client


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def at(name, *args):
    return reverse(f"admin:console_{name}", args=args)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def acts():
    return list(OperatorAct.objects.order_by("id").values_list("command", "who"))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_nothing_inline(operator, name):
    make_application("point_review")
    answer = operator.get(at(name))
    assert answer.status_code == 200
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)[^>]*>", answer.content.decode()) == []


def test_the_archives_base_backups_are_listed(operator):
    now = timezone.now()
    times = {"began_at": now - timedelta(hours=4), "ended_at": now - timedelta(hours=3)}
    Backup.objects.create(name="2027-03-08-full", kind="full", size=5, **times)
    assert "2027-03-08-full 完整 " in (told := words(operator.get(at("backups"))))
    assert " 3 小时前 5 字节 — — " in told


def test_the_first_page_says_what_waits(operator, settings):
    settings.TWO_OPERATORS = True
    approvals.ask("purge", account=make_operator("operator-2"), arguments={"year": 2020}, reason="期满")
    told = words(operator.get("/admin/"))
    assert "1 项等您确认（双人确认）" in told
    assert "办理记录的摘要链还没有核对过" in told


def test_nobody_but_operators_finds_any_of_it(client):
    case = make_application("returned")
    places = [at(name) for name in PAGES]
    places += [at("application", case.number), at("act", case.number, "extend"), at("account", case.account_id)]
    for account in (case.account, make_reviewer(case.region), make_operator("off", is_active=False)):
        log_in(client, account)
        expected = {302} if not account.is_active else {404}
        assert {client.get(one).status_code for one in places} | {
            client.post(one).status_code for one in places
        } == expected


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["number", "document_number", "mobile", "name"])
def test_an_application_is_found_by_what_is_posted(operator, what):
    case = make_application("registered")
    answer = operator.post(at("find"), {"text": getattr(case, what)}, follow=what == "number")
    assert case.number in answer.content.decode()
    typed = re.sub(r"<input[^>]*>", "", answer.content.decode())  # stays in its field
    assert [one for one in (case.document_number, case.mobile, case.name) if one in typed] == []


def test_a_candidate_without_an_application_is_found_by_number_alone(operator):
    account = make_candidate()
    answer = operator.post(at("find"), {"text": account.mobile})
    assert answer.url == at("account", account.pk)
    page = words(operator.get(answer.url))
    assert (account.mobile in page, account.document_number in page, "没有报名" in page) == (False, False, True)


def test_staff_are_found_by_user_name_and_nobody_by_nonsense(operator):
    reviewer = make_reviewer(make_units()["11"])
    assert operator.post(at("find"), {"text": "region-11"}).url == at("account", reviewer.pk)
    assert "没有找到" in words(operator.post(at("find"), {"text": "不存在的人"}))
    assert operator.post(at("find"), {"text": " "}).status_code == 422


def test_the_page_of_an_application_says_everything_and_that_it_was_opened(operator):
    case = make_application("returned")
    told = words(operator.get(at("application", case.number)))
    for fact in ("退回补正", "办理记录", "考生", "通知单第 1 版", "没有订单", "延长补正期限"):
        assert fact in told
    assert (case.name in told, case.document_number in told) == (False, False)
    assert acts() == [("open_application", "operator")]


def test_the_page_of_an_application_asks_as_often_for_one_message_as_for_many(operator, django_assert_num_queries):
    case = make_application("point_review")
    operator.get(at("application", case.number))
    with django_assert_num_queries(17):
        operator.get(at("application", case.number))
    message = case.messages.first()
    for _ in range(3):
        message.pk, message.record = None, None
        message.save()
    with django_assert_num_queries(17):
        operator.get(at("application", case.number))


# --- acts ------------------------------------------------------------------------------------------------------------


def seen(case):
    return {"seen": Record.objects.filter(application=case).latest("id").pk, "sure": "on", "reason": REASON}


def test_an_act_asks_for_its_reason_and_that_it_is_meant(operator):
    case = make_application("returned")
    address = at("act", case.number, "extend")
    day = f"{timezone.localdate() + timedelta(days=40)}"
    for lacking in ("sure", "reason", "until"):
        given = {**seen(case), "until": day}
        del given[lacking]
        answer = operator.post(address, given)
        assert (answer.status_code, answer.content.decode().count('class="errorlist')) == (422, 1)
    operator.post(address, {**seen(case), "until": day})
    record = Record.objects.latest("id")
    assert (record.action, record.account, record.note.reason) == ("extend", operator.account, REASON)


@pytest.mark.parametrize(
    ("status", "action", "more", "after"),
    [
        ("site_review", "unlock", {"sections": ["work"]}, "returned"),
        ("point_review", "move", {"point": "1101002"}, "point_review"),
        ("rejected", "reopen", {}, "point_review"),
        ("payment_due", "retract", {}, "region_review"),
    ],
)
def test_each_act_does_what_its_command_does(operator, status, action, more, after):
    case = make_application(status)
    answer = operator.post(at("act", case.number, action), {**seen(case), **more})
    assert (answer.status_code, answer.url) == (302, at("application", case.number))
    case.refresh_from_db()
    assert (case.status, case.last_record.action, case.last_record.account) == (after, action, operator.account)


def test_an_act_that_is_not_to_be_done_now_is_refused_with_a_sentence(operator):
    case = make_application("point_review")
    page = words(operator.get(at("act", case.number, "extend"), follow=True))
    assert "不能由您进行“延长补正期限”" in page
    stale = {**seen(case), "seen": 1, "point": "1101002"}
    assert "已由他人处理" in words(operator.post(at("act", case.number, "move"), stale, follow=True))
    assert Record.objects.filter(application=case).latest("id").action == "submit"


def test_a_point_that_is_none_is_refused_beside_its_field(operator):
    case = make_application("point_review")
    answer = operator.post(at("act", case.number, "move"), {**seen(case), "point": "9999999"})
    assert (answer.status_code, "没有代码为 9999999 的报名点" in words(answer)) == (422, True)


def test_a_message_is_sent_once_more_and_not_twice_at_once(operator):
    case = make_application("point_review")
    message = Message.objects.filter(application=case).latest("id")
    _ = message.parameters, message.contact  # opened, and so sealed for its other time
    message.next_try_at, message.at = None, timezone.now() - timedelta(days=1)
    message.save()
    address = at("resend", case.number, message.pk)
    operator.post(address, {"reason": REASON, "sure": "on"})
    again = Message.objects.filter(application=case).latest("id")
    assert (again.pk != message.pk, again.kind, again.text) == (True, message.kind, message.text)
    assert "刚刚写过" in words(operator.post(address, {"reason": REASON, "sure": "on"}, follow=True))
    assert acts()[0] == ("resend_message", "operator")


def test_a_candidates_password_is_reset_and_shown_once(operator, client):
    account = make_candidate()
    answer = operator.post(at("password", account.pk), {"reason": REASON, "sure": "on"})
    shown = re.search(r'class="once">([a-z0-9-]{14})<', answer.content.decode())[1]
    account.refresh_from_db()
    assert (account.check_password(shown), account.check_password(PASSWORD)) == (True, False)
    assert OperatorAct.objects.get().arguments == {"account": account.pk, "reason": REASON}


def test_nobody_resets_ones_own_keys_or_both_of_a_reviewer_within_a_day(operator):
    reviewer, given = make_reviewer(make_units()["11"]), {"reason": REASON, "sure": "on"}
    assert "自己的密码" in words(operator.post(at("password", operator.account.pk), given, follow=True))
    operator.post(at("password", reviewer.pk), given)
    assert "不能先后重设" in words(operator.post(at("factor", reviewer.pk), given, follow=True))


# --- tables and statements -------------------------------------------------------------------------------------------


def upload(client, kind, text, name="table.csv", **more):
    return client.post(at("upload", kind), {"file": SimpleUploadedFile(name, text.encode()), **more})


def test_a_table_is_tried_before_it_is_taken_in(operator):
    make_units()
    answer = upload(operator, "units", UNITS)
    told = words(operator.get(answer.url))
    assert "新增 1" in told
    assert "北京考区 → 北京考区（新）" in told
    assert Unit.objects.filter(code="31").exists() is False
    draft = ImportDraft.objects.get()
    assert UNITS.encode() not in bytes(draft.content)
    operator.post(at("take_in", draft.pk))
    assert (Unit.objects.get(code="31").name, ImportDraft.objects.count()) == ("上海考区", 0)
    assert acts() == [("load_units", "operator")]


def test_a_bad_table_is_shown_line_by_line_and_not_taken_in(operator):
    answer = upload(operator, "units", "code,name\n31,上海考区\n3x,坏\n")
    told = words(operator.get(answer.url))
    assert "第 3 行" in told
    draft = ImportDraft.objects.get()
    assert operator.post(at("take_in", draft.pk)).status_code == 422
    assert Unit.objects.filter(code="31").exists() is False


def test_a_table_is_its_uploaders_alone_and_for_a_day(operator, client):
    upload(operator, "units", UNITS)
    draft = ImportDraft.objects.get()
    ImportDraft.objects.update(at=timezone.now() - timedelta(days=2))
    assert "请重新上传" in words(operator.get(at("table", draft.pk), follow=True))
    log_in(client, make_operator("operator-2"))
    ImportDraft.objects.update(at=timezone.now())
    assert "请重新上传" in words(client.get(at("table", draft.pk), follow=True))


def test_new_reviewers_passwords_are_shown_once(operator):
    make_units()
    upload(operator, "reviewers", "unit,username,name\n11,region-a,王某某\n")
    answer = operator.post(at("take_in", ImportDraft.objects.get().pk))
    assert re.search(r'class="once">[a-z0-9-]{14}<', answer.content.decode()) is not None


def statement_of(order, number="", amount="", trade="T-1"):
    day = f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    return f"order_number,trade_number,amount,paid_at\n{number or order.number},{trade},{amount},{day}\n"


def test_money_whose_order_is_not_known_waits_and_is_matched(operator):
    order = make_order(make_due())
    yuan = f"{order.amount / 100:.2f}"
    upload(operator, "statement", statement_of(order, "2027XXXXXXXXXXXXXXXX", yuan), provider="bank")
    operator.post(at("take_in", ImportDraft.objects.get().pk))
    line = StatementLine.objects.get()
    assert "没有订单号" in words(operator.get(at("lines")))
    refused = operator.post(at("match", line.pk), {"number": "2027000000000000", "sure": "on"})
    assert (refused.status_code, "没有这个订单" in words(refused)) == (422, True)
    operator.post(at("match", line.pk), {"number": order.application.number, "sure": "on"})
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, line.state, line.settled_by) == ("paid", "matched", operator.account)


def test_a_line_is_left_with_a_reason_and_not_twice(operator):
    order = make_order(make_due())
    upload(operator, "statement", statement_of(order, "X-1", "1.00"), provider="bank")
    operator.post(at("take_in", ImportDraft.objects.get().pk))
    line = StatementLine.objects.get()
    operator.post(at("leave", line.pk), {"reason": "不是考试缴费", "sure": "on"})
    assert StatementLine.objects.get().state == "left"
    told = words(operator.post(at("match", line.pk), {"number": order.number, "sure": "on"}, follow=True))
    assert "已经办理" in told


def test_a_days_list_is_held_against_ours_and_nothing_is_written(operator):
    order = make_order(make_due())
    text = statement_of(order, "", f"{order.amount / 100:.2f}")
    file = SimpleUploadedFile("day.csv", text.encode())
    told = words(operator.post(at("reconcile"), {"provider": "bank", "day": f"{timezone.localdate()}", "file": file}))
    assert "对方有，我方没有" in told
    assert order.payments.count() == 0


# --- reminders, approvals --------------------------------------------------------------------------------------------


def test_reminders_are_sent_after_the_word(operator):
    case = make_application("draft")
    given = {"session": case.session.year, "kind": "drafts"}
    assert operator.post(at("remind"), given).status_code == 422
    assert case.messages.count() == 0
    operator.post(at("remind"), {**given, "sure": "on"})
    job = Job.objects.get()
    assert (job.kind, job.arguments["year"], job.arguments["kind"]) == ("remind", case.session.year, "drafts")


def test_who_owes_papers_is_listed_masked(operator):
    july = date(make_session().year - 1, 7, 1)
    case = make_application("point_review", fresh_graduate=True, graduated_on=july)
    told = words(operator.get(at("owed")))
    assert (case.number in told, case.name in told) == (True, False)


def test_a_purge_is_asked_for_agreed_to_and_begun_as_a_job(operator, client, settings):
    settings.TWO_OPERATORS = True
    session = end_session(make_application("registered").session)
    operator.post(at("purge"), {"year": session.year, "reason": "期满", "sure": "on"})
    approval = Approval.objects.get()
    assert operator.post(at("begin", approval.pk), follow=True).content.decode().count("还没有另一位操作员确认") == 1
    assert "不能由提出人自己确认" in words(operator.post(at("confirm", approval.pk), follow=True))
    log_in(client, make_operator("operator-2"))
    client.post(at("confirm", approval.pk))
    log_in(client, operator.account)
    client.post(at("begin", approval.pk))
    assert Job.objects.get().arguments == {"year": session.year, "by": operator.account.pk}


def test_an_export_in_full_is_downloaded_once(operator, client):
    case = make_application("registered")
    operator.post(at("export"), {"year": case.session.year, "reason": "报送", "sure": "on"})
    approval = Approval.objects.get()
    log_in(client, make_operator("operator-2"))
    client.post(at("confirm", approval.pk))
    log_in(client, operator.account)
    answer = client.post(at("begin", approval.pk))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert "已经开始" in words(client.post(at("begin", approval.pk), follow=True))
    assert acts()[-1] == ("export_applications", "operator")


def test_a_longer_export_is_left_to_the_command(operator, monkeypatch):
    case = make_application("registered")
    monkeypatch.setattr("review.forms.console.MOST", 0)
    answer = operator.post(at("export"), {"year": case.session.year, "reason": "报送", "sure": "on"})
    assert (answer.status_code, "export_applications --full" in words(answer)) == (422, True)
    assert Approval.objects.count() == 0
