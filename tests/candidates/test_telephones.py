"""A telephone that is shown can be called by a tap."""

import pytest

from candidates.templatetags.telephones import telephone
from tests.factories import make_units


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("010-12345678", '<a class="tel" href="tel:01012345678">010-12345678</a>'),
        ("+86 10 12345678 转 805", '<a class="tel" href="tel:+861012345678">+86 10 12345678</a> 转 805'),
        ("", ""),
        ("见通知", "见通知"),
        ("010-1234567<b>", '<a class="tel" href="tel:0101234567">010-1234567</a>&lt;b&gt;'),
    ],
)
def test_a_number_is_a_link_and_all_else_stays_words(text, shown):
    assert telephone(text) == shown


@pytest.mark.django_db
def test_a_points_telephone_is_a_link(client):
    make_units()
    assert 'href="tel:01000000000"' in client.get("/units/?region=11").content.decode()
