"""分派: whose a case shall be. A wish, not a lock: whoever decides first decides, and the state takes it away.

The application's row says who has it (`assigned_to`); the acts and their cases are kept beside it, in review.models.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from candidates.applications.states import LEVEL_OF_STATUS, WAITING_AT
from candidates.models import Account, Application, Unit
from candidates.prepared import Prepared
from candidates.rules.levels import LEVELS, below
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Assignment, AssignmentAct, DraftVerdicts, Hold
from review.office.dividing import Waiting
from review.office.leading import heads

MOST = 5_000  # cases in one act
CHUNK = 100  # of them in one transaction
NOT_HEAD = "分派由本单位的负责人办理。"
GONE = "所选的人已经停用或不在本单位，请重新选择。"


@dataclass(frozen=True)
class Given:
    """What came of an act: how many each got, by the account's key (None: let go), and how many stayed as they were."""

    numbers: Mapping[int | None, int]
    left: int

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


# --- who has what -----------------------------------------------------------------------------------------------------


def waiting_at(unit: Unit) -> QuerySet[Application]:
    """Select what waits for this unit at its own level."""
    return Application.objects.of_unit(unit).filter(status=WAITING_AT[unit.level])


def in_turn(cases: QuerySet[Application], account: Account) -> Iterator[QuerySet[Application]]:
    """Yield what of these is the next one's to be looked for in: mine, then what nobody has; never others'."""
    yield cases.filter(assigned_to=account)
    yield cases.filter(assigned_to=None)


def people(unit: Unit) -> QuerySet[Account]:
    """Select who works for the unit, in the order of their names."""
    return Account.objects.filter(kind="reviewer", unit=unit, is_active=True).order_by("username")


_COLLEAGUES = Prepared(
    lambda: Account.objects.filter(kind="").filter(unit=0).filter(is_active=True).order_by("username")
)


def colleagues(unit: Unit) -> list[Account]:
    """Return the same people: every queue of the unit offers them in its filter."""
    return _COLLEAGUES("reviewer", unit.pk)


def loads(unit: Unit) -> dict[int, int]:
    """Return how many waiting cases each of the unit's people has, by the account's key."""
    had = waiting_at(unit).filter(assigned_to__isnull=False).order_by()
    return dict(had.values_list("assigned_to").annotate(number=Count("pk")))


def begun_by(account: Account | int, now: datetime) -> Q:
    """Select what this person has begun: has put something in, or has open at this moment."""
    drafts = DraftVerdicts.objects.filter(application=OuterRef("pk"), account=account, round=OuterRef("round"))
    return Q(Exists(drafts)) | Q(
        Exists(Hold.objects.filter(application=OuterRef("pk"), account=account, until__gt=now))
    )


def open_to(unit: Unit, source: Account | None, now: datetime) -> QuerySet[Application]:
    """Select what can be given out by rule: what nobody has and nobody reads, or what `source` has not begun."""
    cases = waiting_at(unit)
    if source:
        return cases.filter(assigned_to=source).exclude(begun_by(source, now))
    read = Hold.objects.filter(application=OuterRef("pk"), until__gt=now)
    return cases.filter(~Exists(read), assigned_to=None)


def oldest(unit: Unit, source: Account | None, most: int, now: datetime) -> list[Waiting]:
    """Return the oldest of them, as the rules look at them."""
    level = below(unit.level)
    columns = ("pk", "number", "exam_category__code", f"{level}__code" if level else "number")
    rows = open_to(unit, source, now).order_by("submitted_at", "id").values_list(*columns)[:most]
    return [Waiting(pk, number, category or "", under if level else "") for pk, number, category, under in rows]


def trail(application: Application, account: Account) -> list[Assignment]:
    """Return who was given the case, newest first, as far as this account may know: its unit's, and those below."""
    found = Assignment.objects.filter(application=application).select_related("act__by", "account", "before")
    if account.unit:
        found = found.filter(act__unit__code__startswith=account.unit.code)
    return list(found.order_by("-id")[:10])


# --- giving and letting go --------------------------------------------------------------------------------------------


