"""The skeleton and its parts: what every page relies on."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证件一致。")
    email = forms.EmailField(label="邮箱", required=False)


@pytest.mark.parametrize("page", PAGES)
def test_every_template_compiles_and_carries_nothing_inline(page):
    get_template(page)
    source = (TEMPLATES / page).read_text()
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|https?://", source) == []


@pytest.mark.parametrize("page", ["400.html", "500.html", "503.html"])
def test_error_pages_that_get_no_context_still_lead_home(page):
    assert re.findall(r'href="([^"]*)">返回首页', render_to_string(page)) == ["/"]


def test_a_field_says_what_is_wrong_where_its_control_points_to():
    text = PersonForm({"name": ""})["name"].as_field_group()
    assert re.findall(r'aria-describedby="([^"]+)"', text) == ["id_name_helptext id_name_error"]
    assert re.findall(r' id="(id_name_[^"]+)"', text) == ["id_name_helptext", "id_name_error"]


def test_a_field_says_whether_it_must_be_filled_in():
    form = PersonForm()
    marks = [re.findall(r'field-mark">([^<]+)', form[name].as_field_group()) for name in ("name", "email")]
    assert marks == [["必填"], ["选填"]]


def test_a_form_says_in_its_own_words_when_a_field_is_needed():
    form = PersonForm()
    form.fields["email"].mark = "报名时必填"
    assert re.findall(r'field-mark">([^<]+)', form["email"].as_field_group()) == ["报名时必填"]


def test_the_error_summary_leads_to_the_field_it_is_about():
    form = PersonForm({"email": "x"})
    text = render_to_string("parts/error_summary.html", {"form": form})
    assert re.findall(r'href="#([^"]+)"', text) == ["field_name", "field_email"]
    assert re.findall(r' id="(field_[^"]+)"', form.as_div()) == ["field_name", "field_email"]


def test_what_a_page_was_drawn_with_is_not_put_back_by_a_reload():
    """A browser that puts back what stood in hidden fields would call a page that was drawn anew an old one."""
    hidden = re.compile(r'<input type="hidden"(?:"[^"]*"|[^">])*>')
    pages = [page for area in ("candidates", "materials") for page in (TEMPLATES / area).rglob("*.html")]
    found = [(page.name, field) for page in pages for field in hidden.findall(page.read_text())]
    assert len(found) > 20
    assert [one for one in found if 'autocomplete="off"' not in one[1]] == []


def test_the_stepper_names_the_step_a_phone_shows():
    steps = [
        {"label": "报名", "state": "done"},
        {"label": "上传材料", "state": "current", "detail": "3 月 8 日 24:00 前"},
    ]
    text = render_to_string("parts/stepper.html", {"steps": steps})
    assert re.findall(r"<strong>([^<]+)</strong>", text) == ["第 2 步 / 共 2 步：上传材料"]


class Twice(forms.Form):
    name = forms.CharField(label="姓名")

    def clean(self):
        self.add_error("name", "太短。")
        self.add_error("name", "有数字。")
        self.add_error(None, "整张表有矛盾。")
        self.add_error(None, "请核对。")


def test_the_summary_of_errors_counts_its_lines():
    page = render_to_string("parts/error_summary.html", {"form": Twice({"name": "1"})})
    assert page.count("<li>") == 2
    assert "有 2 处需要修改" in page


def test_what_is_told_above_the_form_counts_its_lines():
    page = render_to_string(
        "candidates/parts/told.html", {"told": [("a", "甲", "一"), ("b", "乙", "二")], "general": ["三", "四"]}
    )
    assert page.count("<li>") == 4
    assert "有 4 处需要修改" in page
