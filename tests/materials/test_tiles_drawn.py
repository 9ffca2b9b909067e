"""A category's pictures as they are drawn: whatever they are called it is no HTML, and only what may be done."""

import uuid
from types import SimpleNamespace

import pytest
from django.template import Context

from materials.templatetags.tiles import tiles

NASTY = "\"><script>'&"


def drawn(*, can_add=True, checking=False, may_submit=True, **changes):
    image = SimpleNamespace(id=uuid.uuid4(), is_owed=False, width=800, height=600)
    links = SimpleNamespace(picture="/picture/", thumbnail="/small/", delete="/delete/", move="/move/")
    usual = {"refused": "", "warnings": [], "passed": False, "removable": True, "earlier": True, "later": True}
    tile = SimpleNamespace(**{**usual, "name": "第 1 张", "image": image, "links": links, **changes})
    card = SimpleNamespace(tiles=[tile], can_add=can_add, code="identity")
    bar = SimpleNamespace(may_submit=may_submit)
    return tiles(Context({"bar": bar, "csrf_token": "token", "checking": checking}), card)


@pytest.mark.parametrize("field", ["name", "refused"])
def test_what_others_have_written_is_no_html(field):
    assert "<script>" not in drawn(**{field: NASTY})
    assert "&lt;script&gt;" in drawn(**{field: NASTY})


def test_a_warning_is_no_html():
    assert "&lt;script&gt;" in drawn(warnings=[NASTY])


def test_a_free_picture_may_be_removed_replaced_turned_and_moved():
    said = drawn()
    assert [word in said for word in ("删除", "替换", "转正", "前移", "后移", 'value="token"')] == [True] * 6


def test_where_nothing_can_be_added_a_picture_may_only_be_removed():
    said = drawn(can_add=False)
    assert [word in said for word in ("删除", "替换", "转正")] == [True, False, False]


def test_what_is_locked_says_so_and_may_not_be_removed():
    said = drawn(removable=False, earlier=False, later=False)
    assert [word in said for word in ("已锁定", "删除", "tile-order")] == [True, False, False]


def test_to_be_checked_it_is_shown_large_and_leads_back_there():
    assert 'src="/picture/"' in drawn(checking=True)
    assert 'href="/delete/?check=1"' in drawn(checking=True)
    assert 'src="/small/"' in drawn()
