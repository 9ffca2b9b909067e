"""Remarks among reviewers: who reads them, who takes them back, and that no candidate ever does."""

import pytest
from django.db import DatabaseError, transaction

from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed, Refused
from review.cases.verdicts import submitted_images
from review.models import Note
from review.office import notes
from review.operations import purging
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import actor, fresh, here, log_in, reviewer, said

pytestmark = pytest.mark.django_db

WORDS = "单位公章与上次不同，已电话核实。"


@pytest.fixture
def case():
    return make_application("point_review")


def written(case, level="point", **more):
    return notes.write(case.pk, actor=actor(case, level), words=WORDS, **more)


def readers(case):
    """Which levels of the case's own units read a note on it."""
    levels = ("point", "site", "region")
    return [level for level in levels if notes.of_case(case, reviewer(case, level))]


@pytest.mark.parametrize(
    ("level", "for_below", "who"),
    [
        ("point", False, ["point", "site", "region"]),
        ("site", False, ["site", "region"]),
        ("region", False, ["region"]),
        ("region", True, ["point", "site", "region"]),
        ("site", True, ["point", "site", "region"]),
    ],
)
def test_a_note_is_read_by_its_unit_and_those_above_and_below_only_where_ticked(case, level, for_below, who):
    written(case, level, for_below=for_below)
    assert readers(case) == who


def test_a_unit_beside_and_the_candidate_read_no_note_and_an_operator_reads_all(case):
    written(case, for_below=True)
    beside = make_reviewer(make_units()["1101002"])
    assert [len(notes.of_case(case, one)) for one in (beside, case.account, make_operator())] == [0, 0, 1]


def test_the_case_shows_a_note_with_its_author_and_the_candidate_sees_nothing_of_it(client, case):
    written(case, image=submitted_images(case)[0])
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    assert [word in page for word in (WORDS, "point-1101001", "关于“本人有效身份证明”的一张图片")] == [True] * 3
    log_in(client, case.account)
    addresses = ("/application/", "/materials/", "/messages/", "/account/data/")
    assert [WORDS in client.get(one).content.decode() for one in addresses] == [False] * 4


def test_a_note_is_written_on_the_case_page_and_leads_back_to_it(client, case):
    answer = log_in(client, reviewer(case)).post(here(case, "notes"), {"note-words": WORDS})
    assert (answer.url, said(answer)) == (here(case) + "#notes", ["备注已保存，考生看不到。"])
    assert Note.objects.get().words == WORDS


def test_an_empty_note_and_one_that_is_too_long_are_told_and_nothing_typed_is_lost(client, case):
    log_in(client, reviewer(case))
    empty = client.post(here(case, "notes"), {"note-words": " "})
    long = client.post(here(case, "notes"), {"note-words": "长" * 501})
    assert [one.status_code for one in (empty, long)] == [422, 422]
    assert "请填写备注的内容。" in empty.content.decode()
    page = long.content.decode()
    assert [word in page for word in ("备注最多 500 个字，现在有 501 个。", "长" * 501)] == [True, True]
    assert Note.objects.count() == 0


def test_a_note_is_about_pictures_of_its_own_case_only(case):
    other = submitted_images(make_application("point_review", session=case.session))[0]
    with pytest.raises(Refused, match="这张图片不属于这份申请"):
        written(case, image=other)


def test_nobody_outside_the_cases_units_writes_a_note(case):
    for account in (make_operator(), make_reviewer(make_units()["1101002"]), case.account):
        with pytest.raises(NotAllowed):
            notes.write(case.pk, actor=Actor.of(account), words=WORDS)


def test_its_author_withdraws_a_note_and_nobody_else_does(client, case):
    note = written(case)
    log_in(client, make_reviewer(case.point, username="colleague"))
    assert client.post(here(case, f"notes/{note.pk}/withdraw")).status_code == 409
    log_in(client, reviewer(case))
    assert said(client.post(here(case, f"notes/{note.pk}/withdraw"))) == ["备注已撤回。"]
    assert client.post(here(case, f"notes/{note.pk}/withdraw")).status_code == 302  # a second time is no mistake
    page = client.get(here(case)).content.decode()
    assert [WORDS in page, "已撤回（" in page] == [False, True]


def test_what_a_reviewer_may_not_read_does_not_exist_for_him(client, case):
    note = written(case, "region")
    log_in(client, reviewer(case))
    assert client.post(here(case, f"notes/{note.pk}/withdraw")).status_code == 404


def test_the_database_refuses_to_edit_a_note(case):
    note = written(case)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(words="别的话")
    notes.withdraw(note.pk, actor=actor(case))
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(withdrawn_at=None)


def test_a_note_moves_nothing(case):
    written(case)
    assert (fresh(case).status, fresh(case).last_record_id) == (case.status, case.last_record_id)


# --- in lists ---------------------------------------------------------------------------------------------------------


def listed(client, account, query=""):
    page = log_in(client, account).get(f"/review/applications/{query}")
    return [(row["case"].pk, ("", "备注") in row["hints"]) for row in page.context["rows"]]


def test_a_list_marks_and_filters_cases_by_the_notes_that_the_reader_may_read(client, case):
    plain = make_application("point_review", session=case.session)
    written(case, "region")
    assert listed(client, reviewer(case)) == [(case.pk, False), (plain.pk, False)]
    assert listed(client, reviewer(case), "?notes=on") == []
    written(case)
    assert listed(client, reviewer(case)) == [(case.pk, True), (plain.pk, False)]
    assert listed(client, reviewer(case), "?notes=on") == [(case.pk, True)]


def test_a_case_whose_notes_are_all_withdrawn_is_marked_no_more(client, case):
    first, second = written(case), written(case)
    notes.withdraw(first.pk, actor=actor(case))
    assert (fresh(case).has_notes, listed(client, reviewer(case))) == (True, [(case.pk, True)])
    notes.withdraw(second.pk, actor=actor(case))
    assert (fresh(case).has_notes, listed(client, reviewer(case))) == (False, [(case.pk, False)])


def test_the_purge_of_a_session_takes_its_notes(case):
    written(case, image=submitted_images(case)[0])
    list(purging.purge(case.session))
    assert (Note.objects.count(), fresh(case).has_notes) == (0, False)
