"""Every kind of table: its columns are those that its reader takes, and a page can try it whatever is in it."""

import pytest

from candidates.models import Unit
from candidates.reference.outcomes import How
from review.operations.tables import TABLES, foresee

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def written(text):
        path = tmp_path / "table.csv"
        path.write_text(text)
        return path

    return written


@pytest.mark.parametrize("kind", TABLES)
def test_its_chinese_headings_are_taken_and_an_empty_table_is_told(kind, file):
    headings = (TABLES[kind].columns[name].partition("|")[0] for name in TABLES[kind].needed)
    told = foresee(TABLES[kind].load, file(",".join(headings) + "\n"), How())
    assert told.problems == ["文件中没有数据行。"]


@pytest.mark.parametrize("kind", TABLES)
def test_a_needed_column_that_is_missing_is_named(kind, file):
    needed = TABLES[kind].needed[0]
    told = foresee(TABLES[kind].load, file("x\n1\n"), How())
    assert told.problems[0].startswith(f"第 1 行：表头缺少列 {needed}（")


def test_a_trial_tells_sound_and_bad_lines_and_writes_nothing(file):
    told = foresee(TABLES["units"].load, file("code,name\n11,北京\n12,\n"), How(confirmed=True))
    assert [(one.kind, one.line) for one in told.outcomes] == [("new", 2), ("refused", 3)]
    assert (told.can_be_done, Unit.objects.count()) == (False, 0)
