"""All notices of a point, or of one day, in one PDF: printed ahead by jobs, joined from the store."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.utils import timezone

from candidates import jobs
from candidates.models import Job, Look
from tests import factories
from tests.materials.printing.test_pdf import text_of
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db
HERE = "/review/applications/notices/"
QUERIES = 5


@pytest.fixture
def cases(media_root):
    return [factories.make_application("point_review") for _ in range(3)]


@pytest.fixture
def desk(client, cases):
    client.force_login(reviewer(cases[0]), backend="candidates.accounts.auth.LoginNameBackend")
    return client


def work():
    for job in Job.objects.filter(ended_at=None):
        jobs.call.func(job.pk)


def test_what_was_asked_for_is_printed_by_two_jobs_and_joined_with_a_look_at_each(desk, cases):
    assert '共 <strong class="figure">3</strong> 份' in desk.get(HERE).content.decode()
    assert desk.post(HERE).status_code == 302
    assert "正在生成：0 / 3 份" in desk.get(HERE).content.decode()
    work()
    assert [job.done for job in Job.objects.order_by("id")] == [2, 1]
    page = desk.get(HERE).content.decode()
    assert ("已生成 3 / 3 份" in page, f"{HERE}notices.pdf" in page) == (True, True)

    answer = desk.get(f"{HERE}notices.pdf")
    numbers = sorted(case.number for case in cases)
    with pikepdf.open(io.BytesIO(answer.content)) as document, document.open_outline() as outline:
        assert ([one.title.split()[0] for one in outline.root], len(document.pages)) == (numbers, 6)
    assert Look.objects.filter(kind="export").count() == 3


def test_a_day_chooses_what_was_submitted_on_it(desk, cases):
    today = timezone.localdate()
    cases[0].submitted_at = cases[0].first_submitted_at = timezone.now() - timedelta(days=2)
    cases[0].save(update_fields=["submitted_at", "first_submitted_at"])
    desk.post(HERE, {"day": f"{today:%Y-%m-%d}"})
    work()
    text = text_of(desk.get(f"{HERE}notices.pdf?day={today:%Y-%m-%d}").content)
    assert [case.number in text for case in cases] == [False, True, True]


def test_what_was_never_submitted_is_not_among_them(desk, cases):
    factories.make_application("registered")
    assert '共 <strong class="figure">3</strong> 份' in desk.get(HERE).content.decode()


def test_nonsense_for_a_day_says_so_and_prints_nothing(desk):
    assert "请填写年、月、日" in desk.get(f"{HERE}?day=never").content.decode()
    assert desk.get(f"{HERE}notices.pdf?day=never").status_code == 404
    desk.post(HERE, {"day": "never"})
    assert Job.objects.count() == 0


@pytest.mark.parametrize("level", ["site", "region"])
def test_it_is_the_points_page(client, cases, level):
    client.force_login(reviewer(cases[0], level), backend="candidates.accounts.auth.LoginNameBackend")
    assert [client.get(one).status_code for one in (HERE, f"{HERE}notices.pdf")] == [404, 404]


def test_the_page_asks_the_same_number_of_queries_for_any_number(desk, django_assert_num_queries, cases):
    desk.get(HERE)
    with django_assert_num_queries(QUERIES):
        desk.get(HERE)
