"""A great many applications, made by SQL out of one that went through the portal's own actions.

While loading, triggers and foreign keys are off (session_replication_role) and the indexes that keep no constraint are
away: built once at the end they cost a tenth. They come back by their own definitions, which is checked by name
(PostgreSQL writes an `ANY (ARRAY[…])` of a condition otherwise the second time); then the counters are filled and the
tables vacuumed, as they are where the portal has been running.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import timezone

from candidates.applications.states import LEVEL_OF_STATUS
from candidates.migrations._cleaning import sealed_as_then
from candidates.models import Account, Application, ExamSession, Record, RecordNote, Unit
from candidates.models.sealed import EncryptedField
from materials.files import sealing
from materials.models import MaterialImage, Submission
from review.models import PLACES, ReviewerDay, ReviewerFigures, Verdict
from tests.factories import make_application, make_category, make_units

PICTURES = 12
BASE = 1_000_000_000  # keys of what is made here: BASE + 1, BASE + 2, …
STATUSES = ("point_review", "site_review", "region_review", "region_review", "payment_due", "paid")
GROWING = (Account, Application, Submission, Record, RecordNote, MaterialImage)
BEGIN = timezone.localdate() - timedelta(days=13)  # a submission a second from here: a million ends before today
COUNTED = """
INSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)
SELECT session_id, region_id, site_id, point_id, status, count(*) FROM candidates_application
WHERE point_id IS NOT NULL GROUP BY session_id, region_id, site_id, point_id, status
"""
# what led to the states that they are in: up to 200 hours at each level
HANDLED = """
INSERT INTO candidates_handledcount (session_id, region_id, site_id, point_id, status, day, hours, number)
SELECT session_id, region_id, site_id, point_id, passed, day, hours, count(*) FROM (
    SELECT application.*, levels[step] AS passed, CASE WHEN spent < 72 THEN spent ELSE spent / 24 * 24 END AS hours,
        (submitted_at + interval '6 hours' * step)::date AS day
    FROM candidates_application AS application, (SELECT ARRAY[LEVELS] AS levels) AS known,
        LATERAL generate_series(1, coalesce(array_position(levels, status::text) - 1, 3)) AS step,
        LATERAL (SELECT (application.id * 7919 + step * 31) % 200 AS spent) AS waited
    WHERE point_id IS NOT NULL AND round > 0
) AS handled GROUP BY session_id, region_id, site_id, point_id, passed, day, hours
""".replace("LEVELS", ", ".join(f"'{status}'" for status in LEVEL_OF_STATUS))
# what keeps a constraint stays: keys come in rising order, and foreign keys need them
LOOSE = """
SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid) FROM pg_index AS index
WHERE index.indrelid = ANY (%s::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid) ORDER BY 1
"""
# of the bench's own server; its fsync is off
HASTE = {"max_wal_size": "'4GB'", "checkpoint_timeout": "'1h'", "autovacuum": "off"}


def picture(number: str) -> str:
    """In rising order, as the indexes like it: at random the twelve million would take hours."""
    return f"('00000000-0000-4000-8000-' || lpad(to_hex(g::bigint * 100 + {number}), 12, '0'))::uuid"


def grow(start: int, end: int, *, pictures: int = PICTURES) -> None:
    """Adds applications start + 1 … end, a third of them waiting for their region, 40 % in region 11."""
    template = Application.objects.filter(pk__lt=BASE).first() or make_application("point_review")
    points = list(Unit.objects.filter(level="point").select_related("parent__parent").order_by("code"))
    statuses = "(ARRAY[" + ", ".join(f"'{status}'" for status in STATUSES) + f"])[1 + g % {len(STATUSES)}]"
    at = f"timestamptz '{BEGIN} 00:00+08' + g * interval '1 second'"
    many = f"generate_series({start + 1}, {end}) AS g"
    person = {f"{kind}_hash": "'person ' || lpad(g::text, 10, '0')" for kind in ("identity", "mobile")}
    entry = {
        **{"id": f"{BASE} + g", "account_id": f"{BASE} + g", "last_record_id": f"{BASE} + g"},
        **{"number": "'9' || lpad(g::text, 15, '0')", "status": statuses, **person},
        **dict.fromkeys(("submitted_at", "first_submitted_at", "status_since"), at),
        # what the queue's filters look for, each seldom
        **{
            "times_returned": "(g % 20 = 0)::int",
            "has_warnings": "g % 60 < 5",
            "exam_category_id": seldom("g % 50 = 0"),
        },
        **{"owed": "CASE WHEN g % 30 < 3 THEN ARRAY['diploma'] ELSE ARRAY[]::varchar[] END"},
        **{f"{level}_id": unit_of(points, level) for level in ("point", "site", "region")},
    }
    own = {"id": f"{BASE} + g", "application_id": f"{BASE} + g"}
    images = f"ARRAY(SELECT {picture('n')} FROM generate_series(1, {pictures}) AS n ORDER BY n)"
    each = {**own, "id": picture("n"), "received_sha256": "'picture ' || n", "position": "n"}
    of_it = f"{many}, generate_series(1, {pictures}) AS n"
    with connection.cursor() as cursor, loading(cursor):
        copy(cursor, Account, template.account_id, many, {"id": f"{BASE} + g", **person})
        copy(cursor, Application, template.pk, many, entry)
        copy(cursor, Submission, Submission.objects.get(application=template).pk, many, {**own, "images": images})
        copy(cursor, Record, template.last_record_id, many, {**own, "previous_hash": "''", "at": at})
        copy(cursor, RecordNote, template.last_record_id, many, {"record_id": f"{BASE} + g"}, key="record_id")
        image = template.images.filter(submitted=True).first()
        copy(cursor, MaterialImage, image.pk, of_it, each | clear_files(image))
        for table, counted in (("candidates_pointcount", COUNTED), ("candidates_handledcount", HANDLED)):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(counted)


def clear_files(image: MaterialImage) -> dict[str, str]:
    """Return the keys of copies in clear: a sealed file opens for its own application only."""
    keys = {name: f"images/00/crowd.{name}.jpg" for name in ("file", "thumbnail")}
    for name, key in keys.items():
        if not default_storage.exists(key):
            default_storage.save(key, ContentFile(sealing.read(image.application, getattr(image, name))))
    return {name: f"'{key}'" for name, key in keys.items()}


def unbound(model: type[models.Model], row: models.Model) -> dict[str, str]:
    """Return the row's sealed values as they were before they were bound to it: they open in each copy."""
    fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
    texts = {field.column: getattr(row, field.attname) for field in fields}
    return {column: f"'\\x{sealed_as_then(text).hex()}'::bytea" for column, text in texts.items() if text}


