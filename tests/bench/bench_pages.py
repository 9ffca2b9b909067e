"""The candidate's pages against the home page: what a filled form and my application cost more than a static page."""

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.measure import Row, compared
from tests.factories import make_application, make_session, make_units

PAGES = (("我的报名", "/application/"), ("报名表", "/application/edit/"))
MOST_QUERIES = 12


def run():
    with transaction.atomic():
        yield from rows()
        transaction.set_rollback(True)


def rows():
    make_session()
    make_units()
    client = Client()
    client.force_login(make_application("draft").account, backend="candidates.auth.LoginNameBackend")
    for name, address in PAGES:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        note = f"{len(asked)} queries (most {MOST_QUERIES})"
        row = compared(f"{name} {address}", lambda at=address: client.get(at), "the home page", lambda: client.get("/"))
        yield Row(row.subject, row.floor, row.ratio, row.target, f"{note}; {row.note}")
