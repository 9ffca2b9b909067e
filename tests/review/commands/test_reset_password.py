"""A one-time password, shown once, that has to be changed at the next login."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Account, OperatorAct
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("reset_password", *words, stdout=out)
    return out.getvalue()


def test_a_candidate_and_a_reviewer_get_new_passwords(client):
    application = factories.make_application("registered")
    reviewer = factories.make_reviewer(application.point)
    client.force_login(application.account)
    lines = dict(line.split("：") for line in run(application.number, reviewer.username).splitlines())
    for name, pk in ((application.number, application.account_id), (reviewer.username, reviewer.pk)):
        account = Account.objects.get(pk=pk)
        assert account.check_password(lines[name])
        assert account.must_change_password is True
    assert client.get("/application/").headers["Location"].startswith("/login/")  # the old session is over


def test_the_audit_knows_who_but_no_password():
    reviewer = factories.make_reviewer(factories.make_units()["11"])
    password = run(reviewer.username).split("：")[1].strip()
    acts = list(OperatorAct.objects.order_by("id").values_list("arguments", "outcome"))
    assert acts == [({"names": ["region-11"]}, {}), ({"names": ["region-11"]}, {"done": 1})]
    assert password not in str(acts)


def test_an_unknown_name_or_a_dry_run_changes_nothing():
    reviewer = factories.make_reviewer(factories.make_units()["11"])
    with pytest.raises(CommandError) as refused:
        run(reviewer.username, "2027110100100017", "nobody", "110101199001011234")
    assert str(refused.value) == (
        "没有这个报名编号或用户名，或账号已停用：2027110100100017、nobody、110101********1234。没有更改任何密码。"
    )
    assert run(reviewer.username, "--dry-run") == "region-11：可以重设密码（未写入）\n"
    assert Account.objects.get(pk=reviewer.pk).check_password(factories.PASSWORD)
