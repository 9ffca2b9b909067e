"""The upload address as a whole: what it costs, and what it answers where nothing can be read or stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from materials.models import MaterialImage
from materials.specimens import draw
from tests import factories
from tests.materials.uploading import a_fresh_graduate

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def a_file(seed=1):
    return SimpleUploadedFile("scan.jpg", draw.draw("identity", seed=seed), "image/jpeg")


@pytest.fixture
def candidate(client):
    account = factories.make_application("registered").account
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


@pytest.mark.parametrize("name", ["image%3A148818", "photo.jfif", "IMG_0001.HEIC", "a.jpg.exe", "a.php"])
def test_what_a_file_is_called_says_nothing(candidate, name):
    file = SimpleUploadedFile(name, draw.draw("identity"), "")
    assert candidate.post("/materials/identity/", {"images": file}, headers=JSON).status_code == 201


def test_a_pdf_above_the_limit_is_called_a_pdf(candidate):
    file = SimpleUploadedFile("scan.jpg", b"%PDF-1.7" + bytes(300_000), "image/jpeg")
    error = candidate.post("/materials/identity/", {"images": file}, headers=JSON).json()["errors"][0]
    assert (error["code"], error["message"][:13]) == ("not_an_image", "这个文件是 PDF 文件，")


def statements(client, category, **data):
    """The answer's status, and how many statements the database was sent, without the transaction's own."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"/materials/{category}/", data, headers=JSON)
    own = [one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    return answer.status_code, len(own)


def test_an_upload_asks_the_database_nine_times(candidate):
    """Whose it is, the application, its turn, its place; the row, the place again, the insert; the turn's end."""
    assert [statements(candidate, "identity", images=a_file(seed)) for seed in (1, 2)] == [(201, 9)] * 2


def test_an_owed_upload_asks_as_often(client):
    client.force_login(a_fresh_graduate().account, backend="candidates.accounts.auth.LoginNameBackend")
    assert statements(client, "probation", images=a_file()) == (201, 9)


def test_what_is_hidden_is_refused_after_two_statements(candidate):
    assert statements(candidate, "military", images=a_file()) == (422, 2)


def test_more_than_fifty_files_are_refused_as_a_whole(candidate):
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(51)]
    answer = candidate.post("/materials/identity/", {"images": files}, headers=JSON)
    message = "一次最多发送 50 个文件，没有保存任何图片。请分几次上传。"
    errors = [{"file": None, "code": "too_many_images", "message": message}]
    assert (answer.status_code, answer.json()) == (400, {"images": [], "errors": errors})
    assert candidate.post("/materials/identity/", {"images": files}).status_code == 400
    assert MaterialImage.objects.count() == 0


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=a b\x01"])
def test_what_cannot_be_read_is_told_so(candidate, content_type):
    answer = candidate.generic("POST", "/materials/identity/", b"--nonsense", content_type, headers=JSON)
    message = "发送的内容不完整或无法识别，没有保存任何图片。请检查网络和文件名（不要过长），再重新上传。"
    errors = [{"file": None, "code": "corrupt", "message": message}]
    assert (answer.status_code, answer.json()) == (400, {"images": [], "errors": errors})


def test_fields_without_end_are_refused_as_a_whole(candidate, settings):
    answer = candidate.post("/materials/identity/", {"replaces": "x" * 600_000}, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_large")
