"""What views of this app share: who acts, and the answer where an act is refused."""

from functools import wraps

from django.shortcuts import render

from candidates.accounts.auth import client_address
from candidates.applications.workflow import ROLES, Actor, beginning
from candidates.rules.refusals import AlreadyMoved, NotAllowed


def actor_of(request) -> Actor:
    return Actor.of(request.user, client_address(request))


def seen_in(request) -> int | None:
    """The last record that the posted page was drawn with, 0 where there was none; None if it says none."""
    value = request.POST.get("seen", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def moved_sentence(moved: AlreadyMoved) -> str:
    record = moved.record
    if record is None:
        return "该申请已由他人处理：请刷新页面后再试。"
    who = "您在另一个页面" if record.level == "candidate" else ROLES[record.level]
    return f"该申请已由他人处理：{who}已于 {beginning(record.at)} 更新，这一页是之前打开的。请刷新页面后再试。"


def refusals_told(view):
    """Yours to see but not to do now, or drawn before somebody else acted: 409 with the sentence, nothing changes."""

    @wraps(view)
    def told(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except AlreadyMoved as moved:
            sentence = moved_sentence(moved)
        except NotAllowed as refusal:
            sentence = str(refusal)
        return render(request, "candidates/refused.html", {"sentence": sentence}, status=409)

    return told
