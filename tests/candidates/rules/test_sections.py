"""The application form's table: every field once, and how it is named."""

from candidates.models import Application
from candidates.rules.profile import STATED
from candidates.rules.sections import FIELDS, MONTHS, SECTIONS, heading, label


def test_every_field_is_asked_once_and_is_a_column_named_alike():
    rows = [row for section in SECTIONS.values() for row in section.rows]
    columns = {column.name: column.verbose_name for column in Application._meta.concrete_fields}
    assert len(rows) == len(FIELDS)
    assert {row.name: columns[row.name] for row in rows} == {row.name: row.label for row in rows}


def test_all_that_a_profile_states_is_on_the_form():
    assert set(STATED) - set(FIELDS) == set()


def test_what_is_never_needed_may_stay_empty():
    free = {field for field, row in FIELDS.items() if row.needed is None}
    assert free == {
        "valid_until",
        "email",
        "academic_degree",
        "degree_number",
        "employer_postcode",
        "trial_postcode",
        "trial_telephone",
        "further_institutions",
    }


def test_a_label_is_what_the_form_says():
    assert [label(field) for field in MONTHS] == ["试用（执业）开始年月", "试用（执业）结束年月"]


def test_what_only_asks_for_an_answer_needs_no_label_before_it():
    assert heading("postcode", "请填写“邮政编码”。") == ""
    assert heading("postcode", "邮政编码应为 6 位数字。") == "邮政编码"
