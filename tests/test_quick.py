"""Which tests `make quick` runs for a file."""

from pathlib import Path

import pytest

from tests.quick import ROOT, mirrors


@pytest.mark.parametrize(
    ("changed", "run"),
    [
        ("materials/printing/pdf.py", ["tests/materials/printing/test_pdf.py"]),
        ("candidates/views/accounts.py", ["tests/candidates/test_views_accounts.py"]),
        ("review/management/commands/backup.py", ["tests/review/commands/test_backup.py"]),
        ("templates/base.html", ["tests/test_templates.py"]),
        ("tests/test_house.py", ["tests/test_house.py"]),
        ("tests/browser/test_form.py", []),
        ("README.md", []),
    ],
)
def test_a_file_is_tested_by_what_mirrors_it(changed, run):
    assert [test for test in mirrors(Path(changed)) if (ROOT / test).exists()] == run
