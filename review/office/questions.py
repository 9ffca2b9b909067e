"""询问: a level asks the candidate one thing while the state stays, and nothing is unlocked.

The case does not wait for the level until the answer or the day; deciding closes what is open. The acts are recorded
and hold the application's row, which says what is open (`question`, `question_until`, `question_answered`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from candidates.applications.workflow import Actor, begin, beginning, lock, moment, move
from candidates.models import Application
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from materials import uploads
from materials.models import MaterialImage
from materials.pictures.check import Picture
from materials.rules.catalogue import BY_CODE
from review.cases import facts
from review.cases.facts import Displayed
from review.models import LONGEST_WORDS, Question
from review.office import samples

DAYS, MOST_DAYS = 3, 30
OPEN = "已询问考生，还没有答复。请单独打开处理。"


def default_until(now: datetime, days: int = DAYS) -> datetime:
    """Return 24:00 (Asia/Shanghai) of the day that lies so many days after now."""
    day = now.astimezone(SHANGHAI).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def of_case(application: Application) -> list[Question]:
    """List what was asked, newest first."""
    found = Question.objects.filter(application=application)
    return list(found.select_related("unit", "account", "image").order_by("-id"))


def waiting(cases: QuerySet[Application], now: datetime) -> QuerySet[Application]:
    """Leave out the cases that wait for their candidate's answer."""
    return cases.exclude(question_until__gt=now)


def open_among(keys: Iterable[int]) -> set[int]:
    """Return those of these applications whose question has no answer yet, be its day over or not."""
    return set(Application.objects.filter(pk__in=list(keys), question__isnull=False).values_list("pk", flat=True))


def not_yet(application: Application, now: datetime) -> str:
    """Say why nothing can be asked now; empty where it can. After its day a question gives way to the next."""
    until = application.question_until
    if until is None or until <= now:
        return ""
    return f"已经询问过考生，答复期限 {moment(until)}；在答复或期满以前不能再问。"


@transaction.atomic
def ask(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    words: str,
    until: datetime | None = None,
    category: str = "",
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Question:
    """Ask the candidate, and where `category` names one for a picture too. Raise AlreadyMoved, NotAllowed, Refused."""
    now = now or timezone.now()
    application = begin(pk, "ask", actor, seen=seen)
    samples.turn_of(application, actor)
    if why := not_yet(application, now):
        raise NotAllowed(why)
    words, until = clean(words, "lines"), until or default_until(now)
    if found := _problems(words, until, category, now):
        raise Refused(found)

    close(application, now)
    question = Question.objects.create(
        application=application,
        level=actor.level,
        unit=application.unit_at(actor.level),
        account=actor.account,
        words=words,
        category=category,
        at=now,
        until=until,
    )
    application.question, application.question_until = question.pk, until
    application.question_answered = False
    data = {"question": question.pk, "category": category, **facts.of_act(application, displayed)}
    move(application, "ask", actor, reason=words, data=data, now=now)
    return question


def _problems(words: str, until: datetime, category: str, now: datetime) -> dict[str, str]:
    found = {}
    if not words:
        found["words"] = "请写出要问考生的问题。"
    elif len(words) > LONGEST_WORDS:
        found["words"] = f"问题最多 {LONGEST_WORDS} 个字，现在有 {len(words)} 个。"
    if until <= now or until > default_until(now, MOST_DAYS):
        found["until"] = f"答复期限应在今天以后、{MOST_DAYS} 天以内。"
    if category and category not in BY_CODE:
        found["category"] = "没有这一类材料。"
    return found


def close(application: Application, now: datetime) -> None:
    """Wait no longer for an answer: somebody decides. The row is held, and saved by whoever calls this."""
    if application.question is None:
        return
    open_one = Question.objects.filter(pk=application.question, answered_at=None, closed_at=None)
    open_one.update(closed_at=now)
    application.question, application.question_until = None, None


def close_where_gone(application: Application, now: datetime) -> None:
    """Close what a unit has asked that has the case no longer, since it was moved to another."""
    if application.question is None:
        return
    asked = Question.objects.get(pk=application.question)
    if getattr(application, f"{asked.level}_id") != asked.unit_id:
        close(application, now)


def answer(
    key: int, *, actor: Actor, words: str, picture: Picture | None = None, now: datetime | None = None
) -> Question:
    """Keep the candidate's answer, with its picture where one was asked for. Words alone where it comes too late.

    Raise NotAllowed where nothing is asked (any more), Refused under `words`, PictureRefused.
    """
    now = now or timezone.now()
    question = Question.objects.get(pk=key)
    words = clean(words, "lines")
    if not words:
        raise Refused({"words": "请写出您的答复。"})
    if len(words) > LONGEST_WORDS:
        raise Refused({"words": f"答复最多 {LONGEST_WORDS} 个字，现在有 {len(words)} 个。"})

    answered = partial(_answered, key, question.application_id, actor, words, now)
    if picture and question.category and question.is_open:
        uploads.add_answer(question.application_id, question.category, picture, answer=answered, now=now)
    else:
        with transaction.atomic():
            answered(None)
    return Question.objects.get(pk=key)


def _answered(key: int, pk: int, actor: Actor, words: str, now: datetime, image: MaterialImage | None) -> None:
    application = lock(pk)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    question = Question.objects.get(pk=key)
    if question.answered_at:
        raise NotAllowed(f"这个问题您已于 {beginning(question.answered_at)} 答复，现在没有等待您答复的问题。")

    question.answer, question.answered_at = words, now
    if application.question != key:  # decided meanwhile: the words are kept, and change nothing
        question.closed_at = question.closed_at or now
        question.save()
        return
    if image:
        uploads.insert_answer(image, application)
        question.image = image
    question.save()

    application.question, application.question_until, application.question_answered = None, None, True
    data = {"question": key, "image": str(image.pk) if image else ""}
    move(application, "answer", actor, reason=words, data=data, now=now)
