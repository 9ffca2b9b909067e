"""The store of printed documents: served again until what they print has changed, and never wrong."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application, ExamCategory, ExamSession, NoticeVersion, Unit
from materials.models import RenderedDocument
from materials.printing import pdf, rendered
from tests import factories
from tests.asked import own_line
from tests.materials.printing.test_pdf import text_of

pytestmark = pytest.mark.django_db
SLUG = "probation-certificate"
MISSING = "\U00031353"  # Extension H: in none of the fonts of Debian 12 and 13


@pytest.fixture
def application(media_root):
    return factories.make_application("registered")


def changed(application, **values) -> Application:
    Application.objects.filter(pk=application.pk).update(**values)
    return Application.objects.get(pk=application.pk)


def kept(application, slug=SLUG):
    return RenderedDocument.objects.get(application=application, slug=slug)


def files(media_root):
    return sorted(path.relative_to(media_root).as_posix() for path in media_root.glob("documents/*/*"))


def test_a_document_is_rendered_once_and_read_again(application, django_assert_num_queries, monkeypatch):
    first = rendered.fetch(SLUG, application)
    monkeypatch.setattr(pdf, "render", lambda html: pytest.fail("rendered again"))
    again = Application.objects.select_related("session", "exam_category").get(pk=application.pk)
    with django_assert_num_queries(1):
        assert rendered.fetch(SLUG, again) == first
    assert kept(application).size == len(first)
    assert first[:5] == b"%PDF-"


def test_a_change_of_the_data_renders_anew_and_removes_the_old_file(
    application, media_root, django_capture_on_commit_callbacks
):
    first = rendered.fetch(SLUG, application)
    with django_capture_on_commit_callbacks(execute=True):
        second = rendered.fetch(SLUG, changed(application, trial_name="示例市第九医院"))
    assert first != second
    assert files(media_root) == [kept(application).file]


def test_another_look_of_the_documents_never_serves_old_bytes(application, monkeypatch):
    rendered.fetch(SLUG, application)
    assert rendered.is_kept(SLUG, application)
    monkeypatch.setattr(rendered, "version", lambda: "another stylesheet")
    assert not rendered.is_kept(SLUG, application)


def test_the_look_is_known_by_templates_styles_fonts_and_code():
    found = {path.suffix for pattern in rendered.HOW_IT_IS_PRINTED for path in pdf.PROJECT.glob(pattern)}
    assert [pattern for pattern in rendered.HOW_IT_IS_PRINTED if not list(pdf.PROJECT.glob(pattern))] == []
    assert found == {".html", ".css", ".ttf", ".py"}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Unit, {"hours": "周一至周五 9:00—17:00"}),
        (ExamSession, {"payment_closes": factories.datetime(2031, 1, 1, tzinfo=factories.SHANGHAI)}),
        (Application, {"graduated_on": date(2017, 7, 1)}),
        (Application, {"education": "bachelor"}),
        (Application, {"serving_military": True}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_the_notice_prints_of_units_windows_and_choices_is_data(application, model, values):
    rendered.fetch("notice", application)
    assert rendered.is_kept("notice", application)
    model.objects.update(**values)
    assert not rendered.is_kept("notice", Application.objects.get(pk=application.pk))


@pytest.mark.parametrize("slug", ["notice", "checklist"])
def test_a_units_own_line_is_printed_with_who_asks_and_no_notice_becomes_void(application, slug):
    rendered.fetch(slug, application)
    own_line("11", "在岗证明", remark="盖章")
    assert not rendered.is_kept(slug, application)
    text = "".join(text_of(rendered.fetch(slug, application)).split())
    assert (text.count("在岗证明（北京考区要求）"), text.count("盖章")) == (1, 1)
    assert [one.version for one in NoticeVersion.objects.filter(application=application, replaced_at=None)] == [1]


def test_what_was_submitted_is_printed_as_it_was(media_root):
    submitted = factories.make_application("point_review")
    rendered.fetch("notice", submitted)
    own_line("11", "在岗证明")
    assert rendered.is_kept("notice", submitted)


def test_the_units_lines_cost_a_notice_one_query(application, django_assert_num_queries):
    rendered.fetch("notice", application)
    again = Application.objects.select_related("session", "exam_category", "point", "site", "region").get()
    with django_assert_num_queries(4):
        rendered.fetch("notice", again)


@pytest.mark.parametrize("spoil", ["lost", "torn"])
def test_a_lost_or_torn_file_is_rendered_anew(application, media_root, spoil):
    first = rendered.fetch(SLUG, application)
    path = media_root / kept(application).file
    path.unlink() if spoil == "lost" else path.write_bytes(first[:-9])
    assert not rendered.is_kept(SLUG, application)
    assert (rendered.fetch(SLUG, application), rendered.is_kept(SLUG, application)) == (first, True)


def test_a_storage_that_fails_is_no_reason_not_to_print(application, media_root, caplog):
    media_root.mkdir(exist_ok=True)
    (media_root / "documents").write_text("a file where a folder should be")
    assert rendered.fetch(SLUG, application)[:5] == b"%PDF-"
    (message,) = caplog.messages
    assert message.startswith("a rendered document could not be stored: ")
    assert RenderedDocument.objects.count() == 0


def test_a_missing_character_is_told_to_the_operators_until_it_can_be_printed(application, caplog):
    school = application.school
    named = changed(application, school=f"示例{MISSING}学院")
    rendered.fetch("notice", named)
    assert (kept(named, "notice").missing, rendered.is_kept("notice", named)) == ("U+31353", True)
    assert caplog.messages == ["no font has U+31353"]
    rendered.fetch("notice", changed(application, school=school))
    assert kept(named, "notice").missing == ""
    assert default_storage.exists(kept(named, "notice").file)


def test_the_notice_is_kept_by_its_version(application):
    first = rendered.fetch("notice", application)
    assert rendered.is_kept("notice", application)
    application.notice_versions.update(version=2)
    assert rendered.fetch("notice", application) != first


@pytest.mark.parametrize("values", [{}, {"missing": "U+31353", "size": 9, "file": "documents/aa/x.pdf"}])
def test_a_row_has_all_of_a_file_or_says_what_is_missing(application, values):
    row = {"data_hash": "0" * 64, "rendered_at": factories.timezone.now(), **values}
    with pytest.raises(IntegrityError, match="rendering_has_a_file_or_missing_characters"), transaction.atomic():
        RenderedDocument.objects.create(application=application, slug=SLUG, **row)


def test_a_document_printed_anew_leaves_the_others_of_the_application(
    application, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        rendered.fetch("notice", application)
        rendered.fetch(SLUG, application)
    first, other = kept(application, "notice").file, kept(application).file
    assert files(media_root) == sorted([first, other])
    application.notice_versions.update(version=2)
    with django_capture_on_commit_callbacks(execute=True):
        rendered.fetch("notice", application)
    assert kept(application).file == other
    assert files(media_root) == sorted([kept(application, "notice").file, other])


def test_an_old_file_that_cannot_be_removed_is_no_reason_not_to_print(
    application, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    rendered.fetch(SLUG, application)

    def broken(storage, key):
        raise OSError("unplugged")

    monkeypatch.setattr(type(default_storage._wrapped), "delete", broken)
    with django_capture_on_commit_callbacks(execute=True):
        again = rendered.fetch(SLUG, changed(application, trial_name="示例市第九医院"))
    assert again[:5] == b"%PDF-"
    assert caplog.messages == ["a replaced document could not be removed: OSError"]


OF_OTHERS = {  # all that a notice prints and that is not the candidate's own: table -> what changes
    Unit: {"name": "改名以后", "address": "新地址", "telephone": "010-99999999", "hours": "周一 9:00—12:00"},
    ExamCategory: {"name": "改名的类别"},
    ExamSession: {
        f"{window}_{end}": factories.datetime(2031, month, 1, tzinfo=factories.SHANGHAI)
        for window, first in (("upload", 2), ("review", 4), ("payment", 6))
        for end, month in (("opens", first), ("closes", first + 1))
    },
}


def test_nothing_but_the_candidates_own_data_makes_a_notice_void(application, client):
    before = text_of(rendered.fetch("notice", application))
    for model, values in OF_OTHERS.items():
        model.objects.update(**values)
    own_line("11", "在岗证明", remark="盖章")
    after = text_of(rendered.fetch("notice", Application.objects.get(pk=application.pk)))

    printed = [value for values in OF_OTHERS.values() for value in values.values() if isinstance(value, str)]
    assert [value for value in (*printed, "在岗证明", "2031年") if value in before or value not in after] == []
    version = NoticeVersion.objects.get(application=application)
    assert (version.version, version.replaced_at) == (1, None)
    assert "现行有效" in client.get(f"/verify/{version.code}/").content.decode()


def test_the_candidates_own_data_makes_it_void(application):
    actor = Actor.of(application.account)
    changed = {"trial_name": "示例市第九医院"}
    save_section(application.pk, "work", changed, actor=actor, seen=application.last_record_id)
    assert NoticeVersion.objects.get(application=application, version=1).replaced_at is not None
    assert NoticeVersion.objects.get(application=application, replaced_at=None).version == 2
