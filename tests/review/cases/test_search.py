import pytest
from django.db import connection

from candidates.applications import registration
from candidates.applications.workflow import Actor
from review.cases import search
from tests.factories import a_resident_id, make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


def a_case(name="欧阳修远", **account):
    return make_application("point_review", account=make_candidate(name, **account))


def found(case, text):
    return list(search.find(reviewer(case), text).cases)


def full_width(text):
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


def test_a_number_leads_to_its_case():
    case = a_case()
    for typed in (f" {case.number} ", f"\u3000{full_width(case.number)}"):
        assert search.find(reviewer(case), typed).number == case.number


def test_the_notices_scanned_code_leads_to_its_case():
    case = a_case()
    code = case.notice_versions.get().code
    assert search.find(reviewer(case), f"http://127.0.0.1:8000/verify/{code}/").number == case.number


def test_a_code_is_read_whatever_the_keyboard_made_of_it():
    case = a_case()
    code = case.notice_versions.get().code
    for typed in (f"HTTP://127.0.0.1/VERIFY/{code.lower()}/", f"http：、、127。0。0。1、verify、{code}、"):
        assert search.find(reviewer(case), typed).number == case.number


def test_an_id_number_is_found_in_any_spelling():
    number = a_resident_id(5)
    case = a_case(document_number=number)
    for typed in (number.lower(), f"{number[:6]} {number[6:]}", full_width(number)):
        assert found(case, typed) == [case]
    assert found(case, number[:-1]) == []


def test_a_mobile_is_found_whole():
    case = a_case(mobile="13912345678")
    for typed in ("139 1234 5678", full_width("13912345678")):
        assert found(case, typed) == [case]
    assert found(case, "1391234567") == []


def test_who_has_no_mobile_is_found_by_number_and_by_nobodys_mobile():
    case = a_case(document_type="passport", document_number="AB1234567", mobile="", email="ana@example.com")
    assert found(case, "ab 1234567") == [case]
    assert (found(case, ""), found(case, "+85251234567")) == ([], [])


def test_a_name_is_found_by_its_beginning():
    case = a_case("欧阳修远")
    assert [found(case, text) for text in ("欧阳修远", "欧", "修远", "%")] == [[case], [case], [], []]


def test_who_is_found_stands_in_the_order_of_names_and_numbers():
    cases = [a_case(name) for name in ("张四", "张三", "张五")]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
    assert [case.name for case in found(cases[0], "张")] == ["张三", "张五", "张四"]


def test_a_unit_beside_finds_nothing():
    number = a_resident_id(6)
    case = a_case(document_number=number, mobile="13912345679")
    beside = make_reviewer(make_units()["1101002"])
    results = [search.find(beside, text) for text in (case.number, number, "13912345679", "欧阳")]
    assert [(result.cases, result.number) for result in results] == [((), "")] * 4


def test_before_the_first_submission_only_the_number_finds_it():
    case = make_application("registered", account=make_candidate("欧阳修远", mobile="13912345670"))
    point = make_reviewer(case.point)
    assert search.find(point, case.number).number == case.number
    assert [search.find(point, text).cases for text in ("欧阳", "13912345670")] == [(), ()]


def test_what_was_withdrawn_before_any_submission_is_not_found():
    case = make_application("registered")
    registration.withdraw(case.pk, actor=Actor.of(case.account))
    assert search.find(make_reviewer(case.point), case.number) == search.Found(())


def test_an_operator_finds_names_of_every_region():
    here, there = (
        a_case("欧阳一"),
        make_application("point_review", account=make_candidate("欧阳二"), point=make_units()["1201001"]),
    )
    assert set(search.find(make_operator(), "欧阳").cases) == {here, there}


def test_more_than_a_page_of_names_is_said(monkeypatch):
    case = a_case("欧阳一")
    make_application("point_review", account=make_candidate("欧阳二"))
    monkeypatch.setattr(search, "MOST", 1)
    result = search.find(reviewer(case), "欧阳")
    assert (len(result.cases), result.more) == (1, True)


def test_a_page_that_is_just_full_is_all_there_is(monkeypatch):
    case = a_case("欧阳一")
    monkeypatch.setattr(search, "MOST", 1)
    assert search.find(reviewer(case), "欧阳") == search.Found((case,), more=False)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("古丽米热·艾比布力", "古丽米热．艾比布力"),
        ("古丽米热·艾比布力", "古丽米热•艾比"),
        ("古丽米热·艾比布力", "古丽米热・艾比布力"),
        ("古丽米热·艾比布力", "古丽米热艾比布力"),
        ("María José O'Brien", "ＭＡＲＩＡ　ＪＯＳＥ　Ｏ＇ＢＲＩＥＮ"),
        ("孙福", "孙\ufa1b"),
        ("孙\ufa1b", "孙福"),
        ("㛃䶮", "㛃\ue863"),
        ("吳說", "吴説"),
    ],
)
def test_a_name_is_found_in_every_spelling_of_an_id_card(stored, typed):
    case = a_case(stored)
    assert found(case, typed) == [case]
