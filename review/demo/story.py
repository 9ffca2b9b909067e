"""One person of the demo, taken from signing up to where load.py says, by the portal's own actions and nothing else."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from candidates.applications import registration
from candidates.applications.form import save_section
from candidates.applications.states import LEVEL_OF_STATUS
from candidates.applications.workflow import Actor
from candidates.models import Account, Application, ExamCategory, ExamSession, Unit
from candidates.rules import institutions
from candidates.rules.sections import SECTIONS
from materials import submitting, uploads
from materials.models import MaterialImage
from materials.pictures import check
from materials.rules.periods import months_after
from materials.specimens import draw
from review.cases import decisions
from review.cases.reasons import STANDARD
from review.cases.verdicts import Judgement, Tick, onsite_lines, onsite_list_required, submitted_images
from review.demo import load
from review.payments import orders

SENTENCES = {code: sentence for code, _, sentence in STANDARD}
OK = Judgement("ok")
BAD = {
    "diploma": Judgement("not_ok", SENTENCES["unclear"]),
    "institution_licence": Judgement("not_ok", SENTENCES["unsealed"]),
}
NAMED_SECTION = {"education": "毕业证书编号与毕业证书不一致，请核对后修改。"}
NO_MATCH = "毕业证书与填报信息不一致，经核实不符合报考条件。"
REGISTERED_ON = date(2020, 10, 1)  # as 执业助理医师
HALF = ("basic", "exam")  # the sections that a draft of the demo has


@lru_cache(maxsize=64)
def _shared_picture(category: str, variant: str) -> check.Picture:
    """Draw and check a specimen of nobody in particular, once for all who upload it."""
    return check.check(draw.draw(category, variant))


class Story:
    """Acts one after the other at the moments given, each after the one before."""

    def __init__(
        self,
        person: load.Person,
        *,
        session: ExamSession,
        account: Account,
        moments: Iterator[datetime],
        reviewers: Mapping[int, Account],
        own_pictures: bool,
    ) -> None:
        """`reviewers` by unit's key; `own_pictures`: every picture bears this person's data, not the ID card alone."""
        self.person, self.kind = person, load.KINDS[person.kind]
        self.session, self.account, self.moments = session, account, moments
        self.reviewers, self.own_pictures = reviewers, own_pictures
        self.me = Actor.of(account)
        self.is_returned = "return_for_correction" in load.PATHS[person.path]
        self.printed_number = ""  # on the diploma, where the form has another
        self.application = Application()
        self.now = next(moments)

    def tell(self) -> Application:
        self.application = registration.start(self.account, session=self.session, actor=self.me, now=self.now)
        acts = load.PATHS[self.person.path]
        for section in SECTIONS if acts else HALF:
            self._save(section, form_of(self.person, self.application, self.session, self.now.date()))
        for act in acts:
            self.now = next(self.moments)
            getattr(self, act)()
        return self.application

    # --- the candidate

    def complete(self) -> None:
        self._act(registration.complete)

    def upload(self) -> None:
        if self.is_returned and self.application.diploma_number:
            self.printed_number = misread(self.application.diploma_number)
        pictures = (*self.kind.identity, *self.kind.pictures)
        for place, (category, variant) in enumerate(pictures):
            again = pictures[:place].count((category, variant))  # the certificate of a further institution
            self._add(category, self._picture(category, variant, again))

    def submit(self) -> None:
        self._act(partial(submitting.submit, declared=True))

    def correct(self) -> None:
        """Do what the return asked for: put the named section right, as the diploma has it; replace bad pictures."""
        self._save("education", {"diploma_number": self.printed_number})
        for image in self._images():
            if str(image.id) in uploads.Desk.of(self.application, self.now).unlocking.images:
                variant = next(variant for category, variant in self.kind.pictures if category == image.category)
                better = self._own_picture(image.category, variant, self.person.serial + 1000)
                self._add(image.category, better, replaces=image.id)

    def withdraw(self) -> None:
        self._act(registration.withdraw)

    # --- the units

    def pass_on(self) -> None:
        images = self._images()
        ticks = {}
        if onsite_list_required(self.application):
            ticks = {line.document: Tick(seen=True) for line in onsite_lines(self.application)}
        verdicts = {image.id: OK for image in images}
        self._decide(partial(decisions.pass_on, verdicts=verdicts, ticks=ticks, displayed=verdicts.keys()))

    def return_for_correction(self) -> None:
        verdicts = {image.id: BAD.get(image.category, OK) for image in self._images()}
        words = {"verdicts": verdicts, "sections": NAMED_SECTION, "displayed": verdicts.keys()}
        self._decide(partial(decisions.return_for_correction, **words))

    def send_back(self) -> None:
        self._decide(partial(decisions.send_back, reason="请再次核对毕业证书编号。"))

    def reject(self) -> None:
        verdicts = {
            image.id: Judgement("not_ok", SENTENCES["different"]) if image.category == "diploma" else OK
            for image in self._images()
        }
        self._decide(partial(decisions.reject, reason=NO_MATCH, verdicts=verdicts, displayed=verdicts.keys()))

    def cancel(self) -> None:
        self.now = max(self.now, self.session.owed_until + timedelta(hours=10))
        site = self.application.site
        actor = Actor.of(self.reviewers[site.pk])
        self._act(partial(decisions.cancel, reason="未在 8 月 31 日前补交试用期考核证明。"), actor)

    def pay(self) -> None:
        """Make an order, and book the line of a bank statement that pays it."""
        order = orders.create(self.application.pk, actor=self.me, now=self.now)
        orders.settle(
            order.number,
            provider="bank",
            trade_number=f"DEMO{order.number}",
            amount=order.amount,
            at=self.now,
            now=self.now,
        )
        self.application.refresh_from_db()

    # --- how

    def _act(self, action: Callable[..., Application], actor: Actor | None = None) -> None:
        seen = self.application.last_record_id
        self.application = action(self.application.pk, actor=actor or self.me, seen=seen, now=self.now)

    def _decide(self, action: Callable[..., Application]) -> None:
        unit = self.application.unit_at(LEVEL_OF_STATUS[self.application.status])
        self._act(action, Actor.of(self.reviewers[unit.pk]))

    def _save(self, section: str, values: Mapping[str, Any]) -> None:
        seen = self.application.last_record_id
        saved = save_section(self.application.pk, section, values, actor=self.me, seen=seen, now=self.now)
        self.application = saved.application

    def _images(self) -> list[MaterialImage]:
        return [image for image in submitted_images(self.application) if image.removed_at is None]

    def _add(self, category: str, picture: check.Picture, replaces: UUID | None = None) -> None:
        uploads.add_image(self.application.pk, category, picture, actor=self.me, now=self.now, replaces=replaces)

    def _picture(self, category: str, variant: str, again: int = 0) -> check.Picture:
        if again:
            stated = drawn_person(self.application) | drawn_institution(self.application, again)
            return check.check(draw.draw(category, variant, seed=self.person.serial, person=stated))
        if self.own_pictures or variant in ("front", "passport") or (self.is_returned and category in BAD):
            return self._own_picture(category, variant, self.person.serial)
        return _shared_picture(category, variant)

    def _own_picture(self, category: str, variant: str, seed: int) -> check.Picture:
        person = drawn_person(self.application)
        if self.printed_number:
            person |= {"diploma_number": self.printed_number}
        return check.check(draw.draw(category, variant, seed=seed, person=person))


def misread(number: str) -> str:
    """Return a number that differs from this one in its last digit alone, as who types it misreads it."""
    return f"{number[:-1]}{(int(number[-1]) + 7) % 10}"


def form_of(person: load.Person, application: Application, session: ExamSession, day: date) -> dict[str, Any]:
    """Make the complete form, field -> value, of somebody who fills it in on that day."""
    kind = load.KINDS[person.kind]
    form = {**load.FORM, **kind.form}
    form |= {"exam_category": ExamCategory.objects.get(code=kind.category), "residency": application.residency}
    form["point"] = Unit.objects.get(code=person.point)

    form |= {"sex": application.sex or "female", "birth_date": application.birth_date or person.birth_date}
    form |= _dates(form, session.year, day, kind.months)

    if form["education"]:
        form["diploma_number"] = f"99999{form['graduated_on'].year}05{person.serial:07}"
    if form["academic_degree"]:
        form["degree_number"] = f"99999{form['graduated_on'].year}{person.serial:07}"
    if form["holds_assistant_licence"]:
        form |= {"licence_number": f"201999999{person.serial:06}", "practice_number": f"210999999{person.serial:06}"}
        form |= {"licence_date": date(2020, 9, 1), "first_registered_on": REGISTERED_ON}
    return form


def _dates(form: Mapping[str, Any], year: int, day: date, months: int) -> dict[str, Any]:
    """Say when they graduated, and the trial or practice: so many months, for a fresh graduate not over yet.

    A further institution follows on the first, until a year is full.
    """
    if form["fresh_graduate"]:
        begins = min(date(year - 1, 8, 1), day.replace(day=1))
        graduated = date(year, 6, 30) if form["graduating_postgraduate"] else date(year - 1, 7, 1)
    else:
        begins = REGISTERED_ON if form["holds_assistant_licence"] else date(day.year - 2, 9, 1)
        graduated = date(2018, 7, 1)
    dates: dict[str, Any] = {"period_from": begins, "period_to": months_after(begins, months)}
    if form["further_institutions"]:
        (second,) = form["further_institutions"]
        rest = {"period_from": months_after(begins, months + 1), "period_to": months_after(begins, 12)}
        dates["further_institutions"] = [{**second, **{name: month.isoformat() for name, month in rest.items()}}]
    return {**dates, "graduated_on": graduated} if form["education"] else dates


def drawn_person(application: Application) -> dict[str, str]:
    """Say what stands on this person's drawn documents: what they stated on the form."""
    begins, ends, graduated = application.period_from, application.period_to, application.graduated_on
    return {
        "name": application.name,
        "sex": application.get_sex_display(),
        "nationality": application.ethnicity.removesuffix("族"),
        "birth": _day(application.birth_date),
        "number": application.document_number,
        "passport": application.document_number,
        "address": application.address,
        "school": application.school or "示例医学院",
        "major": application.major or "中医学",
        "education": application.get_education_display(),
        "employer": application.employer_name,
        "employer_address": application.employer_address,
        "category": application.exam_category.name,
        "year": str(application.session.year),
        "graduated": _day(graduated) if graduated else "",
        "diploma_number": application.diploma_number,
        "degree_number": application.degree_number,
        "licence_number": application.licence_number,
        "practice_number": application.practice_number,
        "registration_number": application.employer_registration_number,
        "period": _period(begins, ends),
    }


def drawn_institution(application: Application, number: int) -> dict[str, str]:
    """Say what stands on the certificate of that further institution, counted from 1, instead of the first one's."""
    row = application.further_institutions[number - 1]
    begins, ends = (institutions.month(row, cell) for cell in institutions.MONTHS)
    return {
        "employer": row["name"],
        "employer_address": row["address"],
        "registration_number": row["registration_number"],
        "period": _period(begins, ends),
    }


def _period(begins: date | None, ends: date | None) -> str:
    if begins is None or ends is None:
        return ""
    return f"（{begins.year}）年（{begins.month}）月至（{ends.year}）年（{ends.month}）月"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
