"""A picture of a case as its page draws it: with controls for who decides, else with what was judged."""

from types import SimpleNamespace

from review.cases.case import Sheet
from review.templatetags.sheets import sheet, tile

IMAGE = SimpleNamespace(id="0f8f", category="identity", width=800, height=600, warnings=["blurred"], removed_at=None)
HELD = {"verdict": "not_ok", "reason": "unclear", "words": '"><b>'}
FORM = SimpleNamespace(held=HELD, prefix="image-0f8f", options="<option>")


def row(*, form=FORM, problem="", standing=None, is_new=False):
    one = Sheet(IMAGE, "身份<证>", 1, 2, standing, (), is_new)
    return {"sheet": one, "form": form, "problem": problem, "picture": "/p/", "thumbnail": "/t/"}


def test_who_decides_finds_what_was_put_in_and_nothing_of_it_is_a_tag():
    drawn = sheet(row(problem="请填写<原因>"), "1 身份<证>", True)
    assert 'name="image-0f8f-verdict" value="not_ok" checked' in drawn
    assert 'value="ok" checked' not in drawn
    assert 'name="image-0f8f-words" value="&quot;&gt;&lt;b&gt;"' in drawn
    assert "sheet-wrong" in drawn
    assert "请填写&lt;原因&gt;</p>" in drawn
    assert "<证>" not in drawn


def test_who_only_reads_sees_the_verdict_that_stands():
    standing = SimpleNamespace(verdict="ok", get_verdict_display=lambda: "合格", reason="")
    drawn = sheet(row(standing=standing), "身份证", False)
    assert '<span class="state state-ok">合格</span>' in drawn
    assert "<input" not in drawn


def test_what_is_new_and_what_was_noticed_stands_in_the_head():
    drawn = sheet(row(is_new=True), "身份证", True)
    assert "data-new" in drawn
    assert '<span class="state state-warning">新上传</span><span class="state state-warning">可能模糊</span>' in drawn


def test_a_tile_leads_to_its_sheet():
    drawn = tile(row(), "<span>张某</span>")
    assert 'data-of="image-0f8f"' in drawn
    assert '<span>身份&lt;证&gt; 1/2</span><span class="tile-facts"><span>张某</span></span>' in drawn
