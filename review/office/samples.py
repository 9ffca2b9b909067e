"""抽查复核: a share of what a site or a region passes is looked at by a second person of it, before it moves on.

Which cases is a keyed hash: nobody can know before the pass is recorded, and neither order, time nor reviewer changes
it. Whatever is done here is done in the transaction of a decision (cases/decisions.py), which holds the case's row.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.applications.workflow import Actor
from candidates.encryption import keyed_hash
from candidates.models import Account, Application, ExamSession, Record
from candidates.rules.levels import LEVELS, above
from candidates.rules.refusals import NotAllowed, Refused
from review.cases.verdicts import Round
from review.models import SecondLook
from review.office import heads

SAMPLED = LEVELS[1:]  # the first level has the person and the originals before it
OFFICES = tuple(f"{level}__office" for level in SAMPLED)  # what a pass reads along with its case: each unit's share
DECIDING = ("pass", "return", "reject", "send_back", "ask")
FIRST_WAITS = "这份申请由您通过，被抽中复核，正等待同单位的另一位审核员独立审核，现在不由您处理。"
HEAD_DECIDES = "这份申请的两次审核意见不同，由没有审核过它的负责人裁定。"
BLIND = (
    "这份申请被抽中，请您独立审核：对每一张图片给出结论。第一位审核员的结论在您提交以后才显示；"
    "两次一致即继续办理，不同的由负责人裁定。"
)
YOU_SETTLE = "两次审核的意见不同，请您裁定：两位审核员的结论见每张图片下方和办理记录。您的决定不能撤回。"
WAITS_FOR_SECOND = "这份申请正等待第二位审核员抽查复核。"
WAITS_FOR_HEAD = "这份申请的两次审核意见不同，正等待负责人裁定。"
ONE_BY_ONE = "被抽中复核，请单独打开，逐张审核图片。"
EVERY_PICTURE = "抽查复核请对每一张图片独立给出结论。"


def is_drawn(application: int, round: int, level: str, share: int) -> bool:
    """Say whether this round of this application (its key) is drawn at this level, where so many percent are.

    A larger share draws all that a smaller one does. The level is hashed too: a site must not know from its own draw
    what its region will draw.
    """
    drawn = int(keyed_hash(f"second look {application} {round} {level}")[:16], 16)
    return drawn * 100 < share << 64


def share_of(application: Application, level: str) -> int:
    """Return how many percent the unit at this level has looked at twice, 0 where it has said nothing."""
    office = getattr(application.unit_at(level), "office", None)
    return office.share if office else 0


def open_look(application: Application) -> SecondLook | None:
    """Return the look that is not over; nothing is asked of the database where there can be none.

    A look begins with a first pass, which keeps the status: none is open where the last record has changed it.
    """
    last = application.last_record
    if LEVEL_OF_STATUS.get(application.status) not in SAMPLED or last is None or last.from_status != last.to_status:
        return None
    return SecondLook.objects.filter(application=application, closed_at=None).first()


def refusal(look: SecondLook | None, account: Account | None) -> str:
    """Say why this account has nothing to decide on a case with such a look; empty where it has."""
    if look is None:
        return ""
    key = account.pk if account else None
    if look.awaits_second:
        return FIRST_WAITS if key == look.first_id else ""
    return "" if account and heads.may_settle(look, account) else HEAD_DECIDES


def turn_of(application: Application, actor: Actor) -> SecondLook | None:
    """Return the open look, where this actor is the one to go on with it. Raise NotAllowed."""
    look = open_look(application)
    if why := refusal(look, actor.account):
        raise NotAllowed(why)
    return look


def left_of(actions: Collection[str], look: SecondLook | None, account: Account) -> tuple[str, ...]:
    """Return what of these acts an open look leaves to this account."""
    barred = DECIDING if account.is_reviewer and refusal(look, account) else ()
    return tuple(one for one in actions if one not in barred)


def hides(look: SecondLook | None, account: Account) -> bool:
    """Say whether this account must not read what the first has judged: whoever of the unit may be the second."""
    return bool(look and look.awaits_second and account.unit_id == look.unit_id and account.pk != look.first_id)


def told(look: SecondLook | None, account: Account) -> str:
    """Say on the case's page what an open look means for this account; empty where it is nobody of the unit."""
    if look is None:
        return ""
    if account.unit_id != look.unit_id:
        return WAITS_FOR_HEAD if look.awaits_head else WAITS_FOR_SECOND
    return refusal(look, account) or (YOU_SETTLE if look.awaits_head else BLIND)


def require_every_verdict(judged: Round, given: Collection[UUID]) -> None:
    """Raise Refused at each picture on which the second person has not said anything; what is said counts as given."""
    left = [image for image in judged.images if image.removed_at is None and image.id not in given]
    if left:
        raise Refused({f"image:{image.id}": EVERY_PICTURE for image in left})
    judged.given |= set(given)


# --- what comes of it -------------------------------------------------------------------------------------------------


