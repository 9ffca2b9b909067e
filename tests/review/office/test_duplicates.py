"""Who may know what of a mark, and who settles it."""

import pytest
from django.db import DatabaseError, transaction

from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed, Refused
from materials import duplicates as marks
from review.models import DuplicateSettled
from review.office import duplicates
from review.operations import purging
from tests.factories import make_application, make_operator, make_units
from tests.review.casework import actor, fresh, here, log_in, reviewer

pytestmark = pytest.mark.django_db

REASON = "同一单位代为扫描时传错，考生已更换，两人各有证书。"


def pair(code="1101002"):
    """A case of 1101001 and one of another point, which share papers and numbers."""
    first = make_application("point_review")
    second = make_application("point_review", session=first.session, point=make_units()[code])
    marks.mark(second.pk)
    return fresh(first), fresh(second)


def known(case, account):
    """The numbers of the twins, and whom to ask of the others."""
    found = duplicates.of_case(case, account)
    return [one.application.number for one in found.twins], [unit and unit.code for unit in found.contacts]


@pytest.mark.parametrize(
    ("code", "point", "site", "region"),
    [
        ("1101002", "1101", None, None),
        ("1102001", "11", "11", None),
        ("1201001", "operators", "operators", "operators"),
    ],
)
def test_who_may_see_both_reads_which_it_is_and_others_whom_to_ask(code, point, site, region):
    first, second = pair(code)
    told = {None: ([second.number], []), "operators": ([], [None])}
    for level, whom in {"point": point, "site": site, "region": region}.items():
        assert known(first, reviewer(first, level)) == told.get(whom, ([], [whom]))
    assert known(first, make_operator()) == ([second.number], [])


def test_the_case_page_names_nothing_of_a_case_outside(client):
    first, second = pair()
    page = log_in(client, reviewer(first)).get(here(first)).content.decode()
    assert [word in page for word in (second.number, "北京第一考点", "不在您单位范围内")] == [False, True, True]
    page = log_in(client, reviewer(first, "site")).get(here(first)).content.decode()
    assert [word in page for word in (second.number, "“毕业证书”的图片")] == [True, True]


def test_a_list_marks_and_filters_them(client):
    first, _ = pair()
    log_in(client, reviewer(first))
    assert "疑似重复</span>" in client.get("/review/applications/").content.decode()
    assert [row["case"].pk for row in client.get("/review/applications/?duplicates=on").context["rows"]] == [first.pk]


def test_settling_takes_the_marks_off_both_and_stays_off(client):
    first, second = pair()
    site = log_in(client, reviewer(first, "site"))
    address = here(first, f"duplicates/{second.number}")
    assert site.get(address).status_code == 200
    assert site.post(address, {"reason": " "}).status_code == 422
    assert site.post(address, {"reason": REASON}).url == here(first) + "#duplicates"
    marks.mark(first.pk)
    assert (fresh(first).duplicates, fresh(second).duplicates) == ([], [])
    assert [REASON in site.get(here(one)).content.decode() for one in (first, second)] == [True, True]
    assert site.post(address, {"reason": REASON}).status_code == 404


def test_something_else_that_is_found_later_is_marked_again():
    first, second = pair()
    duplicates.settle(first.pk, other=second.pk, actor=actor(first, "site"), reason=REASON)
    for case in (first, second):
        type(case).objects.filter(pk=case.pk).update(certificate_numbers=["degree_number:999992018"])
    marks.mark(first.pk)
    assert [marks.what_of(one) for one in fresh(second).duplicates] == ["degree_number"]


def test_who_sees_one_of_them_alone_settles_nothing():
    first, second = pair()
    for one in (actor(first), Actor.of(first.account)):
        with pytest.raises(NotAllowed):
            duplicates.settle(first.pk, other=second.pk, actor=one, reason=REASON)


def test_a_reason_is_needed():
    first, second = pair()
    with pytest.raises(Refused, match="请写出核实的结果"):
        duplicates.settle(first.pk, other=second.pk, actor=actor(first, "site"), reason=" ")


def test_operators_settle_what_no_unit_sees_whole_and_nobody_changes_it_afterwards():
    first, second = pair("1201001")
    duplicates.settle(first.pk, other=second.pk, actor=Actor.of(make_operator()), reason=REASON)
    assert DuplicateSettled.objects.get().unit is None
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        DuplicateSettled.objects.update(reason="别的话")


def test_the_purge_of_a_session_takes_marks_and_reasons():
    first, second = pair()
    duplicates.settle(first.pk, other=second.pk, actor=actor(first, "site"), reason=REASON)
    list(purging.purge(first.session))
    assert (DuplicateSettled.objects.count(), fresh(second).certificate_numbers) == (0, [])
