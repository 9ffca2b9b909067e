"""我的账户: everything that the portal holds about me, as one file."""

import io
import json
from zipfile import ZipFile

import pytest

from tests import factories
from tests.materials.printing.test_pdf import text_of

pytestmark = pytest.mark.django_db


def test_the_archive_has_my_data_my_papers_and_my_pictures_and_nobody_elses(client, media_root):
    mine, other = (factories.make_application("point_review") for _ in range(2))
    client.force_login(mine.account)
    answer = client.get("/account/archive.zip")
    assert 'attachment; filename="my-archive-' in answer["Content-Disposition"]
    with ZipFile(io.BytesIO(answer.getvalue())) as opened:
        names = opened.namelist()
        data = json.loads(opened.read("我的信息.json"))
    assert data["account"]["document_number"] == mine.document_number
    assert sum(name.endswith(f"报名材料册-{mine.number}.pdf") for name in names) == 1
    assert sum("/图片/" in name for name in names) == mine.images.count()
    assert [name for name in names if other.number in name] == []


def test_the_packet_for_my_own_archive(client, media_root):
    mine = factories.make_application("registered")
    client.force_login(mine.account)
    answer = client.get("/application/packet.pdf")
    assert f"packet-{mine.number}.pdf" in answer["Content-Disposition"]
    assert "办理记录" not in text_of(answer.content)
    assert "/application/packet.pdf" in client.get("/application/documents/").content.decode()


def test_before_there_is_a_number_there_is_no_packet(client, media_root):
    client.force_login(factories.make_application("draft").account)
    assert client.get("/application/packet.pdf").status_code == 404
