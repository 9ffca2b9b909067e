"""Who gets a picture or a document, and how it is sent."""

import io
import re

import pytest
from PIL import Image

from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application, NoticeVersion, Unit
from materials import uploads
from materials.models import MaterialImage
from review.cases.verdicts import submitted_images
from tests import factories
from tests.materials.conftest import needs_a_folder
from tests.materials.printing.test_pdf import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    """enter(application or account): the client is logged in as that person."""

    def log_in(who):
        account = who.account if isinstance(who, Application) else who
        client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
        return client

    return log_in


def a_picture_of(application):
    return uploads.add_image(application.pk, "identity", factories.a_picture(), actor=Actor.of(application.account))


def statuses(enter, people, address):
    return [enter(who).get(address).status_code for who in people]


# --- pictures --------------------------------------------------------------------------------------------------------


def test_a_picture_is_sent_as_what_it_is_and_kept_by_nobody(enter):
    application = factories.make_application("registered")
    image = a_picture_of(application)
    answer = enter(application).get(f"/materials/images/{image.pk}/")
    assert b"".join(answer) == factories.a_picture().content
    assert {name: answer[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert answer["Content-Disposition"] == f'inline; filename="identity-{image.pk.hex[:8]}.jpg"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_a_thumbnail_is_a_jpeg_of_320_pixels(enter):
    application = factories.make_application("registered")
    answer = enter(application).get(f"/materials/images/{a_picture_of(application).pk}/thumbnail/")
    with Image.open(io.BytesIO(b"".join(answer))) as thumbnail:
        assert answer["Content-Type"] == "image/jpeg"
        assert thumbnail.format == "JPEG"
        assert max(thumbnail.size) == 320


def test_a_reviewers_browser_may_keep_a_picture_for_ten_minutes(enter):
    application = factories.make_application("point_review")
    image = submitted_images(application)[0]
    answer = enter(factories.make_reviewer(application.point)).get(f"/materials/images/{image.pk}/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=600")


@pytest.mark.parametrize("ending", ["", "thumbnail/"])
def test_units_above_see_a_submitted_picture_and_units_beside_do_not(enter, ending):
    application = factories.make_application("point_review")
    units = factories.make_units()
    address = f"/materials/images/{submitted_images(application)[0].pk}/{ending}"
    codes = ("1101001", "1101", "11", "1101002", "1102", "12")
    reviewers = [factories.make_reviewer(units[code]) for code in codes]
    people = [*reviewers, factories.make_operator(), factories.make_candidate()]
    assert statuses(enter, people, address) == [200, 200, 200, 404, 404, 404, 200, 404]


def test_before_the_first_submission_no_unit_sees_a_picture(enter):
    application = factories.make_application("registered")
    reviewer = factories.make_reviewer(application.point)
    assert statuses(enter, [reviewer], f"/materials/images/{a_picture_of(application).pk}/") == [404]


def test_a_removed_picture_is_gone_for_the_candidate_and_history_for_the_unit(enter):
    application = factories._returned(factories.make_application("point_review"), categories={"diploma": "缺页"})
    image = MaterialImage.objects.get(application=application, category="diploma")
    uploads.remove_image(image.pk, actor=Actor.of(application.account))
    people = [application, factories.make_reviewer(application.site)]
    assert statuses(enter, people, f"/materials/images/{image.pk}/") == [404, 200]


def test_a_removed_picture_that_was_never_submitted_is_gone_for_all(enter, django_capture_on_commit_callbacks):
    application = factories.make_application("registered")
    image = a_picture_of(application)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove_image(image.pk, actor=Actor.of(application.account))
    people = [application, factories.make_operator()]
    assert statuses(enter, people, f"/materials/images/{image.pk}/") == [404, 404]


def test_with_accel_what_is_sealed_is_sent_by_the_portal(enter, settings):
    settings.ACCEL = "/pictures/"
    application = factories.make_application("registered")
    answer = enter(application).get(f"/materials/images/{a_picture_of(application).pk}/")
    assert answer.content == factories.a_picture().content
    assert "X-Accel-Redirect" not in answer


def test_with_accel_nginx_sends_the_bytes_of_what_is_clear_and_the_headers_stay(enter, settings):
    settings.SEAL_FILES = False
    application = factories.make_application("registered")
    image = a_picture_of(application)
    client = enter(application)
    names = (
        "Content-Type",
        "Cache-Control",
        "X-Content-Type-Options",
        "Content-Disposition",
        "Content-Security-Policy",
    )
    for ending, key in (("", image.file), ("thumbnail/", image.thumbnail)):
        settings.ACCEL = ""
        plain = client.get(f"/materials/images/{image.pk}/{ending}")
        settings.ACCEL = "/pictures/"
        answer = client.get(f"/materials/images/{image.pk}/{ending}")
        assert (answer["X-Accel-Redirect"], answer.content) == (f"/pictures/{key}", b"")
        assert {name: answer[name] for name in names} == {name: plain[name] for name in names}


def test_with_accel_the_gate_stands_and_what_is_gone_is_404(enter, settings, media_root):
    settings.ACCEL = "/pictures/"
    application = factories.make_application("registered")
    image = a_picture_of(application)
    address = f"/materials/images/{image.pk}/"
    assert statuses(enter, [application, factories.make_candidate()], address) == [200, 404]
    (media_root / image.file).unlink()
    assert statuses(enter, [application], address) == [404]


@needs_a_folder  # test_s3_faults asks the same of a bucket
def test_a_storage_that_does_not_answer_is_503(enter, media_root):
    application = factories.make_application("registered")
    image = a_picture_of(application)
    (media_root / image.file).unlink()
    (media_root / image.file).mkdir()  # opening it is an OSError
    assert statuses(enter, [application], f"/materials/images/{image.pk}/") == [503]


def test_a_picture_needs_a_login(client):
    address = f"/materials/images/{a_picture_of(factories.make_application('registered')).pk}/"
    assert client.get(address)["Location"] == f"/login/?next={address}"
    assert client.get("/materials/images/nonsense/").status_code == 404


# --- documents -------------------------------------------------------------------------------------------------------


def pdf_of(client, address):
    """(status, type, caching, name) of the answer."""
    answer = client.get(address)
    headers = ("Content-Type", "Cache-Control", "Content-Disposition")
    return (answer.status_code, *(answer.get(name) for name in headers), answer.content[:5])


@pytest.mark.parametrize("slug", ["notice", "checklist", "probation-certificate"])
def test_a_prefilled_document_is_a_pdf_that_nobody_keeps(enter, slug):
    application = factories.make_application("registered")
    status, kind, caching, name, content = pdf_of(enter(application), f"/application/documents/{slug}.pdf")
    assert (status, kind, caching, content) == (200, "application/pdf", "private, no-store", b"%PDF-")
    assert f'inline; filename="{slug}-{application.number}.pdf"' in name


def test_the_employers_part_is_filled_in_where_asked_for_alone(enter):
    registered = factories.make_application("registered")
    Application.objects.filter(pk=registered.pk).update(holds_assistant_licence=True)
    client, address = enter(registered), "/application/documents/practice-certificate.pdf"
    texts = [words_of(client.get(f"{address}{query}").content) for query in ("", "?employer=1", "?employer=0", "")]
    assert [registered.employer_address.replace(" ", "") in text for text in texts] == [False, True, False, False]


def test_a_blank_form_may_be_kept_for_a_day(enter):
    client = enter(factories.make_application("registered"))
    addresses = ("/forms/checklist.pdf", "/application/documents/checklist.pdf?blank=1")
    assert [pdf_of(client, one)[2] for one in addresses] == ["private, max-age=86400"] * 2


@pytest.mark.parametrize(
    "path", ["practice-certificate.pdf", "packet.pdf", "nonsense.pdf", "notice.pdf?blank=1", "supplementary-test.pdf"]
)
def test_what_is_not_offered_to_this_profile_is_404(enter, path):
    client = enter(factories.make_application("registered"))
    assert client.get(f"/application/documents/{path}").status_code == 404


@pytest.mark.parametrize("status", ["draft", "withdrawn", "rejected", "cancelled"])
def test_the_notice_is_not_for_what_has_not_begun_or_has_ended(enter, status):
    client = enter(factories.make_application(status))
    assert client.get("/application/documents/notice.pdf").status_code == 404


def test_a_draft_prints_blank_forms_only(enter):
    client = enter(factories.make_application("draft"))
    paths = ("checklist.pdf", "checklist.pdf?blank=1")
    assert [client.get(f"/application/documents/{path}").status_code for path in paths] == [404, 200]


def test_the_notice_waits_until_the_form_has_no_conflict(enter):
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    values = {"fresh_graduate": True}  # graduated in 2018
    save_section(application.pk, "education", values, actor=actor, seen=application.last_record_id)
    client = enter(application)
    assert client.get("/application/documents/notice.pdf").status_code == 404
    assert "通知单暂时不能打印" in client.get("/application/documents/").content.decode()


def test_the_list_offers_what_the_profile_needs(enter):
    text = enter(factories.make_application("registered")).get("/application/documents/").content.decode()
    assert re.findall(r'href="/application/documents/([^"]+)"', text) == [
        "notice.pdf",
        "checklist.pdf",
        "checklist.pdf?blank=1",
        "probation-certificate.pdf",
        "probation-certificate.pdf?blank=1",
    ]


def test_blank_forms_are_for_everybody(client):
    factories.make_session()
    slugs = ("checklist", "practice-certificate", "notice", "packet")
    assert [client.get(f"/forms/{slug}.pdf").status_code for slug in slugs] == [200, 200, 404, 404]


def test_reviewers_find_no_candidates_documents_here(enter):
    reviewer = factories.make_reviewer(factories.make_units()["11"])
    paths = ("", "notice.pdf", "checklist.pdf?blank=1")
    assert statuses(enter, [reviewer], "/application/documents/") == [404]
    assert [enter(reviewer).get(f"/application/documents/{path}").status_code for path in paths] == [404] * 3


# --- verifying -------------------------------------------------------------------------------------------------------


def test_verifying_tells_the_current_version_and_a_masked_name_only(client):
    application = factories.make_application("registered")
    notice = NoticeVersion.objects.get(application=application, replaced_at=None)
    text = client.get(f"/verify/{notice.code}/").content.decode()
    assert "现行有效" in text
    assert "张**" in text
    hidden = (application.name, application.number, application.document_number, application.mobile)
    assert [value for value in hidden if value in text] == []


def test_a_replaced_notice_says_since_when(client):
    application = factories.make_application("registered")
    notice = NoticeVersion.objects.get(application=application, replaced_at=None)
    actor = Actor.of(application.account)
    save_section(application.pk, "basic", {"postcode": "100001"}, actor=actor, seen=application.last_record_id)
    text = client.get(f"/verify/{notice.code.lower()}/").content.decode()
    assert "已失效" in text
    assert "现行有效" not in text
    assert "被新的版本代替" in text


def test_a_print_with_the_points_old_telephone_stays_in_force_and_the_new_one_stands_beside(client):
    application = factories.make_application("registered")
    code = NoticeVersion.objects.get(application=application).code
    Unit.objects.filter(pk=application.point_id).update(telephone="010-99999999")
    text = client.get(f"/verify/{code}/").content.decode()
    assert "现行有效" in text
    assert "010-99999999" in text


def test_the_first_time_that_the_candidate_gets_the_notice_is_kept(enter, media_root):
    application = factories.make_application("registered")
    notice = NoticeVersion.objects.filter(application=application)
    candidate = enter(application.account)
    candidate.get("/application/documents/checklist.pdf")
    assert notice.get().printed_at is None
    candidate.get("/application/documents/notice.pdf")
    first = notice.get().printed_at
    candidate.get("/application/documents/notice.pdf")
    assert first is not None
    assert notice.get().printed_at == first


def test_a_rejected_applications_notice_is_not_in_force(client):
    notice = NoticeVersion.objects.get(application=factories.make_application("rejected"), replaced_at=None)
    assert "现行有效" not in client.get(f"/verify/{notice.code}/").content.decode()


def test_a_withdrawn_applications_notice_says_so(client):
    code = NoticeVersion.objects.get(application=factories.make_application("withdrawn")).code
    text = client.get(f"/verify/{code}/").content.decode()
    assert "已失效" in text
    assert "报名人已撤销这次报名" in text
    assert "被新的版本代替" not in text


def test_an_unknown_code_is_told_so(client):
    answer = client.get("/verify/NONSENSE/")
    assert answer.status_code == 404
    assert "查不到这个验证码" in answer.content.decode()


def test_a_reviewer_is_led_on_to_the_case_and_a_neighbour_is_not(enter):
    application = factories.make_application("point_review")
    code = NoticeVersion.objects.get(application=application, replaced_at=None).code
    units = factories.make_units()
    own, beside = (factories.make_reviewer(units[one]) for one in ("1101001", "1102"))
    assert enter(own).get(f"/verify/{code}/")["Location"] == f"/review/applications/{application.number}/"
    assert enter(beside).get(f"/verify/{code}/").status_code == 200
