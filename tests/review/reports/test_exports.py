import gc
import tracemalloc
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from candidates.models import Application, Look
from materials.files.zips import zipped
from materials.models import MaterialImage
from materials.rules import catalogue
from review.cases import decisions, listing, undoing
from review.models import ExportRun
from review.reports import export_runs, exports
from review.views.exports import archive
from tests import xlsx
from tests.bench import crowd
from tests.factories import make_application, make_candidate, make_operator
from tests.review.casework import actor, fresh, reviewer

pytestmark = pytest.mark.django_db
EXPORT = "/review/applications/export/"
LINE = 600  # bytes that the archive's directory holds for a picture until the end: 36 MB of the largest export


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def unzipped(answer):
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_the_page_says_how_much_it_is_before_anything_leaves(client):
    case = make_application("point_review")
    page = log_in(client, reviewer(case)).get(EXPORT).content.decode()
    assert f'<strong class="figure">{case.images.count()}</strong> 张图片' in page
    assert Look.objects.count() == 0


def test_the_table_holds_what_is_filtered_as_texts(client):
    case = make_application("point_review", account=make_candidate("欧阳修远"))
    Application.objects.filter(pk=case.pk).update(name="=1+1", has_warnings=True)
    make_application("point_review")
    answer = log_in(client, reviewer(case)).get(f"{EXPORT}applications.xlsx?warnings=on")
    heading, row = xlsx.read(answer.getvalue())["报名"]
    assert heading == list(exports.HEADINGS)
    assert row[:5] == [case.number, "=1+1", "居民身份证", case.document_number, case.mobile]


def test_the_table_says_how_it_was_decided_last_and_not_what_is_undone(client):
    case = make_application("site_review")
    who = actor(case)
    done = decisions.pass_on(case.pk, actor=who, seen=case.last_record_id, displayed=(), batch=1)
    undoing.undo(done.pk, actor=who, seen=done.last_record_id)
    answer = log_in(client, reviewer(fresh(case))).get(f"{EXPORT}applications.xlsx")
    _, row = xlsx.read(answer.getvalue())["报名"]
    assert row[-1].startswith("报名点审核通过 ")
    assert "逐份办理" in row[-1]


def test_pictures_are_named_by_number_name_and_category_and_are_the_stored_ones(client):
    case = make_application("point_review", account=make_candidate("欧阳修远"))
    unpacked = unzipped(log_in(client, reviewer(case)).get(f"{EXPORT}pictures.zip"))
    first = case.images.get(category="identity")
    assert unpacked.namelist()[0] == f"{case.number}_欧阳修远_1本人有效身份证明_1.jpg"
    assert (len(unpacked.namelist()), unpacked.testzip()) == (case.images.count(), None)
    assert len(unpacked.read(unpacked.namelist()[0])) == first.size


def test_every_application_that_leaves_is_recorded_once(client):
    case = make_application("site_review")
    operator = make_operator()
    log_in(client, operator)
    for _ in range(2):
        unzipped(client.get(f"{EXPORT}pictures.zip?status=site_review"))
        client.get(f"{EXPORT}applications.xlsx?status=site_review").getvalue()
    assert list(Look.objects.values_list("application", "account", "kind")) == [(case.pk, operator.pk, "export")]


def test_a_lost_file_is_named_at_the_end(client):
    case = make_application("point_review")
    MaterialImage.objects.filter(pk=case.images.get(category="identity").pk).update(file="gone/gone.jpg")
    unpacked = unzipped(log_in(client, reviewer(case)).get(f"{EXPORT}pictures.zip"))
    assert unpacked.read("缺失的图片.txt").decode("utf-8-sig") == f"{case.number}_{case.name}_1本人有效身份证明_1.jpg"


def test_a_name_keeps_out_of_other_folders():
    image = MaterialImage(category="diploma", content_type="image/png")
    assert exports.name_of("1_../a:b", image, 2) == "1_.._a_b_2、7毕业证书_2.png"


def test_a_category_without_a_number_leaves_no_blank_in_an_archives_names(monkeypatch):
    monkeypatch.setitem(catalogue.BY_CODE, "identity", replace(catalogue.BY_CODE["identity"], item=""))
    image = MaterialImage(category="identity", content_type="image/jpeg")
    assert exports.name_of("110101270001_王某某", image, 1) == "110101270001_王某某_本人有效身份证明_1.jpg"


def test_four_times_the_applications_need_no_more_memory_than_their_lines_in_the_archives_directory():
    case = make_application("point_review")
    crowd.make_country(sites=1, each=1)
    crowd.grow(0, 3000, pictures=1)
    account = reviewer(case, "region")
    peak(account, 1)  # with what is loaded once
    assert peak(account, 400) <= 1.1 * peak(account, 100) + 300 * LINE


def peak(account, most):
    """The most bytes held while this many applications' pictures pass through."""
    cases = listing.chosen(Application.objects.visible_to(account), {"status": "region_review"})
    cases = cases.filter(submitted_at__lt=cases.order_by("submitted_at")[most].submitted_at)
    gc.collect()
    tracemalloc.start()
    sent = sum(len(piece) for piece in zipped(exports.pictures(cases, account)))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > most * 1000
    return held


def test_the_page_shows_how_far_a_download_has_come(client):
    cases = [make_application("point_review") for _ in range(2)]
    log_in(client, reviewer(cases[0]))
    pieces = iter(client.get(f"{EXPORT}pictures.zip").streaming_content)
    next(pieces)
    begun = client.get(f"{EXPORT}progress/").content.decode()
    assert 'value="0"' in begun
    assert 'data-state="running"' in begun
    sent = sum(map(len, pieces))
    run = ExportRun.objects.get()
    assert run.done == 2
    assert run.number == 2
    assert run.size > sent
    assert 'data-state="complete"' in client.get(EXPORT).content.decode()


def test_a_download_that_breaks_off_says_so(client, rf):
    case = make_application("point_review")
    request = rf.get(f"{EXPORT}pictures.zip")
    request.user = reviewer(case)
    pieces = archive(request)
    next(pieces)
    pieces.close()  # as a server does whose client has gone
    assert 'data-state="stopped"' in log_in(client, request.user).get(EXPORT).content.decode()


def test_a_table_counts_what_it_holds_and_another_account_sees_nothing_of_it(client):
    case = make_application("point_review")
    log_in(client, reviewer(case)).get(f"{EXPORT}applications.xlsx").getvalue()
    assert [(run.kind, run.done, run.number) for run in export_runs.of(reviewer(case))] == [("table", 1, 1)]
    log_in(client, make_operator())
    assert "data-state" not in client.get(f"{EXPORT}progress/").content.decode()
