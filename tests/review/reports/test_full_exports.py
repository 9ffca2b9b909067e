"""The table with every field of the form: masked, or in full."""

import pytest

from candidates.models import Application
from review.reports import full_exports
from tests.factories import make_application

pytestmark = pytest.mark.django_db


def test_numbers_are_masked_unless_all_of_it_is_asked_for():
    case = make_application("registered")
    for full in (False, True):
        (row,) = full_exports.rows(Application.objects.all(), full=full)
        assert len(row) == len(full_exports.COLUMNS)
        assert (case.number in row, case.document_number in row, case.mobile in row) == (True, full, full)


def test_rows_are_counted_as_they_go_by():
    counted = full_exports.Counted([["a"], ["b"]])
    assert (counted.count, list(counted), counted.count) == (0, [["a"], ["b"]], 2)
