"""Every date that people read says its year: around New Year a bare 1 月 3 日 is taken for another day than it is.

What writes a month or a day of one, in templates and in Python, is searched for its year.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
APPS = ("candidates", "materials", "review", "nmec_portal")
FORMATS = re.compile(r"""\|(?:date|time):["']([^"']*)["']""")
# file -> how many lines write it without a year, and why nobody takes it for another day
WITHOUT_YEAR = {
    "candidates/rules/moments.py": 1,  # an SMS has room for six characters
    "review/reports/charts.py": 1,  # the last days below a drawing: the table under it has them with their years
}


def without_year(line, part, year):
    return re.search(part, line) and not re.search(year, line)


def test_templates_write_no_date_without_its_year():
    found = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in (ROOT / "templates").rglob("*.html")
        for one in FORMATS.findall(path.read_text())
        if without_year(one, "[bdEFjmMnNSz]", "[oYy]")
    }
    assert found == set()


def test_code_writes_no_date_without_its_year():
    lines = {
        str(path.relative_to(ROOT)): [
            line
            for line in path.read_text().splitlines()
            if without_year(line, r"%[bBdjm]|[{.]month\}|\.day\.day\}", r"%[Yy]|[{.]year\}")
        ]
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {path: len(found) for path, found in lines.items() if found} == WITHOUT_YEAR
