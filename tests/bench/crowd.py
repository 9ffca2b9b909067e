"""A great many applications, made by SQL out of one that went through the portal's own actions.

Triggers and foreign keys are off while loading (session_replication_role), then the counters are filled as the
migration fills them and the tables analysed.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db import connection, models

from candidates.models import Account, Application, Record, RecordNote, Unit
from materials.models import MaterialImage, Submission
from review.models import Verdict
from tests.factories import make_application, make_units

PICTURES = 12
BASE = 1_000_000_000  # keys of what is made here: BASE + 1, BASE + 2, …
STATUSES = ("point_review", "site_review", "region_review", "region_review", "payment_due", "paid")
COUNTED = """
INSERT INTO candidates_pointcount (session_id, region_id, site_id, point_id, status, number)
SELECT session_id, region_id, site_id, point_id, status, count(*) FROM candidates_application
WHERE point_id IS NOT NULL GROUP BY session_id, region_id, site_id, point_id, status
"""


def picture(number: str) -> str:
    """In rising order, as the indexes like it: at random the twelve million would take hours."""
    return f"('00000000-0000-4000-8000-' || lpad(to_hex(g::bigint * 100 + {number}), 12, '0'))::uuid"


def grow(start: int, end: int, *, pictures: int = PICTURES) -> None:
    """Adds applications start + 1 … end, a third of them waiting for their region, 40 % in region 11."""
    template = Application.objects.filter(pk__lt=BASE).first() or make_application("point_review")
    points = list(Unit.objects.filter(level="point").select_related("parent__parent").order_by("code"))
    statuses = "(ARRAY[" + ", ".join(f"'{status}'" for status in STATUSES) + f"])[1 + g % {len(STATUSES)}]"
    at = "timestamptz '2027-02-01 08:00+08' + g * interval '1 second'"
    many = f"generate_series({start + 1}, {end}) AS g"
    own = {"id": f"{BASE} + g", "application_id": f"{BASE} + g"}
    images = f"ARRAY(SELECT {picture('n')} FROM generate_series(1, {pictures}) AS n ORDER BY n)"
    with connection.cursor() as cursor:
        if settings.OWN_SERVER and not connection.in_atomic_block:
            cursor.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
            cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("SET jit = off")  # compiling these takes longer than running them
        cursor.execute("SET session_replication_role = replica")
        person = {
            "id": f"{BASE} + g",
            "identity_hash": "'person ' || lpad(g::text, 10, '0')",
            "mobile_hash": "'person ' || lpad(g::text, 10, '0')",
        }
        copy(cursor, Account, template.account_id, many, person)
        entry = {
            **{"id": f"{BASE} + g", "account_id": f"{BASE} + g", "last_record_id": f"{BASE} + g"},
            **{
                "number": "'9' || lpad(g::text, 15, '0')",
                "status": statuses,
                "identity_hash": "'person ' || lpad(g::text, 10, '0')",
            },
            **{
                "submitted_at": at,
                "first_submitted_at": at,
                "status_since": at,
                "mobile_hash": "'person ' || lpad(g::text, 10, '0')",
            },
            **{f"{level}_id": unit_of(points, level) for level in ("point", "site", "region")},
        }
        copy(cursor, Application, template.pk, many, entry)
        copy(cursor, Submission, Submission.objects.get(application=template).pk, many, {**own, "images": images})
        copy(cursor, Record, template.last_record_id, many, {**own, "previous_hash": "''", "at": at})
        copy(cursor, RecordNote, template.last_record_id, many, {"record_id": f"{BASE} + g"}, key="record_id")
        each = {**own, "id": picture("n"), "received_sha256": "'picture ' || n", "position": "n"}
        of_it = f"{many}, generate_series(1, {pictures}) AS n"
        copy(cursor, MaterialImage, template.images.filter(submitted=True).first().pk, of_it, each)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("DELETE FROM candidates_pointcount")
        cursor.execute(COUNTED)
        cursor.execute("ANALYZE")


def judge(reviewer: Account, cases: list[Application]) -> None:
    """合格 on every picture of these."""
    images = MaterialImage.objects.filter(application__in=cases).values_list("pk", "application__submitted_at")
    common = {"round": 1, "verdict": "ok", "level": "point", "account": reviewer}
    Verdict.objects.bulk_create([Verdict(image_id=key, at=at, **common) for key, at in images])


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
    columns = [field.column for field in model._meta.concrete_fields]
    if key == "id" and "id" not in values:
        columns.remove("id")
    chosen = ", ".join(values.get(column, f"row.{column}") for column in columns)
    table = model._meta.db_table
    one = (
        f"WITH row AS MATERIALIZED (SELECT * FROM {table} WHERE {key} = '{template}')"  # looked up once, not each time
    )
    cursor.execute(f"{one} INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM row, {many}")
