from candidates.models import Application
from materials.rules.catalogue import BY_CODE, CATEGORIES, PICTURE_RULES, PROVES, Category
from tests.materials.stated import quoted, rows
from tests.profiles import YEAR


def test_these_are_the_categories_of_the_specification_word_for_word():
    stated = [(row["item"], row["code"], row["title"]) for row in rows("categories")]
    assert [(c.item, c.code, c.title) for c in CATEGORIES] == stated


def test_the_picture_rules_are_the_guides():
    assert quoted("上传的图片要求") == PICTURE_RULES


def test_every_category_says_what_it_proves_in_the_forms_own_fields():
    form_fields = {field.name for field in Application._meta.get_fields()}
    assert list(PROVES) == [category.code for category in CATEGORIES]
    assert {name for names in PROVES.values() for name in names} - form_fields == set()


def test_a_heading_has_the_numbers_of_attachment_2_and_none_where_there_are_none():
    form, outside = BY_CODE["supplementary_form"], Category("vaccination", "", "{year}年疫苗接种证明", (), ())
    assert form.heading(YEAR) == f"10 {YEAR}年度医师资格考试短线医学专业加试申请表"
    assert outside.heading(YEAR) == f"{YEAR}年疫苗接种证明"
