from tests.factories import make_session, make_units


def test_the_home_page_says_what_this_is_and_when(person):
    make_session(2027)
    make_units()
    visitor = person()
    visitor.open("/")
    assert "2027 年度" in visitor.page.inner_text("header")
    assert visitor.page.inner_text("main").count("进行中") == 4
    visitor.snap("home")
