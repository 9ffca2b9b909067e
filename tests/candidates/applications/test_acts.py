from pathlib import Path

from django.conf import settings

from candidates.applications.acts import ACTS, act_of
from candidates.applications.workflow import SAME, TRANSITIONS


def test_every_act_of_the_table_of_transitions_has_its_row():
    assert {action for action, _ in TRANSITIONS} == set(ACTS)


def test_what_keeps_the_status_stands_aside_and_everything_else_decides():
    keeping = {action for (action, _), (to, _) in TRANSITIONS.items() if to == SAME}
    assert {action for action, act in ACTS.items() if not act.decides} == keeping
    assert keeping == {
        "extend",
        "received",
        "ask",
        "answer",
        "amend",
        "move",
        "first_pass",
        "second_differs",
        "capture",
    }


def test_what_undoes_a_decision_decides_itself_and_says_why():
    undoing = {action: act for action, act in ACTS.items() if act.undoes}
    assert set(undoing) == {"send_back", "reopen", "retract", "unlock"}
    assert all(act.decides and act.reason for act in undoing.values())


def test_every_reason_has_a_label_of_its_own():
    labels = {action: act.reason for action, act in ACTS.items() if act.reason}
    needed = {
        "extend",
        "send_back",
        "reject",
        "reopen",
        "retract",
        "cancel",
        "reinstate",
        "unlock",
        "move",
        "ask",
        "answer",
    }
    assert set(labels) == needed
    assert len(set(labels.values())) == len(labels)


def test_an_act_that_is_done_no_more_is_told_by_its_code():
    assert act_of("praise").name == "praise"


def test_the_reviewers_guide_tells_every_act_that_has_a_page_of_its_own():
    guide = (Path(settings.BASE_DIR) / "docs" / "reviewers.md").read_text()
    table = guide[guide.index("## 其他决定") :]
    assert [act.name for act in ACTS.values() if act.meaning and f"\n| {act.name} |" not in table] == []
