"""Rows for tests, made by the actions that make them in life.

`make_application(status="site_review")` signs a candidate up, fills the form in, completes, uploads real pictures,
submits and lets the point pass: whatever an action demands holds for every row here.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from candidates.accounts import own_account
from candidates.applications import registration
from candidates.applications.form import save_section
from candidates.applications.personal_data import OF_THE_ACCOUNT
from candidates.applications.states import LEVEL_OF_STATUS
from candidates.applications.workflow import Actor, move
from candidates.models import Account, Application, ExamCategory, ExamSession, Unit
from candidates.models.session import SHANGHAI, WINDOWS
from candidates.rules import id_number
from candidates.rules.levels import DOWNWARDS, code_above, level_of
from candidates.rules.sections import SECTIONS
from materials import submitting, uploads
from materials.files import sealing
from materials.models import MaterialImage
from materials.pictures import check
from materials.rules.catalogue import BY_CODE
from review.cases import decisions
from review.cases.verdicts import Judgement, submitted_images

PASSWORD = "kestrel-over-the-hill"
UNITS = (
    ("11", "北京考区"),
    ("1101", "北京第一考点"),
    ("1101001", "北京第一考点第一报名点"),
    ("1101002", "北京第一考点第二报名点"),
    ("1102", "北京第二考点"),
    ("1102001", "北京第二考点第一报名点"),
    ("12", "天津考区"),
    ("1201", "天津第一考点"),
    ("1201001", "天津第一考点第一报名点"),
)
CATEGORIES = {
    "110": ("临床执业医师", "physician", "degree"),
    "120": ("口腔执业医师", "physician", "degree"),
    "341": ("师承和确有专长的中医执业医师", "physician", "apprentice|expertise"),
    "210": ("临床执业助理医师", "assistant", "degree"),
    "220": ("口腔执业助理医师", "assistant", "degree"),
}
REASON = "与填报信息不一致，请核对后修改。"
_serial = count(1)


def make_session(year: int | None = None, *, now: datetime | None = None, **windows) -> ExamSession:
    """Make an exam session whose windows are all open; `registration=(opens, closes)` sets one of them."""
    now = now or timezone.now()
    if year is None:  # owed papers are due well ahead of today
        day = (now + timedelta(days=60)).astimezone(SHANGHAI).date()
        year = day.year if day <= date(day.year, 8, 31) else day.year + 1
    dates = {}
    for window in WINDOWS:
        opens, closes = windows.pop(window, (now - timedelta(days=1), now + timedelta(days=30)))
        dates |= {f"{window}_opens": opens, f"{window}_closes": closes}
    return ExamSession.objects.update_or_create(year=year, defaults={**dates, **windows})[0]


def end_session(session: ExamSession) -> ExamSession:
    """Make the session last year's, with every date gone by."""
    for name in [f"{window}_{end}" for window in WINDOWS for end in ("opens", "closes")]:
        setattr(session, name, getattr(session, name) - timedelta(days=500))
    session.year = timezone.localtime().year - 1
    session.save()
    return session


