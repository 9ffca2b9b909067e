import stat

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Account
from candidates.reference.outcomes import TRY, BadFile, How, Unconfirmed
from review.cases import holds
from review.models import Hold
from review.operations import accounts
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db
HEADER = "unit,username,name,active\n"


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def file(tmp_path):
    """file(lines) writes them below the header."""

    def written(*lines):
        path = tmp_path / "reviewers.csv"
        path.write_text(HEADER + "\n".join(lines))
        return path

    return written


def test_new_reviewers_get_a_one_time_password_that_opens_one_page_only(units, file, client):
    imported = accounts.import_reviewers(file("1101,site-a,王某某,1", "1101001,point-a,李某某,1"))
    assert (imported.sums[0], sorted(imported.passwords)) == (2, ["point-a", "site-a"])
    client.post("/login/", {"username": "site-a", "password": imported.passwords["site-a"]})
    assert client.get("/review/applications/").url == "/password/change/"


def test_a_second_run_changes_nothing_and_a_changed_line_keeps_the_password(units, file):
    password = accounts.import_reviewers(file("1101,site-a,王某某,1")).passwords["site-a"]
    again = accounts.import_reviewers(file("1101,site-a,王某某,1"))
    moved = accounts.import_reviewers(file("1102,site-a,王某某,1"))
    account = Account.objects.get(username="site-a")
    assert [one.sums for one in (again, moved)] == [(0, 0, 0, 1), (0, 1, 0, 0)]
    assert account.unit.code == "1102"
    assert account.check_password(password)


def test_who_is_left_out_stays_unless_the_list_is_complete_and_more_than_a_tenth_is_asked_about(units, file):
    accounts.import_reviewers(file("1101,site-a,王某某,1", "1101001,point-a,李某某,1"))
    shorter = file("1101,site-a,王某某,1")
    assert accounts.import_reviewers(shorter).sums == (0, 0, 0, 1)
    with pytest.raises(Unconfirmed, match="将停用 1 项，超过现有 2 项的十分之一"):
        accounts.import_reviewers(shorter, How(complete=True))
    assert accounts.import_reviewers(shorter, How(complete=True, confirmed=True)).sums == (0, 0, 1, 1)
    assert list(Account.objects.filter(is_active=True).values_list("username", flat=True)) == ["site-a"]


def test_a_dry_run_writes_nothing(units, file):
    assert accounts.import_reviewers(file("1101,site-a,王某某,1"), TRY).sums == (1, 0, 0, 0)
    assert Account.objects.count() == 0


def test_every_bad_line_is_named_and_nothing_is_imported(units, file):
    make_operator("operator")
    with pytest.raises(BadFile) as refused:
        accounts.import_reviewers(
            file(
                "1101,site-a,王某某,1",
                "9999,b-b,某某,1",
                "1101,13800000000,某,1",
                "1101,operator,某,1",
                "1101,site-a,,x",
            )
        )
    assert refused.value.problems == [
        "第 3 行：单位 9999 不存在。",
        "第 4 行：用户名“13800000000”应以英文字母开头，3 至 40 个字符，只用字母、数字和 . _ -。",
        "第 5 行：用户名“operator”已经是别的账号，不是审核员。",
        "第 6 行：用户名 site-a 与第 2 行重复。",
        "第 6 行：缺少姓名（name）。",
        "第 6 行：active 的值“x”无法识别，请填写 1 或 0。",
    ]
    assert Account.objects.filter(kind="reviewer").count() == 0


def test_passwords_are_written_to_a_new_file_for_the_owner_only(units, file, tmp_path, capsys):
    kept = tmp_path / "passwords"
    call_command("import_reviewers", file("1101,site-a,王某某,1"), passwords=kept)
    username, password = kept.read_text().strip().split(",")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert username == "site-a"
    assert password not in capsys.readouterr().out
    with pytest.raises(CommandError, match="没有导入"):
        call_command("import_reviewers", file("1101,site-b,王某某,1"), passwords=kept)
    assert not Account.objects.filter(username="site-b").exists()


def test_a_disabled_reviewer_is_out_at_the_next_request_and_holds_nothing(client):
    case = make_application("point_review")
    account = reviewer(case)
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    holds.hold(case, account)
    assert client.get("/review/applications/").status_code == 200
    call_command("disable_reviewer", account.username)
    answer = client.get("/review/applications/")
    assert answer.status_code == 302
    assert answer.url.partition("?")[0] == "/login/"
    assert Hold.objects.count() == 0


def test_disabling_nobody_is_refused():
    make_operator("operator")
    with pytest.raises(CommandError, match="没有用户名为 operator 的审核员"):
        call_command("disable_reviewer", "operator")


def test_units_above_see_who_works_below_and_not_beside(client, units):
    for code in ("11", "1101", "1101001", "1102"):
        make_reviewer(units[code], username=f"works-{code}")
    client.force_login(Account.objects.get(username="works-1101"), backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/review/reviewers/").content.decode()
    assert [f"works-{code}<" in page for code in ("11", "1101", "1101001", "1102")] == [False, True, True, False]
    assert client.get("/review/reviewers/?unit=1102").status_code == 404


@pytest.mark.parametrize("with_passwords", [False, True])
def test_a_bad_file_imports_nobody_and_leaves_no_file_of_passwords(units, file, tmp_path, with_passwords):
    kept = tmp_path / "passwords" if with_passwords else None
    with pytest.raises(CommandError) as refused:
        call_command("import_reviewers", file("1101,site-a,王某某,1", "9999,b-b,某某,1"), passwords=kept)
    assert str(refused.value).splitlines() == ["第 3 行：单位 9999 不存在。", "共 1 处错误，没有导入。"]
    assert [path.name for path in tmp_path.iterdir()] == ["reviewers.csv"]
    assert Account.objects.count() == 0


def test_an_address_is_kept_as_it_is_typed_or_named_with_its_line(units, tmp_path):
    path = tmp_path / "reviewers.csv"
    path.write_text("unit,username,name,email\n1101,site-a,王某某,wang@example.org\n")
    accounts.import_reviewers(path)
    assert Account.objects.get(username="site-a").email == "wang@example.org"
    path.write_text("unit,username,name,email\n1101,site-a,王某某,wang\n")
    with pytest.raises(BadFile) as refused:
        accounts.import_reviewers(path)
    assert refused.value.problems == ["第 2 行：电子邮箱“wang”的格式不正确。"]


def test_without_a_file_the_passwords_are_shown(units, file, capsys):
    call_command("import_reviewers", file("1101,site-a,王某某,1"))
    username, password = capsys.readouterr().out.splitlines()[1].split(",")
    assert Account.objects.get(username=username).check_password(password)
