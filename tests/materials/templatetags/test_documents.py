from datetime import datetime

import pytest

from candidates.models.session import SHANGHAI
from materials.templatetags.documents import period


def at(*when):
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (at(2027, 2, 8), at(2027, 3, 9), "2月8日至3月8日 24:00"),
        (at(2027, 2, 8, 9), at(2027, 3, 8, 17, 30), "2月8日 09:00至3月8日 17:30"),
        (at(2026, 12, 20), at(2027, 1, 10), "2026年12月20日至2027年1月9日 24:00"),
        (at(2026, 12, 20), at(2027, 1, 1), "12月20日至12月31日 24:00"),
        (at(2026, 12, 31, 23, 59), at(2027, 1, 1, 0, 1), "2026年12月31日 23:59至2027年1月1日 00:01"),
    ],
)
def test_a_window_is_said_with_its_years_where_it_crosses_one(opens, closes, said):
    assert period(opens, closes) == said
