"""The candidate's pages against the home page, and on a phone.

What a filled form and my application cost more than a static page, in CPU; then what Lighthouse says (phones.py).
"""

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.applications import registration
from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.sections import SECTIONS
from tests.bench import phones
from tests.bench.measure import Row, compared
from tests.factories import form_values, make_application, make_candidate, make_category, make_session, make_units

FORM, MINE = "/application/edit/", "/application/"
MOST_QUERIES = 12


def run():
    with transaction.atomic():
        yield from rows()
        transaction.set_rollback(True)
    yield from phones.rows()


def rows():
    session = make_session()
    make_units(), make_category("210")
    account = make_candidate()
    draft = registration.start(account, session=session, actor=Actor.of(account))
    client = logged_in(account)
    queries_of(client, FORM), queries_of(client, MINE)  # the connection makes its statements known to PostgreSQL
    counts = []  # of both pages together
    for filled, code in enumerate((None, *SECTIONS)):
        if code:
            fill_in(draft, code)
        counts.append(queries_of(client, FORM) + queries_of(client, MINE))
        if filled in (0, len(SECTIONS)):
            yield against_home(f"报名表, {filled} sections filled", client, FORM)
            yield against_home(f"我的报名, {filled} sections filled", client, MINE)
    most = max(counts)
    yield Row("sections filled, 0 to 5", "queries with none", most / counts[0], "≤ 1", f"{most} / {counts[0]} at most")
    submitted = logged_in(make_application("point_review").account)
    yield against_home("我的报名, submitted", submitted, MINE)


def against_home(subject: str, client: Client, address: str) -> Row:
    asked = queries_of(client, address)
    row = compared(subject, lambda: client.get(address), "the home page", lambda: client.get("/"))
    return Row(row.subject, row.floor, row.ratio, row.target, f"{asked} queries (most {MOST_QUERIES}); {row.note}")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def fill_in(draft: Application, code: str) -> None:
    values = form_values(draft, make_units()["1101001"])
    own = {field: values[field] for field in SECTIONS[code].fields if field in values}
    save_section(draft.pk, code, own, actor=Actor.of(draft.account), seen=None)


def logged_in(account) -> Client:
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client
