"""The family of refusals: what each carries to the page that says it."""

import pickle

from candidates.rules.refusals import AlreadyMoved, NotAllowed, PictureRefused, Refused


def test_a_refusal_keeps_its_sentences_in_order():
    problems = {"b": "第一句。", "a": "第二句。"}
    refusal = Refused(problems)
    problems["c"] = "later"
    assert (list(refusal.problems), str(refusal)) == (["b", "a"], "第一句。；第二句。")


def test_what_is_not_allowed_is_one_sentence():
    assert str(NotAllowed("这不是您的报名。")) == "这不是您的报名。"


def test_who_came_first_is_known_or_not():
    record = object()
    assert (AlreadyMoved(record).record, AlreadyMoved(None).record) == (record, None)
    assert str(AlreadyMoved(None)) == "该申请已由他人处理"


def test_a_picture_is_refused_with_a_code_for_programs_and_a_sentence_for_people():
    refusal = pickle.loads(pickle.dumps(PictureRefused("too_large", "这张图片太大。")))  # from a worker's process
    assert (refusal.code, refusal.sentence) == ("too_large", "这张图片太大。")