def divide(
    unit: Unit,
    *,
    by: Account,
    way: str,
    whose: Mapping[int, int],
    source: Account | None = None,
    now: datetime | None = None,
) -> Given:
    """Give cases out by a rule (`whose`: case's key -> account's key), a hundred in a transaction.

    What has moved on meanwhile, was given to somebody else, begun or opened stays as it is. Raise NotAllowed, Refused.
    """
    now = now or timezone.now()
    _require_head(by, unit)
    if not whose:
        raise Refused({"number": "没有可以分派的申请。"})
    if len(whose) > MOST:
        raise Refused({"number": f"一次最多分派 {MOST:,} 份。"})
    _require_people(unit, set(whose.values()))

    act = AssignmentAct.objects.create(unit=unit, by=by, way=way, at=now)
    numbers: Counter[int | None] = Counter()
    for keys in _chunks(sorted(whose)):
        with transaction.atomic():
            cases = open_to(unit, source, now).filter(pk__in=keys)
            numbers += _write(act, cases, whose)
    return Given(numbers, len(whose) - numbers.total())


@transaction.atomic
def give(unit: Unit, keys: list[int], *, by: Account, to: Account | None, now: datetime | None = None) -> Given:
    """Give chosen cases to one person, whoever has them; to nobody (None) lets them go. Raise NotAllowed, Refused."""
    _require_head(by, unit)
    if to:
        _require_people(unit, {to.pk})

    act = AssignmentAct.objects.create(unit=unit, by=by, way="chosen" if to else "freed", at=now or timezone.now())
    mine = to.pk if to else None
    numbers = _write(act, waiting_at(unit).filter(pk__in=keys), dict.fromkeys(keys, mine))
    return Given(numbers, len(keys) - numbers.total())


@transaction.atomic
def free(unit: Unit, source: Account, *, by: Account, now: datetime | None = None) -> Given:
    """Let go what somebody has and has not begun, by the head. Raise NotAllowed."""
    now = now or timezone.now()
    _require_head(by, unit)
    act = let_go(source, unit, by=by, way="freed", now=now)
    kept = waiting_at(unit).filter(assigned_to=source).count()
    return Given({None: act.number} if act else {}, kept)


def let_go(
    account: Account, unit: Unit, *, by: Account | None, way: str, now: datetime, begun_too: bool = False
) -> AssignmentAct | None:
    """Let go what somebody has at a unit, in the caller's transaction; what is begun only where that is asked for.

    Return the act, None where there was nothing to let go.
    """
    cases = waiting_at(unit).filter(assigned_to=account)
    if not begun_too:
        cases = cases.exclude(begun_by(account, now))
    keys = list(cases.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return None

    act = AssignmentAct.objects.create(unit=unit, by=by, way=way, at=now)
    for some in _chunks(keys):
        _write(act, cases.filter(pk__in=some), dict.fromkeys(some))
    return act if act.number else None


def leave_all(account: Account, *, now: datetime) -> None:
    """Let go whatever somebody has who works there no longer, in the caller's transaction."""
    had: dict[Unit, list[int]] = {}
    for case in Application.objects.filter(assigned_to=account).select_related(*LEVELS).order_by("pk"):
        had.setdefault(case.unit_at(LEVEL_OF_STATUS[case.status]), []).append(case.pk)
    for unit, keys in had.items():
        act = AssignmentAct.objects.create(unit=unit, by=None, way="left", at=now)
        for some in _chunks(keys):
            _write(act, Application.objects.filter(assigned_to=account, pk__in=some), dict.fromkeys(some))


def _require_head(account: Account, unit: Unit) -> None:
    if not heads(account, unit):
        raise NotAllowed(NOT_HEAD)


def _require_people(unit: Unit, keys: Collection[int]) -> None:
    if people(unit).filter(pk__in=keys).count() != len(keys):
        raise Refused({"people": GONE})


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(keys), CHUNK):
        yield keys[at : at + CHUNK]


def _write(act: AssignmentAct, cases: QuerySet[Application], whose: Mapping[int, int | None]) -> Counter[int | None]:
    """Hold these cases, those that are still what was chosen, and write whose they are now; return how many each."""
    held = cases.select_for_update(of=("self",)).order_by("pk").values_list("pk", "assigned_to")
    changed = {pk: before for pk, before in held if before != whose[pk]}
    if not changed:
        return Counter()

    keys_of: dict[int | None, list[int]] = {}
    for pk in changed:
        keys_of.setdefault(whose[pk], []).append(pk)
    given = [When(pk__in=keys, then=Value(account)) for account, keys in keys_of.items() if account is not None]
    Application.objects.filter(pk__in=changed).update(assigned_to=Case(*given, default=None) if given else None)
    Assignment.objects.bulk_create(
        Assignment(act=act, application_id=pk, before_id=before, account_id=whose[pk]) for pk, before in changed.items()
    )
    AssignmentAct.objects.filter(pk=act.pk).update(number=F("number") + len(changed))
    act.number += len(changed)
    return Counter({account: len(keys) for account, keys in keys_of.items()})
