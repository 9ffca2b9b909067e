from review.reports import spreadsheets
from tests import xlsx


def test_a_text_stays_a_text_and_a_number_a_number(tmp_path):
    rows = [["=1+1", 2, None, ""], ["100101199003070028", 0, "-1", "+8"]]
    with spreadsheets.write([("一", ["甲", "乙", "丙", "丁"], rows), ("二", ["戊"], [])], tmp_path) as file:
        book = xlsx.read(file.read())
    assert book == {
        "一": [["甲", "乙", "丙", "丁"], ["=1+1", 2], ["100101199003070028", 0, "-1", "+8"]],
        "二": [["戊"]],
    }
    assert list(tmp_path.iterdir()) == []
