"""Operators are made, switched off and on again at a terminal: the first of them has nobody else to ask."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Account
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("add_operator", *words, stdout=out)
    return out.getvalue().strip()


def test_a_new_operator_gets_a_one_time_password_and_changes_it_first(client):
    name, password = run("admin", "--name", "张三").split("：")
    account = Account.objects.get(username="admin")
    assert name == "admin"
    assert account.kind == "operator"
    assert account.name == "张三"
    assert account.must_change_password is True
    assert (
        client.post("/login/", {"username": "admin", "password": password}).headers["Location"] == "/password/change/"
    )


def test_it_is_made_once_and_its_password_stays():
    password = run("admin", "--name", "张三").split("：")[1]
    assert run("admin", "--name", "张三") == "admin：未变"
    assert Account.objects.get(username="admin").check_password(password)


def test_who_is_off_is_out_at_the_next_request_and_can_come_back(client):
    run("admin", "--name", "张三")
    client.force_login(Account.objects.get(username="admin"), backend="candidates.accounts.auth.LoginNameBackend")
    run("second", "--name", "李四")
    run("third", "--name", "王五")
    assert run("admin", "--off") == "admin：停用"
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert (run("admin", "--off"), run("admin")) == ("admin：未变", "admin：重新启用")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["1admin", "--name", "张三"], "应以英文字母开头"),
        (["admin"], "--name"),
        (["nobody", "--off"], "没有操作员“nobody”"),
        (["region-11", "--name", "张三"], "已经是审核员的账号"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(words, sentence):
    factories.make_reviewer(factories.make_units()["11"])
    with pytest.raises(CommandError, match=sentence):
        run(*words)
    assert not Account.objects.filter(kind="operator").exists()


def test_a_dry_run_makes_nobody():
    assert run("admin", "--name", "张三", "--dry-run") == "admin：可以新增（未写入）"
    assert not Account.objects.filter(username="admin").exists()


def test_a_dry_run_switches_nobody_off():
    run("admin", "--name", "张三")
    assert run("admin", "--off", "--dry-run").splitlines()[0] == "admin：停用（未写入）"
    assert Account.objects.get(username="admin").is_active is True


@pytest.mark.parametrize("others", [0, 1])
def test_where_fewer_than_two_are_left_it_is_said(others):
    for name in ["admin", "second"][: 1 + others]:
        run(name, "--name", "张三")
    for words in (["--dry-run"], []):
        assert run("admin", "--off", *words).splitlines()[1] == (
            f"启用的操作员还有 {others} 位：退款、清除、恢复和导出完整数据要两位，请用 add_operator 新增或重新启用。"
        )
