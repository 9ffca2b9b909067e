"""What the tests of pictures, of the desk and of the submission do again and again."""

from dataclasses import replace
from datetime import date, timedelta

from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.refusals import PictureRefused
from materials import submitting, uploads
from materials.models import MaterialImage
from review.cases.verdicts import Judgement, submitted_images
from tests import factories

DAY = timedelta(days=1)


def picture(serial=0):
    """A checked picture; another serial counts as other received bytes."""
    return replace(factories.a_picture(), received_sha256=f"{serial:064}")


def add(application, category="identity", serial=0, **options):
    actor = Actor.of(application.account)
    return uploads.add_image(application.pk, category, picture(serial), actor=actor, **options)


def remove(image, application, **options):
    return uploads.remove_image(image.pk, actor=Actor.of(application.account), **options)


def submit(application, **options):
    return submitting.submit(application.pk, actor=Actor.of(application.account), declared=True, **options)


def code_of(act, *arguments, **options):
    """The code of the refusal; None where nothing was refused."""
    try:
        act(*arguments, **options)
    except PictureRefused as refusal:
        return refusal.code
    return None


def kept(application, category):
    return list(MaterialImage.objects.filter(application=application, category=category, removed_at=None))


def save(application, section, **values):
    application.refresh_from_db()
    actor = Actor.of(application.account)
    save_section(application.pk, section, values, actor=actor, seen=application.last_record_id)
    return Application.objects.get(pk=application.pk)


def returned(application, bad=(), **named):
    """Returned by the point; pictures of `bad` categories judged 不合格, all others 合格."""
    verdicts = {
        image.id: Judgement("not_ok", "不清晰") if image.category in bad else Judgement("ok")
        for image in submitted_images(application)
    }
    return factories._returned(application, verdicts=verdicts, **named)


def submitted(**changes):
    return factories.make_application("point_review", **changes)


def a_fresh_graduate(status="point_review"):
    session = factories.make_session()
    graduated_on = date(session.year - 1, 7, 1)
    return factories.make_application(status, session=session, fresh_graduate=True, graduated_on=graduated_on)