def make_units() -> dict[str, Unit]:
    """Make two regions with their sites and registration points, by code."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[code for code, _ in UNITS])}
    for level in DOWNWARDS:
        missing = [
            Unit(
                code=code,
                level=level,
                parent=units.get(code_above(code)),
                name=name,
                telephone="010-00000000",
                address="示例路 1 号",
            )
            for code, name in UNITS
            if level_of(code) == level and code not in units
        ]
        units |= {unit.code: unit for unit in Unit.objects.bulk_create(missing)}
    return units


def the_point() -> Unit:
    """Return the registration point of whoever names no other."""
    found = Unit.objects.select_related("parent__parent").filter(code="1101001").first()
    return found or make_units()["1101001"]


def make_category(code: str = "210") -> ExamCategory:
    name, level, routes = CATEGORIES[code]
    return ExamCategory.objects.get_or_create(code=code, defaults={"name": name, "level": level, "routes": routes})[0]


def a_resident_id(serial: int | None = None, *, born: date = date(1990, 3, 7), region: str = "100101") -> str:
    """Return a valid number in a region code that is assigned to nobody (a woman's where the serial is even)."""
    digits = f"{region}{born:%Y%m%d}{(serial or next(_serial)) % 1000:03}"
    return digits + id_number.check_character(digits)


def a_mobile() -> str:
    return f"138{next(_serial):08}"


def make_candidate(name: str = "张某某", password: str = PASSWORD, **changes) -> Account:
    values = {
        "document_type": "resident_id",
        "valid_until": None,
        "mobile": a_mobile(),
        "email": "",
        **changes,
    }
    if "document_number" not in values:
        serial = next(_serial)
        values["document_number"] = a_resident_id(serial, born=date(1970, 1, 1) + timedelta(days=serial // 999))
    return own_account.sign_up(name=name, password=password, **values)


def make_reviewer(unit: Unit, password: str = PASSWORD, **changes) -> Account:
    account = Account(
        kind="reviewer", username=changes.pop("username", f"{unit.level}-{unit.code}"), unit=unit, name="审核员"
    )
    return _with_password(account, password, changes)


def make_operator(username: str = "operator", password: str = PASSWORD, **changes) -> Account:
    return _with_password(Account(kind="operator", username=username, name="操作员"), password, changes)


def _with_password(account: Account, password: str, changes: dict) -> Account:
    for field, value in changes.items():
        setattr(account, field, value)
    account.set_password(password)
    if account.mobile:  # sealed for its row
        Account.objects.insert(account)
    else:
        account.save()
    return account


# --- applications ---------------------------------------------------------------------------------------------------


def a_further_institution(**changes) -> dict[str, str]:
    """Return a row of further_institutions, complete: half a year that nobody else counts."""
    row = {
        "name": "示例市第二医院",
        "address": "示例路 9 号",
        "postcode": "100009",
        "registration_number": "PDY99000002",
        "legal_representative": "赵某某",
        "telephone": "010-00000009",
        "period_from": "2020-03-01",
        "period_to": "2020-08-01",
    }
    return {**row, **changes}


def form_values(application: Application, point: Unit, **changes) -> dict:
    """Return a complete form (assistant level, degree route, a hospital), with what differs."""
    institution = {
        "name": "示例市示例医院",
        "address": "示例省示例市示例路 1 号",
        "postcode": "100000",
        "registration_number": "PDY00000X",
        "legal_representative": "李某某",
        "telephone": "010-00000000",
    }
    values = {
        **{field: getattr(application, field) for field in OF_THE_ACCOUNT},
        "sex": application.sex or "female",
        "birth_date": application.birth_date or date(1990, 3, 7),
        "residency": application.residency,
        "ethnicity": "汉族",
        "serving_military": False,
        "address": "示例省示例市示例路 2 号",
        "postcode": "100000",
        "exam_category": changes.get("exam_category") or make_category("210"),
        "supplementary_test": "none",
        "point": point,
        "route": "degree",
        "education": "associate",
        "full_time": True,
        "school": "示例医学院",
        "major": "临床医学",
        "graduated_on": date(2018, 7, 1),
        "diploma_number": "100010000000000001",
        "overseas_education": False,
        "fresh_graduate": False,
        "graduating_postgraduate": False,
        "employer_is_medical_institution": True,
        **{f"employer_{key}": value for key, value in institution.items()},
        "post": "住院医师",
        **{f"trial_{key}": value for key, value in institution.items()},
        "period_from": date(2019, 1, 1),
        "period_to": date(2020, 1, 1),
        "holds_assistant_licence": False,
    }
    return {**values, **changes}


def fill_in(application: Application, point: Unit | None = None, **changes) -> Application:
    """Fill in all five sections, as saving them one by one does (which takes ten times as long)."""
    values = form_values(application, point or the_point(), **changes)
    if not changes.keys().isdisjoint(OF_THE_ACCOUNT):  # the account follows
        application = save_sections(application, ["basic"], values)
    for field in {field for code in SECTIONS for field in SECTIONS[code].fields} & set(values):
        setattr(application, field, values[field])
    application.place_at(application.point)
    application.saved_sections = list(SECTIONS)
    application.save()
    return application


def save_sections(application: Application, codes: Iterable[str], values: dict) -> Application:
    """Save the sections as the candidate does."""
    actor = Actor.of(application.account)
    for code in codes:
        own = {field: values[field] for field in SECTIONS[code].fields if field in values}
        save_section(application.pk, code, own, actor=actor, seen=application.last_record_id)
    return Application.objects.get(pk=application.pk)


@lru_cache
def a_picture(name: str = "identity") -> check.Picture:
    """Return one of the project's specimens, checked as an upload is."""
    path = Path(settings.BASE_DIR) / "static" / "specimens" / f"{name}.jpg"
    return check.check(path.read_bytes())


def upload_required(application: Application) -> None:
    """Upload one picture to each required category that has none, all at once: as adding them one by one does."""
    desk = uploads.Desk.of(application)
    codes = [line.category.code for line in desk.lines if line.is_required and not desk.images_in(line.category.code)]
    with default_storage.drafts() as files:
        images = [_picture_row(desk, code, a_picture(code), files) for code in codes]
        files.keep()
    MaterialImage.objects.bulk_create(images)


def _picture_row(desk: uploads.Desk, code: str, picture: check.Picture, files) -> MaterialImage:
    refusal = desk.refusal_to_add(code)
    if refusal:
        raise refusal
    key = uuid.uuid4()
    names = {
        "file": sealing.key_for(f"images/{key.hex[:2]}/{key}.{picture.extension}"),
        "thumbnail": sealing.key_for(f"images/{key.hex[:2]}/{key}.{check.THUMBNAIL}"),
    }
    files.begin(names["file"], sealing.sealed(desk.application, names["file"], picture.content))
    files.begin(names["thumbnail"], sealing.sealed(desk.application, names["thumbnail"], picture.thumbnail))
    same = [one.category for one in desk.images if one.received_sha256 == picture.received_sha256]
    return MaterialImage(
        id=key,
        application=desk.application,
        category=code,
        position=1,
        **names,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        sha256=picture.sha256,
        received_sha256=picture.received_sha256,
        warnings=[*picture.warnings, *(f"same_as:{one}" for one in BY_CODE if one in same)],
        uploaded_at=timezone.now(),
        uploaded_round=desk.application.round,
        is_owed=not desk.is_ordinary_now(code),
    )


def judge_all(application: Application, verdict: str = "ok") -> dict:
    reason = "" if verdict == "ok" else REASON
    return {image.id: Judgement(verdict, reason) for image in submitted_images(application)}


def pass_on(application: Application) -> Application:
    """Pass it at the level that has it, every picture judged 合格: by the point, whose verdicts the others inherit."""
    seen = application.last_record_id
    judged = judge_all(application) if application.status == "point_review" else {}
    return decisions.pass_on(application.pk, actor=_reviewer_of(application), seen=seen, verdicts=judged)


def _reviewer_of(application: Application) -> Actor:
    unit = application.unit_at(LEVEL_OF_STATUS[application.status])
    account = Account.objects.filter(kind="reviewer", unit=unit).first() or make_reviewer(unit)
    return Actor.of(account)


def _returned(application: Application, **named) -> Application:
    named = named or {"sections": {"work": REASON}, "categories": {"diploma": REASON}}
    seen = application.last_record_id
    return decisions.return_for_correction(application.pk, actor=_reviewer_of(application), seen=seen, **named)


def _rejected(application: Application) -> Application:
    seen = application.last_record_id
    return decisions.reject(application.pk, actor=_reviewer_of(application), seen=seen, reason=REASON)


def _withdrawn(application: Application) -> Application:
    return registration.withdraw(application.pk, actor=Actor.of(application.account))


def _paid(application: Application) -> Application:
    return _moved(application, "pay", Actor(level="provider", name="factory"))


def _cancelled(application: Application) -> Application:
    return _moved(application, "cancel", Actor(level="operator", name="factory"), reason="承诺补交的材料没有按期提交。")


def _moved(application: Application, action: str, actor: Actor, **words) -> Application:
    move(application, action, actor, **words)
    return application


REVIEWS = ("point_review", "site_review", "region_review", "payment_due")
ENDS = {
    "returned": ("point_review", _returned),
    "rejected": ("point_review", _rejected),
    "withdrawn": ("registered", _withdrawn),
    "paid": ("payment_due", _paid),
    "cancelled": ("payment_due", _cancelled),
}


def make_application(
    status: str = "draft",
    *,
    account: Account | None = None,
    session: ExamSession | None = None,
    point: Unit | None = None,
    named: dict | None = None,
    **changes,
) -> Application:
    """Make an application in that status, with its history; a draft has a complete form.

    `changes` are fields of the form; `named` is what a return names (keywords of return_for_correction).
    """
    if status in ENDS:
        before, end = ENDS[status]
        reached = make_application(before, account=account, session=session, point=point, **changes)
        return _fresh(end(reached, **(named or {})) if status == "returned" else end(reached))

    account = account or make_candidate()
    session = session or ExamSession.current() or make_session()
    application = registration.start(account, session=session, actor=Actor.of(account))
    application = fill_in(application, point, **changes)
    if status == "draft":
        return _fresh(application)

    application = registration.complete(application.pk, actor=Actor.of(account))
    if status != "registered":
        upload_required(application)
        application = submitting.submit(application.pk, actor=Actor.of(account), declared=True)
        for _ in range(REVIEWS.index(status)):
            application = pass_on(application)
    return _fresh(application)


def _fresh(application: Application) -> Application:
    return Application.objects.select_related("account", "session").get(pk=application.pk)
