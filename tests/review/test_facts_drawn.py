"""Fields of the form as the case page draws them."""

from review.cases.case import Fact
from review.templatetags.facts import drawn, in_brief


def test_a_field_is_drawn_with_its_lines_and_without_tags():
    facts = [Fact("name", "姓名", "<i>张"), Fact("address", "地址", "甲\n乙")]
    assert drawn(facts) == ("<div><dt>姓名</dt><dd>&lt;i&gt;张</dd></div><div><dt>地址</dt><dd>甲<br>乙</dd></div>")


def test_what_has_changed_says_what_was_there():
    was = '<span class="soft small">（原：张&amp;）</span>'
    assert drawn([Fact("name", "姓名", "李", "张&")]) == (f'<div class="changed"><dt>姓名</dt><dd>李 {was}</dd></div>')


def test_a_mobile_can_be_called():
    assert '<a class="tel" href="tel:13800000000">' in drawn([Fact("mobile", "手机", "13800000000")])


def test_a_tile_has_label_and_value():
    assert in_brief([Fact("name", "姓名", "<i>张")]) == '<span><span class="soft">姓名</span> &lt;i&gt;张</span>'
