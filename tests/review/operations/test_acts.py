import pytest

from candidates.rules.refusals import AlreadyMoved, NotAllowed
from review.operations import acts
from tests.factories import make_application

pytestmark = pytest.mark.django_db


def test_numbers_are_taken_once_from_the_line_and_from_the_file(tmp_path):
    first, second = make_application("registered").number, make_application("registered").number
    file = tmp_path / "numbers.txt"
    file.write_text(f"\ufeff{second}\n\n {first} \n", encoding="utf-8")
    assert acts.named([first], file) == [first, second]


def test_every_bad_number_is_named_where_it_stands(tmp_path):
    file = tmp_path / "numbers.txt"
    file.write_text("2027110100199999\n12\n")
    with pytest.raises(acts.BadNumbers) as bad:
        acts.named([], file)
    told = [problem.partition("：")[::2] for problem in bad.value.problems]
    assert [where.partition("行")[0] for where, _ in told] == ["第 1 ", "第 2 "]
    assert [why for _, why in told] == ["没有这个报名编号。", "报名编号是 16 位数字。"]


def test_no_number_at_all_is_a_mistake():
    with pytest.raises(acts.BadNumbers, match="没有给出报名编号"):
        acts.named([], None)


def test_each_is_done_or_left_by_itself():
    done, refused, same = (make_application("registered").number for _ in range(3))

    def act(application):
        if application.number == refused:
            raise NotAllowed("现在不能。")

    told = acts.each([done, refused, same], act, lambda application: application.number == same, dry_run=False)
    assert [(one.kind, one.sentence) for one in told] == [("done", ""), ("refused", "现在不能。"), ("same", "")]


def test_a_dry_run_takes_back_what_it_tried():
    application = make_application("registered")

    def rename(one):
        one.name = "李某某"
        one.save()

    assert [one.kind for one in acts.each([application.number], rename, lambda one: False, dry_run=True)] == ["done"]
    application.refresh_from_db()
    assert application.name == "张某某"


def test_what_somebody_else_has_moved_is_left_to_another_run():
    number = make_application("registered").number

    def act(application):
        raise AlreadyMoved(application.last_record)

    [told] = acts.each([number], act, lambda one: False, dry_run=False)
    assert (told.kind, told.sentence) == ("refused", "该申请刚刚由他人处理，请再运行一次。")


def test_a_file_that_cannot_be_read_or_is_too_large_is_told(tmp_path, monkeypatch):
    with pytest.raises(acts.BadNumbers, match=r"无法读取文件 .*missing：没有这个文件或文件夹。"):
        acts.named([], tmp_path / "missing")
    monkeypatch.setattr(acts, "LARGEST_LIST", 2**20)
    (tmp_path / "long").write_bytes(bytes(2**20 + 1))
    with pytest.raises(acts.BadNumbers, match="long 超过 1 MB。"):
        acts.named([], tmp_path / "long")
