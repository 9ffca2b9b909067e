"""What the views of every app share: who acts, on what page, and the answer where an act is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from candidates.accounts.auth import client_address
from candidates.applications.access import get_case
from candidates.applications.workflow import ROLES, Actor, beginning, require
from candidates.models import Application
from candidates.rules.refusals import AlreadyMoved, NotAllowed

View = Callable[..., HttpResponse]


def asked_by_itself(view: View) -> View:
    """Let a request that a page sends by itself, from time to time, not put the end of the log-in off."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        request.session.is_used = False  # type: ignore[attr-defined]
        return view(request, *args, **named)

    return asked


def actor_of(request: HttpRequest) -> Actor:
    return Actor.of(request.user, client_address(request))


def seen_in(request: HttpRequest) -> int | None:
    """Return the last record that the posted page was drawn with, 0 where there was none; None if it says none."""
    return record_id(request.POST.get("seen", ""))


def record_id(text: str) -> int | None:
    """Return the id of a record as a page sends it; None where this is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@dataclass(frozen=True)
class Asked:
    """What a staff page asks to be done: with which application, by whom, and what it was drawn with."""

    application: Application
    actor: Actor
    seen: int  # 0, which is no record's, where the page names none: it counts as stale


def asked_in(request: HttpRequest, number: str, action: str) -> Asked:
    """Find the application behind the gate, and let through what its state and the table allow now.

    Raise AlreadyMoved where the page was drawn before another act, which explains more than NotAllowed would.
    """
    application, actor, seen = get_case(request, number), actor_of(request), seen_in(request) or 0
    if seen and seen != application.last_record_id:
        raise AlreadyMoved(application.last_record)
    require(action, application, actor)
    return Asked(application, actor, seen)


def moved_sentence(moved: AlreadyMoved, *, to_candidate: bool) -> str:
    record = moved.record
    if record is None:
        return "该申请已由他人处理：请刷新页面后再试。"
    when = beginning(record.at)
    if to_candidate and record.level == "candidate":
        return f"您已于 {when} 在另一个页面更新过，这一页是之前打开的。请刷新页面，核对后再试。"
    return f"该申请已由他人处理：{ROLES[record.level]}已于 {when} 更新，这一页是之前打开的。请刷新页面后再试。"


def _is_candidates(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_candidate", False))


def refusals_told_on(template: str) -> Callable[[View], View]:
    """Answer with this page, 409, what is yours to see but not to do now, or what somebody else has moved meanwhile.

    Context: sentence; moved (the AlreadyMoved, or None), and what the address names. Nothing changes.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def told(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, *args, **named)
            except AlreadyMoved as refusal:
                context = {"sentence": moved_sentence(refusal, to_candidate=_is_candidates(request)), "moved": refusal}
            except NotAllowed as refusal:
                context = {"sentence": str(refusal), "moved": None}
            return render(request, template, {**named, **context}, status=409)

        return told

    return decorated


refusals_told = refusals_told_on("candidates/refused.html")


def refusals_in_json(view: View) -> View:
    """Answer a page's script in the same cases: 409 with the sentence as `message`."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except AlreadyMoved as refusal:
            sentence = moved_sentence(refusal, to_candidate=_is_candidates(request))
        except NotAllowed as refusal:
            sentence = str(refusal)
        return JsonResponse({"message": sentence}, status=409)

    return told
