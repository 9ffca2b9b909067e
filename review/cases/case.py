"""What a reviewer reads of one application: the submitted form beside the pictures that prove it, every opinion."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import BooleanField, DateField, ForeignKey

from candidates.applications.acts import act_of
from candidates.applications.workflow import ROLES
from candidates.models import Account, Application, ExamCategory, Record, Unit
from candidates.prepared import Prepared
from candidates.rules import institutions
from candidates.rules.levels import LEVELS
from candidates.rules.sections import MONTHS, SECTION_OF, SECTIONS, label
from materials.models import MaterialImage, Submission
from materials.needs import asked_then, lines_of
from materials.pictures.warnings import RETIRED
from materials.printing.fonts import missing_characters
from materials.rules import onsite
from materials.rules.catalogue import BY_CODE, OTHER, PROVES
from materials.rules.need import Need
from materials.rules.own_lines import OwnLine
from materials.submitting import changed_fields, form_of
from review.cases.facts import How, how_of
from review.cases.verdicts import Round, onsite_lines
from review.models import PROVIDERS, OnsiteTick, SecondLook, Verdict

NOTHING = "—"


@dataclass(frozen=True)
class Fact:
    """One field of the form as people read it; `was` is its value in the round before, where it has changed."""

    field: str
    label: str
    value: str
    was: str = ""


@dataclass(frozen=True)
class Sheet:
    """One picture of the submitted set: the verdict that counts, and every opinion there has been, oldest first."""

    image: MaterialImage
    title: str
    number: int  # within its category, from 1
    of: int
    standing: Verdict | None
    opinions: tuple[Verdict, ...]
    is_new: bool

    @property
    def warnings(self) -> list[str]:
        return [warning_of(code) for code in self.image.warnings if code not in RETIRED]


@dataclass(frozen=True)
class Folder:
    """One category of the submission, with the fields that its pictures prove."""

    code: str
    heading: str  # as the page has it: numbers of Attachment 2 and title
    title: str
    is_required: bool
    documents: tuple[tuple[str, str], ...]  # what it must show: name, what must be legible
    words: tuple[str, ...]  # what the region and the site said of it, each with who
    own_papers: tuple[str, ...]  # of the region's and the site's own, each with who asks for it
    facts: tuple[Fact, ...]
    sheets: tuple[Sheet, ...]
    is_owed: bool

    @property
    def state(self) -> str:
        """not_ok, ok, open (something is not judged yet); where nothing was uploaded: missing, owed or none."""
        if not self.sheets:
            return "missing" if self.is_required else "owed" if self.is_owed else "none"
        verdicts = {sheet.standing.verdict if sheet.standing else "" for sheet in self.sheets}
        return "not_ok" if "not_ok" in verdicts else "open" if "" in verdicts else "ok"


@dataclass(frozen=True)
class Gone:
    """A picture of the round before that is no longer in the set, and why: every opinion on it, oldest first."""

    image: MaterialImage
    opinions: tuple[Verdict, ...]


@dataclass(frozen=True)
class PictureChange:
    """A category whose pictures are others than in the round before."""

    title: str
    gone: tuple[Gone, ...]
    came: tuple[MaterialImage, ...]
    code: str = ""


@dataclass(frozen=True)
class Event:
    """One record of the history, in words."""

    record: Record
    who: str
    what: str
    reason: str
    named: tuple[tuple[str, str], ...]  # category or section -> reason
    judged: tuple[int, int]  # pictures 合格, 不合格
    how: How | None = None
    ticked: tuple[tuple[str, int], ...] = ()  # who has ticked the on-site list, how many lines
    is_undone: bool = False

    @property
    def told(self) -> str:
        """Say how it came about, the people who ticked the on-site list by their names."""
        ticks = "、".join(f"{name} {number} 项" for name, number in self.ticked)
        if self.how is None:
            return ""
        return self.how.in_words + (f"；现场审核清单：{ticks}" if ticks else "")


# what every case asks, made once: making them was a tenth of the page's CPU
_SUBMISSIONS = Prepared(lambda: Submission.objects.filter(application=0).filter(round__lte=0).order_by("round"))
_IMAGES = Prepared(lambda: MaterialImage.objects.filter(application=0))
_OPINIONS = Prepared(lambda: Verdict.objects.filter(image__application=0).select_related("account").order_by("id"))
_TICKS = Prepared(lambda: OnsiteTick.objects.filter(application=0).filter(round=0))
_RECORDS = Prepared(lambda: Record.objects.filter(application=0).select_related("unit", "note").order_by("-id"))


@dataclass
class Case:
    """An application as its reviewers read it, drawn from the round that was submitted last."""

    application: Application
    submissions: list[Submission]  # oldest first
    images: dict[UUID, MaterialImage] = field(repr=False)
    hidden: SecondLook | None = None  # what its first has judged is not shown, and nothing stands: 抽查复核 is blind
    is_ticked: bool = True  # in this round there may be something on the on-site list

    @classmethod
    def of(cls, application: Application, *, hidden: SecondLook | None = None) -> "Case":
        # no further than the application was read: what has come since is another look
        submissions = _SUBMISSIONS(application.pk, application.round)
        images = {image.id: image for image in _IMAGES(application.pk)}
        return cls(application, submissions, images, hidden)

    @property
    def submission(self) -> Submission | None:
        return self.submissions[-1] if self.submissions else None

    @property
    def before(self) -> Submission | None:
        """The round before, None in the first."""
        return self.submissions[-2] if len(self.submissions) > 1 else None

    # --- the form ---------------------------------------------------------------------------------------------

    @cached_property
    def form(self) -> dict[str, str]:
        return self.submission.filled if self.submission else form_of(self.application)

    @cached_property
    def form_before(self) -> dict[str, str]:
        return self.before.filled if self.before else {}

    @cached_property
    def changed(self) -> frozenset[str]:
        return frozenset(changed_fields(self.before, self.form)) if self.before else frozenset()

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """What the form refers to by key: field -> key -> name."""
        application = self.application
        near = filter(None, (application.unit_at(one) for one in LEVELS))
        units = {str(unit.pk): unit.name for unit in near}
        category = application.exam_category
        categories = {str(category.pk): str(category)} if category else {}

        # others than the application has now: moved since, or changed by a correction
        forms = (self.form, self.form_before)
        keys = {form.get(one, "") for form in forms for one in LEVELS} - {"", *units}
        units |= {str(unit.pk): unit.name for unit in Unit.objects.filter(pk__in=keys)} if keys else {}
        chosen = {form.get("exam_category", "") for form in forms} - {"", *categories}
        categories |= {str(one.pk): str(one) for one in ExamCategory.objects.filter(pk__in=chosen)} if chosen else {}
        return {"exam_category": categories, **dict.fromkeys(LEVELS, units)}

    def facts(self, fields: Iterable[str]) -> tuple[Fact, ...]:
        """Tell these fields, but those that are empty in this round and in the one before."""
        found = (self._told_once[one] for one in fields)
        return tuple(fact for fact in found if fact.value != NOTHING or fact.was)

    @cached_property
    def _told_once(self) -> dict[str, Fact]:
        """Every field of the form: the page has most of them three times."""
        return {name: self._fact(name) for name in SECTION_OF}

    def _fact(self, name: str) -> Fact:
        was = self._told(name, self.form_before.get(name, "")) if name in self.changed else ""
        return Fact(name, label(name), self._told(name, self.form.get(name, "")), was)

    def _told(self, name: str, text: str) -> str:
        column = Application._meta.get_field(name)
        if text == "":
            return "长期有效" if name == "valid_until" else NOTHING
        if name == "further_institutions":
            return institutions.words(json.loads(text))

        if isinstance(column, ForeignKey):
            return self._names[name].get(text, text)
        if isinstance(column, BooleanField):
            return "是" if text == "True" else "否"
        if isinstance(column, DateField):
            day = date.fromisoformat(text)
            return f"{day.year} 年 {day.month} 月" if name in MONTHS else f"{day:%Y-%m-%d}"
        return str(dict(getattr(column, "flatchoices", ())).get(text, text))

    @property
    def sections(self) -> list[tuple[str, str, tuple[Fact, ...]]]:
        """Code, title and fields of each section of the form."""
        return [(one.code, one.title, self.facts(one.fields)) for one in SECTIONS.values()]

    @property
    def changed_facts(self) -> tuple[Fact, ...]:
        return self.facts(name for name in SECTION_OF if name in self.changed)

    @cached_property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """Return the fields with characters that no font has, which printed documents leave blank: label, which."""
        facts = self.facts(SECTION_OF)
        if not missing_characters("".join(fact.value for fact in facts)):  # as nearly always
            return ()
        told = ((fact.label, sorted(missing_characters(fact.value))) for fact in facts)
        return tuple(
            (name, "、".join(f"“{one}”（U+{ord(one):04X}）" for one in missing)) for name, missing in told if missing
        )

    # --- pictures ---------------------------------------------------------------------------------------------

    @cached_property
    def _opinions(self) -> dict[UUID, list[Verdict]]:
        found: dict[UUID, list[Verdict]] = {}
        blind = (self.hidden.first_id, self.hidden.at) if self.hidden else None
        for verdict in _OPINIONS(self.application.pk):
            if (verdict.account_id, verdict.at) != blind:
                found.setdefault(verdict.image_id, []).append(verdict)
        return found

    @cached_property
    def folders(self) -> tuple[Folder, ...]:
        if self.submission is None:
            return ()
        asked = asked_then(self.application, self.submission)
        needs = {line.category.code: line for line in lines_of(self.application, asked=asked)}
        current = [one for mine in self._opinions.values() for one in mine if one.is_current]
        judged = Round.from_rows(self.application, self.submissions, self.images, [] if self.hidden else current)
        own = asked.for_profile(self.application.profile) if self.application.profile else ()
        return tuple(self._folder(code, needs.get(code), own, judged) for code in self.submission.shown)

    def _folder(self, code: str, need: Need | None, own: Iterable[OwnLine], judged: Round) -> Folder:
        images = [image for image in judged.images if image.category == code]
        title = BY_CODE[code].title.format(year=self.application.session.year)
        earlier = set(self.before.images) if self.before else set()
        return Folder(
            code=code,
            heading=BY_CODE[code].heading(self.application.session.year),
            title=title,
            is_required=code in self.submissions[-1].required,
            documents=tuple(zip(need.documents, need.remarks, strict=True)) if need else (),
            words=need.words if need else (),
            own_papers=tuple(line.name for line in own if line.upload) if code == OTHER else (),
            facts=self.facts(PROVES[code]),
            is_owed=code in self.application.owed,
            sheets=tuple(
                Sheet(
                    image=image,
                    title=title,
                    number=number,
                    of=len(images),
                    standing=judged.standing.get(image.id),
                    opinions=tuple(self._opinions.get(image.id, ())),
                    is_new=bool(self.before) and image.id not in earlier,
                )
                for number, image in enumerate(images, 1)
            ),
        )

    @property
    def sheets(self) -> list[Sheet]:
        return [sheet for folder in self.folders for sheet in folder.sheets]

    @property
    def picture_changes(self) -> list[PictureChange]:
        """Category by category, what the last correction took away and what it brought."""
        if not self.before or not self.submission:
            return []
        old, new = list(self.before.images), list(self.submission.images)
        gone = [self.images[key] for key in old if key not in new]
        came = [self.images[key] for key in new if key not in old]
        return [
            PictureChange(
                category.title.format(year=self.application.session.year),
                tuple(Gone(one, tuple(self._opinions.get(one.id, ()))) for one in gone if one.category == code),
                tuple(one for one in came if one.category == code),
                code,
            )
            for code, category in BY_CODE.items()
            if any(one.category == code for one in [*gone, *came])
        ]

    @property
    def pictures_beside(self) -> list[tuple[MaterialImage, str]]:
        """The pictures beside the submitted set, each with its caption: replaced ones, then owed papers sent later."""
        before = self.before.round if self.before else 0
        gone = {
            old.image: f"{change.title}（第 {before} 次提交）" for change in self.picture_changes for old in change.gone
        }
        owed = {image: f"{BY_CODE[code].label}（补传）" for code, *_, images in self.owed for image in images}
        return list({**gone, **owed}.items())

    # --- the on-site list, what is owed, the history ------------------------------------------------------------

    @cached_property
    def onsite_lines(self) -> list[tuple[onsite.Line, OnsiteTick | None]]:
        ticks = _TICKS(self.application.pk, self.application.round) if self.is_ticked else ()
        done = {tick.document: tick for tick in ticks}
        return [(line, done.get(line.document)) for line in onsite_lines(self.application, self.submission)]

    @property
    def owed(self) -> list[tuple[str, str, bool, list[MaterialImage]]]:
        """What was promised: code, title, whether the site has received it, the pictures that came of it."""
        application = self.application
        codes = [code for code in BY_CODE if code in (*application.owed, *application.owed_received)]
        return [
            (code, BY_CODE[code].label, code in application.owed_received, self._owed_images(code)) for code in codes
        ]

    def _owed_images(self, code: str) -> list[MaterialImage]:
        return [one for one in self.images.values() if one.category == code and one.is_owed and not one.removed_at]

    @cached_property
    def history(self) -> list[Event]:
        """Every record with its opinions, newest first."""
        found = _RECORDS(self.application.pk)
        records = [one for one in found if not self.hidden or one.pk != self.hidden.first_record_id]
        undone = {record.data.get("record") for record in records if record.action == "undo"}
        events = [event_of(record, is_undone=record.pk in undone) for record in records]
        return _with_names(events)

    @property
    def came_back(self) -> Event | None:
        """The last decision that stands, where it undid the one before: why the case is here again."""
        standing = (event for event in self.history if not event.is_undone and event.record.action != "undo")
        last = next((event for event in standing if act_of(event.record.action).decides), None)
        return last if last and act_of(last.record.action).undoes else None


def _with_names(events: list[Event]) -> list[Event]:
    """Add who has ticked the on-site list: records know accounts by their keys."""
    keys = {key for event in events if event.how for key in event.how.ticks}
    if not keys:
        return events
    names = dict(Account.objects.filter(pk__in=keys).values_list("pk", "username"))
    return [
        replace(
            event, ticked=tuple((names.get(key) or "已注销的账号", number) for key, number in event.how.ticks.items())
        )
        if event.how
        else event
        for event in events
    ]


def event_of(record: Record, *, is_undone: bool = False) -> Event:
    note = getattr(record, "note", None)
    said = note.data if note else {}
    named = [(BY_CODE[code].label, reason) for code, reason in said.get("categories", {}).items() if code in BY_CODE]
    named += [(SECTIONS[code].title, reason) for code, reason in said.get("sections", {}).items() if code in SECTIONS]
    verdicts = list(record.data.get("verdicts", {}).values()) if isinstance(record.data.get("verdicts"), dict) else []

    return Event(
        record=record,
        who=who_of(record),
        what=act_of(record.action).name,
        reason=note.reason if note else "",
        named=tuple(named),
        judged=(verdicts.count("ok"), verdicts.count("not_ok")),
        how=how_of(record),
        is_undone=is_undone,
    )


def who_of(record: Record) -> str:
    """Return level, unit and user name; a candidate's name is not repeated."""
    role = ROLES.get(record.level, record.level)
    if record.level == "candidate":
        return role

    note = getattr(record, "note", None)
    unit = record.unit.name if record.unit else ""
    name = note.actor_name if note else ""
    if record.level == "provider":
        name = PROVIDERS.get(name, name)
    return " ".join(filter(None, (role, unit, name)))


def warning_of(code: str) -> str:
    """Return a picture's warning for the reviewer, in a few words."""
    kind, _, category = code.partition(":")
    if kind == "same_as" and category in BY_CODE:
        return f"与“{BY_CODE[category].label}”中的一张图片相同"
    return WARNINGS_SHORT.get(code, code)


WARNINGS_SHORT = {
    "blurred": "可能模糊",
    "dark": "偏暗",
    "nearly_empty": "几乎没有内容",
}