def staff(unit: Unit, number: int) -> None:
    """Add so many reviewers of a unit, who cannot log in."""
    Account.objects.bulk_create(
        [Account(kind="reviewer", unit=unit, username=f"crowd-{one}", name="审核员") for one in range(number)]
    )


def handled(unit: Unit, cases: int) -> None:
    """Write anew what the staff of a unit has handled of so many cases: each a fair part, over as many days as it took.

    Nobody handles more than 200 a day.
    """
    session, today = ExamSession.current(), timezone.localdate()
    people = list(Account.objects.filter(unit=unit, kind="reviewer"))
    each = cases // len(people)
    times = [each // PLACES] * PLACES
    ReviewerFigures.objects.all().delete()
    ReviewerDay.objects.all().delete()
    ReviewerFigures.objects.bulk_create(
        [
            ReviewerFigures(session=session, unit=unit, account=one, passed=each, overturned=each // 50, times=times)
            for one in people
        ]
    )
    ReviewerDay.objects.bulk_create(
        [
            ReviewerDay(session=session, unit=unit, account=one, day=today - timedelta(days=ago), number=min(200, each))
            for one in people
            for ago in range(max(1, min(60, each // 200)))
        ]
    )


@contextmanager
def loading(cursor) -> Iterator[None]:
    """Without triggers and foreign keys; outside a transaction also without loose indexes, all back behind it."""
    tables = [model._meta.db_table for model in GROWING]
    alone = not connection.in_atomic_block
    altered = HASTE if alone and settings.OWN_SERVER else {}
    loose = loose_indexes(cursor, tables) if alone else {}
    for name, value in altered.items():
        cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
    cursor.execute("SELECT pg_reload_conf()")
    cursor.execute("SET jit = off")  # compiling these takes longer than running them
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for name in loose:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("RESET session_replication_role")
    for definition in loose.values():
        cursor.execute(definition)
    if alone and loose_indexes(cursor, tables).keys() != loose.keys():
        raise AssertionError("the indexes are not what they were")
    cursor.execute("VACUUM (ANALYZE)" if alone else "ANALYZE")
    for name in altered:
        cursor.execute(f"ALTER SYSTEM RESET {name}")
    cursor.execute("SELECT pg_reload_conf()")


def loose_indexes(cursor, tables: list[str]) -> dict[str, str]:
    """Name -> definition of the indexes that keep no constraint."""
    cursor.execute(LOOSE, [tables])
    return dict(cursor.fetchall())


def judge(reviewer: Account, cases: list[Application]) -> None:
    """合格 on every picture of these that has no verdict yet."""
    images = MaterialImage.objects.filter(application__in=cases).exclude(verdicts__is_current=True)
    common = {"round": 1, "verdict": "ok", "level": "point", "account": reviewer}
    Verdict.objects.bulk_create(
        [Verdict(image_id=key, at=at, **common) for key, at in images.values_list("pk", "application__submitted_at")]
    )


def seldom(condition: str) -> str:
    """The key of another exam category than the pattern's, where this holds of g."""
    return f"CASE WHEN {condition} THEN {make_category('110').pk} ELSE row.exam_category_id END"


def unit_of(points: list[Unit], level: str) -> str:
    """The unit's key as an expression of g: four of ten lie at the first point, the others spread over all."""
    own = {"point": lambda one: one, "site": lambda one: one.parent, "region": lambda one: one.parent.parent}[level]
    spread = f"(ARRAY[{', '.join(str(own(point).pk) for point in points)}])[1 + g % {len(points)}]"
    return f"CASE WHEN g / {len(STATUSES)} % 10 < 4 THEN {own(points[0]).pk} ELSE {spread} END"


def make_country(sites: int = 5, each: int = 7) -> None:
    """Beside the tests' units: ten regions with `sites` sites of `each` registration points."""
    make_units()
    for region in range(20, 30):
        above = unit(f"{region}", "region", None)
        for site in range(1, sites + 1):
            middle = unit(f"{region}{site:02}", "site", above)
            for point in range(1, each + 1):
                unit(f"{region}{site:02}{point:03}", "point", middle)


def unit(code: str, level: str, parent: Unit | None) -> Unit:
    return Unit.objects.get_or_create(code=code, defaults={"level": level, "parent": parent, "name": f"单位{code}"})[0]


def copy(cursor, model: type[models.Model], template, many: str, values: Mapping[str, str], *, key: str = "id") -> None:
    """Rows like the template's, but for the columns whose expression is given."""
    values = {**unbound(model, model._base_manager.get(**{key: template})), **values}
    columns = [field.column for field in model._meta.concrete_fields]
    if key == "id" and "id" not in values:
        columns.remove("id")
    chosen = ", ".join(values.get(column, f"row.{column}") for column in columns)
    table = model._meta.db_table
    one = (
        f"WITH row AS MATERIALIZED (SELECT * FROM {table} WHERE {key} = '{template}')"  # looked up once, not each time
    )
    cursor.execute(f"{one} INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM row, {many}")
