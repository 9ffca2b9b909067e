"""The options and ticks of the queue's filter."""

from review.templatetags.choosing import flags, options, ticks

CHOICES = [("a", "甲"), ("b", "<乙>")]


def test_the_chosen_option_is_selected_and_no_name_is_a_tag():
    assert options(CHOICES, "b") == '<option value="a">甲</option><option value="b" selected>&lt;乙&gt;</option>'


def test_what_is_shown_is_ticked():
    drawn = ticks(CHOICES, ["a"])
    assert 'value="a" checked><span>甲</span>' in drawn
    assert 'value="b"><span>&lt;乙&gt;</span>' in drawn


def test_a_flag_that_is_asked_for_is_ticked():
    drawn = flags([("owed", "有待补", True), ("notes", "有备注", False)])
    assert 'name="owed" checked><span>有待补</span>' in drawn
    assert 'name="notes"><span>有备注</span>' in drawn