def pass_means(application: Application, look: SecondLook | None, actor: Actor) -> str:
    """Return which act a pass is: of a case not drawn, of the first person, of the second, of a head who settles it."""
    if look:
        return "second_pass" if look.awaits_second else "pass"
    if actor.level not in SAMPLED:
        return "pass"
    share = share_of(application, actor.level)
    return "first_pass" if is_drawn(application.pk, application.round, actor.level, share) else "pass"


def difference_means(look: SecondLook, actor: Actor) -> str:
    """Return which act a second person's other opinion is: a head of the unit settles it, else the unit above."""
    free = heads.free_for(look, besides=actor.account)
    return "second_differs" if free or not above(look.level) else "second_up"


def data_of(look: SecondLook | None) -> dict[str, Any]:
    """Return what the record keeps of it. A decision that has it cannot be undone (workflow.undo_until)."""
    return {"look": look.pk} if look else {}


def follow(application: Application, look: SecondLook | None, record: Record) -> None:
    """Write what an act has made of the look: begun by a first pass, judged, settled or let go by those after it."""
    if record.action == "first_pass" and record.account_id is not None:
        SecondLook.objects.create(
            application=application,
            level=record.level,
            unit=application.unit_at(record.level),
            round=record.round,
            first_id=record.account_id,
            first_record=record,
            at=record.at,
        )
    if look is None:
        return

    if record.action == "second_missed":
        look.outcome = "nobody"
    elif look.awaits_second:
        look.second_id, look.second_at = record.account_id, record.at
        look.outcome = "alike" if record.action == "second_pass" else "differs"
    if record.action != "second_differs":
        look.closed_at = record.at
    look.save()


def drop(application: Application, now: datetime) -> None:
    """End what is open without a result: the case is returned by an operator, or is another unit's now."""
    for look in SecondLook.objects.filter(application=application, closed_at=None):
        there = getattr(application, f"{look.level}_id") == look.unit_id
        gone = not there or LEVEL_OF_STATUS.get(application.status) != look.level
        if gone:
            look.outcome, look.closed_at = look.outcome or "dropped", now
            look.save()


# --- lists ------------------------------------------------------------------------------------------------------------


def open_among(keys: Collection[int]) -> set[int]:
    """Return those of these applications that are in a second look."""
    found = SecondLook.objects.filter(application__in=keys, closed_at=None)
    return set(found.values_list("application", flat=True))


def waiting(cases: QuerySet[Application], account: Account) -> QuerySet[Application]:
    """Leave out the cases whose second look is others' to go on with."""
    return cases.exclude(_among(_open_of(account).filter(_not_for(account)))) if _is_sampled(account) else cases


def _is_sampled(account: Account) -> bool:
    return account.unit is not None and account.unit.level in SAMPLED


def _open_of(account: Account) -> QuerySet[SecondLook]:
    return SecondLook.objects.filter(unit=account.unit, closed_at=None)


def _among(looks: QuerySet[SecondLook]) -> Case:
    """Ask in a CASE, once for a page: PostgreSQL would join what stands alone, and sort the list anew."""
    return Case(When(pk__in=looks.values("application"), then=Value(True)), default=Value(False))


def _not_for(account: Account) -> Q:
    unjudged = Q(second=None)
    return (unjudged & Q(first=account)) | (~unjudged & ~heads.settled_by(account))


def elsewhere(account: Account, now: datetime) -> int:
    """Count what `waiting` leaves out, but for what waits for its candidate's answer besides."""
    if not _is_sampled(account):
        return 0
    found = _open_of(account).filter(_not_for(account))
    return found.exclude(application__question_until__gt=now).count()


def looked(cases: QuerySet[Application], account: Account) -> QuerySet[Application]:
    """Select the cases in a second look of the account's unit; of all for operators."""
    looks = _open_of(account) if account.unit else SecondLook.objects.filter(closed_at=None)
    return cases.filter(_among(looks))


def marked(cases: QuerySet[Application], account: Account) -> QuerySet[Application]:
    """Mark as `in_second_look` the rows of a list that are in a second look of the account's unit."""
    mark = _among(_open_of(account)) if _is_sampled(account) else Value(False)
    return cases.annotate(in_second_look=mark)


def waiting_at(unit: int, session: ExamSession | None = None) -> Mapping[str, int]:
    """Count the open looks of a unit, in a session or in all: `second` wait for a second person, `head` for a head."""
    found = SecondLook.objects.filter(unit=unit, closed_at=None)
    found = found.filter(application__session=session) if session else found
    numbers = found.aggregate(all=Count("pk"), judged=Count("second"))
    return {"second": numbers["all"] - numbers["judged"], "head": numbers["judged"]}


def open_ones() -> QuerySet[SecondLook]:
    """Return every look that is not over, oldest first."""
    return SecondLook.objects.filter(closed_at=None).select_related("unit").annotate(seen=F("application__last_record"))
