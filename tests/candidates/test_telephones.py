"""A telephone that is shown can be called by a tap."""

import pytest

from candidates.templatetags.telephones import called, telephone
from tests.factories import make_application, make_operator, make_units
from tests.review.casework import log_in, reviewer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("010-12345678", '<a class="tel" href="tel:01012345678">010-12345678</a>'),
        ("+86 10 12345678 转 805", '<a class="tel" href="tel:+861012345678">+86 10 12345678</a> 转 805'),
        ("010-12345678-805", '<a class="tel" href="tel:01012345678">010-12345678</a>-805'),
        ("(0316)1234567", '<a class="tel" href="tel:03161234567">(0316)1234567</a>'),
        (
            "夜间 13800000001",
            '夜间 <a class="tel" href="tel:13800000001">13800000001</a>',
        ),
        ("2027-01-12 起", "2027-01-12 起"),
        ("9:00-17:00", "9:00-17:00"),
        ("138****0001", "138****0001"),
        ("1234567890123456", "1234567890123456"),
        ("", ""),
        ("见通知", "见通知"),
        ("010-1234567<b>", '<a class="tel" href="tel:0101234567">010-1234567</a>&lt;b&gt;'),
    ],
)
def test_a_number_is_a_link_and_all_else_stays_words(text, shown):
    assert telephone(text) == shown


TWO = "2. 示例医院<b>，2020-03 至 2020-08，登记号 12345678901，电话 010-12345678\n3. 示例诊所，电话 见名片，号 88888888"


def test_of_further_institutions_the_telephones_alone_are_links():
    shown = called(TWO, "further_institutions")
    assert shown.count("<a ") == 1
    assert '，电话 <a class="tel" href="tel:01012345678">010-12345678</a>\n3.' in shown
    assert "示例医院&lt;b&gt;，2020-03 至 2020-08，登记号 12345678901，" in shown


@pytest.mark.parametrize("field", ["mobile", "employer_telephone", "trial_telephone"])
def test_a_field_that_is_a_telephone_is_a_link_and_no_other_number_is(field):
    assert called("010-12345678", field).startswith('<a class="tel" href="tel:01012345678">')
    assert [called("11010119900101", one) for one in ("diploma_number", "postcode", "name")] == ["11010119900101"] * 3


@pytest.mark.django_db
def test_a_points_telephone_is_a_link(client):
    make_units()
    assert 'href="tel:01000000000"' in client.get("/units/?region=11").content.decode()


@pytest.mark.django_db
def test_telephones_are_links_on_candidates_reviewers_and_operators_pages(client):
    application = make_application("point_review", employer_telephone="010-7654321")
    link = '<a class="tel" href="tel:0107654321">010-7654321</a>'
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    assert client.get("/application/edit/").content.decode().count(link) == 1
    log_in(client, reviewer(application))
    assert link in client.get(f"/review/applications/{application.number}/").content.decode()
    log_in(client, make_operator())
    assert 'href="tel:01000000000"' in client.get("/admin/candidates/unit/").content.decode()
